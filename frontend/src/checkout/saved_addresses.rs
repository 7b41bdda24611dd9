//! A customer's addresses at the checkout: the default fills in an empty form, another one can be chosen, and a new one
//! is kept where the customer wants that.

use super::{checkout_context::CheckoutContext, form::empty_address};
use crate::{
    api::{self, Latest},
    ui::{RadioChoice, RadioGroup, Toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    account::{MAX_ADDRESSES, SavedAddress},
    checkout::Address,
    paths::api as path,
};

#[derive(Clone, Copy)]
pub struct SavedAddresses {
    /// `None` for a guest, and until the shop has answered.
    list: RwSignal<Option<Vec<SavedAddress>>>,
    latest: Latest,
    /// Which of them the form showed when it was left.
    pub filled_in: StoredValue<Option<SavedAddress>>,
    /// What was typed, while a saved one is in its place.
    typed: StoredValue<Option<Address>>,
    keep: RwSignal<bool>,
}

impl SavedAddresses {
    pub fn new() -> Self {
        Self {
            list: RwSignal::new(None),
            latest: Latest::new(),
            filled_in: StoredValue::new(None),
            typed: StoredValue::new(None),
            keep: RwSignal::new(false),
        }
    }

    /// The customer is gone.
    pub fn forget(self) {
        self.latest.begin();
        self.list.set(None);
        self.typed.set_value(None);
        self.keep.set(false);
    }
}

impl CheckoutContext {
    /// `name` is the customer's. Without an answer the form is filled in by hand.
    pub(super) fn fetch_addresses(self, name: String) {
        self.saved.forget();
        let answer = self
            .saved
            .latest
            .take(api::get_in_background::<Vec<SavedAddress>>(path::ACCOUNT_ADDRESSES));
        spawn_local(async move {
            if let Some(Ok(list)) = answer.await {
                let shown = untrack(|| self.form.address());
                let filled_in = self.saved.filled_in.get_value();
                if let Some(address) = filling(&shown, &name, filled_in.as_ref(), &list) {
                    self.form.show_address(address.clone());
                }
                self.saved.list.set(Some(list));
            }
        });
    }

    /// The saved address that the form shows; until it is known which there are, the one that it showed before.
    pub(super) fn filled_in(self) -> Option<SavedAddress> {
        let shown = self.form.address().tidy();
        self.saved.list.with(|list| match list {
            Some(list) => list.iter().find(|saved| saved.address == shown).cloned(),
            None => self.saved.filled_in.get_value(),
        })
    }

    /// To the saved address of this id, or to what was typed instead of one: that is kept meanwhile.
    fn deliver_to(self, id: Option<i64>) {
        let shown = untrack(|| self.form.address());
        if untrack(|| self.filled_in()).is_none() {
            self.saved.typed.set_value(Some(shown.clone()));
        }
        let chosen = self.saved.list.with_untracked(|list| {
            let saved = list.iter().flatten().find(|saved| Some(saved.id) == id);
            saved.map(|saved| saved.address.clone())
        });
        let other = || {
            let Address { full_name, country, .. } = shown;
            let blank = Address { full_name, country, ..Address::default() };
            self.saved.typed.get_value().unwrap_or(blank)
        };
        self.form.show_address(chosen.unwrap_or_else(other));
    }

    /// Whether the form's address could be kept: a customer's that is none of theirs yet.
    fn is_new_address(self) -> bool {
        let has_room = self
            .saved
            .list
            .with(|list| list.as_ref().is_some_and(|list| list.len() < MAX_ADDRESSES));
        has_room && self.filled_in().is_none()
    }

    pub(super) fn keeps_address(self) -> bool {
        self.saved.keep.get() && self.is_new_address()
    }
}

/// After its order, which is placed whatever becomes of this.
pub async fn save_address(toasts: Toasts, address: Address) {
    let answer = api::post::<Vec<SavedAddress>>(path::ACCOUNT_ADDRESSES, &address).await;
    toasts.say(match answer {
        Ok(_) => "The address is saved for your next order.".to_owned(),
        Err(error) => format!("The address was not saved. {}", error.detail()),
    });
}

/// The address that belongs into the form as it is shown: `None` where the shopper typed another one. What was filled in
/// before is filled in as it is now.
fn filling<'a>(
    shown: &Address,
    name: &str,
    filled_in: Option<&SavedAddress>,
    list: &'a [SavedAddress],
) -> Option<&'a Address> {
    let shown = shown.tidy();
    let named = Address { full_name: name.to_owned(), ..empty_address() };
    let is_untouched = shown == empty_address() || shown == named.tidy();
    let filled_in = filled_in.filter(|saved| saved.address == shown);
    if !is_untouched && filled_in.is_none() {
        return None;
    }
    let same = list.iter().find(|saved| filled_in.is_some_and(|before| before.id == saved.id));
    same.or_else(|| list.first()).map(|saved| &saved.address)
}

