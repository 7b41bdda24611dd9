//! What every request passes through, and what operators ask for.

pub mod csrf;
pub mod fetch_metadata;
pub mod health;
pub mod problems;
pub mod security_headers;
pub mod site;
pub mod sweeper;
pub mod telemetry;
pub mod under_way;
