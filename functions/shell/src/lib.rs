//! What a function needs of the outside. This is the only crate that names AWS: it turns events into facts and time,
//! loads state, commits decisions in one transaction, and maps failures to answers. It decides nothing.
//!
//! | module | is |
//! |---|---|
//! | [`http`], [`page`], [`queue`], [`schedule`], [`stream`] | the edges: one per kind of trigger |
//! | [`access`] | what a route asks of its caller, and whether this one may have it |
//! | [`key`], [`store`], [`commit`] | keys, reads, and the one transaction; `tables` are theirs |
//! | [`record`], [`ledger`] | how the things of the domain are laid down in tables |
//! | [`customer`] | what is found by its customer |
//! | [`csv`], [`cursor`], [`view`] | rows as CSV, where the next page of a list begins, and what several functions show |
//! | [`outbox`], [`sqs`] | what leaves with a transaction, and the messages it becomes |
//! | [`parked`] | input that no delivery could mend |
//! | [`desk`] | an inquiry by its id, and how associates see it |
//! | [`audit`] | what people changed of a seller's things |
//! | [`export`] | all that is kept of a seller |
//! | [`said`] | what is left of words that are erased |
//! | [`retention`] | what is left of a matter that is over |
//! | [`insight`] | what a seller's figures are made of: facts, written with their causes, and their sums |
//! | [`clock`], [`telemetry`] | time, that of the event and never later than the machine's; one log line for each request or record |
//! | [`fields`] | reading a body, every problem at once |
//! | [`failure`] | the four classes of failure |
//! | [`mail`], [`mailbag`], [`mailing`] | one mail to SES, the mails that came in, and how far one of ours has come |
//! | [`link`], [`reply`] | links of mails that open one thing without a token, and addresses that answer one mail |
//! | [`hook`], [`receiver`], [`public`] | webhooks, the system that they go to, and which addresses are of the public Internet |
//! | [`chance`], [`web`] | bytes that nobody can guess, and requests to others than AWS |
//! | [`connection`] | the one pool of connections |
//! | [`bucket`], [`upload`] | signed addresses of objects, and links to the files of sellers |

pub mod access;
pub mod audit;
pub mod bucket;
pub mod chance;
pub mod clock;
pub mod commit;
pub mod connection;
pub mod csv;
pub mod cursor;
pub mod customer;
pub mod desk;
pub mod export;
pub mod failure;
pub mod fields;
pub mod hook;
pub mod http;
pub mod insight;
pub mod key;
pub mod ledger;
pub mod link;
pub mod mail;
pub mod mailbag;
pub mod mailing;
pub mod outbox;
pub mod page;
pub mod parked;
pub mod public;
pub mod queue;
pub mod receiver;
pub mod record;
pub mod reply;
pub mod retention;
pub mod said;
pub mod schedule;
pub mod sqs;
pub mod store;
pub mod stream;
mod tables;
pub mod telemetry;
pub mod upload;
pub mod view;
pub mod web;

pub use aws_sdk_dynamodb::config::retry::{RetryPartition, TokenBucket};
pub use connection::Connection;

use clock::Clock;
use domain::book::Book;
use futures_util::future::join;
use std::{collections::HashMap, sync::Arc};
use tokio::task::spawn_blocking;

/// The surroundings of a function: names of tables and queues, and whatever else the template gives it.
pub type Env = HashMap<String, String>;

/// The outside, as a handler sees it.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Tables.
    pub store: store::Store,
    /// Queues.
    pub queues: sqs::Queues,
    /// Mail.
    pub mail: mail::Mailer,
    /// Links of mails.
    pub links: link::Links,
    /// Keys, and whatever else nobody may guess.
    pub chance: chance::Chance,
    /// The web beyond AWS.
    pub web: web::Web,
    /// Who is told what happens.
    pub receiver: receiver::Receiver,
    /// Files of sellers.
    pub uploads: upload::Uploads,
    /// Mails that came in.
    pub mailbag: mailbag::Mailbag,
    /// Time.
    pub clock: Clock,
    /// Stores, rate cards and topics.
    pub book: Arc<Book>,
    /// The link that mails lead to.
    pub portal: String,
    /// Who signs people in at the pages.
    pub sign_in: SignIn,
}

/// Who signs people in, and what we are there.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// As in the `iss` of its tokens.
    pub issuer: String,
    /// Our name at it; no secret goes with it, since PKCE stands in for one.
    pub client: String,
}

