//! Who a review is by, and how many pages there are.

use shared::reviews::PAGE_SIZE;

/// `Ada L.` of `Ada Lovelace`.
pub fn author(name: &str) -> String {
    let mut words = name.split_whitespace();
    let initial = |word: &str| word.chars().next();
    match (words.next(), words.next_back().and_then(initial)) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        // Some identity providers say an email address where they know no name.
        (Some(first), None) if !first.contains('@') => first.to_owned(),
        _ => "A customer".to_owned(),
    }
}

/// At least one.
pub fn pages(total: u32) -> u32 {
    total.div_ceil(PAGE_SIZE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_a_first_name_and_an_initial_and_never_an_address() {
        let names =
            ["Ada Lovelace", " Anna Maria van der  Éluard ", "Cher", "ada@example.com", " "];
        assert_eq!(names.map(author), ["Ada L.", "Anna É.", "Cher", "A customer", "A customer"]);
    }

    #[test]
    fn without_reviews_there_is_one_page() {
        assert_eq!([0, 1, 10, 11].map(pages), [1, 1, 1, 2]);
    }
}
