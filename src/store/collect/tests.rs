//! Collections: what is wanted stays, what is not goes, and nobody at work is harmed.

use super::*;
use crate::oci::{Manifest, Selector, media_type};
use crate::repository::{Expect, Repository as _};
use crate::store::fixture::{at, bundle, list_of, record, state, tag, written_by_flipt};

const SET: &str = "2026-01-01T00:00:00Z";
const DAY: Duration = Duration::from_hours(24);

struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        Layout::create_at(&sandbox.path()).unwrap();
        sandbox
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("app")
    }

    /// A writer of its own, which is at work until it is dropped.
    fn open(&self) -> Layout {
        Layout::open_at(&self.path()).unwrap().unwrap().recording(record(SET))
    }

    fn publish(&self, layer: &[u8], tags: &[&str]) -> Manifest {
        let (manifest, blobs) = bundle(layer);
        self.open().put_all(&blobs, 2).unwrap();
        self.put(&manifest, tags)
    }

    fn put(&self, manifest: &Manifest, tags: &[&str]) -> Manifest {
        let tags: Vec<_> = tags.iter().map(|text| tag(text)).collect();
        self.open().publish(manifest, &tags, &Expect::Any).unwrap();
        manifest.clone()
    }

    fn about(&self, subject: &Manifest, kind: &str, tags: &[&str]) -> Manifest {
        let json = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": kind,
            "layers": [], "subject": subject.descriptor(),
        });
        self.put(&Manifest::parse(json.to_string().into_bytes(), None).unwrap(), tags)
    }

    /// Lets all content look as if nobody had touched it for so long.
    fn age(&self, age: Duration) {
        for file in fs::read_dir(self.path().join("blobs/sha256")).unwrap() {
            let file = fs::File::open(file.unwrap().path()).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
    }

    fn collect(&self, older: Duration, after: Duration, dry_run: bool) -> Result<Collected, Error> {
        self.open().collect(&Sweep { now: record(SET).time().unwrap() + after, older, dry_run })
    }

    fn collect_all(&self) -> Collected {
        self.collect(Duration::ZERO, Duration::ZERO, false).unwrap()
    }

    fn has(&self, digest: &Digest) -> bool {
        self.path().join("blobs/sha256").join(digest.hex()).exists()
    }

    fn has_bundle(&self, manifest: &Manifest) -> bool {
        self.open().manifest(&Selector::Digest(manifest.digest().clone())).unwrap().is_some()
    }
}

#[test]
fn what_lost_its_last_tag_goes_after_the_grace_with_what_only_it_needs() {
    let sandbox = Sandbox::new();
    let [old, new] = [b"old", b"new"].map(|layer| sandbox.publish(layer, &["v1"]));
    sandbox.age(DAY * 3);
    let early = sandbox.collect(DAY, Duration::from_secs(24 * 3600 - 1), false).unwrap();
    assert_eq!(early, Collected { young_bundles: 1, ..Collected::default() });
    assert!(sandbox.has_bundle(&old));

    let late = sandbox.collect(DAY, DAY, false).unwrap();
    let bytes = (old.bytes().len() + b"old".len()) as u64;
    assert_eq!(late.bundles, [old.digest().clone()]);
    assert_eq!((late.blobs, late.bytes, late.young_blobs), (2, bytes, 0));
    assert!(!sandbox.has_bundle(&old) && !sandbox.has(old.digest()) && !sandbox.has(&Digest::of(b"old")));
    assert!(sandbox.has_bundle(&new) && sandbox.has(&Digest::of(b"new")) && sandbox.has(&Digest::of(b"{}")));
    assert_eq!(sandbox.collect(DAY, DAY * 9, false).unwrap(), Collected::default());
}

#[test]
fn content_that_nothing_names_stays_for_the_grace_too() {
    let sandbox = Sandbox::new();
    sandbox.publish(b"layer", &["v1"]);
    sandbox.open().put_all(&bundle(b"never published").1, 1).unwrap();
    let kept = sandbox.collect(DAY, DAY * 2, false).unwrap();
    assert_eq!((kept.blobs, kept.young_blobs, kept.young_bytes), (0, 1, 15));
    sandbox.age(DAY * 2);
    let gone = sandbox.collect(DAY, DAY * 2, false).unwrap();
    assert_eq!((gone.blobs, gone.bytes, gone.young_blobs), (1, 15, 0));
}