/// Why a function ends.
pub type ServeError = lambda_runtime::Error;

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data files contradict themselves.
    #[error(transparent)]
    Data(#[from] domain::book::DataError),
    /// They were not read to their end.
    #[error("the data files were not read: {0}")]
    Unread(#[from] tokio::task::JoinError),
    /// The template does not say something that is needed.
    #[error("the environment variable {0} is missing")]
    Missing(&'static str),
    /// The template says something that cannot be.
    #[error("the environment variable {0} is none of the values it may have")]
    Wrong(&'static str),
}

impl Shell {
    /// The shell of a running function: names and credentials are in its environment. What the first event will need is ready
    /// before there is one, the connection to the tables too: Lambda gives this phase a whole processor.
    pub async fn start() -> Result<Self, StartError> {
        telemetry::start();
        let env = std::env::vars().collect();
        // A handshake is mostly waiting: the book is read meanwhile.
        let book = spawn_blocking(Book::shipped);
        let connection = Connection::of(&env);
        let ((), book) = join(connection.open(&env), book).await;
        Self::new(connection, &env, Clock::system(), Arc::new(book??))
    }

    /// A shell with these names, over a connection of its own and the machine's clock.
    pub fn with_env(env: &Env) -> Result<Self, StartError> {
        Self::new(Connection::of(env), env, Clock::system(), Arc::new(Book::shipped()?))
    }

    /// A shell over this connection, with these names, this clock and this book.
    pub fn new(connection: Connection, env: &Env, clock: Clock, book: Arc<Book>) -> Result<Self, StartError> {
        let bucket = |name| bucket::Bucket::new(web::Web::new(connection.aws.clone()), clock.clone(), env, name);
        let uploads = upload::Uploads::new(bucket("BUCKET_ATTACHMENTS")?);
        let mailbag = mailbag::Mailbag::new(bucket("BUCKET_MAILS")?);
        let web = web::Web::new(connection.web.clone());
        let receiver = receiver::Receiver::new(connection.outward.clone(), env);
        let chance = chance::Chance::system();
        let aws = aws::Clients::new(connection, env)?;
        let given = |name: &str| env.get(name).cloned().unwrap_or_default();
        Ok(Self {
            store: store::Store::new(aws.dynamodb(), env)?,
            queues: sqs::Queues::new(aws.clone(), env),
            mail: mail::Mailer::new(aws.clone(), env),
            links: link::Links::new(chance.clone()),
            chance,
            uploads,
            mailbag,
            web,
            receiver,
            clock,
            book,
            portal: given("PORTAL_URL"),
            sign_in: SignIn { issuer: given("JWT_ISSUER"), client: given("SIGN_IN_CLIENT") },
        })
    }
}

mod aws {
    //! One connection for every service: region and credentials as Lambda gives them, one pool of connections. A client is
    //! made when something is first asked of it: what a function never asks, it does not hold.

    use crate::{Connection, Env, StartError};
    use aws_credential_types::Credentials;
    use aws_sdk_dynamodb::config::{
        BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    };
    use aws_smithy_runtime_api::client::http::http_client_fn;
    use std::time::Duration;

    const ATTEMPT: Duration = Duration::from_secs(2);
    const OPERATION: Duration = Duration::from_secs(8);
    const ATTEMPTS: u32 = 3;

    #[derive(Debug, Clone)]
    pub struct Clients {
        connection: Connection,
        region: Region,
        credentials: Credentials,
        endpoint: Option<String>,
    }

    /// The same settings for each client; the builders share no trait.
    macro_rules! client {
        ($self:ident, $sdk:ident, $retry:expr) => {{
            let aws = $self.connection.aws.clone();
            let mut config = $sdk::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region($self.region.clone())
                .http_client(http_client_fn(move |_, _| aws.clone()))
                .retry_config($retry)
                .retry_partition($self.connection.retries.clone())
                // No body is streamed, and an attempt has its time.
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .timeout_config(
                    TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build(),
                );
            config.set_endpoint_url($self.endpoint.clone());
            if $self.connection.signed {
                // The credentials are those of the process, so there is nothing to look up again.
                config =
                    config.credentials_provider($self.credentials.clone()).identity_cache(IdentityCache::no_cache());
            } else {
                config = config.allow_no_auth();
            }
            $sdk::Client::from_conf(config.build())
        }};
    }

    impl Clients {
        pub fn new(connection: Connection, env: &Env) -> Result<Self, StartError> {
            let need = |name: &'static str| env.get(name).cloned().ok_or(StartError::Missing(name));
            let credentials = Credentials::new(
                need("AWS_ACCESS_KEY_ID")?,
                need("AWS_SECRET_ACCESS_KEY")?,
                env.get("AWS_SESSION_TOKEN").cloned(),
                None,
                "environment",
            );
            Ok(Self {
                connection,
                region: Region::new(need("AWS_REGION")?),
                credentials,
                endpoint: env.get("AWS_ENDPOINT_URL").cloned(),
            })
        }

        pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
            client!(self, aws_sdk_dynamodb, RetryConfig::standard().with_max_attempts(ATTEMPTS))
        }

        pub fn sqs(&self) -> aws_sdk_sqs::Client {
            client!(self, aws_sdk_sqs, RetryConfig::standard().with_max_attempts(ATTEMPTS))
        }

        /// A mail is never sent again by the SDK: whether it went out is decided by its notice.
        pub fn ses(&self) -> aws_sdk_ses::Client {
            client!(self, aws_sdk_ses, RetryConfig::disabled())
        }
    }
}
