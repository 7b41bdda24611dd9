//! A product in plain HTML, for the time before the app has started and for whoever never starts it. It has the form of
//! the page that takes its place (`frontend/src/product/product_page.rs`).

use crate::http::escape::html;
use shared::catalog::{Availability, Product, Variant, picture_tint};

/// `shown` is the variant that the page begins with.
pub fn of(product: &Product, shown: Option<&Variant>) -> String {
    let summary = &product.summary;
    let picture = product.picture_of(shown);
    let price = shown.map_or(summary.price, |variant| variant.price);
    let availability = shown.map_or(summary.availability, |variant| variant.availability);
    let (class, stock) = match availability {
        Availability::InStock => ("is-in-stock", "In stock".to_owned()),
        Availability::Low { left } => ("is-low", format!("Only {left} left")),
        Availability::SoldOut => ("is-sold-out", "Sold out".to_owned()),
    };
    let rating = if summary.rating_count > 0 {
        let (rating, count) = (summary.rating, summary.rating_count);
        format!(
            r#"<span class="rating"><span class="visually-hidden">Rated {rating:.1} out of 5 by {count} customers</span><span aria-hidden="true">{rating:.1} <span class="rating-count"> ({count})</span></span></span>"#
        )
    } else {
        String::new()
    };
    format!(
        r#"<nav class="crumbs" aria-label="Where you are"><a href="/">Shop</a><a href="/c/{category}">{category_name}</a></nav>
        <div class="product">
          <div class="product-picture"><span class="picture tint-{tint}"><img src="{picture}" alt="{name}" width="256" height="256"></span></div>
          <div class="product-details">
            <h1>{name}</h1>
            {rating}
            <p class="product-price"><span class="price">{price}</span><span class="product-vat">incl. VAT</span></p>
            <p><span class="stock {class}">{stock}</span></p>
            <p class="product-description">{description}</p>
          </div>
        </div>
      "#,
        category = summary.category,
        category_name = html(&product.category_name),
        tint = picture_tint(picture),
        picture = html(picture),
        name = html(&summary.name),
        description = html(&product.description),
    )
}
