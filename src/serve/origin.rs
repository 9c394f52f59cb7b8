//! Where a request may come from: no web page reaches the registry, and on loopback nobody does by a foreign name.

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::{StatusCode, Uri};

use super::reply::Refusal;
use crate::oci::Host;

/// The name by which the sender sees this registry.
///
/// On loopback another name than one of loopback is refused: it is a web page's that was made to resolve to loopback (DNS
/// rebinding). Everywhere a request is refused that a browser sends for a web page of another origin, because some of them
/// need no permission of the receiver (the Fetch standard's "no-cors" mode).
pub(super) fn admit(headers: &HeaderMap, uri: &Uri, on_loopback: bool) -> Result<String, Refusal> {
    if headers.contains_key(ORIGIN) {
        let message = "this registry answers no web pages";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "DENIED", message));
    }
    // A target in absolute form counts more than the header (RFC 9112 §3.2.2).
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    let named = uri.authority().map(hyper::http::uri::Authority::as_str).or(header);
    let host: Option<Host> = named.and_then(|text| text.parse().ok());
    match host {
        Some(host) if host.is_loopback() || !on_loopback => Ok(host.to_string()),
        None if !on_loopback => Ok(String::new()),
        _ => Err(Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            "DENIED",
            "this registry answers to the names of loopback only, such as 127.0.0.1 and localhost",
        )),
    }
}
