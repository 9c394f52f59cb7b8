//! A limited life: by tag, by subject, by list; and what is collected afterwards.

use std::fs;

use super::*;
use crate::oci::{Selector, media_type};
use crate::repository::{Expect, Repository as _};
use crate::store::fixture::{at, bundle, list_of, record, tag};
use crate::store::{Gists, Serving};

/// `long` lives for two hours, other tags for one, what has no tag for half of one.
fn lifetime(tag: Option<&Tag>) -> Duration {
    match tag.map(Tag::as_str) {
        Some("long") => Duration::from_hours(2),
        Some(_) => Duration::from_hours(1),
        None => Duration::from_mins(30),
    }
}

const IDLE: Duration = Duration::from_mins(10);

struct Sandbox {
    dir: tempfile::TempDir,
    gists: std::sync::Arc<Gists>,
}

impl Sandbox {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), gists: std::sync::Arc::default() }
    }

    /// The layout at a time of one day: `12:30`.
    fn at(&self, time: &str) -> Layout {
        let serving = Serving { gists: self.gists.clone(), lifetime: Some(lifetime), ..Serving::default() };
        self.open(time).serving(serving)
    }

    /// The same for those who limit nothing.
    fn open(&self, time: &str) -> Layout {
        let layout = Layout::create_at(&self.dir.path().join("app")).unwrap();
        layout.recording(record(&format!("2026-01-01T{time}:00Z")))
    }
}

fn publish(layout: &Layout, layer: &[u8], tags: &[&str]) -> Manifest {
    let (manifest, blobs) = bundle(layer);
    layout.put_all(&blobs, 2).unwrap();
    put(layout, &manifest, tags);
    manifest
}

fn put(layout: &Layout, manifest: &Manifest, tags: &[&str]) {
    let tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
    layout.publish(manifest, &tags, &Expect::Any).unwrap();
}

fn about(subject: &Manifest) -> Manifest {
    let json = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": "a/signature",
        "layers": [], "subject": subject.descriptor(),
    });
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

fn has(layout: &Layout, manifest: &Manifest) -> bool {
    layout.manifest(&Selector::Digest(manifest.digest().clone())).unwrap().is_some()
}

#[test]
fn a_tag_is_over_at_its_time_and_not_before() {
    let sandbox = Sandbox::new();
    let manifest = publish(&sandbox.at("12:00"), b"a", &["v1", "long"]);
    assert_eq!(sandbox.at("12:59").tags().unwrap(), [tag("long"), tag("v1")]);
    let later = sandbox.at("13:00");
    assert_eq!(later.tags().unwrap(), [tag("long")]);
    assert_eq!(later.manifest(&at("v1")).unwrap(), None);
    assert!(has(&later, &manifest));
    assert!(!has(&sandbox.at("14:00"), &manifest));
    assert_eq!(sandbox.at("14:00").resolve(&at("long")).unwrap(), None);
    let raw = sandbox.open("12:00").tagged(&tag("v1")).unwrap().unwrap();
    assert_eq!(raw.descriptor.annotation(EXPIRES), Some("2026-01-01T13:00:00Z"), "it is kept on disk");
}

#[test]
fn the_same_digest_under_the_same_tag_is_not_prolonged_and_another_is() {
    let sandbox = Sandbox::new();
    let first = publish(&sandbox.at("12:00"), b"a", &["v1"]);
    put(&sandbox.at("12:30"), &first, &["v1"]);
    assert_eq!(sandbox.at("13:00").tags().unwrap(), []);
    put(&sandbox.at("13:10"), &first, &["v1"]);
    assert_eq!(sandbox.at("14:00").tags().unwrap(), [tag("v1")], "what is over can be set anew");
    publish(&sandbox.at("14:05"), b"b", &["v1"]);
    assert_eq!(sandbox.at("14:50").tags().unwrap(), [tag("v1")]);
}

