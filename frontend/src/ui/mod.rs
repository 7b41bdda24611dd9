//! What every feature is built from: fields, buttons, dialogs, messages.

mod address;
mod button;
mod countdown;
mod dialog;
mod empty;
mod error_note;
mod field;
mod focus;
mod lazy_page;
mod loaded;
mod moment;
mod not_found;
mod page_heading;
mod pagination;
mod picture;
mod price;
mod quantity;
mod radio_group;
mod scroll;
mod skeleton;
mod spawn_busy;
mod toast;

#[cfg(feature = "implicit")]
pub use address::replace_address;
pub use address::{drop_trailing_slash, query_value, use_query_value};
pub use button::{Button, ButtonKind};
pub use countdown::{countdown, duration, percent_left};
pub use dialog::Dialog;
pub use empty::Empty;
pub use error_note::ErrorNote;
pub use field::Field;
pub use focus::focus;
pub(crate) use lazy_page::lazy_page;
pub use loaded::loaded;
pub use moment::Moment;
pub use not_found::NotFound;
pub use page_heading::{PageHeading, focus_heading, provide_focus};
pub use pagination::Pagination;
pub use picture::Picture;
pub use price::Price;
pub use quantity::Quantity;
pub use radio_group::{RadioChoice, RadioGroup};
pub use scroll::restore_scroll;
pub use skeleton::Skeleton;
pub use spawn_busy::spawn_busy;
pub use toast::{ToastRegion, Toasts, provide_toasts, use_toasts};
