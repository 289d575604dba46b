//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::http::serve(&dispute_api::ROUTES, dispute_api::handle).await
}
