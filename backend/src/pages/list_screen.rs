//! A category or a search in plain HTML, for the time before the app has started and for whoever never starts it. It has
//! the form of the page that takes its place (`frontend/src/catalog`), so that the pictures of the first screen are
//! painted without waiting for the app.

use super::product_parts::{self as parts, Loading};
use crate::http::escape::html;
use shared::catalog::{Availability, Category, ProductSummary};

/// Of a wide screen: a phone's is full of fewer.
const FIRST_ROW: usize = 4;

pub fn of(
    title: &str,
    lead: Option<&str>,
    categories: &[Category],
    products: &[ProductSummary],
) -> String {
    let lead = lead.map(|lead| format!(r#"<p class="page-lead">{}</p>"#, html(lead)));
    let links: String = categories.iter().map(link).collect();
    let cards: String = products.iter().enumerate().map(card).collect();
    format!(
        r#"<nav class="category-links" aria-label="Categories"><ul>{links}</ul></nav>
        <div class="page-head"><div><h1>{title}</h1>{lead}</div></div>
        <div class="shell-controls"></div>
        <ul class="product-grid">{cards}</ul>
      "#,
        title = html(title),
        lead = lead.unwrap_or_default(),
    )
}

fn link(Category { slug, name, .. }: &Category) -> String {
    format!(r#"<li><a href="/c/{slug}">{}</a></li>"#, html(name))
}

fn card((index, product): (usize, &ProductSummary)) -> String {
    let loading = if index < FIRST_ROW { Loading::Eager } else { Loading::Lazy };
    let from = if product.price_from { r#"<span class="price-from">from </span>"# } else { "" };
    let stock = match product.availability {
        Availability::InStock => String::new(),
        other => parts::stock(other),
    };
    format!(
        r#"<li><article class="product-card">{picture}<h3 class="product-card-name"><a href="/p/{slug}">{name}</a></h3>{rating}<p class="product-card-price"><span class="price">{from}{price}</span>{stock}</p></article></li>"#,
        picture = parts::picture(&product.picture, "", loading),
        slug = product.slug,
        name = html(&product.name),
        rating = parts::rating(product),
        price = product.price,
    )
}
