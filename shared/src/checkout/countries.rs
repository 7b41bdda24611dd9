//! Where the shop delivers, with what its rules need to know of each country.

/// A country of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2
    pub code: &'static str,
    pub name: &'static str,
    /// VAT in basis points: 1900 is 19 %.
    pub vat_standard: u32,
    /// The rate of food, books and plants.
    pub vat_reduced: u32,
    /// Postcodes as they are written there: `9` stands for a digit, `A` for a letter, anything else for itself.
    pub postcode: &'static str,
    pub postcode_example: &'static str,
    /// The lowest and the highest number that a postcode's digits make, wide enough for every one that exists.
    postcodes: (u32, u32),
    /// What people put before a postcode, as in `D-10115`, beside `code`: the country's distinguishing sign of old
    /// (Convention on Road Traffic, annex 3).
    sign: &'static str,
}

const fn of(
    code: &'static str,
    name: &'static str,
    (vat_standard, vat_reduced): (u32, u32),
    (postcode, postcode_example, postcodes): (&'static str, &'static str, (u32, u32)),
    sign: &'static str,
) -> Country {
    Country { code, name, vat_standard, vat_reduced, postcode, postcode_example, postcodes, sign }
}

pub const COUNTRIES: [Country; 10] = [
    of("AT", "Austria", (2000, 1000), ("9999", "1010", (1_000, 9_999)), "A"),
    of("BE", "Belgium", (2100, 600), ("9999", "1000", (1_000, 9_999)), "B"),
    of("DK", "Denmark", (2500, 2500), ("9999", "1050", (500, 9_999)), "DK"),
    // 00… are the forces' own.
    of("FR", "France", (2000, 550), ("99999", "75001", (100, 98_999)), "F"),
    of("DE", "Germany", (1900, 700), ("99999", "10115", (1_000, 99_999)), "D"),
    of("IT", "Italy", (2200, 1000), ("99999", "00118", (10, 98_199)), "I"),
    of("NL", "Netherlands", (2100, 900), ("9999 AA", "1012 AB", (1_000, 9_999)), "NL"),
    of("PL", "Poland", (2300, 800), ("99-999", "00-001", (1, 99_999)), "PL"),
    of("ES", "Spain", (2100, 1000), ("99999", "28001", (1_000, 52_999)), "E"),
    of("SE", "Sweden", (2500, 1200), ("999 99", "111 20", (10_000, 98_999)), "S"),
];

pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

impl Country {
    /// A postcode as it is written there, of any form in which people type it; `None` where there can be no such one.
    pub fn postcode(&self, typed: &str) -> Option<String> {
        let typed: String = typed.chars().filter_map(plain).collect();
        let postcode = self.in_form(self.without_prefix(&typed))?;
        let digits: String = postcode.chars().filter(char::is_ascii_digit).collect();
        let (lowest, highest) = self.postcodes;
        (lowest..=highest).contains(&digits.parse().ok()?).then_some(postcode)
    }

    /// None of these postcodes begins with a letter: what stands there names the country.
    fn without_prefix<'a>(&self, typed: &'a str) -> &'a str {
        let first_digit = typed.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
        let (prefix, postcode) = typed.split_at(first_digit);
        let prefix = prefix.strip_suffix('-').unwrap_or(prefix);
        if prefix == self.code || prefix == self.sign { postcode } else { typed }
    }

    /// A hyphen may stand wherever something separates the parts, and nothing has to.
    fn in_form(&self, typed: &str) -> Option<String> {
        let mut typed = typed.chars().peekable();
        let mut postcode = String::new();
        for expected in self.postcode.chars() {
            postcode.push(match expected {
                '9' => typed.next_if(char::is_ascii_digit)?,
                'A' => typed.next_if(char::is_ascii_uppercase)?,
                separator => {
                    typed.next_if_eq(&'-');
                    separator
                }
            });
        }
        typed.next().is_none().then_some(postcode)
    }
}

/// A character as a postcode has it: no spaces, one kind of hyphen, capital letters, and none of the full width that
/// East Asian keyboards type.
fn plain(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => None,
        // Zero width, or a direction: what copying from a page or a document brings along.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' => {
            None
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map(|c| c.to_ascii_uppercase())
        }
        c => Some(c.to_ascii_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postcode(code: &str, typed: &str) -> Option<String> {
        country(code).unwrap().postcode(typed)
    }

    #[test]
    fn every_example_is_a_postcode_of_its_country() {
        for Country { code, postcode_example: example, .. } in &COUNTRIES {
            assert_eq!(postcode(code, example).as_deref(), Some(*example), "{code}");
            for wrong in ["x", "", "-", &format!("{example}9"), &example[1..]] {
                assert_eq!(postcode(code, wrong), None, "{code} {wrong:?}");
            }
        }
    }

    #[test]
    fn every_form_that_can_mean_but_one_postcode_becomes_it() {
        for (code, written, forms) in [
            (
                "DE",
                "10115",
                &["D-10115", "DE-10115", "d 10115", "DE10115", "101 15", " １０１１５ "][..],
            ),
            (
                "DE",
                "10115",
                &["10115\u{a0}", "D\u{2013}10115", "\u{feff}10115\u{200b}", "Ｄ－１０１１５"],
            ),
            ("AT", "1010", &["A-1010", "AT 1010", "a1010"]),
            ("SE", "111 20", &["11120", "SE-111 20", "S-11120", "111\u{a0}20", "111-20"]),
            (
                "NL",
                "1012 AB",
                &["1012ab", "1012\u{202f}AB", "nl-1012 ab", "1012-AB", "１０１２ＡＢ"],
            ),
            ("PL", "00-001", &["00001", "00 001", "PL 00-001", "00\u{2011}001", "pl-00001"]),
            ("FR", "01000", &["F-01000", "fr 01000"]),
            ("IT", "00118", &["I-00118"]),
            ("ES", "28001", &["E-28001", "ES 28001"]),
            ("BE", "1000", &["B-1000"]),
            ("DK", "0800", &["DK-0800"]),
        ] {
            for form in forms {
                assert_eq!(postcode(code, form).as_deref(), Some(written), "{code} {form:?}");
            }
        }
    }

    #[test]
    fn what_no_post_delivers_to_is_refused() {
        for (code, impossible) in [
            ("DE", "00000"),
            ("DE", "00999"),
            ("NL", "0999 AA"),
            ("AT", "0999"),
            ("BE", "0123"),
            ("DK", "0000"),
            ("FR", "00000"),
            ("FR", "99999"),
            ("IT", "00000"),
            ("PL", "00-000"),
            ("ES", "53001"),
            ("SE", "011 20"),
        ] {
            assert_eq!(postcode(code, impossible), None, "{code} {impossible}");
        }
    }

    #[test]
    fn what_may_mean_something_else_is_refused() {
        for (code, odd) in [
            ("DE", "A-1010"),
            ("DE", "F-10115"),
            ("DE", "10-115"),
            ("DE", "1011O"),
            ("DE", "10115\u{0}"),
            ("DE", "DE-DE-10115"),
            ("PL", "0-0001"),
            ("NL", "1012 ß"),
            ("NL", "AB 1012"),
            ("SE", "--111 20"),
        ] {
            assert_eq!(postcode(code, odd), None, "{code} {odd:?}");
        }
    }
}