#[test]
fn no_grace_takes_all_that_is_unwanted_whatever_its_time() {
    let sandbox = Sandbox::new();
    let [tagged, untagged, pinned] = [b"1", b"2", b"3"].map(|layer| bundle(layer));
    for (manifest, blobs) in [&tagged, &untagged, &pinned] {
        sandbox.open().put_all(blobs, 1).unwrap();
        sandbox.put(manifest, &["v1"]);
    }
    let pull = crate::store::Record { pinned: true, ..record(SET) };
    let puller = Layout::open_at(&sandbox.path()).unwrap().unwrap().recording(pull);
    puller.publish(&pinned.0, &[], &Expect::Any).unwrap();
    drop(puller);
    sandbox.put(&tagged.0, &["v1"]);
    let ahead = sandbox.path().join("blobs/sha256").join(untagged.0.digest().hex());
    fs::File::open(ahead).unwrap().set_modified(SystemTime::now() + DAY).unwrap();
    let collected = sandbox.collect_all();
    assert_eq!(
        (collected.bundles.as_slice(), collected.blobs),
        ([untagged.0.digest().clone()].as_slice(), 2)
    );
    assert!(
        sandbox.has_bundle(&tagged.0) && sandbox.has_bundle(&pinned.0) && !sandbox.has_bundle(&untagged.0)
    );
    assert_eq!((collected.young_blobs, collected.untagged), (0, 0));
}

#[test]
fn what_is_about_a_bundle_stays_and_goes_with_it() {
    let sandbox = Sandbox::new();
    let subject = sandbox.publish(b"subject", &["v1"]);
    let signature = sandbox.about(&subject, "a/signature", &[]);
    let counter = sandbox.about(&signature, "a/signature", &[]);
    let pull = crate::store::Record { pinned: true, ..record(SET) };
    let copied = sandbox.about(&subject, "copied", &["away"]);
    let puller = Layout::open_at(&sandbox.path()).unwrap().unwrap().recording(pull);
    puller.remove(&at("away")).unwrap();
    puller.publish(&copied, &[], &Expect::Any).unwrap();
    drop(puller);
    let hex = subject.digest().hex();
    let cosign = sandbox.publish(b"cosign", &[&format!("sha256-{hex}.sig")]);
    let fallback = sandbox.put(&list_of(&[&signature]), &[&format!("sha256-{hex}")]);
    let named = sandbox.about(&subject, "an/attestation", &["mine"]);
    let all = [&subject, &signature, &counter, &copied, &cosign, &fallback, &named];
    assert_eq!(sandbox.collect_all(), Collected::default());
    assert!(all.iter().all(|one| sandbox.has_bundle(one)));

    sandbox.open().remove(&at("v1")).unwrap();
    let collected = sandbox.collect_all();
    assert_eq!(collected.tags, [format!("sha256-{hex}.sig"), format!("sha256-{hex}")]);
    for (manifest, stays) in all.iter().zip([false, false, false, false, false, false, true]) {
        assert_eq!(sandbox.has(manifest.digest()), stays, "{}", manifest.digest());
    }
}

#[test]
fn what_is_about_something_that_never_was_here_stays() {
    let sandbox = Sandbox::new();
    let (elsewhere, _) = bundle(b"elsewhere");
    let hex = elsewhere.digest().hex().to_owned();
    let kept = sandbox.publish(b"cosign", &[&format!("sha256-{hex}.sig")]);
    let alone = sandbox.publish(b"alone", &[]);
    // A tag that is made of the digest that it names is a tag like any other.
    let own = format!("sha256-{}", alone.digest().hex());
    sandbox.put(&alone, &[&own]);
    assert_eq!(sandbox.collect_all().bundles, []);
    assert!(sandbox.has_bundle(&kept) && sandbox.has_bundle(&alone));
}

#[test]
fn what_another_program_entered_without_a_tag_stays_and_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = Sandbox(dir);
    fs::create_dir(sandbox.path()).unwrap();
    let (old, new) = written_by_flipt(&sandbox.path(), b"old", b"new");
    let index = fs::read(sandbox.path().join("index.json")).unwrap();
    let collected = sandbox.collect_all();
    assert_eq!((collected.untagged, collected.blobs), (1, 0));
    assert!(sandbox.has_bundle(&old) && sandbox.has_bundle(&new));
    assert_eq!(
        fs::read(sandbox.path().join("index.json")).unwrap(),
        index,
        "it is left as it was, byte for byte"
    );
}

