//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::stream::serve(outbox_relay::handle).await
}
