use super::{fetch_categories, page_query::href};
use leptos::prelude::*;
use shared::{
    catalog::{Category, FacetCount, Facets, ProductQuery},
    money::Money,
    paths::page,
};

/// What a list can be narrowed down to, each with how many products it leaves. What is chosen is taken away again by
/// choosing it. The links stay while the list changes, and the focus with them.
#[component]
pub fn FacetLinks(
    path: String,
    query: Memo<ProductQuery>,
    facets: RwSignal<Facets>,
) -> impl IntoView {
    let is_search = path == page::SEARCH;
    // Asked for already, for the links above the list.
    let categories = is_search.then(|| LocalResource::new(fetch_categories));
    let path = StoredValue::new(path);
    let link = move |(facet, value): (Facet, String)| {
        let value = StoredValue::new(value);
        let is_chosen =
            move || value.with_value(|value| facet.chosen(&query.read()).as_deref() == Some(value));
        let link = move || {
            let chosen = (!is_chosen()).then(|| value.get_value());
            path.with_value(|path| href(path, &facet.choose(query.get(), chosen)))
        };
        let label = move || {
            let categories = categories.and_then(|categories| categories.get()?.ok());
            let categories = categories.unwrap_or_default();
            value.with_value(|value| facet.label(value, &categories))
        };
        let count = move || {
            let facets = facets.read();
            let mut counts = facet.counts(&facets).iter();
            counts
                .find(|other| value.with_value(|value| *value == other.value))
                .map(|it| format!("({})", it.count))
        };
        view! {
            <li>
                <a class="facet" href=link data-noscroll="" aria-current=move || is_chosen().then_some("true")>
                    {label} " " <span class="facet-count">{count}</span>
                </a>
            </li>
        }
    };
    let group = move |facet: Facet| {
        let choices = move || {
            let facets = facets.read();
            let values = facet.counts(&facets).iter().map(|choice| choice.value.clone());
            values.map(|value| (facet, value)).collect::<Vec<_>>()
        };
        view! {
            <ul class="facet-group" aria-label=facet.name()>
                <For each=choices key=|(_, value)| value.clone() children=link/>
            </ul>
        }
    };
    view! {
        <div class="facets" role="group" aria-label="Narrow down">
            {[Facet::Price, Facet::Rating].map(group)}
            {is_search.then(|| group(Facet::Category))}
        </div>
    }
}

#[derive(Clone, Copy, Debug)]
enum Facet {
    Category,
    Price,
    Rating,
}

impl Facet {
    const fn name(self) -> &'static str {
        match self {
            Self::Category => "Category",
            Self::Price => "Price",
            Self::Rating => "Rating",
        }
    }

    fn counts(self, facets: &Facets) -> &[FacetCount] {
        match self {
            Self::Category => &facets.categories,
            Self::Price => &facets.max_prices,
            Self::Rating => &facets.min_ratings,
        }
    }

    fn chosen(self, query: &ProductQuery) -> Option<String> {
        match self {
            Self::Category => query.category.as_ref().map(ToString::to_string),
            Self::Price => query.max_price.map(|most| most.to_string()),
            Self::Rating => query.min_rating.map(|least| least.to_string()),
        }
    }

    /// The first page of the list with another choice, or none.
    fn choose(self, mut query: ProductQuery, value: Option<String>) -> ProductQuery {
        query.page = None;
        match self {
            Self::Category => query.category = value.and_then(|value| value.parse().ok()),
            Self::Price => query.max_price = value.and_then(|value| value.parse().ok()),
            Self::Rating => query.min_rating = value.and_then(|value| value.parse().ok()),
        }
        query
    }

    fn label(self, value: &str, categories: &[Category]) -> String {
        match self {
            Self::Category => {
                let category = categories.iter().find(|category| category.slug.as_str() == value);
                category.map_or(value, |category| &category.name).to_owned()
            }
            Self::Price => format!("Up to {}", Money::eur(value.parse().unwrap_or_default())),
            Self::Rating => format!("{} stars and up", stars(value.parse().unwrap_or_default())),
        }
    }
}

/// From tenths: "4", "4.5".
fn stars(tenths: u8) -> String {
    match (tenths / 10, tenths % 10) {
        (stars, 0) => stars.to_string(),
        (stars, tenths) => format!("{stars}.{tenths}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_leads_to_the_first_page_with_it_and_no_choice_to_the_one_without() {
        let query =
            ProductQuery { q: Some("tea".into()), page: Some(2), ..ProductQuery::default() };
        for (facet, value, link) in [
            (Facet::Category, "music", "/search?q=tea&category=music"),
            (Facet::Price, "2500", "/search?q=tea&max_price=2500"),
            (Facet::Rating, "45", "/search?q=tea&min_rating=45"),
        ] {
            let chosen = facet.choose(query.clone(), Some(value.to_owned()));
            assert_eq!(facet.chosen(&chosen).as_deref(), Some(value));
            assert_eq!(href(page::SEARCH, &chosen), link);
            assert_eq!(href(page::SEARCH, &facet.choose(chosen, None)), "/search?q=tea");
        }
    }

    #[test]
    fn a_choice_is_called_what_a_shopper_calls_it() {
        let label = |facet: Facet, value| facet.label(value, &[]);
        assert_eq!(label(Facet::Price, "2500"), "Up to €25.00");
        assert_eq!(label(Facet::Rating, "45"), "4.5 stars and up");
        assert_eq!(label(Facet::Rating, "40"), "4 stars and up");
    }
}
