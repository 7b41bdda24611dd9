//! The mails that are due, handed to the mail server.

use super::compose::{Mail, compose};
use crate::{
    Config, Result,
    config::Smtp,
    db,
    orders::{by_id, entity::order_mail},
};
use actix_web::web::Data;
use anyhow::Context as _;
use lettre::{
    AsyncTransport as _, Message,
    message::{
        MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use shared::orders::{Order, OrderStatus};
use std::time::Duration;

/// Nobody waits for a mail as for a page.
const EVERY: Duration = Duration::from_secs(5);
const BATCH: u64 = 50;

/// The waits double from one minute on; altogether it is tried for seventeen hours.
const MOST_TRIES: i32 = 10;

/// Until the process ends: sends what is due, where there is a mail server.
pub async fn deliver(config: Data<Config>, db: Data<DatabaseConnection>) {
    let mut rounds = tokio::time::interval(EVERY);
    while config.smtp.is_some() {
        rounds.tick().await;
        if let Err(error) = deliver_due(&config, &db, db::now()).await {
            tracing::warn!(%error, "a round of mails failed");
        }
    }
}

/// Sends each mail that is due. One that the server does not take now is tried again later.
pub async fn deliver_due(config: &Config, db: &DatabaseConnection, now: i64) -> Result<()> {
    let Some(smtp) = &config.smtp else { return Ok(()) };
    let due = order_mail::Entity::find()
        .filter(order_mail::Column::DueAt.lte(now))
        .order_by_asc(order_mail::Column::DueAt)
        .limit(BATCH)
        .all(db)
        .await?;
    for row in due {
        if !claim(db, &row, now).await? {
            continue;
        }
        let order = by_id(db, row.order_id).await?;
        let status = row.status.shown().context("a mail about a reserved order")?;
        let number = &order.summary.number;
        match send(config, smtp, &order, status).await {
            Ok(()) => finish(db, row.id, Some(now)).await?,
            Err(Failure::ForGood(error)) => {
                tracing::warn!(%error, order = %number, "a mail is given up");
                finish(db, row.id, None).await?;
            }
            Err(Failure::ForNow(error)) => {
                tracing::info!(%error, order = %number, "a mail is tried again later");
            }
        }
    }
    Ok(())
}

/// Puts the next try off before this one, so that of several replicas one sends it, and a crash in between does not lose
/// it. `false`: another one was faster.
async fn claim(db: &DatabaseConnection, row: &order_mail::Model, now: i64) -> Result<bool> {
    let tries = row.tries + 1;
    let next = (tries < MOST_TRIES).then(|| now + (60_000 << row.tries.clamp(0, MOST_TRIES)));
    let claimed = order_mail::Entity::update_many()
        .set(order_mail::ActiveModel { due_at: Set(next), tries: Set(tries), ..Default::default() })
        .filter(order_mail::Column::Id.eq(row.id))
        .filter(order_mail::Column::DueAt.eq(row.due_at))
        .filter(order_mail::Column::Tries.eq(row.tries))
        .exec(db)
        .await?;
    Ok(claimed.rows_affected == 1)
}

async fn finish(db: &DatabaseConnection, id: i64, sent_at: Option<i64>) -> Result<()> {
    order_mail::Entity::update_many()
        .set(order_mail::ActiveModel {
            due_at: Set(None),
            sent_at: Set(sent_at),
            ..Default::default()
        })
        .filter(order_mail::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

enum Failure {
    /// As when the server cannot be reached, or asks to come back later.
    ForNow(anyhow::Error),
    /// As when there is no such mailbox.
    ForGood(anyhow::Error),
}

async fn send(
    config: &Config,
    smtp: &Smtp,
    order: &Order,
    status: OrderStatus,
) -> Result<(), Failure> {
    let message = message(config, smtp, order, status).map_err(Failure::ForGood)?;
    let sent = smtp.transport.send(message).await;
    sent.map(drop).map_err(|error| {
        // What the server said may repeat the address, which is nothing for a log.
        let told = match error.status() {
            Some(code) => anyhow::anyhow!("the mail server answered {code}"),
            None => anyhow::anyhow!("the mail server was not reached"),
        };
        if error.is_permanent() { Failure::ForGood(told) } else { Failure::ForNow(told) }
    })
}

fn message(
    config: &Config,
    smtp: &Smtp,
    order: &Order,
    status: OrderStatus,
) -> anyhow::Result<Message> {
    let Mail { subject, text, html } = compose(order, status, config);
    let to = order.email.parse().ok().context("the order has no address that mail goes to")?;
    let host = config.public_url.host_str().unwrap_or("localhost");
    // The same each time: a mail program shows twice what was sent twice only where they differ (RFC 5322 §3.6.4).
    let id = format!("<{}.{}@{host}>", order.summary.number, status.into_str());
    let by_a_program = HeaderName::new_from_ascii_str("Auto-Submitted");
    Ok(Message::builder()
        .from(smtp.from.clone())
        .to(lettre::message::Mailbox::new(None, to))
        .subject(subject)
        .message_id(Some(id))
        .raw_header(HeaderValue::new(by_a_program, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(text, html))?)
}
