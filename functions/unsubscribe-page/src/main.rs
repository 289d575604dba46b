//! The process that Lambda starts.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shell::ServeError> {
    shell::page::serve(unsubscribe_page::handle, pages::visit::failed).await
}
