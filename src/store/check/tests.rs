//! Faults, injected one by one: each is named, and what is sound stays so.

use std::fs;
use std::time::Duration;

use super::*;
use crate::oci::{Descriptor, media_type};
use crate::repository::{Expect, Repository as _};
use crate::store::fixture::{bundle, list_of, state, tag, written_by_flipt};

fn look() -> Look {
    Look { joined: |_| None, threads: 2, now: SystemTime::now() }
}

/// A layout with a bundle under `v1`, which is also in the list under `all`.
struct Sandbox {
    dir: tempfile::TempDir,
    manifest: Manifest,
    list: Manifest,
}

impl Sandbox {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::create_at(&dir.path().join("app")).unwrap();
        let (manifest, blobs) = bundle(b"layer");
        layout.put_all(&blobs, 1).unwrap();
        layout.publish(&manifest, &[tag("v1")], &Expect::Any).unwrap();
        let list = list_of(&[&manifest]);
        layout.publish(&list, &[tag("all")], &Expect::Any).unwrap();
        Self { dir, manifest, list }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("app")
    }

    fn blob(&self, digest: &Digest) -> PathBuf {
        self.path().join("blobs/sha256").join(digest.hex())
    }

    fn layer(&self) -> PathBuf {
        self.blob(&Digest::of(b"layer"))
    }

    fn replace(path: &Path, bytes: &[u8]) {
        fs::remove_file(path).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn edit(&self, from: &str, to: &str) {
        let file = self.path().join("index.json");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(file, text.replacen(from, to, 1)).unwrap();
    }

    fn check(&self) -> Checked {
        check(&self.path(), "app", &look()).unwrap()
    }

    /// The problems and the names of the files that have them.
    fn found(&self) -> Vec<(Problem, String)> {
        let name = |fault: &Fault| fault.path.file_name().unwrap().to_str().unwrap().to_owned();
        self.check().faults.iter().map(|fault| (fault.problem, name(fault))).collect()
    }
}

