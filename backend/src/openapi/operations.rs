//! Every operation below `/api`, in one table: what it is for, who may ask, what goes in and comes out, and which problems
//! it has of its own.
//!
//! A table, and no attribute on each handler: three quarters of such an attribute would be the same everywhere, and the
//! rest is a line here. What all have in common `document` adds. That it is true is tested where requests are made: each
//! answer that a test receives is held against it (`backend/tests/http/support/description.rs`).

use shared::{
    account::{Account, AccountData, Next, SavedAddress, SignedInSession},
    activities::{Activity, RecordActivities},
    cart::{AddLineItem, Cart, SetQuantity},
    catalog::{Category, Product, ProductPage, ProductQuery, ProductSummary},
    checkout::{Address, CheckoutRequest, Quote, QuoteRequest},
    identity_provider::IdentityProviderView,
    orders::{Order, OrderLookup, OrderPage, OrderQuery},
    paths::{api, header},
    problem::kinds,
    promotions::GiveCode,
    reviews::{ReviewPage, ReviewQuery, WriteReview},
    session::{AgeSession, SessionView, TokenUse},
    session_history::SessionHistory,
    trace::Trace,
};
use utoipa::{
    ToSchema,
    openapi::{ArrayBuilder, HttpMethod, Ref, RefOr, Schema},
};

pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// A type of `shared`, as the document refers to it.
pub struct Type {
    pub schema: RefOr<Schema>,
    /// The type itself and whatever it is made of, by name.
    pub parts: Schemas,
}

impl Type {
    pub fn of<T: ToSchema>() -> Self {
        let mut parts = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut parts);
        Self { schema: Ref::from_schema_name(T::name()).into(), parts }
    }

    fn list_of<T: ToSchema>() -> Self {
        let Self { schema, parts } = Self::of::<T>();
        Self { schema: ArrayBuilder::new().items(schema).into(), parts }
    }
}

/// What a success brings.
pub enum Answer {
    Json(u16, Type),
    /// The same for everybody, asked for again by `ETag`.
    Cacheable(Type),
    Nothing,
    Events,
    Page,
    Document,
}

/// Whom the handler's signature lets in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anybody,
    /// Whose cart it is: a customer, or a guest by the cart's token.
    Shopper,
    Customer,
    /// Who proved lately who they are.
    FreshCustomer,
}

pub struct Operation {
    pub method: HttpMethod,
    pub path: &'static str,
    pub summary: &'static str,
    pub caller: Caller,
    pub query: Option<Type>,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Option<Type>,
    pub answer: Answer,
    /// Those that are its own.
    pub problems: &'static [&'static str],
}

impl Operation {
    fn by(self, caller: Caller) -> Self {
        Self { caller, ..self }
    }

    fn query<T: ToSchema>(self) -> Self {
        Self { query: Some(Type::of::<T>()), ..self }
    }

    fn takes<T: ToSchema>(self) -> Self {
        Self { body: Some(Type::of::<T>()), ..self }
    }

    fn answers<T: ToSchema>(self) -> Self {
        Self { answer: Answer::Json(200, Type::of::<T>()), ..self }
    }

    fn lists<T: ToSchema>(self) -> Self {
        Self { answer: Answer::Json(200, Type::list_of::<T>()), ..self }
    }

    fn fails(self, problems: &'static [&'static str]) -> Self {
        Self { problems, ..self }
    }
}

fn operation(method: HttpMethod, path: &'static str, summary: &'static str) -> Operation {
    Operation {
        method,
        path,
        summary,
        caller: Caller::Anybody,
        query: None,
        headers: &[],
        body: None,
        answer: Answer::Nothing,
        problems: &[],
    }
}

fn get(path: &'static str, summary: &'static str) -> Operation {
    operation(HttpMethod::Get, path, summary)
}

fn post(path: &'static str, summary: &'static str) -> Operation {
    operation(HttpMethod::Post, path, summary)
}

fn put(path: &'static str, summary: &'static str) -> Operation {
    operation(HttpMethod::Put, path, summary)
}

fn delete(path: &'static str, summary: &'static str) -> Operation {
    operation(HttpMethod::Delete, path, summary)
}

