//! A layout as a repository, under other tools' hands and after accidents.

use std::fs;
use std::thread;

use super::*;
use crate::repository::contract;
use crate::store::fixture::{at, bundle, list_of, record, state, tag, written_by_flipt};
use crate::store::{ORIGIN, PINNED, TAGGED, UNTAGGED};

fn layout() -> (tempfile::TempDir, Layout) {
    let dir = tempfile::tempdir().unwrap();
    let layout = Layout::create_at(&dir.path().join("app")).unwrap();
    (dir, layout)
}

fn publish(layout: &Layout, layer: &[u8], tags: &[&str]) -> Manifest {
    let (manifest, blobs) = bundle(layer);
    layout.put_all(&blobs, 2).unwrap();
    let tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
    layout.publish(&manifest, &tags, &Expect::Any).unwrap();
    manifest
}

fn text(layout: &Layout) -> String {
    fs::read_to_string(layout.path().join("index.json")).unwrap()
}

#[test]
fn it_keeps_the_contract() {
    let (_dir, layout) = layout();
    contract::holds(&layout);
    let (_dir, other) = self::layout();
    contract::holds(&other.recording(record("2026-01-01T00:00:00Z")));
}

#[test]
fn a_bundle_without_its_content_is_not_found_and_not_visible() {
    let (_dir, layout) = layout();
    let (manifest, blobs) = bundle(b"layer");
    layout.put_all(&blobs[..1], 1).unwrap();
    let before = text(&layout);
    let error = layout.publish(&manifest, &[tag("v1")], &Expect::Any).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    let error = layout.publish(&list_of(&[&bundle(b"x").0]), &[tag("v1")], &Expect::Any).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(text(&layout), before);
    assert_eq!(layout.manifest(&Selector::Digest(manifest.digest().clone())).unwrap(), None);
}

#[test]
fn several_bundles_become_visible_together_or_not_at_all() {
    let (_dir, layout) = layout();
    let old = publish(&layout, b"old", &["v1"]);
    let ((first, first_blobs), (second, second_blobs)) = (bundle(b"1"), bundle(b"2"));
    layout.put_all(&[first_blobs, second_blobs].concat(), 2).unwrap();
    let (new, taken) = ([tag("new")], [tag("v1")]);
    let both = [(&first, &new[..]), (&second, &taken[..])];
    let error = layout.publish_all(&both, &Expect::Absent).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(layout.tags().unwrap(), [tag("v1")]);
    let published = layout.publish_all(&both, &Expect::Any).unwrap();
    assert_eq!(published[0].moved, []);
    assert_eq!(published[1].moved, [(tag("v1"), old.digest().clone())]);
}

#[test]
fn a_present_tag_is_a_conflict_for_absent_even_where_nothing_would_change() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"a", &["v1"]);
    let error = layout.publish(&manifest, &[tag("v1")], &Expect::Absent).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    let before = state(layout.path());
    layout.publish(&manifest, &[tag("v1")], &Expect::Is(manifest.digest().clone())).unwrap();
    assert_eq!(state(layout.path())[1..], before[1..], "nothing new, nothing written");
}

#[test]
fn what_came_from_where_is_kept_beside_the_tag() {
    let (_dir, layout) = layout();
    let mut pull = record("2026-01-01T00:00:00Z");
    pull.origin = Some("ghcr.io".into());
    let layout = layout.recording(pull.clone());
    publish(&layout, b"a", &["v1"]);
    let entry = layout.tagged(&tag("v1")).unwrap().unwrap();
    assert_eq!((entry.origin(), entry.set()), (Some("ghcr.io"), Some("2026-01-01T00:00:00Z")));
    assert_eq!(layout.tagged(&tag("v2")).unwrap(), None);
    let layout = layout.recording(record("2026-01-02T00:00:00Z"));
    publish(&layout, b"b", &["v1"]);
    pull.pinned = true;
    let layout = layout.recording(pull);
    publish(&layout, b"c", &[]);
    let index = layout.index().unwrap();
    let entries: Vec<_> = index.manifests().collect();
    let fact = |at: usize, key: &str| entries[at].annotation(key);
    assert_eq!((fact(0, ORIGIN), fact(0, UNTAGGED)), (Some("ghcr.io"), Some("2026-01-02T00:00:00Z")));
    assert_eq!((fact(1, ORIGIN), fact(1, TAGGED)), (None, Some("2026-01-02T00:00:00Z")));
    assert_eq!((fact(2, ORIGIN), fact(2, PINNED)), (Some("ghcr.io"), Some("2026-01-01T00:00:00Z")));
}

