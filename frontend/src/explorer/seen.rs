//! What this visitor has been shown, by name: it stays so, also when the session that proved it has ended.

use crate::storage::Kept;
use leptos::prelude::*;
use std::collections::BTreeSet;

const KEY: &str = "storezero.demonstrated";

pub type Seen = RwSignal<BTreeSet<String>>;

/// What was seen before, and whatever `now` names from now on.
pub fn remember(kept: Kept, now: impl Fn() -> Vec<&'static str> + 'static) -> Seen {
    let text = kept.get(KEY).unwrap_or_default();
    let seen = RwSignal::new(text.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>());
    Effect::new(move || {
        let now = now();
        let known = seen.with_untracked(BTreeSet::len);
        seen.update(|seen| seen.extend(now.into_iter().map(str::to_owned)));
        if seen.with_untracked(BTreeSet::len) > known {
            seen.with_untracked(|seen| write(kept, seen));
        }
    });
    seen
}

pub fn forget(kept: Kept, seen: Seen) {
    seen.set(BTreeSet::new());
    write(kept, &BTreeSet::new());
}

/// A forbidden storage only means that it goes with the evidence.
fn write(kept: Kept, seen: &BTreeSet<String>) {
    let text: Vec<&str> = seen.iter().map(String::as_str).collect();
    kept.set(KEY, &text.join(" "));
}
