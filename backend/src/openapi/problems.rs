//! Every kind of problem that the API answers with: what it means, and what to do next.

use shared::problem::kinds;

pub struct ProblemKind {
    /// The problem's `type`, which leads to its place on the page (RFC 9457 §3.1.1).
    pub kind: &'static str,
    pub status: u16,
    pub meaning: &'static str,
    pub next: &'static str,
}

impl ProblemKind {
    /// Its last part, as the page's anchor.
    pub fn name(&self) -> &'static str {
        self.kind.rsplit('/').next().unwrap_or(self.kind)
    }
}

const fn kind(
    kind: &'static str,
    status: u16,
    meaning: &'static str,
    next: &'static str,
) -> ProblemKind {
    ProblemKind { kind, status, meaning, next }
}

/// By status.
pub const ALL: [ProblemKind; 27] = [
    kind(
        kinds::BAD_REQUEST,
        400,
        "The request cannot be read: broken JSON, a missing header, a malformed Authorization.",
        "Mend what detail names, and send it again.",
    ),
    kind(
        kinds::MIXED_CREDENTIALS,
        400,
        "A cookie of the shop came together with an access token, or from a page of another origin.",
        "Send one kind of credential.",
    ),
    kind(
        kinds::SIGN_IN_REQUIRED,
        401,
        "Nobody is signed in.",
        "Sign in at /auth/login, or send an access token.",
    ),
    kind(
        kinds::INVALID_TOKEN,
        401,
        "The access token is expired, malformed, of another issuer, or outlived its account.",
        "Get a new one from the identity provider.",
    ),
    kind(
        kinds::STEP_UP_REQUIRED,
        401,
        "The login is older than max_age seconds, or weaker than acr_values.",
        "Sign in again with these max_age and acr_values, and repeat the request.",
    ),
    kind(
        kinds::PAYMENT_DECLINED,
        402,
        "The bank declined the card. Nothing was charged.",
        "Use another card, with a new Idempotency-Key.",
    ),
    kind(
        kinds::PAYMENT_AUTHENTICATION_REQUIRED,
        402,
        "The bank wants its customer to confirm the payment. Nothing is charged until then.",
        "Send the same order with the same Idempotency-Key and this challenge.",
    ),
    kind(
        kinds::CSRF,
        403,
        "A change came without X-Storezero-CSRF: 1, or from a page that may not ask for it.",
        "Send the header, from the shop’s own origin or from a listed one without cookies.",
    ),
    kind(
        kinds::INSUFFICIENT_SCOPE,
        403,
        "The access token is in order, but was not issued for this.",
        "Ask the identity provider for a token with the scope that WWW-Authenticate names.",
    ),
    kind(
        kinds::NOT_RECEIVED,
        403,
        "Only who has received a product can review it.",
        "Come back when an order with it has arrived.",
    ),
    kind(
        kinds::NOT_FOUND,
        404,
        "There is nothing here, or nothing of yours: both look the same.",
        "Check the address, or look the thing up in its list.",
    ),
    kind(
        kinds::METHOD_NOT_ALLOWED,
        405,
        "The address does not know this method.",
        "Use one of those that Allow names.",
    ),
    kind(
        kinds::TOO_SLOW,
        408,
        "The request’s body did not arrive in time.",
        "Check the connection, and send it again.",
    ),
    kind(
        kinds::CONFLICT,
        409,
        "What is there by now does not allow it: a full list, an order on its way, a payment in flight.",
        "Do what detail says, then repeat the request.",
    ),
    kind(
        kinds::CART_EMPTY,
        409,
        "There is no line item to price or to order.",
        "Put something into the cart first.",
    ),
    kind(
        kinds::CART_CHANGED,
        409,
        "Prices or quantities are not those that the order agreed to. Nothing was ordered.",
        "Show the changes, ask for a new quote, and order by that.",
    ),
    kind(
        kinds::OUT_OF_STOCK,
        409,
        "Fewer items are left than were asked for. Nothing was reserved.",
        "Take at most as many as changes says are available.",
    ),
    kind(kinds::TOO_LARGE, 413, "The body is longer than 64 KiB.", "Send less."),
    kind(
        kinds::UNSUPPORTED_MEDIA_TYPE,
        415,
        "The body is not announced as JSON.",
        "Send Content-Type: application/json.",
    ),
    kind(
        kinds::MISDIRECTED,
        421,
        "The request names another host than the demo’s own.",
        "Send it to the address that detail names.",
    ),
    kind(
        kinds::VALIDATION,
        422,
        "Well-formed, but some values break a rule; errors names each field.",
        "Mend the fields, and send it again.",
    ),
    kind(
        kinds::IDEMPOTENCY_KEY_REUSED,
        422,
        "The Idempotency-Key was sent before with another order.",
        "Send a new key with a new order.",
    ),
    kind(
        kinds::TOO_MANY_REQUESTS,
        429,
        "One sender, or all together, asked for more than the limits allow.",
        "Wait for the seconds of Retry-After.",
    ),
    kind(
        kinds::PAYMENT_PAUSED,
        429,
        "Too many cards in a row were declined. Nothing was charged, and the cart stays.",
        "Wait for the seconds of Retry-After, then order again.",
    ),
    kind(
        kinds::INTERNAL,
        500,
        "A fault of the shop’s own. Nothing was charged or changed.",
        "Try again; if it stays, tell whoever runs the shop.",
    ),
    kind(
        kinds::UNAVAILABLE,
        503,
        "The database or the identity provider cannot be used right now.",
        "Try again after the seconds of Retry-After.",
    ),
    kind(
        kinds::PAYMENT_UNAVAILABLE,
        503,
        "The payment provider does not answer. Nothing was charged or ordered.",
        "Send the same order with the same Idempotency-Key in a moment.",
    ),
];

pub fn find(kind: &str) -> Option<&'static ProblemKind> {
    ALL.iter().find(|known| known.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_problem_is_described_once() {
        let source = include_str!("../../../shared/src/problem.rs");
        let (_, kinds) = source.split_once("pub mod kinds").expect("the kinds");
        let told: BTreeSet<&str> =
            kinds.split('"').filter(|text| text.starts_with("/problems/")).collect();
        let described: BTreeSet<&str> = ALL.iter().map(|known| known.kind).collect();
        assert_eq!(told, described);
        assert_eq!(ALL.len(), described.len());
        assert!(ALL.is_sorted_by_key(|known| known.status));
    }
}
