//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::http::serve(&statement_api::ROUTES, statement_api::handle).await
}