#[test]
fn the_children_of_a_list_are_reached_through_it() {
    let (_dir, layout) = layout();
    let layout = layout.recording(record("2026-01-01T00:00:00Z"));
    let (first, second) = (publish(&layout, b"1", &[]), publish(&layout, b"2", &[]));
    let (inner, unrelated) = (list_of(&[&second]), publish(&layout, b"3", &["v3"]));
    layout.publish(&inner, &[], &Expect::Any).unwrap();
    let outer = list_of(&[&first, &inner]);
    layout.publish(&outer, &[tag("all")], &Expect::Any).unwrap();
    let listed: Vec<_> = layout.index().unwrap().manifests().map(|entry| entry.digest.clone()).collect();
    assert_eq!(listed, [unrelated.digest().clone(), outer.digest().clone()]);
    for child in [&first, &second, &inner] {
        let at = Selector::Digest(child.digest().clone());
        assert_eq!(layout.manifest(&at).unwrap().unwrap().bytes(), child.bytes());
    }
    let config = Digest::of(b"{}");
    assert_eq!(layout.manifest(&Selector::Digest(config)).unwrap(), None, "a blob is no manifest");
}

#[test]
fn referrers_are_found_by_their_subject() {
    let (_dir, layout) = layout();
    let subject = publish(&layout, b"a", &["v1"]);
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    let refer = |kind: &str| {
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": kind, "config": config,
            "layers": [], "subject": subject.descriptor(), "annotations": {"k": kind},
        });
        let manifest = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
        layout.publish(&manifest, &[], &Expect::Any).unwrap();
        manifest
    };
    let (signature, bill) = (refer("signature"), refer("bill"));
    let found = layout.referrers(subject.digest(), None).unwrap();
    let mut expected = [signature.digest().clone(), bill.digest().clone()];
    expected.sort();
    assert_eq!(found.into_iter().map(|found| found.digest).collect::<Vec<_>>(), expected);
    let found = layout.referrers(subject.digest(), Some("bill")).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].annotation("k"), Some("bill"));
    assert_eq!(layout.referrers(bill.digest(), None).unwrap(), []);
}

#[test]
fn removing_by_tag_keeps_the_bundle_and_by_digest_does_not() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"a", &["v1", "v2"]);
    let by_digest = Selector::Digest(manifest.digest().clone());
    layout.remove(&at("v1")).unwrap();
    assert_eq!(layout.remove(&at("v2")).unwrap().tags, [tag("v2")]);
    assert!(layout.manifest(&by_digest).unwrap().is_some());
    layout.publish(&manifest, &[tag("b"), tag("a")], &Expect::Any).unwrap();
    let removed = layout.remove(&by_digest).unwrap();
    assert_eq!((removed.existed, removed.tags), (true, vec![tag("a"), tag("b")]));
    assert_eq!(layout.manifest(&by_digest).unwrap(), None);
    assert!(!layout.remove(&by_digest).unwrap().existed);
    assert!(layout.missing(&manifest.blobs(), &Known::Nothing).unwrap().is_empty(), "content waits for gc");
}

#[test]
fn layers_that_clients_get_from_elsewhere_need_not_be_there() {
    let (_dir, layout) = layout();
    let image = |kind: &str| {
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::MANIFEST, "layers": [Descriptor::of(kind, b"elsewhere")],
        });
        Manifest::parse(json.to_string().into_bytes(), None).unwrap()
    };
    for kind in [
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ] {
        layout.publish(&image(kind), &[tag("v1")], &Expect::Any).unwrap();
    }
    let error = layout.publish(&image("application/vnd.oci.image.layer.v1.tar"), &[], &Expect::Any);
    assert_eq!(error.unwrap_err().kind, ErrorKind::NotFound);
}

#[test]
fn a_layout_of_flipts_is_used_and_changed_only_where_a_tag_moves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app");
    let (old, new) = written_by_flipt(&path, b"old", b"new");
    let before = state(&path);
    let layout = Layout::open_at(&path).unwrap().unwrap();
    assert_eq!(layout.tags().unwrap(), [tag("latest"), tag("v1")]);
    assert_eq!(layout.resolve(&at("latest")).unwrap().unwrap().digest, *new.digest());
    assert!(layout.manifest(&Selector::Digest(old.digest().clone())).unwrap().is_some());
    assert_eq!(layout.missing(&old.blobs(), &Known::Nothing).unwrap(), []);
    layout.referrers(old.digest(), None).unwrap();
    layout.open(&old.blobs()[1], 0).unwrap().read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(layout.last_seen("ghcr.io/app"), None);
    assert_eq!(state(&path), before, "reading does not write");

    let entries = text(&layout);
    layout.publish(&new, &[tag("v2")], &Expect::Any).unwrap();
    let (kept, _) = entries.rsplit_once(']').unwrap();
    assert!(text(&layout).starts_with(kept), "{}", text(&layout));
    assert_eq!(layout.tags().unwrap(), [tag("latest"), tag("v1"), tag("v2")]);
}

