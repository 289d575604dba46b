//! Calls that are held back: each waits until somebody lets it through, answers it otherwise, or leaves it unanswered.
//! This is how two functions can be at work at one moment, and how a call can come before or after another.

use crate::{
    cloud::{Cloud, locked},
    faults::Attempt,
};
use aws_smithy_runtime_api::{
    client::{http::HttpConnectorFuture, orchestrator::HttpResponse, result::ConnectorError},
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use std::{future::poll_fn, sync::Mutex, task::Poll};
use tokio::sync::oneshot;

/// Steps after which whoever has a call to make has made it.
const STEPS: usize = 8;

/// What comes back over the connection: a status and a body, or nothing because it broke.
pub type Back = Option<(u16, String)>;

/// A call on its way.
#[derive(Debug)]
pub struct Held {
    /// Which worker made it.
    pub worker: u64,
    /// What it asks.
    pub attempt: Attempt,
    back: oneshot::Sender<Back>,
}

impl Held {
    /// Answers it. Whoever asked may have given up.
    pub fn answer(self, back: Back) {
        let _ = self.back.send(back);
    }

    /// Whether nobody waits for the answer any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.back.is_closed()
    }
}

#[derive(Debug, Default)]
struct Road {
    worker: Option<u64>,
    held: Vec<Held>,
}

/// The calls that are held back.
#[derive(Debug, Default)]
pub struct Traffic(Mutex<Road>);

impl Traffic {
    /// From now on calls are this worker's, and held back; with `None` they go straight through.
    pub fn of(&self, worker: Option<u64>) {
        locked(&self.0).worker = worker;
    }

    /// The calls that were made since this was last asked, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<Held> {
        std::mem::take(&mut locked(&self.0).held)
    }

    /// Holds a call back, if calls are.
    pub(crate) fn hold(&self, attempt: &Attempt) -> Option<HttpConnectorFuture> {
        let mut road = locked(&self.0);
        let worker = road.worker?;
        let (back, answer) = oneshot::channel();
        road.held.push(Held { worker, attempt: attempt.clone(), back });
        Some(HttpConnectorFuture::new(async move {
            match answer.await {
                Ok(Some(back)) => Ok(answered(back)),
                Ok(None) => Err(ConnectorError::io("the connection broke".into())),
                Err(_) => std::future::pending().await,
            }
        }))
    }
}

/// Lets work on until it waits for nothing but calls, answers them, and so on to its end. Says what was called in each of
/// these round trips.
pub async fn in_round_trips<T>(cloud: &Cloud, work: impl Future<Output = T>) -> (T, Vec<Vec<String>>) {
    let mut work = Box::pin(work);
    let (mut held, mut rounds) = (Vec::new(), Vec::new());
    cloud.traffic.of(Some(0));
    loop {
        // Whoever works goes on in several steps before it calls; a round has begun when a step adds no call to it.
        let before = held.len();
        for _ in 0..STEPS {
            if let Poll::Ready(done) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
                cloud.traffic.of(None);
                return (done, rounds);
            }
            tokio::task::yield_now().await;
        }
        held.extend(cloud.traffic.taken());
        if !held.is_empty() && held.len() == before {
            rounds.push(held.iter().map(|call: &Held| call.attempt.operation.clone()).collect());
            for call in held.drain(..) {
                let back = cloud.answer(&call.attempt);
                call.answer(Some(back));
            }
        }
    }
}

/// An answer as the connection brings it.
pub(crate) fn answered((status, body): (u16, String)) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, SdkBody::from(body))
}
