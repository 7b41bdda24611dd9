use crate::{
    api::{ApiError, json},
    cart::{CartContext, offer_cart, use_cart},
    ui::{Button, spawn_busy, use_toasts},
};
use leptos::prelude::*;
use shared::{
    cart::Cart, catalog::full_name, checkout::Change, ids::Sku, orders::OrderLine, paths::page,
    problem::kinds,
};

/// What became of buying the same again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoughtAgain {
    /// Whether anything went into the cart.
    is_something: bool,
    /// What is not as it was: a sentence each.
    differences: Vec<String>,
}

/// Puts into the cart what of it can still be had. `told` gets what is different from last time.
#[component]
pub fn BuyAgain(items: Vec<OrderLine>, told: RwSignal<Option<BoughtAgain>>) -> impl IntoView {
    let (cart, toasts) = (use_cart(), use_toasts());
    let busy = RwSignal::new(false);
    let items = StoredValue::new(items);
    let put_into_cart = move |_| {
        told.set(None);
        spawn_busy(busy, async move {
            let mut bought = BoughtAgain::default();
            for line in items.get_value() {
                match add(cart, &line.sku, line.quantity).await {
                    Ok(added) => {
                        let now = untrack(|| cart.get()).unwrap_or_default();
                        bought.is_something |= added > 0;
                        bought.differences.extend(differences(&line, added, &now));
                    }
                    Err(ApiError::Offline) => return toasts.say(ApiError::Offline.detail()),
                    Err(error) => {
                        bought.differences.push(format!("{}: {}", name(&line), error.detail()));
                    }
                }
            }
            if bought.differences.is_empty() {
                offer_cart(cart, toasts, "Everything is in your cart.");
            } else {
                let _ = told.try_set(Some(bought));
            }
        });
    };
    view! { <Button busy on:click=put_into_cart>"Buy again"</Button> }
}

/// Stays until it is asked anew: longer than a toast, since there may be much to read.
#[component]
pub fn BoughtAgainNote(told: RwSignal<Option<BoughtAgain>>) -> impl IntoView {
    let note = |BoughtAgain { is_something, differences }: BoughtAgain| {
        let title = if is_something {
            "It is in your cart, but not as last time."
        } else {
            "Nothing more of this order can be had right now."
        };
        view! {
            <div class="note note-warn">
                <p class="note-title">{title}</p>
                <ul>{differences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                {is_something.then(|| view! { <a class="button button-secondary" href=page::CART>"View cart"</a> })}
            </div>
        }
    };
    view! { <div class="bought-again" role="status">{move || told.get().map(note)}</div> }
}

/// As many as there are, up to so many. Answers how many those were.
async fn add(cart: CartContext, sku: &Sku, wanted: u32) -> Result<u32, ApiError> {
    match cart.add(sku.clone(), wanted).await {
        Ok(()) => Ok(wanted),
        Err(error) => match room(&error, wanted) {
            None => Err(error),
            Some(0) => Ok(0),
            Some(left) => cart.add(sku.clone(), left).await.map(|()| left),
        },
    }
}

/// How many more the cart can have where so many are too many; `None` where the refusal is about something else.
fn room(error: &ApiError, more: u32) -> Option<u32> {
    let ApiError::Problem(problem) = error else { return None };
    match problem.changes.iter().find_map(json::read_tree)? {
        Change::Short { wanted, available, .. } if problem.is(kinds::OUT_OF_STOCK) => {
            let held = wanted.saturating_sub(more);
            Some(available.saturating_sub(held))
        }
        _ => None,
    }
}

fn differences(line: &OrderLine, added: u32, cart: &Cart) -> Vec<String> {
    let (name, seen) = (name(line), line.unit_price);
    let item = cart.items.iter().find(|item| item.sku == line.sku);
    let mut differences = Vec::new();
    match (added, item) {
        (0, None) => differences.push(format!("{name}: sold out.")),
        (0, Some(item)) => {
            let held = item.quantity;
            differences.push(format!("{name}: no more left than the {held} in your cart."));
        }
        _ if added < line.quantity => {
            differences.push(format!("{name}: only {added} of {} left.", line.quantity));
        }
        _ => {}
    }
    if let Some(now) = item.map(|item| item.unit_price).filter(|now| added > 0 && *now != seen) {
        differences.push(format!("{name}: now {now} instead of {seen}."));
    }
    differences
}

fn name(line: &OrderLine) -> String {
    full_name(&line.name, &line.options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Problem;
    use serde_json::json;
    use shared::{cart::LineItem, money::Money};

    fn line() -> OrderLine {
        OrderLine {
            sku: "HK-TEACUP-SAGE".parse().unwrap(),
            slug: "teacup".parse().unwrap(),
            name: "Teacup".into(),
            options: [("Colour".to_owned(), "Sage".to_owned())].into(),
            picture: String::new(),
            unit_price: Money::eur(1_890),
            quantity: 3,
            total: Money::eur(5_670),
        }
    }

    fn cart(price: i64) -> Cart {
        let OrderLine { sku, slug, name, options, picture, quantity, total, .. } = line();
        let unit_price = Money::eur(price);
        let item = LineItem {
            sku,
            slug,
            name,
            options,
            picture,
            unit_price,
            quantity,
            total,
            available: 9,
        };
        Cart { items: vec![item], ..Cart::default() }
    }

    #[test]
    fn what_is_not_as_last_time_is_said_and_nothing_else() {
        assert_eq!(differences(&line(), 3, &cart(1_890)), Vec::<String>::new());
        assert_eq!(
            differences(&line(), 2, &cart(1_990)),
            ["Teacup (Sage): only 2 of 3 left.", "Teacup (Sage): now €19.90 instead of €18.90."]
        );
        assert_eq!(differences(&line(), 0, &Cart::default()), ["Teacup (Sage): sold out."]);
        assert_eq!(
            differences(&line(), 0, &cart(1_990)),
            ["Teacup (Sage): no more left than the 3 in your cart."]
        );
    }

    #[test]
    fn the_rest_of_the_stock_is_taken_beside_what_the_cart_holds() {
        let refused = |kind: &str, wanted, available| {
            let change = Change::Short { name: "Teacup".into(), wanted, available };
            let mut problem = Problem::new(kind, "", 409, "");
            problem.changes = vec![json!(change)];
            ApiError::Problem(Box::new(problem))
        };
        assert_eq!(room(&refused(kinds::OUT_OF_STOCK, 3, 2), 3), Some(2));
        assert_eq!(room(&refused(kinds::OUT_OF_STOCK, 4, 2), 3), Some(1));
        assert_eq!(room(&refused(kinds::OUT_OF_STOCK, 5, 2), 3), Some(0));
        assert_eq!(room(&refused(kinds::CONFLICT, 3, 2), 3), None);
        assert_eq!(room(&ApiError::Offline, 3), None);
    }
}
