//! What the build without a backend sends instead of cookies: the access token as `Authorization: Bearer` (RFC 6750
//! §2.1), which lives in this document's memory alone, and a guest's cart token.

use crate::storage::Kept::InBrowser;
use js_sys::{Function, Promise};
use shared::paths::{api, header};
use std::{cell::RefCell, pin::Pin, rc::Rc};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCredentials, RequestInit, Response};

/// It opens a guest's cart and the orders that were placed or found with it, so it may be kept, as the other build's
/// cookie is.
const GUEST_CART: &str = "storezero.cart";

/// What is the same for everybody.
const AT_ONCE: [&str; 4] = [api::SESSION, api::PRODUCTS, api::CATEGORIES, api::IDENTITY_PROVIDER];

type Renewal = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

#[derive(Default)]
struct Credentials {
    /// The origin of the shop's API.
    api: String,
    access_token: Option<AccessToken>,
    renewal: Option<Renewal>,
    has_answered: bool,
    arrival: Option<Arrival>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct AccessToken {
    token: String,
    /// Whose it is: what one customer asked for is never done for another.
    customer: String,
}

/// Until it is known whether there is a token, nobody asks the API as a stranger.
struct Arrival {
    settled: Promise,
    settle: Function,
}

impl Arrival {
    fn new() -> Self {
        let mut settle = None;
        let settled = Promise::new(&mut |resolve, _| settle = Some(resolve));
        Self { settled, settle: settle.expect("a promise's executor runs at once") }
    }
}

thread_local! {
    static CREDENTIALS: RefCell<Credentials> = RefCell::default();
}

/// `api` is the origin that every path of the API is on.
pub fn connect(api: &str) {
    CREDENTIALS.with_borrow_mut(|credentials| {
        api.clone_into(&mut credentials.api);
        credentials.arrival = Some(Arrival::new());
    });
}

/// It is known now whether there is a token.
pub fn settle() {
    let arrival = CREDENTIALS.with_borrow_mut(|credentials| credentials.arrival.take());
    if let Some(arrival) = arrival {
        // Fails for no function of a promise.
        let _ = arrival.settle.call0(&JsValue::UNDEFINED);
    }
}

pub(super) async fn settled(path: &str) {
    if AT_ONCE.iter().any(|at_once| path.starts_with(at_once)) {
        return;
    }
    let settled = CREDENTIALS.with_borrow(|credentials| {
        credentials.arrival.as_ref().map(|arrival| arrival.settled.clone())
    });
    if let Some(settled) = settled {
        // It is only ever kept.
        let _ = JsFuture::from(settled).await;
    }
}

pub fn address_of(path: &str) -> String {
    CREDENTIALS.with_borrow(|credentials| format!("{}{path}", credentials.api))
}

pub fn set_access_token(token: String, customer: String) {
    let token = AccessToken { token, customer };
    CREDENTIALS.with_borrow_mut(|credentials| credentials.access_token = Some(token));
}

pub fn drop_access_token() {
    CREDENTIALS.with_borrow_mut(|credentials| credentials.access_token = None);
}

/// What is tried when the API refuses a token.
pub fn on_refused_token(renewal: impl Fn() -> Pin<Box<dyn Future<Output = ()>>> + 'static) {
    CREDENTIALS.with_borrow_mut(|credentials| credentials.renewal = Some(Rc::new(renewal)));
}

fn in_use() -> Option<AccessToken> {
    CREDENTIALS.with_borrow(|credentials| credentials.access_token.clone())
}

/// Whether there is another token by now, of the same customer, than the one that was `refused`.
pub(super) async fn is_renewed(refused: &AccessToken) -> bool {
    if in_use().as_ref() == Some(refused) {
        let renewal = CREDENTIALS.with_borrow(|credentials| credentials.renewal.clone());
        if let Some(renewal) = renewal {
            renewal().await;
        }
    }
    in_use().is_some_and(|now| now.token != refused.token && now.customer == refused.customer)
}

/// Answers which token the request takes along.
pub(super) fn add(init: &RequestInit, headers: &Headers) -> Result<Option<AccessToken>, JsValue> {
    // No cookie is sent, and none is taken: what is told here is all that the API knows.
    init.set_credentials(RequestCredentials::Omit);
    let token = in_use();
    if let Some(AccessToken { token, .. }) = &token {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    if let Some(token) = InBrowser.get(GUEST_CART) {
        headers.set(header::CART, &token)?;
    }
    Ok(token)
}

/// Whether the API has answered to an access token as it was asked, in this document.
pub fn has_answered_to_token() -> bool {
    CREDENTIALS.with_borrow(|credentials| credentials.has_answered)
}

pub(super) fn learn_from(response: &Response, had_token: bool) {
    CREDENTIALS.with_borrow_mut(|credentials| {
        credentials.has_answered |= had_token && response.ok();
    });
    if let Ok(Some(token)) = response.headers().get(header::CART) {
        InBrowser.set(GUEST_CART, &token);
    }
}

pub fn has_guest_cart() -> bool {
    InBrowser.get(GUEST_CART).is_some()
}

pub fn forget_guest_cart() {
    InBrowser.remove(GUEST_CART);
}
