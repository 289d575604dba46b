//! The laws of the house, read from the manifests and the files: who may depend on whom, who may name AWS, what a rule
//! may not know, and how long a file may be.

use serde_json::Value as Json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

/// What the rules may build on.
const DOMAIN_MAY_USE: [&str; 8] =
    ["chrono", "chrono-tz", "iso_currency", "serde", "serde_json", "sha2", "thiserror", "toml"];
/// Whatever begins so waits, calls out, or throws dice; no rule may build on it, not even through somebody else.
const NO_RULE_NEEDS: [&str; 12] =
    ["async", "aws", "futures", "getrandom", "http", "hyper", "lambda", "rand", "reqwest", "smol", "tokio", "tower"];
/// The crates that speak to AWS.
const AWS: [&str; 4] = ["aws-", "aws_", "lambda_", "serde_dynamo"];
/// What functions share.
const SHARED: [&str; 3] = ["inbox", "pages", "shell"];
/// How the packages end that show what others answer, and those that answer it.
const SHOWS: [&str; 2] = ["-page", "-portal"];
const ANSWERS: [&str; 3] = ["-api", "-desk", "-lead"];
/// All that may lie beside the four folders.
const TOP_LEVEL: [&str; 17] = [
    ".cargo",
    ".ci",
    ".config",
    ".github",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "domain",
    "functions",
    "infra",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
];
/// The four folders.
const FOLDERS: [&str; 4] = ["domain", "functions", "infra", "tests"];
/// No file of ours is longer.
const LONGEST: usize = 500;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().canonicalize().unwrap()
}

fn output(command: &mut Command) -> String {
    let run = command.current_dir(root()).output().unwrap();
    assert!(run.status.success(), "{command:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// Every file that is ours: known to git, or about to be.
pub fn files() -> Vec<String> {
    let listed =
        output(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]));
    listed.lines().filter(|file| root().join(file).is_file()).map(str::to_owned).collect()
}

pub fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

pub fn extension(file: &str) -> &str {
    Path::new(file).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// What cargo knows of the workspace, on this machine's platform, without asking anybody.
fn metadata() -> Json {
    let about = output(Command::new("rustc").arg("-vV"));
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    serde_json::from_str(&output(Command::new(cargo).args(arguments))).unwrap()
}

/// A package of ours.
struct Package {
    name: String,
    /// The folder it lies in, from the top.
    place: String,
    /// What its manifest names, tools of its tests left out.
    uses: BTreeSet<String>,
    /// The same, for its tests.
    tests_with: BTreeSet<String>,
}

fn packages(metadata: &Json) -> Vec<Package> {
    let ours = |package: &&Json| package["source"].is_null();
    let read = |package: &Json| {
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
        let place = manifest.parent().unwrap().strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let named = |dev: bool| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            dependencies
                .filter(|dependency| (dependency["kind"] == "dev") == dev)
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect()
        };
        Package {
            name: package["name"].as_str().unwrap().to_owned(),
            place,
            uses: named(false),
            tests_with: named(true),
        }
    };
    metadata["packages"].as_array().unwrap().iter().filter(ours).map(read).collect()
}

fn functions(packages: &[Package]) -> BTreeSet<&str> {
    let function =
        |package: &&Package| package.place.starts_with("functions/") && !SHARED.contains(&package.name.as_str());
    packages.iter().filter(function).map(|package| package.name.as_str()).collect()
}

fn ends_with_one_of(name: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| name.ends_with(end))
}

#[test]
fn arrows_point_from_a_function_to_the_shell_and_from_the_shell_to_the_rules_and_never_back() {
    let packages = packages(&metadata());
    let ours: BTreeSet<_> = packages.iter().map(|package| package.name.as_str()).collect();
    let functions = functions(&packages);
    assert_eq!(functions, world::functions::ALL.into_iter().collect(), "the tests know every function");
    for package in &packages {
        let known: BTreeSet<_> = package
            .uses
            .iter()
            .chain(&package.tests_with)
            .map(String::as_str)
            .filter(|name| ours.contains(name))
            .collect();
        let may: BTreeSet<_> = match package.name.as_str() {
            "bench" | "domain" | "xtask" => BTreeSet::new(),
            "shell" => BTreeSet::from(["domain"]),
            "inbox" => BTreeSet::from(["domain"]),
            "pages" => BTreeSet::from(["domain", "shell"]),
            "tests" => functions.iter().copied().chain(["domain"]).chain(SHARED).collect(),
            "fuzz" => BTreeSet::from(["inbox", "shell", "tests"]),
            function => {
                assert!(functions.contains(function), "{function} is neither a function nor one of the eight");
                let shows = ends_with_one_of(function, &SHOWS);
                let asks = functions.iter().copied().filter(|other| shows && ends_with_one_of(other, &ANSWERS));
                asks.chain(shows.then_some("pages")).chain(["domain", "inbox", "shell"]).collect()
            }
        };
        assert!(known.is_subset(&may), "{} depends on {:?}", package.name, known.difference(&may).collect::<Vec<_>>());
    }
}

