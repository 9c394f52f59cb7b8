//! Trees with links, pipes and modes, which only Unix lets a test make.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn link(place: &tempfile::TempDir, target: &str, name: &str) {
    symlink(target, place.path().join(name)).unwrap();
}

fn followed(place: &tempfile::TempDir) -> Tree {
    Tree::of_directory(place.path(), Links::Follow).unwrap()
}

#[test]
fn links_are_followed_inside_and_refused_outside() {
    let outside = directory(&[("secret", "s")]);
    let place = directory(&[("real/file", "text")]);
    link(&place, "real/file", "inside");
    link(&place, outside.path().join("secret").to_str().unwrap(), "outside");
    link(&place, "nothing", "dangling");
    link(&place, "loop", "loop");
    link(&place, "real", "directory");
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    let read = |path: &str| tree.read(tree.find(path).unwrap());
    assert_eq!(read("inside").unwrap(), b"text");
    assert!(matches!(read("outside"), Err(Error::LinkLeaves { .. })));
    assert!(matches!(read("dangling"), Err(Error::LinkBroken { .. })));
    assert!(matches!(read("loop"), Err(Error::LinkBroken { .. })));
    assert!(matches!(read("directory"), Err(Error::NotAFile { .. })));
}

#[test]
fn an_entry_says_what_it_is() {
    let place = directory(&[("file", "")]);
    link(&place, "../some/where", "link");
    let made = std::process::Command::new("mkfifo").arg(place.path().join("pipe")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("socket")).unwrap();
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    let types: Vec<_> = tree.files().iter().map(|file| file.file_type.clone()).collect();
    let expected =
        [FileType::Regular, FileType::Link("../some/where".into()), FileType::Other, FileType::Other];
    assert_eq!((paths(&tree), types), (vec!["file", "link", "pipe", "socket"], expected.to_vec()));
    for special in ["pipe", "socket"] {
        assert!(matches!(tree.read(tree.find(special).unwrap()), Err(Error::NotAFile { .. })));
    }
}

#[test]
fn a_file_says_whether_its_owner_may_execute_it() {
    let place = directory(&[("a", ""), ("b", ""), ("c", "")]);
    // Of the three bits only the owner's counts: Go's `mode & 0100`, as Flux's controller has it.
    for (name, mode) in [("a", 0o644), ("b", 0o744), ("c", 0o611)] {
        fs::set_permissions(place.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    link(&place, "b", "d");
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    let executable: Vec<_> = tree.files().iter().map(|file| tree.load(file).unwrap().is_executable).collect();
    assert_eq!(executable, [false, true, false, true]);
}

#[test]
fn followed_links_are_listed_as_what_they_mean() {
    let place = directory(&[("real/b/deep", "deep"), ("real/file", "text"), ("zz", "")]);
    link(&place, "real", "dir");
    link(&place, "../file", "real/b/up");
    link(&place, "real/b/up", "chain");
    let tree = followed(&place);
    // `dir` stands where its name puts it, and what it holds follows at once.
    let expected =
        "chain dir/ dir/b/ dir/b/deep dir/b/up dir/file real/ real/b/ real/b/deep real/b/up real/file zz";
    assert_eq!(entries(&tree).join(" "), expected);
    assert!(tree.files().iter().all(|file| file.file_type == FileType::Regular));
    for (path, text) in
        [("chain", "text"), ("dir/b/deep", "deep"), ("dir/b/up", "text"), ("real/b/up", "text")]
    {
        assert_eq!(tree.read(tree.find(path).unwrap()).unwrap(), text.as_bytes(), "{path}");
    }
}

#[test]
fn links_that_cannot_be_followed_are_faults_and_no_entries() {
    let outside = directory(&[("secret", "s")]);
    let place = directory(&[("a/b/file", ""), ("c/file", "")]);
    link(&place, outside.path().to_str().unwrap(), "out");
    link(&place, "../..", "a/up");
    link(&place, "nothing", "dangling");
    link(&place, "self", "self");
    link(&place, "..", "a/b/parent");
    link(&place, "../a", "c/a");
    link(&place, "../../c", "a/b/c");
    let mut tree = followed(&place);
    let mut faults: Vec<_> =
        tree.take_faults().iter().map(|fault| format!("{} {}", fault.path(), fault.rule())).collect();
    faults.sort();
    let expected = [
        "a/b/c/a link-loop",
        "a/b/parent link-loop",
        "a/up link-leaves",
        "c/a/b/c link-loop",
        "c/a/b/parent link-loop",
        "c/a/up link-leaves",
        "dangling broken-link",
        "out link-leaves",
        "self broken-link",
    ];
    assert_eq!(faults, expected);
    let listed = "a/ a/b/ a/b/c/ a/b/c/file a/b/file c/ c/a/ c/a/b/ c/a/b/file c/file";
    assert_eq!(entries(&tree).join(" "), listed);
}

#[test]
fn a_link_to_the_root_itself_is_a_loop() {
    let place = directory(&[("a/file", "")]);
    link(&place, "..", "a/root");
    let faults = followed(&place).take_faults();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].to_string(), "`a/root` is a link to `.`, which holds that link in turn");
}

