//! My private key is mine: made once, kept for me alone, and never shown.

use std::fs;

use base64::Engine as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use torte::signing::PrivateKey;

#[cfg(unix)]
use crate::support::{BANNER, Terminal};
use crate::support::{Registry, Sandbox};

/// A machine with a bundle, and with the keys `ours`, whose password stands in a variable.
fn with_key() -> Sandbox {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2");
    sandbox.run("keys generate --out ours").succeeds();
    sandbox.run("build app:v1").succeeds();
    sandbox
}

#[test]
fn keys_are_made_once_and_are_mine_alone() {
    let mut sandbox = Sandbox::new();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2");
    sandbox.run("keys generate").succeeds().prints("").says("torte.key").says("torte.pub").hides("hunter2");
    assert!(sandbox.read("torte.key").starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
    assert!(sandbox.read("torte.pub").starts_with("-----BEGIN PUBLIC KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(sandbox.path("torte.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let before = sandbox.read("torte.key");
    sandbox.run("keys generate").fails(7).says("torte.key exists already").says("--out");
    assert_eq!(sandbox.read("torte.key"), before);
    fs::remove_file(sandbox.path("torte.key")).unwrap();
    sandbox.run("keys generate").fails(7).says("torte.pub exists already");
    assert!(!sandbox.path("torte.key").exists(), "both or none");
}

#[test]
fn keys_have_a_name_in_a_directory_that_is_there() {
    let mut sandbox = Sandbox::new();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2");
    sandbox.run("keys generate --out keys/").fails(2).says("--out keys/torte");
    sandbox.run("keys generate --out .").fails(2).says("--out ./torte");
    sandbox.run("keys generate --out keys/release").fails(3).says("there is no directory keys").says("hint");
    sandbox.write("keys/note", "");
    sandbox.run("keys generate --out keys/release").succeeds().says("keys/release.pub");
    assert!(sandbox.path("keys/release.key").is_file());
}

#[test]
fn a_key_wants_a_password_said_or_said_to_be_none() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.run("keys generate").fails(2).says("TORTE_KEY_PASSWORD");
    sandbox.typing("secret\n").run("keys generate").fails(2).says("no terminal").hides("secret");
    assert!(!sandbox.path("torte.key").exists());
    sandbox.with("COSIGN_PASSWORD", "");
    sandbox.run("keys generate").succeeds().says("torte.key, without a password").hides("encrypted");
    sandbox.run("build app:v1").succeeds();
    sandbox.run("sign app:v1 --key torte.key").succeeds();
    sandbox.without("COSIGN_PASSWORD");
    sandbox.run("sign app:v1 --key torte.key").fails(2).says("there is no password for torte.key");
}

#[test]
fn of_two_variables_torte_s_own_has_the_password() {
    let mut sandbox = with_key();
    sandbox.with("COSIGN_PASSWORD", "another");
    sandbox.run("sign app:v1 --key ours.key").succeeds();
    sandbox.without("TORTE_KEY_PASSWORD").with("COSIGN_PASSWORD", "hunter2");
    sandbox.run("sign app:v1 --key ours.key").succeeds();
    sandbox.with("TORTE_KEY_PASSWORD", "another");
    sandbox.run("sign app:v1 --key ours.key").fails(1).says("password is wrong").hides("another");
}

#[test]
fn a_wrong_password_signs_nothing_and_is_not_shown() {
    let (mut sandbox, registry) = (with_key(), Registry::open());
    let to = registry.at("team/app");
    sandbox.run(&format!("push app:v1 {to}")).succeeds();
    sandbox.with("TORTE_KEY_PASSWORD", "wr0ng");
    registry.requests();
    for line in [
        format!("sign {to}:v1 --key ours.key -v"),
        format!("push app:v1 {to}:v9 --sign ours.key -v"),
        format!("build app:v9 --push {to} --sign ours.key -v"),
    ] {
        let refused = sandbox.run(&line).fails(1).says("cannot sign with ours.key").says("password is wrong");
        refused.says("TORTE_KEY_PASSWORD").hides("wr0ng");
    }
    assert_eq!(registry.requests(), Vec::<String>::new(), "it is known before anything is asked or sent");
    sandbox.run("resolve app:v9").fails(3);
}

#[test]
fn neither_password_nor_key_is_ever_shown() {
    let (sandbox, registry) = (with_key(), Registry::open());
    let to = registry.at("team/app");
    let key = sandbox.read("ours.key");
    let line = key.lines().nth(1).unwrap();
    let plain = PrivateKey::read(key.as_bytes(), Some(&torte::signing::Password::new("hunter2"))).unwrap();
    assert_eq!(plain.public().to_pem(), sandbox.read("ours.pub"));
    for run in [
        format!("push app:v1 {to} --sign ours.key -v --format json"),
        format!("sign {to}:v1 --key ours.key -v --signature-format both --format json"),
        "verify app:v1 --key ours.key -v".to_owned(),
        "verify app:v1 --key features.yml -v".to_owned(),
        "sign app:v1 --key features.yml -v".to_owned(),
        "sign app:v1 --key ours.pub".to_owned(),
    ] {
        sandbox.run(&run).hides("hunter2").hides(line).hides("namespace: web");
    }
}

#[test]
fn a_file_that_is_no_key_is_named_with_what_to_give_instead() {
    let sandbox = with_key();
    sandbox.write("folder/file", "");
    for (line, code, what, next) in [
        ("sign app:v1 --key ours.pub", 1, "a private one is needed", "`.key`"),
        ("sign app:v1 --key nobody.key", 3, "there is no file nobody.key", "torte keys generate"),
        ("sign app:v1 --key -", 3, "there is no file -", "standard input is not read"),
        ("sign app:v1 --key folder", 1, "`folder` is not a file", ""),
        ("sign app:v1 --key features.yml", 1, "-----BEGIN", ""),
        ("sign app:v1 --key folder/file", 1, "-----BEGIN", ""),
        ("verify app:v1 --key ours.key", 1, "a public one is needed", "`.pub`"),
        ("verify app:v1 --key nobody.pub", 3, "there is no file nobody.pub", "whoever signed"),
        ("pull example.com/app:v1 --verify-key ours.key", 1, "a public one is needed", "`.pub`"),
        ("copy app:v1 ocidir://x --verify-key folder", 1, "`folder` is not a file", ""),
    ] {
        let named = line.split(' ').next_back().unwrap();
        let aim = if line.starts_with("sign") { "cannot sign with" } else { "cannot verify with" };
        sandbox.run(line).fails(code).prints("").says(&format!("{aim} {named}")).says(what).says(next);
    }
}

#[test]
fn a_plain_key_of_another_tool_signs_too() {
    let sandbox = with_key();
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
    let content = base64::prelude::BASE64_STANDARD.encode(pair.as_ref());
    let label = "PRIVATE KEY";
    let file = format!("-----BEGIN {label}-----\n{content}\n-----END {label}-----\n");
    let public = PrivateKey::read(file.as_bytes(), None).unwrap().public().to_pem();
    sandbox.write("plain.key", file).write("plain.pub", public);
    sandbox.run("sign app:v1 --key plain.key").succeeds();
    sandbox.run("verify app:v1 --key plain.pub").succeeds();
    sandbox.run("verify app:v1 --key ours.pub").fails(5).says("another key");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_told_of_once() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (sandbox, registry) = (with_key(), Registry::open());
    let set = |mode| {
        fs::set_permissions(sandbox.path("ours.key"), fs::Permissions::from_mode(mode)).unwrap();
    };
    let note = "note: ours.key is open to others than its owner; `chmod 600 ours.key` keeps it to you\n";
    sandbox.run("sign app:v1 --key ours.key").succeeds().hides("chmod");
    for mode in [0o640, 0o604, 0o620] {
        set(mode);
        sandbox.run("sign app:v1 --key ours.key").succeeds().says(note);
    }
    let to = registry.at("team/app");
    sandbox.run(&format!("push app:v1 {to} --sign ours.key")).succeeds().says(note);
    let other = BANNER.replace("web", "app");
    sandbox.write("envs/a/features.yml", BANNER).write("envs/b/features.yml", other);
    let each = sandbox.run(&format!("build app --each envs/* --push {to} --sign ours.key")).succeeds();
    assert_eq!(each.stderr.matches(note).count(), 1, "{}", each.stderr);
    sandbox.run("sign app:v1 --key ours.key -q").succeeds().hides("chmod");
    symlink("ours.key", sandbox.path("link.key")).unwrap();
    sandbox.run("sign app:v1 --key link.key").succeeds().says("link.key is open");
    set(0o400);
    sandbox.run("sign app:v1 --key link.key").succeeds().hides("chmod");
}

#[cfg(unix)]
#[test]
fn a_password_is_typed_twice_for_a_new_key_and_once_to_sign() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let make = |first: &str, second: Option<&str>, code: i32, word: &str| {
        let mut terminal = Terminal::run(&sandbox, "keys generate");
        terminal.answer("Password of the new key", true, first);
        if let Some(second) = second {
            terminal.answer("The same again", true, second);
        }
        assert_eq!(terminal.end().code(), Some(code), "{}", terminal.seen());
        terminal.until(word, |it| it.seen().contains(word));
        assert!(!terminal.seen().contains("hunter") && !terminal.is_silent(), "{}", terminal.seen());
    };
    make("hunter2\n", Some("hunter3\n"), 2, "the two passwords differ");
    make("\n", None, 2, "set `TORTE_KEY_PASSWORD`");
    assert!(!sandbox.path("torte.key").exists());
    make("hunter2\n", Some("hunter2\n"), 0, "wrote torte.key");
    for (typed, code) in [("hunter3\n", 1), ("hunter2\n", 0)] {
        let mut terminal = Terminal::run(&sandbox, "sign app:v1 --key torte.key");
        terminal.answer("Password of torte.key", true, typed);
        assert_eq!(terminal.end().code(), Some(code), "{}", terminal.seen());
    }
    sandbox.run("verify app:v1 --key torte.pub").succeeds();
}