#[test]
fn what_lost_its_tag_is_over_when_it_would_have_been() {
    let sandbox = Sandbox::new();
    let first = publish(&sandbox.at("12:00"), b"a", &["v1"]);
    publish(&sandbox.at("12:30"), b"b", &["v1"]);
    assert!(has(&sandbox.at("12:59"), &first));
    assert!(!has(&sandbox.at("13:00"), &first));
    let untagged = publish(&sandbox.at("12:00"), b"c", &[]);
    put(&sandbox.at("12:05"), &untagged, &[]);
    assert!(has(&sandbox.at("12:29"), &untagged));
    assert!(!has(&sandbox.at("12:30"), &untagged));
    let tagged = publish(&sandbox.at("12:00"), b"d", &[]);
    put(&sandbox.at("12:05"), &tagged, &["long"]);
    assert!(has(&sandbox.at("14:04"), &tagged), "the tag's time counts from now on");
}

#[test]
fn what_is_about_something_lives_as_long_as_that() {
    let sandbox = Sandbox::new();
    let subject = publish(&sandbox.at("12:00"), b"a", &["long"]);
    let signature = about(&subject);
    put(&sandbox.at("12:00"), &signature, &[]);
    let second = about(&signature);
    put(&sandbox.at("12:00"), &second, &[]);
    let orphan = about(&bundle(b"never pushed").0);
    put(&sandbox.at("12:00"), &orphan, &[]);
    let late = sandbox.at("13:30");
    assert!(has(&late, &signature) && has(&late, &second) && !has(&late, &orphan));
    assert_eq!(late.referrers(subject.digest(), None).unwrap().len(), 1);
    assert_eq!(late.expire(IDLE).unwrap().entries, 1);
    let over = sandbox.at("14:00");
    assert!(!has(&over, &signature) && !has(&over, &second));
}

#[test]
fn the_children_of_a_list_and_what_is_about_them_live_as_long_as_the_list() {
    let sandbox = Sandbox::new();
    let child = publish(&sandbox.at("12:00"), b"a", &[]);
    let signature = about(&child);
    put(&sandbox.at("12:00"), &signature, &[]);
    let list = list_of(&[&child]);
    put(&sandbox.at("12:00"), &list, &["long"]);
    let expired = sandbox.at("13:30").expire(IDLE).unwrap();
    assert_eq!((expired.entries, expired.blobs), (1, 0), "the child's own entry");
    let late = sandbox.at("13:40");
    assert!(has(&late, &child) && has(&late, &signature));
    let over = sandbox.at("14:10").expire(IDLE).unwrap();
    assert_eq!(over.entries, 2);
    assert!(!has(&sandbox.at("14:10"), &child));
}

#[test]
fn what_nobody_set_a_time_for_lives_for_ever() {
    let sandbox = Sandbox::new();
    let built = publish(&sandbox.open("12:00"), b"a", &["v1"]);
    put(&sandbox.at("12:00"), &built, &["v1"]);
    put(&sandbox.at("12:00"), &built, &[]);
    assert_eq!(sandbox.at("23:00").expire(IDLE).unwrap(), Expired::default());
    assert!(has(&sandbox.at("23:00"), &built));
    publish(&sandbox.at("12:00"), b"b", &["v2"]);
    let moved = publish(&sandbox.open("12:10"), b"c", &["v2"]);
    assert!(has(&sandbox.at("23:00"), &moved), "set by those who limit nothing");
}

/// Sets the time of the last change of all blobs.
fn age(layout: &Layout, time: &str) {
    let time = record(&format!("2026-01-01T{time}:00Z")).time().unwrap();
    for file in fs::read_dir(layout.path().join("blobs/sha256")).unwrap() {
        fs::File::open(file.unwrap().path()).unwrap().set_modified(time).unwrap();
    }
}

fn blobs(layout: &Layout) -> usize {
    fs::read_dir(layout.path().join("blobs/sha256")).unwrap().count()
}