#[test]
fn what_a_list_lists_stays_as_far_as_it_is_here() {
    let sandbox = Sandbox::new();
    let [here, gone] = [b"here", b"gone"].map(|layer| sandbox.publish(layer, &["v1"]));
    let list = sandbox.put(&list_of(&[&here, &gone]), &["all"]);
    let layout = sandbox.open();
    for child in [&here, &gone] {
        assert!(layout.delete(&Selector::Digest(child.digest().clone())).is_err(), "it is listed");
    }
    layout.remove(&at("v1")).unwrap();
    let listed = |index: &mut Index| {
        index.retain(|entry| entry.digest == *list.digest());
        Ok(())
    };
    layout.index.edit(listed, |_| Ok(())).unwrap();
    drop(layout);
    fs::remove_file(sandbox.path().join("blobs/sha256").join(gone.digest().hex())).unwrap();
    let collected = sandbox.collect_all();
    assert!(sandbox.has_bundle(&list) && sandbox.has_bundle(&here));
    assert!(sandbox.has(&Digest::of(b"here")) && !sandbox.has(&Digest::of(b"gone")));
    assert_eq!(collected.blobs, 1, "a part of a list is whole as it is");
}

/// What is done to a layout, in words, and with its bundle under `v1`.
type Harm<'a> = (&'a str, &'a dyn Fn(&Sandbox, &Manifest));

#[test]
fn where_anything_cannot_be_read_nothing_goes() {
    let spoil = |sandbox: &Sandbox, digest: &Digest, bytes: &[u8]| {
        let file = sandbox.path().join("blobs/sha256").join(digest.hex());
        fs::remove_file(&file).unwrap();
        fs::write(file, bytes).unwrap();
    };
    let edit = |sandbox: &Sandbox, from: &str, to: &str| {
        let file = sandbox.path().join("index.json");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from));
        fs::write(file, text.replacen(from, to, 1)).unwrap();
    };
    let child = |sandbox: &Sandbox| list_child(sandbox);
    let harms: [Harm<'_>; 7] = [
        ("a manifest that rotted", &|sandbox, manifest| spoil(sandbox, manifest.digest(), b"{}")),
        ("a manifest that is missing", &|sandbox, manifest| {
            fs::remove_file(sandbox.path().join("blobs/sha256").join(manifest.digest().hex())).unwrap();
        }),
        ("a child that was cut short", &|sandbox, _| spoil(sandbox, &child(sandbox), b"{")),
        ("an index that is missing", &|sandbox, _| {
            fs::remove_file(sandbox.path().join("index.json")).unwrap();
        }),
        ("an index that is none", &|sandbox, _| fs::write(sandbox.path().join("index.json"), "{}").unwrap()),
        ("an entry that is no descriptor", &|sandbox, _| edit(sandbox, "\"sha256:", "\"md5:")),
        ("an entry of a type that nobody knows", &|sandbox, _| {
            edit(sandbox, "image.manifest.v1+json", "image.other.v1+json");
        }),
    ];
    for (name, harm) in harms {
        let sandbox = Sandbox::new();
        let manifest = sandbox.publish(b"kept", &["v1"]);
        sandbox.publish(b"a child", &["v2"]);
        list_child(&sandbox);
        sandbox.open().put_all(&bundle(b"garbage").1, 1).unwrap();
        sandbox.open().remove(&at("v2")).unwrap();
        harm(&sandbox, &manifest);
        let before = state(&sandbox.path());
        for dry_run in [true, false] {
            let error = sandbox.collect(Duration::ZERO, Duration::ZERO, dry_run).unwrap_err();
            assert!(!error.what.is_empty(), "{name}");
        }
        assert_eq!(state(&sandbox.path()), before, "{name}");
    }
}

/// Enters a list of the bundle of `a child` once, and gives the digest of that.
fn list_child(sandbox: &Sandbox) -> Digest {
    let (child, _) = bundle(b"a child");
    let layout = sandbox.open();
    if layout.tagged(&tag("all")).unwrap().is_none() {
        layout.publish(&list_of(&[&child]), &[tag("all")], &Expect::Any).unwrap();
        layout.remove(&at("v2")).unwrap();
        layout
            .index
            .edit(
                |index| {
                    index.retain(|entry| entry.digest != *child.digest());
                    Ok(())
                },
                |_| Ok(()),
            )
            .unwrap();
        let (manifest, _) = bundle(b"kept");
        layout.publish(&manifest, &[tag("v2")], &Expect::Any).unwrap();
    }
    child.digest().clone()
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    let sandbox = Sandbox::new();
    for layer in [b"old", b"new"] {
        sandbox.publish(layer, &["v1"]);
    }
    fs::write(sandbox.path().join("ingest/torte-left"), "left").unwrap();
    sandbox.age(DAY);
    let before = state(&sandbox.path());
    let layout = Layout::open_at(&sandbox.path()).unwrap().unwrap();
    let sweep = Sweep { now: SystemTime::now(), older: Duration::ZERO, dry_run: true };
    let told = layout.collect(&sweep).unwrap();
    assert_eq!(state(&sandbox.path()), before);
    assert_eq!((told.bundles.len(), told.blobs, told.leftovers), (1, 2, 1));
    assert_eq!(sandbox.collect_all(), told);
}

