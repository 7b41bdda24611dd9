use super::page_views;
use crate::{
    api::{self, ApiError},
    auth::use_visitor,
    ui::visibility,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use shared::{
    activities::{ActivityName, RecordActivities, RecordActivity, is_page_path},
    ids::Slug,
    paths::{api as path, needs_customer},
};

/// The one place that records page views: each page that is seen, once it is known that there is a session to record it
/// in. Who has none gets none for being looked at. A page in a tab that nobody looks at counts when somebody does, and
/// one behind a door when the door is open.
#[component]
pub fn PageViewRecorder() -> impl IntoView {
    let (visitor, location) = (use_visitor(), use_location());
    let session = visitor.session_fingerprint();
    let is_customer = Memo::new(move |_| visitor.is_customer());
    let is_visible = visibility();
    Effect::new(move |last: Option<Option<View>>| {
        let last = last.flatten();
        let path = location.pathname.get();
        let is_open = !needs_customer(&path) || is_customer.get();
        let Some(session) = session.get().filter(|_| is_open && is_visible.get()) else {
            return last;
        };
        let view = View { session, path };
        if last.as_ref() != Some(&view) {
            record(view.path.clone());
        }
        Some(view)
    });
}

/// A tab that is looked at again shows what was seen before.
#[derive(PartialEq)]
struct View {
    session: String,
    path: String,
}

fn record(path: String) {
    // Offline there is nobody to ask; nor is it worth recording later.
    if !page_views::are_on() || !is_page_path(&path) || !window().navigator().on_line() {
        return;
    }
    spawn_local(async move {
        // A page view that is lost is no trouble for anybody. It is no person's doing by itself: what the page asks for
        // keeps the session alive.
        let viewed = one(ActivityName::PageViewed, path);
        let _: Result<(), ApiError> =
            api::post_in_background(path::SESSION_ACTIVITIES, &viewed).await;
    });
}

/// Whether there is a session to record it in is the server's to know: the page may not have heard of one that has
/// just begun.
pub async fn record_share(product: &Slug) {
    if cfg!(feature = "implicit") {
        return;
    }
    let shared = one(ActivityName::Shared, product.as_str());
    // What was shared is shared, recorded or not.
    let _: Result<(), ApiError> = api::post(path::SESSION_ACTIVITIES, &shared).await;
}

fn one(name: ActivityName, details: impl Into<String>) -> RecordActivities {
    RecordActivities { activities: vec![RecordActivity::new(name, details)] }
}
