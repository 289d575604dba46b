//! REQ-6: files that belong to a reply. The seller asks for a link to upload each, uploads it by itself, and names it in its
//! reply; from then on there is a link to look at it. What is signed is what was declared, so nothing is kept of a link.

use crate::{load, wire};
use domain::{
    at::{Actor, At},
    attachment::{Attachment, Declared},
    id::SellerId,
    request::{Request as CaseRequest, Said},
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::Answer,
    failure::{Failure, Problem},
    http::Request,
    upload::Upload,
};

#[derive(Debug, Serialize)]
struct LinkView {
    #[serde(flatten)]
    attachment: Attachment,
    upload: Upload,
}

/// A link to upload a file, as long as the request can be replied to.
pub async fn upload_link(
    shell: &Shell,
    request: &Request,
    store: &Store,
    seller: &SellerId,
) -> Result<Answer, Failure> {
    let file = wire::asked_for(request, &store.attachments)?;
    let seen = load(shell, request, store, seller).await?;
    let at = At { now: request.now, actor: Actor::Seller(request.user()), cause: request.id.clone() };
    seen.state.reply(Said::default(), request.user(), &at)?;
    let attachment = Attachment::of(&seen.state, file);
    let place = attachment.place(&store.id, seller, &seen.state.id);
    let upload = shell.uploads.upload(&place, &attachment.file, at.now, store.attachments.upload)?;
    Answer::ok(&LinkView { attachment, upload })
}

/// A link to look at a file of the reply.
pub async fn show(shell: &Shell, request: &Request, store: &Store, seller: &SellerId) -> Result<Answer, Failure> {
    let seen = load(shell, request, store, seller).await?;
    shell.uploads.show(&seen.state, request, store)
}

/// The files as attachments of this request.
pub fn attachments(request: &CaseRequest, files: &[Declared]) -> Vec<Attachment> {
    files.iter().map(|file| Attachment::of(request, file.clone())).collect()
}

/// Keeps each of them; whatever was not uploaded is named.
pub async fn keep(shell: &Shell, of: &CaseRequest, attachments: &[Attachment]) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (n, attachment) in attachments.iter().enumerate() {
        if !shell.uploads.keep(&attachment.place(&of.store, &of.seller, &of.id)).await? {
            problems.push(Problem::new(
                format!("attachments[{n}]"),
                "was not uploaded as it is declared here: get an upload link for this declaration, and upload it",
            ));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::bad_input(problems)) }
}
