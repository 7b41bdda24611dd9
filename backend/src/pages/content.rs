//! What each page says, before it becomes HTML.

use super::{Page, Pages, head::Head, linked_data, list, list_screen, product_screen};
use crate::{
    Result,
    catalog::{Answer, Snapshot, is_answered},
};
use anyhow::Context as _;
use shared::{
    catalog::ProductQuery,
    ids::{Sku, Slug},
    paths::page,
};

pub struct Content {
    pub head: Head,
    pub screen: Screen,
    pub first_data: Vec<Answer>,
}

/// What is to be seen until the app has started.
pub enum Screen {
    Hero,
    Skeleton,
    /// A heading, its text, and what the app fills.
    Titled(String, String),
    Html(String),
}

pub fn of(page: &Page, snapshot: &Snapshot, pages: &Pages) -> Result<Content> {
    match page {
        Page::Home => home(snapshot, pages),
        Page::Category(slug, query) => category(slug, query, snapshot, pages),
        Page::Search(query) => search(query, snapshot, pages),
        Page::Product(slug, sku) => product(slug, sku.as_ref(), snapshot, pages),
        Page::Other(template) => Ok(plain(title(template), Screen::Skeleton)),
        Page::Unknown => Ok(plain(
            "Page not found",
            Screen::Titled(
                "Page not found".to_owned(),
                "There is nothing at this address.".to_owned(),
            ),
        )),
    }
}

fn home(snapshot: &Snapshot, pages: &Pages) -> Result<Content> {
    let featured = ProductQuery { featured: Some(true), ..ProductQuery::default() };
    Ok(Content {
        head: Head {
            address: Some(pages.address(page::HOME)),
            linked_data: vec![linked_data::shop(pages)],
            ..Head::titled("Home")
        },
        screen: Screen::Hero,
        first_data: vec![snapshot.categories_answer()?, snapshot.products_answer(&featured)?],
    })
}

fn category(
    slug: &Slug,
    query: &ProductQuery,
    snapshot: &Snapshot,
    pages: &Pages,
) -> Result<Content> {
    let category = snapshot.category(slug).context("a category that was found")?;
    let path = format!("/c/{slug}");
    // Sorted or filtered it is the same list; its next page is another one.
    let canonical = match query.page {
        Some(_) if is_past_the_end(query, snapshot) => None,
        Some(number) => Some(pages.address(&format!("{path}?page={number}"))),
        None => Some(pages.address(&path)),
    };
    Ok(Content {
        head: Head {
            description: Some(category.description.clone()),
            address: canonical,
            picture: Some(pages.address(&category.picture)),
            linked_data: vec![linked_data::breadcrumbs(pages, &[(&category.name, &path)])],
            ..Head::titled(&category.name)
        },
        screen: list_of(&category.name, Some(&category.description), query, snapshot),
        first_data: lists(query, snapshot)?,
    })
}

fn search(query: &ProductQuery, snapshot: &Snapshot, pages: &Pages) -> Result<Content> {
    let words = query.q.as_deref().filter(|words| !words.is_empty());
    let title = words.map_or("All products".to_owned(), |words| format!("Results for “{words}”"));
    // What one visitor searched for is no page for others.
    let address = match (words, query.page) {
        (Some(_), _) => None,
        (None, Some(_)) if is_past_the_end(query, snapshot) => None,
        (None, Some(number)) => Some(pages.address(&format!("{}?page={number}", page::SEARCH))),
        (None, None) => Some(pages.address(page::SEARCH)),
    };
    Ok(Content {
        head: Head { address, ..Head::titled(&title) },
        screen: list_of(&title, None, query, snapshot),
        first_data: lists(query, snapshot)?,
    })
}

fn list_of(title: &str, lead: Option<&str>, query: &ProductQuery, snapshot: &Snapshot) -> Screen {
    let products =
        if is_answered(query, snapshot) { snapshot.products(query).products } else { Vec::new() };
    Screen::Html(list_screen::of(title, lead, snapshot.categories(), &products))
}

fn is_past_the_end(query: &ProductQuery, snapshot: &Snapshot) -> bool {
    snapshot.products(query).products.is_empty()
}

fn lists(query: &ProductQuery, snapshot: &Snapshot) -> Result<Vec<Answer>> {
    let list = list(query, snapshot)?;
    Ok(std::iter::once(snapshot.categories_answer()?).chain(list).collect())
}

fn product(slug: &Slug, sku: Option<&Sku>, snapshot: &Snapshot, pages: &Pages) -> Result<Content> {
    let answer = snapshot.product_answer(slug)?;
    let product = snapshot.product(slug).context("a product that was found")?;
    let shown = product.first_shown(sku.map(Sku::as_str));
    let summary = &product.summary;
    let category_path = format!("/c/{}", summary.category);
    let path = format!("/p/{slug}");
    let crumbs = [
        (product.category_name.as_str(), category_path.as_str()),
        (summary.name.as_str(), path.as_str()),
    ];
    Ok(Content {
        head: Head {
            description: Some(product.description.clone()),
            address: Some(pages.address(&path)),
            picture: Some(pages.address(product.picture_of(shown))),
            kind: "product",
            linked_data: vec![
                linked_data::product(pages, &product),
                linked_data::breadcrumbs(pages, &crumbs),
            ],
            ..Head::titled(&summary.name)
        },
        screen: Screen::Html(product_screen::of(&product, shown)),
        first_data: answer.into_iter().collect(),
    })
}

/// One that search engines have no use for.
fn plain(title: &str, screen: Screen) -> Content {
    Content { head: Head::titled(title), screen, first_data: Vec::new() }
}

/// As the page itself calls it, once it is there.
fn title(template: &str) -> &'static str {
    match template {
        page::CART => "Cart",
        page::WISHLIST => "Wishlist",
        page::CHECKOUT => "Check out",
        page::ACCOUNT => "My Account",
        page::ORDERS => "All Orders",
        page::FIND_ORDER => "Find your order",
        page::SIGNED_IN => "Where you’re signed in",
        page::SESSIONS => "Sessions",
        page::SIGNED_OUT => "Signed out",
        page::SIGN_IN_PROBLEM => "Sign in",
        _ => "Order",
    }
}
