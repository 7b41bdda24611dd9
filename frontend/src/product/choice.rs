use super::variants::{self, OptionValues, Selection};
use leptos::prelude::*;
use shared::catalog::{Product, Variant};

/// What the shopper of a product's page has chosen: the picture shows it, and what stands beside that sells it.
#[derive(Clone, Copy)]
pub struct Choice {
    product: StoredValue<Product>,
    selection: RwSignal<Selection>,
    /// `None`: that combination does not exist.
    pub variant: Memo<Option<Variant>>,
    /// URL path.
    pub picture: Memo<String>,
}

impl Choice {
    /// `sku` is the variant that the address names.
    pub fn new(product: Product, sku: Option<&str>) -> Self {
        let shown = product.first_shown(sku).map(|variant| variant.options.clone());
        let selection = RwSignal::new(shown.unwrap_or_default());
        let product = StoredValue::new(product);
        let variant = Memo::new(move |_| {
            let selection = selection.read();
            product.with_value(|product| variants::selected(&product.variants, &selection).cloned())
        });
        let picture = Memo::new(move |_| {
            product.with_value(|product| product.picture_of(variant.read().as_ref()).to_owned())
        });
        Self { product, selection, variant, picture }
    }

    pub fn options(self) -> Vec<OptionValues> {
        self.product.with_value(|product| variants::options(&product.variants))
    }

    /// The chosen value of an option.
    pub fn value(self, option: &str) -> String {
        self.selection.read().get(option).cloned().unwrap_or_default()
    }

    pub fn choose(self, option: &str, value: &str) {
        self.selection.update(|selection| {
            *selection = self.product.with_value(|product| {
                variants::choose(&product.variants, selection, option, value)
            });
        });
    }

    pub fn is_available(self, option: &str, value: &str) -> bool {
        let selection = self.selection.read();
        self.product.with_value(|product| {
            variants::is_available(&product.variants, &selection, option, value)
        })
    }
}
