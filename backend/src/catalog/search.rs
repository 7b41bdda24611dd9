//! What a search text finds: the products that answer each of its words, by their name before anything else.

use super::{
    entry::Entry,
    synonyms,
    vocabulary::Vocabulary,
    words::{is_filler, stem, words, words_and_compounds},
};
use std::{cmp::Reverse, collections::BTreeMap};

/// Where a word stands decides how much it says about the product, and how exactly it has to be the wanted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In its description or its SKUs.
    Passing,
    /// In its category, or in what it can be chosen by.
    Kind,
    Name,
}

impl Place {
    const fn weight(self) -> u32 {
        match self {
            Self::Passing => 1,
            Self::Kind => 4,
            Self::Name => 8,
        }
    }
}

/// A product's words, each with the best place that it stands in.
#[derive(Debug, Default, PartialEq)]
pub struct Words(BTreeMap<String, Placed>);

#[derive(Debug, PartialEq)]
struct Placed {
    stem: String,
    place: Place,
}

/// How well a product answers: what is named so before what mentions it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    is_named: bool,
    sum: u32,
}

impl Words {
    pub fn add(&mut self, text: &str, place: Place) {
        for word in words_and_compounds(text) {
            let stem = stem(&word);
            let known = self.0.entry(word).or_insert(Placed { stem, place });
            known.place = known.place.max(place);
        }
    }

    /// `None` unless these words answer each wanted one.
    pub fn score(&self, wanted: &[String]) -> Option<Score> {
        let best = wanted.iter().map(|wanted| self.best(wanted));
        best.reduce(|one, other| {
            let (one, other) = (one?, other?);
            Some(Score { is_named: one.is_named && other.is_named, sum: one.sum + other.sum })
        })?
    }

    fn best(&self, wanted: &str) -> Option<Score> {
        let stem = stem(wanted);
        let scores = self.0.iter().map(|(word, Placed { stem: own, place })| {
            let is_named = *place > Place::Passing;
            let closeness = match synonyms::meant_by(&stem) {
                Some(meant) => 3 * u32::from(is_named && meant.contains(own)),
                None if *own == stem => 3,
                None if is_named && is_part(word, own, wanted, &stem) => 2,
                None => 0,
            };
            Score { is_named, sum: place.weight() * closeness }
        });
        scores.filter(|score| score.sum > 0).max()
    }
}

/// Whether a word begins with the wanted one, as long as that is being typed; or ends with it, as "smartwatch" and
/// "teapots" do.
fn is_part(word: &str, own_stem: &str, wanted: &str, stem: &str) -> bool {
    let letters = wanted.chars().count();
    (letters >= 2 && word.starts_with(wanted)) || (letters >= 3 && own_stem.ends_with(stem))
}

/// What the words find, best first. Where nothing answers all of them, in this order: what is written as one word here;
/// the same goods in other colours and sizes; the nearest words, and those are told.
pub fn search<'a>(
    entries: &'a [Entry],
    vocabulary: &Vocabulary,
    text: &str,
) -> (Vec<&'a Entry>, Option<String>) {
    let typed = words(text);
    let mut wanted: Vec<String> = typed.iter().filter(|word| !is_filler(word)).cloned().collect();
    if wanted.is_empty() {
        wanted = typed;
    }
    for wanted in [wanted.clone(), vocabulary.join(&wanted), goods(vocabulary, &wanted)] {
        let found = matching(entries, &wanted);
        if !found.is_empty() {
            return (found, None);
        }
    }
    let Some(meant) = correct(entries, vocabulary, &wanted) else {
        return (Vec::new(), None);
    };
    let mut found = matching(entries, &meant);
    if found.is_empty() {
        found = matching(entries, &goods(vocabulary, &meant));
    }
    let did_you_mean = (!found.is_empty()).then(|| meant.join(" "));
    (found, did_you_mean)
}

