//! The Session Explorer: the sessions that a login creates, how the last login or logout went, and levers that
//! show each row of the document without typing an address.

mod activity_timeline;
mod activity_words;
mod countdown_bar;
mod endings;
mod evidence;
mod lane_state;
mod levers;
mod local_lane;
mod outside;
mod provider_lane;
mod rows;
mod rows_list;
mod seen;
mod sessions_page;
mod social_lane;
mod trace_diagram;
mod trace_message;

pub use sessions_page::SessionsRoute;
