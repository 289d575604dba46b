//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::http::serve(&return_policy_api::ROUTES, return_policy_api::handle).await
}
