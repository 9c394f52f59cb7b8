//! Whether a secret stands in the clear: neither encrypted, nor filled in by a later step.

use memchr::memmem::find;

use crate::kinds::yaml::{Resolved, Scalar};

/// How SOPS begins a value that it encrypted.
pub(super) const ENCRYPTED: &str = "ENC[";

/// How files begin that are encrypted as a whole: by age (both of its forms), PGP, Ansible's vault, and git-crypt.
const ENCRYPTED_FILES: [&[u8]; 5] = [
    b"age-encryption.org/v1\n",
    b"-----BEGIN AGE ENCRYPTED FILE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"$ANSIBLE_VAULT;",
    b"\0GITCRYPT\0",
];

/// What stands where a later step fills something in: variables of Flux and envsubst, templates, Argo CD's Vault plugin.
const PLACEHOLDERS: [(&str, &str); 3] = [("${", "}"), ("{{", "}}"), ("<", ">")];

/// What a scalar holds, if it is not null.
pub(super) fn content(scalar: Scalar<'_>) -> Option<&str> {
    (!matches!(scalar.resolve(), Ok(Resolved::Null))).then_some(scalar.text)
}

/// Whether a text is a value, and neither encrypted nor a placeholder.
pub(super) fn is_clear(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with(ENCRYPTED) && !is_placeholder(text)
}

/// Whether a text is nothing but names that a later step replaces; `ref+…` is that of vals.
fn is_placeholder(text: &str) -> bool {
    let is_all = |(start, end): (&str, &str)| {
        let mut parts = text.split(start);
        let is_nothing = |part: &str| !part.contains(char::is_alphanumeric);
        parts.next().is_some_and(is_nothing)
            && text.contains(start)
            && parts.all(|part| part.split_once(end).is_some_and(|(_, after)| is_nothing(after)))
    };
    PLACEHOLDERS.into_iter().any(is_all) || text.starts_with("ref+")
}

/// Whether a line of the form `name=value` has a value in the clear; any other line is one.
pub(super) fn is_clear_pair(line: &str) -> bool {
    let value = line.split_once('=').map_or(line, |(_, value)| value).trim();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    is_clear(quoted.unwrap_or(value))
}

/// Whether a file of which a Secret is made stands in the clear.
pub(in super::super) fn is_clear_file(bytes: &[u8]) -> bool {
    let is_sealed = || find(bytes, ENCRYPTED.as_bytes()).is_some() && find(bytes, b"sops").is_some();
    if ENCRYPTED_FILES.iter().any(|begin| bytes.starts_with(begin)) || is_sealed() {
        return false;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return true };
    text.lines().filter(|line| !line.trim_start().starts_with('#')).any(is_clear_pair)
}
