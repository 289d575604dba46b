//! The Lambda Runtime API, as far as a runtime needs it: it hands out one event after the other, and notes when it was
//! answered.

use crate::Outcome;
use chrono::{TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{sync::Arc, time::Instant};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
};

/// What the process does.
#[derive(Debug)]
pub enum Step {
    /// It asks for an event.
    Asks(Instant),
    /// It has answered one.
    Answered(Instant, Bytes),
    /// It says that it failed.
    Failed(Bytes),
}

#[derive(Debug)]
struct Wires {
    events: Mutex<mpsc::Receiver<Bytes>>,
    steps: mpsc::UnboundedSender<Step>,
}

/// The API for one process.
#[derive(Debug)]
pub struct RuntimeApi {
    /// `host:port`, as in `AWS_LAMBDA_RUNTIME_API`.
    pub address: String,
    events: mpsc::Sender<Bytes>,
    steps: mpsc::UnboundedReceiver<Step>,
}

impl RuntimeApi {
    /// Begins to listen.
    pub async fn start() -> Outcome<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (events, next) = mpsc::channel(1);
        let (noted, steps) = mpsc::unbounded_channel();
        tokio::spawn(serve(listener, Arc::new(Wires { events: Mutex::new(next), steps: noted })));
        Ok(Self { address, events, steps })
    }

    /// An event for whoever asks next.
    pub async fn hand_out(&self, event: Bytes) -> Outcome<()> {
        Ok(self.events.send(event).await?)
    }

    /// What the process does next.
    pub async fn step(&mut self) -> Option<Step> {
        self.steps.recv().await
    }
}

async fn serve(listener: TcpListener, wires: Arc<Wires>) {
    while let Ok((socket, _)) = listener.accept().await {
        let wires = Arc::clone(&wires);
        tokio::spawn(async move {
            drop(socket.set_nodelay(true));
            let answer = service_fn(async |request| answer(&wires, request).await);
            drop(http1::Builder::new().serve_connection(TokioIo::new(socket), answer).await);
        });
    }
}

async fn answer(wires: &Wires, request: Request<Incoming>) -> hyper::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let now = Instant::now();
    let path = head.uri.path();
    let note = |step| drop(wires.steps.send(step));
    if path.ends_with("/invocation/next") {
        note(Step::Asks(now));
        return Ok(event(wires.events.lock().await.recv().await.unwrap_or_default()));
    }
    note(if path.ends_with("/response") { Step::Answered(now, body) } else { Step::Failed(body) });
    let mut taken = Response::new(Full::default());
    *taken.status_mut() = hyper::StatusCode::ACCEPTED;
    Ok(taken)
}

#[expect(clippy::disallowed_methods, reason = "Lambda says until when by the machine's clock")]
fn event(body: Bytes) -> Response<Full<Bytes>> {
    let deadline = Utc::now() + TimeDelta::seconds(30);
    let mut response = Response::new(Full::new(body));
    let said = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.timestamp_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:123456789012:function:bench".to_owned()),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    for (name, value) in said {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
