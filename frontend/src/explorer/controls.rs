//! Everything that begins, asks after, or ends a session, without typing an address: each under one label, wherever it stands.

use super::{
    effects::{ControlEffect, told_silently, use_effects},
    evidence::use_evidence,
    labels,
    lanes::NARROW,
    progress::use_progress,
    sign_out_buttons::{SignOutButton, SignOutButtons},
};
use crate::{
    api::json,
    auth::{
        FRIENDBOOK, SilentState, sign_in_mark, use_keep_signed_in, use_silent_login, use_visitor,
    },
    ui::{Button, ButtonKind, focus, media, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    paths::page,
    session::{AgeSession, LoginQuery, LogoutScope, SessionFacts, SilentLoginQuery},
    trace::Trace,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// A page of the shop.
    Page {
        label: &'static str,
        path: &'static str,
    },
    SignIn(Way),
    SilentCheck,
    SignOut(LogoutScope),
    Age(Age),
    /// The identity provider's page for email, phone and password.
    Account,
    OtherShop,
}

/// What a login asks of the identity provider, or of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Plain,
    Friendbook,
    SecondFactor,
    Anew,
    Kept,
}

/// To which moment a demo may age the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    BeforeIdle,
    Idle,
    Absolute,
}

/// Milliseconds.
const A_MINUTE: i64 = 60_000;

impl Way {
    const fn label(self) -> &'static str {
        match self {
            Self::Plain => labels::SIGN_IN,
            Self::Friendbook => labels::BY_FRIENDBOOK,
            Self::SecondFactor => "Sign in with a second factor",
            Self::Anew => labels::SIGN_IN_ANEW,
            Self::Kept => "Sign in and keep me signed in",
        }
    }

    /// `acr_mfa` are the `acr_values` that demand a second factor.
    fn login(self, acr_mfa: String) -> LoginQuery {
        let plain = LoginQuery::default();
        match self {
            Self::Plain => plain,
            Self::Friendbook => LoginQuery { connection: Some(FRIENDBOOK.to_owned()), ..plain },
            Self::SecondFactor => LoginQuery { acr_values: Some(acr_mfa), ..plain },
            Self::Anew => LoginQuery { prompt: Some("login".to_owned()), ..plain },
            Self::Kept => LoginQuery { keep: true, ..plain },
        }
    }
}

impl Age {
    const fn label(self) -> &'static str {
        match self {
            Self::BeforeIdle => "Age to 2 minutes before the idle limit",
            Self::Idle => "Age to the idle limit",
            Self::Absolute => "Age to the absolute limit",
        }
    }

    /// In whole minutes: a limit that is reached is passed by less than one, and one that is not stays ahead.
    fn of(self, session: &SessionFacts, now: i64) -> AgeSession {
        let until = |deadline: i64| (deadline - now + A_MINUTE - 1) / A_MINUTE;
        let (minutes, in_use) = match self {
            Self::BeforeIdle => (until(session.idle_deadline) - 2, false),
            Self::Idle => (until(session.idle_deadline), false),
            Self::Absolute => (until(session.absolute_deadline), true),
        };
        AgeSession { minutes: minutes.max(1), in_use }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::BeforeIdle => "Unless somebody is active, two minutes are left at most.",
            Self::Idle => "As if nobody had been active until the idle limit.",
            Self::Absolute => "As if somebody had been active until the absolute limit.",
        }
    }
}

/// Those that belong to no step, and all others once more, beside the sessions that they act on.
#[component]
pub fn Controls() -> impl IntoView {
    const HERE: &str = "controls";
    view! {
        <section class="card controls" id=HERE tabindex="-1" aria-labelledby="controls-title">
            <h2 id="controls-title">"Controls"</h2>
            <ControlGroups place=HERE/>
            <ControlEffect place=HERE/>
        </section>
    }
}

