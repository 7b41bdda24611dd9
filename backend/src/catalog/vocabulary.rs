//! The words of all names, and which of them a mistyped one may have meant.

use super::{
    synonyms,
    words::{is_filler, stem, words_and_compounds},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, PartialEq)]
pub struct Vocabulary {
    /// With the number of names that have it.
    words: BTreeMap<String, u32>,
    /// Of the same words.
    stems: BTreeSet<String>,
    /// Stems of what products can be chosen by and are not named after: colours, sizes.
    qualities: BTreeSet<String>,
}

impl Vocabulary {
    /// From names, and the values of variants' options.
    pub fn new<'a>(
        names: impl Iterator<Item = &'a str>,
        options: impl Iterator<Item = &'a str>,
    ) -> Self {
        let names: Vec<String> =
            names.flat_map(words_and_compounds).filter(|word| !is_filler(word)).collect();
        let options: Vec<String> = options.flat_map(words_and_compounds).collect();
        let stems = |words: &[String]| words.iter().map(|word| stem(word)).collect::<BTreeSet<_>>();
        let qualities = &stems(&options) - &stems(&names);
        let mut words = BTreeMap::<String, u32>::new();
        for word in names.into_iter().chain(options).chain(synonyms::all().map(str::to_owned)) {
            *words.entry(word).or_default() += 1;
        }
        let stems = words.keys().map(|word| stem(word)).collect();
        Self { words, stems, qualities }
    }

    /// Whether a word says of what kind something is to be, and not what.
    pub fn is_quality(&self, word: &str) -> bool {
        synonyms::is_quality(word) || self.qualities.contains(&stem(word))
    }

    /// The same words with those as one that are one here: "head", "phones".
    pub fn join(&self, wanted: &[String]) -> Vec<String> {
        let mut joined: Vec<String> = Vec::new();
        for word in wanted {
            match joined.last_mut() {
                Some(last) if self.has(&format!("{last}{word}")) => last.push_str(word),
                _ => joined.push(word.clone()),
            }
        }
        joined
    }

    fn has(&self, word: &str) -> bool {
        self.stems.contains(&stem(word))
    }

    /// The nearest word within the slips that these words may have; of equally near ones the most common.
    pub fn nearest(&self, wanted: &str) -> Option<&str> {
        let near = self.words.iter().filter_map(|(word, count)| {
            Some((slips(word, wanted)?, u32::MAX - count, word.as_str()))
        });
        near.min().map(|(_, _, word)| word)
    }
}

/// By how many slips of the finger one word became the other; `None` where it is rather another word. Who mistypes a word
/// begins it rightly, or as it sounds. One letter in the place of another makes another word, the sooner the shorter they
/// are: of four letters one may be missing, too many or swapped, of three swapped alone; from five on two slips are
/// forgiven, but among words of up to seven not two letters in the place of others.
fn slips(word: &str, typed: &str) -> Option<usize> {
    let (word_letters, typed_letters) = (word.chars().count(), typed.chars().count());
    if !begin_alike(word, typed) || word_letters.abs_diff(typed_letters) > 2 {
        return None;
    }
    let distance = strsim::osa_distance(word, typed);
    let is_swapped = sorted(word) == sorted(typed);
    let replaces_none = is_swapped || word_letters != typed_letters;
    let is_forgiven = match word_letters.min(typed_letters) {
        0..=2 => false,
        3 => distance == 1 && is_swapped,
        4 => distance == 1 && replaces_none,
        5..=7 => distance == 1 || (distance == 2 && replaces_none),
        _ => distance <= 2,
    };
    is_forgiven.then_some(distance)
}

fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

fn begin_alike(one: &str, other: &str) -> bool {
    let sound = |word: &str| match word.chars().next() {
        Some('k' | 'q') => Some('c'),
        Some('z') => Some('s'),
        Some('p') if word.starts_with("ph") => Some('f'),
        first => first,
    };
    sound(one) == sound(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Vocabulary {
        Vocabulary::new(names.iter().copied(), ["Sage", "Piano"].into_iter())
    }

    #[test]
    fn slips_are_forgiven_by_length() {
        let vocabulary = of(&["Tea", "Teapot", "Socks", "Headphones", "Coffee"]);
        for (typed, meant) in [
            ("tae", "tea"),
            ("soks", "socks"),
            ("teapto", "teapot"),
            ("hedphnes", "headphones"),
            ("kofee", "coffee"),
        ] {
            assert_eq!(vocabulary.nearest(typed), Some(meant), "{typed}");
        }
    }

    #[test]
    fn another_word_is_no_slip() {
        let vocabulary =
            of(&["Pen", "Leg", "Boots", "Twin-Bell", "Cookies", "Car", "Painted", "Walnut"]);
        for typed in
            ["te", "pin", "lego", "boat", "belt", "hoodie", "cat", "printer", "wallet", "xylophone"]
        {
            assert_eq!(vocabulary.nearest(typed), None, "{typed}");
        }
    }

    #[test]
    fn no_slip_is_taken_for_a_filler() {
        let vocabulary = of(&["The Salt Road and Tea"]);
        assert_eq!(vocabulary.nearest("tae"), Some("tea"));
        assert_eq!(vocabulary.nearest("hte"), None);
        assert_eq!(vocabulary.nearest("teh"), None);
    }

    #[test]
    fn words_that_are_one_here_are_joined() {
        let vocabulary = of(&["Over-Ear Headphones", "T-Shirt"]);
        let join = |text: &str| vocabulary.join(&words_and_compounds(text)).join(" ");
        assert_eq!(join("black head phones"), "black headphones");
        assert_eq!(join("head phone"), "headphone");
        assert_eq!(join("t shirt"), "tshirt");
        assert_eq!(join("tea pot"), "tea pot");
    }

    #[test]
    fn what_a_product_is_chosen_by_is_a_quality_unless_one_is_named_after_it() {
        let vocabulary = of(&["Digital Piano"]);
        assert!(vocabulary.is_quality("sage") && vocabulary.is_quality("yellow"));
        assert!(!vocabulary.is_quality("piano") && !vocabulary.is_quality("teapot"));
    }
}
