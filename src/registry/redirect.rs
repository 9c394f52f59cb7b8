//! Where a registry may send us: the rules for redirects, upload sessions and further pages.

use reqwest::{Method, StatusCode, Url};

use super::address::{self, Class};
use super::secret;

/// The most redirects that one request follows.
pub(super) const MOST_HOPS: usize = 5;

/// Why an address that a registry gave is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Forbidden {
    #[error("it points at `{0}`, which is not an address")]
    NotAnAddress(String),
    #[error("it points at {0}, which no registry has a reason to name")]
    Address(String),
    #[error("it points at {0}, which carries a user name or a password")]
    Credentials(String),
    #[error(
        "it leads from https to {0}; if the registry stands behind a proxy that ends TLS, \
         tell the registry its public address"
    )]
    Downgrade(String),
    #[error("it leads a request with a body to another host, {0}")]
    Elsewhere(String),
}

/// Whether this status, with a `Location`, is a redirect.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether a redirect of this status can be followed with this method without changing what was asked.
pub(super) fn keeps_method(status: StatusCode, method: &Method) -> bool {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    is_read || matches!(status.as_u16(), 307 | 308)
}

/// The address of a redirect from `from`. `registry` is where the first request went.
///
/// Requests that change something are only followed within their origin.
pub(super) fn target(from: &Url, location: &str, registry: &Url, method: &Method) -> Result<Url, Forbidden> {
    let next = resolve(from, location)?;
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    if !is_read && !address::same_origin(from, &next) {
        return Err(Forbidden::Elsewhere(secret::shown(&next)));
    }
    if address::class(&next) == Class::Loopback && !is_near(registry, &next) {
        return Err(Forbidden::Address(secret::shown(&next)));
    }
    Ok(next)
}

/// The address of an upload session: on another host only over TLS, or as plain as the registry itself, and only a
/// public one.
pub(super) fn session(from: &Url, location: &str, registry: &Url) -> Result<Url, Forbidden> {
    let next = resolve(from, location)?;
    if address::class(&next) != Class::Public && !is_near(registry, &next) {
        return Err(Forbidden::Address(secret::shown(&next)));
    }
    Ok(next)
}

/// Whether the registry is on the same host, or itself on the same kind of network that is not the public one.
fn is_near(registry: &Url, next: &Url) -> bool {
    address::same_host(registry, next) || address::class(registry) == address::class(next)
}

/// Resolves a `Location` by RFC 3986 and holds it against the rules that all such addresses share.
fn resolve(from: &Url, location: &str) -> Result<Url, Forbidden> {
    let not_one = || Forbidden::NotAnAddress(location.chars().take(200).collect());
    let mut next = from.join(location).map_err(|_| not_one())?;
    if !matches!(next.scheme(), "http" | "https") || next.host_str().is_none() {
        return Err(not_one());
    }
    next.set_fragment(None);
    if !next.username().is_empty() || next.password().is_some() {
        return Err(Forbidden::Credentials(secret::shown(&next)));
    }
    if from.scheme() == "https" && next.scheme() == "http" {
        return Err(Forbidden::Downgrade(secret::shown(&next)));
    }
    if address::class(&next) == Class::Forbidden && !address::same_host(from, &next) {
        return Err(Forbidden::Address(secret::shown(&next)));
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "https://registry.example.com/v2/a/blobs/uploads/";

    fn session_at(location: &str) -> Result<String, Forbidden> {
        let from: Url = REGISTRY.parse().unwrap();
        session(&from, location, &from).map(|url| url.to_string())
    }

    #[test]
    fn locations_are_resolved_as_the_standard_says() {
        for (location, expected) in [
            ("/v2/a/blobs/uploads/1?_state=x", "https://registry.example.com/v2/a/blobs/uploads/1?_state=x"),
            ("1", "https://registry.example.com/v2/a/blobs/uploads/1"),
            ("?s=1", "https://registry.example.com/v2/a/blobs/uploads/?s=1"),
            ("//registry.example.com/u", "https://registry.example.com/u"),
            ("https://registry.example.com:443/u#x", "https://registry.example.com/u"),
            ("https://storage.example.net/u?sig=1", "https://storage.example.net/u?sig=1"),
        ] {
            assert_eq!(session_at(location).unwrap(), expected);
        }
    }

    #[test]
    fn a_session_is_not_followed_into_plain_text_private_networks_or_files() {
        assert!(matches!(session_at("http://registry.example.com/u"), Err(Forbidden::Downgrade(_))));
        assert!(matches!(session_at("https://10.0.0.1/u"), Err(Forbidden::Address(_))));
        assert!(matches!(session_at("https://127.0.0.1/u"), Err(Forbidden::Address(_))));
        assert!(matches!(session_at("https://169.254.169.254/u"), Err(Forbidden::Address(_))));
        assert!(matches!(session_at("https://me:pw@storage.example.net/"), Err(Forbidden::Credentials(_))));
        assert!(matches!(session_at("file:///etc/passwd"), Err(Forbidden::NotAnAddress(_))));
        assert!(matches!(session_at("https://[bad"), Err(Forbidden::NotAnAddress(_))));
    }

    #[test]
    fn a_redirect_of_a_write_stays_in_its_origin() {
        let from: Url = REGISTRY.parse().unwrap();
        let follow = |location, method| target(&from, location, &from, &method);
        assert!(follow("https://cdn.example.net/b", Method::GET).is_ok());
        assert!(follow("https://10.0.0.1/b", Method::GET).is_ok(), "storage in a private network");
        assert!(follow("/elsewhere", Method::PUT).is_ok());
        assert!(matches!(follow("https://cdn.example.net/b", Method::PUT), Err(Forbidden::Elsewhere(_))));
        assert!(matches!(follow("https://localhost/b", Method::GET), Err(Forbidden::Address(_))));
    }

    #[test]
    fn a_registry_on_loopback_may_name_its_neighbours() {
        let from: Url = "http://127.0.0.1:5000/v2/".parse().unwrap();
        assert!(target(&from, "http://localhost:5001/b", &from, &Method::GET).is_ok());
        assert!(session(&from, "http://127.0.0.1:5001/u", &from).is_ok());
        assert!(session(&from, "http://169.254.169.254/u", &from).is_err());
    }
}
