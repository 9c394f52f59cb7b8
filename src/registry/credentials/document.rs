//! A credentials file as it was written: one entry of `auths` changes, and all else keeps its bytes and its order.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::file::is_blank;
use super::{Login, key};

/// What of an entry says who logs in; anything else in it is kept.
const SECRETS: [&str; 5] = ["auth", "username", "password", "identitytoken", "registrytoken"];

/// The file.
pub(super) struct Document {
    object: Object,
    /// What a line is indented by.
    indent: String,
}

/// A JSON object: its keys in their order, and each value as it was written.
#[derive(Default)]
struct Object(Vec<(String, Box<RawValue>)>);

impl Document {
    /// Reads a file; an empty one is an empty object.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let object = if is_blank(bytes) { Object::default() } else { serde_json::from_slice(bytes)? };
        Ok(Self { object, indent: indent_of(bytes) })
    }

    /// Puts a login under a registry's key, in place of all spellings of it; none for one that a helper keeps.
    pub(super) fn put(&mut self, host: &str, login: Option<&Login>) -> Result<(), serde_json::Error> {
        let mut auths = self.auths()?;
        let place = auths.0.iter().position(|(key, _)| key::means(key, host)).unwrap_or(auths.0.len());
        let mut entry = match auths.0.get(place) {
            Some((_, value)) => object(value)?,
            None => Object::default(),
        };
        entry.0.retain(|(name, _)| !SECRETS.contains(&name.as_str()));
        let fields = match login {
            None => None,
            Some(Login::Password { user, password }) => {
                Some(("auth", STANDARD.encode(format!("{user}:{}", password.expose()))))
            }
            Some(Login::IdentityToken { token }) => Some(("identitytoken", token.expose().to_owned())),
        };
        if let Some((name, text)) = fields {
            entry.0.push((name.to_owned(), serde_json::value::to_raw_value(&text)?));
        }
        let entry = (key::of(host).to_owned(), entry.written(&self.indent, 2)?);
        auths.0.retain(|(key, _)| !key::means(key, host));
        auths.0.insert(place.min(auths.0.len()), entry);
        self.set_auths(&auths)
    }

    /// Takes all spellings of a registry's key out; tells whether there was one.
    pub(super) fn remove(&mut self, host: &str) -> Result<bool, serde_json::Error> {
        let mut auths = self.auths()?;
        let before = auths.0.len();
        auths.0.retain(|(key, _)| !key::means(key, host));
        let is_changed = auths.0.len() < before;
        if is_changed {
            self.set_auths(&auths)?;
        }
        Ok(is_changed)
    }

    /// The file's bytes.
    pub(super) fn written(&self) -> Result<Vec<u8>, serde_json::Error> {
        let text = self.object.written(&self.indent, 0)?;
        Ok(format!("{}\n", text.get()).into_bytes())
    }

    fn auths(&self) -> Result<Object, serde_json::Error> {
        match self.object.0.iter().find(|(key, _)| key == "auths") {
            Some((_, value)) => object(value),
            None => Ok(Object::default()),
        }
    }

    fn set_auths(&mut self, auths: &Object) -> Result<(), serde_json::Error> {
        let auths = auths.written(&self.indent, 1)?;
        match self.object.0.iter_mut().find(|(key, _)| key == "auths") {
            Some((_, value)) => *value = auths,
            None => self.object.0.push(("auths".to_owned(), auths)),
        }
        Ok(())
    }
}

/// Reads a value that is an object or null.
fn object(value: &RawValue) -> Result<Object, serde_json::Error> {
    Ok(serde_json::from_str::<Option<Object>>(value.get())?.unwrap_or_default())
}

impl Object {
    /// The object on lines of its own, so many levels deep.
    fn written(&self, indent: &str, depth: usize) -> Result<Box<RawValue>, serde_json::Error> {
        let mut text = String::from("{");
        for (at, (key, value)) in self.0.iter().enumerate() {
            let comma = if at > 0 { ",\n" } else { "\n" };
            let key = serde_json::to_string(key)?;
            text.extend([comma, &indent.repeat(depth + 1), &key, ": ", value.get()]);
        }
        if !self.0.is_empty() {
            text.extend(["\n", &indent.repeat(depth)]);
        }
        RawValue::from_string(text + "}")
    }
}

/// What the first line within the file's object is indented by; a tab, as Docker and Podman have it, if it has none.
fn indent_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let inside = text.trim_start().strip_prefix('{').unwrap_or_default();
    let blank = &inside[..inside.len() - inside.trim_start().len()];
    match blank.rsplit_once('\n') {
        Some((_, indent)) if !indent.is_empty() && indent.len() <= 16 => indent.to_owned(),
        _ => "\t".to_owned(),
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}
