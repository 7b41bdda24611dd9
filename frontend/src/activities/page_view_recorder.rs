use super::page_views;
use crate::{
    api::{self, ApiError},
    auth::use_visitor,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use shared::{
    activities::{ActivityName, RecordActivities, RecordActivity, is_page_path},
    ids::Slug,
    paths::api as path,
};

/// The one place that records page views: each page that is opened, once it is known that there is a session to
/// record it in. Who has none gets none for being looked at.
#[component]
pub fn PageViewRecorder() -> impl IntoView {
    let (visitor, location) = (use_visitor(), use_location());
    let session = visitor.session_fingerprint();
    Effect::new(move || {
        let path = location.pathname.get();
        let is_recorded = session.read().is_some() && page_views::are_on() && is_page_path(&path);
        // Offline there is nobody to ask; nor is it worth recording later.
        if is_recorded && window().navigator().on_line() {
            spawn_local(async move {
                // A page view that is lost is no trouble for anybody. It is no person's doing by itself: what the
                // page asks for keeps the session alive.
                let viewed = one(ActivityName::PageViewed, path);
                let _: Result<(), ApiError> =
                    api::post_in_background(path::SESSION_ACTIVITIES, &viewed).await;
            });
        }
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
