//! The Session Explorer: the sessions that a login creates, how the last login or logout went, and controls that
//! show each row of the document without typing an address.

// What both builds draw.
mod clock;
mod countdown_bar;
mod fact;
mod labels;
mod lane_details;
mod lane_state;
mod lanes;
mod remote_state;
mod seen;
mod sign_out_buttons;
mod social_lane;
mod trace_diagram;
mod trace_message;
mod unobserved_steps;

#[cfg(feature = "bff")]
mod activity_feed;
#[cfg(feature = "bff")]
mod activity_messages;
#[cfg(feature = "bff")]
mod activity_timeline;
#[cfg(feature = "bff")]
mod controls;
#[cfg(feature = "bff")]
mod demonstrated;
#[cfg(feature = "bff")]
mod effects;
#[cfg(feature = "bff")]
mod endings;
#[cfg(feature = "bff")]
mod evidence;
#[cfg(feature = "bff")]
mod hints;
#[cfg(feature = "bff")]
mod history;
#[cfg(feature = "bff")]
mod local_lane;
#[cfg(feature = "bff")]
mod local_state;
#[cfg(feature = "bff")]
mod parts;
#[cfg(feature = "bff")]
mod progress;
#[cfg(feature = "bff")]
mod provider_lane;
#[cfg(feature = "bff")]
mod rows;
#[cfg(feature = "bff")]
mod rows_list;
#[cfg(feature = "bff")]
mod sessions_page;

#[cfg(feature = "implicit")]
mod no_backend;

#[cfg(feature = "implicit")]
pub use no_backend::SessionsRoute;
#[cfg(feature = "bff")]
pub use sessions_page::SessionsRoute;

/// The document that the shop is built after.
const DOCUMENT: &str = "https://auth0.com/docs/manage-users/sessions";
