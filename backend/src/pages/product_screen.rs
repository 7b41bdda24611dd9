//! A product in plain HTML, for the time before the app has started and for whoever never starts it. It has the form of
//! the page that takes its place (`frontend/src/product/product_page.rs`).

use super::product_parts::{self as parts, Loading};
use crate::http::escape::html;
use shared::catalog::{Product, Variant};

/// `shown` is the variant that the page begins with.
pub fn of(product: &Product, shown: Option<&Variant>) -> String {
    let summary = &product.summary;
    let price = shown.map_or(summary.price, |variant| variant.price);
    let availability = shown.map_or(summary.availability, |variant| variant.availability);
    format!(
        r#"<nav class="crumbs" aria-label="Where you are"><a href="/">Shop</a><a href="/c/{category}">{category_name}</a></nav>
        <div class="product">
          <div class="product-picture">{picture}</div>
          <div class="product-details">
            <h1>{name}</h1>
            {rating}
            <p class="product-price"><span class="price">{price}</span><span class="product-vat">incl. VAT</span></p>
            <p>{stock}</p>
            <p class="product-description">{description}</p>
          </div>
        </div>
      "#,
        category = summary.category,
        category_name = html(&product.category_name),
        picture = parts::picture(product.picture_of(shown), &summary.name, Loading::Eager),
        rating = parts::rating(summary),
        stock = parts::stock(availability),
        name = html(&summary.name),
        description = html(&product.description),
    )
}
