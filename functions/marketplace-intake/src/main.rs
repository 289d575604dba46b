//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::queue::serve("marketplace-intake", marketplace_intake::handle).await
}
