//! The index file under the hands of programs that know nothing of our lock.

use std::cell::Cell;
use std::fs;

use super::*;
use crate::store::entries;
use crate::store::fixture::{bundle, tag};

const EMPTY: &str = r#"{"schemaVersion":2,"manifests":[]}"#;

fn index_file() -> (tempfile::TempDir, IndexFile) {
    let dir = tempfile::tempdir().unwrap();
    let file = IndexFile::new(dir.path().to_owned(), "app".into());
    fs::write(file.path(), EMPTY).unwrap();
    (dir, file)
}

#[allow(clippy::unnecessary_wraps, reason = "the signature is that of a wait for the disk")]
fn settled(_: &Index) -> Result<(), Error> {
    Ok(())
}

/// An index with one tag, as another program writes it.
fn foreign(text: &str) -> Vec<u8> {
    let mut index = Index::default();
    entries::set_tag(&mut index, &tag(text), &bundle(b"foreign").0, None);
    index.to_bytes().unwrap()
}

#[test]
fn a_change_by_another_program_between_reading_and_writing_is_not_lost() {
    let (_dir, file) = index_file();
    let tries = Cell::new(0);
    let change = |index: &mut Index| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            fs::write(file.path(), foreign("theirs")).unwrap();
        }
        entries::set_tag(index, &tag("ours"), &bundle(b"ours").0, None);
        Ok(())
    };
    file.edit(change, settled).unwrap();
    assert_eq!(tries.get(), 2);
    assert_eq!(entries::tags(&file.read().unwrap()), [tag("ours"), tag("theirs")]);
}

#[test]
fn what_is_kept_of_an_index_does_not_hide_what_others_write() {
    let (_dir, mut file) = index_file();
    file.keep_in(Arc::default());
    let set = |text: &'static str| {
        let change = move |index: &mut Index| {
            entries::set_tag(index, &tag(text), &bundle(b"ours").0, None);
            Ok(())
        };
        file.edit(change, settled).unwrap();
    };
    let tags = || entries::tags(&file.read().unwrap());
    set("v1");
    assert_eq!((tags(), tags()), (vec![tag("v1")], vec![tag("v1")]));
    fs::write(file.path(), foreign("theirs")).unwrap();
    assert_eq!(tags(), [tag("theirs")]);
    set("v2");
    assert_eq!(tags(), [tag("theirs"), tag("v2")]);
    fs::write(file.path(), "<html>").unwrap();
    assert!(file.read().is_err());
}

#[test]
fn a_program_that_never_stops_writing_is_a_conflict() {
    let (_dir, file) = index_file();
    let tries = Cell::new(0_u32);
    let change = |index: &mut Index| {
        tries.set(tries.get() + 1);
        fs::write(file.path(), foreign(&format!("t{}", tries.get()))).unwrap();
        entries::set_tag(index, &tag("ours"), &bundle(b"ours").0, None);
        Ok(())
    };
    assert_eq!(file.edit(change, settled).unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(tries.get(), TRIES);
    assert_eq!(fs::read(file.path()).unwrap(), foreign(&format!("t{TRIES}")));
}

#[test]
fn a_file_that_is_just_being_written_in_place_is_read_when_it_is_whole() {
    let (_dir, file) = index_file();
    let whole = foreign("v1");
    for half in [0, whole.len() / 2] {
        fs::write(file.path(), &whole[..half]).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(PAUSE / 2);
                fs::write(file.path(), &whole).unwrap();
            });
            // What it sees first is not an index.
            assert_eq!(file.read().unwrap().to_bytes().unwrap(), whole);
        });
    }
}

#[test]
fn an_error_changes_nothing() {
    let (dir, file) = index_file();
    let refuse = |index: &mut Index| {
        entries::set_tag(index, &tag("ours"), &bundle(b"ours").0, None);
        Err::<(), _>(Error::new(ErrorKind::Conflict, "app", "no"))
    };
    assert!(file.edit(refuse, settled).is_err());
    assert_eq!(fs::read_to_string(file.path()).unwrap(), EMPTY);
    file.edit(|_| Ok(()), settled).unwrap();
    assert_eq!(fs::read_to_string(file.path()).unwrap(), EMPTY, "nor does a change of nothing");
    assert!(!dir.path().join("ingest").exists());
}

#[test]
fn a_missing_file_is_an_empty_index() {
    let (_dir, file) = index_file();
    fs::remove_file(file.path()).unwrap();
    assert_eq!(file.read().unwrap().index, Index::default());
    assert!(!file.path().exists());
    file.edit(|_| Ok(()), settled).unwrap();
    assert_eq!(fs::read(file.path()).unwrap(), Index::default().to_bytes().unwrap());
}
