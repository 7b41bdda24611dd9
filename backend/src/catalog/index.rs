//! The catalogue in memory: what lists, searches and product pages are made from.

use super::{
    entity::{category, product, variant},
    entry::{Entry, popularity, sort},
    facets::facets,
    search::search,
    vocabulary::Vocabulary,
};
use anyhow::Context as _;
use shared::{
    catalog::{Category, PAGE_SIZE, Product, ProductPage, ProductQuery, ProductSummary},
    ids::{Sku, Slug},
};
use std::collections::HashMap;

/// Products that a product page also shows.
const RELATED: usize = 4;

/// A product, to whoever only has to know that it exists and what it is called.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: i64,
    pub slug: Slug,
    pub name: String,
}

#[derive(Debug, PartialEq)]
pub struct Index {
    categories: Vec<Category>,
    /// In recommended order.
    entries: Vec<Entry>,
    vocabulary: Vocabulary,
}

impl Index {
    /// # Errors
    /// A slug or SKU of the database is malformed, or a product has no category or no variant.
    pub fn new(
        categories: Vec<category::Model>,
        mut products: Vec<product::Model>,
        variants: Vec<variant::Model>,
    ) -> anyhow::Result<Self> {
        let mut by_product: HashMap<i64, Vec<variant::Model>> = HashMap::new();
        for variant in variants {
            by_product.entry(variant.product_id).or_default().push(variant);
        }
        products.sort_by(|a, b| {
            let by_popularity = popularity(b).total_cmp(&popularity(a));
            b.featured.cmp(&a.featured).then(by_popularity).then(a.id.cmp(&b.id))
        });
        let entries = products
            .into_iter()
            .map(|product| {
                let category =
                    categories.iter().find(|category| category.id == product.category_id);
                let category =
                    category.with_context(|| format!("{} has no category", product.slug))?;
                let variants = by_product.remove(&product.id).unwrap_or_default();
                Entry::new(product, category, variants)
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let names = entries.iter().map(|entry| entry.summary.name.as_str());
        let names = names.chain(categories.iter().map(|category| category.name.as_str()));
        let options = entries.iter().flat_map(|entry| &entry.variants);
        let options = options.flat_map(|variant| variant.options.values().map(String::as_str));
        let vocabulary = Vocabulary::new(names, options);
        let categories = categories
            .into_iter()
            .map(|row| {
                let slug: Slug = row.slug.parse()?;
                let count = entries.iter().filter(|entry| entry.summary.category == slug).count();
                Ok(Category {
                    slug,
                    name: row.name,
                    description: row.description,
                    picture: row.picture,
                    product_count: u32::try_from(count)?,
                })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self { categories, entries, vocabulary })
    }

    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Of every product, in recommended order.
    pub fn slugs(&self) -> impl Iterator<Item = &Slug> {
        self.entries.iter().map(|entry| &entry.summary.slug)
    }

    /// The product with the stock that the index was made from.
    pub fn product(&self, slug: &Slug) -> Option<Product> {
        let entry = self.entry(slug)?;
        let related = self.entries.iter().filter(|other| {
            other.summary.category == entry.summary.category && other.id != entry.id
        });
        Some(Product {
            summary: entry.summary.clone(),
            category_name: entry.category_name.clone(),
            description: entry.description.clone(),
            variants: entry.variants.clone(),
            related: related.take(RELATED).map(|other| other.summary.clone()).collect(),
        })
    }

    pub fn has_variant(&self, slug: &Slug, sku: &Sku) -> bool {
        let entry = self.entry(slug);
        entry.is_some_and(|entry| entry.variants.iter().any(|variant| variant.sku == *sku))
    }

    pub fn named(&self, slug: &Slug) -> Option<Named> {
        let entry = self.entry(slug)?;
        let ProductSummary { slug, name, .. } = &entry.summary;
        Some(Named { id: entry.id, slug: slug.clone(), name: name.clone() })
    }

    pub fn summary(&self, slug: &Slug) -> Option<ProductSummary> {
        self.entry(slug).map(|entry| entry.summary.clone())
    }

    fn entry(&self, slug: &Slug) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.summary.slug == *slug)
    }

    /// These products, in this order.
    pub fn summaries(&self, ids: &[i64]) -> Vec<ProductSummary> {
        let entry = |id| self.entries.iter().find(|entry| entry.id == id);
        let known = ids.iter().filter_map(|id| entry(*id));
        known.map(|entry| entry.summary.clone()).collect()
    }

    /// One page of what `query` asks for. Equal products stand in the order of their ids, so that no page
    /// repeats or skips one.
    pub fn page(&self, query: &ProductQuery) -> ProductPage {
        let (mut found, did_you_mean) = self.search(query.q.as_deref().unwrap_or_default());
        let facets = facets(&found, query, &self.categories);
        found.retain(|entry| entry.passes(query));
        sort(&mut found, query.sort.unwrap_or_default());
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let page = query.page.unwrap_or(1);
        let skipped = page.saturating_sub(1).saturating_mul(PAGE_SIZE);
        let shown = found.into_iter().skip(skipped as usize).take(PAGE_SIZE as usize);
        ProductPage {
            products: shown.map(|entry| entry.summary.clone()).collect(),
            total,
            page,
            pages: total.div_ceil(PAGE_SIZE),
            did_you_mean,
            facets,
        }
    }

    /// Everything, where no words are given.
    fn search(&self, text: &str) -> (Vec<&Entry>, Option<String>) {
        if text.trim().is_empty() {
            return (self.entries.iter().collect(), None);
        }
        search(&self.entries, &self.vocabulary, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::entity::{Options, Vat};
    use shared::{
        catalog::{Availability, FacetCount, Facets, Sort},
        money::Money,
    };

    fn product(id: i64, slug: &str, name: &str, rating_count: i32) -> product::Model {
        product::Model {
            id,
            category_id: 1,
            slug: slug.into(),
            name: name.into(),
            description: "Good for a rainy afternoon.".into(),
            picture: "/pictures/1f375.webp".into(),
            vat: Vat::Standard,
            rating: 4.5,
            rating_count,
            featured: false,
        }
    }

    fn variant(id: i64, product_id: i64, price: i64, stock: i32) -> variant::Model {
        variant::Model {
            id,
            product_id,
            sku: format!("SKU-{id}"),
            options: Options::default(),
            picture: None,
            price,
            stock,
            position: 0,
        }
    }

    /// Three named products, then enough equal ones for a second page.
    fn index() -> Index {
        let category = category::Model {
            id: 1,
            slug: "home".into(),
            name: "Home".into(),
            description: String::new(),
            picture: String::new(),
            position: 0,
        };
        let mut products = vec![
            product(1, "teacup", "Teacup", 100),
            product(2, "teapot", "Teapot", 200),
            product(3, "candle", "Candle", 10),
        ];
        let mut variants = vec![
            variant(1, 1, 1_890, 3),
            variant(2, 1, 1_990, 4),
            variant(3, 2, 3_290, 0),
            variant(4, 3, 900, 5),
        ];
        for id in 4..=40 {
            products.push(product(id, &format!("spoon-{id}"), "Spoon", 1));
            variants.push(variant(id + 100, id, 500, 9));
        }
        Index::new(vec![category], products, variants).unwrap()
    }

    fn slugs(page: &ProductPage) -> Vec<&str> {
        page.products.iter().map(|product| product.slug.as_str()).collect()
    }

    fn search(q: &str) -> ProductPage {
        index().page(&ProductQuery { q: Some(q.into()), ..ProductQuery::default() })
    }

    #[test]
    fn a_product_is_summed_up_from_its_variants() {
        let teacup = index().product(&"teacup".parse().unwrap()).unwrap();
        assert_eq!(teacup.summary.price, Money::eur(1_890));
        assert!(teacup.summary.price_from);
        assert_eq!(teacup.summary.availability, Availability::InStock);
        assert_eq!(teacup.summary.only_sku, None);
        assert_eq!(teacup.variants[0].availability, Availability::Low { left: 3 });
        assert_eq!(teacup.related.len(), RELATED);
        let candle = index().product(&"candle".parse().unwrap()).unwrap();
        assert_eq!(candle.summary.only_sku, Some("SKU-4".parse().unwrap()));
    }

    #[test]
    fn pages_of_equal_products_neither_repeat_nor_skip_one() {
        for sort in [
            Sort::Recommended,
            Sort::PriceAscending,
            Sort::PriceDescending,
            Sort::Rating,
            Sort::Name,
        ] {
            let page = |page| {
                index().page(&ProductQuery {
                    sort: Some(sort),
                    page: Some(page),
                    ..Default::default()
                })
            };
            let (one, two, three) = (page(1), page(2), page(3));
            assert_eq!((one.total, one.pages), (40, 2));
            let mut all = slugs(&one);
            all.extend(slugs(&two));
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 40, "{sort:?}");
            assert_eq!(slugs(&three), Vec::<&str>::new());
        }
    }

    #[test]
    fn filters_keep_what_passes_them() {
        let total = |query: ProductQuery| index().page(&query).total;
        let none = ProductQuery::default();
        assert_eq!(total(ProductQuery { in_stock: Some(true), ..none.clone() }), 39);
        assert_eq!(total(ProductQuery { max_price: Some(900), ..none.clone() }), 38);
        assert_eq!(total(ProductQuery { featured: Some(true), ..none.clone() }), 0);
        assert_eq!(
            total(ProductQuery { category: Some("home".parse().unwrap()), ..none.clone() }),
            40
        );
        assert_eq!(total(ProductQuery { category: Some("away".parse().unwrap()), ..none }), 0);
    }

    #[test]
    fn each_facet_counts_what_its_choice_would_list_beside_the_other_filters() {
        let count = |counts: &[FacetCount], value: &str| {
            counts.iter().find(|choice| choice.value == value).map(|choice| choice.count)
        };
        let cheap = ProductQuery { max_price: Some(1_000), ..ProductQuery::default() };
        let Facets { categories, min_ratings, max_prices, in_stock } = index().page(&cheap).facets;
        assert_eq!(count(&categories, "home"), Some(38));
        assert_eq!((count(&max_prices, "1000"), count(&max_prices, "2500")), (Some(38), Some(39)));
        assert_eq!((count(&min_ratings, "45"), in_stock), (Some(38), 38));

        let tea = ProductQuery { q: Some("tea".into()), ..ProductQuery::default() };
        let facets = index().page(&tea).facets;
        assert_eq!(
            (count(&facets.max_prices, "1000"), count(&facets.max_prices, "2500")),
            (None, Some(1))
        );
        assert_eq!(facets.in_stock, 1);
    }

    #[test]
    fn a_search_finds_the_best_first() {
        assert_eq!(slugs(&search("tea")), ["teapot", "teacup"]);
        assert_eq!(slugs(&search("teacup rainy")), ["teacup"]);
        assert_eq!(search("teacup").did_you_mean, None);
    }

    #[test]
    fn a_slip_finds_what_was_meant_and_says_so() {
        let page = search("teapto");
        assert_eq!(page.did_you_mean.as_deref(), Some("teapot"));
        assert_eq!(slugs(&page), ["teapot"]);
    }

    #[test]
    fn nonsense_finds_nothing() {
        for q in ["xylophone", "?!", "teacup candle"] {
            let page = search(q);
            assert_eq!((page.total, page.pages, page.did_you_mean), (0, 0, None), "{q}");
        }
    }
}
