//! `GET /api/session/events`: server-sent events that tell a browser that something happened to its session. One
//! stream serves all tabs of a browser: with HTTP/1.1 it has six connections to a server, and a stream
//! keeps one.

use crate::{
    Result, db,
    http::limits::{Limits, OpenStream},
    session::{self, SessionRow, Sessions, Visitor, limits},
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::{Stream, stream};
use sea_orm::DatabaseConnection;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::sync::broadcast::{self, error::RecvError};

/// A comment now and then keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(25);
const OPEN: &str = ": open\n\n";
const STILL_HERE: &str = ": still here\n\n";
/// A hint and no more: whoever hears it asks `GET /api/session`.
const CHANGED: &str = "data: changed\n\n";

pub(super) async fn events(
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    limits: Data<Limits>,
    visitor: Visitor,
) -> HttpResponse {
    let follower = Follower {
        changes: sessions.live.subscribe(),
        sessions,
        db,
        open: visitor.session.as_ref().map(|row| limits.open_stream(&row.id)),
        session: visitor.session,
        is_opened: false,
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Proxies that buffer would keep the news to themselves.
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(follow(follower))
}

struct Follower {
    db: Data<DatabaseConnection>,
    sessions: Data<Sessions>,
    session: Option<Arc<SessionRow>>,
    changes: broadcast::Receiver<Arc<[String]>>,
    is_opened: bool,
    open: Option<OpenStream>,
}

/// The stream begins with a comment, so that the browser knows it is open, and ends with the session.
fn follow(follower: Follower) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream::unfold(follower, |mut follower| async move {
        let text = follower.next().await?;
        Some((Ok(Bytes::from_static(text.as_bytes())), follower))
    })
}

impl Follower {
    /// The next piece of the stream; `None` when it ends.
    async fn next(&mut self) -> Option<&'static str> {
        if !self.is_opened {
            self.is_opened = true;
            return Some(OPEN);
        }
        let row = self.session.clone()?;
        let open = self.open.as_ref()?;
        // Begun once: changes of other people's sessions must not put them off.
        let mut heartbeat = pin!(tokio::time::sleep(HEARTBEAT));
        let until_deadline = limits::until_deadline(&row, db::now());
        let mut deadline = pin!(tokio::time::sleep(until_deadline));
        loop {
            tokio::select! {
                () = self.sessions.live.closed() => return None,
                () = open.replaced() => return None,
                () = &mut heartbeat => return Some(STILL_HERE),
                () = &mut deadline => return self.refresh(&row.id).await,
                change = self.changes.recv() => match change {
                    Ok(ids) if !ids.contains(&row.id) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return self.refresh(&row.id).await,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Reads the row: it may have been moved or ended, or its time may be over.
    async fn refresh(&mut self, id: &str) -> Option<&'static str> {
        self.session = session::find(self.db.get_ref(), id).await.ok()?.map(Arc::new);
        let now = db::now();
        if let Some(row) = &self.session
            && let Some(reason) = limits::expired(row, now)
        {
            let ids = [row.id.clone()];
            self.sessions.end_expired(&ids, reason, now).await.ok()?;
            self.session = session::find(self.db.get_ref(), id).await.ok()?.map(Arc::new);
        }
        Some(CHANGED)
    }
}
