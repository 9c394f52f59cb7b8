//! JSON as signatures have it: a tree in which a key may stand twice, so that each reader can refuse that or not.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value. Nesting is bounded by the parser (128 levels), size by whoever gives the bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool,
    /// A whole number that fits, or any other one.
    Number(Option<i64>),
    Text(String),
    List(Vec<Json>),
    /// In the order of the text, each key as often as it stands there.
    Object(Vec<(String, Json)>),
}

/// Why a text is not the message that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not JSON, or too deep.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// A field is of another type than it should be.
    #[error("`{0}` is not what it should be")]
    Field(&'static str),
    /// A field that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key stands twice, so that two readers may see two things.
    #[error("the key `{0}` stands there twice")]
    Twice(String),
    /// A key that nobody knows.
    #[error("the key `{0}` is unknown")]
    Unknown(String),
}

impl Json {
    /// Reads one value and nothing behind it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        serde_json::from_slice(bytes).map_err(|error| Malformed::Json(error.to_string()))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(all) => Some(all),
            _ => None,
        }
    }

    pub(super) fn object(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(all) => Some(all),
            _ => None,
        }
    }

    /// Fails where any object inside has a key twice.
    pub(super) fn unique(&self) -> Result<(), Malformed> {
        match self {
            Self::List(all) => all.iter().try_for_each(Self::unique),
            Self::Object(all) => {
                once_each(all)?;
                all.iter().try_for_each(|(_, value)| value.unique())
            }
            _ => Ok(()),
        }
    }

    /// Fails where any key inside is one of `names` in another letter case: to readers that do not care for that it is
    /// the same key, and the later one counts. What people write, in `annotations`, is not looked at.
    pub(super) fn spelt(&self, names: &[&str]) -> Result<(), Malformed> {
        let is_other = |key: &str| names.iter().any(|name| key != *name && folded(key).eq(folded(name)));
        match self {
            Self::List(all) => all.iter().try_for_each(|value| value.spelt(names)),
            Self::Object(all) => {
                all.iter().filter(|(key, _)| key != "annotations").try_for_each(|(key, value)| {
                    if is_other(key) { Err(Malformed::Unknown(shown(key))) } else { value.spelt(names) }
                })
            }
            _ => Ok(()),
        }
    }
}

/// A key as Go compares it: without regard to letter case, in which two letters beyond ASCII are ASCII's.
pub(super) fn folded(key: &str) -> impl Iterator<Item = char> {
    key.chars().map(|letter| match letter {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        letter => letter.to_ascii_lowercase(),
    })
}

fn once_each(fields: &[(String, Json)]) -> Result<(), Malformed> {
    let mut seen = std::collections::HashSet::new();
    match fields.iter().find(|(key, _)| !seen.insert(key)) {
        None => Ok(()),
        Some((key, _)) => Err(Malformed::Twice(shown(key))),
    }
}

/// A key as a message shows it.
fn shown(key: &str) -> String {
    key.chars().take(40).collect()
}

/// The fields of an object that is the JSON form of a protocol buffer message: each once and none unknown; `null` is
/// as good as nothing.
pub(super) struct Message<'a> {
    fields: Vec<(&'a str, &'a Json)>,
}

impl<'a> Message<'a> {
    pub(super) fn of(value: &'a Json, name: &'static str) -> Result<Self, Malformed> {
        let fields = value.object().ok_or(Malformed::Field(name))?;
        Ok(Self { fields: fields.iter().map(|(key, value)| (key.as_str(), value)).collect() })
    }

