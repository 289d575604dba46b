//! `cargo xtask story`: the main path on the running stack.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match world::story::tell().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("The story breaks off: {trouble}.");
            ExitCode::FAILURE
        }
    }
}
