//! What a seller sees of its enrollment, of what it would be, and of its orders. Times are UTC.

use chrono::{DateTime, Utc};
use domain::{
    at::Instant,
    coverage::Coverage,
    fee::{Rate, TierName},
    id::SellerId,
    order::{Handler, Order},
    preview::Preview,
    quarter::Quarter,
    seller::{EndReason, Enrolling, Seller, Status, Trial},
    store::Store,
};
use serde::Serialize;
use shell::{cursor, record::OpenInquiry};

/// Open inquiries of one answer.
const PAGE: usize = 100;

#[derive(Debug, Serialize)]
pub struct EnrollmentView {
    store: String,
    seller_id: String,
    #[serde(flatten)]
    status: Status,
    trial: Option<Trial>,
    /// The terms in force, and whether the seller accepted them.
    terms: TermsView,
    /// Requirements that opting in would fail on.
    unmet: Vec<&'static str>,
    periods: Vec<PeriodView>,
}

#[derive(Debug, Serialize)]
struct TermsView {
    current: Option<String>,
    accepted: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PeriodView {
    starts_at: DateTime<Utc>,
    opened_by: Enrolling,
    ended_at: Option<DateTime<Utc>>,
    end_reason: Option<EndReason>,
}

/// The enrollment as it stands now.
pub fn enrollment(seller: &Seller, store: &Store, now: Instant) -> EnrollmentView {
    let period = |period: &domain::seller::Period| {
        let lapsed_at = || seller.end_of(period, store).filter(|end| *end <= now);
        let ended_at = period.ended.as_ref().map(|end| end.at).or_else(lapsed_at);
        let reason = period.ended.as_ref().map(|end| end.reason);
        PeriodView {
            starts_at: period.starts_at,
            opened_by: period.opened_by,
            ended_at,
            end_reason: reason.or(ended_at.map(|_| EndReason::TermsLapsed)),
        }
    };
    EnrollmentView {
        store: store.id.to_string(),
        seller_id: seller.id.to_string(),
        status: seller.status(store, now),
        trial: seller.trial(store),
        terms: TermsView {
            current: store.terms_at(now).map(|terms| terms.version.clone()),
            accepted: seller.accepted.iter().map(|acceptance| acceptance.version.clone()).collect(),
        },
        unmet: seller.unmet(store, now),
        periods: seller.periods.iter().map(period).collect(),
    }
}

#[derive(Debug, Serialize)]
pub struct PreviewView<'a> {
    #[serde(flatten)]
    preview: Preview,
    open_inquiries: OpenPage<'a>,
    /// Of the next quarter, if this one ended now.
    forecast: Option<ForecastView>,
}

/// Those that stay with the service.
#[derive(Debug, Serialize)]
pub struct OpenPage<'a> {
    /// All of them, whatever page this is.
    count: usize,
    inquiries: Vec<OpenView<'a>>,
    /// Give it back as `cursor` for what follows; none at the end.
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct OpenView<'a> {
    inquiry_id: &'a str,
    order_id: &'a str,
}

#[derive(Debug, Serialize)]
struct ForecastView {
    rate_of: Quarter,
    currency: &'static str,
    rate_minor: i64,
    card: String,
    tier: TierName,
}

/// The open inquiries after this place, as many as one answer holds.
pub fn open_page<'a>(open: &'a [OpenInquiry], after: Option<&str>) -> OpenPage<'a> {
    let from = open.partition_point(|one| after.is_some_and(|after| one.place.as_str() <= after));
    let rest = open.get(from..).unwrap_or_default();
    let page = rest.get(..PAGE.min(rest.len())).unwrap_or_default();
    let next = page.last().filter(|_| rest.len() > page.len());
    let view = |one: &'a OpenInquiry| OpenView { inquiry_id: one.inquiry.as_str(), order_id: one.order.as_str() };
    OpenPage {
        count: open.len(),
        inquiries: page.iter().map(view).collect(),
        next_cursor: next.map(|last| cursor::after(&last.place)),
    }
}

/// What opting in or out now would mean.
pub fn preview(
    preview: Preview,
    open_inquiries: OpenPage<'_>,
    rate_of: Quarter,
    rate: Option<Rate>,
) -> PreviewView<'_> {
    let forecast = rate.map(|rate| ForecastView {
        rate_of,
        currency: rate.amount.currency.code(),
        rate_minor: rate.amount.minor,
        card: rate.card,
        tier: rate.tier,
    });
    PreviewView { preview, open_inquiries, forecast }
}

#[derive(Debug, Serialize)]
pub struct OrderView<'a> {
    order_id: &'a str,
    placed_at: DateTime<Utc>,
    handled_by: Handler,
    /// RET-2: the return policy that the order goes by.
    return_policy: Option<String>,
    lines: Vec<LineView<'a>>,
}

#[derive(Debug, Serialize)]
struct LineView<'a> {
    item_id: &'a str,
    quantity: u16,
    shipped: usize,
    #[serde(flatten)]
    coverage: &'a Coverage,
}

/// The seller's part of an order.
pub fn order<'a>(order: &'a Order, seller: &'a SellerId, store: &Store) -> OrderView<'a> {
    let line = |line: &'a domain::order::Line| LineView {
        item_id: line.item.as_str(),
        quantity: line.quantity,
        shipped: line.shipped.len(),
        coverage: &line.coverage,
    };
    OrderView {
        order_id: order.id.as_str(),
        placed_at: order.placed_at,
        handled_by: order.handler(seller),
        return_policy: order.policy_of(seller, store).map(|policy| policy.version),
        lines: order.lines_of(seller).map(line).collect(),
    }
}
