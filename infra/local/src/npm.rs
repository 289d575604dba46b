//! Packages for Node.js, as their lock file pins them, in a folder of their own under `target/`.

use std::{fs, path::Path, process::Command};

use crate::{
    process,
    trouble::{OrSay, Outcome},
};

/// The files of this folder, copied to that one, with all that they need installed beside them.
pub fn install(from: &Path, folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder).or_say(format_args!("cannot make {}", folder.display()))?;
    let files = fs::read_dir(from).or_say(format_args!("cannot read {}", from.display()))?;
    for from in files.filter_map(Result::ok).map(|file| file.path()).filter(|path| path.is_file()) {
        let to = folder.join(from.file_name().unwrap_or_default());
        fs::copy(&from, to).or_say(format_args!("cannot copy {}", from.display()))?;
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--silent", "--ignore-scripts"]).current_dir(folder);
    process::run_quietly(&mut install, "npm ci (Node.js 20 or newer is needed)", |_| ())
}
