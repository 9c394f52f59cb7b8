//! TLS that fails, and TLS with one side alone: what is wrong, and which flag or form mends it.

use std::error::Error as StdError;
use std::io;

use reqwest::Url;
use rustls::CertificateError;

use super::{address, reply};
use crate::repository::{Error, ErrorKind};

/// What our HTTP library says where an answer does not begin as one: a server of TLS sends an alert.
const NO_HTTP: &str = "invalid HTTP version parsed";

/// The error for a request to `url` that failed for want of TLS on one side, or of a certificate to trust; none for other
/// failures.
pub(super) fn error(place: &str, about: &str, url: &Url, error: &reqwest::Error) -> Option<Error> {
    let host = host(url);
    let (what, hint) = match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(why)) => certificate(why, &host),
        Some(rustls::Error::InvalidMessage(_)) => (format!("{host} does not speak TLS"), Some(plainly(url))),
        Some(other) => (format!("no TLS connection to {host}: {}", reply::bounded(&other.to_string())), None),
        None if url.scheme() == "http" && is_no_http(error) => {
            (format!("{host} does not speak plain HTTP"), Some(with_tls(url)))
        }
        None => return None,
    };
    let error = Error::new(ErrorKind::Refused, place, format!("cannot {about}: {what}"));
    Some(match hint {
        Some(hint) => error.hinting(hint),
        None => error,
    })
}

/// What to do where a registry that is spoken to plainly may want TLS.
pub(super) fn with_tls(url: &Url) -> String {
    let host = host(url);
    let rule = if address::is_loopback(url) { "" } else { ", and leave `--plain-http` out" };
    format!("if it speaks TLS, write `https://{host}`{rule}")
}

/// What to do where a registry speaks no TLS.
fn plainly(url: &Url) -> String {
    let host = host(url);
    if address::is_loopback(url) {
        return format!("write `{host}` without `https://`: on this machine plain HTTP is what is meant");
    }
    format!("if it is meant to be spoken to in plain HTTP, write `http://{host}`, or say `--plain-http`")
}

/// What is wrong with a server's certificate, and what to do.
fn certificate(why: &CertificateError, host: &str) -> (String, Option<String>) {
    let name = format!("the certificate of {host}");
    let or_none = "or give up the check with `--insecure`";
    let (what, hint) = match why {
        CertificateError::UnknownIssuer => (
            format!("{name} is not trusted: nobody known here has signed it"),
            "name the certificate of the authority that signed it with `--ca-file FILE`; of a server that signed its own, \
             that is its certificate itself"
                .to_owned(),
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (format!("{name} has expired"), format!("have it renewed, look at the clock of this machine, {or_none}"))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (format!("{name} is not valid yet"), format!("look at the clock of this machine, {or_none}"))
        }
        CertificateError::NotValidForNameContext { presented, .. } => (
            format!("{name} is for another name: {}", reply::bounded(&presented.join(", "))),
            "write the name that the certificate is for, or have one made for this name".to_owned(),
        ),
        // A library below has no type of its own for it.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
            format!("{name} is not trusted: it is that of an authority, and not of a server"),
            format!(
                "have one made that is no authority, as `openssl req -x509` does with \
                 `-addext basicConstraints=critical,CA:FALSE`, and name it with `--ca-file FILE`; {or_none}"
            ),
        ),
        other => {
            let why = reply::bounded(&other.to_string());
            (format!("{name} is not trusted: {why}"), "name what is to be trusted with `--ca-file FILE`".to_owned())
        }
    };
    (what, Some(hint))
}

/// Host and port, as a user writes them.
fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

fn is_no_http(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return error.to_string() == NO_HTTP;
        }
        next = error.source();
    }
    false
}

fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inside {
            Some(inside) => Some(inside),
            None => error.source(),
        };
    }
    None
}
