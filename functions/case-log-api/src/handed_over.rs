//! What the service handed over to the seller, and why: from then on the seller answers its customer itself (INQ-1).

use domain::{at::Instant, id::SellerId, inquiry::HandOver, store::Store, topic::Family};
use serde::Serialize;
use shell::{
    Shell,
    commit::Answer,
    cursor,
    failure::Failure,
    http::Request,
    key::{Key, Table},
    record::HandedOver,
};

/// Rows of one answer.
const PAGE: i32 = 25;

#[derive(Debug, Serialize)]
struct HandedOverView<'a> {
    case_id: &'a str,
    order_id: &'a str,
    issue: Family,
    reason: HandOver,
    at: Instant,
}

#[derive(Debug, Serialize)]
struct PageView<'a> {
    hand_overs: Vec<HandedOverView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

fn view(handed: &HandedOver) -> HandedOverView<'_> {
    HandedOverView {
        case_id: handed.inquiry.as_str(),
        order_id: handed.order.as_str(),
        issue: handed.issue,
        reason: handed.reason,
        at: handed.at,
    }
}

/// The newest first.
pub async fn list(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let before = cursor::asked::<String>(request)?;
    let pk = Key::handed_over_to(&store.id, seller);
    let page = shell.store.newest::<HandedOver>(Table::Requests, &pk, before.as_deref(), PAGE).await?;
    Answer::ok(&PageView {
        hand_overs: page.rows.iter().map(view).collect(),
        next_cursor: page.next.as_ref().map(cursor::after),
    })
}
