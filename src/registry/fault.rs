//! What went wrong below HTTP, in words, and whether a later try may help.

use std::error::Error as StdError;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use super::address;
use super::bridge::{self, Cut};
use super::retry::Fault;
use super::{reply, tls};
use crate::repository::{Error, ErrorKind};

/// The innermost reason of an error, shortened. The outer ones repeat it, or hold addresses with secrets in them.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn StdError = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    if inner.is::<reqwest::Error>() {
        return "the request could not be made".to_owned();
    }
    reply::bounded(&inner.to_string())
}

/// What our HTTP library says where a proxy answers CONNECT with 407, and with any other refusal.
const TUNNEL_UNAUTHORIZED: &str = "tunnel error: proxy authorization required";
const TUNNEL_REFUSED: &str = "tunnel error: unsuccessful";

/// The host and port of the proxy through which the environment sends requests for `url`.
fn proxy(url: &Url) -> Option<String> {
    if address::is_loopback(url) {
        return None;
    }
    let intercept = Matcher::from_system().intercept(&url.as_str().parse::<Uri>().ok()?)?;
    let (host, port) = (intercept.uri().host()?, intercept.uri().port_u16());
    Some(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// A request to `url` that a proxy on its way answered with 407.
pub(super) fn proxy_refused(place: &str, about: &str, url: &Url) -> Fault {
    let speaker = match proxy(url) {
        Some(proxy) => format!("the proxy {proxy}"),
        None => format!("a proxy before {}", url.host_str().unwrap_or_default()),
    };
    let what = format!("cannot {about}: {speaker} wants other credentials (407)");
    Fault::Final(Error::new(ErrorKind::Unauthorized, place, what).hinting(
        "write them into the proxy's address, as in `https_proxy=http://USER:PASSWORD@proxy.example.com:3128`",
    ))
}

/// A request to `url` that failed without an answer.
pub(super) fn unanswered(place: &str, about: &str, url: &Url, error: &reqwest::Error) -> Fault {
    if let Some(error) = tls::error(place, about, url, error) {
        return Fault::Final(error);
    }
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let reason = reason(error);
    if reason == TUNNEL_UNAUTHORIZED {
        return proxy_refused(place, about, url);
    }
    let what = if error.is_connect() {
        let through = proxy(url).map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
        let reason = if reason == TUNNEL_REFUSED { "it makes no connection there" } else { &reason };
        format!("cannot {about}: {host}{port} is out of reach{through}: {reason}")
    } else {
        format!("cannot {about}: the connection to {host}{port} broke: {reason}")
    };
    let error_of = |kind| Error::new(kind, place, what);
    // The resolver says "temporary failure" where the name may exist after all.
    let has_no_name = reason.contains("lookup address") && !reason.to_lowercase().contains("temporary");
    if has_no_name {
        Fault::Final(error_of(ErrorKind::Unavailable))
    } else if error.is_builder() {
        Fault::Final(error_of(ErrorKind::Refused))
    } else {
        Fault::passing(error_of(ErrorKind::Unavailable))
    }
}

/// A wait for `url` that ended without what was waited for.
pub(super) fn cut(place: &str, about: &str, url: &Url, cut: Cut) -> Fault {
    let host = url.host_str().unwrap_or_default();
    match cut {
        Cut::Interrupted => Fault::Final(bridge::interrupted(place)),
        Cut::Late => {
            let what = format!("cannot {about}: {host} did not answer in time");
            Fault::passing(Error::new(ErrorKind::Unavailable, place, what))
        }
        Cut::Runtime(error) => {
            let what = format!("cannot {about}: the system gives no threads or timers");
            Fault::Final(Error::new(ErrorKind::Refused, place, what).because(error))
        }
    }
}
