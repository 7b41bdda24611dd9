//! Activities in words.

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
        ActivityName::LineItemAdded => format!("Added {details} to the cart"),
        ActivityName::LineItemRemoved => format!("Removed {details} from the cart"),
        ActivityName::QuantityChanged => format!("Changed the cart to {details}"),
        ActivityName::CheckoutStarted => format!("Started to check out: {details}"),
        ActivityName::OrderPlaced => format!("Placed order {details}"),
        ActivityName::OrderCancelled => format!("Cancelled order {details}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activity_says_what_it_was_about() {
        for &name in ActivityName::ALL {
            let words = activity(&Activity::new(0, name, "Stoneware Teacup"));
            let says_all = name == ActivityName::PageViewsTurnedOff;
            assert_eq!(words.contains("Stoneware Teacup"), !says_all, "{words}");
        }
    }
}
