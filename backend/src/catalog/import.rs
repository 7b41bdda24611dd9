//! Filling the catalogue: what the shop sells is a file beside this one.

use super::entity::{Options, Vat, category, product, variant};
use crate::Result;
use anyhow::Context as _;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, EntityTrait as _,
};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// 128 products of 9 categories; prices in cents, VAT included.
const CATALOG: &str = include_str!("catalog.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogFile {
    categories: Vec<CategoryEntry>,
    products: Vec<ProductEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryEntry {
    slug: String,
    name: String,
    description: String,
    picture: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductEntry {
    slug: String,
    category: String,
    name: String,
    description: String,
    picture: String,
    price: i64,
    vat: Vat,
    rating: f32,
    rating_count: i32,
    #[serde(default)]
    featured: bool,
    variants: Vec<VariantEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantEntry {
    sku: String,
    options: BTreeMap<String, String>,
    stock: i32,
    /// The product's own when it is left out, as the picture.
    price: Option<i64>,
    picture: Option<String>,
}

/// Writes categories, products and variants.
pub async fn import(transaction: &DatabaseTransaction) -> Result<()> {
    let file: CatalogFile = serde_json::from_str(CATALOG).context("catalog.json")?;
    let categories =
        file.categories.iter().zip(0..).map(|(entry, position)| category::ActiveModel {
            id: NotSet,
            slug: Set(entry.slug.clone()),
            name: Set(entry.name.clone()),
            description: Set(entry.description.clone()),
            picture: Set(picture(&entry.picture)),
            position: Set(position),
        });
    category::Entity::insert_many(categories).exec_without_returning(transaction).await?;
    let categories = category::Entity::find().all(transaction).await?;
    let categories: HashMap<String, i64> =
        categories.into_iter().map(|row| (row.slug, row.id)).collect();

    let products = file.products.iter().map(|entry| product_row(entry, &categories));
    let products = products.collect::<Result<Vec<_>>>()?;
    product::Entity::insert_many(products).exec_without_returning(transaction).await?;
    let products = product::Entity::find().all(transaction).await?;
    let products: HashMap<String, i64> =
        products.into_iter().map(|row| (row.slug, row.id)).collect();

    let mut variants = Vec::new();
    for entry in &file.products {
        let product_id = *products.get(&entry.slug).context("a product that was just written")?;
        variants.extend(entry.variants.iter().zip(0..).map(|(variant, position)| {
            variant::ActiveModel {
                id: NotSet,
                product_id: Set(product_id),
                sku: Set(variant.sku.clone()),
                options: Set(Options(variant.options.clone())),
                picture: Set(variant.picture.as_deref().map(picture)),
                price: Set(variant.price.unwrap_or(entry.price)),
                stock: Set(variant.stock),
                position: Set(position),
            }
        }));
    }
    variant::Entity::insert_many(variants).exec_without_returning(transaction).await?;
    Ok(())
}

fn product_row(
    entry: &ProductEntry,
    categories: &HashMap<String, i64>,
) -> Result<product::ActiveModel> {
    let category_id = categories.get(&entry.category);
    let category_id =
        category_id.with_context(|| format!("{} has an unknown category", entry.slug))?;
    Ok(product::ActiveModel {
        id: NotSet,
        category_id: Set(*category_id),
        slug: Set(entry.slug.clone()),
        name: Set(entry.name.clone()),
        description: Set(entry.description.clone()),
        picture: Set(picture(&entry.picture)),
        vat: Set(entry.vat),
        rating: Set(entry.rating),
        rating_count: Set(entry.rating_count),
        featured: Set(entry.featured),
    })
}

/// Pictures are named by the code points of an emoji and, where it is recoloured, its colour; the build copies those into
/// the site.
fn picture(name: &str) -> String {
    format!("/pictures/{name}.webp")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What options are called that a picture shows.
    const COLOURS: [&str; 4] = ["Colour", "Finish", "Lens", "Strap"];

    #[test]
    fn each_colour_of_a_product_has_its_own_picture() {
        let file: CatalogFile = serde_json::from_str(CATALOG).unwrap();
        for product in &file.products {
            let mut colour_of: HashMap<&str, &str> = HashMap::new();
            for variant in &product.variants {
                let Some(colour) = COLOURS.iter().find_map(|name| variant.options.get(*name))
                else {
                    continue;
                };
                let picture = variant.picture.as_ref().unwrap_or(&product.picture);
                let shown = colour_of.entry(picture).or_insert(colour);
                assert_eq!(*shown, colour, "{}", variant.sku);
            }
        }
    }
}
