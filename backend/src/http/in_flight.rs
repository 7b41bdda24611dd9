//! Requests in flight, counted, so that a stop can wait for them.
//!
//! actix stops each worker as soon as that one has nothing to do. On PostgreSQL the pool's connections belong
//! to the runtime of the worker that opened them: one that stops early would take them away from requests
//! that are still in flight on another. So all are waited for before the first worker stops.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::ConnectionType,
    middleware::Next,
    web::Data,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

const LOOK_EVERY: Duration = Duration::from_millis(10);

#[derive(Clone, Debug, Default)]
pub struct InFlight {
    count: Arc<AtomicUsize>,
    stopping: Arc<AtomicBool>,
}

/// One request, counted as long as this exists.
struct One(Arc<AtomicUsize>);

impl InFlight {
    fn begin(&self) -> One {
        self.count.fetch_add(1, Ordering::Relaxed);
        One(Arc::clone(&self.count))
    }

    /// Returns when none is in flight, or after `patience`. From now on each answer closes its connection: the next
    /// request would come too late.
    pub async fn none(&self, patience: Duration) {
        self.stopping.store(true, Ordering::Relaxed);
        let none = async {
            while self.count.load(Ordering::Relaxed) > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(patience, none).await.is_err() {
            tracing::warn!("some requests took too long to be waited for");
        }
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Middleware: counts the request until its answer is there.
pub async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let in_flight = request.app_data::<Data<InFlight>>().cloned();
    let _one = in_flight.as_ref().map(|in_flight| in_flight.begin());
    let mut response = next.call(request).await?;
    if in_flight.is_some_and(|in_flight| in_flight.stopping.load(Ordering::Relaxed)) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_stop_waits_for_the_last_request_and_not_forever() {
        let in_flight = InFlight::default();
        in_flight.none(Duration::MAX).await;
        let one = in_flight.begin();
        let began = std::time::Instant::now();
        in_flight.none(Duration::from_millis(30)).await;
        assert!(began.elapsed() >= Duration::from_millis(30));
        drop(one);
        in_flight.none(Duration::MAX).await;
    }
}
