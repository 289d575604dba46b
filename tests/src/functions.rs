//! Which code is behind which package. A function that the template names and this list does not is an error, and the
//! other way round.

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    dynamodb::Event as StreamEvent,
    sqs::{SqsBatchResponse, SqsEvent},
};
use shell::{Shell, access::Route, failure::Failure, schedule::Tick};
use std::time::Duration;

/// The time that the template gives an invocation: of a request, of a batch.
const REQUEST: Duration = Duration::from_secs(10);
const BATCH: Duration = Duration::from_secs(30);
/// And of a seller's quarter, however large.
const QUARTER: Duration = Duration::from_mins(2);

/// The routes that a package's code knows.
#[must_use]
pub fn routes(package: &str) -> &'static [Route] {
    match package {
        "account-api" => &account_api::ROUTES,
        "enrollment-api" => &enrollment_api::ROUTES,
        "contact-api" => &contact_api::ROUTES,
        "desk-api" => &desk_api::ROUTES,
        "desk-lead" => &desk_lead::ROUTES,
        "case-log-api" => &case_log_api::ROUTES,
        "return-policy-api" => &return_policy_api::ROUTES,
        "statement-api" => &statement_api::ROUTES,
        "insight-api" => &insight_api::ROUTES,
        "dispute-api" => &dispute_api::ROUTES,
        "dispute-desk" => &dispute_desk::ROUTES,
        "survey-api" => &survey_api::ROUTES,
        "transfer-api" => &transfer_api::ROUTES,
        "claim-api" => &claim_api::ROUTES,
        "claim-desk" => &claim_desk::ROUTES,
        "data-desk" => &data_desk::ROUTES,
        _ => &[],
    }
}

/// The pages that a package's code knows.
#[must_use]
pub fn pages(package: &str) -> &'static [Route] {
    match package {
        "seller-portal" => &seller_portal::ROUTES,
        "desk-portal" => &desk_portal::ROUTES,
        "survey-page" => &survey_page::ROUTES,
        "unsubscribe-page" => &unsubscribe_page::ROUTES,
        _ => &[],
    }
}

/// The functions that a package asks in its own process, and that need what it needs. `unsubscribe-page` asks two routes of
/// many: what it needs, its own steps of the tour say.
#[must_use]
pub fn asked_by(package: &str) -> &'static [&'static str] {
    match package {
        "seller-portal" => &[
            "account-api",
            "case-log-api",
            "claim-api",
            "dispute-api",
            "enrollment-api",
            "insight-api",
            "return-policy-api",
            "statement-api",
            "transfer-api",
        ],
        "desk-portal" => &["claim-desk", "desk-api", "desk-lead", "dispute-desk"],
        "survey-page" => &["survey-api"],
        _ => &[],
    }
}

/// Every package.
pub const ALL: [&str; 32] = [
    "account-api",
    "case-log-api",
    "claim-api",
    "claim-desk",
    "contact-api",
    "contact-router",
    "data-desk",
    "desk-api",
    "desk-lead",
    "desk-portal",
    "dispute-api",
    "dispute-desk",
    "enrollment-api",
    "fee-statement",
    "hook-sender",
    "insight-api",
    "insight-day",
    "ledger-rollup",
    "mail-feedback",
    "mail-intake",
    "marketplace-intake",
    "notice-sender",
    "outbox-relay",
    "return-policy-api",
    "seller-portal",
    "sla-clock",
    "sla-sweep",
    "statement-api",
    "survey-api",
    "survey-page",
    "transfer-api",
    "unsubscribe-page",
];

