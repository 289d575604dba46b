//! Mails as they came in: SES puts each into a bucket before anybody is told of it.

use crate::{bucket::Bucket, failure::Failure};

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
            404 => Err(Failure::bad_field("unknown_mail", "receipt.action.objectKey", "names no mail")),
            // What is denied now is mended by somebody, and what is busy by itself.
            status => Err(Failure::Transient(format!("S3: GetObject was answered {status}"))),
        }
    }
}
