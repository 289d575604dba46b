//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::http::serve(&desk_api::ROUTES, desk_api::handle).await
}
