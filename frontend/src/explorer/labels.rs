//! What the Explorer's controls are called: one label for one action, in both builds.

pub const SIGN_IN: &str = "Sign in";
/// As the identity provider's own button.
pub const BY_FRIENDBOOK: &str = "Continue with Friendbook";
pub const SIGN_IN_ANEW: &str = "Sign in anew";
pub const SILENT_CHECK: &str = "Silent check";
#[cfg(feature = "bff")]
pub const OTHER_SHOP: &str = "Sessions of the shop without a backend";
#[cfg(feature = "implicit")]
pub const OTHER_SHOP: &str = "Sessions of the shop with a backend";
pub const ALL_ORDERS: &str = "All Orders";
pub const CHANGE_AT_PROVIDER: &str = "Change something at PeakCommerce ID";
