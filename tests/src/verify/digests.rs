//! Digests (NTF-3): each line stands in the digest of its reader, and its own mail was not sent; a day with lines has the
//! clock that closes it, and a closed one its mail.

use super::{Asked, Moment, item::NoticeStatus, shelf::Shelf};
use domain::digest::Digest;
use shell::key::Key;
use std::collections::{HashMap, HashSet};

/// Asks of each line and each digest.
pub fn check(asked: &mut Asked, moment: Moment, shelf: &Shelf<'_>) {
    let notices: HashMap<&str, NoticeStatus> =
        shelf.notices.iter().map(|kept| (&*kept.place.pk, kept.state.status)).collect();
    let entries: HashSet<_> = shelf.entries.iter().filter_map(|kept| kept.place.pk.strip_prefix("ENTRY#")).collect();
    let closed: HashSet<String> = shelf.digests_closed.iter().map(|kept| kept.place.pk.to_string()).collect();
    for kept in &shelf.digest_lines {
        let line = &kept.state;
        let stands = Digest::of(&line.notice, line.digest.day).as_ref() == Some(&line.digest);
        asked.holds(stands, "P1", &kept.place, || "it stands in the digest of another reader".into());
        let status = notices.get(Key::notice(&line.notice.id).pk.as_str());
        asked.holds(status == Some(&NoticeStatus::Suppressed), "N1", &kept.place, || {
            format!("it waits for its digest, and its own mail is {status:?}")
        });
        let clock = format!("digest#{}", line.digest.notice().id);
        let watched = moment == Moment::Running || closed.contains(&*kept.place.pk) || entries.contains(clock.as_str());
        asked.holds(watched, "X3", &kept.place, || "it waits, and no clock in the outbox will end its day".into());
    }
    if moment == Moment::Running {
        return;
    }
    for kept in &shelf.digests_closed {
        let notice = kept.state.notice().id;
        let owed = entries.contains(format!("notice#{notice}").as_str());
        let ended = notices.contains_key(Key::notice(&notice).pk.as_str());
        asked.holds(owed || ended, "N1", &kept.place, || "it is closed, and no mail is owed for it".into());
    }
}
