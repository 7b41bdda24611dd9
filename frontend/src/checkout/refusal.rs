//! What the shop says when an order was not placed. No I/O.

use crate::api::{ApiError, json};
use shared::{
    cart::LineItem,
    checkout::Change,
    problem::{FieldError, kinds},
};

#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Prices or stock moved: the shopper has to agree again.
    Changed {
        title: String,
        changes: Vec<Change>,
    },
    /// The form is at fault, in fields that it shows.
    Fields(Vec<FieldError>),
    /// The card's bank asks the cardholder; the answer goes back with the request.
    Confirm {
        challenge: String,
        /// What becomes of the order until then.
        detail: String,
    },
    CartEmpty,
    Note(Note),
}

/// A message and where the shopper goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub title: String,
    pub text: String,
    /// Another card may help: the focus goes there.
    pub about_card: bool,
}

impl Note {
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), about_card: false }
    }

    fn about_card(title: &str, text: &str) -> Self {
        Self { about_card: true, ..Self::new(title, text) }
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let ApiError::Problem(problem) = error else {
            return Self::Note(uncertain());
        };
        match problem.kind.as_str() {
            kinds::CART_CHANGED | kinds::OUT_OF_STOCK => {
                let changes = problem.changes.iter().filter_map(json::read_tree).collect();
                Self::Changed { title: problem.title, changes }
            }
            kinds::VALIDATION if !problem.errors.is_empty() => Self::Fields(problem.errors),
            kinds::CART_EMPTY => Self::CartEmpty,
            kinds::PAYMENT_AUTHENTICATION_REQUIRED if problem.challenge.is_some() => {
                Self::Confirm {
                    challenge: problem.challenge.unwrap_or_default(),
                    detail: problem.detail,
                }
            }
            kinds::PAYMENT_DECLINED => Self::Note(Note::about_card(
                "Your card was declined",
                "The bank said no, and nothing was charged. Check the card’s details or use another card.",
            )),
            kinds::PAYMENT_UNAVAILABLE => Self::Note(Note::new(
                "The payment provider does not answer",
                "Nothing was charged and your cart is as it was. Try again in a minute.",
            )),
            _ if problem.status >= 500 => Self::Note(uncertain()),
            _ => Self::Note(Note::new(problem.title, problem.detail)),
        }
    }
}

/// No answer, or none that decides: the same request may be sent again under the same key.
fn uncertain() -> Note {
    Note::new(
        "We do not know yet whether your order arrived",
        "The connection to the shop broke off. Press “Place order” again: if it did arrive, it is not placed twice.",
    )
}

/// The cardholder said no to the bank's question.
pub fn rejected() -> Note {
    Note::about_card(
        "You did not confirm the payment",
        "Nothing was charged. Place the order again to be asked once more, or use another card.",
    )
}

/// All that accepting would change: also what has run short beside the differences that the shop named first.
pub fn with_shortages(mut changes: Vec<Change>, items: &[LineItem]) -> Vec<Change> {
    for item in items.iter().filter(|item| item.is_short()) {
        let full_name = item.full_name();
        let is_named = changes
            .iter()
            .any(|change| matches!(change, Change::Short { name, .. } if *name == full_name));
        if !is_named {
            changes.push(Change::Short {
                name: full_name,
                wanted: item.quantity,
                available: item.available,
            });
        }
    }
    changes
}

/// One difference in words.
pub fn change(change: &Change) -> String {
    match change {
        Change::Price { name, seen, now } => format!("{name}: now {now} instead of {seen}."),
        Change::Quantity { name, seen, now } => {
            format!("{name}: {now} in your cart instead of {seen}.")
        }
        Change::Short { name, available: 0, .. } => {
            format!("{name}: sold out. We take it out of your cart.")
        }
        Change::Short { name, wanted, available } => {
            format!("{name}: only {available} of {wanted} left. We take that many.")
        }
        Change::Gone { name } => format!("{name}: no longer sold. We take it out of your cart."),
        Change::Promotion { code } => format!("The code {code} does not count any more."),
        Change::Total { seen, now } => format!("The total is now {now} instead of {seen}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Problem;
    use serde_json::json;
    use shared::money::Money;

    fn problem(kind: &str, status: u16) -> Problem {
        Problem::new(kind, "Title", status, "Detail.")
    }

    fn note_of(refusal: Refusal) -> Note {
        match refusal {
            Refusal::Note(note) => note,
            other => panic!("expected a note, got {other:?}"),
        }
    }

    fn of(problem: Problem) -> Refusal {
        Refusal::from(ApiError::Problem(Box::new(problem)))
    }

    #[test]
    fn payment_problems_have_messages_of_their_own() {
        let declined = note_of(of(problem(kinds::PAYMENT_DECLINED, 402)));
        let down = note_of(of(problem(kinds::PAYMENT_UNAVAILABLE, 503)));
        let offline = note_of(ApiError::Offline.into());
        let broken = note_of(of(problem(kinds::INTERNAL, 500)));
        assert!(declined.about_card && !down.about_card);
        assert_ne!(down.title, offline.title);
        assert_eq!(broken, offline);
        assert_eq!(
            note_of(of(problem("/problems/new", 400))).text,
            "Detail.",
            "an unknown kind speaks for itself"
        );
    }

    #[test]
    fn a_question_of_the_bank_carries_its_challenge() {
        let asked = Problem {
            challenge: Some("c1".into()),
            ..problem(kinds::PAYMENT_AUTHENTICATION_REQUIRED, 402)
        };
        let (challenge, detail) = ("c1".to_owned(), "Detail.".to_owned());
        assert_eq!(of(asked), Refusal::Confirm { challenge, detail });
    }

    #[test]
    fn what_ran_short_meanwhile_is_named_as_well_and_once() {
        let item = |name: &str, quantity, available| LineItem {
            sku: "HK-TEACUP".parse().unwrap(),
            slug: "teacup".parse().unwrap(),
            name: name.into(),
            options: [("Colour".to_owned(), "Blue".to_owned())].into(),
            picture: String::new(),
            unit_price: Money::eur(900),
            quantity,
            total: Money::eur(900),
            available,
        };
        let short = |name: &str| Change::Short { name: name.into(), wanted: 3, available: 1 };
        let items = [item("Cup", 3, 1), item("Pot", 3, 1), item("Tray", 1, 1)];
        let told = [short("Cup (Blue)"), short("Pot (Blue)")];
        assert_eq!(with_shortages(told[..1].to_vec(), &items), told);
    }

    #[test]
    fn differences_are_named_one_by_one() {
        let changes = vec![
            Change::Short { name: "Teacup".into(), wanted: 3, available: 0 },
            Change::Total { seen: Money::eur(900), now: Money::ZERO },
        ];
        let refused = Problem {
            changes: changes.iter().map(|it| json!(it)).collect(),
            ..problem(kinds::OUT_OF_STOCK, 409)
        };
        let title = "Title".to_owned();
        assert_eq!(of(refused), Refusal::Changed { title, changes: changes.clone() });
        let messages: Vec<String> = changes.iter().map(change).collect();
        assert_eq!(messages[0], "Teacup: sold out. We take it out of your cart.");
        assert_eq!(messages[1], "The total is now €0.00 instead of €9.00.");
    }
}
