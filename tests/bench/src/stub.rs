//! AWS, as far as a measured process meets it: TLS on loopback, and the answer that was recorded for the n-th call of this
//! operation since the event; nothing is there beyond that. It checks no signature and keeps nothing.

use crate::{Outcome, calls::Call};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What is answered now.
#[derive(Debug, Default)]
struct Script {
    calls: Vec<Call>,
    /// How often each operation was asked for since the event.
    asked: HashMap<String, usize>,
}

/// The services of one measured process.
#[derive(Debug, Clone)]
pub struct Stub {
    script: Arc<Mutex<Script>>,
    /// Where it listens.
    pub endpoint: String,
}

impl Stub {
    /// Begins to listen.
    pub async fn start(tls: Arc<ServerConfig>, calls: Vec<Call>) -> Outcome<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("https://localhost:{}", listener.local_addr()?.port());
        let script = Arc::new(Mutex::new(Script { calls, asked: HashMap::new() }));
        let stub = Self { script, endpoint };
        tokio::spawn(stub.clone().serve(listener, TlsAcceptor::from(tls)));
        Ok(stub)
    }

    async fn serve(self, listener: TcpListener, tls: TlsAcceptor) {
        while let Ok((socket, _)) = listener.accept().await {
            let (stub, tls) = (self.clone(), tls.clone());
            tokio::spawn(async move {
                drop(socket.set_nodelay(true));
                // Whoever does not trust the certificate says so itself.
                let Ok(stream) = tls.accept(socket).await else { return };
                let answer = service_fn(async |request| stub.answer(request).await);
                // A process that ends cuts its connections.
                drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> hyper::Result<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        let operation = match target.and_then(|target| target.rsplit('.').next()) {
            Some(operation) => operation,
            None if body.starts_with(b"Action=SendRawEmail") => "SendRawEmail",
            None if head.uri.query().is_some_and(|query| query.contains("tagging")) => "DeleteObjectTagging",
            None if head.uri.path() == "/" => "Greeting",
            None => "GetObject",
        };
        let (status, answer) = self.next(operation);
        let mut response = Response::new(Full::new(Bytes::from(answer)));
        *response.status_mut() = status.try_into().unwrap_or_default();
        Ok(response)
    }

    fn next(&self, operation: &str) -> (u16, String) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = script.asked.entry(operation.to_owned()).or_default();
        let n = *asked;
        *asked += 1;
        if operation == "Greeting" {
            return (200, "healthy".to_owned());
        }
        let call = script.calls.iter().filter(|call| call.operation == operation).nth(n);
        // A quarter after its payload was written a function looks for the measure of that quarter too: there is none.
        call.map_or_else(|| (200, "{}".to_owned()), |call| (call.status, call.answer.clone()))
    }

    /// From here on the calls of the next event are answered; says what the last one called.
    pub fn begin_anew(&self) -> HashMap<String, usize> {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut script.asked)
    }
}
