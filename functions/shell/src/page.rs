//! The edge of the pages: an API Gateway event (payload 2.0) in, a page or a way to another one out. The gateway asks for no
//! token here; who visits is in a cookie, and the handler reads it.

use crate::{
    Shell,
    clock::time_left,
    failure::Failure,
    http::{Request, in_time, status},
    telemetry,
};
use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use lambda_runtime::{LambdaEvent, service_fn};
use std::{sync::OnceLock, time::Duration};

/// What a browser gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(&'static str, String)>,
    /// Cookies to keep, each as `Set-Cookie` has it.
    pub cookies: Vec<String>,
    /// The text.
    pub body: String,
}

impl From<Page> for ApiGatewayV2httpResponse {
    fn from(page: Page) -> Self {
        let headers = page
            .headers
            .iter()
            .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?)));
        let mut response = Self::default();
        response.status_code = i64::from(page.status);
        response.headers = headers.collect::<HeaderMap>();
        response.cookies = page.cookies;
        response.body = Some(Body::Text(page.body));
        response
    }
}

/// One event, answered with a page, and with the page for failures where none came about. That page is told what was
/// read of the request, since whoever asked has a language there too; nothing where it could not be read.
pub async fn run(
    shell: &Shell,
    event: ApiGatewayV2httpRequest,
    time_left: Duration,
    handle: &impl AsyncFn(&Shell, &Request) -> Result<Page, Failure>,
    failed: &impl Fn(&Failure, u16, &str, Option<&Request>) -> Page,
) -> ApiGatewayV2httpResponse {
    let id = event.request_context.request_id.clone().unwrap_or_default();
    let route = event.route_key.clone().unwrap_or_default();
    let asked = OnceLock::new();
    let work = Box::pin(async {
        let request = Request::read(event, shell)?;
        handle(shell, asked.get_or_init(|| request)).await
    });
    let page = match in_time(time_left, work).await {
        Ok(page) => {
            telemetry::answered(&route, page.status, None);
            page
        }
        Err(failure) => {
            let status = status(&failure);
            telemetry::answered(&route, status, Some(&failure));
            failed(&failure, status, &id, asked.get())
        }
    };
    page.into()
}

/// Serves a function's pages until Lambda ends the process.
pub async fn serve(
    handle: impl AsyncFn(&Shell, &Request) -> Result<Page, Failure>,
    failed: impl Fn(&Failure, u16, &str, Option<&Request>) -> Page,
) -> Result<(), lambda_runtime::Error> {
    let shell = Shell::start().await?;
    let (shell, handle, failed) = (&shell, &handle, &failed);
    lambda_runtime::run(service_fn(async |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        Ok::<_, lambda_runtime::Error>(run(shell, event.payload, time_left(&event.context), handle, failed).await)
    }))
    .await
}
