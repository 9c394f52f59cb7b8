//! Files that logins go into: what of them stays as it was, and who may read them.

use std::sync::Barrier;

use super::*;

fn password(text: &str) -> Login {
    Login::Password { user: "bob".into(), password: Secret::new(text) }
}

fn host(text: &str) -> Host {
    text.parse().unwrap()
}

/// Opens the store of a file, and puts a login of bob's into it.
fn save(path: &Path, registry: &str) -> Result<Kept, CredentialsError> {
    CredentialStore::open(path, Duration::from_secs(5))?.save(&host(registry), &password("pw"))
}

fn forget(path: &Path, registry: &str) -> Forgotten {
    CredentialStore::open(path, Duration::from_secs(5)).unwrap().forget(&host(registry)).unwrap()
}

/// What becomes of a file when bob logs in to a registry.
fn saved(json: &str, registry: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, json).unwrap();
    save(&path, registry).unwrap();
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_new_file_has_the_form_of_dockers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/config.json");
    save(&path, "r.example.com").unwrap();
    // `bob:pw` in base64.
    let expected =
        "{\n\t\"auths\": {\n\t\t\"r.example.com\": {\n\t\t\t\"auth\": \"Ym9iOnB3\"\n\t\t}\n\t}\n}\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(saved("", "r.example.com"), expected);
    assert_eq!(saved("{}", "r.example.com"), expected);
    assert_eq!(saved(r#"{"auths":null}"#, "r.example.com"), expected);
}

/// Unknown keys, odd numbers, escapes, a key that stands twice, and indentation of its owner's taste.
const OWN: &str = r#"{
  "zeta": {"b": [1,2,   3], "a": "\u00e4"},
  "big": 123456789012345678901234567890,
  "exact": 1.10e2,
  "auths": {
    "other.example.com": {"auth": "eDp5", "email": "x@example.com"},
    "r.example.com": {
      "email": "me@example.com",
      "auth": "b2xkOm9sZA=="
    },
    "last.example.com": {}
  },
  "twice": 1,
  "twice": 2,
  "HttpHeaders": {"X-Meta": "1"}
}
"#;

#[test]
fn all_that_is_not_the_login_keeps_its_bytes_and_its_order() {
    let expected = OWN.replace(
        "\"email\": \"me@example.com\",\n      \"auth\": \"b2xkOm9sZA==\"",
        "\"email\": \"me@example.com\",\n      \"auth\": \"Ym9iOnB3\"",
    );
    assert_eq!(saved(OWN, "r.example.com"), expected);
    let before = r#""last.example.com": {}"#;
    let added = "\"last.example.com\": {},\n    \"new.example.com\": {\n      \"auth\": \"Ym9iOnB3\"\n    }";
    assert_eq!(saved(OWN, "new.example.com"), OWN.replace(before, added));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, OWN).unwrap();
    assert!(forget(&path, "r.example.com").existed);
    let (start, rest) = OWN.split_once("    \"r.example.com\"").unwrap();
    let end = rest.split_once("    },\n").unwrap().1;
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{start}{end}"));
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    assert!(!forget(&path, "r.example.com").existed);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified, "it is not written for nothing");
}

