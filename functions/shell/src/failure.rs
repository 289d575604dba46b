//! The four classes of failure. The class is chosen where the failure is known, and decides everything after:
//!
//! | class | HTTP | a queue's record | a schedule |
//! |---|---|---|---|
//! | [`BadInput`](Failure::BadInput) | 400, 413 or 422, every field | parked with its reason | error |
//! | [`Refused`](Failure::Refused) | 403, 404, 409, 412, 422 or 429 | done: the answer stands | done |
//! | [`Transient`](Failure::Transient) | 503 and when to come back | delivered again | again |
//! | [`Fault`](Failure::Fault) | 500, nothing inside | parked, alarm | error, alarm |
//!
//! What IAM or KMS denies is [`Transient`](Failure::Transient): no record is to blame for it, and once somebody has mended
//! it the record goes well. Its queue keeps it, then its dead letters, whose alarm rings; a schedule, a stream and the
//! HTTP API fail aloud.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::{
    book::{Book, DataError},
    id::StoreId,
    outcome::Refusal,
    store::Store,
};
use serde::Serialize;
use std::fmt::Debug;

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: a path such as `lines[2].quantity`, or the name of a header.
    pub field: String,
    /// What.
    pub problem: String,
}

impl Problem {
    /// A problem of this field.
    #[must_use]
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// Why an event did not end well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The input is at fault; asking again will not help.
    #[error("{code}: {}", list(problems))]
    BadInput {
        /// Stable, becomes the problem type.
        code: &'static str,
        /// Every problem there is.
        problems: Vec<Problem>,
    },
    /// The rules say no.
    #[error("{}: {}", .0.code, .0.sentence)]
    Refused(Box<Refusal>),
    /// Somebody else was faster; decided again at once, a few times.
    #[error("somebody else was faster")]
    Stale,
    /// Asking again later will help.
    #[error("{0}")]
    Transient(String),
    /// Ours to mend.
    #[error("{0}")]
    Fault(String),
}

impl Failure {
    /// Input with these problems.
    #[must_use]
    pub const fn bad_input(problems: Vec<Problem>) -> Self {
        Self::BadInput { code: "invalid_input", problems }
    }

    /// Input with one problem of its own kind.
    #[must_use]
    pub fn bad_field(code: &'static str, field: &str, problem: impl Into<String>) -> Self {
        Self::BadInput { code, problems: vec![Problem::new(field, problem)] }
    }
}

/// The store of this id, which an input names.
pub fn known_store<'a>(book: &'a Book, id: &StoreId) -> Result<&'a Store, Failure> {
    book.store(id).ok_or_else(|| Failure::bad_field("unknown_store", "store", book.no_store(id)))
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{} {}", p.field, p.problem)).collect::<Vec<_>>().join("; ")
}

/// The one place that reads an SDK's error: what the service will take later is transient, the rest is ours to mend.
pub(crate) fn of_sdk<E, R>(call: &str, error: &SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + Debug,
    R: Debug,
{
    let SdkError::ServiceError(service) = error else {
        return Failure::Transient(format!("{call}: no answer"));
    };
    let code = service.err().code().unwrap_or("unknown");
    let later = matches!(
        code,
        "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "Throttling"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "InternalServerError"
            | "InternalFailure"
            | "ServiceUnavailable"
            | "TransactionInProgressException"
            | "TransactionConflictException"
            | "LimitExceededException"
    );
    let later = later || is_for_the_operator(code);
    let text = format!("{call}: {code} {}", service.err().message().unwrap_or_default());
    if later { Failure::Transient(text) } else { Failure::Fault(text) }
}

/// What a person has to mend, and no record is to blame for: a role, a key, a name. Once that is mended, what was asked
/// goes well; until then it is kept whole, in its queue and then with the dead letters, from where it is sent again.
fn is_for_the_operator(code: &str) -> bool {
    let of_kms = code.starts_with("KMS") || code.starts_with("Kms");
    of_kms
        || matches!(
            code,
            "AccessDenied"
                | "AccessDeniedException"
                | "UnrecognizedClientException"
                | "ExpiredTokenException"
                | "InvalidSignatureException"
                | "ResourceNotFoundException"
                | "QueueDoesNotExist"
        )
}

impl From<Failure> for lambda_runtime::Diagnostic {
    /// What Lambda logs and counts when an invocation fails as a whole.
    fn from(failure: Failure) -> Self {
        Self {
            error_type: crate::telemetry::class(&failure).to_owned(),
            error_message: crate::telemetry::reason(&failure),
        }
    }
}
