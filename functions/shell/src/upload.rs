//! Files that sellers upload themselves (REQ-6): links to the bucket of attachments, signed with the function's own
//! credentials (Signature Version 4, in the query). A link to upload holds its bearer to what was declared: type, length and
//! digest of the content are signed headers, and so is that nothing lies there yet; the bucket refuses whatever differs.
//!
//! What is uploaded is tagged, and the bucket deletes what still is after two days. A reply that names a file takes its tag
//! away, which says at once whether the file is there.
//!
//! Not here: what may be declared ([`domain::attachment`]). No name of a file is part of an address.

use crate::{Env, StartError, commit::Answer, failure::Failure, http::Request, web::Web};
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
use ring::hmac;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, fmt::Write};

/// A request of our own is sent at once.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What an upload is tagged with until a reply names it.
const TAGGED: &str = "stage=uploaded";

/// Where an object is.
struct Address {
    scheme: String,
    host: String,
    path: String,
}

/// The way to the bucket of attachments.
#[derive(Clone)]
pub struct Uploads {
    web: Web,
    bucket: Option<String>,
    region: String,
    endpoint: Option<String>,
    id: String,
    secret: String,
    token: Option<String>,
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
    pub(crate) fn new(web: Web, env: &Env) -> Result<Self, StartError> {
        let need = |name: &'static str| env.get(name).cloned().ok_or(StartError::Missing(name));
        Ok(Self {
            web,
            bucket: env.get("BUCKET_ATTACHMENTS").cloned(),
            region: need("AWS_REGION")?,
            endpoint: env.get("AWS_ENDPOINT_URL").cloned(),
            id: need("AWS_ACCESS_KEY_ID")?,
            secret: need("AWS_SECRET_ACCESS_KEY")?,
            token: env.get("AWS_SESSION_TOKEN").cloned(),
        })
    }

    /// Where browsers upload to, as a policy for content names it.
    #[must_use]
    pub fn origin(&self) -> String {
        self.address("").map_or_else(|_| String::new(), |at| format!("{}://{}", at.scheme, at.host))
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
        let url = self.signed("PUT", &self.address(place)?, &[], &headers, at, valid);
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
        let url = self.signed("GET", &self.address(place)?, &query, &BTreeMap::new(), at, valid);
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
    pub async fn keep(&self, place: &str, at: Instant) -> Result<bool, Failure> {
        let url = self.signed("DELETE", &self.address(place)?, &[("tagging", "")], &BTreeMap::new(), at, AT_ONCE);
        let answer = self.web.send("S3", "DELETE", &url, None).await?;
        match answer.status {
            200..=299 => Ok(true),
            404 => Ok(false),
            // What is denied now is mended by somebody, and what is busy by itself.
            status => Err(Failure::Transient(format!("S3: DeleteObjectTagging was answered {status}"))),
        }
    }

    /// Its own host on AWS; elsewhere the bucket is a part of the path.
    fn address(&self, place: &str) -> Result<Address, Failure> {
        let bucket = self.bucket.as_deref();
        let bucket = bucket.ok_or_else(|| Failure::Fault("this function was not given BUCKET_ATTACHMENTS".into()))?;
        let (scheme, host, path) = match self.endpoint.as_deref().and_then(|endpoint| endpoint.split_once("://")) {
            Some((scheme, host)) => (scheme, host.trim_end_matches('/').to_owned(), format!("/{bucket}/{place}")),
            None => ("https", format!("{bucket}.s3.{}.amazonaws.com", self.region), format!("/{place}")),
        };
        Ok(Address { scheme: scheme.to_owned(), host, path: escaped(&path, "/") })
    }

    /// The address of an object with a signature in its query (Signature Version 4). `headers` are to be sent as they are.
    fn signed(
        &self,
        method: &str,
        Address { scheme, host, path }: &Address,
        query: &[(&str, &str)],
        headers: &BTreeMap<&'static str, String>,
        at: Instant,
        valid: TimeDelta,
    ) -> String {
        let (stamp, day) = (at.format("%Y%m%dT%H%M%SZ").to_string(), at.format("%Y%m%d").to_string());
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let signed_headers: BTreeMap<&str, &str> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).chain([("host", host.as_str())]).collect();
        let names = signed_headers.keys().copied().collect::<Vec<_>>().join(";");
        let (credential, seconds) = (format!("{}/{scope}", self.id), valid.num_seconds().to_string());
        let mut parameters = BTreeMap::from([
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &stamp),
            ("X-Amz-Expires", &seconds),
            ("X-Amz-SignedHeaders", &names),
        ]);
        parameters.extend(self.token.as_deref().map(|token| ("X-Amz-Security-Token", token)));
        parameters.extend(query.iter().copied());
        let query: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", escaped(value, ""))).collect();
        let query = query.join("&");
        let lines =
            signed_headers.iter().fold(String::new(), |lines, (name, value)| format!("{lines}{name}:{value}\n"));
        let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{names}\nUNSIGNED-PAYLOAD");
        let to_sign = format!("{ALGORITHM}\n{stamp}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let secret = format!("AWS4{}", self.secret);
        let key = [day.as_str(), &self.region, "s3", "aws4_request"]
            .iter()
            .fold(secret.into_bytes(), |key, part| mac(&key, part.as_bytes()));
        let signature = hex(&mac(&key, to_sign.as_bytes()));
        format!("{scheme}://{host}{path}?{query}&X-Amz-Signature={signature}")
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest in hex as S3 takes it: in base 64.
fn checksum(sha256: &str) -> Result<String, Failure> {
    let byte = |n: usize| sha256.get(n..n + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..sha256.len()).step_by(2).map(byte).collect();
    let bytes = bytes.filter(|bytes| bytes.len() == 32);
    bytes.map(|bytes| STANDARD.encode(bytes)).ok_or_else(|| Failure::Fault(format!("{sha256} is no SHA-256 in hex")))
}

/// As RFC 3986 escapes it, but for these.
fn escaped(text: &str, but: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(c) || (byte.is_ascii() && but.contains(c)) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_runtime_api::client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
        orchestrator::HttpRequest,
    };

    #[derive(Debug)]
    struct Nowhere;
    impl HttpConnector for Nowhere {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            HttpConnectorFuture::new(std::future::pending())
        }
    }

    fn uploads(extra: &[(&str, &str)]) -> Uploads {
        let env = [
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("BUCKET_ATTACHMENTS", "examplebucket"),
        ];
        let env = env.iter().chain(extra).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Uploads::new(Web::new(SharedHttpConnector::new(Nowhere)), &env).unwrap()
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

    /// The example of Amazon S3's own reference ("Authenticating Requests: Using Query Parameters"), but for its host, which
    /// names no region.
    #[test]
    fn a_signature_is_that_of_the_reference() {
        let host = "examplebucket.s3.amazonaws.com".to_owned();
        let address = Address { scheme: "https".into(), host, path: "/test.txt".into() };
        let (when, day) = (at("2013-05-24T00:00:00Z"), TimeDelta::hours(24));
        let url = uploads(&[]).signed("GET", &address, &[], &BTreeMap::new(), when, day);
        let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
            &X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
            &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assert_eq!(url, expected);
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
    fn what_is_no_digest_is_signed_as_none() {
        for bad in ["", "0a", "0g", &"é".repeat(32)] {
            assert!(checksum(bad).is_err(), "{bad}");
        }
    }
}
