//! What a page may tell of, and what says nothing new.

use shared::{
    activities::{Activity, ActivityName, MAX_AT_ONCE, MAX_DETAILS, RecordActivity, is_page_path},
    ids::Slug,
    problem::FieldError,
};

/// Every fault of what a page wants to record, by field.
pub fn faults(activities: &[RecordActivity]) -> Vec<FieldError> {
    if activities.is_empty() || activities.len() > MAX_AT_ONCE {
        let message = format!("Send from 1 to {MAX_AT_ONCE} activities.");
        return vec![FieldError::new("activities", message)];
    }
    let each = activities.iter().enumerate();
    each.filter_map(|(index, activity)| {
        let (field, message) = fault(activity)?;
        Some(FieldError::new(&format!("activities[{index}].{field}"), message))
    })
    .collect()
}

fn fault(activity: &RecordActivity) -> Option<(&'static str, String)> {
    let RecordActivity { kind, name, details } = activity;
    if !name.is_told_by_page() {
        let message = "The shop records this by itself when it happens.";
        return Some(("name", message.to_owned()));
    }
    if *kind != name.kind() {
        let message = format!("Its kind is {}.", name.kind().into_str());
        return Some(("kind", message));
    }
    let is_usable = match name {
        ActivityName::PageViewed => is_page_path(details),
        _ => details.parse::<Slug>().is_ok(),
    };
    let message = match name {
        ActivityName::PageViewed => format!(
            "Send the path of a page of this shop, without its query, in at most {MAX_DETAILS} characters."
        ),
        _ => "Send the product's name as its address has it.".to_owned(),
    };
    (!is_usable).then_some(("details", message))
}

/// Whether it takes the session's earlier activities to know if this says anything new.
pub fn may_repeat(activity: &Activity) -> bool {
    use ActivityName::{CheckoutStarted, Filtered, GuestOrderPlaced, OrderPlaced, Searched};
    matches!(activity.name, Searched | Filtered | CheckoutStarted | OrderPlaced | GuestOrderPlaced)
}

/// Those of `new` that say something new. `earlier` are the session's, the newest first; `new` is in the order
/// in which it happened.
pub fn without_repetitions<'a>(earlier: &[Activity], new: &'a [Activity]) -> Vec<&'a Activity> {
    let mut told: Vec<&'a Activity> = Vec::with_capacity(new.len());
    for activity in new {
        let newest_first = told.iter().rev().copied().chain(earlier);
        if !repeats(activity, newest_first) {
            told.push(activity);
        }
    }
    told
}

const fn is_order(activity: &Activity) -> bool {
    matches!(activity.name, ActivityName::OrderPlaced | ActivityName::GuestOrderPlaced)
}

fn repeats<'a>(activity: &Activity, before: impl Iterator<Item = &'a Activity>) -> bool {
    let mut of_its_kind = before.filter(|before| before.kind == activity.kind);
    let is_same =
        |before: &Activity| before.name == activity.name && before.details == activity.details;
    match activity.name {
        // A further page of the same list, or another order of it.
        ActivityName::Searched | ActivityName::Filtered => of_its_kind.next().is_some_and(is_same),
        // The page asks for a quote when it opens and whenever the form changes it: a checkout starts once for
        // what the cart holds.
        ActivityName::CheckoutStarted => {
            of_its_kind.next().is_some_and(|last| last.name == activity.name)
        }
        // An order that is sent again is answered again; its guest may have signed in since.
        ActivityName::OrderPlaced | ActivityName::GuestOrderPlaced => {
            of_its_kind.any(|before| is_order(before) && before.details == activity.details)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::activities::ActivityKind;

    fn fields(activities: &[RecordActivity]) -> Vec<String> {
        let faults = faults(activities);
        faults.into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_page_tells_of_page_views_and_shares_and_of_nothing_else() {
        let view = RecordActivity::new(ActivityName::PageViewed, "/cart");
        let share = RecordActivity::new(ActivityName::Shared, "stoneware-teacup");
        assert_eq!(fields(&[view, share]), Vec::<String>::new());
        for &name in ActivityName::ALL {
            if !name.is_told_by_page() {
                let told = RecordActivity::new(name, "/cart");
                assert_eq!(fields(&[told]), ["activities[0].name"], "{name:?}");
            }
        }
    }

    #[test]
    fn each_fault_names_its_place() {
        let view = RecordActivity::new(ActivityName::PageViewed, "/cart");
        let elsewhere = RecordActivity::new(ActivityName::PageViewed, "//evil.example");
        let no_slug = RecordActivity::new(ActivityName::Shared, "/p/stoneware-teacup");
        let of_another_kind = RecordActivity { kind: ActivityKind::Transaction, ..view.clone() };
        assert_eq!(
            fields(&[view.clone(), elsewhere, no_slug, of_another_kind]),
            ["activities[1].details", "activities[2].details", "activities[3].kind"]
        );
        assert_eq!(fields(&[]), ["activities"]);
        assert_eq!(fields(&vec![view.clone(); MAX_AT_ONCE + 1]), ["activities"]);
        assert!(fields(&vec![view; MAX_AT_ONCE]).is_empty());
    }

    #[test]
    fn a_checkout_that_goes_on_does_not_start_again_and_one_of_another_cart_does() {
        let (start, view, change) = (
            activity(ActivityName::CheckoutStarted, "2 items, €37.80"),
            activity(ActivityName::PageViewed, "/checkout"),
            activity(ActivityName::QuantityChanged, "3 × Stoneware Teacup"),
        );
        let other = activity(ActivityName::CheckoutStarted, "3 items, €56.70");
        let new = [start.clone(), view.clone(), start.clone(), change, other];
        assert_eq!(
            names(&without_repetitions(&[], &new)),
            [
                ActivityName::CheckoutStarted,
                ActivityName::PageViewed,
                ActivityName::QuantityChanged,
                ActivityName::CheckoutStarted,
            ]
        );
        let again = [view, start.clone()];
        assert_eq!(names(&without_repetitions(&[start], &again)), [ActivityName::PageViewed]);
    }

    #[test]
    fn an_order_is_placed_once_and_the_next_one_is_another() {
        let first = activity(ActivityName::OrderPlaced, "7K2M-9QWX-4T0B, €37.80");
        let second = activity(ActivityName::OrderPlaced, "7K2M-9QWX-4T0C, €37.80");
        let new = [second.clone(), first.clone(), second.clone()];
        assert_eq!(without_repetitions(std::slice::from_ref(&first), &new), [&second]);
        let as_a_guest = activity(ActivityName::GuestOrderPlaced, &first.details);
        assert_eq!(without_repetitions(&[as_a_guest], &[first]), Vec::<&Activity>::new());
    }

    #[test]
    fn a_search_that_is_turned_over_or_sorted_is_one_search() {
        let (tea, view, cup) = (
            activity(ActivityName::Searched, "tea"),
            activity(ActivityName::PageViewed, "/search"),
            activity(ActivityName::Searched, "cup"),
        );
        let new = [view.clone(), tea.clone(), cup.clone(), tea.clone()];
        let before = [tea.clone()];
        assert_eq!(without_repetitions(&before, &new), [&view, &cup, &tea]);
    }

    fn activity(name: ActivityName, details: &str) -> Activity {
        Activity::new(0, name, details)
    }

    fn names(activities: &[&Activity]) -> Vec<ActivityName> {
        activities.iter().map(|activity| activity.name).collect()
    }
}
