//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::queue::serve("sla-clock", sla_clock::handle).await
}