#[test]
fn what_torte_does_not_know_survives() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"a", &["v1"]);
    let entry = r#"{"mediaType":"m","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"platform":{"os":"plan9"},"x":{"z":1,"a":2}}"#;
    for manifests in ["null".to_owned(), format!("[{entry},{entry}]")] {
        let foreign = format!(r#"{{"schemaVersion":2,"manifests":{manifests},"later":[1]}}"#);
        fs::write(layout.path().join("index.json"), &foreign).unwrap();
        layout.publish(&manifest, &[tag("v1")], &Expect::Any).unwrap();
        layout.remove(&Selector::Digest(manifest.digest().clone())).unwrap();
        assert_eq!(text(&layout), foreign.replace("null", "[]"));
    }
}

#[test]
fn an_entry_that_cannot_be_read_hides_none_and_survives() {
    let (_dir, layout) = layout();
    publish(&layout, b"a", &["v1"]);
    let foreign = r#"{"size":-1,"digest":"md5:abc","x":[null]}"#;
    let bad = text(&layout).replace(r#""manifests":["#, &format!(r#""manifests":[7,{foreign},"#));
    fs::write(layout.path().join("index.json"), bad).unwrap();
    assert_eq!(layout.tags().unwrap(), [tag("v1")]);
    let manifest = layout.manifest(&at("v1")).unwrap().unwrap();
    layout.publish(&manifest, &[tag("v2")], &Expect::Any).unwrap();
    layout.remove(&at("v1")).unwrap();
    assert_eq!(layout.tags().unwrap(), [tag("v2")]);
    assert!(
        text(&layout).contains(&format!(r#""manifests":[7,{foreign},{{"mediaType""#)),
        "{}",
        text(&layout)
    );
    let (entries, warnings) = layout.entries().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(warnings.len(), 2);
    assert!(warnings[1].why.contains("entry 2") && warnings[1].why.contains("-1"), "{}", warnings[1].why);
}

#[test]
fn a_name_that_is_no_tag_is_told_and_kept() {
    for (written, name) in [("repo.example/foo:v9", "repo.example/foo:v9"), (r"\u001b[2J", "\u{1b}[2J")] {
        let (_dir, layout) = layout();
        let manifest = publish(&layout, b"a", &["v1"]);
        let named = text(&layout).replace(r#"name":"v1""#, &format!(r#"name":"{written}""#));
        fs::write(layout.path().join("index.json"), &named).unwrap();
        assert_eq!(layout.tags().unwrap(), []);
        let (entries, warnings) = layout.entries().unwrap();
        assert_eq!((entries.len(), &entries[0].tag), (1, &None));
        let [warning] = &warnings[..] else { panic!("{warnings:?}") };
        assert!(warning.why.contains(&format!("`{name}` is no tag")), "{}", warning.why);
        assert!(warning.why.contains(&manifest.digest().to_string()), "{}", warning.why);
        layout.publish(&manifest, &[tag("v1")], &Expect::Absent).unwrap();
        assert!(text(&layout).starts_with(&named[..named.len() - 2]), "{}", text(&layout));
    }
}

#[test]
fn an_index_that_is_none_is_named() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"a", &["v1"]);
    let file = layout.path().join("index.json");
    for bad in [
        "",
        "garbage",
        "[]",
        r#"{"schemaVersion":2,"manifests":{}}"#,
        r#"{"schemaVersion":1,"manifests":[]}"#,
    ] {
        fs::write(&file, bad).unwrap();
        for error in [
            layout.tags().unwrap_err(),
            layout.publish(&manifest, &[tag("v2")], &Expect::Any).unwrap_err(),
            layout.remove(&at("v1")).unwrap_err(),
        ] {
            assert_eq!(error.kind, ErrorKind::Refused, "{bad}: {error}");
            assert!(error.what.contains(&file.display().to_string()), "{error}");
        }
        assert_eq!(text(&layout), bad, "it is left for its owner to see");
    }
}

#[test]
fn a_corrupt_manifest_is_refused() {
    let (_dir, layout) = layout();
    let manifest = publish(&layout, b"a", &["v1"]);
    let path = layout.path().join("blobs/sha256").join(manifest.digest().hex());
    let spoilt = String::from_utf8(manifest.bytes().to_vec()).unwrap().replace("2024", "2025");
    let garbage = vec![b'x'; spoilt.len()];
    for bytes in [Some(spoilt.as_bytes()), Some(&garbage), Some(b""), None] {
        fs::remove_file(&path).unwrap();
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).unwrap();
        }
        for selector in [at("v1"), Selector::Digest(manifest.digest().clone())] {
            assert_eq!(layout.manifest(&selector).unwrap_err().kind, ErrorKind::Corrupt);
        }
    }
    publish(&layout, b"a", &["v1"]);
    assert_eq!(layout.manifest(&at("v1")).unwrap().unwrap(), manifest, "writing it again mends it");
}

