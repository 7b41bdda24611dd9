use super::lanes::NARROW;
use crate::{auth::IDENTITY_PROVIDER, ui::media};
use leptos::prelude::*;

/// What ends which session: the rules in one table, which a narrow screen folds away.
#[component]
pub fn Endings() -> impl IntoView {
    let is_open = !media(NARROW).get_untracked();
    let rows = [
        ("You close one tab, or walk to another site", "goes on", "goes on"),
        (
            "You close the browser",
            "its cookie is gone; the server clears up at the idle limit",
            "its cookie is gone too, unless kept signed in there",
        ),
        ("“Sign out of storezero”", "ends at once", "goes on"),
        (
            "“Sign out of storezero and PeakCommerce ID”",
            "ends at once",
            "is asked to end, which the shop gets no receipt of",
        ),
        ("Nobody is active, or the latest end is reached", "ends", "has limits of its own"),
        (
            "You sign in on more devices than one account may use",
            "ends where it was unused the longest",
            "goes on",
        ),
        (
            "You sign out at PeakCommerce ID, or change your password there",
            "ends, by back-channel logout",
            "ends",
        ),
        (
            "You sign in anew (“prompt=login”)",
            "ends, by back-channel logout; the login begins the next one",
            "is reset: another one, with another sid",
        ),
    ];
    let row = |(what, here, there): (&'static str, &'static str, &'static str)| {
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td data-label="storezero">{here}</td>
                <td data-label=IDENTITY_PROVIDER>{there}</td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="leaving">
            <details class="endings" open=is_open>
                <summary><h2 id="leaving">"What ends which session"</h2></summary>
                <table class="ends">
                    <thead>
                        <tr>
                            <th scope="col">"What happens"</th>
                            <th scope="col">"storezero’s session"</th>
                            <th scope="col">{format!("{IDENTITY_PROVIDER}’s session")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.map(row).into_iter().collect_view()}</tbody>
                </table>
            </details>
        </section>
    }
}
