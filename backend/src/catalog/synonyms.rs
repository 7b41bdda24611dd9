//! What shoppers call things, and what the catalogue calls them: a file beside this one.

use super::words::stem;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// From a word to those of the catalogue that it stands for, and to no others.
    synonyms: BTreeMap<String, Vec<String>>,
    /// Words that say of what kind something is to be and not what.
    qualities: BTreeSet<String>,
}

#[expect(clippy::expect_used, reason = "it is a part of the program, and a test reads it")]
static FILE: LazyLock<File> =
    LazyLock::new(|| serde_json::from_str(include_str!("synonyms.json")).expect("synonyms.json"));

static MEANT: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let stems = |words: &Vec<String>| words.iter().map(|word| stem(word)).collect();
    FILE.synonyms.iter().map(|(word, meant)| (stem(word), stems(meant))).collect()
});

/// The stems of the catalogue's words that a stem stands for.
pub fn meant_by(stem: &str) -> Option<&'static [String]> {
    MEANT.get(stem).map(Vec::as_slice)
}

pub fn is_quality(word: &str) -> bool {
    FILE.qualities.contains(word)
}

/// Each word that stands for others.
pub fn all() -> impl Iterator<Item = &'static str> {
    FILE.synonyms.keys().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, testing};
    use shared::catalog::ProductQuery;

    #[tokio::test]
    async fn each_word_stands_for_something_that_the_catalogue_has() {
        let db = testing::shop().await;
        let catalog = Catalog::new(db.clone()).current().await.unwrap();
        for meant in FILE.synonyms.values().flatten() {
            let query = ProductQuery { q: Some(meant.clone()), ..ProductQuery::default() };
            assert!(catalog.products(&query).total > 0, "{meant}");
        }
    }
}
