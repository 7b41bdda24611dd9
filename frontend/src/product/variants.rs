//! Which variant the shopper means, and which choices lead to one that can be bought.

use shared::catalog::Variant;
use std::collections::BTreeMap;

pub type Selection = BTreeMap<String, String>;

/// An option's name and its values, in the order in which the catalogue lists them.
pub type OptionValues = (String, Vec<String>);

pub fn options(variants: &[Variant]) -> Vec<OptionValues> {
    let mut options: Vec<OptionValues> = Vec::new();
    for (name, value) in variants.iter().flat_map(|variant| &variant.options) {
        match options.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) if values.contains(value) => {}
            Some((_, values)) => values.push(value.clone()),
            None => options.push((name.clone(), vec![value.clone()])),
        }
    }
    options
}

pub fn selected<'a>(variants: &'a [Variant], selection: &Selection) -> Option<&'a Variant> {
    variants.iter().find(|variant| variant.options == *selection)
}

/// `selection` with `value` chosen. Where that combination does not exist, the other options move to the
/// nearest one that does: what was chosen last always holds.
pub fn choose(variants: &[Variant], selection: &Selection, name: &str, value: &str) -> Selection {
    let mut wanted = selection.clone();
    wanted.insert(name.to_owned(), value.to_owned());
    let agreement = |variant: &&Variant| {
        let same = wanted.iter().filter(|(name, value)| variant.options.get(*name) == Some(value));
        (same.count(), variant.is_buyable())
    };
    let candidates = variants
        .iter()
        .rev()
        .filter(|variant| variant.options.get(name).is_some_and(|own| own == value));
    candidates.max_by_key(agreement).map_or(wanted, |variant| variant.options.clone())
}

/// Whether choosing `value` next to the rest of `selection` leads to something that can be bought.
pub fn is_available(variants: &[Variant], selection: &Selection, name: &str, value: &str) -> bool {
    let mut wanted = selection.clone();
    wanted.insert(name.to_owned(), value.to_owned());
    selected(variants, &wanted).is_some_and(Variant::is_buyable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{catalog::Availability, money::Money};

    fn variant(sku: &str, colour: &str, size: &str, stock: u32) -> Variant {
        Variant {
            sku: sku.parse().unwrap(),
            options: selection(colour, size),
            picture: None,
            price: Money::eur(1_000),
            availability: Availability::of(stock),
        }
    }

    fn selection(colour: &str, size: &str) -> Selection {
        [("Colour", colour), ("Size", size)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    /// Red only in S, blue in S (sold out) and M.
    fn shirt() -> Vec<Variant> {
        vec![
            variant("SHIRT-BLUE-S", "Blue", "S", 0),
            variant("SHIRT-BLUE-M", "Blue", "M", 3),
            variant("SHIRT-RED-S", "Red", "S", 9),
        ]
    }

    #[test]
    fn options_keep_the_order_of_the_catalogue() {
        let names = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            options(&shirt()),
            [
                ("Colour".to_owned(), names(&["Blue", "Red"])),
                ("Size".to_owned(), names(&["S", "M"]))
            ]
        );
        assert!(options(&[]).is_empty());
    }

    #[test]
    fn a_combination_that_does_not_exist_moves_the_other_option() {
        let shirt = shirt();
        let chosen = choose(&shirt, &selection("Blue", "M"), "Colour", "Red");
        assert_eq!(chosen, selection("Red", "S"));
        assert_eq!(choose(&shirt, &chosen, "Size", "M"), selection("Blue", "M"));
    }

    #[test]
    fn a_sold_out_combination_can_be_looked_at_when_it_is_meant_exactly() {
        let shirt = shirt();
        let chosen = choose(&shirt, &selection("Red", "S"), "Colour", "Blue");
        assert_eq!(chosen, selection("Blue", "S"));
        assert_eq!(selected(&shirt, &chosen).map(Variant::is_buyable), Some(false));
    }

    #[test]
    fn values_without_a_buyable_variant_are_marked() {
        let shirt = shirt();
        let blue_m = selection("Blue", "M");
        assert!(is_available(&shirt, &blue_m, "Size", "M"));
        assert!(!is_available(&shirt, &blue_m, "Size", "S"));
        assert!(!is_available(&shirt, &blue_m, "Colour", "Red"));
    }
}