/// Answers a request.
pub async fn http(package: &str, shell: &Shell, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
    match package {
        "enrollment-api" => {
            shell::http::run(shell, event, REQUEST, &enrollment_api::ROUTES, &enrollment_api::handle).await
        }
        "contact-api" => shell::http::run(shell, event, REQUEST, &contact_api::ROUTES, &contact_api::handle).await,
        "desk-api" => shell::http::run(shell, event, REQUEST, &desk_api::ROUTES, &desk_api::handle).await,
        "desk-lead" => shell::http::run(shell, event, REQUEST, &desk_lead::ROUTES, &desk_lead::handle).await,
        "case-log-api" => shell::http::run(shell, event, REQUEST, &case_log_api::ROUTES, &case_log_api::handle).await,
        "return-policy-api" => {
            shell::http::run(shell, event, REQUEST, &return_policy_api::ROUTES, &return_policy_api::handle).await
        }
        "statement-api" => {
            shell::http::run(shell, event, REQUEST, &statement_api::ROUTES, &statement_api::handle).await
        }
        "insight-api" => shell::http::run(shell, event, REQUEST, &insight_api::ROUTES, &insight_api::handle).await,
        "dispute-api" => shell::http::run(shell, event, REQUEST, &dispute_api::ROUTES, &dispute_api::handle).await,
        "dispute-desk" => shell::http::run(shell, event, REQUEST, &dispute_desk::ROUTES, &dispute_desk::handle).await,
        "survey-api" => shell::http::run(shell, event, REQUEST, &survey_api::ROUTES, &survey_api::handle).await,
        "transfer-api" => shell::http::run(shell, event, REQUEST, &transfer_api::ROUTES, &transfer_api::handle).await,
        "claim-api" => shell::http::run(shell, event, REQUEST, &claim_api::ROUTES, &claim_api::handle).await,
        "claim-desk" => shell::http::run(shell, event, REQUEST, &claim_desk::ROUTES, &claim_desk::handle).await,
        "data-desk" => shell::http::run(shell, event, REQUEST, &data_desk::ROUTES, &data_desk::handle).await,
        "account-api" => shell::http::run(shell, event, REQUEST, &account_api::ROUTES, &account_api::handle).await,
        other => panic!("{other} answers no requests"),
    }
}

/// Answers a browser.
pub async fn page(package: &str, shell: &Shell, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
    let failed = &::pages::visit::failed;
    match package {
        "seller-portal" => shell::page::run(shell, event, REQUEST, &seller_portal::handle, failed).await,
        "desk-portal" => shell::page::run(shell, event, REQUEST, &desk_portal::handle, failed).await,
        "survey-page" => shell::page::run(shell, event, REQUEST, &survey_page::handle, failed).await,
        "unsubscribe-page" => shell::page::run(shell, event, REQUEST, &unsubscribe_page::handle, failed).await,
        other => panic!("{other} has no pages"),
    }
}

/// Takes a batch of a queue.
pub async fn queue(package: &str, shell: &Shell, event: SqsEvent) -> Result<SqsBatchResponse, Failure> {
    match package {
        "marketplace-intake" => shell::queue::run(shell, package, event, BATCH, &marketplace_intake::handle).await,
        "contact-router" => shell::queue::run(shell, package, event, BATCH, &contact_router::handle).await,
        "sla-clock" => shell::queue::run(shell, package, event, BATCH, &sla_clock::handle).await,
        "fee-statement" => shell::queue::run(shell, package, event, QUARTER, &fee_statement::handle).await,
        "insight-day" => shell::queue::run(shell, package, event, BATCH, &insight_day::handle).await,
        "mail-intake" => shell::queue::run(shell, package, event, BATCH, &mail_intake::handle).await,
        "mail-feedback" => shell::queue::run(shell, package, event, BATCH, &mail_feedback::handle).await,
        "hook-sender" => shell::queue::run(shell, package, event, BATCH, &hook_sender::handle).await,
        "notice-sender" => shell::queue::run(shell, package, event, BATCH, &notice_sender::handle).await,
        other => panic!("{other} has no queue"),
    }
}

/// Takes a tick of a schedule.
pub async fn tick(package: &str, shell: &Shell, tick: Tick) -> Result<u64, Failure> {
    match package {
        "sla-sweep" => shell::schedule::run(shell, tick, BATCH, &sla_sweep::handle).await,
        "ledger-rollup" => shell::schedule::run(shell, tick, BATCH, &ledger_rollup::handle).await,
        other => panic!("{other} has no schedule"),
    }
}

/// Takes a batch of the outbox' stream.
pub async fn stream(shell: &Shell, event: StreamEvent) -> Result<u64, Failure> {
    shell::stream::run(shell, event, &outbox_relay::handle).await
}
