//! What there is to see of the document's statements, part by part.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    GuestOrder,
    GatedPage,
    TwoSessions,
    SecondFactorProved,
    SecondFactorRemembered,
    CameByFriendbook,
    FriendbookRemembered,
    AnsweredToToken,
    KnownSilently,
    LoginRequired,
    KeptBeyondBrowser,
    LimitReached,
    EndedByReset,
    FourKinds,
    LoginReset,
    LeftShop,
    LeftProvider,
    LeftFriendbook,
}

impl Part {
    /// Those of one of `rows::ROWS`, in the order in which they are listed.
    pub fn of(row: &str) -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied().filter(move |part| part.row() == row)
    }

    pub const fn row(self) -> &'static str {
        match self {
            Self::GuestOrder => "S1",
            Self::GatedPage => "S2",
            Self::TwoSessions => "S3",
            Self::SecondFactorProved | Self::SecondFactorRemembered => "S4",
            Self::CameByFriendbook | Self::FriendbookRemembered => "S5",
            Self::AnsweredToToken => "S6",
            Self::KnownSilently | Self::LoginRequired => "S7",
            Self::KeptBeyondBrowser | Self::LimitReached => "S8",
            Self::EndedByReset => "S9",
            Self::FourKinds => "S10",
            Self::LoginReset => "S11",
            Self::LeftShop | Self::LeftProvider | Self::LeftFriendbook => "S12",
        }
    }

    pub const fn what(self) -> &'static str {
        match self {
            Self::GuestOrder => "an order of somebody who was not signed in",
            Self::GatedPage => "a login on the way to a page of “My Account”, and that page",
            Self::TwoSessions => "a login that asked for email and password",
            Self::SecondFactorProved => "a login that asked for the second factor",
            Self::SecondFactorRemembered => "another login with it that asked for nothing",
            Self::CameByFriendbook => "a login by way of Friendbook",
            Self::FriendbookRemembered => {
                "another one, in a new session at PeakCommerce ID, for which Friendbook asked nothing"
            }
            Self::AnsweredToToken => "an answer of the shop’s API to a token, without a session",
            Self::KnownSilently => "asked by you, PeakCommerce ID knew you",
            Self::LoginRequired => "asked by you again, it answered login_required",
            Self::KeptBeyondBrowser => "a login whose cookie outlives the browser",
            Self::LimitReached => "a session that you saw here, ended by a limit",
            Self::EndedByReset => "your session ended by back channel, after a reset",
            Self::FourKinds => "activities of all four kinds in one session",
            Self::LoginReset => "signed in, a new login, and another sid",
            Self::LeftShop => "of storezero alone",
            Self::LeftProvider => "of PeakCommerce ID too, which did not know you afterwards",
            Self::LeftFriendbook => "of Friendbook too, which asked you again afterwards",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::rows::ROWS, Part};
    use strum::VariantArray as _;

    #[test]
    fn every_row_has_parts_and_every_part_has_a_row() {
        let parts: usize = ROWS.iter().map(|row| Part::of(row.id).count()).sum();
        assert_eq!(parts, Part::VARIANTS.len());
        assert!(ROWS.iter().all(|row| Part::of(row.id).count() > 0));
    }
}
