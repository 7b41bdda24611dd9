//! What a session holds of what its visitor did, for as long as it lives.

use crate::paths::is_endpoint;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The newest that a session holds.
pub const MAX_ACTIVITIES: u32 = 200;
/// How many a page may record by one request.
pub const MAX_AT_ONCE: usize = 20;
/// Longest details, in characters.
pub const MAX_DETAILS: usize = 200;

#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum ActivityKind {
    PageView,
    Event,
    SocialInteraction,
    Transaction,
}

impl ActivityKind {
    pub const ALL: &[Self] = Self::VARIANTS;
}

/// What happened; what its details are stands beside it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", const_into_str)]
pub enum ActivityName {
    /// The page's path, without its query.
    PageViewed,
    /// The words that were looked for.
    Searched,
    /// The words, if any, and the filters.
    Filtered,
    /// Nothing: the name says it all.
    PageViewsTurnedOff,
    /// The product.
    WishlistAdded,
    /// The product.
    WishlistRemoved,
    /// The product.
    Shared,
    /// The product.
    Reviewed,
    /// Quantity and product.
    LineItemAdded,
    /// The product.
    LineItemRemoved,
    /// The new quantity and the product.
    QuantityChanged,
    /// What is to be bought: items and total.
    CheckoutStarted,
    /// The order's number and total.
    OrderPlaced,
    /// The same, by somebody who was not signed in.
    GuestOrderPlaced,
    /// The order's number.
    OrderCancelled,
}

impl ActivityName {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub const fn kind(self) -> ActivityKind {
        match self {
            Self::PageViewed => ActivityKind::PageView,
            Self::Searched | Self::Filtered | Self::PageViewsTurnedOff => ActivityKind::Event,
            Self::WishlistAdded | Self::WishlistRemoved | Self::Shared | Self::Reviewed => {
                ActivityKind::SocialInteraction
            }
            Self::LineItemAdded
            | Self::LineItemRemoved
            | Self::QuantityChanged
            | Self::CheckoutStarted
            | Self::OrderPlaced
            | Self::GuestOrderPlaced
            | Self::OrderCancelled => ActivityKind::Transaction,
        }
    }

    /// What happens in the browser alone, so that only the page can tell of it. Everything else is recorded
    /// where it happens, in the backend.
    pub const fn is_told_by_page(self) -> bool {
        matches!(self, Self::PageViewed | Self::Shared)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Activity {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    pub kind: ActivityKind,
    pub name: ActivityName,
    /// At most `MAX_DETAILS` characters.
    pub details: String,
}

impl Activity {
    /// Details that are too long are cut.
    pub fn new(at: i64, name: ActivityName, details: &str) -> Self {
        Self { at, kind: name.kind(), name, details: details.chars().take(MAX_DETAILS).collect() }
    }
}

/// `POST /api/session/activities`: 1 to `MAX_AT_ONCE` of them, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordActivities {
    pub activities: Vec<RecordActivity>,
}

/// What a page tells of. The time is the backend's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordActivity {
    pub kind: ActivityKind,
    pub name: ActivityName,
    /// A page view: its path (`is_page_path`). Something shared: the product's slug.
    pub details: String,
}

impl RecordActivity {
    pub fn new(name: ActivityName, details: impl Into<String>) -> Self {
        Self { kind: name.kind(), name, details: details.into() }
    }
}

/// Whether this is the path of a page of the shop: no address elsewhere, no query or fragment, in which a link
/// of somebody else may carry who knows what.
pub fn is_page_path(text: &str) -> bool {
    let is_path = text.starts_with('/') && !text.starts_with("//") && text.len() <= MAX_DETAILS;
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~%".contains(&b));
    is_path && is_plain && !is_endpoint(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::{
        IntoDeserializer as _,
        value::{Error, StrDeserializer},
    };

    fn read<'a, T: Deserialize<'a>>(word: &'a str) -> T {
        let word: StrDeserializer<'a, Error> = word.into_deserializer();
        T::deserialize(word).unwrap()
    }

    #[test]
    fn every_name_has_one_word_on_the_wire_and_in_the_database() {
        for &name in ActivityName::ALL {
            assert_eq!(name.into_str().parse(), Ok(name));
            assert_eq!(read::<ActivityName>(name.into_str()), name);
        }
        for &kind in ActivityKind::ALL {
            assert_eq!(read::<ActivityKind>(kind.into_str()), kind);
            assert!(ActivityName::ALL.iter().any(|name| name.kind() == kind));
        }
    }

    #[test]
    fn only_paths_of_pages_are_page_paths() {
        for path in ["/", "/p/stoneware-teacup", "/account/orders", "/t%C3%A9"] {
            assert!(is_page_path(path), "{path}");
        }
        let long = format!("/{}", "a".repeat(MAX_DETAILS));
        for text in [
            "",
            "cart",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/search?q=tea",
            "/cart#x",
            "/api/cart",
            "/auth/callback",
            "/p/ö",
            "/p/a b",
            "/p/\n",
            &long,
        ] {
            assert!(!is_page_path(text), "{text:?}");
        }
    }

    #[test]
    fn details_are_cut_between_characters() {
        let activity = Activity::new(0, ActivityName::Searched, &"ä".repeat(MAX_DETAILS + 1));
        assert_eq!(activity.details.chars().count(), MAX_DETAILS);
    }
}
