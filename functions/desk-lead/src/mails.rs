//! Mails that came in and of which nothing came, as leads of their store find them: who wrote, to which address, and why
//! nothing came of it. What a mail says is not read here.

use domain::{
    at::Instant,
    received::{Cause, Quarantined},
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::Answer,
    cursor,
    failure::Failure,
    http::Request,
    key::{Key, Table},
};

/// Mails of one answer.
const MOST: i32 = 50;

#[derive(Debug, Serialize)]
struct Listed<'a> {
    mails: Vec<View<'a>>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct View<'a> {
    mail_id: &'a str,
    from: Option<&'a str>,
    to: &'a [String],
    received_at: Instant,
    #[serde(flatten)]
    cause: &'a Cause,
}

fn view(kept: &Quarantined) -> View<'_> {
    View { mail_id: &kept.mail, from: kept.from.as_deref(), to: &kept.to, received_at: kept.at, cause: &kept.cause }
}

/// Those of the last 90 days, the newest first.
pub async fn list(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let before = cursor::asked::<String>(request)?;
    let pk = Key::quarantine_of(Some(&store.id));
    let page = shell.store.newest::<Quarantined>(Table::Once, &pk, before.as_deref(), MOST).await?;
    Answer::ok(&Listed {
        mails: page.rows.iter().map(view).collect(),
        next_cursor: page.next.as_ref().map(cursor::after),
    })
}
