//! Ticks of a schedule. The first byte says how late it is; what follows is the schedule's own time: as in JSON, or as
//! milliseconds in eight bytes; where nothing follows, the present one.

use crate::{Worth, input, stage::Stage};
use chrono::DateTime;
use shell::schedule::Tick;
use world::functions;

pub fn take(stage: &mut Stage, package: &str, bytes: &[u8]) -> Worth {
    let Some(tick) = read(stage, bytes) else { return Worth::Reject };
    let first = ticked(stage, package, tick);
    let (written, waiting) = (stage.written(), stage.waiting());
    if let Ok(found) = first {
        assert_eq!(usize::try_from(found), Ok(waiting), "{package}: what was found is what arrived");
    }
    let again = ticked(stage, package, tick);
    let left = match (package, &first) {
        ("sla-sweep", Ok(_)) => Ok(0),
        _ => first,
    };
    assert_eq!(again, left, "{package}: what is due is found, and what was sent is no longer due");
    assert_eq!(written, stage.written(), "{package}: a tick that comes again changes nothing");
    Worth::Keep
}

fn read(stage: &Stage, bytes: &[u8]) -> Option<Tick> {
    if input::is_event(bytes) {
        return serde_json::from_slice(bytes).ok();
    }
    let (how, said) = bytes.split_first()?;
    stage.later(input::delay(input::choice(Some(how))));
    let time = match said.first_chunk() {
        Some(bytes) => DateTime::from_timestamp_millis(i64::from_le_bytes(*bytes))?,
        None => stage.wait(async |world| world.now()),
    };
    Some(Tick { time })
}

fn ticked(stage: &Stage, package: &str, tick: Tick) -> Result<u64, String> {
    let ended = stage.wait(async |world| functions::tick(package, world.shell(package), tick).await);
    ended.map_err(|failure| failure.to_string())
}
