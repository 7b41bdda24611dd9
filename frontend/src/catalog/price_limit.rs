use leptos::prelude::*;
use shared::money::Money;

const ID: &str = "price-limit";
const ERROR_ID: &str = "price-limit-error";

/// What a product may cost at most. A text that is no amount changes nothing and says so.
#[component]
pub fn PriceLimit(
    /// Minor units.
    #[prop(into)]
    limit: Signal<Option<i64>>,
    on_change: Callback<Option<i64>>,
) -> impl IntoView {
    let error = RwSignal::new(None::<&'static str>);
    let limit = Memo::new(move |_| limit.get());
    // Another limit, such as that of the page before, is in the field then.
    Effect::new(move || {
        limit.track();
        error.set(None);
    });
    let change = move |event| match typed_limit(&event_target_value(&event)) {
        Ok(limit) => {
            error.set(None);
            on_change.run(limit);
        }
        Err(message) => error.set(Some(message)),
    };
    view! {
        <div class="toolbar-field toolbar-price">
            <label for=ID>"Up to €"</label>
            <input
                id=ID
                class="input"
                inputmode="decimal"
                autocomplete="off"
                maxlength="12"
                placeholder="any"
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || error.get().map(|_| ERROR_ID)
                prop:value=move || limit.get().map(written).unwrap_or_default()
                on:change=change
            />
        </div>
        {move || error.get().map(|error| view! {
            <p class="field-error toolbar-error" id=ERROR_ID role="alert">{error}</p>
        })}
    }
}

/// In minor units; nothing typed is no limit.
fn typed_limit(text: &str) -> Result<Option<i64>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match Money::typed(text) {
        Some(Money { minor: 0, .. }) => Err("Enter more than 0, or nothing."),
        Some(amount) => Ok(Some(amount.minor)),
        None => Err("Enter an amount, like 20 or 19.99."),
    }
}

/// Without cents where there are none: "50", "19.99".
fn written(minor: i64) -> String {
    match (minor / 100, minor % 100) {
        (units, 0) => units.to_string(),
        (units, cents) => format!("{units}.{cents:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_an_amount_or_nothing() {
        assert_eq!(typed_limit(" "), Ok(None));
        assert_eq!(typed_limit("19,99"), Ok(Some(1_999)));
        for refused in ["0", "0.00", "1e3", "-5", "cheap"] {
            assert!(typed_limit(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_limit_is_written_as_it_can_be_typed() {
        for (minor, text) in [(5_000, "50"), (1_999, "19.99"), (1_005, "10.05"), (90, "0.90")] {
            assert_eq!(written(minor), text);
            assert_eq!(typed_limit(text), Ok(Some(minor)));
        }
    }
}
