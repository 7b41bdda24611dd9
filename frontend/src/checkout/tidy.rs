//! What people type, as it is checked and sent.

use shared::checkout::country;

/// The number in groups of four, as it is printed on the card. What is no number stays as it was typed.
pub fn tidy_card_number(typed: &str) -> String {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return typed.to_owned();
    }
    let groups: Vec<&str> =
        digits.as_bytes().chunks(4).filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// In the form of its country, such as `111 20` for `SE-11120`. What is none there stays as it was typed.
pub fn tidy_postcode(typed: &str, code: &str) -> String {
    let postcode = country(code).and_then(|country| country.postcode(typed));
    postcode.unwrap_or_else(|| typed.trim().to_owned())
}

/// `431`, `0431`, `4 / 31`, `04-2031` all mean `04/31`. Anything else stays as it was typed.
pub fn tidy_expiry(typed: &str) -> String {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let separated = typed
        .trim()
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>();
    let (month, year) = match (separated.as_slice(), digits.len()) {
        ([month, year], _) => (*month, *year),
        ([_], 3) => digits.split_at(1),
        ([_], 4 | 6) => digits.split_at(2),
        _ => return typed.to_owned(),
    };
    let year = match year.len() {
        2 => year,
        4 => &year[2..],
        _ => return typed.to_owned(),
    };
    if month.len() > 2 {
        return typed.to_owned();
    }
    format!("{month:0>2}/{year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_read_in_the_ways_it_is_typed() {
        for typed in ["431", "0431", "4/31", " 04 / 31 ", "04-2031", "042031"] {
            assert_eq!(tidy_expiry(typed), "04/31", "{typed}");
        }
        for odd in ["", "4", "12345", "123/31", "04/1", "ab", "é/31"] {
            assert_eq!(tidy_expiry(odd), odd, "{odd}");
        }
    }

    #[test]
    fn a_postcode_is_written_as_in_its_country() {
        assert_eq!(tidy_postcode(" se-11120", "SE"), "111 20");
        assert_eq!(tidy_postcode(" se-11120 ", "DE"), "se-11120");
        assert_eq!(tidy_postcode(" 11120 ", ""), "11120");
    }

    #[test]
    fn a_card_number_is_grouped_as_on_the_card() {
        assert_eq!(tidy_card_number("4242-42424242 4242"), "4242 4242 4242 4242");
        assert_eq!(tidy_card_number("42x"), "42x");
        assert_eq!(tidy_card_number("é"), "é");
        assert_eq!(tidy_card_number(""), "");
    }
}
