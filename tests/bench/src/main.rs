//! `cargo xtask bench`: starts programs as Lambda would, one after the other in turns, and says what a cold start, an answer,
//! memory and size cost. `tests/README.md` says how to read it.

mod calls;
mod candidate;
mod certificate;
mod process;
mod report;
mod runtime_api;
mod samples;
mod share;
mod stub;

use candidate::{Candidate, MINIMAL, NODE, NOOP, PYTHON, Places, ROUTER};
use clap::Parser;
use process::{Cold, Limit, Process};
use runtime_api::RuntimeApi;
use rustls::ServerConfig;
use samples::{Measured, Taken};
use share::Share;
use std::{error::Error, path::PathBuf, process::ExitCode, sync::Arc};
use stub::Stub;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Those that do the job of one function.
const PEERS: [&str; 5] = [NOOP, MINIMAL, ROUTER, NODE, PYTHON];
/// The memory of a small function, for its share of a processor.
const SMALL_MB: u64 = 128;

#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Cold starts of each
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Processes of each that go on answering
    #[arg(long, default_value_t = 3)]
    blocks: usize,
    /// Answers that each of these gives before any is measured
    #[arg(long, default_value_t = 300)]
    settling: usize,
    /// Answers of each that are measured
    #[arg(long, default_value_t = 700)]
    answers: usize,
    /// Functions to measure beside those that do the routing function's job
    #[arg(long, num_args = 1..)]
    functions: Vec<String>,
    /// Leave the peers in other languages out
    #[arg(long)]
    alone: bool,
    /// The folder of the tests
    #[arg(long)]
    tests: PathBuf,
    /// Where cargo puts optimised programs
    #[arg(long)]
    programs: PathBuf,
    /// The Python with boto3
    #[arg(long)]
    python: PathBuf,
    /// Where the peers are, and the results go
    #[arg(long)]
    own: PathBuf,
}

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome<()> {
    let places = Places {
        tests: arguments.tests.clone(),
        programs: arguments.programs.clone(),
        python: arguments.python.clone(),
        own: arguments.own.clone(),
    };
    let tls = certificate::make(&places.roots())?;
    let peers = PEERS.iter().filter(|name| !arguments.alone || ![NODE, PYTHON].contains(name));
    let others = arguments.functions.iter().map(String::as_str).filter(|name| *name != ROUTER);
    let names = peers.copied().chain(others);
    let candidates = names.map(|name| places.candidate(name)).collect::<Outcome<Vec<_>>>()?;
    let peers = candidates.iter().filter(|candidate| PEERS.contains(&candidate.name.as_str())).count();

    let bench = Bench { tls, rounds: arguments.rounds };
    let cold = bench.cold(&candidates, &Limit::None).await?;
    let measured = candidates.iter().zip(cold).map(|(candidate, cold)| Measured::of(candidate, cold));
    let mut measured = measured.collect::<Outcome<Vec<_>>>()?;
    for block in 1..=arguments.blocks {
        for (candidate, measured) in candidates.iter().zip(&mut measured).take(peers) {
            eprint!("\rwarm: block {block} of {}: {:<16}", arguments.blocks, candidate.name);
            measured.warm.push(bench.warm(candidate, arguments.settling, arguments.answers).await?);
        }
    }
    match Share::of(SMALL_MB) {
        Ok(share) => {
            let (peers, _) = candidates.split_at(peers);
            let small = bench.cold(peers, &Limit::FromStart(&share)).await?;
            let boosted = bench.cold(peers, &Limit::AfterInit(&share)).await?;
            for ((measured, small), boosted) in measured.iter_mut().zip(small).zip(boosted) {
                (measured.small, measured.boosted) = (small, boosted);
            }
        }
        Err(error) => eprintln!("\ra share of a processor is not measured: no control group can be made: {error}"),
    }
    eprint!("\r{:<60}\r", "");
    report::write(&measured, &arguments.own)
}

struct Bench {
    tls: Arc<ServerConfig>,
    rounds: usize,
}

impl Bench {
    /// Cold starts, in turns, in another order each time: what disturbs the machine disturbs all of them.
    async fn cold(&self, candidates: &[Candidate], limit: &Limit<'_>) -> Outcome<Vec<Vec<Cold>>> {
        let mut taken: Vec<_> = candidates.iter().map(|candidate| (candidate, Vec::new())).collect();
        let mut order: Vec<_> = taken.iter_mut().collect();
        // The first round fills the page cache and is not counted.
        for round in 0..=self.rounds {
            fastrand::shuffle(&mut order);
            for (candidate, taken) in &mut order {
                eprint!("\r{limit}: round {round} of {}: {:<16}", self.rounds, candidate.name);
                let (process, cold) = self.start(candidate, limit).await?;
                process.end().await?;
                if round > 0 {
                    taken.push(cold);
                }
            }
        }
        Ok(taken.into_iter().map(|(_, taken)| taken).collect())
    }

    /// One process, event after event.
    async fn warm(&self, candidate: &Candidate, settling: usize, answers: usize) -> Outcome<Taken> {
        let (mut process, _) = self.start(candidate, &Limit::None).await?;
        for _ in 0..settling {
            process.invoke().await?;
        }
        let before = process.cpu()?;
        let mut latencies = Vec::with_capacity(answers);
        for _ in 0..answers {
            latencies.push(process.invoke().await?);
        }
        let each = u32::try_from(answers.max(1))?;
        let taken = Taken { latencies, cpu: process.cpu()?.saturating_sub(before) / each, peak_kib: process.peak()? };
        process.end().await?;
        Ok(taken)
    }

    async fn start(&self, candidate: &Candidate, limit: &Limit<'_>) -> Outcome<(Process, Cold)> {
        let stub = Stub::start(Arc::clone(&self.tls), candidate.recording.calls.clone()).await?;
        Process::start(candidate, RuntimeApi::start().await?, stub, limit).await
    }
}
