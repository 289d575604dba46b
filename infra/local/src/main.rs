//! `cargo xtask …`: the local cloud and every chore of the house.
//!
//! This file lists the commands and sends each to the module that does it. It holds no logic of its own; neither does
//! anything here know a table, a queue or a route: all of that is read from `infra/template.yaml`.

mod bench;
mod browse;
mod bundle;
mod check;
mod cloud;
mod contract;
mod drill;
mod fuzz;
mod house;
mod http;
mod mail;
mod mails;
mod npm;
mod process;
mod progress;
mod python;
mod stack;
mod status;
mod supply;
mod travel;
mod trouble;
mod up;
mod verify;
mod watch;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{house::House, trouble::Outcome};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The local cloud and every chore", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, start the local cloud, deploy the template and fill the demo store; Ctrl-C stops it
    Up {
        /// Leave it running and come back
        #[arg(long)]
        detach: bool,
        /// Deploy what was built last
        #[arg(long)]
        built: bool,
        /// Where the cloud listens; the token issuer takes the port above
        #[arg(long, default_value_t = 4566)]
        port: u16,
    },
    /// Stop the local cloud
    Down,
    /// Say whether the local cloud runs, where, and what waits in its queues
    Status,
    /// Print what the functions have logged
    Logs {
        /// One function only, as in `sla-sweep`
        function: Option<String>,
    },
    /// Print every mail that was sent
    Mail,
    /// Bring a mail in, as SES would
    MailIn {
        /// `FILE.eml [--to ADDRESS] [--from ADDRESS] [--found dmarc=FAIL]`, passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        rest: Vec<String>,
    },
    /// Write every mail that there is, in both languages, as files to look at, with pictures
    Mails,
    /// Invoke one function with one event
    Invoke {
        /// As in `sla-sweep`
        function: String,
        /// A file as in tests/events
        event: PathBuf,
    },
    /// Compile and reload functions on each save, behind the same routes and queues
    Watch,
    /// Move the time of the local stack on, as in `25h`, `90d`, `30m`, then let every schedule fire
    Travel {
        /// How far
        how_far: travel::Span,
    },
    /// Expand the template and lint it; look for misspelled words
    Lint,
    /// Look at what comes in from outside: licences, sources, known holes, what nobody uses; and list it
    Dependencies {
        /// Ask for no known holes: where their list cannot be fetched
        #[arg(long)]
        without_advisories: bool,
    },
    /// Tell the whole story on the running stack
    Story {
        /// Passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Look at every page of the running stack with a real browser: pictures, and an audit of accessibility
    Browse {
        /// Passed on
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Throw at the running stack whatever infra/openapi.yaml allows, and what it forbids
    Contract {
        /// Ask without a token: every route that wants one must say 401, whatever else is asked
        #[arg(long)]
        nobody: bool,
        /// Passed through to `schemathesis run`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Replay a public data set through the same handlers, without a stack
    Replay {
        /// `<dir> [--out statements.csv]`, passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        rest: Vec<String>,
    },
    /// Run seeded schedules of faults against the real functions, over a model of the services
    Soak {
        /// `[--schedules N] [--seed S] [--one] [--bugs]`, passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Show how work grows with what there is: the real handlers over a model of the services
    Scale {
        /// `[--largest N] [--only WORD]`, passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Measure cold starts, answers, memory and size of the routing function beside programs that do the same
    Bench {
        /// Measure every function
        #[arg(long)]
        all: bool,
        /// `[--rounds N] [--blocks N] [--alone] …`, passed through
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Let any two faults hit the calls of every path, of every kind
    Pairs,
    /// Recompute what must hold of every item of every table, of the running stack or of an export
    VerifyLedger {
        /// A folder with a file `<Table>.jsonl` for each table; else the running stack is read
        #[arg(long)]
        from: Option<PathBuf>,
        /// Messages may be in queues: what is in no table is not missed
        #[arg(long)]
        running: bool,
    },
    /// Restore the tables of a stack on AWS beside themselves, as of one second, export them and look them over
    RestoreDrill(drill::Drill),
    /// Throw arbitrary bytes at the handlers, and at the reader of mails
    Fuzz {
        /// One only, as in `desk-api`, `inbox`
        target: Option<String>,
        /// How long for each
        #[arg(long, default_value_t = fuzz::SECONDS)]
        seconds: u32,
        /// Run this input alone
        #[arg(long, requires = "target")]
        input: Option<PathBuf>,
    },
    /// Count the words of the texts in tests/topics, and say how well topics are guessed
    TrainTopics {
        /// `[--last]`, passed through: the last figures too
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Everything that must hold before a change is kept
    Test,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match process::listen_for_ctrl_c().and_then(|()| run(arguments.command)) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("xtask: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome<ExitCode> {
    let house = House::here();
    match command {
        Command::Up { detach: true, built, port } => up::detached(&house, port, built)?,
        Command::Up { detach: false, built, port } => up::until_ctrl_c(&house, port, built)?,
        Command::Down => up::down(&house)?,
        Command::Status => status::print(&house)?,
        Command::Logs { function } => return stack::logs(&house, function.as_deref()),
        Command::Mail => mail::print(&house)?,
        Command::MailIn { rest } => return stack::mail_in(&house, &rest),
        Command::Mails => mails::write(&house)?,
        Command::Invoke { function, event } => return stack::invoke(&house, &function, &event),
        Command::Watch => watch::watch(&house)?,
        Command::Travel { how_far } => travel::travel(&house, how_far)?,
        Command::Lint => check::lint(&house)?,
        Command::Dependencies { without_advisories } => supply::check(&house, without_advisories)?,
        Command::Story { rest } => return bundle::story(&house, &rest),
        Command::Browse { rest } => return browse::browse(&house, &rest),
        Command::Contract { nobody, rest } => return contract::contract(&house, nobody, &rest),
        Command::Replay { rest } => return bundle::fast(&house, "replay", &rest),
        Command::Soak { rest } => return bundle::fast(&house, "soak", &rest),
        Command::Bench { all, rest } => return bench::bench(&house, all, &rest),
        Command::Scale { rest } => return bundle::fast(&house, "scale", &rest),
        Command::TrainTopics { rest } => return bundle::topics(&house, &rest),
        Command::Pairs => bundle::pairs(&house)?,
        Command::VerifyLedger { from, running } => return Ok(verify::verify(&house, from.as_deref(), running)),
        Command::RestoreDrill(drill) => return drill::restore(&house, &drill),
        Command::Fuzz { target: Some(target), input: Some(input), .. } => return fuzz::replay(&house, &target, &input),
        Command::Fuzz { target, seconds, .. } => {
            fuzz::fuzz(&house, target.as_deref(), seconds, fuzz::Build::Optimised)?;
        }
        Command::Test => check::test(&house)?,
    }
    Ok(ExitCode::SUCCESS)
}
