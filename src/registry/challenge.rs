//! Reads `WWW-Authenticate`: how a registry wants to be convinced (RFC 9110 §11.6.1).

/// How a registry wants to be convinced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// User name and password.
    Basic,
    /// A token that the realm hands out.
    Bearer {
        /// Where tokens are handed out.
        realm: String,
        /// The name under which the token server knows the registry.
        service: Option<String>,
    },
}

/// Why there is no challenge that can be met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ChallengeError {
    #[error("it does not say which credentials it wants")]
    Absent,
    #[error("its `WWW-Authenticate` header is malformed")]
    Malformed,
    #[error("it wants `{0}`, which torte does not speak; expected `Basic` or `Bearer`")]
    Unknown(String),
}

/// The most parameters of one challenge. They are looked through for each further one, to find one that is there twice.
const MOST_PARAMETERS: usize = 32;

/// One challenge as it was written, names in lower case.
#[derive(Debug, Default)]
struct Raw {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Raw {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The strongest challenge of all headers: Bearer before Basic.
pub(super) fn choose<'a>(headers: impl Iterator<Item = &'a str>) -> Result<Challenge, ChallengeError> {
    let mut all = Vec::new();
    for header in headers {
        all.extend(parse(header).ok_or(ChallengeError::Malformed)?);
    }
    let bearer = all.iter().find(|raw| raw.scheme == "bearer" && raw.parameter("realm").is_some());
    if let Some(raw) = bearer {
        let realm = raw.parameter("realm").unwrap_or_default().to_owned();
        return Ok(Challenge::Bearer { realm, service: raw.parameter("service").map(str::to_owned) });
    }
    if all.iter().any(|raw| raw.scheme == "basic") {
        return Ok(Challenge::Basic);
    }
    match all.first() {
        None => Err(ChallengeError::Absent),
        Some(raw) if raw.scheme == "bearer" => Err(ChallengeError::Malformed),
        Some(raw) => Err(ChallengeError::Unknown(raw.scheme.chars().take(40).collect())),
    }
}

/// All challenges of one header; `None` if it is malformed.
fn parse(header: &str) -> Option<Vec<Raw>> {
    let mut all: Vec<Raw> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(all);
        }
        let (word, after) = word(rest)?;
        if let Some(value) = after.trim_start().strip_prefix('=') {
            let challenge = all.last_mut()?;
            let (value, after) = parameter_value(value)?;
            let name = word.to_ascii_lowercase();
            if challenge.parameters.len() == MOST_PARAMETERS || challenge.parameter(&name).is_some() {
                return None;
            }
            challenge.parameters.push((name, value));
            rest = after;
        } else {
            all.push(Raw { scheme: word.to_ascii_lowercase(), parameters: Vec::new() });
            rest = skip_token68(after);
        }
    }
}

/// A token (RFC 9110 §5.6.2), and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    let end = text.find(|letter| !is_token(letter)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The value of a parameter: quoted, or, though addresses would have to be, not quoted.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        return (!value.contains('"')).then(|| (value.to_owned(), after));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            _ => value.push(letter),
        }
    }
    None
}

/// Skips the credentials that some schemes put in place of parameters (`Negotiate YII=`).
fn skip_token68(text: &str) -> &str {
    let start = text.trim_start();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-._~+/".contains(letter);
    let after = start.trim_start_matches(is_letter);
    let end = after.trim_start_matches('=');
    let is_whole = end.is_empty() || end.starts_with(',');
    // `realm=` of an empty parameter looks the same, and is as well forgotten.
    if is_whole && end.len() < start.len() { end } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose_one(header: &str) -> Result<Challenge, ChallengeError> {
        choose(std::iter::once(header))
    }

    fn bearer(realm: &str, service: Option<&str>) -> Challenge {
        Challenge::Bearer { realm: realm.into(), service: service.map(str::to_owned) }
    }

    #[test]
    fn challenges_are_read_in_every_odd_shape() {
        let both = r#"Basic realm="a, b", Bearer realm="https://t/token",service="s""#;
        assert_eq!(choose_one(both), Ok(bearer("https://t/token", Some("s"))));
        assert_eq!(choose_one(r#"bEaReR  Realm = "https://t" "#), Ok(bearer("https://t", None)));
        assert_eq!(choose_one(r#"Bearer realm="https://t/\"x\"""#), Ok(bearer(r#"https://t/"x""#, None)));
        assert_eq!(
            choose_one("Bearer realm=https://t/token,service=s"),
            Ok(bearer("https://t/token", Some("s")))
        );
        assert_eq!(choose_one(r#"Negotiate YIIabc==, Basic realm="x""#), Ok(Challenge::Basic));
        assert_eq!(choose_one(r#"Negotiate, , Basic realm="x""#), Ok(Challenge::Basic));
        assert_eq!(choose_one("Basic"), Ok(Challenge::Basic));
        let two = [r#"Basic realm="x""#, r#"Bearer realm="https://t""#];
        assert_eq!(choose(two.into_iter()), Ok(bearer("https://t", None)));
    }

    proptest::proptest! {
        #[test]
        fn no_header_breaks_the_reader(header in "(Bearer|Basic|realm|[=,\" \\\\]|\\PC){0,12}") {
            let _ = choose_one(&header);
        }

        #[test]
        fn what_is_quoted_comes_out_as_it_went_in(realm in "\\PC{0,40}") {
            let quoted = realm.replace('\\', "\\\\").replace('"', "\\\"");
            let header = format!("Bearer realm=\"{quoted}\"");
            proptest::prop_assert_eq!(choose_one(&header), Ok(bearer(&realm, None)));
        }
    }

    #[test]
    fn a_malformed_header_is_refused() {
        for header in [
            r#"Bearer realm="https://t"#,
            r#"Bearer realm="a",realm="b""#,
            r#"realm="https://t""#,
            "Bearer realm=\"a\\",
            r#"Bearer realm=a"b"#,
            "\u{1}",
            r#"Bearer error="invalid_token""#,
        ] {
            assert_eq!(choose_one(header), Err(ChallengeError::Malformed), "{header}");
        }
        let many = |count: u32| {
            let further: Vec<_> = (1..count).map(|at| format!("a{at}=")).collect();
            format!("Bearer realm=\"r\",{}", further.join(","))
        };
        assert_eq!(choose_one(&many(32)), Ok(bearer("r", None)));
        assert_eq!(choose_one(&many(33)), Err(ChallengeError::Malformed));
        assert_eq!(choose_one(""), Err(ChallengeError::Absent));
        assert_eq!(choose_one(r#"Digest realm="x""#), Err(ChallengeError::Unknown("digest".into())));
    }
}
