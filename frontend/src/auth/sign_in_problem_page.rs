use super::{messages, sign_in_link::SignInLink};
use crate::ui::{PageHeading, lazy_page, use_query_value};
use leptos::prelude::*;
use shared::paths::{needs_customer, page};

lazy_page!(SignInProblemRoute, SignInProblemPage);

/// A login that did not succeed: what happened, and two ways on.
#[component]
fn SignInProblemPage() -> impl IntoView {
    let (problem, return_to) = (use_query_value("problem"), use_query_value("return_to"));
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
