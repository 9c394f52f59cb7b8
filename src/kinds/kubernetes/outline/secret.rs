//! Secrets in the clear: values that neither SOPS encrypted nor a later step fills in.

use super::full::fields;
use crate::kinds::yaml::{Problem, Resolved, Scalar, Value, brief};

/// How SOPS begins a value that it encrypted.
const ENCRYPTED: &str = "ENC[";

/// Whether a value is what SOPS writes into a file that it encrypted: a mapping with a `mac`, itself encrypted.
pub(super) fn is_seal(value: Value<'_>) -> Result<bool, Problem> {
    let mac = fields(value)?.find(|(key, _)| key.scalar().is_some_and(|key| key.text == "mac"));
    Ok(mac.and_then(|(_, mac)| mac.scalar()).is_some_and(|mac| mac.text.starts_with(ENCRYPTED)))
}

/// The first value of a Secret that stands in the clear.
///
/// Where SOPS sealed the file and encrypted one value of the Secret, it left the others out as it was told to.
pub(super) fn plain(secret: Value<'_>, is_sealed: bool) -> Result<Option<Problem>, Problem> {
    let mut first = None;
    for (part, values) in fields(secret)? {
        let Some(part @ ("data" | "stringData")) = part.scalar().map(|key| key.text) else {
            continue;
        };
        for (key, value) in fields(values)? {
            let Some(text) = value.scalar().and_then(content) else {
                continue;
            };
            if is_sealed && text.starts_with(ENCRYPTED) {
                return Ok(None);
            }
            if first.is_none() && is_clear(text) {
                let name = key.scalar().map_or("", |key| key.text);
                let message = format!(
                    "`{part}.{}` of this Secret is not encrypted; encrypt it with SOPS, or seal it",
                    brief(name)
                );
                first = Some(Problem::new(key.mark(), "plain-secret", message));
            }
        }
    }
    Ok(first)
}

/// What a scalar holds, if it is not null.
fn content(scalar: Scalar<'_>) -> Option<&str> {
    (!matches!(scalar.resolve(), Ok(Resolved::Null))).then_some(scalar.text)
}

/// Whether a text is a value, and neither encrypted nor a placeholder.
fn is_clear(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with(ENCRYPTED) && !is_placeholder(text)
}

/// Whether a text is nothing but a name that a later step replaces: of Flux's and envsubst's variables, of templates,
/// of Argo CD's Vault plugin (`<path:…>`), or of vals (`ref+…`).
fn is_placeholder(text: &str) -> bool {
    let is_one = |start: &str, end: &str| {
        let inner = text.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        inner.is_some_and(|inner| !inner.contains(start) && !inner.contains(end))
    };
    is_one("${", "}") || is_one("{{", "}}") || is_one("<", ">") || text.starts_with("ref+")
}
