//! Every path that one side writes and the other answers.

use crate::ids::Slug;

/// The API: JSON, same origin, cookie.
pub mod api {
    /// GET: who is asking, without sliding the session.
    pub const SESSION: &str = "/api/session";
    /// POST: somebody is still here; answers a `SessionView`
    pub const SESSION_TOUCH: &str = "/api/session/touch";
    /// POST `AgeSession`, in demo mode
    pub const SESSION_AGE: &str = "/api/session/age";
    /// GET: server-sent events; each says only that something changed: whoever hears it asks `SESSION`
    pub const SESSION_EVENTS: &str = "/api/session/events";
    /// GET `SessionHistory`: how this session came to be what it is
    pub const SESSION_HISTORY: &str = "/api/session/history";
    /// GET: how the last logins and logouts went, each a `Trace`, the newest first
    pub const SESSION_TRACES: &str = "/api/session/traces";
    /// GET `TokenUse`: whether the signed-in customer has lately asked the API by an access token, without a session
    pub const SESSION_TOKEN_USE: &str = "/api/session/token-use";
    /// GET: `IdentityProviderView`
    pub const IDENTITY_PROVIDER: &str = "/api/identity-provider";
    /// GET: what happened in this session, the newest first; POST `RecordActivities`: what the page tells of
    pub const SESSION_ACTIVITIES: &str = "/api/session/activities";
    /// DELETE: the visitor turns page views off; those recorded so far are forgotten
    pub const SESSION_PAGE_VIEWS: &str = "/api/session/activities/page-views";
    /// GET `?page=`: a `ReviewPage`
    pub const REVIEWS: &str = "/api/products/{slug}/reviews";
    /// PUT `WriteReview`, DELETE: the customer's own; each answers the first `ReviewPage`
    pub const OWN_REVIEW: &str = "/api/products/{slug}/reviews/own";
    /// GET: `ProductSummary`s whose pages were seen in this session, the newest first; none where page views are off
    pub const RECENTLY_VIEWED: &str = "/api/session/recently-viewed";
    /// GET `?category=&q=&sort=&page=&in_stock=&max_price=&featured=`
    pub const PRODUCTS: &str = "/api/products";
    /// GET; append `/{slug}`
    pub const PRODUCT: &str = "/api/products/{slug}";
    /// GET
    pub const CATEGORIES: &str = "/api/categories";
    /// GET
    pub const CART: &str = "/api/cart";
    /// POST `AddLineItem`
    pub const CART_ITEMS: &str = "/api/cart/items";
    /// PUT `SetQuantity`, DELETE; append `/{sku}`
    pub const CART_ITEM: &str = "/api/cart/items/{sku}";
    /// PUT `GiveCode`, DELETE; each answers the cart
    pub const CART_PROMOTION: &str = "/api/cart/promotion";
    /// POST with an access token and a guest's cart token: the guest's line items join the customer's cart; DELETE: the
    /// customer has read what a login did to it
    pub const CART_MERGE: &str = "/api/cart/merge";
    /// GET: `ProductSummary`s, the newest first
    pub const WISHLIST: &str = "/api/wishlist";
    /// PUT, DELETE, each answers the wishlist; append `/{slug}`
    pub const WISHLIST_ITEM: &str = "/api/wishlist/{slug}";
    /// POST `CheckoutRequest` with `Idempotency-Key`
    pub const CHECKOUT: &str = "/api/checkout";
    /// POST `QuoteRequest`
    pub const QUOTE: &str = "/api/checkout/quote";
    /// GET: an order, for the browser that placed it or looked it up (no login needed)
    pub const CHECKOUT_DONE: &str = "/api/checkout/done/{number}";
    /// GET `?status=&q=&page=`: needs a customer
    pub const ORDERS: &str = "/api/orders";
    /// POST `OrderLookup`: a guest's order, by its number and email (no login needed); from then on `CHECKOUT_DONE` shows it
    /// to whoever found it
    pub const ORDER_LOOKUP: &str = "/api/orders/lookup";
    /// GET: needs the order's customer
    pub const ORDER: &str = "/api/orders/{number}";
    /// POST: needs the order's customer
    pub const ORDER_CANCEL: &str = "/api/orders/{number}/cancel";
    /// GET: needs a customer
    pub const ACCOUNT: &str = "/api/account";
    /// GET: everything that the shop keeps of the customer (`AccountData`); needs a fresh login, like the next, and
    /// like DELETE of `ACCOUNT`, which deletes it and answers `Next`
    pub const ACCOUNT_DATA: &str = "/api/account/data";
    /// GET `Next`: where the identity provider lets a customer change email, phone and password
    pub const ACCOUNT_MANAGE: &str = "/api/account/manage";
    /// GET: `SavedAddress`es, the default first; POST `Address`: one more, unless it is among them. Each answers all of
    /// them, as the next two do
    pub const ACCOUNT_ADDRESSES: &str = "/api/account/addresses";
    /// PUT `Address`, DELETE
    pub const ACCOUNT_ADDRESS: &str = "/api/account/addresses/{id}";
    /// PUT: makes it the default
    pub const ACCOUNT_ADDRESS_DEFAULT: &str = "/api/account/addresses/{id}/default";
    /// GET: where the customer is signed in; DELETE: end all but this one
    pub const ACCOUNT_SESSIONS: &str = "/api/account/sessions";
    /// DELETE: end one, by its fingerprint
    pub const ACCOUNT_SESSION: &str = "/api/account/sessions/{fingerprint}";
    /// GET: all of this, described for programs
    pub const OPENAPI: &str = "/api/openapi.json";
    /// GET: the same for people, as a page
    pub const DOCS: &str = "/api/docs";
}

