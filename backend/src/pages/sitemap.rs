//! What search engines are told: which pages there are, and what is none of theirs.

use super::Pages;
use crate::{
    Result,
    catalog::Catalog,
    http::{representation::Representation, site::Site},
};
use actix_web::{HttpRequest, HttpResponse, web::Data};
use shared::paths::page;
use std::fmt::Write as _;

const START: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
"#;

/// <https://www.sitemaps.org/protocol.html>
pub async fn sitemap(
    pages: Data<Pages>,
    catalog: Data<Catalog>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let snapshot = catalog.current().await?;
    let sitemap = snapshot.remember("sitemap", || {
        let categories = snapshot.categories().iter().map(|category| &category.slug);
        let paths = [page::HOME.to_owned(), page::SEARCH.to_owned()]
            .into_iter()
            .chain(categories.map(|slug| format!("/c/{slug}")))
            .chain(snapshot.slugs().map(|slug| format!("/p/{slug}")));
        let mut text = START.to_owned();
        for path in paths {
            // Neither an origin nor a slug has anything to escape.
            writeln!(text, "<url><loc>{}</loc></url>", pages.address(&path))?;
        }
        text.push_str("</urlset>\n");
        Ok(Representation::compressed("application/xml", text))
    })?;
    Ok(sitemap.respond(&request))
}

/// The site's own file knows no origin, which the sitemap's address has to have.
pub async fn robots(pages: Data<Pages>, site: Data<Site>, request: HttpRequest) -> HttpResponse {
    let rules = site.file("/robots.txt").map(|file| String::from_utf8_lossy(&file.plain));
    let rules = rules.as_deref().unwrap_or("User-agent: *").trim_end();
    let text = format!("{rules}\n\nSitemap: {}\n", pages.address("/sitemap.xml"));
    Representation::compressed("text/plain; charset=utf-8", text).respond(&request)
}
