//! What the page itself tells the session of its visitor's activities: page views, unless this browser wants none,
//! and shares. The page "Sessions" shows them.

mod page_view_recorder;
#[cfg(feature = "bff")]
mod page_view_switch;
mod page_views;

pub use page_view_recorder::{PageViewRecorder, record_share};
#[cfg(feature = "bff")]
pub use page_view_switch::PageViewSwitch;
