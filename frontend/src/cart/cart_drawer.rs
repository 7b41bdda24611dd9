use super::{cart_summary::CartSums, use_cart};
use crate::ui::{Button, ButtonKind, Dialog, Picture, Price, fetch_page_styles, lazy_part};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use shared::{cart::LineItem, paths::page};

lazy_part!(CartDrawerPart, Drawer, with CartRoute);

/// What lies in the cart, beside the page that somebody goes on with. Fetched when it is first asked for.
#[component]
pub fn CartDrawer() -> impl IntoView {
    let cart = use_cart();
    let is_asked_for = Memo::new(move |before| before == Some(&true) || cart.drawer().get());
    move || is_asked_for.get().then(|| CartDrawerPart::show(|| ().into_any()))
}

#[component]
fn Drawer() -> impl IntoView {
    let cart = use_cart();
    let asked_for = cart.drawer();
    let open = RwSignal::new(false);
    Effect::new(move || {
        if asked_for.get() {
            spawn_local(async move {
                fetch_page_styles().await;
                open.set(true);
            });
        }
    });
    Effect::watch(
        move || open.get(),
        move |is_open, _, _| {
            if !is_open {
                asked_for.set(false);
            }
        },
        false,
    );
    // Its links lead away from it.
    let path = use_location().pathname;
    Effect::watch(move || path.get(), move |_, _, _| open.set(false), false);
    let close = move |_| open.set(false);
    let items = move || cart.get().map(|cart| cart.items).unwrap_or_default();
    let is_filled = Memo::new(move |_| cart.count() > Some(0));
    view! {
        <Dialog id="cart-drawer" class="dialog drawer" title="Your cart" open>
            <Show
                when=move || is_filled.get()
                fallback=|| view! { <p>"Nothing is in it any more."</p> }
            >
                <ul class="drawer-lines">
                    {move || items().into_iter().map(|item| view! { <DrawerLine item/> }).collect_view()}
                </ul>
                <CartSums/>
            </Show>
            <div class="dialog-actions">
                {move || is_filled.get().then(|| view! {
                    <a class="button button-primary" href=page::CHECKOUT>"Check out"</a>
                    <a class="button button-secondary" href=page::CART>"Change the cart"</a>
                })}
                <Button kind=ButtonKind::Quiet on:click=close>"Go on shopping"</Button>
            </div>
        </Dialog>
    }
}

#[component]
fn DrawerLine(item: LineItem) -> impl IntoView {
    let name = item.full_name();
    view! {
        <li class="drawer-line">
            <Picture src=item.picture small=true/>
            <span>{name} <span class="cart-line-unit">{format!("{} × {}", item.quantity, item.unit_price)}</span></span>
            <Price amount=Signal::stored(item.total)/>
        </li>
    }
}
