//! Words as a search compares them: folded to plain letters, and known by their stem, so that one and many are the same.

/// Lower-case words without accents: "Café-Crème" is `cafe` and `creme`.
pub fn words(text: &str) -> Vec<String> {
    parts(&folded(text)).map(str::to_owned).collect()
}

/// What a hyphen holds together is also one word: "T-Shirt" is `t`, `shirt` and `tshirt`.
pub fn words_and_compounds(text: &str) -> Vec<String> {
    let folded = folded(text);
    let compounds = folded.split_whitespace().filter(|chunk| chunk.contains('-'));
    let compounds = compounds.map(|chunk| parts(chunk).collect::<String>());
    parts(&folded).map(str::to_owned).chain(compounds).collect()
}

fn folded(text: &str) -> String {
    text.to_lowercase().chars().flat_map(fold).collect()
}

fn parts(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Words that name no goods: nobody means them, mistyped or not.
pub fn is_filler(word: &str) -> bool {
    matches!(word, "a" | "an" | "and" | "for" | "in" | "of" | "on" | "the" | "to" | "with")
}

/// What a word and its plural have in common, by the rules of English spelling: `dish` for "dishes", `berry` for
/// "berries". It need not be a word: "shoe" and "shoes" are both `sho`.
pub fn stem(word: &str) -> String {
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    let one = if is_plural { &word[..word.len() - 1] } else { word };
    if let Some(start) = one.strip_suffix("ie").or_else(|| one.strip_suffix('i')) {
        return format!("{start}y");
    }
    let takes_es = ["che", "oe", "she", "sse", "xe"].iter().any(|ending| one.ends_with(ending));
    if takes_es { one[..one.len() - 1].to_owned() } else { one.to_owned() }
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
    use proptest::prelude::*;

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
    fn a_hyphen_makes_one_word_of_several_too() {
        assert_eq!(words_and_compounds("Cotton T-Shirt"), ["cotton", "t", "shirt", "tshirt"]);
        assert_eq!(words_and_compounds("Tea – black"), ["tea", "black"]);
    }

    #[test]
    fn one_and_many_have_one_stem() {
        for (one, many) in [
            ("shoe", "shoes"),
            ("dish", "dishes"),
            ("watch", "watches"),
            ("box", "boxes"),
            ("glass", "glasses"),
            ("tomato", "tomatoes"),
            ("berry", "berries"),
            ("cookie", "cookies"),
            ("chilli", "chillies"),
            ("olive", "olives"),
            ("compass", "compasses"),
        ] {
            assert_eq!(stem(one), stem(many), "{one}");
        }
        for (one, other) in [("glass", "glas"), ("bus", "bu"), ("tent", "test")] {
            assert_ne!(stem(one), stem(other), "{one}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_words_that_are_folded_once_and_for_all(text: String) {
            let found = words(&text);
            prop_assert_eq!(&words(&found.join(" ")), &found);
            for word in found.iter().chain(&words_and_compounds(&text)) {
                prop_assert!(!word.is_empty() && !stem(word).is_empty());
            }
        }
    }
}
