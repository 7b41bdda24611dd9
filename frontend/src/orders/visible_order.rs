//! An order as the browser sees it that placed or found it, signed in or not.

use crate::{
    api::{self, ApiError},
    ui::Empty,
};
use leptos::prelude::*;
use shared::{
    ids::OrderNumber,
    orders::Order,
    paths::{self, page},
    problem::kinds,
};

/// The order of this number; `None` in it where this browser knows no such order.
pub fn visible_order(
    number: Memo<Option<OrderNumber>>,
) -> LocalResource<Result<Option<Order>, ApiError>> {
    LocalResource::new(move || {
        let number = number.get();
        async move {
            let Some(number) = number else { return Ok(None) };
            let path = paths::with(paths::api::CHECKOUT_DONE, number.as_str());
            match api::get::<Order>(&path).await {
                Err(error) if error.is(kinds::NOT_FOUND) => Ok(None),
                answer => answer.map(Some),
            }
        }
    })
}

#[component]
pub fn NotHere() -> impl IntoView {
    view! {
        <Empty
            title="This browser knows no such order."
            text="It can be seen in the browser that placed it, and wherever it was found by its number and email. Orders \
                  placed while you were signed in are in All Orders."
        >
            <a class="button button-primary" href=page::FIND_ORDER>"Find your order"</a>
            <a class="button button-secondary" href=page::ORDERS>"All Orders"</a>
        </Empty>
    }
}
