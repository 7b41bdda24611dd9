//! What a checkout form must hold. The browser checks to help, the backend to decide.

use super::{Address, CheckoutRequest, card::passes_luhn, country};
use crate::problem::FieldError;

const MAX_TEXT: usize = 120;
/// RFC 5321 §4.5.3.1.3: 256 octets of a path, less its angle brackets.
const MAX_EMAIL: usize = 254;

/// Every fault of the form, by field. `today` is (year, month): a card is good until its month ends.
pub fn validate(request: &CheckoutRequest, today: (i32, u32)) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut check = |field: &str, message: Option<String>| {
        errors.extend(message.map(|message| FieldError::new(field, message)));
    };
    check("email", email_fault(&request.email));
    for FieldError { field, message } in validate_address(&request.address) {
        check(&format!("address.{field}"), Some(message));
    }
    check("card.number", card_number(&request.card.digits()));
    check("card.expiry", expiry(request.card.expires(), today));
    check("card.security_code", security_code(&request.card.security_code));
    errors
}

/// Every fault of an address, by field.
pub fn validate_address(address: &Address) -> Vec<FieldError> {
    let faults = [
        ("full_name", text(&address.full_name, "Enter the name of the person who receives it.")),
        ("street", text(&address.street, "Enter street and house number.")),
        ("city", text(&address.city, "Enter the city.")),
        ("country", unknown_country(&address.country)),
        ("postcode", postcode(&address.postcode, &address.country)),
    ];
    let told = |(field, message): (&str, Option<String>)| Some(FieldError::new(field, message?));
    faults.into_iter().filter_map(told).collect()
}

/// A text as it is kept: without spaces around it, and without characters that nobody sees and that change how what
/// stands beside them is read (Unicode's `Bidi_Control` and other marks without a form). They come along when a text is
/// copied, so that refusing them would leave a person with nothing to mend. Those that join letters (U+200C, U+200D)
/// belong to names.
pub fn tidy_text(text: &str) -> String {
    let is_mark = |c: char| {
        matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
            || ('\u{2028}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{206f}').contains(&c)
            || ('\u{fff9}'..='\u{fffb}').contains(&c)
            || ('\u{e0000}'..='\u{e007f}').contains(&c)
    };
    let seen: String = text.chars().filter(|c| !is_mark(*c)).collect();
    seen.trim().to_owned()
}

/// Good enough to send a mail to: one `@`, a name before it, a domain with a dot after it, no spaces.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.len() <= MAX_EMAIL
        && !local.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// What is wrong with an address, if anything is.
pub fn email_fault(text: &str) -> Option<String> {
    (!is_email(&tidy_text(text)))
        .then(|| "Enter an email address like name@example.com.".to_owned())
}

fn text(text: &str, missing: &str) -> Option<String> {
    match tidy_text(text).as_str() {
        "" => Some(missing.to_owned()),
        long if long.chars().count() > MAX_TEXT => {
            Some(format!("Use at most {MAX_TEXT} characters."))
        }
        odd if odd.chars().any(|c| c.is_control() && c != '\n') => {
            Some("Use letters, digits and punctuation only.".to_owned())
        }
        _ => None,
    }
}

fn unknown_country(code: &str) -> Option<String> {
    country(code).is_none().then(|| "Choose a country that we deliver to.".to_owned())
}

fn postcode(postcode: &str, code: &str) -> Option<String> {
    let country = country(code)?;
    country.postcode(postcode).is_none().then(|| {
        format!("Enter a postcode of {}, like {}.", country.name, country.postcode_example)
    })
}

fn card_number(digits: &str) -> Option<String> {
    if digits.is_empty() {
        return Some("Enter the number on the card.".to_owned());
    }
    let plausible = (12..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (!plausible || !passes_luhn(digits))
        .then(|| "Check the card number: a digit seems wrong.".to_owned())
}

fn expiry(expires: Option<(i32, u32)>, today: (i32, u32)) -> Option<String> {
    match expires {
        None => Some("Enter month and year, like 04/31.".to_owned()),
        Some(month) if month < today => Some("This card has expired. Use another one.".to_owned()),
        Some(_) => None,
    }
}

fn security_code(code: &str) -> Option<String> {
    let well_formed = (3..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    (!well_formed).then(|| "Enter the 3 or 4 digits from the card.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::{Address, Card, DeliveryMethod, Seen};

    fn request() -> CheckoutRequest {
        CheckoutRequest {
            email: "ada@example.com".into(),
            address: Address {
                full_name: "Ada Lovelace".into(),
                street: "Torstraße 1".into(),
                postcode: "10115".into(),
                city: "Berlin".into(),
                country: "DE".into(),
            },
            delivery: DeliveryMethod::Standard,
            card: Card {
                number: "4242 4242 4242 4242".into(),
                expiry: "04/31".into(),
                security_code: "123".into(),
            },
            seen: Seen::default(),
            challenge: None,
        }
    }

    fn fields(request: &CheckoutRequest) -> Vec<String> {
        validate(request, (2026, 11)).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_complete_form_has_no_fault() {
        assert_eq!(fields(&request()), Vec::<String>::new());
    }

    #[test]
    fn each_fault_names_its_field() {
        let mut faulty = request();
        faulty.email = "ada@example".into();
        faulty.address.postcode = "1011".into();
        faulty.address.city = "  ".into();
        faulty.card.number = "4242 4242 4242 4241".into();
        faulty.card.security_code = "12".into();
        assert_eq!(
            fields(&faulty),
            ["email", "address.city", "address.postcode", "card.number", "card.security_code"]
        );
    }

    #[test]
    fn what_turns_or_hides_a_text_is_no_part_of_it_and_what_joins_letters_is() {
        for (typed, kept) in [
            ("Ada \u{202e}ecalevoL", "Ada ecalevoL"),
            ("\u{202a}ada@example.com\u{202c}", "ada@example.com"),
            (" \u{2067}Torstraße\u{2069} 1\u{200e}\u{200f}\u{61c} ", "Torstraße 1"),
            ("\u{feff} Ber\u{200b}lin\u{2028}\u{e0041}", "Berlin"),
            ("Line 1\nLine 2", "Line 1\nLine 2"),
            ("نی\u{200c}ما", "نی\u{200c}ما"),
        ] {
            assert_eq!(tidy_text(typed), kept, "{typed:?}");
        }
        let nothing = CheckoutRequest { email: "\u{202e}".into(), ..request() };
        assert_eq!(fields(&nothing), ["email"]);
    }

    #[test]
    fn a_card_is_good_until_its_month_ends() {
        let mut card = request();
        card.card.expiry = "11/26".into();
        assert!(fields(&card).is_empty());
        card.card.expiry = "10/26".into();
        assert_eq!(fields(&card), ["card.expiry"]);
    }

    #[test]
    fn an_email_needs_a_name_and_a_domain() {
        for good in ["a@b.de", "ada+shop@mail.example.com", "jürgen@bücher.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "@b.de", "a@", "a@b", "a b@c.de", "a@b..de", "a@@b.de", "a@b.de\n"] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }
}