/// A narrow screen folds them away: each step has its own beside it.
#[component]
fn ControlGroups(place: &'static str) -> impl IntoView {
    let effects = use_effects();
    let ways = [Way::Plain, Way::Friendbook, Way::SecondFactor, Way::Anew, Way::Kept];
    let ages = [Age::BeforeIdle, Age::Idle, Age::Absolute];
    let groups = view! {
        <div class="control-groups">
            <div class="control-group" role="group" aria-labelledby="controls-sign-in">
                <h3 id="controls-sign-in">"Sign in"</h3>
                {ways.map(|way| view! { <ControlView control=Control::SignIn(way) place/> }).into_iter().collect_view()}
            </div>
            <div class="control-group" role="group" aria-labelledby="controls-ask">
                <h3 id="controls-ask">"Ask, age, change"</h3>
                <ControlView control=Control::SilentCheck place/>
                {ages.map(|age| view! { <ControlView control=Control::Age(age) place/> }).into_iter().collect_view()}
                <ControlView control=Control::Account place/>
            </div>
            <div class="control-group" role="group" aria-labelledby="controls-sign-out">
                <h3 id="controls-sign-out">"Sign out"</h3>
                <SignOutButtons on_press=Callback::new(move |()| effects.press(place))/>
            </div>
            <div class="control-group" role="group" aria-labelledby="controls-devices">
                <h3 id="controls-devices">"With a second browser"</h3>
                <p>"Sign in there as well, and end one of the two sessions from the other browser."</p>
                <ControlView
                    control=Control::Page { label: "Where you’re signed in", path: page::SIGNED_IN }
                    place
                />
            </div>
        </div>
    };
    if media(NARROW).get_untracked() {
        view! { <details class="all-controls"><summary>"All of them"</summary>{groups}</details> }
            .into_any()
    } else {
        groups.into_any()
    }
}

/// `place` is the `id` of what it stands in: there its effect is told, and there a login comes back to.
#[component]
pub fn ControlView(control: Control, place: &'static str) -> impl IntoView {
    let effects = use_effects();
    match control {
        Control::Page { label, path } => {
            view! { <a class="button button-secondary" href=path>{label}</a> }.into_any()
        }
        Control::SignIn(way) => view! { <SignIn way place/> }.into_any(),
        Control::SilentCheck => view! { <SilentCheck place/> }.into_any(),
        Control::SignOut(scope) => {
            let visitor = use_visitor();
            let is_offered =
                move || visitor.is_customer() && visitor.sign_out_scopes().contains(&scope);
            let on_press = Callback::new(move |()| effects.press(place));
            (move || is_offered().then(|| view! { <SignOutButton scope on_press=Some(on_press)/> }))
                .into_any()
        }
        Control::Age(age) => view! { <AgeButton age place/> }.into_any(),
        Control::Account => view! { <AccountLink place/> }.into_any(),
        Control::OtherShop => {
            let evidence = use_evidence();
            (move || evidence.provider()?.no_backend_shop.map(|shop| view! {
                <a class="button button-secondary" href=format!("{shop}{}", page::SESSIONS) rel="external">
                    {labels::OTHER_SHOP}
                </a>
            }))
            .into_any()
        }
    }
}

/// A login as the navigation that it is, back to where it was begun.
#[component]
fn SignIn(way: Way, place: &'static str) -> impl IntoView {
    let (evidence, effects, keep) = (use_evidence(), use_effects(), use_keep_signed_in());
    let return_to = move || format!("{}#{place}", page::SESSIONS);
    let begin = move |_| {
        effects.press(place);
        // The Back button finds its way by it.
        sign_in_mark::set(&return_to());
    };
    let link = move |acr_mfa: String| {
        let login = LoginQuery { return_to: return_to(), ..way.login(acr_mfa) };
        let href = move || LoginQuery { keep: login.keep || keep.get(), ..login.clone() }.url();
        view! {
            <a class="button button-secondary" href=href rel="external" on:click=begin>
                {way.label()}
            </a>
        }
    };
    move || match way {
        Way::Plain | Way::Anew | Way::Kept => Some(link(String::new())),
        Way::Friendbook => {
            evidence.provider()?.federated_logout_available.then(|| link(String::new()))
        }
        Way::SecondFactor => Some(link(evidence.provider()?.acr_mfa)),
    }
}

