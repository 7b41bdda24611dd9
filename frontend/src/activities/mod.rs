//! What the page itself tells the session of its visitor's activities: page views, unless this browser wants none,
//! and shares. The page "Sessions" shows them.

mod page_view_recorder;
mod page_view_switch;
mod page_views;

pub use page_view_recorder::{PageViewRecorder, record_share};
pub use page_view_switch::PageViewSwitch;
