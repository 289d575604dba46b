//! Requests that no SDK makes: to the bucket by a signed address, to whoever signs people in. Each has two seconds, and none
//! is sent again by itself.

use crate::failure::Failure;
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde::de::DeserializeOwned;
use std::{fmt::Display, time::Duration};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(2);
const FORM: &str = "application/x-www-form-urlencoded";

/// The way to it.
#[derive(Debug, Clone)]
pub struct Web {
    connector: SharedHttpConnector,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Web {
    pub(crate) const fn new(connector: SharedHttpConnector) -> Self {
        Self { connector }
    }

    /// One request, with a form as its body or none. `whom` stands in the message where there is no answer: addresses hold
    /// what no log may.
    pub async fn send(&self, whom: &str, method: &str, url: &str, form: Option<String>) -> Result<Reply, Failure> {
        self.send_body(whom, method, url, form.map(|form| (FORM, SdkBody::from(form)))).await
    }

    /// The same with whatever for a body, of this type.
    pub(crate) async fn send_body(
        &self,
        whom: &str,
        method: &str,
        url: &str,
        body: Option<(&'static str, SdkBody)>,
    ) -> Result<Reply, Failure> {
        let unbuildable = |error: &dyn Display| Failure::Fault(format!("a request to {whom} cannot be built: {error}"));
        let mut request = body.map_or_else(HttpRequest::empty, |(kind, body)| {
            let mut request = HttpRequest::new(body);
            request.headers_mut().insert("content-type", kind);
            request
        });
        request.headers_mut().insert("accept", "application/json");
        request.set_method(method).map_err(|error| unbuildable(&error))?;
        request.set_uri(url).map_err(|error| unbuildable(&error))?;
        let answered = async {
            let answer = self.connector.call(request).await.map_err(|error| error.to_string())?;
            let status = answer.status().as_u16();
            let body = ByteStream::new(answer.into_body()).collect().await.map_err(|error| error.to_string())?;
            Ok(Reply { status, body: body.to_vec() })
        };
        let answer: Result<_, String> =
            timeout(PATIENCE, answered).await.map_err(|_| Failure::Transient(format!("{whom}: no answer")))?;
        answer.map_err(|error| Failure::Transient(format!("{whom}: {error}")))
    }
}

impl Reply {
    /// What it says, if that is JSON of this shape.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}
