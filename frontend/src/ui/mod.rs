//! What every feature is built from: fields, buttons, dialogs, messages, and the frame around a page.

mod banner;
mod button;
mod dialog;
mod empty;
mod error_note;
mod field;
mod footer;
mod not_found;
mod page_heading;
mod price;
mod radio_group;
mod search_box;
mod skeleton;
mod skip_link;
mod theme_toggle;
mod toast;

pub use banner::Banner;
pub use button::{Button, ButtonKind};
pub use dialog::Dialog;
pub use empty::Empty;
pub use error_note::ErrorNote;
pub use field::Field;
pub use footer::Footer;
pub use not_found::NotFound;
pub use page_heading::{PageHeading, provide_focus, set_title};
pub use price::Price;
pub use radio_group::{RadioChoice, RadioGroup};
pub use search_box::SearchBox;
pub use skeleton::Skeleton;
pub use skip_link::SkipLink;
pub use theme_toggle::ThemeToggle;
pub use toast::{ToastRegion, Toasts, provide_toasts, use_toasts};
