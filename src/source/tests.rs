//! Trees of real directories, with what can go wrong in them.

use super::*;

#[cfg(unix)]
mod links;

fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// All entries, directories with a `/`.
fn entries(tree: &Tree) -> Vec<String> {
    let shown = |entry: Entry<'_>| format!("{}{}", entry.path(), if entry.is_directory() { "/" } else { "" });
    tree.entries().map(shown).collect()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files().iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn names_are_compared_one_directory_at_a_time() {
    let files = [("a/z", ""), ("a.b", ""), ("a-b/c", ""), ("B", ""), (".git/x", ""), ("a/y/x", "")];
    let expected = [".git/x", "B", "a/y/x", "a/z", "a-b/c", "a.b"];
    let on_disk = directory(&files);
    assert_eq!(paths(&Tree::of_directory(on_disk.path(), Links::Keep).unwrap()), expected);
    let in_memory = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    assert_eq!(paths(&Tree::in_memory(in_memory)), expected);
}

#[test]
fn a_directory_comes_before_what_is_in_it_and_an_empty_one_counts() {
    let files = [("a/z", ""), ("a.b", ""), ("a-b/c/d/e", ""), ("B", ""), ("a/y/x", "")];
    let on_disk = directory(&files);
    for empty in ["a/y-", "a/zz", "zzz/y", "a.c"] {
        fs::create_dir_all(on_disk.path().join(empty)).unwrap();
    }
    // As Go's `filepath.WalkDir` has it: children by their single names.
    let expected = "B a/ a/y/ a/y/x a/y-/ a/z a/zz/ a-b/ a-b/c/ a-b/c/d/ a-b/c/d/e a.b a.c/ zzz/ zzz/y/";
    let listed = entries(&Tree::of_directory(on_disk.path(), Links::Keep).unwrap());
    assert_eq!(listed.join(" "), expected);
    let in_memory = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let listed = entries(&Tree::in_memory(in_memory));
    assert_eq!(listed.join(" "), "B a/ a/y/ a/y/x a/z a-b/ a-b/c/ a-b/c/d/ a-b/c/d/e a.b");
}

#[test]
fn an_empty_directory_has_no_entries() {
    let place = directory(&[]);
    assert!(entries(&Tree::of_directory(place.path(), Links::Follow).unwrap()).is_empty());
}

#[test]
fn one_file_is_a_tree_under_its_own_name() {
    let place = directory(&[("sub/app.yaml", "text"), ("sub/other", "")]);
    let tree = Tree::of_file(&place.path().join("sub/app.yaml")).unwrap();
    assert_eq!(entries(&tree), ["app.yaml"]);
    assert_eq!(tree.read(&tree.files()[0]).unwrap(), b"text");
    assert!(matches!(Tree::of_file(&place.path().join("sub")), Err(Error::NotAFile { .. })));
    assert!(matches!(Tree::of_file(&place.path().join("sub/..")), Err(Error::NotAFile { .. })));
    assert!(Tree::of_file(&place.path().join("nope")).unwrap_err().is_not_found());
}

#[test]
fn what_is_not_there_or_no_directory_is_named() {
    let place = directory(&[("file", "x")]);
    let missing = Tree::of_directory(&place.path().join("nope"), Links::Keep).unwrap_err();
    assert!(missing.is_not_found() && missing.to_string().contains("nope"));
    let file = Tree::of_directory(&place.path().join("file"), Links::Keep).unwrap_err();
    assert!(matches!(file, Error::NotADirectory { .. }));
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let place = directory(&[]);
    fs::File::create(place.path().join("huge")).unwrap().set_len(LARGEST_FILE + 1).unwrap();
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    assert!(matches!(tree.read(&tree.files()[0]), Err(Error::TooLarge { .. })));
}