/// The products that answer each word. Those that only mention one are no answer where others are called so.
fn matching<'a>(entries: &'a [Entry], wanted: &[String]) -> Vec<&'a Entry> {
    let scored = entries.iter().filter_map(|entry| Some((entry.words.score(wanted)?, entry)));
    let mut scored: Vec<(Score, &Entry)> = scored.collect();
    if scored.iter().any(|(score, _)| score.is_named) {
        scored.retain(|(score, _)| score.is_named);
    }
    scored.sort_by_key(|(score, _)| Reverse(*score));
    scored.into_iter().map(|(_, entry)| entry).collect()
}

/// The words without those that say of what kind the goods are to be.
fn goods(vocabulary: &Vocabulary, wanted: &[String]) -> Vec<String> {
    wanted.iter().filter(|word| !vocabulary.is_quality(word)).cloned().collect()
}

/// The words, those that nothing answers replaced by their nearest; `None` where one has none, or nothing is replaced.
fn correct(entries: &[Entry], vocabulary: &Vocabulary, wanted: &[String]) -> Option<Vec<String>> {
    let meant = wanted.iter().map(|word| {
        let is_known = vocabulary.is_quality(word)
            || !matching(entries, std::slice::from_ref(word)).is_empty();
        if is_known { Some(word.clone()) } else { vocabulary.nearest(word).map(str::to_owned) }
    });
    meant.collect::<Option<Vec<_>>>().filter(|meant| meant != wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, testing};
    use proptest::prelude::*;
    use shared::catalog::ProductQuery;

    fn of(text: &str, place: Place) -> Words {
        let mut words = Words::default();
        words.add(text, place);
        words
    }

    fn score(words: &Words, text: &str) -> Option<Score> {
        words.score(&super::words(text))
    }

    #[test]
    fn each_wanted_word_has_to_be_answered() {
        let teapot = of("Round-Belly Teapot", Place::Name);
        for found in ["teapot round", "teap", "teapots", "pot", "pots"] {
            assert!(score(&teapot, found).is_some(), "{found}");
        }
        for not_found in ["teapot blue", "eapo", "ot", "t", ""] {
            assert!(score(&teapot, not_found).is_none(), "{not_found}");
        }
    }

    #[test]
    fn what_is_only_mentioned_has_to_be_the_word_itself() {
        let mentions = of("keeps tea hot, coated twice", Place::Passing);
        assert!(score(&mentions, "teas").is_some());
        for not_found in ["coat", "twic", "wice"] {
            assert!(score(&mentions, not_found).is_none(), "{not_found}");
        }
    }

    #[test]
    fn a_whole_word_beats_its_beginning_and_a_name_beats_a_description() {
        let name = |text: &str| of(text, Place::Name);
        assert!(score(&name("tea"), "tea") > score(&name("teapot"), "tea"));
        let mut named = of("keeps tea hot", Place::Passing);
        named.add("Tea", Place::Name);
        assert!(score(&named, "tea") > score(&of("keeps tea hot", Place::Passing), "tea"));
    }

    /// From what is typed to what comes first, and to what must not come.
    const FINDS: &[(&str, &str, &[&str])] = &[
        // As shoppers call it.
        ("mug", "stoneware-teacup", &["round-belly-teapot"]),
        ("watch", "everyday-smartwatch", &[]),
        ("phone", "compact-smartphone", &["over-ear-headphones", "linen-summer-dress"]),
        ("pants", "straight-leg-jeans", &["sweet-salty-popcorn", "rubber-fig"]),
        ("trousers", "straight-leg-jeans", &[]),
        ("coat", "wool-blend-overcoat", &["model-race-car", "storm-umbrella"]),
        ("sneakers", "light-running-shoes", &["leather-derby-shoes"]),
        ("teddy bear", "barnaby-bear", &["maple-skateboard"]),
        ("men", "organic-cotton-t-shirt", &["piston-fountain-pen", "linen-summer-dress"]),
        ("men's shoes", "leather-derby-shoes", &["linen-summer-dress"]),
        // One and many.
        ("knives", "kitchen-knife", &["brass-compass"]),
        ("teapots", "round-belly-teapot", &["stoneware-teacup"]),
        ("cookie", "chocolate-chip-cookies", &[]),
        ("peanut", "roasted-peanuts", &[]),
        ("watches", "everyday-smartwatch", &[]),
        // Parts of words, and words that are one.
        ("tea", "stoneware-teacup", &["lemon-verbena"]),
        ("pot", "everyday-stockpot", &["hearth-blend-coffee"]),
        ("head phones", "over-ear-headphones", &["compact-smartphone"]),
        ("smart watch", "everyday-smartwatch", &[]),
        ("sun glasses", "polarised-sunglasses", &["red-wine-glasses"]),
        ("tshirt", "organic-cotton-t-shirt", &[]),
        ("t shirt", "organic-cotton-t-shirt", &[]),
        ("yoyo", "classic-yo-yo", &[]),
        // Colours, sizes, SKUs; a colour that there is not.
        ("charcoal", "stoneware-teacup", &[]),
        ("white t-shirt", "organic-cotton-t-shirt", &[]),
        ("blue t-shirt", "organic-cotton-t-shirt", &["stoneware-teacup"]),
        ("yellow teapot", "round-belly-teapot", &["stoneware-teacup"]),
        ("HK-TEACUP-BLUE", "stoneware-teacup", &["kitchen-knife"]),
        ("el-laptop", "slim-laptop-14", &["kitchen-radio"]),
        // Mentioned, where nothing is called so.
        ("dishwasher", "stoneware-teacup", &["kitchen-knife"]),
        ("the teacup for tea", "stoneware-teacup", &["round-belly-teapot"]),
    ];

    /// From what is typed to what was meant, and to what comes first.
    const CORRECTS: &[(&str, &str, &str)] = &[
        ("kofee", "coffee", "hearth-blend-coffee"),
        ("teapto", "teapot", "round-belly-teapot"),
        ("hedphones", "headphones", "over-ear-headphones"),
        ("soks", "socks", "striped-crew-socks"),
        ("trousres", "trousers", "straight-leg-jeans"),
        ("raspbery teapot", "raspberry teapot", "round-belly-teapot"),
        ("blue tshrit", "blue tshirt", "organic-cotton-t-shirt"),
    ];

    const FINDS_NOTHING: &[&str] = &[
        "lego",
        "sofa",
        "hoodie",
        "boat",
        "belt",
        "xylophone",
        "?!",
        "teacup candle",
        "printer",
        "wallet",
    ];

    #[tokio::test]
    async fn shoppers_find_what_they_mean_and_nothing_that_sounds_like_it() {
        let db = testing::shop().await;
        let catalog = Catalog::new(db.clone()).current().await.unwrap();
        let find = |text: &str| {
            let query = ProductQuery { q: Some(text.into()), ..ProductQuery::default() };
            let page = catalog.products(&query);
            let slugs: Vec<String> =
                page.products.iter().map(|product| product.slug.to_string()).collect();
            (slugs, page.did_you_mean)
        };
        for (text, first, absent) in FINDS {
            let (slugs, did_you_mean) = find(text);
            assert_eq!(slugs.first().map(String::as_str), Some(*first), "{text}: {slugs:?}");
            assert!(!slugs.iter().any(|slug| absent.contains(&slug.as_str())), "{text}: {slugs:?}");
            assert_eq!(did_you_mean, None, "{text}");
        }
        for (text, meant, first) in CORRECTS {
            let (slugs, did_you_mean) = find(text);
            assert_eq!(did_you_mean.as_deref(), Some(*meant), "{text}: {slugs:?}");
            assert_eq!(slugs.first().map(String::as_str), Some(*first), "{text}: {slugs:?}");
        }
        for text in FINDS_NOTHING {
            assert_eq!(find(text), (Vec::new(), None), "{text}");
        }
    }

    #[tokio::test]
    async fn any_text_can_be_searched_for_and_what_was_meant_is_found() {
        let db = testing::shop().await;
        let catalog = Catalog::new(db.clone()).current().await.unwrap();
        let search = |text: String| {
            catalog.products(&ProductQuery { q: Some(text), ..ProductQuery::default() })
        };
        proptest!(|(text in "([a-zßéİ'-]{1,9} ?){1,3}|t.{0,2}pot|.*")| {
            let meant = search(text).did_you_mean;
            if let Some(meant) = meant {
                let page = search(meant);
                prop_assert!(page.total > 0 && page.did_you_mean.is_none());
            }
        });
    }
}
