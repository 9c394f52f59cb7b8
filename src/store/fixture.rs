//! What the tests of this room share: manifests, records, and a layout as Flipt writes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Record;
use crate::oci::{Descriptor, Manifest, Selector, Tag, media_type};

pub(super) const FLIPT: &str = "application/vnd.io.flipt.features.v1";
pub(super) const CREATED: &str = "2024-01-02T03:04:05Z";

pub(super) fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

pub(super) fn at(text: &str) -> Selector {
    Selector::Tag(tag(text))
}

pub(super) fn record(now: &str) -> Record {
    Record { now: now.to_owned(), origin: None, pinned: false }
}

/// A Flipt manifest with one layer, and its blobs.
pub(super) fn bundle(layer: &[u8]) -> (Manifest, Vec<(Descriptor, Vec<u8>)>) {
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    let layer = (Descriptor::of("application/vnd.io.flipt.features.namespace.v1", layer), layer.to_vec());
    let json = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": FLIPT,
        "config": config, "layers": [layer.0], "annotations": {media_type::CREATED: CREATED},
    });
    let manifest = Manifest::parse(json.to_string().into_bytes(), None).unwrap();
    (manifest, vec![(config, b"{}".to_vec()), layer])
}

/// A manifest list.
pub(super) fn list_of(children: &[&Manifest]) -> Manifest {
    let children: Vec<_> = children.iter().map(|child| child.descriptor()).collect();
    let json = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::INDEX, "manifests": children,
    });
    Manifest::parse(json.to_string().into_bytes(), None).unwrap()
}

/// Everything below a directory: path, length, time of the last change.
pub(super) fn state(path: &Path) -> Vec<(PathBuf, u64, SystemTime)> {
    let entries = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().map(Result::unwrap);
    let facts = entries.map(|entry| (entry.metadata().unwrap(), entry.into_path()));
    facts.map(|(about, path)| (path, about.len(), about.modified().unwrap())).collect()
}

/// A layout after `flipt bundle build` of `old` and `new` under the tag `latest`, of `new` under `v1` too, and of `old`
/// without a tag: tagged entries first, one manifest twice, one without a name, and an empty `ingest`.
pub(super) fn written_by_flipt(path: &Path, old: &[u8], new: &[u8]) -> (Manifest, Manifest) {
    let blobs = path.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::create_dir(path.join("ingest")).unwrap();
    fs::write(path.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let ((old, old_blobs), (new, new_blobs)) = (bundle(old), bundle(new));
    let manifests = [&old, &new].map(|manifest| (manifest.descriptor(), manifest.bytes().to_vec()));
    for (blob, bytes) in old_blobs.into_iter().chain(new_blobs).chain(manifests) {
        let file = blobs.join(blob.digest.hex());
        if !file.exists() {
            fs::write(&file, bytes).unwrap();
            let mut access = fs::metadata(&file).unwrap().permissions();
            access.set_readonly(true);
            fs::set_permissions(&file, access).unwrap();
        }
    }
    let entry = |manifest: &Manifest, name: &str| {
        let (digest, size) = (manifest.digest(), manifest.bytes().len());
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"annotations":{{"org.opencontainers.image.created":"{CREATED}"{name}}},"artifactType":"{FLIPT}"}}"#
        )
    };
    let named = |tag: &str| format!(r#","org.opencontainers.image.ref.name":"{tag}""#);
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{},{},{}]}}"#,
        entry(&new, &named("v1")),
        entry(&new, &named("latest")),
        entry(&old, "")
    );
    fs::write(path.join("index.json"), index).unwrap();
    (old, new)
}
