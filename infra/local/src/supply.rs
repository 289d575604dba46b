//! `dependencies`: what comes in from outside. Licences, sources and known holes, what is named and not used, and the list of
//! all that is in it, for whoever has to answer for it.
//!
//! The tools are cargo's own, pinned here and built once into `target/local/tools`: minutes, so `test` does without them.

use std::{fs, process::Command};

use crate::{
    house::House,
    process, progress,
    trouble::{OrSay, Outcome},
};

/// Each with its version.
const TOOLS: [(&str, &str); 3] = [("cargo-deny", "0.20.2"), ("cargo-machete", "0.9.2"), ("cargo-sbom", "0.10.0")];

pub fn check(house: &House, without_advisories: bool) -> Outcome<()> {
    for (tool, version) in TOOLS {
        ready(house, tool, version)?;
    }
    let mut deny = tool(house, "cargo-deny");
    deny.args(["--locked", "check", "bans", "licenses", "sources"]);
    deny.args((!without_advisories).then_some("advisories"));
    process::run(&mut deny, "cargo deny")?;
    process::run(tool(house, "cargo-machete").arg("--with-metadata"), "cargo machete")?;
    list(house)
}

/// Every crate that is linked, with version, licence and where it comes from, as `CycloneDX`.
fn list(house: &House) -> Outcome<()> {
    let listed = tool(house, "cargo-sbom")
        .args(["sbom", "--output-format", "cyclone_dx_json_1_6"])
        .output()
        .or_say("cannot run cargo sbom")?;
    let path = house.root().join("target/sbom.cdx.json");
    fs::write(&path, &listed.stdout).or_say(format_args!("cannot write {}", path.display()))?;
    let bytes = listed.stdout.len();
    if !listed.status.success() || bytes == 0 {
        return Err(crate::trouble::Trouble::new(String::from_utf8_lossy(&listed.stderr).into_owned()));
    }
    println!("{} names all that is in it ({bytes} bytes)", path.display());
    Ok(())
}

fn ready(house: &House, tool: &str, version: &str) -> Outcome<()> {
    let root = house.local("tools");
    let stamp = root.join(format!("{tool}-{version}"));
    if stamp.is_file() {
        return Ok(());
    }
    progress::step(&format!("built {tool} {version}"), |step| {
        step.say(format!("building {tool} {version}"));
        let mut install = process::cargo(house.root());
        install.args(["install", "--quiet", "--version", version, "--root"]).arg(&root);
        // Not among what is compiled for us: another choice of features would compile all of that again.
        install.arg("--target-dir").arg(root.join("target")).arg(tool);
        process::run_quietly(&mut install, "cargo install", |_| ())?;
        fs::write(&stamp, "").or_say("cannot write into target/local/tools")
    })
}

fn tool(house: &House, name: &str) -> Command {
    let mut command = Command::new(house.local("tools").join("bin").join(name));
    command.current_dir(house.root());
    process::forget_own_crate(&mut command);
    command
}
