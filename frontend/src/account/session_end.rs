use crate::{auth::use_visitor, ui::Moment};
use leptos::prelude::*;

/// Whether the session ends with the browser or is kept, and until when.
#[component]
pub fn SessionEnd() -> impl IntoView {
    let visitor = use_visitor();
    let ends = Memo::new(move |_| {
        visitor.with(|visitor| {
            let session = visitor.session()?;
            Some((session.persistent, session.idle_deadline, session.absolute_deadline))
        })
    });
    move || {
        ends.get().map(|(is_kept, idle, absolute)| {
            if is_kept {
                view! {
                    <p>
                        "You stay signed in on this device until " <Moment at=absolute with_time=true/>
                        ", or until " <Moment at=idle with_time=true/> " if you do not come back before."
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <p>
                        "You are signed out when you close the browser, at the latest "
                        <Moment at=absolute with_time=true/> "."
                    </p>
                }
                .into_any()
            }
        })
    }
}