/// Chooses between the saved addresses and a new one.
#[component]
pub fn DeliverTo(checkout: CheckoutContext) -> impl IntoView {
    let value = Memo::new(move |_| {
        checkout.filled_in().map_or_else(String::new, |saved| saved.id.to_string())
    });
    let choose = Callback::new(move |id: String| checkout.deliver_to(id.parse().ok()));
    move || {
        let list = checkout.saved.list.get().filter(|list| !list.is_empty())?;
        let new = RadioChoice::new("", "Another address");
        let choices: Vec<_> = list.into_iter().map(choice).chain([new]).collect();
        Some(view! {
            <RadioGroup name="deliver-to" legend="Deliver to" choices value on_choose=choose/>
        })
    }
}

fn choice(SavedAddress { id, address, .. }: SavedAddress) -> RadioChoice {
    let street = address.street.replace('\n', ", ");
    let (country, Address { full_name, postcode, city, .. }) = (address.country_name(), &address);
    let in_one_line = format!("{full_name}, {street}, {postcode} {city}, {country}");
    RadioChoice::new(id.to_string(), in_one_line)
}

/// Off until it is wanted: nothing is kept of anybody who did not ask for it (GDPR article 25).
#[component]
pub fn SaveAddress(checkout: CheckoutContext) -> impl IntoView {
    let is_offered = Memo::new(move |_| checkout.is_new_address());
    let keep = checkout.saved.keep;
    view! {
        <Show when=move || is_offered.get()>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=keep
                    on:change:target=move |event| keep.set(event.target().checked())
                />
                "Save this address to your account"
            </label>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(street: &str) -> Address {
        Address {
            full_name: "Ada Lovelace".into(),
            street: street.into(),
            postcode: "10115".into(),
            city: "Berlin".into(),
            country: "DE".into(),
        }
    }

    fn saved(id: i64, street: &str, is_default: bool) -> SavedAddress {
        SavedAddress { id, address: address(street), is_default }
    }

    fn list() -> Vec<SavedAddress> {
        vec![saved(2, "Torstraße 1", true), saved(1, "Lindenallee 7", false)]
    }

    fn filled(shown: &Address, filled_in: Option<&SavedAddress>) -> Option<String> {
        filling(shown, "Ada", filled_in, &list()).map(|address| address.street.clone())
    }

    #[test]
    fn the_default_fills_in_a_form_in_which_nothing_was_typed() {
        let named = |name: &str| Address { full_name: name.into(), ..empty_address() };
        for untouched in [named(""), named("Ada"), named(" Ada ")] {
            assert_eq!(filled(&untouched, None).as_deref(), Some("Torstraße 1"));
            assert_eq!(filling(&untouched, "Ada", None, &[]), None);
        }
    }

    #[test]
    fn what_was_typed_stays() {
        let abroad = Address { country: "AT".into(), ..empty_address() };
        let to_somebody = Address { full_name: "Grace".into(), ..empty_address() };
        let begun = Address { city: "Wien".into(), ..empty_address() };
        for typed in [abroad, to_somebody, begun, address("Torstraße 1, 2nd floor")] {
            assert_eq!(filled(&typed, None), None);
            assert_eq!(filled(&typed, Some(&list()[1])), None);
        }
    }

    #[test]
    fn what_was_filled_in_before_is_filled_in_as_it_is_now() {
        let before = saved(1, "Lindenallee 5", false);
        assert_eq!(filled(&before.address, Some(&before)).as_deref(), Some("Lindenallee 7"));
        let removed = saved(3, "Damrak 12", false);
        assert_eq!(filled(&removed.address, Some(&removed)).as_deref(), Some("Torstraße 1"));
    }
}
