//! The document's twelve statements: what it says, and how to see it here.

/// One statement. `quote` is the document's own sentence, shortened.
pub struct Row {
    pub id: &'static str,
    pub title: &'static str,
    pub quote: &'static str,
    pub attempt: &'static str,
    /// Where to begin; `None` where the controls or the text say it.
    pub start: Option<(&'static str, &'static str)>,
}

pub const ROWS: [Row; 12] = [
    Row {
        id: "S1",
        title: "Anonymous checkout",
        quote: "When checking out, a storezero.io user isn’t required to log in to the site.",
        attempt: "Signed out, put something into the cart and order it. The card 4242 4242 4242 4242 pays.",
        start: Some(("Choose something", "/")),
    },
    Row {
        id: "S2",
        title: "A gated account",
        quote: "However, to view the “My Account” pages, the user must log in.",
        attempt: "Signed out, open All Orders: the login comes in between, and then exactly that page.",
        start: Some(("All Orders", "/account/orders")),
    },
    Row {
        id: "S3",
        title: "Two sessions",
        quote: "The authorization server updates the previously-created session to indicate that the user is logged in.",
        attempt: "Sign in with email and password, and read the trace: the identity provider’s session exists before the login.",
        start: None,
    },
    Row {
        id: "S4",
        title: "No second prompt",
        quote: "The next time the user arrives at the authorization server, they won’t need to see a login page or be prompted to use MFA again.",
        attempt: "Sign in with a second factor (grace@example.com), sign out of storezero only, and sign in again.",
        start: None,
    },
    Row {
        id: "S5",
        title: "Social login: three sessions",
        quote: "A third session is created in the identity provider scenario: the session on Facebook’s server.",
        attempt: "Sign in with Friendbook as linus@example.com. Sign out of storezero and PeakCommerce ID, and come back the same way.",
        start: None,
    },
    Row {
        id: "S6",
        title: "No local session",
        quote: "So no local session is created to keep the user logged in.",
        attempt: "That is the shop without a backend, a build of its own, which ticks it off itself: sign in there, and look at its page Sessions.",
        start: None,
    },
    Row {
        id: "S7",
        title: "Silent authentication",
        quote: "We create a hidden iframe that redirects to the authorization server adding the prompt=none parameter.",
        attempt: "Press “Silent check”: the identity provider answers without any page, or with login_required. The shop without a backend renews its tokens so.",
        start: None,
    },
    Row {
        id: "S8",
        title: "Lifetimes",
        quote: "Applications can extend sessions by storing session information in a cookie. Sessions end when … session lifetime limits are reached.",
        attempt: "Sign in with “keep me signed in”, or age the session by the controls.",
        start: None,
    },
    Row {
        id: "S9",
        title: "Resets end sessions",
        quote: "Resetting a user’s password, email, or phone number causes their PeakCommerce session to expire.",
        attempt: "Signed in, change the password at PeakCommerce ID and look at this page: the back channel has told the shop.",
        start: None,
    },
    Row {
        id: "S10",
        title: "Activities",
        quote: "A single session can contain multiple activities … all of which the session stores temporarily while the user is connected.",
        attempt: "Search, look at a product, share it, put it into the cart. The timeline below has it, until the session ends.",
        start: Some(("Look around", "/search?q=tea")),
    },
    Row {
        id: "S11",
        title: "A new login resets",
        quote: "When a user performs a new standard login, Auth0 resets the login session.",
        attempt: "Signed in, sign in anew by the controls: another sid there, another key here.",
        start: None,
    },
    Row {
        id: "S12",
        title: "Three ways out",
        quote: "Sessions end when a user logs out …",
        attempt: "Sign out by one of the controls: of the shop, of the identity provider too, of Friendbook too.",
        start: None,
    },
];
