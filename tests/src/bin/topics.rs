//! `cargo xtask train-topics [--last]`: counts the words of the texts that train, and says how well topics are guessed.

use domain::guess::{Guesser, SHIPPED};
use std::{fs, process::ExitCode, time::Instant};
use world::topics::{Report, last, path, test, trained};

fn main() -> ExitCode {
    let with_last = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--last") => true,
        Some(_) => {
            eprintln!("train-topics [--last]");
            return ExitCode::from(2);
        }
    };
    let (file, words) = (path(), trained());
    if fs::read_to_string(&file).is_ok_and(|before| before == words) {
        println!("{}\n{}", Report::held_back(), Report::of("test", &test()));
        if with_last {
            println!("{}", Report::of("last", &last()));
        }
        println!("{}", pace());
        return ExitCode::SUCCESS;
    }
    if let Err(error) = fs::write(&file, words) {
        eprintln!("{} cannot be written: {error}", file.display());
        return ExitCode::FAILURE;
    }
    println!("The words were counted anew. Run it once more for the figures: they are those of what is compiled in.");
    ExitCode::SUCCESS
}

/// What guessing costs in this build.
fn pace() -> String {
    let started = Instant::now();
    let [phrases, words] = SHIPPED;
    let guesser = Guesser::read(phrases, words).expect("the shipped guesser is sound");
    let (read, texts) = (started.elapsed(), test());
    let started = Instant::now();
    let known = texts.iter().filter(|text| guesser.guess(&text.text).is_some()).count();
    let each = started.elapsed() / u32::try_from(texts.len()).expect("some hundred texts");
    format!("read in {} µs, {} µs a guess ({known} of {} texts)", read.as_micros(), each.as_micros(), texts.len())
}
