//! A request's body comes within a time, or the connection ends: whoever sends it a byte at a time holds nothing for
//! ever. (The first request's head has a time of actix's own.)

use crate::Config;
use actix_web::{
    HttpMessage as _,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    middleware::Next,
    web::{Bytes, Data},
};
use futures_util::{Stream, stream};
use std::{
    cell::RefCell,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Sleep, sleep};

struct Body {
    payload: Payload,
    deadline: Pin<Box<Sleep>>,
    is_whole: bool,
}

impl Body {
    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))));
        }
        let next = ready!(Pin::new(&mut self.payload).poll_next(context));
        self.is_whole = next.is_none();
        Poll::Ready(next)
    }
}

/// Whether reading the body ended because of its deadline.
pub fn is_late(error: &actix_web::Error) -> bool {
    let fault = error.as_error::<PayloadError>();
    matches!(fault, Some(PayloadError::Io(error)) if error.kind() == io::ErrorKind::TimedOut)
}

/// Middleware: whoever reads the body reads it until the deadline.
pub async fn in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let payload = request.take_payload();
    let Some(limit) = time_of(&request).filter(|_| !matches!(payload, Payload::None)) else {
        request.set_payload(payload);
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let deadline = Box::pin(sleep(limit));
    let body = Rc::new(RefCell::new(Body { payload, deadline, is_whole: false }));
    let reader = Rc::clone(&body);
    let reader = stream::poll_fn(move |context| reader.borrow_mut().poll_next(context));
    request.set_payload(Payload::Stream { payload: Box::pin(reader) });
    let response = next.call(request).await?.map_into_boxed_body();
    if body.borrow().is_whole {
        return Ok(response);
    }
    Ok(response.map_body(|_, answer| BoxBody::new(Unread { answer, _body: body })))
}

fn time_of(request: &ServiceRequest) -> Option<Duration> {
    Some(request.app_data::<Data<Config>>()?.requests.body)
}

/// An answer to a request whose body was not read to its end. actix closes such a connection, but for one whose
/// chunks nobody waits for any more: it reads on for as long as they come. So somebody waits.
struct Unread {
    answer: BoxBody,
    _body: Rc<RefCell<Body>>,
}

impl MessageBody for Unread {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(context)
    }
}
