use super::{addresses::Addresses, sensitive_actions::SensitiveActions, session_end::SessionEnd};
use crate::{
    api,
    auth::{Gate, IDENTITY_PROVIDER, use_visitor},
    orders::OrderRow,
    ui::{Empty, Moment, PageHeading, lazy_page, loaded},
};
use leptos::prelude::*;
use shared::{account::Account, paths};

lazy_page!(AccountRoute, AccountPage);

#[component]
fn AccountPage() -> impl IntoView {
    view! {
        <div class="page account">
            <PageHeading title="My Account"/>
            <Gate><Overview/></Gate>
        </div>
    }
}

#[component]
fn Overview() -> impl IntoView {
    let visitor = use_visitor();
    let account = LocalResource::new(move || async move {
        visitor.gated(api::get::<Account>(paths::api::ACCOUNT)).await
    });
    let retry = Callback::new(move |()| account.refetch());
    let known = |account| view! { <Known account/> };
    move || loaded(account.get(), 8, "Fetching your account…", retry, known)
}

#[component]
fn Known(account: Account) -> impl IntoView {
    // Names repeat, and not everybody has an email; together with the moment of the first login they tell people apart.
    let who = account.customer.fingerprint.clone();
    let email = account.customer.email.map(|email| {
        let (class, mark) = if account.customer.email_verified {
            ("verified", "✓ verified")
        } else {
            ("unverified", "not verified yet")
        };
        view! {
            <div>
                <dt>"Email"</dt>
                <dd class="account-email-line">{email}" "<span class=class>{mark}</span></dd>
            </div>
        }
    });
    let orders = if account.recent_orders.is_empty() {
        view! {
            <Empty title="No orders yet" text="What you order while you are signed in is kept here.">
                <a class="button button-primary" href=paths::page::HOME>"Go shopping"</a>
            </Empty>
        }
        .into_any()
    } else {
        let all = match account.order_count {
            1 => "See your order".to_owned(),
            many => format!("See all {many} orders"),
        };
        view! {
            <ul class="order-rows">
                {account.recent_orders.into_iter().map(|order| view! { <OrderRow order/> }).collect_view()}
            </ul>
            <p><a class="button button-secondary" href=paths::page::ORDERS>{all}</a></p>
        }
        .into_any()
    };
    view! {
        <div class="account-columns">
            <section class="account-who card">
                <h2>"You"</h2>
                <dl class="facts">
                    <div><dt>"Name"</dt><dd>{account.customer.name}</dd></div>
                    {email}
                    <div><dt>"Here since"</dt><dd><Moment at=account.customer_since/></dd></div>
                </dl>
                <p>
                    "Name, email and password are kept at "
                    <a href=account.identity_provider rel="external">{IDENTITY_PROVIDER}</a>
                    ", not in the shop."
                </p>
                <p><a href=paths::page::SIGNED_IN>"Where you’re signed in"</a></p>
                <SessionEnd/>
                <p><a href=paths::page::WISHLIST>"See your wishlist"</a></p>
                <p><a href=paths::page::SESSIONS>"See the session you are in"</a></p>
            </section>
            <section class="account-orders">
                <h2>"Recent orders"</h2>
                {orders}
            </section>
        </div>
        <Addresses addresses=account.addresses/>
        <SensitiveActions who/>
    }
}
