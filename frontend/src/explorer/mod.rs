//! The Session Explorer: the sessions that a login creates, how the last login or logout went, and controls that
//! show each row of the document without typing an address.

mod activity_feed;
mod activity_messages;
mod activity_timeline;
mod controls;
mod countdown_bar;
mod demonstrated;
mod endings;
mod evidence;
mod lane_state;
mod local_lane;
mod provider_lane;
mod rows;
mod rows_list;
mod sessions_page;
mod social_lane;
mod trace_diagram;
mod trace_message;
mod unobserved_steps;

pub use sessions_page::SessionsRoute;
