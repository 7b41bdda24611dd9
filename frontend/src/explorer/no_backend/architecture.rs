use crate::auth::{Flow, IDENTITY_PROVIDER, TokenFacts, settings, use_page_tokens};
use leptos::prelude::*;

/// What this architecture costs, told by the shop itself.
#[component]
pub fn Architecture() -> impl IntoView {
    let tokens = use_page_tokens();
    let running = move || {
        let flow = tokens.facts().map_or_else(Flow::chosen, |TokenFacts { flow, .. }| flow);
        match flow {
            Flow::Implicit => {
                "Running now: the Implicit Flow. The identity provider’s answer has the tokens in the browser’s address. \
                 This page takes them out of the address bar and of its history entry before anything else runs; the \
                 browser’s own note of how this document was opened (Navigation Timing) keeps them until it is left."
            }
            Flow::Code => {
                "Running now: Authorization Code with PKCE. The answer has a code, and this page exchanges it for the \
                 tokens with a secret that never left its memory and this tab’s storage."
            }
        }
    };
    view! {
        <section class="card architecture" aria-labelledby="architecture-title">
            <h2 id="architecture-title">"What this architecture costs"</h2>
            <p role="status">{running}</p>
            <Cookies/>
            <ul class="bullets">
                <li>
                    "The document describes the Implicit Flow. "
                    <a href="https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.2" rel="external noopener">"RFC 9700 §2.1.2"</a>
                    " advises against it: the access token travels in an address, where the browser’s history, a script \
                     or a redirect may pick it up, and nothing ties it to this page."
                </li>
                <li>
                    "Code with PKCE needs no token in an address and works without a backend just as well. The controls \
                     above switch to it, in the same page."
                </li>
                <li>
                    "In either flow a script that gets into this page has the access token. A backend that keeps the \
                     tokens, and gives the browser a cookie that no script can read, is the other half of this demonstration: "
                    <a href=settings().api rel="external">"the shop with a backend"</a> "."
                </li>
                <li>
                    {format!(
                        "A sign-out elsewhere reaches this page at its next silent question, not at once: {IDENTITY_PROVIDER} \
                         has no backend here to tell. An access token that is out stays good until it expires."
                    )}
                </li>
            </ul>
        </section>
    }
}

/// Whether the silent question can work at all in this browser.
#[component]
fn Cookies() -> impl IntoView {
    let tokens = use_page_tokens();
    move || {
        if tokens.are_cookies_blocked() {
            view! {
                <p class="note">
                    {format!(
                        "This browser keeps {IDENTITY_PROVIDER}’s cookie from the hidden iframe: asked right after you signed \
                         in, it knew nobody there. Safari (ITP), Firefox and Chrome’s settings do so with cookies of \
                         another site. Silent renewal cannot work like this, and each token’s end, and each reload, asks \
                         you to sign in again. The remedy is an identity provider on the shop’s own site, by a custom \
                         domain such as id.storezero.io: then its cookie is no third party’s."
                    )}
                </p>
            }
            .into_any()
        } else {
            view! {
                <p>
                    "The hidden iframe only works while the browser sends the identity provider’s cookie into it. Browsers \
                     that block third-party cookies (Safari’s ITP, Firefox, Chrome’s setting) do not, unless both are on \
                     one site. This page notices, right after a login, and says so here."
                </p>
            }
            .into_any()
        }
    }
}
