//! What the timeline says of an activity.

use shared::activities::{Activity, ActivityKind, ActivityName};

pub const fn kind(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::PageView => "Page view",
        ActivityKind::Event => "Event",
        ActivityKind::SocialInteraction => "Social interaction",
        ActivityKind::Transaction => "Transaction",
    }
}

pub const fn kinds(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::PageView => "Page views",
        ActivityKind::Event => "Events",
        ActivityKind::SocialInteraction => "Social interactions",
        ActivityKind::Transaction => "Transactions",
    }
}

pub fn activity(Activity { name, details, .. }: &Activity) -> String {
    match name {
        ActivityName::PageViewed => format!("Looked at {details}"),
        ActivityName::Searched => format!("Searched for “{details}”"),
        ActivityName::Filtered => format!("Filtered a list: {details}"),
        ActivityName::PageViewsTurnedOff => {
            "Turned page views off; those recorded before are deleted".to_owned()
        }
        ActivityName::WishlistAdded => format!("Put {details} on the wishlist"),
        ActivityName::WishlistRemoved => format!("Took {details} off the wishlist"),
        ActivityName::Shared => format!("Shared {details}"),
        ActivityName::Reviewed => format!("Reviewed {details}"),
        ActivityName::LineItemAdded => format!("Added {details} to the cart"),
        ActivityName::LineItemRemoved => format!("Removed {details} from the cart"),
        ActivityName::QuantityChanged => format!("Changed the cart to {details}"),
        ActivityName::CheckoutStarted => format!("Started to check out: {details}"),
        ActivityName::OrderPlaced => format!("Placed order {details}"),
        ActivityName::GuestOrderPlaced => format!("Placed order {details}, without an account"),
        ActivityName::OrderCancelled => format!("Cancelled order {details}"),
    }
}

/// A title and a text where there is nothing to list.
pub const fn none_of(kind: Option<ActivityKind>) -> (&'static str, &'static str) {
    match kind {
        None => (
            "Nothing yet",
            "Put something into the cart or on the wishlist, or sign in: then there is a session, and what you do from then on is here.",
        ),
        Some(ActivityKind::PageView) => (
            "No page views",
            "Each page that you open in this session is here, unless page views are off.",
        ),
        Some(ActivityKind::Event) => {
            ("No events", "Search for something, or filter a list by price or stock.")
        }
        Some(ActivityKind::SocialInteraction) => (
            "No social interactions",
            "Share a product, put one on your wishlist, or review one that has arrived.",
        ),
        Some(ActivityKind::Transaction) => {
            ("No transactions", "Put something into the cart, check out, or place an order.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activity_says_what_it_was_about() {
        for &name in ActivityName::ALL {
            let message = activity(&Activity::new(0, name, "Stoneware Teacup"));
            let says_all = name == ActivityName::PageViewsTurnedOff;
            assert_eq!(message.contains("Stoneware Teacup"), !says_all, "{message}");
        }
    }
}
