//! The tokens that this page holds, and what follows from them: who is looking, and what is sent to the API.

use super::{
    own_traces::OwnTraces,
    provider::Provider,
    tokens::{TokenFacts, Tokens},
};
use crate::{
    api,
    auth::{Visitor, VisitorContext, private_storage, tab_channel::TabChannel, visitor::Offers},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::session::{EndReason, SignInProblem};
use std::cell::Cell;

/// That somebody was signed in, for the document after a reload: without it nobody could be told of an end.
const WAS_SIGNED_IN: &str = "was-signed-in";
/// That this browser kept the identity provider's cookies from the frame.
const COOKIES_BLOCKED: &str = "cookies-blocked";

/// What the last silent question brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilentAnswer {
    Tokens,
    /// In OIDC's own words.
    Nobody(SignInProblem),
    /// It answered with something that was not accepted.
    Refused,
    None,
}

/// What one tab tells the others, from memory to memory.
#[derive(Deserialize, Serialize)]
pub(super) enum TabMessage {
    Held(Box<Tokens>),
    Ended(EndReason),
    /// The identity provider's cookie does not reach a frame in this browser.
    CookiesBlocked,
}

#[derive(Clone, Copy)]
pub struct PageTokens {
    pub(super) visitor: VisitorContext,
    pub(super) channel: TabChannel,
    tokens: StoredValue<Option<Tokens>>,
    facts: RwSignal<Option<TokenFacts>>,
    /// Counts the tokens that this page has held: whoever waits for new ones sees that they have come.
    pub(super) generation: StoredValue<u32>,
    pub(super) asking: RwSignal<bool>,
    pub(super) answer: RwSignal<Option<SilentAnswer>>,
    pub(super) renewals: RwSignal<u32>,
    pub(super) just_signed_in: StoredValue<bool>,
    cookies_blocked: RwSignal<bool>,
    offers: StoredValue<Offers>,
    pub traces: OwnTraces,
}

thread_local! {
    /// There is one document: its requests, timers and messages find it without a component around them.
    static TOKENS: Cell<Option<PageTokens>> = const { Cell::new(None) };
}

pub fn provide(visitor: VisitorContext) -> PageTokens {
    let tokens = PageTokens {
        visitor,
        channel: TabChannel::open("storezero.tokens"),
        tokens: StoredValue::new(None),
        facts: RwSignal::new(None),
        generation: StoredValue::new(0),
        asking: RwSignal::new(false),
        answer: RwSignal::new(None),
        renewals: RwSignal::new(0),
        just_signed_in: StoredValue::new(false),
        cookies_blocked: RwSignal::new(private_storage::get(COOKIES_BLOCKED).is_some()),
        offers: StoredValue::new(Offers {
            sign_in: true,
            silent_login: false,
            federated_logout: false,
        }),
        traces: OwnTraces::new(visitor),
    };
    TOKENS.set(Some(tokens));
    tokens.listen();
    tokens
}

/// Of a page that has been put together.
pub fn use_page_tokens() -> PageTokens {
    TOKENS.get().expect("provided before the first page")
}

impl PageTokens {
    pub fn facts(self) -> Option<TokenFacts> {
        self.facts.get()
    }

    pub fn is_asking(self) -> bool {
        self.asking.get()
    }

    pub fn answer(self) -> Option<SilentAnswer> {
        self.answer.get()
    }

    /// How often this document got new tokens without a page.
    pub fn renewals(self) -> u32 {
        self.renewals.get()
    }

    /// Whether a silent question named nobody right after a login: then it is the cookie that did not arrive.
    pub fn are_cookies_blocked(self) -> bool {
        self.cookies_blocked.get()
    }

    pub(super) fn id_token(self) -> Option<String> {
        self.tokens.with_value(|tokens| Some(tokens.as_ref()?.id_token.clone()))
    }

    pub fn has_tokens(self) -> bool {
        self.tokens.with_value(Option::is_some)
    }

    pub(super) fn renew_at(self) -> Option<i64> {
        self.tokens.with_value(|tokens| Some(tokens.as_ref()?.renew_at()))
    }

    pub(super) fn expires_at(self) -> Option<i64> {
        self.tokens.with_value(|tokens| Some(tokens.as_ref()?.expires_at()))
    }

    pub(super) fn learn(self, provider: Option<&Provider>) {
        self.offers.set_value(Offers {
            sign_in: provider.is_some(),
            silent_login: false,
            federated_logout: provider.is_some_and(|it| it.federated_logout_supported),
        });
    }

    pub(super) fn set_cookies_blocked(self, blocked: bool) {
        self.cookies_blocked.set(blocked);
        if blocked {
            private_storage::set(COOKIES_BLOCKED, "1");
        } else {
            private_storage::remove(COOKIES_BLOCKED);
        }
    }

    /// From now on the API is asked with these, and the visitor is who they name.
    pub(super) fn hold(self, tokens: Tokens) {
        api::set_access_token(tokens.access_token.clone(), tokens.fingerprint.clone());
        self.facts.set(Some(tokens.facts()));
        self.tokens.set_value(Some(tokens));
        self.generation.update_value(|generation| *generation += 1);
        private_storage::set(WAS_SIGNED_IN, "1");
        api::settle();
        self.show(None);
        self.schedule();
    }

    /// `reason` is for the person; none where nobody was signed in.
    pub(super) fn drop_tokens(self, reason: Option<EndReason>) {
        api::drop_access_token();
        self.tokens.set_value(None);
        self.facts.set(None);
        self.generation.update_value(|generation| *generation += 1);
        private_storage::remove(WAS_SIGNED_IN);
        api::settle();
        self.show(reason);
    }

    /// The question on this document's arrival brought no tokens.
    pub(super) fn arrived_unknown(self) {
        let was_signed_in = private_storage::get(WAS_SIGNED_IN).is_some();
        let is_told = matches!(self.answer.get_untracked(), Some(SilentAnswer::Nobody(_)));
        let reason = if is_told && !self.cookies_blocked.get_untracked() {
            EndReason::ProviderSessionEnded
        } else {
            EndReason::TokenExpired
        };
        self.drop_tokens(was_signed_in.then_some(reason));
        if was_signed_in && !is_told {
            // Nobody knows yet: the next reload asks again.
            private_storage::set(WAS_SIGNED_IN, "1");
        }
    }

    pub(super) fn show(self, ended: Option<EndReason>) {
        let offers = self.offers.get_value();
        let visitor = self.tokens.with_value(|tokens| match tokens {
            Some(tokens) => Visitor::Customer {
                session: None,
                customer: tokens.customer(),
                provider: tokens.claims.provider.clone(),
                offers,
            },
            None => Visitor::Anonymous { session: None, ended, was_guest: false, offers },
        });
        if self.visitor.visitor.with_untracked(|known| *known != visitor) {
            self.visitor.visitor.set(visitor);
        }
    }

    /// To the other tabs.
    pub(super) fn publish(self, message: &TabMessage) {
        if let Ok(text) = serde_json::to_string(message) {
            self.channel.publish(&text);
        }
    }
}