    /// Takes a field that goes by one of two names, its own in the message and that of its JSON form.
    pub(super) fn take(&mut self, names: [&str; 2]) -> Result<Option<&'a Json>, Malformed> {
        let Some(at) = self.fields.iter().position(|(key, _)| names.contains(key)) else { return Ok(None) };
        let (_, found) = self.fields.remove(at);
        if let Some((key, _)) = self.fields.iter().find(|(key, _)| names.contains(key)) {
            return Err(Malformed::Twice(shown(key)));
        }
        Ok(Some(found).filter(|found| **found != Json::Null))
    }

    /// Takes a message, which must be there.
    pub(super) fn take_message(&mut self, names: [&'static str; 2]) -> Result<Self, Malformed> {
        Message::of(self.take(names)?.ok_or(Malformed::Missing(names[0]))?, names[0])
    }

    /// Takes a text; where there is none it is empty.
    pub(super) fn take_text(&mut self, names: [&'static str; 2]) -> Result<&'a str, Malformed> {
        let found = self.take(names)?.map(|value| value.text().ok_or(Malformed::Field(names[0])));
        Ok(found.transpose()?.unwrap_or_default())
    }

    /// Takes a list; where there is none it is empty.
    pub(super) fn take_list(&mut self, names: [&'static str; 2]) -> Result<&'a [Json], Malformed> {
        let found = self.take(names)?.map(|value| value.list().ok_or(Malformed::Field(names[0])));
        Ok(found.transpose()?.unwrap_or_default())
    }

    /// Takes bytes, which are base64; where there are none they are `None`.
    pub(super) fn take_bytes(&mut self, names: [&'static str; 2]) -> Result<Option<Vec<u8>>, Malformed> {
        let Some(value) = self.take(names)? else { return Ok(None) };
        let decoded = value.text().and_then(super::base64_text::of_message);
        decoded.map(Some).ok_or(Malformed::Field(names[0]))
    }

    /// Fails where anything is left.
    pub(super) fn end(self) -> Result<(), Malformed> {
        match self.fields.first() {
            None => Ok(()),
            Some((key, _)) => Err(Malformed::Unknown(shown(key))),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = access.next_element()? {
            all.push(value);
        }
        Ok(Json::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(pair) = access.next_entry()? {
            all.push(pair);
        }
        Ok(Json::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_before_or_too_deep_is_refused() {
        assert!(Json::parse(b" {} \n").is_ok());
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        for bad in
            [&b"{}{}"[..], b"\xef\xbb\xbf{}", b"{,}", b"[1e999]", b"\"\\ud800\"", b"\"\xff\"", b"", &deep]
        {
            assert!(matches!(Json::parse(bad), Err(Malformed::Json(_))));
        }
    }

    #[test]
    fn a_message_has_each_field_once_under_one_of_its_names() {
        let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
        let tree = parse(r#"{"aB":"x","c":null,"d":["y"]}"#);
        let mut message = Message::of(&tree, "it").unwrap();
        assert_eq!(message.take_text(["aB", "a_b"]), Ok("x"));
        assert_eq!(message.take_text(["c", "c"]), Ok(""));
        assert_eq!(message.take_list(["d", "d"]).unwrap().len(), 1);
        assert!(message.end().is_ok());
        for (text, wrong) in [
            (r#"{"aB":"x","a_b":"x"}"#, Malformed::Twice("a_b".into())),
            (r#"{"aB":null,"aB":"x"}"#, Malformed::Twice("aB".into())),
            (r#"{"aB":5}"#, Malformed::Field("aB")),
            (r#"{"AB":"x"}"#, Malformed::Unknown("AB".into())),
        ] {
            let tree = parse(text);
            let mut message = Message::of(&tree, "it").unwrap();
            let read = message.take_text(["aB", "a_b"]).map(drop).and_then(|()| message.end());
            assert_eq!(read, Err(wrong), "{text}");
        }
        assert!(Message::of(&parse("[]"), "it").is_err(), "a list is no message");
    }

    #[test]
    fn a_key_in_another_letter_case_is_found_at_any_depth_but_not_in_annotations() {
        let spelt = |text: &str| Json::parse(text.as_bytes()).unwrap().spelt(&["mediaType", "size", "sig"]);
        assert_eq!(spelt(r#"{"a":[{"Size":1}]}"#), Err(Malformed::Unknown("Size".into())));
        assert_eq!(spelt(r#"{"mediatype":1}"#), Err(Malformed::Unknown("mediatype".into())));
        assert_eq!(spelt(r#"{"\u017fig":1}"#), Err(Malformed::Unknown("\u{17f}ig".into())));
        assert!(spelt(r#"{"mediaType":"SIZE","size":{"sizes":1},"annotations":{"Size":"1"}}"#).is_ok());
    }

    #[test]
    fn a_whole_number_is_one_that_fits_and_is_written_as_one() {
        for (text, number) in [
            ("7", Some(7)),
            ("-7", Some(-7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1.0", None),
            ("1e0", None),
        ] {
            assert_eq!(Json::parse(text.as_bytes()).unwrap(), Json::Number(number), "{text}");
        }
    }

    #[test]
    fn a_key_twice_is_found_at_any_depth() {
        let tree = Json::parse(br#"{"a":[{"b":{"c":1,"c":2}}]}"#).unwrap();
        assert_eq!(tree.unique(), Err(Malformed::Twice("c".into())));
        assert!(Json::parse(br#"{"a":{"a":[{"a":1}]}}"#).unwrap().unique().is_ok());
    }
}
