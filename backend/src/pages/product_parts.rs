//! What lists and a product's page show of a product, in plain HTML of the form that the app gives it
//! (`frontend/src/catalog`, `frontend/src/ui`).

use crate::http::escape::html;
use shared::catalog::{Availability, ProductSummary, picture_tint};

/// How soon a picture is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// It is likely above the fold.
    Eager,
    Lazy,
}

/// `alt` is empty where the name stands beside it.
pub fn picture(src: &str, alt: &str, loading: Loading) -> String {
    let loading = if loading == Loading::Eager { "eager" } else { "lazy" };
    format!(
        r#"<span class="picture tint-{tint}"><img src="{src}" alt="{alt}" width="256" height="256" loading="{loading}"></span>"#,
        tint = picture_tint(src),
        src = html(src),
        alt = html(alt),
    )
}

/// Nothing where nobody has rated it.
pub fn rating(ProductSummary { rating, rating_count, .. }: &ProductSummary) -> String {
    if *rating_count == 0 {
        return String::new();
    }
    format!(
        r#"<span class="rating"><span class="visually-hidden">Rated {rating:.1} out of 5 by {rating_count} customers</span><span aria-hidden="true">{rating:.1} <span class="rating-count"> ({rating_count})</span></span></span>"#
    )
}

pub fn stock(availability: Availability) -> String {
    let (class, words) = match availability {
        Availability::InStock => ("is-in-stock", "In stock".to_owned()),
        Availability::Low { left } => ("is-low", format!("Only {left} left")),
        Availability::SoldOut => ("is-sold-out", "Sold out".to_owned()),
    };
    format!(r#"<span class="stock {class}">{words}</span>"#)
}
