use leptos::prelude::*;
use shared::checkout::Address;

/// An address as it stands on a parcel.
#[component]
pub fn AddressLines(address: Address) -> impl IntoView {
    let country = address.country_name().to_owned();
    view! {
        <address>
            <span dir="auto">{address.full_name}</span>
            <span class="order-street" dir="auto">{address.street}</span>
            <span>{address.postcode} " " <bdi>{address.city}</bdi></span>
            <span>{country}</span>
        </address>
    }
}
