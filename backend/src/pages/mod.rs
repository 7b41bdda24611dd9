//! What the server sends for a page: the shell that starts the app, with what this page is called and says in it, its
//! first picture and its first data. It is the same for everybody; who is asking, the page finds out by itself.

mod content;
mod head;
mod linked_data;
mod list_screen;
mod preload;
mod product_parts;
mod product_screen;
mod shell;
mod sitemap;

use crate::{
    Config, Result,
    catalog::{self, Catalog, Snapshot},
    http::{
        representation::Representation,
        site::{self, Site},
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use preload::Preloads;
use shared::{
    catalog::ProductQuery,
    ids::{Sku, Slug},
    paths::page,
};
use shell::Shell;

/// What all pages have in common.
pub struct Pages {
    origin: String,
    /// `None`: no frontend was built.
    shell: Option<Shell>,
    preloads: Preloads,
}

impl Pages {
    /// # Errors
    /// The site's shell or its list of lazy pages is not ours.
    pub fn new(site: &Site, config: &Config) -> anyhow::Result<Self> {
        let shell = site.file(site::SHELL).map(|file| Shell::read(&file.plain)).transpose()?;
        Ok(Self { origin: config.origin(), shell, preloads: Preloads::read(site)? })
    }

    /// Where search engines find a page: without a slash at the end, but for the start page.
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    let sitemap = web::resource("/sitemap.xml");
    let robots = web::resource("/robots.txt");
    cfg.service(sitemap.get(sitemap::sitemap).route(web::head().to(sitemap::sitemap)))
        .service(robots.get(sitemap::robots).route(web::head().to(sitemap::robots)));
}

/// The default of everything that is neither API nor protocol: a file of the site, or a page.
pub async fn serve(
    site: Data<Site>,
    pages: Data<Pages>,
    catalog: Data<Catalog>,
    request: HttpRequest,
) -> HttpResponse {
    if !site::is_read(&request) {
        return site::only_reading();
    }
    let path = request.path();
    // The shell is no page by itself.
    if let Some(file) = site.file(path).filter(|_| path != site::SHELL) {
        return file.respond(&request);
    }
    let Some(shell) = pages.shell.as_ref().filter(|_| site::is_page(path)) else {
        return site::no_such_file();
    };
    match page(&pages, shell, &catalog, &request).await {
        Ok(answer) => answer,
        Err(error) => {
            // The app asks for itself, and says what is wrong where something is.
            tracing::warn!(%error, "a page is sent without its content");
            site.file(site::SHELL).map_or_else(site::no_such_file, |file| file.respond(&request))
        }
    }
}

async fn page(
    pages: &Pages,
    shell: &Shell,
    catalog: &Catalog,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    let snapshot = catalog.current().await?;
    let page = Page::at(request.path(), request.query_string(), &snapshot);
    let body = snapshot.remember(&page.name(), || {
        let content = content::of(&page, &snapshot, pages)?;
        let html = shell.fill(&content, &pages.preloads.html(&page)?)?;
        Ok(Representation::compressed("text/html; charset=utf-8", html))
    })?;
    let is_known = !matches!(page, Page::Unknown);
    let status = if is_known { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(body.respond_with(status, request))
}

/// What an address shows.
#[derive(Debug, PartialEq)]
enum Page {
    Home,
    Category(Slug, ProductQuery),
    Search(ProductQuery),
    /// With the variant that the address names, if it is one of this product.
    Product(Slug, Option<Sku>),
    /// One of `page::ALL` that has nothing to do with the catalogue.
    Other(&'static str),
    Unknown,
}

impl Page {
    fn at(path: &str, search: &str, snapshot: &Snapshot) -> Self {
        let Some(template) = shared::paths::page_at(path) else { return Self::Unknown };
        let slug = || path.split('/').nth(2).unwrap_or_default().parse::<Slug>().ok();
        match template {
            page::HOME => Self::Home,
            page::SEARCH => Self::Search(ProductQuery::of_page(search, None)),
            page::CATEGORY => slug()
                .filter(|slug| snapshot.category(slug).is_some())
                .map_or(Self::Unknown, |slug| {
                    Self::Category(slug.clone(), ProductQuery::of_page(search, Some(slug)))
                }),
            page::PRODUCT => {
                slug().filter(|slug| snapshot.has_product(slug)).map_or(Self::Unknown, |slug| {
                    let sku = sku_in(search).filter(|sku| snapshot.has_variant(&slug, sku));
                    Self::Product(slug, sku)
                })
            }
            other => Self::Other(other),
        }
    }

    /// What the snapshot remembers it by. Addresses that mean the same are one.
    fn name(&self) -> String {
        match self {
            Self::Home => "page".to_owned(),
            Self::Category(slug, query) => format!("page /c/{slug} {}", query.api_path()),
            Self::Search(query) => format!("page /search {}", query.api_path()),
            Self::Product(slug, None) => format!("page /p/{slug}"),
            Self::Product(slug, Some(sku)) => format!("page /p/{slug} {sku}"),
            Self::Other(template) => format!("page {template}"),
            Self::Unknown => "page 404".to_owned(),
        }
    }
}

/// What the query string of a product's page asks for.
fn sku_in(search: &str) -> Option<Sku> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(search).unwrap_or_default();
    let (_, sku) = pairs.iter().find(|(name, _)| name == "sku")?;
    sku.parse().ok()
}

/// The list that a page shows, unless the API would refuse it.
fn list(query: &ProductQuery, snapshot: &Snapshot) -> Result<Option<catalog::Answer>> {
    catalog::is_answered(query, snapshot).then(|| snapshot.products_answer(query)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::testing;

    #[tokio::test]
    async fn addresses_that_mean_the_same_are_one_page() {
        let db = testing::shop().await;
        let snapshot = Catalog::new(db.clone()).current().await.unwrap();
        let name = |path: &str, search: &str| Page::at(path, search, &snapshot).name();
        assert_eq!(name("/p/stoneware-teacup", "sku=X"), name("/p/stoneware-teacup/", ""));
        assert_ne!(
            name("/p/stoneware-teacup", "sku=HK-TEACUP-BLUE"),
            name("/p/stoneware-teacup", "")
        );
        assert_eq!(name("/search", "q=tea&x=1"), name("/search/", "q=tea&page=1"));
        assert_ne!(name("/search", "q=tea"), name("/search", "q=te"));
        assert_ne!(name("/c/home-kitchen", ""), name("/c/home-kitchen", "page=2"));
        for unknown in ["/p/none", "/p/STONEWARE", "/c/none", "/c/%00", "/nowhere", "/p//"] {
            assert_eq!(Page::at(unknown, "", &snapshot), Page::Unknown, "{unknown}");
        }
    }
}
