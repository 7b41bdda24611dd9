//! The payment provider: a sandbox behind the one function that a real one would stand behind too.
//!
//! | card                | what happens                          |
//! |---------------------|---------------------------------------|
//! | 4000 0000 0000 0002 | declined                              |
//! | 4000 0025 0000 3155 | its owner has to confirm the payment  |
//! | 4000 0000 0000 0119 | the provider does not answer          |
//! | any other           | approved                              |

use super::{attempts::IdempotentRequest, rules::HOLD};
use crate::crypto::SecretKey;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use shared::{checkout::Card, ids::OrderNumber, money::Money};

const DECLINED: &str = "4000000000000002";
const NEEDS_AUTHENTICATION: &str = "4000002500003155";
const PROVIDER_DOWN: &str = "4000000000000119";

/// What is asked of the provider. Repeated for the same request, it is one payment.
#[derive(Debug)]
pub struct Charge<'a> {
    pub request: &'a IdempotentRequest,
    /// What the card's owner reads on the statement. The same request may get another one, when the first reservation
    /// has ended before it was paid.
    pub order: &'a OrderNumber,
    pub amount: Money,
    pub card: &'a Card,
    /// The card owner's confirmation.
    pub challenge: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Approved,
    Declined,
    AuthenticationRequired {
        /// Sent back in time, it confirms this request's payment and no other's.
        challenge: String,
    },
    /// Nothing was charged.
    Unavailable,
}

pub fn charge(secret: &SecretKey, charge: &Charge<'_>, now: i64) -> Outcome {
    let outcome = match charge.card.digits().as_str() {
        DECLINED => Outcome::Declined,
        PROVIDER_DOWN => Outcome::Unavailable,
        NEEDS_AUTHENTICATION if !is_confirmed(secret, charge, now) => {
            let until = now + HOLD;
            let mac = hex::encode(mac(secret, charge.request, until).finalize().into_bytes());
            Outcome::AuthenticationRequired { challenge: format!("{until}.{mac}") }
        }
        _ => Outcome::Approved,
    };
    let result = match outcome {
        Outcome::Approved => "approved",
        Outcome::Declined => "declined",
        Outcome::AuthenticationRequired { .. } => "authentication required",
        Outcome::Unavailable => "unavailable",
    };
    tracing::info!(order = %charge.order, amount = %charge.amount, result, "payment");
    outcome
}

fn is_confirmed(secret: &SecretKey, charge: &Charge<'_>, now: i64) -> bool {
    let confirmed = || {
        let (until, challenge) = charge.challenge?.split_once('.')?;
        let (until, challenge) = (until.parse().ok()?, hex::decode(challenge).ok()?);
        let is_ours = mac(secret, charge.request, until).verify_slice(&challenge).is_ok();
        Some(is_ours && now < until)
    };
    confirmed().unwrap_or_default()
}

/// Under a key that nobody has: nothing to store, and good for what was asked for in this request alone.
fn mac(secret: &SecretKey, request: &IdempotentRequest, until: i64) -> Hmac<Sha256> {
    let IdempotentRequest { cart_id, key, content } = request;
    // No key has a space.
    let request = format!("{cart_id} {key} {content} {until}");
    secret.mac("payment challenge").chain_update(request.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(card: &str, key: &str, challenge: Option<&str>, now: i64) -> Outcome {
        let card =
            Card { number: card.into(), expiry: "04/31".into(), security_code: "123".into() };
        let request = IdempotentRequest { cart_id: 1, key: key.into(), content: "c".into() };
        let order = OrderNumber::from_random(1);
        let secret = SecretKey::from_hex(&"5a".repeat(32)).unwrap();
        let amount = Money::eur(100);
        let charged = Charge { request: &request, order: &order, amount, card: &card, challenge };
        charge(&secret, &charged, now)
    }

    #[test]
    fn each_test_card_has_its_outcome() {
        assert_eq!(pay("4242 4242 4242 4242", "one", None, 0), Outcome::Approved);
        assert_eq!(pay("5555-5555-5555-4444", "one", None, 0), Outcome::Approved);
        assert_eq!(pay("4000 0000 0000 0002", "one", None, 0), Outcome::Declined);
        assert_eq!(pay("4000 0000 0000 0119", "one", None, 0), Outcome::Unavailable);
    }

    #[test]
    fn a_confirmation_holds_for_its_own_request_alone_and_in_time() {
        let pay = |key, challenge, now| pay("4000 0025 0000 3155", key, challenge, now);
        let is_asked = |outcome| matches!(outcome, Outcome::AuthenticationRequired { .. });
        let Outcome::AuthenticationRequired { challenge } = pay("one", None, 0) else {
            panic!("it has to ask");
        };
        assert_eq!(pay("one", Some(&challenge), HOLD - 1), Outcome::Approved);
        assert!(is_asked(pay("one", Some(&challenge), HOLD)));
        let later = challenge.replacen('3', "9", 1);
        for wrong in ["", ".", "approve", "00", "9.00", &challenge[2..], &later] {
            assert!(is_asked(pay("one", Some(wrong), 0)), "{wrong}");
        }
        assert!(is_asked(pay("other", Some(&challenge), 0)));
    }
}
