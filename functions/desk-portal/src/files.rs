//! The way to a file: of a seller's reply, or of a customer's mail.

use pages::{see, visit::Visit};
use serde::Deserialize;
use shell::{failure::Failure, page::Page};

const OF_SELLER: &str = "GET /v1/stores/{store}/desk/requests/{seller_id}/{request_id}/attachments/{attachment_id}";
const OF_CUSTOMER: &str = "GET /v1/stores/{store}/desk/inquiries/{inquiry_id}/contacts/{contact_id}/files/{number}";

#[derive(Debug, Deserialize)]
struct Attached {
    download: Download,
}

#[derive(Debug, Deserialize)]
struct Download {
    url: String,
}

/// REQ-6: on to a file of a seller's reply.
pub async fn of_seller(visit: &Visit<'_>) -> Result<Page, Failure> {
    go(visit, OF_SELLER, &["seller_id", "request_id", "attachment_id"]).await
}

/// On to a file of a customer's mail.
pub async fn of_customer(visit: &Visit<'_>) -> Result<Page, Failure> {
    go(visit, OF_CUSTOMER, &["inquiry_id", "contact_id", "number"]).await
}

async fn go(visit: &Visit<'_>, route: &str, names: &[&str]) -> Result<Page, Failure> {
    let mut request = visit.to(route);
    for name in names {
        request = request.at_path(name, &visit.request.path::<String>(name)?);
    }
    let attached: Attached = visit.ask(&desk_api::ROUTES, desk_api::handle, request).await?;
    Ok(see(&attached.download.url))
}
