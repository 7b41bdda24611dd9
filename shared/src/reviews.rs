//! What customers say of a product that they received.

use crate::{checkout::tidy_text, problem::FieldError};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Stars.
pub const RATINGS: RangeInclusive<u8> = 1..=5;
/// Longest text, in characters.
pub const MAX_TEXT: usize = 1000;
/// Reviews that one answer holds at most.
pub const PAGE_SIZE: u32 = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Review {
    /// First name and an initial: enough to be somebody, too little to be found.
    pub author: String,
    /// Stars, 1 to 5.
    pub rating: u8,
    /// Empty where nothing was written; else at most `MAX_TEXT` characters.
    pub text: String,
    /// Milliseconds since the Unix epoch: when it was written, or changed.
    pub at: i64,
}

/// `GET /api/products/{slug}/reviews`: the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewPage {
    pub reviews: Vec<Review>,
    /// Of all pages.
    pub total: u32,
    /// From 1.
    pub page: u32,
    pub pages: u32,
    pub standing: Standing,
}

/// What the visitor may do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody is signed in.
    Guest,
    /// None of the customer's orders has brought them this product.
    NotReceived,
    MayReview,
    /// The customer's own.
    Reviewed(Review),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewQuery {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// `PUT /api/products/{slug}/reviews/own`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteReview {
    /// Stars, 1 to 5.
    pub rating: u8,
    #[serde(default)]
    pub text: String,
}

impl WriteReview {
    /// As it is kept: lines are a text's only invisible characters.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let text: String = self.text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        Self { rating: self.rating, text: tidy_text(&text) }
    }

    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if !RATINGS.contains(&self.rating) {
            faults.push(FieldError::new("rating", "Choose from 1 to 5 stars."));
        }
        if self.text.chars().count() > MAX_TEXT {
            let message = format!("Write at most {MAX_TEXT} characters.");
            faults.push(FieldError::new("text", message));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(rating: u8, text: &str) -> WriteReview {
        WriteReview { rating, text: text.to_owned() }
    }

    #[test]
    fn stars_are_one_to_five_and_a_text_has_an_end() {
        let fields = |review: WriteReview| {
            let faults = review.faults().into_iter();
            faults.map(|fault| fault.field).collect::<Vec<_>>()
        };
        for rating in RATINGS {
            assert!(review(rating, "").faults().is_empty());
        }
        assert_eq!(fields(review(0, "")), ["rating"]);
        assert_eq!(fields(review(6, &"ä".repeat(MAX_TEXT + 1))), ["rating", "text"]);
        assert!(review(1, &"ä".repeat(MAX_TEXT)).faults().is_empty());
    }

    #[test]
    fn what_nobody_sees_is_not_kept_and_lines_are() {
        let typed = review(4, "  Sturdy.\r\n\u{202e}Heavy\u{0}.\t ");
        assert_eq!(typed.tidied(), review(4, "Sturdy.\nHeavy."));
    }
}
