//! One wish to buy is one order, however often it is sent: which `Idempotency-Key` a request carries.

use crate::api::Problem;
use shared::{checkout::CheckoutRequest, problem::kinds};

/// The request that was sent last under a key, while nothing is decided about it.
#[derive(Debug, Default)]
pub struct IdempotentRequest {
    open: Option<(String, CheckoutRequest)>,
}

impl IdempotentRequest {
    /// The same key for the same content whose fate is open; a fresh one otherwise. The answer to the bank's
    /// question is no other content: it goes on with the order that the bank was asked about.
    pub fn key(&mut self, request: &CheckoutRequest, fresh: impl FnOnce() -> String) -> String {
        let content = CheckoutRequest { challenge: None, ..request.clone() };
        match &self.open {
            Some((key, sent)) if *sent == content => key.clone(),
            _ => {
                let key = fresh();
                self.open = Some((key.clone(), content));
                key
            }
        }
    }

    /// The shop has decided: whatever is sent next is a new request.
    pub fn settle(&mut self) {
        self.open = None;
    }
}

/// Whether an answer says for certain that there is no order. A 5xx says so only by its kind: otherwise the
/// order may have been placed before something broke, and the key has to stay.
pub fn is_definitive(problem: &Problem) -> bool {
    match problem.kind.as_str() {
        // The first request with this key is still in flight, or its order waits for the bank's question.
        kinds::CONFLICT | kinds::PAYMENT_AUTHENTICATION_REQUIRED => false,
        kinds::PAYMENT_UNAVAILABLE => true,
        _ => (400..500).contains(&problem.status) && !matches!(problem.status, 408 | 425 | 429),
    }
}

/// A version 4 UUID (RFC 9562 §5.4) of these random bytes. `crypto.randomUUID` exists in secure contexts only,
/// which a shop tried out on plain http in the local network is not.
pub fn uuid(mut random: [u8; 16]) -> String {
    random[6] = (random[6] & 0x0f) | 0x40;
    random[8] = (random[8] & 0x3f) | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(random));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::form::{self, Draft};
    use shared::checkout::{Card, Seen};

    fn order(email: &str) -> CheckoutRequest {
        let seen = Seen::default();
        let draft = Draft { email: email.into(), ..Draft::default() };
        form::request(&draft, &Card::default(), seen, None)
    }

    #[test]
    fn a_retry_of_the_same_content_keeps_its_key() {
        let mut request = IdempotentRequest::default();
        let first = request.key(&order("ada@example.com"), || "one".into());
        let again = request.key(&order("ada@example.com"), || "two".into());
        assert_eq!((first.as_str(), again.as_str()), ("one", "one"));
    }

    #[test]
    fn the_answer_to_the_bank_goes_on_with_the_same_order() {
        let mut request = IdempotentRequest::default();
        let asked = order("ada@example.com");
        let confirmed = CheckoutRequest { challenge: Some("yes".into()), ..asked.clone() };
        assert_eq!(request.key(&asked, || "one".into()), "one");
        assert_eq!(request.key(&confirmed, || "two".into()), "one");
    }

    #[test]
    fn changed_content_and_a_decision_begin_a_new_request() {
        let mut request = IdempotentRequest::default();
        request.key(&order("ada@example.com"), || "one".into());
        assert_eq!(request.key(&order("grace@example.com"), || "two".into()), "two");
        request.settle();
        assert_eq!(request.key(&order("grace@example.com"), || "three".into()), "three");
    }

    #[test]
    fn only_an_answer_that_rules_an_order_out_is_definitive() {
        let answer = |kind, status| is_definitive(&Problem::new(kind, "", status, ""));
        assert!(answer(kinds::PAYMENT_DECLINED, 402));
        assert!(answer(kinds::VALIDATION, 422));
        assert!(answer(kinds::PAYMENT_UNAVAILABLE, 503));
        assert!(answer(kinds::IDEMPOTENCY_KEY_REUSED, 422));
        assert!(!answer(kinds::CONFLICT, 409));
        assert!(!answer(kinds::PAYMENT_AUTHENTICATION_REQUIRED, 402));
        assert!(!answer(kinds::INTERNAL, 500));
        assert!(!answer(kinds::UNAVAILABLE, 503));
        assert!(!answer("about:blank", 429));
    }

    #[test]
    fn a_key_is_a_version_4_uuid() {
        assert_eq!(uuid([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
