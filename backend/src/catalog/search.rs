//! Finding words: folded, by prefix, weighted by where they stand, and forgiving a slip of the finger.

use std::collections::BTreeMap;

/// A product's words, each with the weight of the best place it stands in.
#[derive(Debug, Default, PartialEq)]
pub struct Words(BTreeMap<String, u32>);

impl Words {
    pub fn add(&mut self, text: &str, weight: u32) {
        for word in words(text) {
            let known = self.0.entry(word).or_default();
            *known = weight.max(*known);
        }
    }

    /// How well these words answer the wanted ones; `None` unless they answer each.
    pub fn score(&self, wanted: &[String]) -> Option<u32> {
        wanted.iter().map(|wanted| self.best(wanted)).sum()
    }

    fn best(&self, wanted: &str) -> Option<u32> {
        let scores = self.0.iter().map(|(word, weight)| weight * closeness(word, wanted));
        scores.max().filter(|score| *score > 0)
    }
}

/// The words that a mistyped one may have meant, with the number of products that have them.
#[derive(Debug, Default, PartialEq)]
pub struct Vocabulary(BTreeMap<String, u32>);

impl Vocabulary {
    pub fn add(&mut self, text: &str) {
        for word in words(text).into_iter().filter(|word| !is_filler(word)) {
            *self.0.entry(word).or_default() += 1;
        }
    }

    /// The nearest word within the slips that one of this length may have; of equally near ones the most common.
    pub fn nearest(&self, wanted: &str) -> Option<&str> {
        let slips = match wanted.chars().count() {
            0..=2 => return None,
            3..=7 => 1,
            _ => 2,
        };
        let near = self.0.iter().filter_map(|(word, count)| {
            let distance = strsim::osa_distance(word, wanted);
            (distance <= slips).then_some((distance, u32::MAX - count, word.as_str()))
        });
        near.min().map(|(_, _, word)| word)
    }
}

/// Lower-case words without accents: "Café-Crème" is `cafe` and `creme`.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text.to_lowercase().chars().flat_map(fold).collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Words that name no goods: nobody who mistypes means them.
fn is_filler(word: &str) -> bool {
    matches!(word, "a" | "an" | "and" | "for" | "in" | "of" | "on" | "the" | "to" | "with")
}

/// 3 for the word itself or its plural, 2 for a word that begins so, 0 for another one.
fn closeness(word: &str, wanted: &str) -> u32 {
    let singular = wanted.strip_suffix('s').filter(|singular| singular.len() > 2);
    if word == wanted || singular == Some(word) {
        3
    } else if word.starts_with(wanted)
        || singular.is_some_and(|singular| word.starts_with(singular))
    {
        2
    } else {
        0
    }
}

/// The Latin letter beneath an accent, as someone types who has no key for it.
fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'œ' => "oe",
        'ś' | 'š' => "s",
        'ß' => "ss",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // An apostrophe holds a word together: "chef's" is found by "chefs".
        '\'' | '’' => "",
        _ => return [Some(c), None].into_iter().flatten(),
    };
    let mut letters = plain.chars();
    [letters.next(), letters.next()].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Words {
        let mut words = Words::default();
        words.add(text, 1);
        words
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(
            words("Café-Crème, Größe 2 (Bolesławiec)"),
            ["cafe", "creme", "grosse", "2", "boleslawiec"]
        );
        assert_eq!(words("Chef's  knife"), ["chefs", "knife"]);
        assert_eq!(words("!? —"), Vec::<String>::new());
    }

    #[test]
    fn no_slip_is_taken_for_a_filler() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add("The Salt Road and Tea");
        assert_eq!(vocabulary.nearest("tee"), Some("tea"));
        assert_eq!(vocabulary.nearest("thy"), None);
    }

    #[test]
    fn each_wanted_word_has_to_be_answered() {
        let teapot = of("Round-Belly Teapot");
        assert!(teapot.score(&words("teapot round")).is_some());
        assert!(teapot.score(&words("teap")).is_some());
        assert!(teapot.score(&words("teapots")).is_some());
        assert!(teapot.score(&words("teapot blue")).is_none());
        assert!(teapot.score(&words("pot")).is_none());
    }

    #[test]
    fn a_whole_word_beats_its_beginning_and_a_name_beats_a_description() {
        assert!(of("tea").score(&words("tea")) > of("teapot").score(&words("tea")));
        let mut named = of("keeps tea hot");
        named.add("Tea", 8);
        assert!(named.score(&words("tea")) > of("keeps tea hot").score(&words("tea")));
    }

    #[test]
    fn slips_are_forgiven_by_length() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.add("tea teapot headphones headphones");
        assert_eq!(vocabulary.nearest("teapto"), Some("teapot"));
        assert_eq!(vocabulary.nearest("hedphnes"), Some("headphones"));
        assert_eq!(vocabulary.nearest("tae"), Some("tea"));
        assert_eq!(vocabulary.nearest("te"), None);
        assert_eq!(vocabulary.nearest("bicycle"), None);
    }
}
