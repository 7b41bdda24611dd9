use crate::ui::{focus, media};
use leptos::{ev::KeyboardEvent, prelude::*};

/// Where three lanes do not fit beside each other.
pub const NARROW: &str = "(max-width: 44rem)";

/// One lane, and what its tab says.
#[derive(Clone)]
pub struct Lane {
    pub id: &'static str,
    pub whose: &'static str,
    /// How its session is, in a word.
    pub word: Signal<&'static str>,
    pub view: ViewFn,
}

/// The lanes beside each other; on a narrow screen one at a time, behind tabs (ARIA Authoring Practices Guide, "Tabs").
#[component]
pub fn Lanes(lanes: [Lane; 3]) -> impl IntoView {
    let is_narrow = media(NARROW);
    let chosen = RwSignal::new(0);
    let tabs = lanes.clone();
    let panel = move |(index, Lane { id, view, .. }): (usize, Lane)| {
        view! {
            <div
                id=panel_id(id)
                class="lane-panel"
                role=move || is_narrow.get().then_some("tabpanel")
                aria-labelledby=move || is_narrow.get().then(|| tab_id(id))
                hidden=move || is_narrow.get() && chosen.get() != index
            >
                {view.run()}
            </div>
        }
    };
    view! {
        {move || is_narrow.get().then(|| view! { <Tabs lanes=tabs.clone() chosen/> })}
        <div class="session-lanes">
            {lanes.into_iter().enumerate().map(panel).collect_view()}
        </div>
    }
}

#[component]
fn Tabs(lanes: [Lane; 3], chosen: RwSignal<usize>) -> impl IntoView {
    let ids = lanes.each_ref().map(|lane| lane.id);
    let press = move |event: KeyboardEvent| {
        let Some(next) = next(&event.key(), chosen.get_untracked(), ids.len()) else {
            return;
        };
        event.prevent_default();
        chosen.set(next);
        focus(&tab_id(ids[next]));
    };
    let tab = move |(index, Lane { id, whose, word, .. }): (usize, Lane)| {
        view! {
            <button
                type="button"
                role="tab"
                id=tab_id(id)
                class="lane-tab"
                aria-controls=panel_id(id)
                aria-selected=move || (chosen.get() == index).to_string()
                tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                on:click=move |_| chosen.set(index)
            >
                <span class="lane-tab-whose">{whose}</span>
                <span class="lane-tab-word">{word}</span>
            </button>
        }
    };
    view! {
        <div class="lane-tabs" role="tablist" aria-label="Whose session" on:keydown=press>
            {lanes.into_iter().enumerate().map(tab).collect_view()}
        </div>
    }
}

fn tab_id(id: &str) -> String {
    format!("lane-tab-{id}")
}

fn panel_id(id: &str) -> String {
    format!("lane-panel-{id}")
}

/// The tab that a key leads to. At the ends it goes on at the other one.
fn next(key: &str, chosen: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((chosen + 1) % count),
        "ArrowLeft" => Some((chosen + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_go_around_and_other_keys_go_nowhere() {
        assert_eq!(next("ArrowRight", 2, 3), Some(0));
        assert_eq!(next("ArrowLeft", 0, 3), Some(2));
        assert_eq!(next("Home", 2, 3), Some(0));
        assert_eq!(next("End", 0, 3), Some(2));
        assert_eq!(next("Tab", 1, 3), None);
    }
}
