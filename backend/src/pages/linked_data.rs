//! What a page is about, in the words of <https://schema.org>, as search engines read it.

use super::Pages;
use serde_json::{Value, json};
use shared::{
    catalog::{Availability, Product, Variant},
    money::Money,
};

pub fn shop(pages: &Pages) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "storezero",
        "url": pages.address("/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": pages.address("/search?q={search_term_string}"),
            },
            "query-input": "required name=search_term_string",
        },
    })
}

/// The way from the start page, each step with its name and path.
pub fn breadcrumbs(pages: &Pages, steps: &[(&str, &str)]) -> Value {
    let steps = std::iter::once(&("Shop", "/")).chain(steps);
    let items: Vec<Value> = (1..)
        .zip(steps)
        .map(|(position, (name, path))| {
            json!({
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": pages.address(path),
            })
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    })
}

pub fn product(pages: &Pages, product: &Product) -> Value {
    let summary = &product.summary;
    let path = format!("/p/{}", summary.slug);
    let offers: Vec<Value> =
        product.variants.iter().map(|variant| offer(pages, &path, variant)).collect();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": summary.name,
        "description": product.description,
        "image": pages.address(&summary.picture),
        "url": pages.address(&path),
        "category": product.category_name,
    });
    if let [only] = offers.as_slice() {
        data["sku"] = only["sku"].clone();
        data["offers"] = only.clone();
    } else {
        let highest = product.variants.iter().map(|variant| variant.price).max();
        data["offers"] = json!({
            "@type": "AggregateOffer",
            "priceCurrency": summary.price.currency,
            "lowPrice": amount(summary.price),
            "highPrice": amount(highest.unwrap_or(summary.price)),
            "offerCount": offers.len(),
            "availability": availability(summary.availability),
            "offers": offers,
        });
    }
    if summary.rating_count > 0 {
        data["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": format!("{:.1}", summary.rating),
            "ratingCount": summary.rating_count,
        });
    }
    data
}

fn offer(pages: &Pages, path: &str, variant: &Variant) -> Value {
    json!({
        "@type": "Offer",
        "sku": variant.sku,
        "url": pages.address(&format!("{path}?sku={}", variant.sku)),
        "price": amount(variant.price),
        "priceCurrency": variant.price.currency,
        "availability": availability(variant.availability),
    })
}

fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::InStock => "https://schema.org/InStock",
        Availability::Low { .. } => "https://schema.org/LimitedAvailability",
        Availability::SoldOut => "https://schema.org/OutOfStock",
    }
}

/// With a point and no symbol, as schema.org wants it.
fn amount(money: Money) -> String {
    format!("{}.{:02}", money.minor / 100, money.minor % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_plain_number() {
        assert_eq!(amount(Money::eur(1_234_505)), "12345.05");
        assert_eq!(json!(Money::eur(1).currency), "EUR");
    }
}