/// The Relying Party's endpoints.
pub mod auth {
    /// A top-level navigation: `?return_to=&prompt=&connection=&max_age=&acr_values=&keep=1`
    pub const LOGIN: &str = "/auth/login";
    /// Where the IdP sends the browser back.
    pub const CALLBACK: &str = "/auth/callback";
    /// POST `LogoutRequest`, answers `LogoutResponse`
    pub const LOGOUT: &str = "/auth/logout";
    /// From there to the IdP, when its session is to end too
    pub const END_SESSION: &str = "/auth/end-session";
    pub const END_SESSION_SCRIPT: &str = "/auth/end-session.js";
    /// A hidden iframe's navigation: asks the IdP, without any page, whom it knows. `?on_arrival=1` where nobody wanted
    /// to see it
    pub const SILENT_LOGIN: &str = "/auth/silent-login";
    /// Where that iframe lands; it hands what it got to its parent. POST by the parent, answers `SilentLogin`
    pub const SILENT: &str = "/auth/silent";
    pub const SILENT_SCRIPT: &str = "/auth/silent.js";
    /// POST by the IdP
    pub const BACKCHANNEL_LOGOUT: &str = "/auth/backchannel-logout";
}

/// GET: a source file of the shop, by its path in the repository, as a page. `?function=` marks a function, at the
/// fragment `#function`; `?plain=1` answers the bare text.
pub const SOURCE: &str = "/source/{file:.*}";
/// How such a page looks, and any other that reads without the app.
pub const SOURCE_STYLE: &str = "/source.css";

/// GET: where the `type` of a problem leads: to its place in `api::DOCS`.
pub const PROBLEM: &str = "/problems/{kind}";

/// GET, in demo mode: the mails about orders; append `/{id}` for one of them as HTML.
pub const MAILBOX: &str = "/mailbox";

/// Pages of the SPA.
pub mod page {
    pub const HOME: &str = "/";
    pub const SEARCH: &str = "/search";
    pub const CART: &str = "/cart";
    pub const CHECKOUT: &str = "/checkout";
    pub const WISHLIST: &str = "/wishlist";
    pub const ACCOUNT: &str = "/account";
    pub const ORDERS: &str = "/account/orders";
    /// By number and email, without an account; `/orders/{number}` then shows what was found
    pub const FIND_ORDER: &str = "/orders/find";
    pub const FOUND_ORDER: &str = "/orders/:number";
    pub const SIGNED_IN: &str = "/account/sessions";
    pub const SESSIONS: &str = "/sessions";
    /// `?state=` with what was ended: a `LogoutScope`, or `account-deleted`
    pub const SIGNED_OUT: &str = "/signed-out";
    /// `?problem=<SignInProblem>&return_to=`: a login that did not succeed, in words and with a way on
    pub const SIGN_IN_PROBLEM: &str = "/sign-in-problem";
    pub const CATEGORY: &str = "/c/:category";
    pub const PRODUCT: &str = "/p/:slug";
    pub const CHECKOUT_DONE: &str = "/checkout/done/:number";
    pub const ORDER: &str = "/account/orders/:number";

    /// Every page there is, as the router in the browser spells it. The server answers 404 for any other.
    pub const ALL: [&str; 17] = [
        HOME,
        CATEGORY,
        PRODUCT,
        SEARCH,
        CART,
        WISHLIST,
        CHECKOUT,
        CHECKOUT_DONE,
        ACCOUNT,
        ORDERS,
        ORDER,
        FIND_ORDER,
        FOUND_ORDER,
        SIGNED_IN,
        SESSIONS,
        SIGNED_OUT,
        SIGN_IN_PROBLEM,
    ];
}

