//! What needs a fresh login: the data, the account at the identity provider, and the end of the account here.

use crate::{
    api::{self, ApiError},
    auth::{IDENTITY_PROVIDER, VisitorContext, step_up, use_visitor},
    ui::{Button, ButtonKind, Dialog, Toasts, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{account::Next, paths};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

const FILE_NAME: &str = "storezero-data.json";

/// A sensitive action, by the name under which this tab remembers it while the person signs in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SensitiveAction {
    Download,
    Manage,
    Delete,
}

impl SensitiveAction {
    const ALL: [Self; 3] = [Self::Download, Self::Manage, Self::Delete];

    const fn name(self) -> &'static str {
        match self {
            Self::Download => "download-data",
            Self::Manage => "manage-account",
            Self::Delete => "delete-account",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    async fn perform(self, visitor: VisitorContext, toasts: Toasts) -> Result<(), ApiError> {
        match self {
            Self::Download => {
                let text = api::get_text(paths::api::ACCOUNT_DATA).await?;
                toasts.say(match save(&text) {
                    Ok(()) => "Your data is in your downloads.",
                    Err(_) => "Your browser did not take the file. Try another browser.",
                });
            }
            Self::Manage => {
                let Next { next } = api::get(paths::api::ACCOUNT_MANAGE).await?;
                // Fails for no address that the shop's configuration accepts.
                let _ = window().location().assign(&next);
            }
            Self::Delete => {
                let Next { next } = api::delete(paths::api::ACCOUNT).await?;
                visitor.account_deleted(&next);
            }
        }
        Ok(())
    }
}

#[component]
pub fn SensitiveActions(
    /// Tells this customer from any other.
    who: String,
) -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let busy = RwSignal::new(None::<SensitiveAction>);
    let asking = RwSignal::new(false);
    let resumed = step_up::take_resumed(visitor, &who);
    let who = StoredValue::new(who);
    // `resumed`: it was tried before the person signed in again, and must not send them there twice.
    let run = move |action: SensitiveAction, resumed: bool| {
        busy.set(Some(action));
        spawn_local(async move {
            if let Err(error) = visitor.gated(action.perform(visitor, toasts)).await {
                let leave =
                    |who: &String| step_up::leave_for_step_up(visitor, who, action.name(), &error);
                // The page may have been left meanwhile: then nobody waits for it any more.
                let leaves = !resumed && who.try_with_value(leave).flatten().is_some();
                if !leaves {
                    toasts.say(error.detail().to_owned());
                }
            }
            busy.set(None);
        });
    };
    if let Some(action) = resumed.as_deref().and_then(SensitiveAction::named) {
        toasts.say("Thank you. Going on where you were interrupted.");
        run(action, true);
    }
    let is_busy = move |action: SensitiveAction| Signal::derive(move || busy.get() == Some(action));
    view! {
        <section class="card sensitive-actions" aria-labelledby="sensitive-actions-title">
            <h2 id="sensitive-actions-title">"Your account and your data"</h2>
            <p>
                "These need a login of the last ten minutes, with your second factor if you have one. If yours is \
                 older you are asked to sign in once more, and it goes on by itself."
            </p>
            <div class="sensitive-actions-buttons">
                <Button kind=ButtonKind::Secondary busy=is_busy(SensitiveAction::Download)
                    on:click=move |_| run(SensitiveAction::Download, false)>"Download my data"</Button>
                <Button kind=ButtonKind::Secondary busy=is_busy(SensitiveAction::Manage)
                    on:click=move |_| run(SensitiveAction::Manage, false)>
                    "Change email, phone or password"
                </Button>
                <Button kind=ButtonKind::Quiet on:click=move |_| asking.set(true)>"Delete account"</Button>
            </div>
            <Dialog id="delete-account" title="Delete your account?" open=asking>
                <ul class="bullets">
                    <li>"You are signed out on every device at once."</li>
                    <li>"Your cart, wishlist and addresses are deleted."</li>
                    <li>"Your orders stay in the books without your name, address and email: you cannot see them any more."</li>
                    <li>{format!("Your account at {IDENTITY_PROVIDER} stays: it is not the shop’s.")}</li>
                </ul>
                <div class="dialog-actions">
                    <Button busy=is_busy(SensitiveAction::Delete) on:click=move |_| {
                        asking.set(false);
                        run(SensitiveAction::Delete, false);
                    }>"Delete for good"</Button>
                    <Button kind=ButtonKind::Secondary on:click=move |_| asking.set(false)>"Keep my account"</Button>
                </div>
            </Dialog>
        </section>
    }
}

/// Hands a text to the browser as a file.
fn save(text: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(FILE_NAME);
    link.click();
    Url::revoke_object_url(&address)
}
