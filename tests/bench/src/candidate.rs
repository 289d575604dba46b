//! What is measured: programs that do the job of one function, and the functions.

use crate::{Outcome, calls::Recording};
use hyper::body::Bytes;
use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The function whose job the others do too.
pub const ROUTER: &str = "contact-router";
/// The same calls by hand.
pub const MINIMAL: &str = "minimal";
/// Nothing at all.
pub const NOOP: &str = "noop";
/// The same job in other languages.
pub const NODE: &str = "node";
/// The same job in other languages.
pub const PYTHON: &str = "python";

/// One program, and what it needs.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// As the report calls it.
    pub name: String,
    /// What is started.
    pub program: PathBuf,
    /// With what.
    pub arguments: Vec<String>,
    /// Where.
    pub environment: BTreeMap<String, String>,
    /// What it is given.
    pub event: Bytes,
    /// What it will call.
    pub recording: Recording,
    /// What is deployed of it.
    pub deployed: PathBuf,
}

/// Where everything is.
#[derive(Debug, Clone)]
pub struct Places {
    /// The folder of the tests.
    pub tests: PathBuf,
    /// Where cargo puts optimised programs.
    pub programs: PathBuf,
    /// The Python with boto3.
    pub python: PathBuf,
    /// What this program has of its own: the bundled peer, its results.
    pub own: PathBuf,
}

impl Places {
    /// What makes the stub trusted.
    pub fn roots(&self) -> PathBuf {
        self.own.join("roots.pem")
    }

    /// The candidate of this name.
    pub fn candidate(&self, name: &str) -> Outcome<Candidate> {
        let job = if [MINIMAL, NOOP, NODE, PYTHON].contains(&name) { ROUTER } else { name };
        let mut recording = Recording::of(&self.tests, job)?;
        if name == NOOP {
            recording.calls.clear();
        }
        let event = fs::read(self.tests.join("events").join(format!("{job}.json")))?;
        let own = |file: &str| self.own.join(file);
        let (program, arguments, deployed) = match name {
            NODE => (found("node")?, vec![own("node/bundle.mjs")], own("node/bundle.mjs")),
            PYTHON => {
                let script = self.tests.join("bench/python/main.py");
                (self.python.clone(), vec![script.clone()], script)
            }
            name => (self.programs.join(name), Vec::new(), self.programs.join(name)),
        };
        let mut environment = recording.environment.clone();
        let trusted = self.roots().display().to_string();
        let common = [
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
            ("PATH", "/usr/bin:/bin"),
            ("SSL_CERT_FILE", &trusted),
            ("NODE_EXTRA_CA_CERTS", &trusted),
            // The SDK announces which versions will be the last for this one.
            ("NODE_NO_WARNINGS", "1"),
            ("AWS_CA_BUNDLE", &trusted),
            // As in the managed runtime, whose layer is read-only.
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        environment.extend(common.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(Candidate {
            name: name.to_owned(),
            program,
            arguments: arguments.into_iter().map(|path| path.display().to_string()).collect(),
            environment,
            event: event.into(),
            recording,
            deployed,
        })
    }
}

impl Candidate {
    /// How often it calls each operation.
    pub fn operations(&self) -> HashMap<String, usize> {
        let mut operations = HashMap::new();
        for call in &self.recording.calls {
            *operations.entry(call.operation.clone()).or_default() += 1;
        }
        operations
    }

    /// The bytes of what is deployed, and of that when it is packed.
    pub fn sizes(&self) -> Outcome<(u64, u64)> {
        let content = fs::read(&self.deployed).map_err(|error| format!("{}: {error}", self.deployed.display()))?;
        let mut packing =
            Command::new("gzip").args(["-9", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = packing.stdin.take().ok_or("gzip takes no input")?;
        let size = content.len() as u64;
        let feeder = std::thread::spawn(move || input.write_all(&content));
        let packed = packing.wait_with_output()?.stdout.len() as u64;
        feeder.join().map_err(|_| "gzip was not fed")??;
        Ok((size, packed))
    }
}

fn found(program: &str) -> Outcome<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let place = env::split_paths(&path)
        .map(|folder: PathBuf| folder.join(program))
        .find(|place: &PathBuf| Path::is_file(place));
    Ok(place.ok_or_else(|| format!("no {program} is on the PATH"))?)
}
