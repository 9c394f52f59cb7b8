//! What helpers are given to keep and to forget, and helpers that do something else.

use super::*;

/// A helper that keeps one login in a file, as a keychain does.
const GOOD: &str = r#"
case $1 in
store) cat >"$KEPT" ;;
get) cat >"$KEPT.asked"; cat "$KEPT" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
erase) cat >"$KEPT.erased"; rm "$KEPT" ;;
esac"#;

fn password(text: &str) -> Login {
    Login::Password { user: "bob".into(), password: Secret::new(text) }
}

/// The good helper, with lines before it, and the file in which it keeps a login.
fn keeping(folder: &tempfile::TempDir, before: &str) -> (Helper, std::path::PathBuf) {
    let kept = folder.path().join("kept");
    (by_shell(&format!("KEPT='{}'\n{before}\n{GOOD}", kept.display()), 5000), kept)
}

#[test]
fn a_login_goes_in_as_json_and_the_server_alone_is_named_to_forget_it() {
    let folder = tempfile::tempdir().unwrap();
    let (helper, kept) = keeping(&folder, "");
    for (login, name, secret) in [
        (password("a\"b\\ü"), "bob", "a\"b\\ü"),
        (Login::IdentityToken { token: Secret::new("tok") }, "<token>", "tok"),
    ] {
        helper.store("https://index.docker.io/v1/", &login).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&fs::read(&kept).unwrap()).unwrap();
        let expected = serde_json::json!({"ServerURL": "https://index.docker.io/v1/", "Username": name, "Secret": secret});
        assert_eq!(json, expected);
        assert!(helper.erase("https://index.docker.io/v1/").unwrap());
        let erased = fs::read_to_string(folder.path().join("kept.erased")).unwrap();
        assert_eq!(erased, "https://index.docker.io/v1/");
        assert!(!helper.erase("https://index.docker.io/v1/").unwrap(), "nothing is left");
    }
}

#[test]
fn a_secret_that_fills_the_pipe_hangs_nobody() {
    let long = "x".repeat(60 * 1024);
    let folder = tempfile::tempdir().unwrap();
    keeping(&folder, "").0.store("r.example.com", &password(&long)).unwrap();
    let deaf = by_shell("sleep 9 & exec sleep 9", 100);
    let text = deaf.store("r.example.com", &password(&"x".repeat(1 << 20))).unwrap_err().to_string();
    assert!(text.contains("did not answer within 100ms"), "{text}");
}

#[test]
fn a_helper_that_says_it_keeps_a_login_is_held_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let other = r#"[ "$1" = get ] && { echo '{"Username":"AWS","Secret":"other"}'; exit 0; }"#;
    let cases = [
        (r#"[ "$1" = store ] && exit 0"#, "and has none"),
        (other, "answers with others"),
        (r#"[ "$1" = store ] && { cat; exit 1; }"#, "failed to store credentials (exit status: 1)"),
        (r#"[ "$1" = store ] && { echo "not implemented"; exit 1; }"#, "makes its own"),
        ("exec head -c 10000000 /dev/zero", "more than 65536 bytes"),
        (r#"[ "$1" = get ] && { echo nonsense; exit 0; }"#, "did not answer with `Username`"),
    ];
    for (before, expected) in cases {
        let (helper, _) = keeping(&folder, before);
        let text = helper.store("r.example.com", &password(CANARY)).unwrap_err().to_string();
        assert!(text.contains(expected) && text.contains("`docker-credential-x`"), "{text}");
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[test]
fn a_helper_that_says_it_forgot_is_held_to_it() {
    let folder = tempfile::tempdir().unwrap();
    keeping(&folder, "").0.store("r.example.com", &password(CANARY)).unwrap();
    for (before, expected) in [
        (r#"[ "$1" = erase ] && exit 0"#, "still gives some"),
        (r#"[ "$1" = erase ] && exit 2"#, "failed to erase credentials (exit status: 2)"),
        (r#"[ "$1" = get ] && exit 2"#, "failed (exit status: 2)"),
    ] {
        let text = keeping(&folder, before).0.erase("r.example.com").unwrap_err().to_string();
        assert!(text.contains(expected) && !text.contains(CANARY), "{text}");
    }
    let words =
        r#"[ "$1" = erase ] && { rm "$KEPT"; echo "credentials not found in native keychain"; exit 1; }"#;
    assert!(keeping(&folder, words).0.erase("r.example.com").unwrap());
}

#[test]
fn nothing_is_left_of_a_helper_that_takes_too_long_or_says_too_much() {
    let folder = tempfile::tempdir().unwrap();
    for (name, then) in [("slow", "wait"), ("chatty", "exec head -c 10000000 /dev/zero")] {
        let pid = folder.path().join(name);
        let script = format!("sleep 600 >/dev/null & echo $! > '{}'; {then}", pid.display());
        assert!(by_shell(&script, 2000).get("r.example.com").is_err(), "{name}");
        let child = fs::read_to_string(pid).unwrap();
        // Whoever adopts it may take a moment to notice its end.
        let begun = std::time::Instant::now();
        while is_alive(child.trim()) {
            assert!(begun.elapsed() < Duration::from_secs(20), "{name}: {child} lives on");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whether a process is there and has not ended; one that has may wait to be noticed.
fn is_alive(pid: &str) -> bool {
    let ps = std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let state = String::from_utf8_lossy(&ps.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}
