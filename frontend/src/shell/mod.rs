//! The frame around every page: banner, notices about signing in, footer. It may use what the features offer; a feature
//! never uses it.

mod account_menu;
mod banner;
#[cfg(feature = "bff")]
mod continue_as;
mod ended_notice;
mod footer;
mod search_box;
mod sign_in_notices;
mod sign_in_options;
mod skip_link;
mod suggestions;
mod theme_toggle;

pub use banner::Banner;
pub use footer::Footer;
pub use search_box::TypedBeforeStart;
pub use sign_in_notices::SignInNotices;
pub use skip_link::SkipLink;
