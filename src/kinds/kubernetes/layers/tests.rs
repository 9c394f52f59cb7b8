//! The invariants of the profiles: nothing depends on threads, and the parts are the whole.

use super::*;
use crate::bundle::{ManifestVersion, Stamp, pack};
use crate::kinds::kubernetes::inventory::Inventory;
use crate::kinds::kubernetes::{is_bundle, is_hybrid, whole_tree};

fn file(path: &str, size: usize) -> Packed<'_> {
    // Text that does not compress to nothing, and differs from file to file.
    let bytes = (0..size).map(|at| b"abcdefghijklmnopqrstuvwxyz\n"[(at * at + path.len()) % 27]).collect();
    Packed::File { path, is_executable: path == "web/run.sh", bytes, reason: "namespace" }
}

fn parts() -> Vec<Part<'static>> {
    let part = |name: &str, requires: &[&str], entries: Vec<Packed<'static>>| Part {
        name: name.to_owned(),
        requires: requires.iter().map(|name| (*name).to_owned()).collect(),
        entries,
    };
    let directory = |path: &'static str| Packed::Directory { path };
    vec![
        part("_shared", &[], vec![directory("empty"), file("base/kustomization.yaml", 40)]),
        part("big", &[], (0..40).map(|at| file(format!("big/{at:02}.yaml").leak(), 40_000)).collect()),
        part("web", &["_shared"], vec![directory("web"), file("web/run.sh", 10), file("web/x.yaml", 2_000)]),
    ]
}

fn packed(content: Content) -> crate::bundle::Bundle {
    let stamp = Stamp {
        created: "1970-01-01T00:00:00Z".into(),
        version: ManifestVersion::V1_1,
        annotations: BTreeMap::new(),
    };
    pack(content, &stamp).unwrap()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = hybrid(parts(), 1);
    for threads in [2, 3, 8, 64] {
        assert_eq!(hybrid(parts(), threads), one, "{threads}");
    }
}

#[test]
fn the_parts_make_the_whole() {
    let bundle = packed(hybrid(parts(), 2));
    assert!(is_hybrid(&bundle.manifest) && is_bundle(&bundle.manifest));
    let joined = whole_tree(&bundle.manifest);
    assert_eq!(joined.parts.len(), 3);
    let body = |digest: &Digest| {
        let found = bundle.blobs.iter().find(|(blob, _)| blob.digest == *digest).unwrap();
        found.1.clone()
    };
    let mut whole = joined.joiner();
    let mut made = Vec::new();
    for part in &joined.parts {
        whole.feed(&body(&part.digest), |_| Ok::<_, crate::bundle::JoinError>(())).unwrap();
        whole.end_part().unwrap();
        let bytes = body(&part.digest);
        made.extend_from_slice(&bytes[..bytes.len() - joined.end.len()]);
    }
    whole.finish(&joined.whole, |_| Ok::<_, crate::bundle::JoinError>(())).unwrap();
    made.extend_from_slice(joined.end);
    assert_eq!(made, body(&joined.whole.digest));
}

#[test]
fn the_config_says_what_each_layer_is_uncompressed() {
    use std::io::Read as _;

    let content = hybrid(parts(), 2);
    let Identity::Config(CONFIG, config) = &content.identity else { panic!("{:?}", content.identity) };
    let config: serde_json::Value = serde_json::from_slice(config).unwrap();
    for (layer, diff_id) in content.layers.iter().zip(config["rootfs"]["diff_ids"].as_array().unwrap()) {
        let mut tar = Vec::new();
        flate2::read::MultiGzDecoder::new(&layer.body[..]).read_to_end(&mut tar).unwrap();
        assert_eq!(*diff_id, Digest::of(&tar).to_string());
    }
    let groups = config["dev.torte.inventory"]["groups"].as_array().unwrap();
    assert_eq!(groups[2]["requires"][0], "_shared");
    assert_eq!(groups[2]["files"][0]["path"], "web/run.sh");
    assert_eq!(groups[2]["layer"], Digest::of(&content.layers[3].body).to_string());
}

#[test]
fn the_inventory_is_held_against_the_manifest() {
    let bundle = packed(hybrid(parts(), 2));
    let (config, bytes) = &bundle.blobs[0];
    assert_eq!(config.media_type, CONFIG);
    let inventory = Inventory::parse(bytes, &bundle.manifest).unwrap();
    assert_eq!(inventory.closure(&["web".to_owned()]).unwrap(), [0, 2]);
    assert_eq!(inventory.closure(&["web".to_owned(), "x".to_owned()]), Err(vec!["x".to_owned()]));
    let other = packed(hybrid(parts().into_iter().skip(1).collect(), 2));
    assert!(Inventory::parse(bytes, &other.manifest).is_err(), "another bundle's");
    let text = String::from_utf8(bytes.clone()).unwrap();
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"requires\":[\"_shared\"]", "\"requires\":[\"nobody\"]"),
        ("\"name\":\"web\"", "\"name\":\"big\""),
        ("\"name\":\"web\"", "\"name\":\"other\""),
    ] {
        assert!(text.contains(from));
        let changed = text.replacen(from, to, 1);
        assert!(Inventory::parse(changed.as_bytes(), &bundle.manifest).is_err(), "{to}");
    }
}

#[test]
fn one_layer_is_what_flux_and_argo_expect() {
    let whole =
        || Part { entries: parts().into_iter().flat_map(|part| part.entries).collect(), ..Part::default() };
    let flux = packed(super::flux(whole(), 2));
    let config = flux.manifest.config().unwrap();
    // The constant config of flux 2.9, by its digest (`flux-artifact-format`, 1.2).
    assert_eq!(
        config.digest.to_string(),
        "sha256:5b943e2b943f6c81dbbd4e2eca5121f4fcc39139e3d1219d6d89bd925b77d9fe"
    );
    let argo = packed(super::argo(whole(), 3));
    assert_eq!(argo.manifest.layers()[0].digest, flux.manifest.layers()[0].digest, "the same archive");
    assert!(is_bundle(&flux.manifest) && is_bundle(&argo.manifest) && !is_hybrid(&flux.manifest));
}
