use super::countdown::{countdown, percent_left};
use crate::{
    auth::{IDENTITY_PROVIDER, SignInLink, Visitor, use_visitor, words},
    ui::{Button, ButtonKind, Moment, PageHeading, Skeleton},
};
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use shared::session::{CustomerView, EndReason, SessionFacts};
use std::time::Duration;

pub struct SessionsRoute;

#[lazy_route]
impl LazyRoute for SessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <SessionsPage/> }.into_any()
    }
}

/// What a login creates: the shop's session with its facts, and the identity provider's, of which the shop says
/// only what it can know.
#[component]
fn SessionsPage() -> impl IntoView {
    // Pages before this one may have moved the idle limit since the visitor was last asked for.
    use_visitor().refresh();
    view! {
        <div class="page sessions">
            <PageHeading title="Sessions"/>
            <p class="page-lead">
                {format!(
                    "Signing in creates two sessions: one here, by which the shop knows you, and one at \
                     {IDENTITY_PROVIDER}, by which it knows you the next time. They begin, go on and end apart from \
                     each other."
                )}
            </p>
            <div class="session-lanes">
                <LocalLane/>
                <ProviderLane/>
            </div>
            <Leaving/>
        </div>
    }
}

#[component]
fn LocalLane() -> impl IntoView {
    let visitor = use_visitor();
    view! {
        <section class="lane card" aria-labelledby="lane-local">
            <h2 id="lane-local">"storezero’s session"</h2>
            {move || match visitor.get() {
                Visitor::Unknown => view! { <Skeleton lines=6 label="Asking for your session…"/> }.into_any(),
                Visitor::Unreachable { reason } => view! {
                    <p class="lane-state is-unknown">"Not observable right now"</p>
                    <p>{reason}</p>
                    <Button kind=ButtonKind::Secondary on:click=move |_| visitor.refresh()>"Ask again"</Button>
                }
                .into_any(),
                Visitor::Anonymous { session: None, ended, .. } => view! { <NoSession ended/> }.into_any(),
                Visitor::Anonymous { session: Some(session), .. } => view! {
                    <p class="lane-state is-alive">"Alive, nobody signed in"</p>
                    <p>"It began when there was something to keep for you. Signing in goes on with it under a new key."</p>
                    <Facts session/>
                    <div class="lane-actions"><SignInLink/></div>
                }
                .into_any(),
                Visitor::Customer { session, customer, .. } => view! {
                    <p class="lane-state is-alive">{format!("Alive, signed in as {}", customer.name)}</p>
                    <Facts session customer/>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn NoSession(ended: Option<EndReason>) -> impl IntoView {
    let last = ended.filter(|reason| *reason != EndReason::Rotated).map(|reason| {
        view! {
            <p class="lane-state is-ended">{format!("Ended: {}", words::ended_short(reason))}</p>
            <p>{words::ended(reason)}</p>
        }
    });
    let is_new = last.is_none();
    view! {
        {last}
        {is_new.then(|| view! { <p class="lane-state is-unknown">"None"</p> })}
        <p>
            "You only look, so the shop keeps nothing about you and has set no session cookie. A session begins when \
             there is something to keep: when you put something into the cart, or sign in."
        </p>
        <div class="lane-actions"><SignInLink/></div>
    }
}

#[component]
fn Facts(
    session: SessionFacts,
    #[prop(optional, into)] customer: Option<CustomerView>,
) -> impl IntoView {
    let SessionFacts {
        created_at,
        last_seen_at,
        idle_deadline,
        absolute_deadline,
        persistent,
        authenticated_at,
        provider,
    } = session;
    let cookie = if persistent {
        "kept until the latest end (“Keep me signed in”)"
    } else {
        "gone when you close the browser"
    };
    let who = customer.and_then(|customer| customer.email).map(|email| {
        view! { <div><dt>"Email"</dt><dd>{email}</dd></div> }
    });
    let authenticated = match authenticated_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => "not yet".into_any(),
    };
    view! {
        <dl class="facts">
            {who}
            <div><dt>"Began"</dt><dd><Moment at=created_at with_time=true/></dd></div>
            <div><dt>"Last seen"</dt><dd><Moment at=last_seen_at with_time=true/></dd></div>
            <div><dt>"Authenticated"</dt><dd>{authenticated}</dd></div>
            {provider.map(|provider| view! { <div><dt>"By way of"</dt><dd>{provider}</dd></div> })}
            <div><dt>"Cookie"</dt><dd>{cookie}</dd></div>
        </dl>
        <Countdown
            label="Ends if nobody is active"
            from=last_seen_at
            until=idle_deadline
            note="Each page and click moves this limit, at most once a minute. Looking at this page does not."
        />
        <Countdown
            label="Ends at the latest"
            from=created_at
            until=absolute_deadline
            note="However active you are."
        />
    }
}

/// A limit that comes nearer every second, by the server's clock.
#[component]
fn Countdown(
    label: &'static str,
    /// Milliseconds since the Unix epoch, like `until`.
    from: i64,
    until: i64,
    note: &'static str,
) -> impl IntoView {
    let visitor = use_visitor();
    let now = RwSignal::new(visitor.server_now());
    let tick = set_interval_with_handle(
        move || now.set(visitor.server_now()),
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    view! {
        <div class="countdown">
            <p class="countdown-label">
                {label}
                " in "
                <strong role="timer" aria-label=label>{move || countdown(until - now.get())}</strong>
            </p>
            <progress
                class="countdown-bar"
                max="100"
                aria-hidden="true"
                value=move || percent_left(from, until, now.get())
            ></progress>
            <p class="countdown-note"><Moment at=until with_time=true/> ". " {note}</p>
        </div>
    }
}

#[component]
fn ProviderLane() -> impl IntoView {
    let visitor = use_visitor();
    let authenticated = move || {
        visitor.with(|visitor| {
            let at = visitor.session()?.authenticated_at?;
            visitor.customer().map(|_| at)
        })
    };
    let ended_there = move || {
        visitor.with(|visitor| {
            matches!(
                visitor,
                Visitor::Anonymous {
                    ended: Some(EndReason::BackchannelLogout),
                    ..
                }
            )
        })
    };
    view! {
        <section class="lane card" aria-labelledby="lane-provider">
            <h2 id="lane-provider">{format!("{IDENTITY_PROVIDER}’s session")}</h2>
            {move || match authenticated() {
                Some(at) => view! {
                    <p class="lane-state is-unknown">
                        "Not observable from here; last seen " <Moment at with_time=true/>
                    </p>
                    <p>"You proved there who you are then. It said so once, in the ID token of your login."</p>
                }
                .into_any(),
                None if ended_there() => view! {
                    <p class="lane-state is-ended">"Ended, as it told us"</p>
                    <p>"It sent a logout token over the back channel, and the shop ended its own session at once."</p>
                }
                .into_any(),
                None => view! {
                    <p class="lane-state is-unknown">"Not observable from here"</p>
                    <p>"It may or may not know you: its cookie belongs to its own address."</p>
                }
                .into_any(),
            }}
            <h3>"What the shop cannot know"</h3>
            <ul class="bullets">
                <li>"Whether that session is still alive, and how long it will be: its limits are its own."</li>
                <li>"Whether you use it for other shops and apps."</li>
                <li>"How you would be asked next time: by password, by a second factor, or not at all."</li>
            </ul>
            <h3>"What it tells the shop"</h3>
            <ul class="bullets">
                <li>"Who you are and when you proved it, at each login."</li>
                <li>
                    "That its session has ended: after a sign-out there, or when your password, email or phone number \
                     changes. Then the shop’s session ends too."
                </li>
            </ul>
        </section>
    }
}

#[component]
fn Leaving() -> impl IntoView {
    let rows = [
        (
            "You close one tab, or walk to another site",
            "goes on",
            "goes on",
        ),
        (
            "You close the browser",
            "its cookie is gone; the server clears up at the idle limit",
            "its cookie is gone too, unless kept signed in there",
        ),
        ("“Sign out of storezero”", "ends at once", "goes on"),
        (
            "“Sign out of storezero and PeakCommerce ID”",
            "ends at once",
            "ends at once",
        ),
        (
            "Nobody is active, or the latest end is reached",
            "ends",
            "has limits of its own",
        ),
        (
            "You sign out at PeakCommerce ID, or change your password there",
            "ends, by back-channel logout",
            "ends",
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
            <h2 id="leaving">"What ends which session"</h2>
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
        </section>
    }
}
