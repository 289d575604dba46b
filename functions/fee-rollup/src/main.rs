//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::schedule::serve(fee_rollup::handle).await
}
