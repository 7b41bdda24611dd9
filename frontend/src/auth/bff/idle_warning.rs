use crate::auth::{Visitor, use_visitor};
use crate::ui::{Button, ButtonKind, Dialog, countdown, lazy_part, spawn_busy, use_toasts};
use leptos::{prelude::*, task::spawn_local};
use shared::session::{LogoutScope, SessionFacts};

/// How long before a limit a customer is warned, in milliseconds; of a short limit its last quarter.
const WARN_BEFORE: i64 = 2 * 60_000;

/// How long the nearer limit leaves, and whether it is the absolute one, which nothing moves.
fn near(session: &SessionFacts, now: i64) -> Option<(i64, bool)> {
    // Near the absolute limit the idle deadline is that limit, however lately somebody was active.
    let is_absolute = session.absolute_deadline <= session.idle_deadline;
    let (deadline, since) = if is_absolute {
        (session.absolute_deadline, session.created_at)
    } else {
        (session.idle_deadline, session.last_seen_at)
    };
    let left = deadline - now;
    let is_near = left > 0 && left <= WARN_BEFORE.min((deadline - since) / 4);
    is_near.then_some((left, is_absolute))
}

/// Warns a customer two minutes before the session's limit, once for each limit. Activity in whichever tab takes
/// the warning away in all of them.
#[component]
pub fn IdleWarning() -> impl IntoView {
    let visitor = use_visitor();
    let is_customer = Memo::new(move |_| visitor.is_customer());
    move || is_customer.get().then(|| DialogPart::show(|| ().into_any()))
}

lazy_part!(DialogPart, WarningDialog);

#[component]
fn WarningDialog() -> impl IntoView {
    let visitor = use_visitor();
    let toasts = use_toasts();
    let now = visitor.server_clock();
    let open = RwSignal::new(false);
    let staying = RwSignal::new(false);
    let near = Memo::new(move |_| {
        let now = now.get();
        visitor.with(|visitor| match visitor {
            Visitor::Customer { session: Some(session), .. } => near(session, now),
            _ => None,
        })
    });
    // Closed by the visitor, it stays closed until another limit comes near.
    let is_near = Memo::new(move |_| near.get().is_some());
    Effect::new(move || open.set(is_near.get()));
    let stay = move |_| {
        spawn_busy(staying, async move {
            toasts.say_error(&visitor.extend_session().await);
            open.set(false);
        });
    };
    let leave = move |_| {
        spawn_local(async move {
            visitor.sign_out(LogoutScope::Local, toasts).await;
        });
    };
    let can_stay = Memo::new(move |_| !near.get().is_some_and(|(_, is_absolute)| is_absolute));
    let left = move || near.get().map(|(left, _)| countdown(left));
    let why = move || {
        if can_stay.get() {
            "Nobody has used the shop for a while. To keep your account safe, the session ends by itself."
        } else {
            "This session has reached its longest time, which nothing extends. What you typed stays; sign in again \
             to go on."
        }
    };
    view! {
        <Dialog id="idle-warning" title="Are you still there?" open>
            <p>"You will be signed out in " <strong role="timer">{left}</strong> "."</p>
            <p>{why}</p>
            <div class="dialog-actions">
                {move || can_stay.get().then(|| view! {
                    <Button busy=staying on:click=stay>"Stay signed in"</Button>
                })}
                <Button kind=ButtonKind::Secondary on:click=leave>"Sign out now"</Button>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::visitor::tests::facts;

    #[test]
    fn the_warning_comes_two_minutes_before_the_nearer_limit() {
        let session = facts();
        let idle = session.idle_deadline;
        assert_eq!(near(&session, idle - WARN_BEFORE - 1), None);
        let left = WARN_BEFORE;
        assert_eq!(near(&session, idle - left), Some((left, false)));
        assert_eq!(near(&session, idle), None);
        let short =
            SessionFacts { idle_deadline: session.last_seen_at + 60_000, ..session.clone() };
        assert_eq!(near(&short, session.last_seen_at), None);
        let last = SessionFacts {
            last_seen_at: session.absolute_deadline - 20 * 60_000,
            idle_deadline: session.absolute_deadline,
            ..session
        };
        let now = last.absolute_deadline - 5;
        assert_eq!(near(&last, now), Some((5, true)));
    }

    #[test]
    fn a_busy_customer_is_warned_of_the_absolute_limit_as_early_as_a_quiet_one() {
        let end = facts().absolute_deadline;
        let left = WARN_BEFORE;
        for last_seen_at in [end - 25 * 60_000, end - left - 30_000, end - left] {
            let session = SessionFacts { last_seen_at, idle_deadline: end, ..facts() };
            assert_eq!(near(&session, end - left), Some((left, true)));
            assert_eq!(near(&session, end - left - 1), None);
        }
    }
}
