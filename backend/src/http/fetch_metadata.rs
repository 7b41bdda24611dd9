//! Fetch Metadata (W3C): the browser's own word on who made a request and what for. A client that is no
//! browser sends none of it, and has no cookies of somebody else to abuse either.

use super::header;
use crate::{Error, Result};
use actix_web::HttpRequest;

/// A login begins and ends as a page that the person sees, never as an image, a frame or a script's fetch, nor as a page
/// that the browser only fetches ahead (`Sec-Purpose`, Prefetch §4; `Purpose` in older browsers).
pub fn require_document_navigation(request: &HttpRequest) -> Result<()> {
    let mode = header(request, "Sec-Fetch-Mode");
    let destination = header(request, "Sec-Fetch-Dest");
    let purpose = header(request, "Sec-Purpose").or_else(|| header(request, "Purpose"));
    let is_navigation = mode.is_none_or(|mode| mode == "navigate");
    let is_document = destination.is_none_or(|destination| destination == "document");
    let is_ahead = purpose.is_some_and(|purpose| purpose.starts_with("prefetch"));
    if is_navigation && is_document && !is_ahead {
        return Ok(());
    }
    Err(Error::bad_request("Open this address as a page: it is not for scripts, images or frames."))
}

/// For what the shop's own pages open in a hidden frame.
pub fn require_own_frame(request: &HttpRequest) -> Result<()> {
    let is_frame =
        header(request, "Sec-Fetch-Dest").is_none_or(|destination| destination == "iframe");
    let is_own = header(request, "Sec-Fetch-Site").is_none_or(|site| site == "same-origin");
    if is_frame && is_own {
        return Ok(());
    }
    Err(Error::bad_request("This address is for a hidden frame of the shop's own pages."))
}

/// For what one server tells another: no page may make a browser send it.
pub fn require_no_browser(request: &HttpRequest) -> Result<()> {
    if header(request, "Sec-Fetch-Site").is_none() {
        return Ok(());
    }
    Err(Error::bad_request("This address is for the identity provider, and for no browser."))
}

/// Whether a script of another site caused this navigation, and nobody who pressed or typed something.
pub fn is_by_another_sites_script(request: &HttpRequest) -> bool {
    is_from_another_site(request) && header(request, "Sec-Fetch-User") != Some("?1")
}

/// Whether the browser says that another site caused this request.
pub fn is_from_another_site(request: &HttpRequest) -> bool {
    matches!(header(request, "Sec-Fetch-Site"), Some("cross-site" | "same-site"))
}
