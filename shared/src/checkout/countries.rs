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
    /// Postcodes: `9` stands for a digit, `A` for a letter, anything else for itself; spaces are optional.
    pub postcode: &'static str,
    pub postcode_example: &'static str,
}

const fn of(
    code: &'static str,
    name: &'static str,
    (vat_standard, vat_reduced): (u32, u32),
    postcode: &'static str,
    postcode_example: &'static str,
) -> Country {
    Country { code, name, vat_standard, vat_reduced, postcode, postcode_example }
}

pub const COUNTRIES: [Country; 10] = [
    of("AT", "Austria", (2000, 1000), "9999", "1010"),
    of("BE", "Belgium", (2100, 600), "9999", "1000"),
    of("DK", "Denmark", (2500, 2500), "9999", "1050"),
    of("FR", "France", (2000, 550), "99999", "75001"),
    of("DE", "Germany", (1900, 700), "99999", "10115"),
    of("IT", "Italy", (2200, 1000), "99999", "00118"),
    of("NL", "Netherlands", (2100, 900), "9999 AA", "1012 AB"),
    of("PL", "Poland", (2300, 800), "99-999", "00-001"),
    of("ES", "Spain", (2100, 1000), "99999", "28001"),
    of("SE", "Sweden", (2500, 1200), "999 99", "111 20"),
];

pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

impl Country {
    pub fn accepts_postcode(&self, postcode: &str) -> bool {
        let pattern = self.postcode.chars().filter(|c| *c != ' ');
        let mut given = postcode.trim().chars().filter(|c| *c != ' ');
        pattern.into_iter().all(|expected| match (expected, given.next()) {
            ('9', Some(c)) => c.is_ascii_digit(),
            ('A', Some(c)) => c.is_ascii_alphabetic(),
            (literal, Some(c)) => literal == c,
            (_, None) => false,
        }) && given.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_a_postcode_of_its_country() {
        for country in &COUNTRIES {
            assert!(country.accepts_postcode(country.postcode_example), "{}", country.name);
            assert!(!country.accepts_postcode("x"), "{}", country.name);
            assert!(!country.accepts_postcode(&format!("{}9", country.postcode_example)));
        }
    }
}
