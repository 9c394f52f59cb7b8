//! Credentials out of files and helpers, with a password that must never be seen.

use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::helper::Helper;
use super::*;

#[cfg(unix)]
mod helpers;
mod keeping;

const CANARY: &str = "hunter2-canary";

fn found(path: &Path, host: &str, name: &str) -> Result<Option<Login>, CredentialsError> {
    let credentials = Credentials { files: vec![path.to_owned()], ..Credentials::default() };
    credentials.find(&host.parse().unwrap(), &name.parse().unwrap())
}

fn user(login: Option<Login>) -> String {
    match login {
        Some(Login::Password { user, password }) => format!("{user}:{}", password.expose()),
        Some(Login::IdentityToken { token }) => format!("<token>:{}", token.expose()),
        None => "nobody".to_owned(),
    }
}

fn look_up(json: &str, host: &str, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, json).unwrap();
    user(found(&path, host, name).unwrap())
}

fn failure(json: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, json).unwrap();
    let error = found(&path, "r.example.com", "app").map(user).unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains(CANARY), "{text}");
    text
}

fn auth(text: &str) -> String {
    format!(r#"{{"auth":"{}"}}"#, STANDARD.encode(text))
}

#[test]
fn every_form_of_an_entry_is_read() {
    let pair = auth("bob:a:b\0\0");
    for (entry, expected) in [
        (pair.as_str(), "bob:a:b"),
        (r#"{"username":"bob","password":"pw"}"#, "bob:pw"),
        (r#"{"username":"bob","password":"pw","identitytoken":""}"#, "bob:pw"),
        (r#"{"auth":"","identitytoken":"tok"}"#, "<token>:tok"),
        (r#"{"auth":null,"email":"x"}"#, "nobody"),
        ("{}", "nobody"),
    ] {
        let json = format!(r#"{{"auths":{{"r.example.com":{entry}}},"other":1}}"#);
        assert_eq!(look_up(&json, "r.example.com", "app"), expected, "{entry}");
    }
    for empty in ["", "{}", r#"{"auths":null,"credsStore":null}"#] {
        assert_eq!(look_up(empty, "r.example.com", "app"), "nobody");
    }
}

#[test]
fn the_key_is_the_registry_or_the_longest_part_of_a_name() {
    let json = format!(
        r#"{{"auths":{{"r.example.com":{},"r.example.com/org":{},"r.example.com/org/app":{},
            "https://old.example.com/v1/":{},"other.example.com:5000":{}}}}}"#,
        auth("host:1"),
        auth("org:1"),
        auth("app:1"),
        auth("old:1"),
        auth("port:1")
    );
    for (host, name, expected) in [
        ("r.example.com", "x", "host:1"),
        ("r.example.com", "organic/app", "host:1"),
        ("r.example.com", "org/x", "org:1"),
        ("r.example.com", "org/app", "app:1"),
        ("r.example.com", "org/app/deep", "app:1"),
        ("r.example.com:5000", "x", "nobody"),
        ("old.example.com", "x", "old:1"),
        ("other.example.com:5000", "x", "port:1"),
        ("evil-r.example.com", "x", "nobody"),
    ] {
        assert_eq!(look_up(&json, host, name), expected, "{host}/{name}");
    }
}

#[test]
fn docker_hub_has_one_entry_for_all_its_names() {
    let json = format!(r#"{{"auths":{{"https://index.docker.io/v1/":{}}}}}"#, auth("hub:1"));
    for host in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
        assert_eq!(look_up(&json, host, "library/app"), "hub:1");
    }
    assert_eq!(look_up(&json, "ghcr.io", "app"), "nobody");
}

#[test]
fn a_malformed_file_is_named_with_its_place_and_none_of_its_content() {
    let text = failure(&format!("{{\"auths\":\n  {{\"r.example.com\": \"{CANARY}\"}}}}"));
    assert!(text.contains("config.json:2:"), "{text}");
    assert!(failure(&format!("{{\"auths\": {{\"{CANARY}")).contains("config.json:1:"));
    let text = failure(r#"{"auths":{"r.example.com":{"auth":"hunter2-canary"}}}"#);
    assert!(text.contains("`auth` is not base64"), "{text}");
    let no_colon = format!(r#"{{"auths":{{"r.example.com":{}}}}}"#, auth(CANARY));
    assert!(failure(&no_colon).contains("not `user:password`"));
}

#[test]
fn files_are_looked_at_in_order_and_only_a_named_one_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, user: &str| {
        fs::write(path(name), format!(r#"{{"auths":{{"r.example.com":{}}}}}"#, auth(user))).unwrap();
    };
    write("first", "first:1");
    write("second", "second:1");
    fs::write(path("empty"), "{}").unwrap();
    let find = |credentials: &Credentials| {
        credentials.find(&"r.example.com".parse().unwrap(), &"app".parse().unwrap()).map(user)
    };
    let mut credentials = Credentials {
        files: vec![path("absent"), path("empty"), path("first"), path("second")],
        ..Credentials::default()
    };
    assert_eq!(find(&credentials).unwrap(), "first:1");
    credentials.named_file = Some(path("second"));
    assert_eq!(find(&credentials).unwrap(), "second:1");
    credentials.named_file = Some(path("absent"));
    assert!(matches!(find(&credentials), Err(CredentialsError::File { .. })));
    credentials.given = Some(Login::Password { user: "me".into(), password: Secret::new("1") }.into());
    assert_eq!(find(&credentials).unwrap(), "me:1");
}

#[test]
fn a_helper_comes_before_entries_and_its_failure_is_final() {
    let json = format!(
        r#"{{"credHelpers":{{"r.example.com":"torte-no-such-helper"}},"auths":{{"r.example.com":{}}}}}"#,
        auth("bob:1")
    );
    let text = failure(&json);
    assert!(text.contains("docker-credential-torte-no-such-helper"), "{text}");
    assert!(failure(r#"{"credsStore":"../../bin/sh"}"#).contains("is not run"));
    assert!(failure(r#"{"credsStore":"torte-no-such-helper"}"#).contains("cannot be run"));
    // The helper for all comes before entries too, as Docker has it.
    let json =
        format!(r#"{{"credsStore":"torte-no-such-helper","auths":{{"r.example.com":{}}}}}"#, auth("b:1"));
    assert!(failure(&json).contains("cannot be run"));
    // A registry whose helper is none is kept in the file.
    let json = format!(
        r#"{{"credsStore":"torte-no-such-helper","credHelpers":{{"r.example.com":""}},"auths":{{"r.example.com":{}}}}}"#,
        auth("b:1")
    );
    assert_eq!(look_up(&json, "r.example.com", "app"), "b:1");
}

/// A helper that is lines of shell, to which the verb is `$1`.
#[cfg(unix)]
fn by_shell(script: &str, longest: u64) -> Helper {
    let words = ["sh", "-c", script, "docker-credential-x"];
    Helper::of_command(&words, "docker-credential-x", Duration::from_millis(longest))
}

/// Asks a helper that is a line of shell.
#[cfg(unix)]
fn helper(script: &str, longest: u64) -> Result<String, String> {
    by_shell(script, longest).get("r.example.com").map(user).map_err(|error| error.to_string())
}

#[cfg(unix)]
#[test]
fn a_helper_answers_with_a_password_a_token_or_nothing() {
    let echo = r#"read -r server; printf '{"ServerURL":"https://r.example.com/v1/","Username":"%s","Secret":"pw"}' "$server""#;
    assert_eq!(helper(echo, 5000).unwrap(), "r.example.com:pw");
    let token = r#"printf '{"Username":"<token>","Secret":"tok"}'"#;
    assert_eq!(helper(token, 5000).unwrap(), "<token>:tok");
    let none = "echo 'credentials not found in native keychain'; exit 1";
    assert_eq!(helper(none, 5000).unwrap(), "nobody");
}

#[cfg(unix)]
#[test]
fn a_helper_that_fails_hangs_or_talks_nonsense_is_named() {
    let cases = [
        (format!("echo {CANARY}; exit 1"), 5000, "failed (exit status: 1)"),
        (format!("echo {CANARY}"), 5000, "did not answer with"),
        ("sleep 9 & exec sleep 9".to_owned(), 50, "did not answer within"),
        ("exec head -c 10000000 /dev/zero".to_owned(), 5000, "more than 65536 bytes"),
        (
            format!(r#"printf '{{"ServerURL":"evil.example.com","Username":"{CANARY}","Secret":"x"}}'"#),
            5000,
            "another registry",
        ),
    ];
    for (script, longest, expected) in cases {
        let text = helper(&script, longest).unwrap_err();
        assert!(text.contains(expected) && text.contains("`docker-credential-x`"), "{text}");
        assert!(!text.contains(CANARY), "{text}");
    }
}