#[test]
fn files_that_a_killed_process_left_do_no_harm() {
    let (_dir, layout) = layout();
    let (manifest, blobs) = bundle(b"layer");
    let ingest = layout.path().join("ingest");
    fs::write(ingest.join("torte-abc"), "torn").unwrap();
    fs::write(ingest.join(format!("{}_123", blobs[1].0.digest.hex())), "lay").unwrap();
    layout.put_all(&blobs, 2).unwrap();
    layout.publish(&manifest, &[tag("v1")], &Expect::Any).unwrap();
    assert_eq!(layout.tags().unwrap(), [tag("v1")]);
    fs::remove_dir_all(&ingest).unwrap();
    publish(&layout, b"another", &["v2"]);
}

#[test]
fn what_was_left_behind_a_day_ago_is_removed_by_the_next_writer() {
    let (_dir, layout) = layout();
    let ingest = layout.path().join("ingest");
    let left = |name: &str, at: &str| {
        let file = fs::File::create(ingest.join(name)).unwrap();
        file.set_modified(record(at).time().unwrap()).unwrap();
    };
    left("torte-old", "2026-01-01T11:59:59Z");
    left("torte-young", "2026-01-01T12:00:01Z");
    left("another-tools", "2026-01-01T11:00:00Z");
    publish(&layout, b"a", &["v1"]);
    assert_eq!(fs::read_dir(&ingest).unwrap().count(), 3, "without a clock nothing is old");
    let layout = layout.recording(record("2026-01-02T12:00:00Z"));
    assert!(layout.tags().unwrap().contains(&tag("v1")));
    assert_eq!(fs::read_dir(&ingest).unwrap().count(), 3, "reading writes nothing");
    publish(&layout, b"a", &["v1"]);
    drop(layout);
    let mut kept: Vec<_> = fs::read_dir(&ingest).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    kept.sort();
    assert_eq!(kept, ["another-tools", "torte-young"]);
}

#[test]
fn many_writers_lose_no_tag() {
    let (dir, first) = layout();
    let manifest = publish(&first, b"a", &[]);
    let path = dir.path().join("app");
    thread::scope(|scope| {
        for writer in 0..8 {
            let (path, manifest) = (&path, &manifest);
            scope.spawn(move || {
                for number in 0..40 {
                    let layout = Layout::open_at(path).unwrap().unwrap();
                    let layout = layout.recording(record("2026-01-01T00:00:00Z"));
                    let tag = tag(&format!("t-{writer}-{number}"));
                    layout.publish(manifest, &[tag], &Expect::Absent).unwrap();
                }
            });
        }
    });
    assert_eq!(first.tags().unwrap().len(), 8 * 40);
}

#[test]
fn many_makers_make_one_layout() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("org/app");
    thread::scope(|scope| {
        for writer in 0..8_u8 {
            let path = &path;
            scope.spawn(move || {
                publish(&Layout::create_at(path).unwrap(), &[writer], &[&format!("t{writer}")])
            });
        }
    });
    assert_eq!(Layout::open_at(&path).unwrap().unwrap().tags().unwrap().len(), 8);
}

#[test]
fn whoever_makes_a_layout_waits_for_another_maker_and_keeps_its_work() {
    let dir = tempfile::tempdir().unwrap();
    let (path, done) = (dir.path().join("app"), dir.path().join("done"));
    publish(&Layout::create_at(&done).unwrap(), b"a", &["v1"]);
    fs::create_dir(&path).unwrap();
    let other = IndexFile::new(path.clone(), "app".into());
    let held = other.lock().unwrap();
    thread::scope(|scope| {
        let maker = scope.spawn(|| Layout::create_at(&path).unwrap().tags().unwrap());
        thread::sleep(std::time::Duration::from_millis(100));
        assert!(!path.join("index.json").exists());
        for file in ["index.json", "oci-layout"] {
            fs::copy(done.join(file), path.join(file)).unwrap();
        }
        drop(held);
        assert_eq!(maker.join().unwrap(), [tag("v1")]);
    });
}
