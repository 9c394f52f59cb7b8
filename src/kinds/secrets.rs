//! What in a bundle looks like a secret, before it is given to everybody.

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

/// What in a layer looks like a secret, each with its place.
pub(super) fn in_layer(kind: Option<Kind>, layer: &Descriptor, bytes: &[u8]) -> Vec<String> {
    match kind {
        Some(Kind::Kubernetes) | None => kubernetes::secrets(layer, bytes),
        Some(Kind::Flipt) => {
            let namespace = Kind::Flipt.namespace(layer).unwrap_or_default();
            in_text(bytes).map(|what| format!("{what} in the namespace `{namespace}`")).into_iter().collect()
        }
    }
}

/// Whether a line that begins an armour begins that of a private key, of PEM or of PGP.
fn is_private_key(line: &str) -> bool {
    line.contains("PRIVATE KEY-----") || line.contains("PRIVATE KEY BLOCK-----")
}

/// The first thing in a text that looks like a secret.
pub(super) fn in_text(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    if text.match_indices("-----BEGIN ").any(|(at, _)| text[at..].lines().next().is_some_and(is_private_key))
    {
        return Some("a private key");
    }
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let found = TOKENS.iter().find(|(begin, least, _)| {
        text.match_indices(begin).any(|(at, _)| {
            let stands_alone = !text[..at].chars().next_back().is_some_and(is_token);
            let rest = &text[at + begin.len()..];
            stands_alone && rest.chars().take_while(|letter| is_token(*letter)).count() >= *least
        })
    });
    found.map(|(.., what)| *what)
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
            ("t=ghp_0123456789abcdefghijABCDEFGHIJ0123", Some("a token of GitHub")),
            ("ghp_short", None),
            ("flags: []", None),
        ] {
            assert_eq!(in_text(text.as_bytes()), expected, "{text}");
        }
    }
}
