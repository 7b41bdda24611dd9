use leptos::{ev::MouseEvent, html, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// The path whose heading last had its turn to be focused, and whether it was there.
#[derive(Clone, Copy)]
struct Focused(StoredValue<(String, bool)>);

/// The page that the visitor arrives at keeps the browser's own starting point.
pub fn provide_focus() {
    let path = window().location().pathname().unwrap_or_default();
    provide_context(Focused(StoredValue::new((path, false))));
}

fn set_title(title: &str) {
    document().set_title(&format!("{title} · storezero"));
}

/// A page's `h1`. After a navigation it takes the focus, so that keyboard and screen reader start at the
/// new page instead of nowhere; the document's title follows it.
#[component]
pub fn PageHeading(
    #[prop(into)] title: Signal<String>,
    /// What the document is called, where the heading is more of a headline.
    #[prop(optional)]
    name: Option<&'static str>,
) -> impl IntoView {
    let element = NodeRef::<html::H1>::new();
    let path = use_location().pathname.get_untracked();
    let Focused(focused) = expect_context();
    Effect::new(move || match name {
        Some(name) => set_title(name),
        None => set_title(&title.read()),
    });
    Effect::new(move || {
        let Some(heading) = element.get() else { return };
        let (focused_path, was_there) = focused.get_value();
        let is_new_page = focused_path != path;
        // Another one of the same page: what had the focus may have gone with the first.
        let is_lost = was_there && document().active_element() == document().body().map(Into::into);
        focused.set_value((path.clone(), true));
        if is_new_page || is_lost {
            // In the next frame: now it may be built but not yet in the document.
            request_animation_frame(move || focus(&heading));
        }
    });
    view! {
        <h1 tabindex="-1" node_ref=element>
            {move || title.get()}
        </h1>
    }
}

/// For when what had the focus is gone: reading goes on at the top of the page.
pub fn focus_heading() {
    let heading = document().query_selector("h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        focus(&heading);
    }
}

/// For a link to another list under the same heading: it may be gone with the old one.
pub fn to_heading(_: MouseEvent) {
    focus_heading();
}

fn focus(heading: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails for no element that is mounted.
    let _ = heading.focus_with_options(&options);
}