#[test]
fn links_that_multiply_come_to_an_end() {
    let place = directory(&[("d30/file", "")]);
    // Each directory holds the next one twice: 2³⁰ files.
    for at in 0..30 {
        fs::create_dir(place.path().join(format!("d{at}"))).unwrap();
        for name in ["a", "b"] {
            link(&place, &format!("../d{}", at + 1), &format!("d{at}/{name}"));
        }
    }
    let mut tree = followed(&place);
    assert!(matches!(tree.take_faults()[..], [Error::LinksTooMany { .. }]));
    assert!(tree.entries().count() <= walk::MOST_ENTRIES + 1);
}

#[test]
fn links_within_each_other_come_to_an_end() {
    let place = directory(&[("d50/file", "")]);
    for at in 0..50 {
        fs::create_dir(place.path().join(format!("d{at}"))).unwrap();
        link(&place, &format!("../d{}", at + 1), &format!("d{at}/a"));
    }
    let mut tree = followed(&place);
    // From d0 to d9 the chain is longer than 40 links; from d10 it is not.
    let faults = tree.take_faults();
    assert_eq!(faults.len(), 10);
    assert!(faults.iter().all(|fault| matches!(fault, Error::LinksTooMany { .. })));
    assert!(tree.find(&format!("d10{}/file", "/a".repeat(40))).is_some());
}

#[test]
fn what_becomes_a_link_after_it_was_listed_does_not_lead_out() {
    let outside = directory(&[("file", "secret"), ("dir/file", "secret")]);
    let place = directory(&[("file", "text"), ("dir/file", "text"), ("gone", "")]);
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    for (name, is_directory) in [("file", false), ("dir", true), ("gone", false)] {
        let path = place.path().join(name);
        if is_directory {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        if name != "gone" {
            symlink(outside.path().join(name), path).unwrap();
        }
    }
    for path in ["file", "dir/file"] {
        assert!(matches!(tree.read(tree.find(path).unwrap()), Err(Error::Changed { .. })), "{path}");
    }
    assert!(matches!(tree.read(tree.find("gone").unwrap()), Err(Error::Io { .. })));
}

#[test]
fn what_becomes_a_pipe_after_it_was_listed_is_not_waited_for() {
    let place = directory(&[("file", "text")]);
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    let path = place.path().join("file");
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert!(matches!(tree.read(&tree.files()[0]), Err(Error::NotAFile { .. })));
}

#[test]
fn a_file_that_the_user_names_may_be_a_link_out() {
    let outside = directory(&[("real.yaml", "text")]);
    let place = directory(&[]);
    link(&place, outside.path().join("real.yaml").to_str().unwrap(), "app.yaml");
    let tree = Tree::of_file(&place.path().join("app.yaml")).unwrap();
    assert_eq!(paths(&tree), ["app.yaml"]);
    assert_eq!(tree.read(&tree.files()[0]).unwrap(), b"text");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_faults_where_they_matter() {
    use std::os::unix::ffi::OsStrExt;
    let place = directory(&[("good", "x")]);
    let name = std::ffi::OsStr::from_bytes(b"bad-\xff");
    fs::write(place.path().join(name), "x").unwrap();
    let mut tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    assert_eq!(tree.take_faults().len(), 0, "a file counts only where it is wanted");
    let bad = tree.files().iter().find(|file| !file.is_utf8).unwrap();
    assert!(matches!(tree.read(bad), Err(Error::Name { .. })));
    fs::remove_file(place.path().join(name)).unwrap();
    fs::create_dir_all(place.path().join(name).join("sub")).unwrap();
    fs::write(place.path().join(name).join("sub/file"), "x").unwrap();
    link(&place, "good", "link");
    let mut tree = Tree::of_directory(place.path(), Links::Follow).unwrap();
    assert!(matches!(&tree.take_faults()[..], [Error::Name { path }] if path == "bad-\u{fffd}"));
    assert_eq!(entries(&tree), ["bad-\u{fffd}/sub/file", "good", "link"]);
    assert!(!tree.files()[0].is_utf8);
}

#[cfg(target_os = "linux")]
#[test]
fn a_link_with_a_good_name_makes_a_bad_one_readable() {
    use std::os::unix::ffi::OsStrExt;
    let place = directory(&[]);
    let name = std::ffi::OsStr::from_bytes(b"bad-\xff");
    fs::write(place.path().join(name), "text").unwrap();
    symlink(name, place.path().join("good")).unwrap();
    let tree = followed(&place);
    assert_eq!(tree.read(tree.find("good").unwrap()).unwrap(), b"text");
}
