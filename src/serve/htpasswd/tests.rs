//! Files of users: what `htpasswd -B` and others write is read, everything else is refused by its line.

use std::fs;

use super::*;

/// Written by Apache's `htpasswd -nbB`.
const BOB: &str = "bob:$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu";
/// The same password by Python's bcrypt.
const PYTHON: &str = "py:$2b$04$DzRlAC/EKC06XUu1RZYgFeP8YDlu7Y6uF/G5kco931jAzadf/dGBy";
/// A test vector of `crypt_blowfish`, whose password is `U*U`.
const VECTOR: &str = "old:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("users");
    fs::write(&path, text).unwrap();
    (dir, path)
}

#[test]
fn hashes_of_other_tools_are_understood() {
    let (_dir, path) = file(&format!("# who may\n\n{BOB}\r\n  {PYTHON}\n{VECTOR}\n"));
    let users = Users::read(&path).unwrap();
    for (user, password) in [("bob", "pässword:x"), ("py", "pässword:x"), ("old", "U*U")] {
        assert!(users.has(user, password), "{user}");
        for wrong in ["", "password:x", "pässword:", "pässword:xx", "u*u"] {
            assert!(!users.has(user, wrong), "{user} {wrong}");
        }
    }
    for nobody in ["", "Bob", "# who may", "eve"] {
        assert!(!users.has(nobody, "pässword:x") && !users.has(nobody, "U*U"), "{nobody}");
    }
}

#[test]
fn of_two_lines_of_one_user_the_last_counts() {
    let (_dir, path) = file(&format!("{BOB}\n{}\n", VECTOR.replace("old:", "bob:")));
    let users = Users::read(&path).unwrap();
    assert!(users.has("bob", "U*U") && !users.has("bob", "pässword:x"));
}

#[test]
fn a_line_that_is_no_user_is_named() {
    for (line, why) in [
        ("bob", "expected `user:`"),
        (":$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu", "a user's name is empty"),
        ("b b:$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu", "blanks"),
        ("bob:plain", "found none that is known"),
        ("bob:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=", "found one of SHA-1"),
        ("bob:$apr1$salt$Xxd1irWT9ycqoYxGFn4cb.", "found one of MD5"),
        (
            "bob:$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6",
            "found one of SHA-2",
        ),
        ("bob:$2y$05$short", "found one that is not whole"),
        ("bob:$2y$15$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu", "above 14"),
        ("bob:$2y$99$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu", "above 14"),
    ] {
        let (_dir, path) = file(&format!("{BOB}\n{line}\n"));
        let error = Users::read(&path).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains(why), "{line}: {error}");
        assert!(!error.contains(line.rsplit(':').next().unwrap()), "hashes are not shown: {error}");
    }
    let (dir, path) = file("# nobody\n");
    assert!(matches!(Users::read(&path), Err(UsersError::Nobody(_))));
    assert!(matches!(Users::read(&dir.path().join("none")), Err(UsersError::Absent(_))));
    assert!(matches!(Users::read(dir.path()), Err(UsersError::Read(_))));
}

#[test]
fn a_changed_file_counts_and_a_spoilt_one_does_not() {
    let (_dir, path) = file(BOB);
    let users = Users::read(&path).unwrap();
    assert!(!users.is_due() && !users.refresh().unwrap());
    fs::write(&path, VECTOR).unwrap();
    assert!(users.refresh().unwrap());
    assert!(users.has("old", "U*U") && !users.has("bob", "pässword:x"));
    fs::write(&path, "half a li").unwrap();
    assert!(users.refresh().is_err());
    assert!(users.has("old", "U*U"), "as before");
    assert!(!format!("{users:?}").contains("$2"), "hashes are not shown");
}
