//! Files that sellers upload themselves (REQ-6): links to the bucket of attachments. A link to upload holds its bearer to
//! what was declared: type, length and digest of the content are signed headers, and so is that nothing lies there yet; the
//! bucket refuses whatever differs.
//!
//! What is uploaded is tagged, and the bucket deletes what still is after two days. A reply that names a file takes its tag
//! away, which says at once whether the file is there.
//!
//! Not here: what may be declared ([`domain::attachment`]). No name of a file is part of an address.

use crate::{
    bucket::{Bucket, escaped},
    commit::Answer,
    failure::Failure,
    http::Request,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::{
    at::{Instant, after},
    attachment::{Attachment, Declared},
    id::AttachmentId,
    outcome::Refusal,
    request::Request as CaseRequest,
    store::Store,
};
use serde::Serialize;
use std::{collections::BTreeMap, fmt};

/// What an upload is tagged with until a reply names it.
const TAGGED: &str = "stage=uploaded";

/// The way to the bucket of attachments.
#[derive(Clone)]
pub struct Uploads {
    bucket: Bucket,
}

impl fmt::Debug for Uploads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uploads")
    }
}

/// What to send, and where, to upload a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// `PUT`.
    pub method: &'static str,
    /// Where.
    pub url: String,
    /// With these headers, and the content as the body.
    pub headers: BTreeMap<&'static str, String>,
    /// Until when.
    pub until: Instant,
}

#[derive(Debug, Serialize)]
struct AttachmentView<'a> {
    #[serde(flatten)]
    attachment: &'a Attachment,
    download: Download,
}

/// Where to look at a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Download {
    /// Where.
    pub url: String,
    /// Until when.
    pub until: Instant,
}

impl Uploads {
    pub(crate) const fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// Where browsers upload to, as a policy for content names it.
    #[must_use]
    pub fn origin(&self) -> String {
        self.bucket.origin()
    }

    /// A link to upload what was declared, and nothing else.
    pub fn upload(&self, place: &str, file: &Declared, at: Instant, valid: TimeDelta) -> Result<Upload, Failure> {
        let headers = BTreeMap::from([
            ("content-length", file.bytes.to_string()),
            ("content-type", file.content_type.clone()),
            ("if-none-match", "*".to_owned()),
            ("x-amz-checksum-sha256", checksum(&file.sha256)?),
            ("x-amz-tagging", TAGGED.to_owned()),
        ]);
        let url = self.bucket.signed("PUT", place, &[], &headers, valid)?;
        Ok(Upload { method: "PUT", url, headers, until: after(at, valid) })
    }

    /// A link to look at a file; a browser saves it under the name that its seller gave it.
    pub fn download(
        &self,
        place: &str,
        attached: &Attachment,
        at: Instant,
        valid: TimeDelta,
    ) -> Result<Download, Failure> {
        let name = format!("attachment; filename*=UTF-8''{}", escaped(&attached.file.file_name, ""));
        let query = [("response-content-disposition", name.as_str())];
        let url = self.bucket.signed("GET", place, &query, &BTreeMap::new(), valid)?;
        Ok(Download { url, until: after(at, valid) })
    }

    /// A link to the file of a reply that the path names; any other is as absent.
    pub fn show(&self, of: &CaseRequest, request: &Request, store: &Store) -> Result<Answer, Failure> {
        let id: AttachmentId = request.path("attachment_id")?;
        let attachments = of.reply_given().map_or(&[][..], |reply| reply.attachments.as_slice());
        let found = attachments.iter().find(|attachment| attachment.attachment_id == id);
        let attachment = found.ok_or_else(|| Failure::from(Refusal::unseen("attachment")))?;
        let place = attachment.place(&of.store, &of.seller, &of.id);
        let download = self.download(&place, attachment, request.now, store.attachments.download)?;
        Answer::ok(&AttachmentView { attachment, download })
    }

    /// Keeps a file that a reply names; says whether it is there. Twice is as once.
    pub async fn keep(&self, place: &str) -> Result<bool, Failure> {
        let answer = self.bucket.send("DELETE", place, &[("tagging", "")]).await?;
        match answer.status {
            200..=299 => Ok(true),
            404 => Ok(false),
            // What is denied now is mended by somebody, and what is busy by itself.
            status => Err(Failure::Transient(format!("S3: DeleteObjectTagging was answered {status}"))),
        }
    }
}

/// A digest in hex as S3 takes it: in base 64.
fn checksum(sha256: &str) -> Result<String, Failure> {
    let byte = |n: usize| sha256.get(n..n + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..sha256.len()).step_by(2).map(byte).collect();
    let bytes = bytes.filter(|bytes| bytes.len() == 32);
    bytes.map(|bytes| STANDARD.encode(bytes)).ok_or_else(|| Failure::Fault(format!("{sha256} is no SHA-256 in hex")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::testing::bucket;

    fn uploads(extra: &[(&str, &str)]) -> Uploads {
        Uploads::new(bucket(extra))
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn file() -> Declared {
        Declared {
            file_name: "发票 1.pdf".into(),
            content_type: "application/pdf".into(),
            bytes: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
        }
    }

    #[test]
    fn req_6_a_link_to_upload_signs_all_that_was_declared_and_no_name() {
        let upload =
            uploads(&[]).upload("US/s/r/a", &file(), at("2026-08-03T15:00:00Z"), TimeDelta::minutes(15)).unwrap();
        assert!(upload.url.starts_with("https://examplebucket.s3.us-east-1.amazonaws.com/US/s/r/a?"), "{}", upload.url);
        let signed = "&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-checksum-sha256\
            %3Bx-amz-tagging&";
        assert!(upload.url.contains(signed) && upload.url.contains("&X-Amz-Expires=900&"), "{}", upload.url);
        assert_eq!(upload.headers["x-amz-checksum-sha256"], "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!((upload.headers["content-length"].as_str(), upload.headers["if-none-match"].as_str()), ("3", "*"));
        assert_eq!(upload.until, at("2026-08-03T15:15:00Z"));
    }

    #[test]
    fn req_6_a_link_to_look_at_a_file_names_it_escaped_and_carries_the_token_of_the_role() {
        let attached = Attachment { attachment_id: AttachmentId::derived(&["a"]), file: file() };
        let with_token = uploads(&[("AWS_SESSION_TOKEN", "a/b+c=")]);
        let url =
            with_token.download("US/s/r/a", &attached, at("2026-08-03T15:00:00Z"), TimeDelta::minutes(5)).unwrap().url;
        let name = "response-content-disposition=attachment%3B%20filename%2A%3DUTF-8%27%27%25E5%258F%2591%25E7%25A5%25A8\
            %25201.pdf";
        assert!(url.contains(name) && url.contains("&X-Amz-Security-Token=a%2Fb%2Bc%3D&"), "{url}");
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        for bad in ["", "0a", "0g", &"é".repeat(32)] {
            assert!(checksum(bad).is_err(), "{bad}");
        }
    }
}
