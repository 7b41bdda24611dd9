//! What a demo opens, it opens to who came by its own address.

use super::header;
use crate::{Config, Result};
use actix_web::HttpRequest;
use shared::problem::{Problem, kinds};
use url::Position;

/// A page elsewhere can have its own name lead to this machine (DNS rebinding). Its requests then bear that name.
pub fn require_own_host(config: &Config, request: &HttpRequest) -> Result<()> {
    let own = &config.public_url[Position::BeforeHost..Position::AfterPort];
    if header(request, "Host").is_some_and(|host| host.eq_ignore_ascii_case(own)) {
        return Ok(());
    }
    let detail = format!("The demo answers at {} alone. Open the shop there.", config.origin());
    Err(Problem::new(kinds::MISDIRECTED, "Another address", 421, detail).into())
}
