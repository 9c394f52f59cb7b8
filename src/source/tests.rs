//! Trees of real directories, with what can go wrong in them.

use super::*;

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files().iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn names_are_compared_one_directory_at_a_time() {
    let files = [("a/z", ""), ("a.b", ""), ("a-b/c", ""), ("B", ""), (".git/x", ""), ("a/y/x", "")];
    let expected = [".git/x", "B", "a/y/x", "a/z", "a-b/c", "a.b"];
    let on_disk = directory(&files);
    assert_eq!(paths(&Tree::of_directory(on_disk.path()).unwrap()), expected);
    let in_memory = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    assert_eq!(paths(&Tree::in_memory(in_memory)), expected);
}

#[test]
fn what_is_not_there_or_no_directory_is_named() {
    let place = directory(&[("file", "x")]);
    let missing = Tree::of_directory(&place.path().join("nope")).unwrap_err();
    assert!(missing.is_not_found() && missing.to_string().contains("nope"));
    let file = Tree::of_directory(&place.path().join("file")).unwrap_err();
    assert!(matches!(file, Error::NotADirectory { .. }));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_and_refused_outside() {
    use std::os::unix::fs::symlink;
    let outside = directory(&[("secret", "s")]);
    let place = directory(&[("real/file", "text")]);
    let link = |target: &Path, name: &str| symlink(target, place.path().join(name)).unwrap();
    link(Path::new("real/file"), "inside");
    link(&outside.path().join("secret"), "outside");
    link(Path::new("nothing"), "dangling");
    link(Path::new("loop"), "loop");
    link(Path::new("real"), "directory");
    let tree = Tree::of_directory(place.path()).unwrap();
    let read = |path: &str| tree.read(tree.find(path).unwrap());
    assert_eq!(read("inside").unwrap(), b"text");
    assert!(matches!(read("outside"), Err(Error::LinkLeaves { .. })));
    assert!(matches!(read("dangling"), Err(Error::LinkBroken { .. })));
    assert!(matches!(read("loop"), Err(Error::LinkBroken { .. })));
    assert!(matches!(read("directory"), Err(Error::NotAFile { .. })));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_faults_where_they_matter() {
    use std::os::unix::ffi::OsStrExt;
    let place = directory(&[("good", "x")]);
    let name = std::ffi::OsStr::from_bytes(b"bad-\xff");
    fs::write(place.path().join(name), "x").unwrap();
    let mut tree = Tree::of_directory(place.path()).unwrap();
    assert_eq!(tree.take_faults().len(), 0, "a file counts only where it is wanted");
    let bad = tree.files().iter().find(|file| !file.is_utf8).unwrap();
    assert!(matches!(tree.read(bad), Err(Error::Name { .. })));
    fs::remove_file(place.path().join(name)).unwrap();
    fs::create_dir(place.path().join(name)).unwrap();
    let faults = Tree::of_directory(place.path()).unwrap().take_faults();
    assert!(matches!(faults[..], [Error::Name { .. }]));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_waited_for() {
    let place = directory(&[]);
    let path = place.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let tree = Tree::of_directory(place.path()).unwrap();
    assert!(matches!(tree.read(&tree.files()[0]), Err(Error::NotAFile { .. })));
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let place = directory(&[]);
    fs::File::create(place.path().join("huge")).unwrap().set_len(LARGEST_FILE + 1).unwrap();
    let tree = Tree::of_directory(place.path()).unwrap();
    assert!(matches!(tree.read(&tree.files()[0]), Err(Error::TooLarge { .. })));
}