#[test]
fn what_only_the_dead_needed_is_collected() {
    let sandbox = Sandbox::new();
    let short = publish(&sandbox.at("12:00"), b"a", &["v1"]);
    let long = publish(&sandbox.at("12:00"), b"b", &["long"]);
    let layout = sandbox.at("13:00");
    age(&layout, "12:00");
    let expired = layout.expire(IDLE).unwrap();
    let size = (short.bytes().len() + 1) as u64;
    let end = Some(Duration::from_hours(1));
    assert_eq!(expired, Expired { entries: 1, blobs: 2, bytes: size, next: end });
    assert!(
        has(&layout, &long)
            && layout.missing(&long.blobs(), &crate::repository::Known::Nothing).unwrap().is_empty()
    );
    age(&layout, "12:00");
    let last = sandbox.at("14:00").expire(IDLE).unwrap();
    assert_eq!((last.entries, last.blobs, last.next), (1, 3, None));
    assert_eq!(blobs(&layout), 0);
    assert_eq!(fs::read_dir(layout.path().join("ingest")).unwrap().count(), 0);
}

#[test]
fn what_somebody_asked_for_lately_is_left() {
    let sandbox = Sandbox::new();
    let layout = sandbox.at("13:00");
    let (_, parts) = bundle(b"a");
    layout.put_all(&parts, 1).unwrap();
    age(&layout, "12:51");
    let expired = layout.expire(IDLE).unwrap();
    assert_eq!((expired.blobs, expired.next), (0, Some(Duration::from_mins(1))));
    sandbox.at("13:05").touch(&parts[0].0.digest);
    assert_eq!(sandbox.at("13:10").expire(IDLE).unwrap().blobs, 1);
    assert_eq!(layout.size(&parts[0].0.digest).unwrap(), Some(2));
}

#[test]
fn what_a_killed_registry_left_of_uploads_is_removed_after_an_hour() {
    let sandbox = Sandbox::new();
    let ingest = sandbox.at("12:00").path().join("ingest");
    for (name, time) in
        [("torte-upload-old", "11:59"), ("torte-upload-new", "12:01"), ("torte-other", "11:00")]
    {
        let time = record(&format!("2026-01-01T{time}:00Z")).time().unwrap();
        fs::File::create(ingest.join(name)).unwrap().set_modified(time).unwrap();
    }
    sandbox.at("13:00").sweep_uploads();
    let mut left: Vec<_> = fs::read_dir(&ingest).unwrap().map(|file| file.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["torte-other", "torte-upload-new"]);
}

#[test]
fn where_a_manifest_cannot_be_read_nothing_is_collected() {
    let sandbox = Sandbox::new();
    let layout = sandbox.at("13:00");
    let manifest = publish(&layout, b"a", &["long"]);
    let alone = Descriptor::of("x", b"alone");
    layout.put(&alone, &b"alone".to_vec(), &[]).unwrap();
    age(&layout, "12:00");
    let file = layout.path().join("blobs/sha256").join(manifest.digest().hex());
    fs::remove_file(&file).unwrap();
    fs::write(&file, "{}").unwrap();
    assert!(sandbox.at("13:00").expire(IDLE).is_err());
    assert_eq!(layout.size(&alone.digest).unwrap(), Some(5));
}

/// What is done to an index, in words and as a deed.
type Harm<'a> = (&'a str, &'a dyn Fn(&std::path::Path));

#[test]
fn where_the_index_hides_what_is_named_nothing_is_collected() {
    let harms: [Harm<'_>; 3] = [
        ("an index that is missing", &|index| fs::remove_file(index).unwrap()),
        ("an entry of an algorithm that nobody knows", &|index| {
            let text = fs::read_to_string(index).unwrap();
            fs::write(index, text.replacen("sha256:", "sha384:", 1)).unwrap();
        }),
        ("an index that is none", &|index| fs::write(index, "{}").unwrap()),
    ];
    for (name, harm) in harms {
        let sandbox = Sandbox::new();
        let layout = sandbox.at("12:00");
        publish(&layout, b"a", &["v1"]);
        publish(&layout, b"b", &["long"]);
        age(&layout, "12:00");
        harm(&layout.path().join("index.json"));
        let before = crate::store::fixture::state(layout.path());
        let error = sandbox.at("13:30").expire(IDLE).unwrap_err();
        assert!(error.what.contains("index.json"), "{name}: {error}");
        assert_eq!(crate::store::fixture::state(layout.path()), before, "{name}");
    }
}
