//! The document's twelve statements, in the order of a tour of ten minutes: what each says, how to see it here, and by which
//! controls.

use super::{
    controls::{
        Age, Control,
        Way::{Anew, Friendbook, Kept, Plain, SecondFactor},
    },
    labels,
};
use shared::{
    paths::page,
    session::LogoutScope::{Federated, Idp, Local},
};

/// One statement. `quote` is the document's own sentence, shortened.
pub struct Row {
    pub id: &'static str,
    pub title: &'static str,
    pub quote: &'static str,
    /// What to do.
    pub attempt: &'static str,
    /// What to look at then.
    pub look: &'static str,
    pub controls: &'static [Control],
}

pub const ROWS: [Row; 12] = [
    Row {
        id: "S1",
        title: "Anonymous checkout",
        quote: "When checking out, a storezero.io user isn’t required to log in to the site.",
        attempt: "Signed out, put something into the cart and order it. The card 4242 4242 4242 4242 pays.",
        look: "No login came in between. storezero’s session is alive, and nobody is signed in.",
        controls: &[Control::Page { label: "Choose something", path: page::HOME }],
    },
    Row {
        id: "S10",
        title: "Activities",
        quote: "A single session can contain multiple activities … all of which the session stores temporarily while the user is connected.",
        attempt: "In the same session search for something, open a product, and put it on the wishlist or share it. The order \
                  of before is the fourth kind.",
        look: "“What you did in this session” below has all four kinds, as long as the session lives.",
        controls: &[Control::Page { label: "Look around", path: "/search?q=tea" }],
    },
    Row {
        id: "S2",
        title: "A gated account",
        quote: "However, to view the “My Account” pages, the user must log in.",
        attempt: "Signed out, open All Orders, and sign in with email and password where you are asked to.",
        look: "The login came in between, and led to exactly that page. “Back to the page” in the flow has its address.",
        controls: &[Control::Page { label: labels::ALL_ORDERS, path: page::ORDERS }],
    },
    Row {
        id: "S3",
        title: "Two sessions",
        quote: "The authorization server updates the previously-created session to indicate that the user is logged in.",
        attempt: "Signed out here and at PeakCommerce ID, sign in with email and password. The login of the step before \
                  was one.",
        look: "Two sessions are alive, storezero’s and PeakCommerce ID’s. In the flow each begins before you authenticate, \
               and is updated afterwards; what happened at PeakCommerce ID is dashed, since the shop did not see it.",
        controls: &[Control::SignIn(Plain)],
    },
    Row {
        id: "S11",
        title: "A new login resets",
        quote: "When a user performs a new standard login, Auth0 resets the login session.",
        attempt: "Signed in, sign in anew (prompt=login).",
        look: "The sid of PeakCommerce ID’s session is another one than before, and so is storezero’s key.",
        controls: &[Control::SignIn(Anew)],
    },
    Row {
        id: "S6",
        title: "No local session",
        quote: "So no local session is created to keep the user logged in.",
        attempt: "Signed in here, go to the shop without a backend, open All Orders there as the same person, and come back. It \
                  is a build of its own, whose page Sessions ticks this statement off itself once you have signed in there. \
                  Here it counts when the shop’s API has answered a token of yours.",
        look: "There: “Local session: there is none”, and tokens in the page’s memory.",
        controls: &[Control::OtherShop],
    },
    Row {
        id: "S9",
        title: "Resets end sessions",
        quote: "Resetting a user’s password, email, or phone number causes their PeakCommerce session to expire.",
        attempt: "Signed in, change your password, email or phone at PeakCommerce ID. It opens in another tab: keep this one, \
                  and come back to it.",
        look: "This page knows at once that the session has ended, by back channel. The logout token says why (reason).",
        controls: &[Control::Account],
    },
    Row {
        id: "S4",
        title: "No second prompt",
        quote: "The next time the user arrives at the authorization server, they won’t need to see a login page or be prompted to use MFA again.",
        attempt: "Sign in with a second factor; who has none sets one up on the way. Sign out of storezero, and sign in with \
                  a second factor again.",
        look: "The second time nobody asks. The ID token’s auth_time is that of the first time.",
        controls: &[Control::SignIn(SecondFactor), Control::SignOut(Local)],
    },
    Row {
        id: "S7",
        title: "Silent authentication",
        quote: "We create a hidden iframe that redirects to the authorization server adding the prompt=none parameter … If the session on the authorization server has expired or the user logs out, the redirect in the iframe will return an error.",
        attempt: "Press “Silent check” while PeakCommerce ID knows you. Sign out there, come back, and press it again.",
        look: "It knows you without any page, and afterwards answers login_required. The shop without a backend renews its \
               tokens so.",
        controls: &[Control::SilentCheck, Control::SignOut(Idp)],
    },
    Row {
        id: "S5",
        title: "Social login: three sessions",
        quote: "A third session is created in the identity provider scenario: the session on Facebook’s server.",
        attempt: "Continue with Friendbook as linus@example.com. Sign out of storezero and PeakCommerce ID, come back, and \
                  continue with Friendbook again.",
        look: "The second time Friendbook asks nothing: its own session lived on. The ID token’s upstream_auth_time is that \
               of the first time, the sid is another one.",
        controls: &[Control::SignIn(Friendbook), Control::SignOut(Idp)],
    },
    Row {
        id: "S12",
        title: "Three ways out",
        quote: "Sessions end when a user logs out …",
        attempt: "Sign out in each of the three ways. The third is there for who came by Friendbook. What ended elsewhere shows \
                  afterwards: sign in again, or ask silently.",
        look: "The page after a logout says what ended and what lives on; the next sign-in asks for as much as that.",
        controls: &[
            Control::SignOut(Local),
            Control::SignOut(Idp),
            Control::SignOut(Federated),
            Control::SignIn(Friendbook),
            Control::SilentCheck,
        ],
    },
    Row {
        id: "S8",
        title: "Lifetimes",
        quote: "Applications can extend sessions by storing session information in a cookie. Sessions end when … session lifetime limits are reached.",
        attempt: "Sign in and be kept signed in. Then let the session run into a limit; a demo need not wait for it.",
        look: "The cookie is “kept until the latest end”. At the limit the session is gone, and the page says which one it was.",
        controls: &[Control::SignIn(Kept), Control::Age(Age::Idle), Control::Age(Age::Absolute)],
    },
];

#[cfg(test)]
mod tests {
    use super::ROWS;
    use std::collections::BTreeSet;

    #[test]
    fn each_of_the_twelve_statements_has_one_step_and_a_control() {
        let ids: BTreeSet<String> = ROWS.iter().map(|row| row.id.to_owned()).collect();
        let all: BTreeSet<String> = (1..=12).map(|number| format!("S{number}")).collect();
        assert_eq!(ids, all);
        assert!(ROWS.iter().all(|row| !row.controls.is_empty()));
    }
}
