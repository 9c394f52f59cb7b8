//! Keys and tokens that are known by how they begin, wherever they stand, and which of a layer looks like a secret.

use std::sync::LazyLock;

use memchr::memmem::{Finder, find_iter};

use super::{Kind, kubernetes};
use crate::oci::Descriptor;

/// How a secret begins, how many characters must follow at least, and what it is.
const TOKENS: [(&str, usize, &str); 14] = [
    ("AGE-SECRET-KEY-1", 50, "a key of age"),
    ("AKIA", 16, "an access key of AWS"),
    ("github_pat_", 30, "a token of GitHub"),
    ("ASIA", 16, "an access key of AWS"),
    ("ghp_", 30, "a token of GitHub"),
    ("ghr_", 30, "a token of GitHub"),
    ("ghu_", 30, "a token of GitHub"),
    ("hvs.", 20, "a token of Vault"),
    ("npm_", 30, "a token of npm"),
    ("gho_", 30, "a token of GitHub"),
    ("ghs_", 30, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
];

/// What looks for each of them, made once for all files.
static FINDERS: LazyLock<[Finder<'static>; 14]> =
    LazyLock::new(|| TOKENS.map(|(begin, ..)| Finder::new(begin.as_bytes())));

/// What in a layer looks like a secret, each with its place.
pub(super) fn in_layer(kind: Option<Kind>, layer: &Descriptor, bytes: &[u8]) -> Vec<String> {
    match kind {
        Some(Kind::Kubernetes) | None => kubernetes::secrets_of_layer(layer, bytes),
        Some(Kind::Flipt) => {
            let namespace = Kind::Flipt.namespace(layer).unwrap_or_default();
            in_text(bytes).map(|what| format!("{what} in the namespace `{namespace}`")).into_iter().collect()
        }
    }
}

/// The first thing in a text that looks like a secret.
pub(super) fn in_text(bytes: &[u8]) -> Option<&'static str> {
    private_key(bytes).or_else(|| token(bytes)).map(|(_, what)| what)
}

/// Where the first private key begins, in PEM (RFC 7468) or in PGP's armour (RFC 9580), and that it is one.
pub(super) fn private_key(bytes: &[u8]) -> Option<(usize, &'static str)> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const KEY: &[u8] = b"PRIVATE KEY";
    const ENDS: [&[u8]; 2] = [b"-----", b" BLOCK-----"];
    /// The longest name of a sort, in bytes, such as `ENCRYPTED ` or `OPENSSH `.
    const LONGEST_SORT: usize = 32;
    let begins = find_iter(bytes, KEY).filter_map(|at| {
        let after = &bytes[at + KEY.len()..];
        ENDS.iter().find(|end| after.starts_with(end))?;
        let start = at.saturating_sub(LONGEST_SORT + BEGIN.len());
        let window = &bytes[start..at];
        let begin = window.windows(BEGIN.len()).rposition(|part| part == BEGIN)?;
        let sort = &window[begin + BEGIN.len()..];
        let is_sort = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ';
        sort.iter().all(is_sort).then_some(start + begin)
    });
    begins.map(|at| (at, "a private key")).next()
}

/// Where a token begins that stands alone, and what it is.
pub(super) fn token(bytes: &[u8]) -> Option<(usize, &'static str)> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    TOKENS.iter().zip(&*FINDERS).find_map(|((begin, least, what), finder)| {
        let stands_alone = |at: &usize| {
            let rest = &bytes[at + begin.len()..];
            !bytes[..*at].last().is_some_and(is_token)
                && rest.iter().take_while(|byte| is_token(byte)).count() >= *least
        };
        finder.find_iter(bytes).find(stands_alone).map(|at| (at, *what))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_tokens_are_seen() {
        for (text, expected) in [
            ("x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MII", Some("a private key")),
            ("{\"key\":\"-----BEGIN PRIVATE KEY-----\\nMII\"}", Some("a private key")),
            ("-----BEGIN CERTIFICATE-----\nPRIVATE KEY", None),
            ("id: AKIAIOSFODNN7EXAMPLE", Some("an access key of AWS")),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ", Some("a private key")),
            ("token: hvs.CAESIJRM0123456789abcdef", Some("a token of Vault")),
            ("id: AKIASHORT", None),
            ("id: XAKIAIOSFODNN7EXAMPLE", None),
            ("AKIASHORT AKIAIOSFODNN7EXAMPLE", Some("an access key of AWS")),
            ("t=ghp_0123456789abcdefghijABCDEFGHIJ0123", Some("a token of GitHub")),
            ("ghp_short", None),
            ("flags: []", None),
        ] {
            assert_eq!(in_text(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_private_key_is_found_in_files_of_any_kind() {
        let begin = |text: &str| private_key(text.as_bytes()).map(|(at, _)| at);
        let key = |sort: &str| format!("-----BEGIN {sort}PRIVATE KEY-----");
        for sort in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "ENCRYPTED SIGSTORE "] {
            assert_eq!(begin(&format!("a\nü: {}\n", key(sort))), Some(6), "{sort}");
        }
        assert_eq!(begin(&format!("\u{0}\u{1}{}", key(""))), Some(2));
        let late = format!("no PRIVATE KEY----- here\n-----BEGIN x PRIVATE KEY-----\n{}", key("DSA "));
        assert_eq!(begin(&late), Some(55));
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "-----END PRIVATE KEY-----",
            "PRIVATE KEY-----",
            "-----BEGIN a PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nPRIVATE KEY-----",
        ] {
            assert_eq!(begin(text), None, "{text}");
        }
    }
}
