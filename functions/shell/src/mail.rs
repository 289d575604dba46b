//! One mail to SES, once per call. Whether it went out, nobody knows where the answer is lost; the notice says what
//! is done then.

use crate::{Env, aws::Clients, failure::Failure};
use aws_sdk_ses::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::{MessageTag, RawMessage},
};
use domain::mail::Answer;
use std::sync::OnceLock;

/// The way to SES.
#[derive(Debug, Clone)]
pub struct Mailer {
    aws: Clients,
    client: OnceLock<Client>,
    /// The sender's address.
    pub from: String,
    /// Where mails to us come in: what stands behind the `@`.
    pub host: String,
    configuration_set: Option<String>,
}

impl Mailer {
    pub(crate) fn new(aws: Clients, env: &Env) -> Self {
        Self {
            aws,
            client: OnceLock::new(),
            from: env.get("MAIL_FROM").cloned().unwrap_or_default(),
            host: env.get("MAIL_HOST").cloned().unwrap_or_default(),
            configuration_set: env.get("MAIL_CONFIGURATION_SET").filter(|name| !name.is_empty()).cloned(),
        }
    }

    /// Sends these bytes, tagged with the notice they come from, so that what SES says of them later names it too.
    pub async fn send(&self, notice: &str, to: &str, bytes: &[u8]) -> Result<Answer, Failure> {
        let unbuildable = |error| Failure::Fault(format!("a mail cannot be built: {error}"));
        let raw = RawMessage::builder().data(Blob::new(bytes)).build().map_err(unbuildable)?;
        let tag = MessageTag::builder().name("notice").value(notice).build().map_err(unbuildable)?;
        let sent = self
            .client
            .get_or_init(|| self.aws.ses())
            .send_raw_email()
            .source(&self.from)
            .destinations(to)
            .raw_message(raw)
            .tags(tag)
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await;
        Ok(match sent {
            Ok(sent) => Answer::Accepted(sent.message_id),
            Err(SdkError::ServiceError(error)) => {
                let code = error.err().code().unwrap_or("unknown").to_owned();
                match code.as_str() {
                    "MessageRejected" => Answer::Refused(code),
                    "InternalFailure" | "ServiceUnavailable" => Answer::Unknown,
                    // Quotas, pauses, permissions, settings: they pass, or somebody mends them.
                    _ => Answer::NotNow(code),
                }
            }
            Err(SdkError::ConstructionFailure(_)) => return Err(Failure::Fault("SendRawEmail cannot be built".into())),
            Err(_) => Answer::Unknown,
        })
    }
}
