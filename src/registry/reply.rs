//! What a registry says when it refuses: error envelopes, plain text and HTML, into one bounded sentence.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;

use super::answer::Answer;
use crate::repository::ErrorKind;

/// The longest part of an error body that is shown, in bytes.
const LONGEST: usize = 1024;
/// The most errors of one envelope that are shown.
const MOST_ERRORS: usize = 3;

/// The error envelope (distribution specification, "Error Codes").
#[derive(Deserialize)]
struct Envelope {
    errors: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    detail: serde_json::Value,
}

/// A registry's refusal.
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    codes: Vec<String>,
    text: String,
}

impl Refusal {
    /// Reads the refusal out of an answer.
    pub(super) fn of(answer: &Answer) -> Self {
        let status = answer.status;
        if is_html(answer) {
            let text =
                "with an HTML page, so that a proxy or a login page speaks and not a registry".to_owned();
            return Self { status, codes: Vec::new(), text };
        }
        let Ok(envelope) = serde_json::from_slice::<Envelope>(&answer.body) else {
            let text = bounded(&String::from_utf8_lossy(&answer.body));
            return Self { status, codes: Vec::new(), text };
        };
        let codes = envelope.errors.iter().filter_map(|entry| entry.code.clone()).collect();
        let lines: Vec<_> = envelope.errors.iter().take(MOST_ERRORS).map(Entry::line).collect();
        Self { status, codes, text: bounded(&lines.join("; ")) }
    }

    /// Whether the registry gave this code, such as `NAME_UNKNOWN`.
    pub(super) fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|own| own == code)
    }

    /// Whether it is what servers of TLS answer to plain HTTP, which is no registry's answer.
    pub(super) fn may_want_tls(&self) -> bool {
        self.status == StatusCode::BAD_REQUEST && self.codes.is_empty()
    }

    /// The class of failure that the status stands for.
    pub(super) fn kind(&self) -> ErrorKind {
        match self.status.as_u16() {
            401 | 403 => ErrorKind::Unauthorized,
            404 => ErrorKind::NotFound,
            409 | 412 => ErrorKind::Conflict,
            408 | 429 | 499 | 500 | 502..=504 | 506..=599 => ErrorKind::Unavailable,
            _ => ErrorKind::Refused,
        }
    }
}

/// `403 DENIED: requested access …`
impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.status.as_u16())?;
        match (self.text.as_str(), self.status.canonical_reason()) {
            ("", Some(reason)) => write!(out, " ({reason})"),
            ("", None) => Ok(()),
            (text, _) => write!(out, " {text}"),
        }
    }
}

impl Entry {
    fn line(&self) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        let detail = match &self.detail {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Object(fields) if !fields.is_empty() => self.detail.to_string(),
            _ => String::new(),
        };
        let message = self.message.as_deref().filter(|text| !text.is_empty());
        match (message, detail.as_str()) {
            (Some(message), "") => format!("{code}: {message}"),
            (Some(message), detail) => format!("{code}: {message} ({detail})"),
            (None, "") => code.to_owned(),
            (None, detail) => format!("{code}: {detail}"),
        }
    }
}

/// Whether an HTML page came where a registry's answer was expected.
pub(super) fn is_html(answer: &Answer) -> bool {
    let says_so = answer
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"));
    let start: Vec<u8> = answer.body.iter().copied().skip_while(u8::is_ascii_whitespace).take(14).collect();
    let start = start.to_ascii_lowercase();
    says_so && !start.starts_with(b"{") || start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

/// The text on one line, without control characters, and not longer than is useful.
pub(super) fn bounded(text: &str) -> String {
    let mut out = String::new();
    let mut words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        let left = LONGEST.saturating_sub(out.len());
        if word.len() > left {
            let end = (0..=left).rev().find(|at| word.is_char_boundary(*at)).unwrap_or(0);
            out.push_str(&word[..end]);
            out.push('…');
            return out;
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, kind: &str, body: &[u8]) -> Refusal {
        Refusal::of(&Answer::for_test(status, kind, body))
    }

    #[test]
    fn the_registrys_code_and_message_are_kept() {
        let body =
            br#"{"errors":[{"code":"DENIED","message":"no","detail":null},{"code":"X","detail":{"a":1}}]}"#;
        let refusal = refusal(403, "application/json", body);
        assert_eq!(refusal.to_string(), r#"403 DENIED: no; X: {"a":1}"#);
        assert!(refusal.has("X") && !refusal.has("Y"));
        assert_eq!(refusal.kind(), ErrorKind::Unauthorized);
    }

    #[test]
    fn other_bodies_become_one_bounded_line_without_control_characters() {
        assert_eq!(refusal(500, "text/plain", b"a\x1b[31m\r\n b\xff").to_string(), "500 a [31m b\u{fffd}");
        assert_eq!(refusal(404, "", b"").to_string(), "404 (Not Found)");
        assert_eq!(refusal(522, "", b"").to_string(), "522");
        let huge = refusal(500, "text/plain", &vec![b'x'; 64 * 1024]).to_string();
        assert!(huge.len() < 1100, "{}", huge.len());
        let page = refusal(403, "text/html; charset=utf-8", b"<p>login</p>").to_string();
        assert!(page.starts_with("403 with an HTML page"), "{page}");
        assert!(refusal(200, "application/json", b" <!DOCTYPE html>").to_string().contains("HTML"));
    }
}
