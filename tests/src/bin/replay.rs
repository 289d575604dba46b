//! `cargo xtask replay <dir> [--out statements.csv]`: replays a history and writes the lines of its statements.

use indicatif::{ProgressBar, ProgressStyle};
use std::{path::PathBuf, process::ExitCode};
use world::replay::{Files, run};

/// A replay is a hundred thousand requests in one process: a quarter of its time went to the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut folder, mut out) = (None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => out = args.next().map(PathBuf::from),
            _ => folder = Some(PathBuf::from(arg)),
        }
    }
    let Some(folder) = folder else {
        eprintln!("Say which folder to replay: cargo xtask replay <dir> [--out statements.csv]");
        return ExitCode::from(2);
    };
    let files = match Files::read(&folder) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} events, {elapsed}, {eta} left") {
        bar.set_style(style);
    }
    let report = run(&files, |done, total| {
        if done % 100 == 0 || done == total {
            bar.set_length(total);
            bar.set_position(done);
        }
    })
    .await;
    bar.finish_and_clear();
    if let Some(out) = out {
        if let Err(error) = std::fs::write(&out, report.csv()) {
            eprintln!("{} cannot be written: {error}", out.display());
            return ExitCode::FAILURE;
        }
        println!("{} written", out.display());
    }
    println!("{report}");
    ExitCode::SUCCESS
}