/// By what they are about.
pub fn groups() -> [(&'static str, Vec<Operation>); 7] {
    [
        ("Catalogue", catalogue()),
        ("Cart and wishlist", cart()),
        ("Checkout and orders", orders()),
        ("Reviews", reviews()),
        ("Session", session()),
        ("Account", account()),
        ("This description", description()),
    ]
}

fn catalogue() -> Vec<Operation> {
    let cacheable =
        |operation, answer| Operation { answer: Answer::Cacheable(answer), ..operation };
    vec![
        cacheable(get(api::CATEGORIES, "All categories"), Type::list_of::<Category>()),
        cacheable(
            get(api::PRODUCTS, "Products: of a category, searched for, filtered, in pages")
                .query::<ProductQuery>()
                .fails(&[kinds::VALIDATION, kinds::NOT_FOUND]),
            Type::of::<ProductPage>(),
        ),
        cacheable(
            get(api::PRODUCT, "A product with its variants").fails(&[kinds::NOT_FOUND]),
            Type::of::<Product>(),
        ),
        get(api::RECENTLY_VIEWED, "Products whose pages this session has seen, the newest first")
            .lists::<ProductSummary>(),
    ]
}

fn cart() -> Vec<Operation> {
    vec![
        get(api::CART, "The cart").by(Caller::Shopper).answers::<Cart>(),
        post(api::CART_ITEMS, "Put items into the cart; a guest’s begins here")
            .by(Caller::Shopper)
            .takes::<AddLineItem>()
            .answers::<Cart>()
            .fails(&[
                kinds::NOT_FOUND,
                kinds::CONFLICT,
                kinds::OUT_OF_STOCK,
                kinds::SIGN_IN_REQUIRED,
                kinds::TOO_MANY_REQUESTS,
            ]),
        put(api::CART_ITEM, "Set how many items a line has")
            .by(Caller::Shopper)
            .takes::<SetQuantity>()
            .answers::<Cart>()
            .fails(&[kinds::NOT_FOUND, kinds::CONFLICT, kinds::OUT_OF_STOCK]),
        delete(api::CART_ITEM, "Remove a line")
            .by(Caller::Shopper)
            .answers::<Cart>()
            .fails(&[kinds::NOT_FOUND]),
        put(api::CART_PROMOTION, "Give a promotion code")
            .by(Caller::Shopper)
            .takes::<GiveCode>()
            .answers::<Cart>()
            .fails(&[kinds::TOO_MANY_REQUESTS]),
        delete(api::CART_PROMOTION, "Take the promotion code away")
            .by(Caller::Shopper)
            .answers::<Cart>(),
        post(
            api::CART_MERGE,
            "A page that signed somebody in by itself: the guest’s line items join the customer’s cart",
        )
        .by(Caller::Customer)
        .answers::<Cart>(),
        delete(api::CART_MERGE, "The customer has read what a login did to the cart")
            .by(Caller::Customer),
        get(api::WISHLIST, "The wishlist, the newest first").lists::<ProductSummary>(),
        put(api::WISHLIST_ITEM, "Add a product to the wishlist").lists::<ProductSummary>().fails(&[
            kinds::NOT_FOUND,
            kinds::CONFLICT,
            kinds::SIGN_IN_REQUIRED,
            kinds::TOO_MANY_REQUESTS,
        ]),
        delete(api::WISHLIST_ITEM, "Remove a product from the wishlist")
            .lists::<ProductSummary>()
            .fails(&[kinds::NOT_FOUND]),
    ]
}

fn orders() -> Vec<Operation> {
    vec![
        post(api::QUOTE, "What the cart costs, delivered there")
            .by(Caller::Shopper)
            .takes::<QuoteRequest>()
            .answers::<Quote>()
            .fails(&[kinds::CART_EMPTY]),
        Operation {
            headers: &[(
                header::IDEMPOTENCY_KEY,
                "Names this order: the same key with the same body is one order, however often it is sent.",
            )],
            answer: Answer::Json(201, Type::of::<Order>()),
            ..post(api::CHECKOUT, "Order what is in the cart, and pay")
        }
        .by(Caller::Shopper)
        .takes::<CheckoutRequest>()
        .fails(&[
            kinds::PAYMENT_DECLINED,
            kinds::PAYMENT_AUTHENTICATION_REQUIRED,
            kinds::SIGN_IN_REQUIRED,
            kinds::CONFLICT,
            kinds::CART_EMPTY,
            kinds::CART_CHANGED,
            kinds::OUT_OF_STOCK,
            kinds::IDEMPOTENCY_KEY_REUSED,
            kinds::TOO_MANY_REQUESTS,
            kinds::PAYMENT_PAUSED,
            kinds::PAYMENT_UNAVAILABLE,
        ]),
        get(api::CHECKOUT_DONE, "An order, for the browser that placed or found it")
            .by(Caller::Shopper)
            .answers::<Order>()
            .fails(&[kinds::NOT_FOUND]),
        get(api::ORDERS, "The customer’s orders, in pages, the newest first")
            .by(Caller::Customer)
            .query::<OrderQuery>()
            .answers::<OrderPage>()
            .fails(&[kinds::VALIDATION]),
        post(api::ORDER_LOOKUP, "A guest’s order, by its number and email")
            .by(Caller::Shopper)
            .takes::<OrderLookup>()
            .answers::<Order>()
            .fails(&[kinds::NOT_FOUND, kinds::TOO_MANY_REQUESTS]),
        get(api::ORDER, "One of the customer’s orders")
            .by(Caller::Customer)
            .answers::<Order>()
            .fails(&[kinds::NOT_FOUND]),
        post(api::ORDER_CANCEL, "Cancel an order that nobody has packed yet")
            .by(Caller::Customer)
            .answers::<Order>()
            .fails(&[kinds::NOT_FOUND, kinds::CONFLICT]),
    ]
}

fn reviews() -> Vec<Operation> {
    vec![
        get(api::REVIEWS, "What customers say of a product, in pages, the newest first")
            .query::<ReviewQuery>()
            .answers::<ReviewPage>()
            .fails(&[kinds::VALIDATION, kinds::NOT_FOUND]),
        put(api::OWN_REVIEW, "Write or change the customer’s own review")
            .by(Caller::Customer)
            .takes::<WriteReview>()
            .answers::<ReviewPage>()
            .fails(&[kinds::NOT_FOUND, kinds::NOT_RECEIVED]),
        delete(api::OWN_REVIEW, "Remove the customer’s own review")
            .by(Caller::Customer)
            .answers::<ReviewPage>()
            .fails(&[kinds::NOT_FOUND]),
    ]
}

fn session() -> Vec<Operation> {
    vec![
        get(api::SESSION, "Who is asking, without keeping the session alive")
            .answers::<SessionView>(),
        post(api::SESSION_TOUCH, "Somebody is still here").answers::<SessionView>(),
        Operation {
            answer: Answer::Events,
            ..get(
                api::SESSION_EVENTS,
                "Server-sent events: something changed, ask for the session again",
            )
        },
        get(api::SESSION_HISTORY, "How this session came to be what it is")
            .answers::<SessionHistory>(),
        get(
            api::SESSION_TRACES,
            "How the last logins and logouts went, at most ten, the newest first",
        )
        .lists::<Trace>(),
        get(api::SESSION_TOKEN_USE, "Whether the customer lately used the API by an access token")
            .answers::<TokenUse>(),
        get(
            api::SESSION_ACTIVITIES,
            "What happened in this session, at most 200, the newest first",
        )
        .lists::<Activity>(),
        post(api::SESSION_ACTIVITIES, "What the page tells of, at most 20 at once")
            .takes::<RecordActivities>(),
        delete(api::SESSION_PAGE_VIEWS, "Turn page views off, and forget them"),
        post(api::SESSION_AGE, "Make this session older, in demo mode")
            .takes::<AgeSession>()
            .fails(&[kinds::NOT_FOUND, kinds::MISDIRECTED]),
        get(api::IDENTITY_PROVIDER, "What the shop knows of its identity provider")
            .answers::<IdentityProviderView>(),
    ]
}

fn account() -> Vec<Operation> {
    vec![
        get(api::ACCOUNT, "The customer, with addresses and the last orders")
            .by(Caller::Customer)
            .answers::<Account>(),
        delete(api::ACCOUNT, "Delete the account").by(Caller::FreshCustomer).answers::<Next>(),
        get(api::ACCOUNT_DATA, "Everything that the shop keeps of the customer")
            .by(Caller::FreshCustomer)
            .answers::<AccountData>(),
        get(api::ACCOUNT_MANAGE, "Where email, phone and password can be changed")
            .by(Caller::FreshCustomer)
            .answers::<Next>(),
        get(api::ACCOUNT_ADDRESSES, "Saved addresses, at most ten, the default first")
            .by(Caller::Customer)
            .lists::<SavedAddress>(),
        post(api::ACCOUNT_ADDRESSES, "Save an address, unless it is there")
            .by(Caller::Customer)
            .takes::<Address>()
            .lists::<SavedAddress>()
            .fails(&[kinds::CONFLICT]),
        put(api::ACCOUNT_ADDRESS, "Change an address")
            .by(Caller::Customer)
            .takes::<Address>()
            .lists::<SavedAddress>()
            .fails(&[kinds::NOT_FOUND]),
        delete(api::ACCOUNT_ADDRESS, "Remove an address")
            .by(Caller::Customer)
            .lists::<SavedAddress>()
            .fails(&[kinds::NOT_FOUND]),
        put(api::ACCOUNT_ADDRESS_DEFAULT, "Make an address the default")
            .by(Caller::Customer)
            .lists::<SavedAddress>()
            .fails(&[kinds::NOT_FOUND]),
        get(api::ACCOUNT_SESSIONS, "Where the customer is signed in")
            .by(Caller::Customer)
            .lists::<SignedInSession>(),
        delete(api::ACCOUNT_SESSIONS, "End all sessions but this one").by(Caller::FreshCustomer),
        delete(api::ACCOUNT_SESSION, "End one session, by its fingerprint")
            .by(Caller::FreshCustomer)
            .fails(&[kinds::NOT_FOUND]),
    ]
}

fn description() -> Vec<Operation> {
    vec![
        Operation {
            answer: Answer::Document,
            ..get(api::OPENAPI, "This description, for programs")
        },
        Operation { answer: Answer::Page, ..get(api::DOCS, "This description, for people") },
    ]
}