pub mod header {
    /// Every state-changing request carries it with the value `1`: a form of another site cannot.
    pub const CSRF: &str = "X-Storezero-CSRF";
    /// Marks a request that no person caused: it does not slide the session.
    pub const BACKGROUND: &str = "X-Storezero-Background";
    pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
    /// A guest's cart token, in requests and answers of a page that has no cookies here.
    pub const CART: &str = "X-Storezero-Cart";
}

/// Whether `path` is `place`, or something in it.
pub fn is_in(place: &str, path: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether `path` is of the API.
pub fn is_of_api(path: &str) -> bool {
    is_in("/api", path)
}

/// Whether `path` is the API's or the protocol's: everything else is a file or a page.
pub fn is_endpoint(path: &str) -> bool {
    is_of_api(path) || is_in("/auth", path)
}

/// Whether the page at `path` is behind a door that lets customers in alone.
pub fn needs_customer(path: &str) -> bool {
    path.starts_with(page::ACCOUNT)
}

/// Which of `page::ALL` the page at `path` is.
pub fn page_at(path: &str) -> Option<&'static str> {
    let path = without_trailing_slash(path);
    page::ALL.into_iter().find(|template| {
        let mut parts = path.split('/');
        let fits = template.split('/').all(|wanted| {
            let part = parts.next();
            if wanted.starts_with(':') {
                part.is_some_and(|part| !part.is_empty())
            } else {
                part == Some(wanted)
            }
        });
        fits && parts.next().is_none()
    })
}

/// `/cart/` is `/cart`. Two slashes are none of ours.
pub fn without_trailing_slash(path: &str) -> &str {
    match path.strip_suffix('/') {
        Some(shorter) if !shorter.is_empty() && !shorter.ends_with('/') => shorter,
        _ => path,
    }
}

/// The product whose page this is.
pub fn product_at(path: &str) -> Option<Slug> {
    without_trailing_slash(path).strip_prefix("/p/")?.parse().ok()
}

/// Where `template`'s `{…}` is replaced by a checked name, such as a `Slug`: nothing to escape.
pub fn with(template: &str, value: impl AsRef<str>) -> String {
    match (template.find('{'), template.find('}')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}{}", &template[..start], value.as_ref(), &template[end + 1..])
        }
        _ => template.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn endpoints_are_told_from_pages_that_begin_alike() {
        for endpoint in ["/api", "/api/cart", "/auth/login"] {
            assert!(super::is_endpoint(endpoint), "{endpoint}");
        }
        for page in ["/", "/apiary", "/authors", "/account"] {
            assert!(!super::is_endpoint(page), "{page}");
        }
    }

    #[test]
    fn the_accounts_pages_need_a_customer_and_no_others() {
        for path in ["/account", "/account/orders?page=2", "/account/sessions"] {
            assert!(super::needs_customer(path), "{path}");
        }
        for path in ["/", "/checkout", "/sessions", "/wishlist"] {
            assert!(!super::needs_customer(path), "{path}");
        }
    }

    #[test]
    fn every_page_is_known_by_its_path_and_nothing_else_is() {
        use super::{page, page_at};
        for template in page::ALL {
            let path = template.replace(':', "x");
            assert_eq!(page_at(&path), Some(template));
            if template != page::HOME {
                assert_eq!(page_at(&format!("{path}/")), Some(template));
            }
        }
        for path in ["", "//", "/p", "/p/", "/p//", "/p/a/b", "/c", "/cart//", "/Cart", "/nowhere"]
        {
            assert_eq!(page_at(path), None, "{path}");
        }
    }

    #[test]
    fn a_template_is_filled_in_the_middle() {
        assert_eq!(super::with(super::api::ORDER_CANCEL, "X"), "/api/orders/X/cancel");
        assert_eq!(super::with(super::api::PRODUCT, "x"), "/api/products/x");
    }

    proptest! {
        #[test]
        fn any_path_is_read_and_a_slash_at_its_end_changes_nothing(
            path in "(/|:|\\{|\\}|p|c|cart|account|orders|[a-z0-9-]{1,3}|.){0,8}",
        ) {
            let shorter = super::without_trailing_slash(&path);
            prop_assert!(path == shorter || path.strip_suffix('/') == Some(shorter));
            prop_assert_eq!(super::page_at(&path), super::page_at(shorter));
            prop_assert_eq!(super::product_at(&path), super::product_at(shorter));
            if let Some(slug) = super::product_at(&path) {
                prop_assert_eq!(super::page_at(&path), Some(super::page::PRODUCT));
                prop_assert_eq!(shorter, format!("/p/{slug}"));
            }
            super::with(&path, &path);
        }
    }
}