#[test]
fn what_somebody_at_work_wrote_or_found_is_not_taken() {
    let sandbox = Sandbox::new();
    let found = sandbox.publish(b"found", &["v1"]);
    sandbox.publish(b"other", &["v1"]);
    let (written, blobs) = bundle(b"written");
    let reused: Vec<Descriptor> = bundle(b"found").1.into_iter().map(|(blob, _)| blob).collect();
    let writer = sandbox.open();
    assert!(writer.missing(&reused, &crate::repository::Known::Nothing).unwrap().is_empty());
    writer.put_all(&blobs, 1).unwrap();
    let collected = sandbox.collect_all();
    assert_eq!(
        (collected.bundles.as_slice(), collected.young_blobs),
        ([found.digest().clone()].as_slice(), 2)
    );
    writer.publish(&written, &[tag("v2")], &Expect::Any).unwrap();
    writer.publish(&found, &[tag("v3")], &Expect::Any).unwrap();
    drop(writer);
    assert_eq!(sandbox.collect_all().blobs, 0);
    sandbox.open().remove(&at("v3")).unwrap();
    assert_eq!(sandbox.collect_all().blobs, 2);
}

#[test]
fn what_somebody_at_work_is_writing_is_not_taken() {
    let sandbox = Sandbox::new();
    let ingest = sandbox.path().join("ingest");
    let finished = |draft: disk::Draft| draft.finish(&sandbox.0.path().join("finished"));
    let held = disk::Draft::begin_held(&ingest, disk::Access::Frozen).unwrap();
    assert_eq!(sandbox.collect_all().leftovers, 0, "it is locked");
    finished(held).unwrap();

    let writer = sandbox.open();
    assert!(writer.missing(&[], &crate::repository::Known::Nothing).unwrap().is_empty());
    let draft = disk::Draft::begin(&ingest, disk::Access::Frozen).unwrap();
    assert_eq!(sandbox.collect_all().leftovers, 0, "its writer has a lease");
    finished(draft).unwrap();

    let left = disk::Draft::begin(&ingest, disk::Access::Frozen).unwrap();
    drop(writer);
    assert_eq!(sandbox.collect_all().leftovers, 1, "neither");
    assert!(finished(left).is_err());
}

#[test]
fn what_a_killed_process_left_is_taken_with_its_lease() {
    let sandbox = Sandbox::new();
    let kept = sandbox.publish(b"kept", &["v1"]);
    sandbox.open().put_all(&bundle(b"half of it").1, 1).unwrap();
    for name in ["torte-lease-left", "torte-half", "torte-discarded-00", "another-tools"] {
        fs::write(sandbox.path().join("ingest").join(name), "1234").unwrap();
    }
    let collected = sandbox.collect_all();
    assert_eq!((collected.leftovers, collected.blobs, collected.bytes), (3, 1, 12 + 10));
    let left: Vec<_> =
        fs::read_dir(sandbox.path().join("ingest")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["another-tools"]);
    assert!(sandbox.has_bundle(&kept));
}

#[cfg(unix)]
#[test]
fn only_space_that_comes_back_is_counted() {
    let sandbox = Sandbox::new();
    sandbox.open().put_all(&bundle(b"12345").1, 1).unwrap();
    let blob = sandbox.path().join("blobs/sha256").join(Digest::of(b"12345").hex());
    fs::hard_link(blob, sandbox.0.path().join("second-name")).unwrap();
    let collected = sandbox.collect_all();
    assert_eq!((collected.blobs, collected.bytes), (2, 2), "the `{{}}` of the config alone");
}

#[test]
fn links_and_odd_names_are_left_alone() {
    let sandbox = Sandbox::new();
    let blobs = sandbox.path().join("blobs/sha256");
    fs::write(blobs.join("notes.txt"), "x").unwrap();
    fs::create_dir(blobs.join("0".repeat(64))).unwrap();
    fs::create_dir(sandbox.path().join("blobs/md5")).unwrap();
    fs::write(sandbox.path().join("blobs/md5/00"), "x").unwrap();
    let before = fs::read_dir(&blobs).unwrap().count();
    assert_eq!(sandbox.collect_all().blobs, 0);
    assert_eq!(fs::read_dir(&blobs).unwrap().count(), before);
    assert!(sandbox.path().join("blobs/md5/00").exists());
}
