//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::http::serve(&dispute_desk::ROUTES, dispute_desk::handle).await
}
