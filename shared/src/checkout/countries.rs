//! Where the shop delivers, with what its rules need to know of each country.

/// A country of delivery.
///
/// VAT is the one of where it goes (Directive 2006/112/EC, article 33), which the shop pays there: in the EU through the
/// One Stop Shop, in Switzerland and the United Kingdom as a seller that is registered for it, so that nobody pays at the
/// door. No rate is split further: what is food, a book or a plant has the rate of most food.
#[derive(Clone, Copy, Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2
    pub code: &'static str,
    pub name: &'static str,
    /// VAT in basis points: 1900 is 19 %.
    pub vat_standard: u32,
    /// The rate of food, books and plants.
    pub vat_reduced: u32,
    /// Forms of postcodes as they are written there; `is_of` says what their letters stand for.
    forms: &'static [&'static str],
    pub postcode_example: &'static str,
    existing: Existing,
    /// What people put before a postcode, as in `D-10115`, beside `code`: the country's distinguishing sign
    /// (Convention on Road Traffic, annex 3).
    sign: &'static str,
}

/// Which postcodes of these forms there are.
#[derive(Clone, Copy, Debug)]
enum Existing {
    /// The lowest and the highest number that a postcode's digits make, wide enough for every one that exists.
    Numbers(u32, u32),
    /// Those that begin with one of these, and a digit.
    Areas(&'static [&'static str]),
    All,
}

use Existing::{All, Areas, Numbers};

const fn of(
    code: &'static str,
    name: &'static str,
    (vat_standard, vat_reduced): (u32, u32),
    (forms, postcode_example, existing): (&'static [&'static str], &'static str, Existing),
    sign: &'static str,
) -> Country {
    Country { code, name, vat_standard, vat_reduced, forms, postcode_example, existing, sign }
}

/// By name.
pub const COUNTRIES: [Country; 13] = [
    of("AT", "Austria", (2000, 1000), (&["9999"], "1010", Numbers(1_000, 9_999)), "A"),
    of("BE", "Belgium", (2100, 600), (&["9999"], "1000", Numbers(1_000, 9_999)), "B"),
    of("DK", "Denmark", (2500, 2500), (&["9999"], "1050", Numbers(500, 9_999)), "DK"),
    // 00… are the forces' own.
    of("FR", "France", (2000, 550), (&["99999"], "75001", Numbers(100, 98_999)), "F"),
    of("DE", "Germany", (1900, 700), (&["99999"], "10115", Numbers(1_000, 99_999)), "D"),
    of("IE", "Ireland", (2300, 0), (&["E9W XXXX"], "D02 AF30", All), "IRL"),
    of("IT", "Italy", (2200, 1000), (&["99999"], "00118", Numbers(10, 98_199)), "I"),
    of("NL", "Netherlands", (2100, 900), (&["9999 AA"], "1012 AB", Numbers(1_000, 9_999)), "NL"),
    of("PL", "Poland", (2300, 800), (&["99-999"], "00-001", Numbers(1, 99_999)), "PL"),
    of("ES", "Spain", (2100, 1000), (&["99999"], "28001", Numbers(1_000, 52_999)), "E"),
    of("SE", "Sweden", (2500, 1200), (&["999 99"], "111 20", Numbers(10_000, 98_999)), "S"),
    of("CH", "Switzerland", (810, 260), (&["9999"], "8001", Numbers(1_000, 9_699)), "CH"),
    of(
        "GB",
        "United Kingdom",
        (2000, 0),
        (&BRITISH_FORMS, "EC1A 1BB", Areas(&BRITISH_AREAS)),
        "UK",
    ),
];

const BRITISH_FORMS: [&str; 6] =
    ["A9 9BB", "A99 9BB", "AA9 9BB", "AA99 9BB", "A9A 9BB", "AA9A 9BB"];

