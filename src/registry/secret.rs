//! Text that may be sent and never shown: passwords and tokens; and addresses with what is secret in them left out.

use std::fmt::Write as _;

use reqwest::Url;

/// A password or a token. It has neither `Debug` nor `Display`, so that it cannot reach a message by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps this text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for a request header or body and nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Query parameters of the distribution protocol, which hold no secret; all others may (signatures, upload states).
const OPEN_PARAMETERS: [&str; 9] =
    ["account", "artifactType", "digest", "from", "last", "mount", "n", "scope", "service"];
/// The longest address that is shown, in bytes.
const LONGEST: usize = 600;

/// The address as it may be shown: without user, password and fragment, and without values that may be secret.
pub(super) fn shown(url: &Url) -> String {
    let mut out = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    // Writing to a String cannot fail.
    if let Some(port) = url.port() {
        let _ = write!(out, ":{port}");
    }
    out.push_str(url.path());
    for (at, (key, value)) in url.query_pairs().enumerate() {
        let open = OPEN_PARAMETERS.contains(&key.as_ref());
        let _ = write!(
            out,
            "{}{key}={}",
            if at == 0 { '?' } else { '&' },
            if open { value.as_ref() } else { "…" }
        );
    }
    if out.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
        out.truncate(end);
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_what_may_be_secret() {
        let url = "https://me:hunter2@cdn.example.com:444/b/1?digest=sha256:aa&X-Amz-Signature=hush#frag";
        let shown = shown(&url.parse().unwrap());
        assert_eq!(shown, "https://cdn.example.com:444/b/1?digest=sha256:aa&X-Amz-Signature=…");
    }
}
