//! The way out: one pool of connections for all that is asked of AWS, and another for everybody else, made when first asked.

use crate::{Env, receiver, web::Web};
use aws_sdk_dynamodb::config::retry::RetryPartition;
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use std::{fs, sync::LazyLock, time::Duration};

const CONNECT: Duration = Duration::from_secs(1);

/// Who signs for AWS, and nobody else (<https://www.amazontrust.com/repository/>). Five roots are read in a moment; the
/// system's, some hundred and fifty, cost a cold start more than its first call.
const AMAZON: &[u8] = include_bytes!("../roots/amazon.pem");

/// Another file of roots, as elsewhere: for what stands in for AWS with a certificate of its own.
const ROOTS: &str = "SSL_CERT_FILE";

/// The way to AWS, and to the web beyond.
#[derive(Debug, Clone)]
pub struct Connection {
    /// To AWS.
    pub aws: SharedHttpConnector,
    /// To everybody else.
    pub web: SharedHttpConnector,
    /// To who is told what happens; none where nobody is.
    pub outward: Option<SharedHttpConnector>,
    /// The allowance of retries.
    pub retries: RetryPartition,
    /// Whether the SDK signs its requests; a model of the services never looks.
    pub signed: bool,
}

impl Connection {
    /// That of a running function. Nothing is opened yet.
    pub(crate) fn of(env: &Env) -> Self {
        let given = env.get(ROOTS).and_then(|file| fs::read(file).ok());
        let roots = TrustStore::empty().with_pem_certificate(given.as_deref().unwrap_or(AMAZON));
        let aws = SharedHttpConnector::new(connector(roots));
        let web = SharedHttpConnector::new(Public);
        let outward = receiver::connector(Provider::Rustls(CryptoMode::Ring), env);
        Self { aws, web, outward, retries: RetryPartition::new("csba"), signed: true }
    }

    /// Opens the connection to the tables by asking how they are, which needs no signature. If that fails, the first call will
    /// open its own.
    pub(crate) async fn open(&self, env: &Env) {
        let given = |name: &str| env.get(name).map(String::as_str);
        let url = given("AWS_ENDPOINT_URL").map(|url| format!("{url}/"));
        let url = url
            .unwrap_or_else(|| format!("https://dynamodb.{}.amazonaws.com/", given("AWS_REGION").unwrap_or_default()));
        drop(Web::new(self.aws.clone()).send("DynamoDB", "GET", &url, None).await);
    }
}

fn connector(roots: TrustStore) -> Connector {
    let builder = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let builder = builder.connector_settings(HttpConnectorSettings::builder().connect_timeout(CONNECT).build());
    match TlsContext::builder().with_trust_store(roots).build() {
        Ok(context) => builder.tls_context(context).build(),
        // Without roots of its own it trusts those of the system.
        Err(_) => builder.build(),
    }
}

/// To whoever the system trusts. Few functions ever ask, and reading the system's roots is dear.
#[derive(Debug)]
struct Public;

static PUBLIC: LazyLock<Connector> = LazyLock::new(|| connector(TrustStore::default()));

impl HttpConnector for Public {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        PUBLIC.call(request)
    }
}
