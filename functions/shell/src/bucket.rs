//! A bucket: addresses of its objects, signed with the function's own credentials (Signature Version 4, in the query). No SDK
//! of S3 is needed for the few requests that there are.

use crate::{
    Env, StartError,
    clock::Clock,
    failure::Failure,
    web::{Reply, Web},
};
use bytes::Bytes;
use chrono::TimeDelta;
use domain::at::Instant;
use ring::hmac;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, fmt::Write};

/// A request of our own is sent at once.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);
/// What an object is called that is only to be looked at by whom we say.
const BYTES: &str = "application/octet-stream";
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Where an object is.
struct Address {
    scheme: String,
    host: String,
    path: String,
}

/// The way to one bucket.
#[derive(Clone)]
pub struct Bucket {
    web: Web,
    clock: Clock,
    name: Option<String>,
    variable: &'static str,
    region: String,
    endpoint: Option<String>,
    id: String,
    secret: String,
    token: Option<String>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable)
    }
}

impl Bucket {
    /// The bucket whose name is in this variable.
    pub(crate) fn new(web: Web, clock: Clock, env: &Env, variable: &'static str) -> Result<Self, StartError> {
        let need = |name: &'static str| env.get(name).cloned().ok_or(StartError::Missing(name));
        Ok(Self {
            web,
            clock,
            name: env.get(variable).cloned(),
            variable,
            region: need("AWS_REGION")?,
            endpoint: env.get("AWS_ENDPOINT_URL").cloned(),
            id: need("AWS_ACCESS_KEY_ID")?,
            secret: need("AWS_SECRET_ACCESS_KEY")?,
            token: env.get("AWS_SESSION_TOKEN").cloned(),
        })
    }

    /// Where browsers find it, as a policy for content names it; empty where this function has none.
    pub(crate) fn origin(&self) -> String {
        self.address("").map_or_else(|_| String::new(), |at| format!("{}://{}", at.scheme, at.host))
    }

    /// A request about an object.
    pub(crate) async fn send(&self, method: &str, place: &str, query: &[(&str, &str)]) -> Result<Reply, Failure> {
        let url = self.signed(method, place, query, &BTreeMap::new(), AT_ONCE)?;
        self.web.send("S3", method, &url, None).await
    }

    /// Puts an object there; twice is as once.
    pub(crate) async fn put(&self, place: &str, content: Bytes) -> Result<Reply, Failure> {
        let url = self.signed("PUT", place, &[], &BTreeMap::new(), AT_ONCE)?;
        self.web.send_body("S3", "PUT", &url, Some((BYTES, content.into()))).await
    }

    /// Its own host on AWS; elsewhere the bucket is a part of the path.
    fn address(&self, place: &str) -> Result<Address, Failure> {
        let bucket = self.name.as_deref();
        let bucket = bucket.ok_or_else(|| Failure::Fault(format!("this function was not given {}", self.variable)))?;
        let (scheme, host, path) = match self.endpoint.as_deref().and_then(|endpoint| endpoint.split_once("://")) {
            Some((scheme, host)) => (scheme, host.trim_end_matches('/').to_owned(), format!("/{bucket}/{place}")),
            None => ("https", format!("{bucket}.s3.{}.amazonaws.com", self.region), format!("/{place}")),
        };
        Ok(Address { scheme: scheme.to_owned(), host, path: escaped(&path, "/") })
    }

    /// The address of an object, signed now for this request of it. `headers` are to be sent as they are.
    pub(crate) fn signed(
        &self,
        method: &str,
        place: &str,
        query: &[(&str, &str)],
        headers: &BTreeMap<&'static str, String>,
        valid: TimeDelta,
    ) -> Result<String, Failure> {
        Ok(self.sign(method, &self.address(place)?, query, headers, self.clock.machine(), valid))
    }

    fn sign(
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

/// Bytes as text of 0-9 and a-f.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// As RFC 3986 escapes it, but for these.
pub(crate) fn escaped(text: &str, but: &str) -> String {
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
pub(crate) mod testing {
    use super::Bucket;
    use crate::{clock::Clock, web::Web};
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

    /// A bucket with the credentials of the reference.
    pub fn bucket(extra: &[(&str, &str)]) -> Bucket {
        let env = [
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("BUCKET", "examplebucket"),
        ];
        let env = env.iter().chain(extra).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let clock = Clock::of(|| "2026-08-03T15:00:00Z".parse().unwrap());
        Bucket::new(Web::new(SharedHttpConnector::new(Nowhere)), clock, &env, "BUCKET").unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::bucket, *};

    /// The example of Amazon S3's own reference ("Authenticating Requests: Using Query Parameters"), but for its host, which
    /// names no region.
    #[test]
    fn a_signature_is_that_of_the_reference() {
        let host = "examplebucket.s3.amazonaws.com".to_owned();
        let address = Address { scheme: "https".into(), host, path: "/test.txt".into() };
        let (when, day) = ("2013-05-24T00:00:00Z".parse().unwrap(), TimeDelta::hours(24));
        let url = bucket(&[]).sign("GET", &address, &[], &BTreeMap::new(), when, day);
        let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
            &X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
            &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assert_eq!(url, expected);
    }
}