#[test]
fn a_sound_layout_has_no_fault_and_is_not_touched() {
    let sandbox = Sandbox::new();
    let before = state(&sandbox.path());
    let checked = sandbox.check();
    assert_eq!(checked.faults, []);
    assert_eq!((checked.bundles, checked.blobs), (2, 4));
    let bytes = sandbox.manifest.bytes().len() + sandbox.list.bytes().len() + b"layer{}".len();
    assert_eq!(checked.bytes, bytes as u64);
    assert_eq!(state(&sandbox.path()), before);

    let dir = tempfile::tempdir().unwrap();
    written_by_flipt(dir.path(), b"old", b"new");
    assert_eq!(check(dir.path(), "flipt", &look()).unwrap().faults, []);
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
#[test]
fn each_fault_is_named_with_its_file() {
    type Harm<'a> = (Problem, &'a dyn Fn(&Sandbox) -> PathBuf);
    let harms: [Harm<'_>; 20] = [
        (Problem::Digest, &|sandbox| {
            Sandbox::replace(&sandbox.layer(), b"lAyer");
            sandbox.layer()
        }),
        (Problem::Digest, &|sandbox| {
            Sandbox::replace(&sandbox.layer(), b"laye");
            sandbox.layer()
        }),
        (Problem::Digest, &|sandbox| {
            Sandbox::replace(&sandbox.layer(), b"");
            sandbox.layer()
        }),
        (Problem::Missing, &|sandbox| {
            fs::remove_file(sandbox.layer()).unwrap();
            sandbox.layer()
        }),
        (Problem::Missing, &|sandbox| {
            let file = sandbox.blob(sandbox.list.digest());
            fs::remove_file(&file).unwrap();
            file
        }),
        (Problem::Digest, &|sandbox| {
            let file = sandbox.blob(sandbox.list.digest());
            Sandbox::replace(&file, b"{}");
            file
        }),
        (Problem::Digest, &|sandbox| {
            // Nobody needs it, but the next build would rely on it.
            let file = sandbox.blob(&Digest::of(b"large"));
            fs::write(&file, vec![0; 2_000_000]).unwrap();
            file
        }),
        (Problem::NotAFile, &|sandbox| {
            fs::remove_file(sandbox.layer()).unwrap();
            fs::create_dir(sandbox.layer()).unwrap();
            sandbox.layer()
        }),
        (Problem::Index, &|sandbox| {
            fs::write(sandbox.path().join("index.json"), "{\"schemaVersion\":2,").unwrap();
            sandbox.path().join("index.json")
        }),
        (Problem::Index, &|sandbox| {
            sandbox.edit("\"schemaVersion\":2", "\"schemaVersion\":1");
            sandbox.path().join("index.json")
        }),
        (Problem::Missing, &|sandbox| {
            fs::remove_file(sandbox.path().join("index.json")).unwrap();
            sandbox.path().join("index.json")
        }),
        (Problem::Missing, &|sandbox| {
            fs::remove_file(sandbox.path().join("oci-layout")).unwrap();
            sandbox.path().join("oci-layout")
        }),
        (Problem::Layout, &|sandbox| {
            fs::write(sandbox.path().join("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}").unwrap();
            sandbox.path().join("oci-layout")
        }),
        (Problem::MediaType, &|sandbox| {
            sandbox.edit("application/vnd.oci.image.manifest.v1+json", media_type::DOCKER_MANIFEST);
            sandbox.blob(sandbox.manifest.digest())
        }),
        (Problem::Size, &|sandbox| {
            let size = format!("\"size\":{}", sandbox.list.bytes().len());
            sandbox.edit(&size, "\"size\":1");
            sandbox.blob(sandbox.list.digest())
        }),
        (Problem::Entry, &|sandbox| {
            sandbox.edit("\"manifests\":[", "\"manifests\":[{\"digest\":\"md5:0\"},");
            sandbox.path().join("index.json")
        }),
        (Problem::Tag, &|sandbox| {
            sandbox.edit("\"v1\"", "\"v 1\"");
            sandbox.path().join("index.json")
        }),
        (Problem::Leftover, &|sandbox| {
            let file = sandbox.path().join("ingest/torte-left");
            fs::write(&file, "x").unwrap();
            file
        }),
        (Problem::Stray, &|sandbox| {
            let file = sandbox.path().join("notes.txt");
            fs::write(&file, "x").unwrap();
            file
        }),
        (Problem::Stray, &|sandbox| {
            let file = sandbox.path().join("blobs/sha256/ABC");
            fs::write(&file, "x").unwrap();
            file
        }),
    ];
    for (problem, harm) in harms {
        let sandbox = Sandbox::new();
        let file = harm(&sandbox);
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let found = sandbox.found();
        assert!(found.contains(&(problem, name.clone())), "{problem:?} {name}: {found:?}");
        let others: Vec<_> = found.iter().filter(|(_, other)| *other != name).collect();
        assert!(others.is_empty(), "{problem:?} {name}: {others:?}");
        for fault in sandbox.check().faults {
            assert!(!fault.what.is_empty() && !fault.todo.is_empty(), "{fault:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_the_place_of_content_are_named_without_waiting() {
    let sandbox = Sandbox::new();
    fs::rename(sandbox.layer(), sandbox.dir.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(sandbox.dir.path().join("elsewhere"), sandbox.layer()).unwrap();
    assert_eq!(sandbox.found()[0].0, Problem::NotAFile);
    fs::remove_file(sandbox.layer()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(sandbox.layer()).status().unwrap().success());
    assert_eq!(sandbox.found()[0].0, Problem::NotAFile);
}

#[test]
fn bundles_that_suffer_are_named() {
    let sandbox = Sandbox::new();
    fs::remove_file(sandbox.layer()).unwrap();
    let faults = sandbox.check().faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].bundles, ["app:all", "app:v1"]);
}

#[test]
fn a_descriptor_that_says_another_size_of_a_blob_is_a_fault_of_its_manifest() {
    let sandbox = Sandbox::new();
    let layout = Layout::open_at(&sandbox.path()).unwrap().unwrap();
    let text = String::from_utf8(sandbox.manifest.bytes().to_vec()).unwrap();
    let lying = Manifest::parse(text.replace("\"size\":5", "\"size\":6").into_bytes(), None).unwrap();
    assert_ne!(lying.digest(), sandbox.manifest.digest());
    fs::write(sandbox.blob(lying.digest()), lying.bytes()).unwrap();
    layout
        .index
        .edit(
            |index| {
                index.push(lying.descriptor());
                Ok(())
            },
            |_| Ok(()),
        )
        .unwrap();
    assert_eq!(sandbox.found(), [(Problem::Size, lying.digest().hex().to_owned())]);
}

#[test]
fn layers_that_do_not_add_up_are_a_fault() {
    let whole_of = |bytes: &[u8]| {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::create_at(&dir.path().join("app")).unwrap();
        let layers: Vec<(Descriptor, Vec<u8>)> = [bytes, b"aEND", b"bEND"]
            .iter()
            .map(|bytes| (Descriptor::of("x", bytes), bytes.to_vec()))
            .collect();
        layout.put_all(&layers, 1).unwrap();
        let layers: Vec<&Descriptor> = layers.iter().map(|(layer, _)| layer).collect();
        let json =
            serde_json::json!({"schemaVersion": 2, "mediaType": media_type::MANIFEST, "layers": layers});
        let manifest = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
        layout.publish(&manifest, &[tag("v1")], &Expect::Any).unwrap();
        let joined = |manifest: &Manifest| {
            let (whole, parts) = manifest.layers().split_at(1);
            Some(Joined { whole: whole[0].clone(), parts: parts.to_vec(), end: b"END" })
        };
        let faults = check(layout.path(), "app", &Look { joined, ..look() }).unwrap().faults;
        (faults, manifest)
    };
    assert_eq!(whole_of(b"abEND").0, []);
    for wrong in [b"abxEND".as_slice(), b"ab", b"baEND", b"abENDEND"] {
        let (faults, manifest) = whole_of(wrong);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!((faults[0].problem, &faults[0].digest), (Problem::Sum, &Some(manifest.digest().clone())));
        assert_eq!(faults[0].bundles, ["app:v1"]);
    }
}

#[test]
fn what_others_are_writing_is_no_fault_and_what_they_left_long_ago_is() {
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("ingest/oras_123");
    fs::write(&file, "x").unwrap();
    let draft =
        crate::disk::Draft::begin_held(&sandbox.path().join("ingest"), crate::disk::Access::Usual).unwrap();
    assert_eq!(sandbox.found(), []);
    let past = SystemTime::now() - Duration::from_hours(25);
    fs::File::open(&file).unwrap().set_modified(past).unwrap();
    assert_eq!(sandbox.found(), [(Problem::Leftover, "oras_123".to_owned())]);
    let repaired = repair(&sandbox.path(), "app", &sandbox.check().faults).unwrap();
    assert_eq!(repaired.removed, [file]);
    assert_eq!(sandbox.found(), []);
    drop(draft);
}

#[test]
fn a_repair_moves_what_is_corrupt_and_touches_nothing_else() {
    let sandbox = Sandbox::new();
    let sound = state(&sandbox.path().join("blobs"));
    Sandbox::replace(&sandbox.layer(), b"lAyer");
    fs::write(sandbox.path().join("notes.txt"), "x").unwrap();
    let faults = sandbox.check().faults;
    let repaired = repair(&sandbox.path(), "app", &faults).unwrap();
    let target =
        sandbox.path().join(".torte.quarantine").join(format!("sha256-{}", Digest::of(b"layer").hex()));
    assert_eq!(repaired.quarantined, [(sandbox.layer(), target.clone())]);
    assert_eq!(fs::read(&target).unwrap(), b"lAyer");
    assert_eq!(
        sandbox.found(),
        [(Problem::Missing, Digest::of(b"layer").hex().to_owned()), (Problem::Stray, "notes.txt".to_owned()),]
    );
    assert_eq!(state(&sandbox.path().join("blobs")).len(), sound.len() - 1);

    // A build mends it, and the next fault of the same blob has a place too.
    let layout = Layout::open_at(&sandbox.path()).unwrap().unwrap();
    layout.put_all(&bundle(b"layer").1, 1).unwrap();
    assert_eq!(sandbox.found(), [(Problem::Stray, "notes.txt".to_owned())]);
    Sandbox::replace(&sandbox.layer(), b"again");
    let repaired = repair(&sandbox.path(), "app", &sandbox.check().faults).unwrap();
    assert!(repaired.quarantined[0].1.to_str().unwrap().ends_with(".1"));
}

#[test]
fn a_repair_leaves_what_was_mended_meanwhile() {
    let sandbox = Sandbox::new();
    Sandbox::replace(&sandbox.layer(), b"lAyer");
    let faults = sandbox.check().faults;
    Sandbox::replace(&sandbox.layer(), b"layer");
    let repaired = repair(&sandbox.path(), "app", &faults).unwrap();
    assert_eq!(repaired, Repaired::default());
    assert_eq!(sandbox.found(), []);
}

#[test]
fn a_making_that_was_cut_short_is_a_leftover() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("app/blobs/sha256")).unwrap();
    let checked = check(&dir.path().join("app"), "app", &look()).unwrap();
    assert_eq!(checked.faults.len(), 1);
    assert_eq!(checked.grade(), Some(Grade::Warning));
}
