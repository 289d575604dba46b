//! Where everything is. It only knows paths; it reads and writes nothing but the folder it hands out.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::trouble::{OrSay, Outcome};

/// The root of the workspace, and where cargo builds it: elsewhere than in `target`, where somebody has told cargo so.
pub struct House {
    root: PathBuf,
    built: PathBuf,
}

impl House {
    /// The workspace this program was built in.
    pub fn here() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.ancestors().nth(2).unwrap_or(own).to_path_buf();
        let beside = env::current_exe().ok().and_then(|program| Some(program.ancestors().nth(2)?.to_path_buf()));
        Self { built: beside.unwrap_or_else(|| root.join("target")), root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn template(&self) -> PathBuf {
        self.root.join("infra/template.yaml")
    }

    /// A Python script or a requirements file beside this crate.
    pub fn script(&self, name: &str) -> PathBuf {
        self.root.join("infra/local").join(name)
    }

    /// A binary of the dev profile.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.built.join("debug").join(name)
    }

    /// A binary of the optimised profile.
    pub fn optimised(&self, name: &str) -> PathBuf {
        self.built.join("fast").join(name)
    }

    /// A binary of the release profile.
    pub fn released(&self, name: &str) -> PathBuf {
        self.built.join("release").join(name)
    }

    /// What the template packages for a function.
    pub fn bootstrap(&self, function: &str) -> PathBuf {
        self.root.join("target/lambda").join(function).join("bootstrap")
    }

    pub fn expanded_template(&self) -> PathBuf {
        self.root.join("target/expanded.json")
    }

    pub fn venv(&self) -> PathBuf {
        self.root.join("target/local/venv")
    }

    /// A file of the running stack.
    pub fn local(&self, name: &str) -> PathBuf {
        self.root.join("target/local").join(name)
    }

    pub fn stack_file(&self) -> PathBuf {
        self.local("stack.json")
    }

    /// Seconds that the local stack has travelled; the functions read it.
    pub fn travel_file(&self) -> PathBuf {
        self.local("travel")
    }

    /// The folder of the running stack, and in it one for temporary files of the emulator and the functions.
    pub fn make_local(&self) -> Outcome<()> {
        let folder = self.local("tmp");
        fs::create_dir_all(&folder).or_say(format_args!("cannot make {}", folder.display()))
    }

    /// The functions: each folder under `functions/` that has a program.
    pub fn functions(&self) -> Outcome<Vec<String>> {
        let folder = self.root.join("functions");
        let entries = fs::read_dir(&folder).or_say(format_args!("cannot read {}", folder.display()))?;
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().join("src/main.rs").is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        Ok(names)
    }
}
