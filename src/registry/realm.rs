//! Which token servers are asked, and which of them are shown stored credentials.

use reqwest::Url;

use super::address::{self, Class};
use super::secret;

/// A token server that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Realm {
    pub(super) url: Url,
    /// Whether it is known to belong to the registry, so that the registry's credentials may be sent to it.
    pub(super) is_trusted: bool,
}

/// Why a token server is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RealmError {
    #[error("the registry's token server `{0}` is not an address")]
    NotAnAddress(String),
    #[error("the registry's token server {0} would be asked without TLS")]
    Plain(String),
    #[error("the address of the registry's token server, {0}, carries a user name or a password")]
    Credentials(String),
    #[error(
        "the registry's token server {0} is not on the public network; a registry elsewhere may not name it"
    )]
    Address(String),
}

/// Registries whose token server has another domain, and which it is.
const KNOWN_PAIRS: [(&str, &str); 2] =
    [("lscr.io", "ghcr.io"), ("registry.connect.redhat.com", "sso.redhat.com")];

/// Judges the realm of a challenge that came from `registry`.
///
/// `trusted` are hosts, with or without port, that the user trusts with credentials.
pub(super) fn judge(realm: &str, registry: &Url, trusted: &[String]) -> Result<Realm, RealmError> {
    let mut url: Url =
        realm.parse().map_err(|_| RealmError::NotAnAddress(realm.chars().take(200).collect()))?;
    url.set_fragment(None);
    let shown = || secret::shown(&url);
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(RealmError::NotAnAddress(realm.chars().take(200).collect()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(RealmError::Credentials(shown()));
    }
    if url.scheme() == "http" && registry.scheme() != "http" {
        return Err(RealmError::Plain(shown()));
    }
    let is_registry =
        address::same_host(&url, registry) && url.port_or_known_default() == registry.port_or_known_default();
    let is_named = trusted.iter().any(|name| is_named(name, &url));
    let both_loopback = address::is_loopback(&url) && address::is_loopback(registry);
    let may_ask = match address::class(&url) {
        Class::Public => true,
        Class::Private => is_registry || is_named,
        Class::Loopback => is_registry || is_named || both_loopback,
        Class::Forbidden => is_registry,
    };
    if !may_ask {
        return Err(RealmError::Address(shown()));
    }
    let is_trusted = is_registry || is_named || both_loopback || are_related(&url, registry);
    Ok(Realm { url, is_trusted })
}

/// Whether the user's word for a trusted realm, `host` or `host:port`, means this address.
fn is_named(name: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
    name.eq_ignore_ascii_case(host) || with_port.is_some_and(|both| name.eq_ignore_ascii_case(&both))
}

fn are_related(realm: &Url, registry: &Url) -> bool {
    let (Some(realm), Some(registry)) = (realm.domain(), registry.domain()) else { return false };
    let (realm, registry) = (realm.trim_end_matches('.'), registry.trim_end_matches('.'));
    if KNOWN_PAIRS.contains(&(registry, realm)) {
        return true;
    }
    registrable(realm).is_some_and(|domain| registrable(registry) == Some(domain))
}

/// Second-level names under which, below a country, anybody may register a domain.
const SHARED_SECOND_LEVELS: [&str; 14] =
    ["ac", "asn", "co", "com", "edu", "gob", "gov", "gv", "id", "ne", "net", "or", "org", "sch"];
/// Domains whose neighbours are strangers: each customer gets a name of his own below them.
const SHARED_DOMAINS: [&str; 34] = [
    "amazonaws.com",
    "appspot.com",
    "azurecr.cn",
    "azurecr.io",
    "azurecr.us",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudfront.net",
    "ddns.net",
    "digitaloceanspaces.com",
    "duckdns.org",
    "fly.dev",
    "ghe.com",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "jfrog.io",
    "netlify.app",
    "ngrok.app",
    "ngrok.dev",
    "ngrok-free.app",
    "ngrok.io",
    "nip.io",
    "no-ip.org",
    "ondigitalocean.app",
    "onrender.com",
    "pages.dev",
    "pkg.dev",
    "railway.app",
    "run.app",
    "sslip.io",
    "vercel.app",
    "windows.net",
    "workers.dev",
];

/// The part of a name that one party registered.
///
/// A rule of thumb in place of the Public Suffix List: two labels; three below the usual second levels of a country;
/// the whole name below a domain that strangers share. Where it errs for a domain, the user can name the realm.
fn registrable(name: &str) -> Option<&str> {
    let mut dots = name.rmatch_indices('.').map(|(at, _)| at);
    let (last, second) = (dots.next()?, dots.next());
    let third = dots.next();
    let two = second.map_or(name, |at| &name[at + 1..]);
    if SHARED_DOMAINS.contains(&two) {
        return second.map(|_| name);
    }
    let top = &name[last + 1..];
    let second_level = two.split('.').next()?;
    if top.len() == 2 && SHARED_SECOND_LEVELS.contains(&second_level) {
        second?;
        return Some(third.map_or(name, |at| &name[at + 1..]));
    }
    Some(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(realm: &str, registry: &str, trusted: &[&str]) -> Result<bool, RealmError> {
        let trusted: Vec<_> = trusted.iter().map(|text| (*text).to_owned()).collect();
        judge(realm, &registry.parse().unwrap(), &trusted).map(|realm| realm.is_trusted)
    }

    #[test]
    fn credentials_go_to_token_servers_that_belong_to_the_registry() {
        let cases = [
            ("https://auth.docker.io/token", "https://registry-1.docker.io/", true),
            ("https://ghcr.io/token", "https://ghcr.io/", true),
            ("https://gitlab.com/jwt/auth", "https://registry.gitlab.com/", true),
            ("https://ghcr.io/token", "https://lscr.io/", true),
            ("https://auth.example.co.uk/t", "https://registry.example.co.uk/", true),
            ("https://evil.co.uk/t", "https://registry.example.co.uk/", false),
            ("https://evil.example/t", "https://registry.example.com/", false),
            ("https://evil.azurecr.io/t", "https://mine.azurecr.io/", false),
            ("https://mine.azurecr.io/t", "https://mine.azurecr.io/", true),
            ("https://registry.example.com.evil.net/t", "https://registry.example.com/", false),
            ("https://8.8.8.8/t", "https://8.8.4.4/", false),
            ("http://127.0.0.1:5001/t", "http://127.0.0.1:5000/", true),
            ("http://localhost:5001/t", "http://127.0.0.1:5000/", true),
            ("http://10.0.0.1:5000/t", "http://10.0.0.1:5000/", true),
        ];
        for (realm, registry, trusted) in cases {
            assert_eq!(judged(realm, registry, &[]), Ok(trusted), "{realm} for {registry}");
        }
    }

    #[test]
    fn the_user_may_trust_a_token_server() {
        let registry = "https://registry.example.com/";
        assert_eq!(judged("https://sso.corp.net/t", registry, &["sso.corp.net"]), Ok(true));
        assert_eq!(judged("https://sso.corp.net/t", registry, &["SSO.corp.net:443"]), Ok(true));
        assert_eq!(judged("https://sso.corp.net:8443/t", registry, &["sso.corp.net:443"]), Ok(false));
        assert_eq!(judged("https://10.0.0.7/t", registry, &["10.0.0.7"]), Ok(true));
    }

    #[test]
    fn a_registry_cannot_point_into_other_networks() {
        for realm in [
            "https://127.0.0.1/t",
            "https://localhost/t",
            "https://10.0.0.1/t",
            "https://192.168.0.1/t",
            "https://[fd00::1]/t",
            "https://100.100.100.200/t",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::ffff:169.254.169.254]/",
            "https://0.0.0.0/",
            "https://2852039166/",
            "https://169。254。169。254/",
        ] {
            assert!(
                matches!(judged(realm, "https://r.example.com/", &[]), Err(RealmError::Address(_))),
                "{realm}"
            );
        }
        let near = judged("http://10.0.0.1:5001/t", "http://10.0.0.1:5000/", &[]);
        assert!(matches!(near, Err(RealmError::Address(_))), "another port of a private host");
        let metadata = judged("http://169.254.169.254/", "http://127.0.0.1:5000/", &["169.254.169.254"]);
        assert!(matches!(metadata, Err(RealmError::Address(_))));
    }

    #[test]
    fn a_realm_is_an_absolute_address_over_tls_without_a_user() {
        let judged = |realm| judged(realm, "https://r.example.com/", &[]);
        assert!(matches!(judged("/token"), Err(RealmError::NotAnAddress(_))));
        assert!(matches!(judged("file:///etc/passwd"), Err(RealmError::NotAnAddress(_))));
        assert!(matches!(judged("http://r.example.com/t"), Err(RealmError::Plain(_))));
        assert!(matches!(judged("https://me:pw@r.example.com/t"), Err(RealmError::Credentials(_))));
    }
}
