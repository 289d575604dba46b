//! Mails as they came in: SES puts each into a bucket before anybody is told of it. What a customer's mail brings lies
//! beside it, file by file, for the desk to open.

use crate::{
    bucket::{Bucket, escaped},
    failure::Failure,
    record::{MailFile, Opens},
    upload::Download,
};
use bytes::Bytes;
use chrono::TimeDelta;
use domain::at::{Instant, after};
use std::collections::BTreeMap;

/// The way to the bucket of mails.
#[derive(Debug, Clone)]
pub struct Mailbag {
    bucket: Bucket,
}

impl Mailbag {
    pub(crate) const fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// The bytes of a mail. One that is not there is not there later either.
    pub async fn read(&self, object: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.bucket.send("GET", object, &[]).await?;
        match answer.status {
            200 => Ok(answer.body),
            404 => Err(Failure::bad_field(
                "unknown_mail",
                "receipt.action.objectKey",
                "names no mail: it was deleted, or never kept",
            )),
            // What is denied now is mended by somebody, and what is busy by itself.
            status => Err(Failure::Transient(format!("S3: GetObject was answered {status}"))),
        }
    }

    /// Keeps a file of a mail, by its number among them, from 1 on. Twice is as once.
    pub async fn keep(&self, object: &str, number: usize, content: Bytes) -> Result<(), Failure> {
        let answer = self.bucket.put(&place(object, number), content).await?;
        match answer.status {
            200..=299 => Ok(()),
            status => Err(Failure::Transient(format!("S3: PutObject was answered {status}"))),
        }
    }

    /// A link to a file of a mail. A picture is shown as what it is; anything else is bytes to a browser, and only saved,
    /// under the name that the mail gave it.
    pub fn open(
        &self,
        object: &str,
        (number, file): (usize, &MailFile),
        at: Instant,
        valid: TimeDelta,
    ) -> Result<Option<Download>, Failure> {
        let (how, kind) = match file.opens {
            None => return Ok(None),
            Some(Opens::Shown) => ("inline", file.media_type.as_str()),
            Some(Opens::Saved) => ("attachment", "application/octet-stream"),
        };
        let how = format!("{how}; filename*=UTF-8''{}", escaped(&file.name, ""));
        let query = [("response-content-disposition", how.as_str()), ("response-content-type", kind)];
        let url = self.bucket.signed("GET", &place(object, number), &query, &BTreeMap::new(), valid)?;
        Ok(Some(Download { url, until: after(at, valid) }))
    }
}

/// Files of mails lie apart from mails, so that who may open the one cannot read the other.
fn place(object: &str, number: usize) -> String {
    format!("files/{object}/{number}")
}
