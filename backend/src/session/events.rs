//! `GET /api/session/events`: server-sent events that tell a browser what happened to its session. One
//! stream serves all tabs of a browser: with HTTP/1.1 it has six connections to a server, and a stream
//! keeps one.

use super::{SessionRow, Visitor, entity::session, lifetimes, live};
use crate::{App, Result, db};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{self, Bytes, Data},
};
use futures_util::{Stream, stream};
use sea_orm::EntityTrait as _;
use shared::session::SessionEvent;
use std::{pin::pin, time::Duration};
use tokio::sync::broadcast::error::RecvError;

/// A comment now and then keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(25);

pub(super) async fn events(app: Data<App>, visitor: Visitor) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Proxies that buffer would keep the news to themselves.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(follow(app, visitor.session)))
}

struct Follower {
    app: Data<App>,
    session: Option<SessionRow>,
    changes: tokio::sync::broadcast::Receiver<live::Change>,
    is_opened: bool,
}

/// The stream begins with a comment, so that the browser knows it is open, and ends with the session.
fn follow(
    app: Data<App>,
    session: Option<SessionRow>,
) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    let changes = app.live.subscribe();
    let follower = Follower {
        app,
        session,
        changes,
        is_opened: false,
    };
    stream::unfold(follower, |mut follower| async move {
        let text = follower.next().await?;
        Some((Ok(Bytes::from(text)), follower))
    })
}

impl Follower {
    /// The next piece of the stream; `None` when it ends.
    async fn next(&mut self) -> Option<String> {
        if !self.is_opened {
            self.is_opened = true;
            return Some(": open\n\n".to_owned());
        }
        let row = self.session.clone()?;
        // Begun once: changes of other people's sessions must not put them off.
        let mut heartbeat = pin!(tokio::time::sleep(HEARTBEAT));
        let mut deadline = pin!(tokio::time::sleep(live::until_deadline(&row)));
        loop {
            tokio::select! {
                () = self.app.live.closed() => return None,
                () = &mut heartbeat => return Some(": still here\n\n".to_owned()),
                () = &mut deadline => return self.look(&row.id).await,
                change = self.changes.recv() => match change {
                    Ok(change) if change.sessions.contains(&row.id) => return self.hear(change.event, &row.id).await,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return self.look(&row.id).await,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    async fn hear(&mut self, event: SessionEvent, id: &str) -> Option<String> {
        match event {
            SessionEvent::Ended { .. } => {
                self.session = None;
                Some(message(event))
            }
            SessionEvent::Changed => self.look(id).await,
        }
    }

    /// Reads the row: it may have been moved, or its time may be over.
    async fn look(&mut self, id: &str) -> Option<String> {
        let row = session::Entity::find_by_id(id)
            .one(&self.app.db)
            .await
            .ok()?;
        let Some(row) = row else {
            self.session = None;
            return Some(message(SessionEvent::Changed));
        };
        if let Some(reason) = lifetimes::expired(&row, db::now()) {
            self.session = None;
            super::end(&self.app.live, &[row.id], reason, db::now())
                .await
                .ok()?;
            return Some(message(SessionEvent::Ended { reason }));
        }
        self.session = Some(row);
        Some(message(SessionEvent::Changed))
    }
}

fn message(event: SessionEvent) -> String {
    let data = serde_json::to_string(&event).unwrap_or_default();
    format!("data: {data}\n\n")
}

pub(super) fn routes(routes: &mut web::ServiceConfig) {
    routes.service(web::resource(shared::paths::api::SESSION_EVENTS).get(events));
}