#[test]
fn only_the_shell_and_the_tests_name_a_crate_of_aws() {
    let may = ["bench", "shell", "tests"];
    for package in packages(&metadata()).iter().filter(|package| !may.contains(&package.name.as_str())) {
        let aws = |name: &&String| AWS.iter().any(|prefix| name.starts_with(prefix));
        let named: Vec<_> = package.uses.iter().chain(&package.tests_with).filter(aws).collect();
        assert!(named.is_empty(), "{} names {named:?}; the shell is the only way out", package.name);
    }
}

#[test]
fn the_rules_build_on_a_few_named_crates_and_on_nothing_that_waits_or_calls_out() {
    let metadata = metadata();
    let packages = packages(&metadata);
    let domain = packages.iter().find(|package| package.name == "domain").unwrap();
    let unknown: Vec<_> = domain.uses.iter().filter(|name| !DOMAIN_MAY_USE.contains(&name.as_str())).collect();
    assert!(
        unknown.is_empty(),
        "domain uses {unknown:?}; a rule needs none of it, or the list above grows with a reason"
    );
    for name in reached(&metadata, "domain") {
        let forbidden = NO_RULE_NEEDS.iter().find(|prefix| name.starts_with(**prefix));
        assert_eq!(forbidden, None, "domain reaches {name}");
    }
}

/// Names of all that a package of ours is built with, through others too; tools of builds and tests left out.
fn reached(metadata: &Json, package: &str) -> BTreeSet<String> {
    let nodes: BTreeMap<&str, &Json> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let first = names.iter().find(|(_, name)| **name == package).map(|(id, _)| *id).unwrap();
    let (mut found, mut next) = (BTreeSet::new(), vec![first]);
    while let Some(id) = next.pop() {
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let built_in = dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
            let id = dependency["pkg"].as_str().unwrap();
            if built_in && found.insert(names[id].to_owned()) {
                next.push(id);
            }
        }
    }
    found
}

#[test]
fn nothing_in_the_domain_is_async() {
    for file in files().iter().filter(|file| file.starts_with("domain/src/") && extension(file) == "rs") {
        for (n, line) in (1..).zip(read(file).lines()) {
            let code = line.split("//").next().unwrap_or_default();
            let words: Vec<_> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            assert!(!words.contains(&"async") && !words.contains(&"await"), "{file}:{n}: {line}");
        }
    }
}

/// `template.yaml` may be longer: it is the one description of what runs where, and two would be two truths. So may the
/// rule book, in which a rule is looked up by its id, and what no person writes.
#[test]
fn no_file_of_ours_is_longer_than_500_lines() {
    let may_be_longer = ["domain/RULES.md", "domain/data/guess/words.toml"];
    let ours = |file: &&String| {
        ["rs", "py", "md", "toml"].contains(&extension(file)) && !may_be_longer.contains(&file.as_str())
    };
    let long: Vec<_> = files()
        .iter()
        .filter(ours)
        .map(|file| (file.clone(), read(file).lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    assert!(long.is_empty(), "split these: {long:?}");
}

#[test]
fn each_of_the_four_folders_explains_itself() {
    let missing: Vec<_> = FOLDERS.iter().filter(|folder| !root().join(folder).join("README.md").is_file()).collect();
    assert!(missing.is_empty(), "a README.md is missing in {missing:?}");
}

#[test]
fn nothing_lies_beside_the_four_folders_but_what_a_tool_wants_there() {
    let listed = output(Command::new("git").args(["ls-files", "--cached"]));
    let top: BTreeSet<_> = listed.lines().filter_map(|file| file.split('/').next()).collect();
    let stray: Vec<_> = top.iter().filter(|entry| !TOP_LEVEL.contains(entry)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

/// A module's own tests are exempt: they are read from the module they belong to.
#[test]
fn every_module_says_first_what_it_is_for() {
    let own_tests = |file: &str| file.ends_with("/tests.rs");
    for file in files().iter().filter(|file| extension(file) == "rs" && !own_tests(file)) {
        let text = read(file);
        let front = text.starts_with("//! ") || text.starts_with("#![doc = include_str!");
        assert!(front, "{file} opens with {:?}", text.lines().next());
    }
}

#[test]
fn every_function_is_a_main_of_a_few_lines_and_a_library() {
    for function in world::functions::ALL {
        let main = read(&format!("functions/{function}/src/main.rs"));
        assert!(main.lines().count() <= 40, "{function}: the wiring grew to {} lines", main.lines().count());
        assert!(root().join(format!("functions/{function}/src/lib.rs")).is_file(), "{function} has no library");
    }
}

#[test]
fn every_package_with_tests_is_among_those_that_are_tested() {
    let (chosen, files) = (read("infra/local/src/bundle.rs"), files());
    for package in packages(&metadata()).iter().filter(|package| package.name != "xtask") {
        let sources = format!("{}/src/", package.place);
        let tests = |file: &&String| ["#[test]", "#[tokio::test]"].iter().any(|mark| read(file).contains(mark));
        let tested = files.iter().filter(|file| file.starts_with(&sources) && extension(file) == "rs").find(tests);
        let named = chosen.contains(&format!("\"-p={}\"", package.name));
        assert!(named || tested.is_none(), "{tested:?}: infra/local/src/bundle.rs does not name {}", package.name);
    }
}
