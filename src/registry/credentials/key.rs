//! The names under which files and helpers keep a registry's credentials.

use crate::oci::DOCKER_HUB;

/// The key under which Docker keeps Docker Hub's credentials.
pub(super) const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// Whether two spellings mean the same registry.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    canonical(left).eq_ignore_ascii_case(canonical(right))
}

/// Whether a key means all of a registry. Docker has written a scheme, and then the path is that of an API.
pub(super) fn means(key: &str, host: &str) -> bool {
    is_same(host_of(key), host) && path_of(key).is_empty()
}

/// How much of a repository's name a key covers, in bytes; `None` if it is not covered. Podman's keys may name a part of
/// a registry.
pub(super) fn covers(key: &str, host: &str, name: &str) -> Option<usize> {
    let path = path_of(key);
    let is_above = path.is_empty()
        || name.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (is_same(host_of(key), host) && is_above).then_some(path.len())
}

/// What Docker calls the registry, in files and to helpers.
pub(super) fn of(host: &str) -> &str {
    if DOCKER_HUB.contains(&host) { DOCKER_HUB_KEY } else { host }
}

/// The host, with its port, of a key.
pub(super) fn host_of(key: &str) -> &str {
    let rest = key.split_once("://").map_or(key, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(host, _)| host)
}

/// The part of a registry that a key means; empty for all of it.
fn path_of(key: &str) -> &str {
    match key.split_once("://") {
        Some(_) => "",
        None => key.trim_end_matches('/').split_once('/').map_or("", |(_, path)| path),
    }
}

/// One name for all spellings of a registry.
fn canonical(host: &str) -> &str {
    if DOCKER_HUB.iter().any(|hub| hub.eq_ignore_ascii_case(host)) { DOCKER_HUB[0] } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_known_in_every_spelling_that_tools_have_written() {
        for key in ["r.example.com", "R.example.com", "https://r.example.com", "http://r.example.com/v1/"] {
            assert!(means(key, "r.example.com"), "{key}");
        }
        for key in ["r.example.com/org", "r.example.com:5000", "evil-r.example.com", "example.com", ""] {
            assert!(!means(key, "r.example.com"), "{key}");
        }
        for host in DOCKER_HUB {
            assert_eq!(of(host), "https://index.docker.io/v1/");
            for key in ["docker.io", "https://index.docker.io/v1/", "https://registry-1.docker.io/v2/"] {
                assert!(means(key, host), "{key}");
            }
        }
        assert!(means("Docker.IO", "docker.io") && means("https://Index.Docker.io/v1/", "docker.io"));
        assert_eq!(of("ghcr.io"), "ghcr.io");
    }
}
