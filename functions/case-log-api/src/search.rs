//! REQ-7: the seller's requests by view, by case, by order, newest deadline first. Each has an index of its own, so a page
//! is what was asked for and nothing that has to be left out of it: only the last one may be short.

use crate::wire;
use domain::{
    id::{InquiryId, OrderId, SellerId},
    request::{Request as CaseRequest, View},
    store::Store,
};
use shell::{
    Shell,
    commit::Answer,
    cursor::Listed,
    failure::Failure,
    http::Request,
    key::{Table, about_key, seller_key, view_key},
    store::IndexRange,
};

/// Requests of one answer.
const PAGE: usize = 25;

/// Which requests are wanted.
struct Wanted {
    view: View,
    case: Option<InquiryId>,
    order: Option<OrderId>,
}

impl Wanted {
    fn read(request: &Request) -> Result<Self, Failure> {
        let view = wire::view_named(request.query::<String>("view")?.as_deref())?;
        Ok(Self { view, case: request.query("case_id")?, order: request.query("order_id")? })
    }

    /// The narrowest index: its name, its hash key, and which one in it.
    fn index(&self, store: &Store, seller: &SellerId) -> (&'static str, &'static str, String) {
        let about = |about: &str| about_key(&store.id, seller, about);
        match (&self.case, &self.order, self.view) {
            (Some(case), _, _) => ("case", "case_key", about(case.as_str())),
            (None, Some(order), _) => ("order", "order_key", about(order.as_str())),
            (None, None, View::All) => ("deadline", "seller_key", seller_key(&store.id, seller)),
            (None, None, view) => ("view", "view_key", view_key(&store.id, seller, view)),
        }
    }

    /// What the index leaves open, where more than one thing is asked; few requests are about one case or order.
    fn fits(&self, request: &CaseRequest) -> bool {
        self.view.shows(request)
            && self.case.as_ref().is_none_or(|case| request.inquiry == *case)
            && self.order.as_ref().is_none_or(|order| request.order == *order)
    }

    /// The query that goes on where this one ends.
    fn then(&self, cursor: &str) -> String {
        let case = self.case.as_ref().map(|case| format!("&case_id={case}")).unwrap_or_default();
        let order = self.order.as_ref().map(|order| format!("&order_id={order}")).unwrap_or_default();
        format!("view={}{case}{order}&cursor={cursor}", self.view.as_str())
    }
}

/// One page.
pub async fn list(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let wanted = Wanted::read(request)?;
    let (index, name, key) = wanted.index(store, seller);
    let owner = seller_key(&store.id, seller);
    let hash = (name, key.as_str());
    let range = IndexRange { table: Table::Requests, index, hash, until: None, newest_first: true };
    let listed = Listed { pk: &owner, hash, range: "due_at" };
    let page =
        shell.store.full_page::<CaseRequest>(&range, listed.asked(request)?, PAGE, |row| wanted.fits(row)).await?;
    let cursor = page.next.map(|last| listed.after(&last));
    let then = cursor.as_ref().map(|cursor| wanted.then(cursor));
    let answer = Answer::ok(&wire::page(&page.rows, &shell.book.questions, cursor, request.now))?;
    if request.wants_csv() { answer.as_csv("requests", &wire::COLUMNS, then) } else { Ok(answer) }
}