#[component]
pub fn SilentCheck(place: &'static str) -> impl IntoView {
    let (silent, effects, progress) = (use_silent_login(), use_effects(), use_progress());
    let asking = Signal::derive(move || silent.get() == SilentState::Asking);
    let ask = move |_| {
        effects.press(place);
        spawn_local(async move {
            let flow: Option<Trace> = silent
                .asked(SilentLoginQuery::default())
                .await
                .and_then(|flow| json::read_tree(&flow));
            if let Some(flow) = &flow {
                progress.note_silent_check(flow);
            }
            effects.say(place, told_silently(flow.as_ref()));
        });
    };
    view! { <Button kind=ButtonKind::Secondary busy=asking on:click=ask>{labels::SILENT_CHECK}</Button> }
}

/// Only a demo has it, and only a session.
#[component]
fn AgeButton(age: Age, place: &'static str) -> impl IntoView {
    let (visitor, effects, toasts) = (use_visitor(), use_effects(), use_toasts());
    let act = move |_| {
        let Some(session) = untrack(|| visitor.session()) else { return };
        let by = age.of(&session, visitor.server_now());
        effects.press(place);
        spawn_local(async move {
            let answer = visitor.age_session(by).await;
            toasts.say_error(&answer);
            if answer.is_ok() {
                effects.say(place, age.done());
                if age != Age::BeforeIdle {
                    // The session has ended, and the button goes with it.
                    focus(place);
                }
            }
        });
    };
    move || {
        (visitor.is_demo() && visitor.has_session()).then(|| {
            view! { <Button kind=ButtonKind::Secondary on:click=act>{age.label()}</Button> }
        })
    }
}

/// In another tab: this page is to be watched meanwhile.
#[component]
fn AccountLink(place: &'static str) -> impl IntoView {
    let (evidence, effects) = (use_evidence(), use_effects());
    move || {
        let href = evidence.provider()?.account_url;
        Some(view! {
            <a
                class="button button-secondary"
                href=href
                rel="external noopener"
                target="_blank"
                on:click=move |_| effects.press(place)
            >
                {labels::CHANGE_AT_PROVIDER} <span class="visually-hidden">" (in another tab)"</span>
            </a>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionFacts {
        SessionFacts {
            fingerprint: "f".to_owned(),
            created_at: 0,
            last_seen_at: 0,
            idle_deadline: 30 * A_MINUTE,
            absolute_deadline: 720 * A_MINUTE,
            persistent: false,
            authenticated_at: None,
            provider: None,
            acr: None,
            amr: vec![],
            sid: None,
            id_token_issued_at: None,
        }
    }

    #[test]
    fn a_limit_is_reached_by_whole_minutes_whatever_is_left_of_one() {
        for (now, idle, absolute) in [(0, 30, 720), (1, 30, 720), (A_MINUTE, 29, 719)] {
            let by = |age: Age| age.of(&session(), now);
            assert_eq!(by(Age::Idle), AgeSession { minutes: idle, in_use: false });
            assert_eq!(by(Age::Absolute), AgeSession { minutes: absolute, in_use: true });
            assert_eq!(by(Age::BeforeIdle), AgeSession { minutes: idle - 2, in_use: false });
            let left = session().idle_deadline - now - (idle - 2) * A_MINUTE;
            assert!((1..=2 * A_MINUTE).contains(&left), "{left}");
        }
    }

    #[test]
    fn what_is_nearly_over_ages_by_a_minute() {
        let now = 30 * A_MINUTE - 1;
        assert_eq!(Age::BeforeIdle.of(&session(), now).minutes, 1);
        assert_eq!(Age::Idle.of(&session(), now).minutes, 1);
    }

    #[test]
    fn no_two_ways_to_sign_in_are_called_alike() {
        let ways = [Way::Plain, Way::Friendbook, Way::SecondFactor, Way::Anew, Way::Kept];
        let mut labels = ways.map(Way::label);
        labels.sort_unstable();
        assert!(labels.is_sorted_by(|one, other| one < other));
    }
}
