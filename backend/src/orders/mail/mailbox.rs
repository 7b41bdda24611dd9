//! `/mailbox`, in demo mode only: every mail about an order, sent or not, newest first.

use super::compose::{Mail, compose};
use crate::{
    Config, Error, Result,
    http::{escape::html, own_host::require_own_host, plain_page::plain_page},
    orders::{by_id, entity::order_mail},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    web::{Data, Path},
};
use anyhow::Context as _;
use sea_orm::{DatabaseConnection, EntityTrait as _, QueryOrder as _, QuerySelect as _};
use shared::{
    orders::Order,
    paths::{MAILBOX, page},
};

const SHOWN: u64 = 50;

pub async fn mailbox(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    require_demo(&config, &request)?;
    let rows = order_mail::Entity::find()
        .order_by_desc(order_mail::Column::Id)
        .limit(SHOWN)
        .all(db.get_ref())
        .await?;
    let mut letters = String::new();
    for row in rows {
        let (id, (order, mail)) = (row.id, read(&config, &db, row).await?);
        letters += &article(id, &order, &mail);
    }
    if letters.is_empty() {
        "<p>Nothing was written yet. Place an order, with an account or without.</p>\n"
            .clone_into(&mut letters);
    }
    let body = format!(
        "<header>\n<nav aria-label=\"The shop\"><a href=\"{home}\">← Back to the shop</a></nav>\n<h1>Mailbox</h1>\n\
         <p>Every mail that the shop writes about an order, newest first. Only available in demo mode.</p>\n\
         </header>\n<main>\n{letters}</main>\n",
        home = page::HOME,
    );
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(plain_page("Mailbox", "", &body)))
}

/// One mail's HTML, as a mail program shows it: with its own styles, and cut off from the shop (CSP `sandbox`).
pub async fn letter(
    config: Data<Config>,
    db: Data<DatabaseConnection>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse> {
    require_demo(&config, &request)?;
    let unknown = || Error::not_found("There is no such mail. Look it up in the mailbox.");
    let id: i64 = id.parse().map_err(|_| unknown())?;
    let row = order_mail::Entity::find_by_id(id).one(db.get_ref()).await?.ok_or_else(unknown)?;
    let (_, mail) = read(&config, &db, row).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
        sandbox allow-top-navigation-by-user-activation";
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(mail.html))
}

fn require_demo(config: &Config, request: &HttpRequest) -> Result<()> {
    if !config.demo {
        return Err(Error::not_found("Only available in demo mode."));
    }
    require_own_host(config, request)
}

async fn read(
    config: &Config,
    db: &DatabaseConnection,
    row: order_mail::Model,
) -> Result<(Order, Mail)> {
    let order = by_id(db, row.order_id).await?;
    let status = row.status.shown().context("a mail about a reserved order")?;
    let mail = compose(&order, status, config);
    Ok((order, mail))
}

fn article(id: i64, order: &Order, mail: &Mail) -> String {
    let subject = html(&mail.subject);
    format!(
        "<article>\n<h2>{subject}</h2>\n<p>To {to} · <a href=\"{MAILBOX}/{id}\" aria-label=\"{subject}, as HTML\">as HTML</a></p>\n\
         <pre>{text}</pre>\n</article>\n",
        to = html(&order.email),
        text = html(&mail.text),
    )
}
