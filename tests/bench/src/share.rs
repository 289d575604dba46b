//! A share of one processor, as small functions have: a control group with a quota (version 1 or 2). Lambda gives 1769 MB a
//! whole processor and fewer a part of it, in periods of 20 ms.

use crate::Outcome;
use std::{
    fs,
    path::{Path, PathBuf},
    process,
};

const WHOLE_MB: u64 = 1769;
const PERIOD_US: u64 = 20_000;
/// What it may have it gets before anybody else on this machine; else their work would be measured too.
const FIRST: u64 = 262_144;

/// A control group; it is gone when this is dropped.
#[derive(Debug)]
pub struct Share {
    folder: PathBuf,
}

impl Share {
    /// What a function of so many megabytes gets, if this machine lets us make a group.
    pub fn of(megabytes: u64) -> Outcome<Self> {
        let quota = PERIOD_US * megabytes / WHOLE_MB;
        let name = format!("csba-bench-{}", process::id());
        let first = Path::new("/sys/fs/cgroup/cpu");
        if first.is_dir() {
            let share = Self { folder: first.join(name) };
            fs::create_dir(&share.folder)?;
            fs::write(share.folder.join("cpu.cfs_period_us"), PERIOD_US.to_string())?;
            fs::write(share.folder.join("cpu.cfs_quota_us"), quota.to_string())?;
            fs::write(share.folder.join("cpu.shares"), FIRST.to_string())?;
            return Ok(share);
        }
        let share = Self { folder: Path::new("/sys/fs/cgroup").join(name) };
        fs::create_dir(&share.folder)?;
        fs::write(share.folder.join("cpu.max"), format!("{quota} {PERIOD_US}"))?;
        fs::write(share.folder.join("cpu.weight"), "10000")?;
        Ok(share)
    }

    /// The file that takes the ids of who belongs to it.
    pub fn members(&self) -> PathBuf {
        self.folder.join("cgroup.procs")
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // Its last member may still be ending; an empty group costs nothing.
        drop(fs::remove_dir(&self.folder));
    }
}
