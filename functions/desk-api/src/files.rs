//! The files of a customer's mail: a link to each. They are the customer's words, and no seller sees them (INQ-5).

use domain::{
    id::{ContactId, InquiryId},
    outcome::Refusal,
    store::Store,
};
use serde::Serialize;
use shell::{
    Shell,
    commit::Answer,
    desk::told,
    failure::Failure,
    fields::Number,
    http::Request,
    key::Key,
    record::{MailFile, Words},
    upload::Download,
};

#[derive(Debug, Serialize)]
struct FileView<'a> {
    #[serde(flatten)]
    file: &'a MailFile,
    download: Download,
}

/// A link to the file of a contact of this inquiry, by its number from 1 on. One that is not there, or is no file of it, or
/// was erased, is as absent.
pub async fn show(shell: &Shell, request: &Request, store: &Store) -> Result<Answer, Failure> {
    let (id, contact): (InquiryId, ContactId) = (request.path("inquiry_id")?, request.path("contact_id")?);
    let Number(number) = request.path::<Number<usize>>("number")?;
    let unseen = || Failure::from(Refusal::unseen("file"));
    let (inquiry, _) = told(shell, &store.id, &id).await?;
    if !inquiry.contacts.contains(&contact) {
        return Err(unseen());
    }
    let key = Key::words(&store.id, &contact);
    let words = shell.store.get_all(std::slice::from_ref(&key)).await?.state::<Words>(&key)?;
    let mail = words.and_then(|seen| seen.state.mail).ok_or_else(unseen)?;
    let file = number.checked_sub(1).and_then(|place| mail.files.get(place)).ok_or_else(unseen)?;
    let download = shell.mailbag.open(&mail.object, (number, file), request.now, store.attachments.download)?;
    Answer::ok(&FileView { file, download: download.ok_or_else(unseen)? })
}
