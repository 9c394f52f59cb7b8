//! Staged files appear together or not at all, whatever stands in the directory and however it ends.

use super::*;

/// All files below a directory with their content, and all directories.
fn tree(directory: &Path) -> Vec<(String, String)> {
    let mut found: Vec<_> = walkdir::WalkDir::new(directory)
        .min_depth(1)
        .into_iter()
        .map(|entry| {
            let path = entry.unwrap().into_path();
            let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap_or_else(|_| "/".into()))
        })
        .collect();
    found.sort();
    found
}

fn pair(name: &str, content: &str) -> (String, String) {
    (name.into(), content.into())
}

#[test]
fn all_files_appear_at_once_and_others_stay() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("kept"), "mine").unwrap();
    fs::write(dir.path().join("a"), "old").unwrap();
    let mut staging = Staging::begin(dir.path()).unwrap();
    staging.write("a", b"new").unwrap();
    staging.write("d/e/f", b"deep").unwrap();
    staging.write("d/e/g", b"too").unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("a")).unwrap(), "old");
    assert!(!dir.path().join("d").exists());
    staging.commit().unwrap();
    let expected = [
        pair("a", "new"),
        pair("d", "/"),
        pair("d/e", "/"),
        pair("d/e/f", "deep"),
        pair("d/e/g", "too"),
        pair("kept", "mine"),
    ];
    assert_eq!(tree(dir.path()), expected);
}

#[test]
fn without_a_commit_nothing_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = dir.path().join("x/fresh");
    let mut staging = Staging::begin(&fresh).unwrap();
    staging.write("a", b"new").unwrap();
    drop(staging);
    assert!(!fresh.exists());
    assert!(matches!(Staging::begin(&fresh).unwrap().write("../b", b""), Err(Error::Outside { .. })));
    assert_eq!(tree(dir.path()), [pair("x", "/")]);
}

#[test]
fn what_is_in_the_way_is_found_before_anything_moves() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("z")).unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let before = tree(dir.path());
    for path in ["z", "file/below"] {
        let mut staging = Staging::begin(dir.path()).unwrap();
        staging.write("a", b"new").unwrap();
        staging.write(path, b"new").unwrap();
        assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
        assert_eq!(tree(dir.path()), before, "{path}");
    }
}

#[test]
fn a_failure_half_way_puts_everything_back() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "old").unwrap();
    let mut staging = Staging::begin(dir.path()).unwrap();
    staging.write("a", b"new").unwrap();
    staging.write("d/b", b"new").unwrap();
    staging.write("d/c", b"new").unwrap();
    // The last file is gone when its turn comes.
    fs::remove_file(staging.half("new").join("d/c")).unwrap();
    assert!(matches!(staging.commit(), Err(Error::Io { .. })));
    assert_eq!(tree(dir.path()), [pair("a", "old")]);
}

#[test]
fn a_path_is_written_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut staging = Staging::begin(dir.path()).unwrap();
    staging.write("a", b"1").unwrap();
    assert!(matches!(staging.write("a", b"2"), Err(Error::Twice { .. })));
    assert!(matches!(staging.write("a/b", b"2"), Err(Error::InTheWay { .. })));
    staging.write("d/b", b"1").unwrap();
    assert!(matches!(staging.write("d", b"2"), Err(Error::Twice { .. })));
}

#[cfg(unix)]
#[test]
fn no_link_is_written_through_or_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let (target, elsewhere) = (dir.path().join("target"), dir.path().join("elsewhere"));
    fs::create_dir(&target).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, target.join("link")).unwrap();
    std::os::unix::fs::symlink(".", target.join("self")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("new"), target.join("nowhere")).unwrap();
    let paths = ["link", "link/x", "link/x/y", "self", "self/x", "self/self/x", "nowhere", "nowhere/x"];
    for path in paths {
        let mut staging = Staging::begin(&target).unwrap();
        staging.write("a/first", b"new").unwrap();
        staging.write(path, b"new").unwrap();
        assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
        let mut staging = Staging::begin(&target).unwrap();
        staging.directory("a/first").unwrap();
        staging.directory(path).unwrap();
        assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
        assert!(!target.join("a").exists(), "{path}");
    }
    assert_eq!(tree(&elsewhere), []);
}

#[test]
fn files_come_from_readers_with_their_modes_and_directories_may_be_empty() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("there")).unwrap();
    fs::write(dir.path().join("there/kept"), "mine").unwrap();
    let mut staging = Staging::begin(dir.path()).unwrap();
    let large = vec![b'x'; 3 * BUFFER + 1];
    staging.write_from("d/run.sh", &mut large.as_slice(), true).unwrap();
    staging.write_from("d/plain", &mut "text".as_bytes(), false).unwrap();
    for directory in ["d", "empty/below", "empty", "there"] {
        staging.directory(directory).unwrap();
    }
    staging.commit().unwrap();
    let names: Vec<_> = tree(dir.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["d", "d/plain", "d/run.sh", "empty", "empty/below", "there", "there/kept"]);
    assert_eq!(fs::read(dir.path().join("d/run.sh")).unwrap(), large);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o7777;
        // The umask may take more, never add.
        assert_eq!((mode("d/run.sh") & !0o755, mode("d/run.sh") & 0o700), (0, 0o700));
        assert_eq!((mode("d/plain") & !0o644, mode("d/plain") & 0o700), (0, 0o600));
    }
}

#[test]
fn a_directory_never_takes_the_place_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "mine").unwrap();
    let before = tree(dir.path());
    for path in ["file", "file/below"] {
        let mut staging = Staging::begin(dir.path()).unwrap();
        staging.write("a", b"new").unwrap();
        staging.directory("new").unwrap();
        staging.directory(path).unwrap();
        assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
        assert_eq!(tree(dir.path()), before, "{path}");
    }
    let mut staging = Staging::begin(dir.path()).unwrap();
    staging.write("a", b"1").unwrap();
    assert!(matches!(staging.directory("a"), Err(Error::Twice { .. })));
    assert!(matches!(staging.directory("a/b"), Err(Error::InTheWay { .. })));
    assert!(matches!(staging.directory("../b"), Err(Error::Outside { .. })));
    staging.directory("d").unwrap();
    assert!(matches!(staging.write("d", b"1"), Err(Error::Twice { .. })));
    staging.directory("b/below").unwrap();
    assert!(matches!(staging.write("b", b"1"), Err(Error::Twice { .. })));
    drop(staging);
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn directories_that_were_made_go_away_again_when_a_file_cannot_be_moved() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("there")).unwrap();
    let before = tree(dir.path());
    let mut staging = Staging::begin(dir.path()).unwrap();
    staging.directory("there/empty/below").unwrap();
    staging.directory("new").unwrap();
    staging.write("z", b"new").unwrap();
    fs::remove_file(staging.half("new").join("z")).unwrap();
    assert!(matches!(staging.commit(), Err(Error::Io { .. })));
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn a_reader_that_fails_is_told_from_a_disk_that_does() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::new(ErrorKind::InvalidData, "another digest"))
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let mut staging = Staging::begin(dir.path()).unwrap();
    let error = staging.write_from("a", &mut "half".as_bytes().chain(Failing), false).unwrap_err();
    assert!(
        matches!(&error, Error::Content { path, source } if path == "a" && source.kind() == ErrorKind::InvalidData),
        "{error}"
    );
    drop(staging);
    assert_eq!(tree(dir.path()), []);
}
