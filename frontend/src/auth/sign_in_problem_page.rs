use super::{
    arrival::Arrival, messages, return_location::current_page, sign_in_link::SignInLink,
    sign_in_mark, visitor_context::use_visitor,
};
use crate::ui::{PageHeading, lazy_page, use_query_value};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use shared::paths::{needs_customer, page};

lazy_page!(SignInProblemRoute, SignInProblemPage);

/// A login that did not succeed: what happened, and two ways on.
#[component]
fn SignInProblemPage() -> impl IntoView {
    let (problem, return_to) = (use_query_value("problem"), use_query_value("return_to"));
    let visitor = use_visitor();
    if visitor.take_arrival(&current_page().get_untracked()) == Arrival::ByHistory {
        // Back from the end of a login leads over the identity provider's page, which is over, to a login that is not
        // begun. Whoever is signed in by now stays where they were.
        let navigate = use_navigate();
        Effect::new(move || {
            if visitor.is_customer()
                && let Some(page) = sign_in_mark::last_end()
            {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate(&page, options);
            }
        });
    }
    move || {
        let message = messages::sign_in_problem(problem.read().as_deref());
        let return_to = messages::own_path(return_to.read().as_deref()).to_owned();
        // A page that needs a customer would only lead here again.
        let way_back = !needs_customer(&return_to) && return_to != page::HOME;
        let back = return_to.clone();
        view! {
            <div class="page page-narrow sign-in-problem">
                <PageHeading title=message.title/>
                <p>{message.what}</p>
                <p>{message.next}</p>
                <div class="door-actions">
                    <SignInLink label=message.retry return_to=return_to/>
                    {way_back.then(|| view! {
                        <a class="button button-secondary" href=back>"Back to where you were"</a>
                    })}
                    <a class="button button-secondary" href=page::HOME>"Continue shopping"</a>
                </div>
            </div>
        }
    }
}