#[test]
fn a_registry_has_one_key_and_docker_hub_dockers() {
    for old in ["docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"] {
        let json = format!(r#"{{"auths":{{"{old}":{},"docker.io/team":{}}}}}"#, auth("old:1"), auth("t:1"));
        let text = saved(&json, "docker.io");
        let keys = serde_json::from_str::<serde_json::Value>(&text).unwrap();
        let keys: Vec<_> = keys["auths"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["https://index.docker.io/v1/", "docker.io/team"], "{text}");
        assert_eq!(look_up(&text, "docker.io", "library/app"), "bob:pw");
    }
    let json = format!(r#"{{"auths":{{"https://r.example.com/v1/":{}}}}}"#, auth("old:1"));
    assert_eq!(look_up(&saved(&json, "r.example.com"), "r.example.com", "app"), "bob:pw");
}

#[test]
fn what_is_for_a_part_of_a_registry_stays_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.json");
    fs::write(&path, format!(r#"{{"auths":{{"r.example.com/org":{}}}}}"#, auth("org:1"))).unwrap();
    let forgotten = forget(&path, "r.example.com");
    assert_eq!((forgotten.existed, forgotten.parts), (false, vec!["r.example.com/org".to_owned()]));
}

#[test]
fn a_file_that_is_not_understood_is_named_and_left_alone() {
    for (json, place) in [
        ("{\n  \"auths\": {]", "config.json:2:13:"),
        ("[]", "config.json:1:"),
        ("{\"auths\":\n [1]}", "config.json:2:"),
        ("{} x", "config.json:1:4:"),
        ("{\"auths\":{},\"auths\":{}}", "config.json:1:"),
        ("{\"a\": 1}\u{0}", "config.json:1:"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, json).unwrap();
        let text = save(&path, "r.example.com").unwrap_err().to_string();
        assert!(text.contains(place), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), json);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing lies beside it");
    }
}

#[test]
fn logins_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, r#"{"detachKeys":"ctrl-q"}"#).unwrap();
    let (all, each) = (8, 5);
    let start = Barrier::new(all);
    std::thread::scope(|scope| {
        for one in 0..all {
            let (path, start) = (&path, &start);
            scope.spawn(move || {
                start.wait();
                for number in 0..each {
                    save(path, &format!("r{number}.host{one}.example.com")).unwrap();
                }
            });
        }
    });
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(json["auths"].as_object().unwrap().len(), all * each);
    assert_eq!(json["detachKeys"], "ctrl-q");
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone_and_a_link_to_it_stays() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("dots/docker")).unwrap();
    symlink("dots/docker/config.json", path("config.json")).unwrap();
    for content in [None, Some(OWN)] {
        if let Some(content) = content {
            fs::write(path("dots/docker/config.json"), content).unwrap();
            let open = fs::Permissions::from_mode(0o664);
            fs::set_permissions(path("dots/docker/config.json"), open).unwrap();
        }
        let kept = save(&path("config.json"), "r.example.com").unwrap();
        assert_eq!(kept, Kept { file: path("dots/docker/config.json"), helper: None });
        let mode = fs::metadata(&kept.file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(fs::symlink_metadata(path("config.json")).unwrap().is_symlink());
        assert_eq!(user(found(&path("config.json"), "r.example.com", "app").unwrap()), "bob:pw");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_where_anybody_could_swap_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let error = save(&open.join("new/config.json"), "r.example.com").unwrap_err();
    assert!(error.to_string().contains("writable by everybody"), "{error}");
    assert!(error.at("r.example.com").hint.unwrap().contains("chmod o-w"));
    assert_eq!(fs::read_dir(&open).unwrap().count(), 0);
}

#[test]
fn a_helper_keeps_the_secret_in_place_of_the_file_or_the_login_fails() {
    for json in [r#"{"credsStore":"torte-none"}"#, r#"{"credHelpers":{"r.example.com":"torte-none"}}"#] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        fs::write(&path, json).unwrap();
        let text = save(&path, "r.example.com").unwrap_err().to_string();
        assert!(text.contains("`docker-credential-torte-none` cannot be run"), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), json);
    }
    // The helper of another registry, and one that was taken away from this, have no part in it.
    let json =
        r#"{"credHelpers":{"other.example.com":"torte-none","r.example.com":""},"credsStore":"torte-none"}"#;
    assert_eq!(look_up(&saved(json, "r.example.com"), "r.example.com", "app"), "bob:pw");
}

proptest::proptest! {
    #[test]
    fn no_file_breaks_the_writer_and_a_written_one_is_read_back(
        text in "(\\{|\\}|\"auths\"|\"r\\.example\\.com\"|:|,|\\[|\\]|null|1|\"a\"|[ \\n\\t]|\\PC){0,24}"
    ) {
        if let Ok(mut document) = document::Document::parse(text.as_bytes())
            && document.put("r.example.com", Some(&password("pw"))).is_ok()
        {
            let bytes = document.written().unwrap();
            let again = file::File::parse(Path::new("x"), &bytes);
            if let Ok(again) = again {
                let login = again.find("r.example.com", "app", None).unwrap();
                proptest::prop_assert_eq!(user(login), "bob:pw");
            }
        }
    }
}
