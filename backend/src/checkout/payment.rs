//! The payment provider: a sandbox behind the one function that a real one would stand behind too.
//!
//! | card                | what happens                          |
//! |---------------------|---------------------------------------|
//! | 4000 0000 0000 0002 | declined                              |
//! | 4000 0025 0000 3155 | its owner has to confirm the payment  |
//! | 4000 0000 0000 0119 | the provider does not answer          |
//! | any other           | approved                              |

use crate::crypto::SecretKey;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use shared::{checkout::Card, ids::OrderNumber, money::Money};

const DECLINED: &str = "4000000000000002";
const NEEDS_AUTHENTICATION: &str = "4000002500003155";
const PROVIDER_DOWN: &str = "4000000000000119";

/// What is asked of the provider. Repeated for the same order, it is one payment.
#[derive(Debug)]
pub struct Charge<'a> {
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
        /// Sent back, it confirms this order's payment and no other's.
        challenge: String,
    },
    /// Nothing was charged.
    Unavailable,
}

pub fn charge(secret: &SecretKey, charge: &Charge<'_>) -> Outcome {
    let outcome = match charge.card.digits().as_str() {
        DECLINED => Outcome::Declined,
        PROVIDER_DOWN => Outcome::Unavailable,
        NEEDS_AUTHENTICATION if !is_confirmed(secret, charge) => {
            let challenge = hex::encode(mac(secret, charge.order).finalize().into_bytes());
            Outcome::AuthenticationRequired { challenge }
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

fn is_confirmed(secret: &SecretKey, charge: &Charge<'_>) -> bool {
    let challenge = charge.challenge.and_then(|challenge| hex::decode(challenge).ok());
    challenge.is_some_and(|challenge| mac(secret, charge.order).verify_slice(&challenge).is_ok())
}

/// The order's number, which nobody guesses, under a key that nobody has: the same challenge however often
/// the same order asks, and nothing to store.
fn mac(secret: &SecretKey, order: &OrderNumber) -> Hmac<Sha256> {
    secret.mac("payment challenge").chain_update(order.as_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(card: &str, order: u64, challenge: Option<&str>) -> Outcome {
        let card =
            Card { number: card.into(), expiry: "04/31".into(), security_code: "123".into() };
        let order = OrderNumber::from_random(order);
        let secret = SecretKey::from_hex(&"5a".repeat(32)).unwrap();
        let order = Charge { order: &order, amount: Money::eur(100), card: &card, challenge };
        charge(&secret, &order)
    }

    #[test]
    fn each_test_card_has_its_outcome() {
        assert_eq!(pay("4242 4242 4242 4242", 1, None), Outcome::Approved);
        assert_eq!(pay("5555-5555-5555-4444", 1, None), Outcome::Approved);
        assert_eq!(pay("4000 0000 0000 0002", 1, None), Outcome::Declined);
        assert_eq!(pay("4000 0000 0000 0119", 1, None), Outcome::Unavailable);
    }

    #[test]
    fn a_confirmation_holds_for_its_own_order_alone() {
        let card = "4000 0025 0000 3155";
        let Outcome::AuthenticationRequired { challenge } = pay(card, 1, None) else {
            panic!("it has to ask");
        };
        assert_eq!(
            pay(card, 1, None),
            Outcome::AuthenticationRequired { challenge: challenge.clone() }
        );
        assert_eq!(pay(card, 1, Some(&challenge)), Outcome::Approved);
        for wrong in ["", "approve", "00", &challenge[2..]] {
            assert!(
                matches!(pay(card, 1, Some(wrong)), Outcome::AuthenticationRequired { .. }),
                "{wrong}"
            );
        }
        let other = pay(card, 2, Some(&challenge));
        assert!(
            matches!(other, Outcome::AuthenticationRequired { challenge: another } if another != challenge)
        );
    }
}
