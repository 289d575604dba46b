//! A seller's insights: every figure of a quarter with that of the quarter before, what customers made contact about down
//! to the single contact, the questions that product pages did not answer, and what each figure means. As JSON or as CSV,
//! from the same rows. Nothing here can read what customers wrote.
//!
//! Calls: the figures are one `BatchGetItem` (the heads of three quarters and the account) and, of each of two quarters, a
//! query of the days that are not added up, and then at one time one of the sums of the others, and one of the facts of
//! each stretch of the former, which are today and what came late; each a page more per megabyte. A sum is some tens of
//! bytes for each product, topic and length of time that its day knows, whatever the number of its facts. The products of a
//! reason and the gaps are those queries of both quarters; the gaps have one more of each in the first round trip (the products
//! that were found lacking), and in the second one `BatchGetItem` (what their pages say by now); the contacts of a reason are those of one quarter, and one query of each day that the page shows. What the figures
//! mean needs no call.

mod gaps;
mod reasons;
mod wire;

use domain::{
    access::{Feature, Level},
    id::SellerId,
    insight::{Day, Figures, figures},
    ledger::QuarterHead,
    quarter::Quarter,
    seller::Seller,
    store::Store,
};
use futures_util::future::try_join;
use shell::{
    Shell,
    access::Route,
    commit::Answer,
    failure::Failure,
    http::{Request, unrouted},
    insight::{Days, days, lacking, marked},
    key::Key,
};

/// The routes, as the template has them, and what each asks of its caller.
pub const ROUTES: [Route; 5] = [
    Route::seller("GET /v1/stores/{store}/insights", Feature::Insights, Level::View),
    Route::seller("GET /v1/stores/{store}/insights/reasons/{topic}", Feature::Insights, Level::View),
    Route::seller("GET /v1/stores/{store}/insights/reasons/{topic}/contacts", Feature::Insights, Level::View),
    Route::seller("GET /v1/stores/{store}/insights/gaps", Feature::Insights, Level::View),
    Route::seller("GET /v1/stores/{store}/insights/metrics", Feature::Insights, Level::View),
];

/// One request.
pub async fn handle(shell: &Shell, request: &Request) -> Result<Answer, Failure> {
    let (store, seller) = (request.store(&shell.book)?, request.seller()?);
    let quarter = quarter(request, store)?;
    let asked = Asked { shell, request, store, seller, quarter };
    match request.route.as_str() {
        "GET /v1/stores/{store}/insights" => asked.figures().await,
        "GET /v1/stores/{store}/insights/reasons/{topic}" => reasons::products(&asked).await,
        "GET /v1/stores/{store}/insights/reasons/{topic}/contacts" => reasons::contacts(&asked).await,
        "GET /v1/stores/{store}/insights/gaps" => gaps::list(&asked).await,
        "GET /v1/stores/{store}/insights/metrics" => {
            let view = wire::metrics(shell.book.metrics()?, store);
            Answer::ok(&view)?.negotiated(request, "metrics", &wire::METRICS, None)
        }
        _ => unrouted(request),
    }
}

/// The quarter that is asked about: the running one, if none is named.
fn quarter(request: &Request, store: &Store) -> Result<Quarter, Failure> {
    Ok(request.query("quarter")?.unwrap_or_else(|| store.quarter_of(request.now)))
}

/// Reads what everything of a quarter's insights begins with, for a page that shows several of them and knows whose before
/// it may show any. Of a quarter that is none there is nothing to read.
pub async fn ahead(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<(), Failure> {
    let Ok(quarter) = quarter(request, store) else { return Ok(()) };
    let begin = async |quarter| {
        try_join(marked(shell, store, seller, quarter), lacking(shell, store, seller, quarter)).await.map(drop)
    };
    Box::pin(try_join(begin(quarter), begin(quarter.previous()))).await.map(drop)
}

/// Whose quarter is asked about.
struct Asked<'a> {
    shell: &'a Shell,
    request: &'a Request,
    store: &'a Store,
    seller: SellerId,
    quarter: Quarter,
}

impl Asked<'_> {
    async fn days(&self, quarter: Quarter) -> Result<Days, Failure> {
        days(self.shell, self.store, &self.seller, quarter).await
    }

    /// The quarter, and the one before it.
    async fn both(&self) -> Result<[Day; 2], Failure> {
        let both = try_join(self.days(self.quarter), self.days(self.quarter.previous()));
        Ok(<[Days; 2]>::from(Box::pin(both).await?).map(|days| days.into_values().sum()))
    }

    /// INS-1, INS-2: every figure. What is fixed of a quarter is taken from where it is fixed.
    async fn figures(&self) -> Result<Answer, Failure> {
        let Self { shell, request, store, seller, quarter } = self;
        let (quarter, now) = (*quarter, request.now);
        let head = |quarter| Key::quarter(&store.id, seller, quarter);
        let heads = [quarter.previous(), quarter, quarter.next()].map(head);
        let account = Key::seller(&store.id, seller);
        let keys: Vec<_> = heads.iter().chain([&account]).cloned().collect();
        let (found, days) = Box::pin(try_join(shell.store.get_all(&keys), self.both())).await?;
        let [previous, this, next] = &heads;
        let head = |key| found.state::<QuarterHead>(key).map(|seen| seen.map(|seen| seen.state));
        let (previous, this, next) = (head(previous)?, head(this)?, head(next)?);
        let known = found.state::<Seller>(&account)?.filter(|_| quarter == store.quarter_of(now));
        let trial = known.and_then(|seen| seen.state.trial(store));

        let [day, day_before] = days;
        let current = Figures { quarter, head: this.as_ref(), measured: next.map(|head| head.measure), day: &day };
        let before = Figures {
            quarter: quarter.previous(),
            head: previous.as_ref(),
            measured: this.as_ref().map(|head| head.measure),
            day: &day_before,
        };
        let rows = figures(store, &current, &before, trial, now);
        let view = wire::figures(store, quarter, shell.book.metrics()?, rows, now);
        Answer::ok(&view)?.negotiated(request, "figures", &wire::FIGURES, None)
    }
}