/// Without those of Guernsey, Jersey and the Isle of Man, which are countries of their own.
const BRITISH_AREAS: [&str; 121] = [
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH",
    "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",
    "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "HA", "HD", "HG", "HP", "HR", "HS", "HU",
    "HX", "IG", "IP", "IV", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU",
    "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH",
    "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP",
    "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA",
    "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

const EIRCODE_LETTERS: &str = "ACDEFHKNPRTVWXY";

/// Whether a character is what this one of a form stands for; `None` where it stands for itself.
fn is_of(form: char, c: char) -> Option<bool> {
    Some(match form {
        '9' => c.is_ascii_digit(),
        'A' => c.is_ascii_uppercase(),
        // The second half of a British postcode has no letter that is taken for another one.
        'B' => c.is_ascii_uppercase() && !"CIKMOV".contains(c),
        // Nor has an Eircode, whose third character is a digit but for Dublin's D6W.
        'E' => EIRCODE_LETTERS.contains(c),
        'X' => c.is_ascii_digit() || EIRCODE_LETTERS.contains(c),
        'W' => c.is_ascii_digit() || c == 'W',
        _ => return None,
    })
}

pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

impl Country {
    /// A postcode as it is written there, of any form in which people type it; `None` where there can be no such one.
    pub fn postcode(&self, typed: &str) -> Option<String> {
        let typed: String = typed.chars().filter_map(plain).collect();
        let named = [self.code, self.sign].into_iter().filter_map(|name| typed.strip_prefix(name));
        let unnamed = named.map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        let readings = std::iter::once(typed.as_str()).chain(unnamed);
        let mut in_form = readings
            .flat_map(|reading| self.forms.iter().filter_map(move |form| written(reading, form)));
        in_form.find(|postcode| self.existing.has(postcode))
    }
}

impl Existing {
    fn has(self, postcode: &str) -> bool {
        match self {
            Self::Numbers(lowest, highest) => {
                let digits: String = postcode.chars().filter(char::is_ascii_digit).collect();
                digits.parse().is_ok_and(|number: u32| (lowest..=highest).contains(&number))
            }
            Self::Areas(areas) => {
                let area = postcode.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
                areas.contains(&area)
            }
            Self::All => true,
        }
    }
}

/// In this form, if it is that. A hyphen may stand wherever something separates the parts, and nothing has to.
fn written(typed: &str, form: &str) -> Option<String> {
    let mut typed = typed.chars().peekable();
    let mut postcode = String::new();
    for expected in form.chars() {
        postcode.push(if is_of(expected, ' ').is_some() {
            typed.next_if(|c| is_of(expected, *c) == Some(true))?
        } else {
            typed.next_if_eq(&'-');
            expected
        });
    }
    typed.next().is_none().then_some(postcode)
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
            ("CH", "8001", &["CH-8001", "ch 8001"]),
            ("GB", "EC1A 1BB", &["ec1a1bb", "EC1A-1BB", "GB-EC1A 1BB", "uk ec1a 1bb"]),
            ("GB", "M1 1AE", &["m11ae", "GB M1 1AE"]),
            ("GB", "B33 8TH", &["b338th"]),
            ("GB", "DN55 1PT", &["DN551PT"]),
            ("GB", "W1A 0AX", &["w1a0ax"]),
            ("GB", "CR2 6XH", &["cr26xh"]),
            ("IE", "D02 AF30", &["d02af30", "IE-D02 AF30", "D02-AF30", "IRL D02 AF30"]),
            ("IE", "D6W XY00", &["d6wxy00"]),
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
            ("CH", "0999"),
            ("CH", "9999"),
            ("GB", "ZZ1 1AA"),
            ("GB", "JE2 3AB"),
            ("GB", "EC1A 1BC"),
            ("GB", "EC1A 1B"),
            ("GB", "90210"),
            ("IE", "B02 AF30"),
            ("IE", "D2W AF3O"),
            ("IE", "D02 AF3"),
            ("IE", "102 AF30"),
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
            ("DE", "-10115"),
            ("GB", "GB-GB-M1 1AE"),
            ("PL", "0-0001"),
            ("NL", "1012 ß"),
            ("NL", "AB 1012"),
            ("SE", "--111 20"),
        ] {
            assert_eq!(postcode(code, odd), None, "{code} {odd:?}");
        }
    }
}
