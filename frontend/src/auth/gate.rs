use super::{
    arrival::Arrival,
    decision::{Decision, Why, decide},
    keep_signed_in::use_keep_signed_in,
    messages::{self, IDENTITY_PROVIDER},
    return_location::current_page,
    sign_in_link::{SignInLink, redirect_to_login},
    step_up,
    visitor::{Visitor, VisitorIdentity},
    visitor_context::use_visitor,
};
use crate::ui::{RetryButton, Skeleton};
use leptos::prelude::*;
use shared::session::LoginQuery;

/// The door of a page that needs a customer. Its children exist only while one is signed in, and are built anew
/// for another one.
#[component]
pub fn Gate(children: ChildrenFn) -> impl IntoView {
    let visitor = use_visitor();
    let keep = use_keep_signed_in();
    let page = current_page();
    let arrival = StoredValue::new(visitor.take_arrival(&page.get_untracked()));
    step_up::provide_arrival(arrival.get_value());
    let door = Memo::new(move |_| {
        visitor.with(|visitor| {
            let decision = decide(visitor, arrival.get_value());
            if decision == Decision::Show {
                arrival.set_value(Arrival::WasOpen);
            }
            (decision, visitor.identity())
        })
    });
    Effect::new(move || {
        if door.get().0 == Decision::GoToSignIn {
            redirect_to_login(LoginQuery {
                return_to: page.get_untracked(),
                keep: keep.get_untracked(),
                ..LoginQuery::default()
            });
        }
    });
    move || {
        let (decision, identity): (Decision, Option<VisitorIdentity>) = door.get();
        match (decision, identity) {
            (Decision::Show, Some(_)) => children().into_any(),
            (Decision::Offer(why), _) => view! { <Offer why/> }.into_any(),
            (Decision::Unreachable, _) => view! { <Unreachable/> }.into_any(),
            (Decision::GoToSignIn, _) => view! { <Leaving/> }.into_any(),
            (Decision::Wait | Decision::Show, _) => {
                view! { <Skeleton lines=6 label="Checking who is signed in…"/> }.into_any()
            }
        }
    }
}

/// A calm page instead of a redirect: why, and a way on.
#[component]
fn Offer(why: Why) -> impl IntoView {
    let (title, text) = match why {
        Why::Ended(reason) => ("You are signed out", messages::ended(reason)),
        Why::NoLongerSignedIn => (
            "You are signed out",
            "This page shows what belongs to your account. Sign in to see it.",
        ),
        Why::SignInUnavailable => (
            "Signing in is not possible right now",
            "PeakCommerce ID does not answer. You can shop and check out without an account; this page needs \
             you to sign in.",
        ),
        Why::CameBackSignedOut => (
            "You came back without being signed in",
            if cfg!(feature = "bff") {
                "If you did sign in, your browser did not keep our cookie. Allow cookies for storezero, then try \
                 again."
            } else {
                "If you did sign in, the answer of PeakCommerce ID was lost on the way. Try again."
            },
        ),
    };
    let visitor = use_visitor();
    let retry = Callback::new(move |()| visitor.refresh());
    view! {
        <section class="door" aria-labelledby="door-title">
            <h2 id="door-title">{title}</h2>
            <p>{text}</p>
            <div class="door-actions">
                <SignInLink/>
                {(why == Why::SignInUnavailable).then(|| view! {
                    <RetryButton on_retry=retry label="Check again"/>
                })}
                <a class="button button-secondary" href="/">"Continue shopping"</a>
            </div>
        </section>
    }
}

#[component]
fn Unreachable() -> impl IntoView {
    let visitor = use_visitor();
    let reason = move || {
        visitor.with(|visitor| match visitor {
            Visitor::Unreachable { reason } => reason.clone(),
            _ => String::new(),
        })
    };
    view! {
        <div class="error-note" role="alert">
            <p class="error-note-title">"We could not find out whether you are signed in"</p>
            <p>{reason}</p>
            <RetryButton on_retry=Callback::new(move |()| visitor.refresh())/>
        </div>
    }
}

/// Shown for the moment until the browser has left, and for as long as it takes if the way is slow.
#[component]
fn Leaving() -> impl IntoView {
    view! {
        <div class="door" role="status">
            <p>{format!("Taking you to {IDENTITY_PROVIDER} to sign in…")}</p>
        </div>
    }
}
