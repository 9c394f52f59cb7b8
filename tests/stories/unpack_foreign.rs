//! Bundles of flux, oras, crane, helm, and by hand: unpacked as Flux does where Flux is right, or refused with the reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use torte::oci::Digest;

use crate::support::archive::{Layer, write_layout};
use crate::support::{Registry, Sandbox};

/// What becomes of a layout.
enum Verdict {
    /// The same tree as `flux pull` writes.
    AsFlux,
    /// The same but for paths that `flux pull` writes and should not.
    AsFluxWithout(&'static [&'static str]),
    /// These files of the tree of `001-flux-push-dir`, where `flux pull` fails or takes only a part.
    Files(&'static [&'static str]),
    /// Refused with this exit code and these words.
    Refused(i32, &'static str),
}
use Verdict::{AsFlux, AsFluxWithout, Files, Refused};

const WHOLE: &[&str] =
    &["README.md", "cluster/ns.yaml", "team-a/svc.yaml", "team-a/web.yaml", "team-b/cm.yaml"];

/// Each layout, what torte does with it, and why where that is not plain.
const TABLE: [(&str, Verdict, &str); 61] = [
    ("001-flux-push-dir", AsFlux, ""),
    ("002-flux-push-file", AsFlux, ""),
    ("003-flux-push-stdin", AsFlux, "but for the mode 0600, which becomes 0644"),
    ("004-oras-files", Files(WHOLE_BUT_CLUSTER), "each layer is a file; Flux looks for an archive"),
    ("005-oras-files-typed", Files(&["team-a/web.yaml", "README.md"]), "the same, with other media types"),
    ("006-oras-dirs-and-file", Files(WHOLE_BUT_CLUSTER), "Flux takes the first of three layers in silence"),
    ("007-oras-dot", AsFlux, ""),
    ("008-oras-flux-types", AsFlux, "the name of the layer is that of Flux's archive, not of a file"),
    ("009-crane-append", AsFlux, ""),
    ("010-crane-append-oci", AsFlux, ""),
    ("011-crane-append-plain-tar", AsFlux, ""),
    ("012-helm-push", AsFlux, ""),
    ("013-index-platforms", AsFlux, "the child for linux/amd64"),
    ("014-index-no-platform", AsFlux, "the first child"),
    ("015-index-arm-only", Refused(3, "no bundle without a platform"), "as Flux"),
    ("016-index-empty", Refused(3, "no bundle without a platform"), "as Flux"),
    ("017-index-nested", AsFlux, ""),
    ("018-docker-schema2", AsFlux, ""),
    ("019-zstd-layer", Refused(1, "compressed with zstd"), "Flux fails too, without saying why"),
    ("020-zstd-in-flux-type", Refused(1, "compressed with zstd"), "whatever the media type says"),
    ("021-multi-member-gzip", AsFlux, ""),
    (
        "022-multi-member-each-terminated",
        Refused(1, "something follows its end"),
        "Flux sees one of two archives; others see both",
    ),
    ("023-hybrid", AsFlux, "the first layer is the whole tree"),
    ("024-hybrid-no-artifacttype", AsFlux, "the first layer is the whole tree"),
    ("025-layers-only-json-first", Refused(1, "application/vnd.torte.index.v1+json"), "Flux fails too"),
    (
        "026-layers-only-gzip-first",
        Refused(1, "not the one with its content"),
        "Flux takes a part for the whole, and would prune the rest from a cluster",
    ),
    ("027-two-flux-layers", Refused(1, "2 layers have content"), "Flux leaves the second out in silence"),
    ("028-plain-tar-layer", Files(WHOLE), "Flux reads gzip alone; the archive is sound"),
    ("029-flux-layer-second", Refused(1, "application/json"), "Flux fails too"),
    ("030-no-layers", Refused(1, "no layer with content"), "as Flux"),
    ("031-gzip-json-first", Refused(1, "application/vnd.torte.index.v1+json+gzip"), "Flux fails too"),
    ("032-empty-config-artifacttype", AsFlux, ""),
    ("033-no-media-type-field", AsFlux, ""),
    ("035-tar-gnu-long-name", AsFlux, ""),
    ("036-tar-pax-global-header", AsFluxWithout(&["@PaxHeader"]), "Flux takes the header for a file"),
    (
        "038-tar-symlink",
        Refused(1, "`link.yaml` is refused: it is a symbolic link"),
        "Flux drops links in silence",
    ),
    ("039-tar-device", Refused(1, "`null` is refused: it is a character device"), "as Flux"),
    ("041-tar-absolute-name", Refused(1, "`/abs.yaml` is refused: its path is absolute"), "as Flux"),
    ("042-tar-dotdot-name", Refused(1, "`../up.yaml` is refused: its path has `..`"), "as Flux"),
    ("044-tar-dotdot-end", Refused(1, "`a/../` is refused: its path has `..`"), "as Flux"),
    ("045-tar-backslash-name", Refused(1, r"`a\b.yaml` is refused: its name has a backslash"), "as Flux"),
    ("047-tar-file-then-dir", Refused(1, "`x` is a file and a directory"), "as Flux"),
    ("048-tar-dir-then-file", Refused(1, "`x` is a file and a directory"), "as Flux"),
    ("050-tar-readonly-and-setuid", AsFlux, "but for modes: all become 0755 or 0644"),
    (
        "051-tar-no-end-blocks",
        AsFlux,
        "many writers forget the end, and the digest of the blob says that nothing is missing",
    ),
    ("053-tar-garbage-after-gzip", Refused(1, "neither gzip nor zeros"), "Flux never looks there"),
    ("054-tar-zeros-after-gzip", AsFlux, "padding hides nothing"),
    ("056-tar-bad-crc", Refused(1, "checksum"), "Flux never looks there"),
    ("057-tar-gzip-with-name", AsFlux, ""),
    ("059-tar-empty-tar", AsFlux, "nothing in it, and nothing wrong with it"),
    ("060-empty-blob", Refused(1, "it is empty"), "Flux fails too"),
    ("062-tar-contig-type7", AsFlux, "POSIX wants it read as a file"),
    ("063-tar-v7-trailing-slash-dir", AsFlux, ""),
    ("065-tar-raw-dotdot-file", Refused(1, "`..` is refused"), "as Flux"),
    ("066-tar-raw-dotdot-inside", Refused(1, "`b/..` is refused"), "as Flux"),
    ("068-tar-raw-empty-name", Refused(1, "it has no name"), "as Flux"),
    (
        "069-tar-raw-file-trailing-slash",
        Refused(1, "name ends in `/`"),
        "a file to Flux, a directory to others",
    ),
    (
        "071-tar-raw-unknown-type",
        Refused(1, "its type is unknown"),
        "a file to Flux; what it is to others is unknown",
    ),
    (
        "072-tar-raw-control-name",
        Refused(1, r"`a\nb\u{1b}[2J.yaml` is refused"),
        "Flux writes it, escape codes and all",
    ),
    ("074-tar-raw-dot-components", AsFlux, ""),
    ("075-tar-raw-bad-checksum", Refused(1, "a header's checksum is wrong"), "as Flux"),
];

const WHOLE_BUT_CLUSTER: &[&str] = &["README.md", "team-a/svc.yaml", "team-a/web.yaml", "team-b/cm.yaml"];

fn foreign() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux/foreign")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A layout and its bundle, as one writes them.
fn bundle(name: &str) -> (String, String) {
    let layout = foreign().join(name).join("layout");
    let index = json(&layout.join("index.json"));
    let tag = index["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"].as_str().unwrap();
    let place = format!("ocidir://{}", layout.display());
    (format!("{place}:{tag}"), place)
}

/// Paths of files with their SHA-256 and whether they may be run; directories have neither.
type Tree = BTreeMap<String, Option<(String, bool)>>;

fn tree_of_flux(name: &str) -> Tree {
    let expect = json(&foreign().join(name).join("expect.json"));
    let entry = |entry: &Value| {
        let mode = u32::from_str_radix(entry["mode"].as_str().unwrap(), 8).unwrap();
        let content = entry["sha256"].as_str().map(|digest| (digest.to_owned(), mode & 0o111 != 0));
        (entry["path"].as_str().unwrap().trim_end_matches('/').to_owned(), content)
    };
    expect["flux_pull"]["tree"].as_array().unwrap().iter().map(entry).collect()
}

fn tree_on_disk(root: &Path) -> Tree {
    let entry = |path: PathBuf| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let content = path
            .is_file()
            .then(|| (Digest::of(&fs::read(&path).unwrap()).hex().to_owned(), may_be_run(&path)));
        (name, content)
    };
    walkdir::WalkDir::new(root)
        .min_depth(1)
        .into_iter()
        .map(|found| entry(found.unwrap().into_path()))
        .collect()
}

/// Also that the mode is one of the two that torte writes.
#[cfg(unix)]
fn may_be_run(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert!(mode & !0o755 == 0 && mode & 0o600 == 0o600, "{}: {mode:o}", path.display());
    mode & 0o100 != 0
}

#[cfg(not(unix))]
fn may_be_run(_: &Path) -> bool {
    false
}

/// Paths of a tree with the directories above them.
fn part(tree: &Tree, paths: &[&str]) -> Tree {
    let is_wanted =
        |path: &str| paths.iter().any(|wanted| *wanted == path || wanted.starts_with(&format!("{path}/")));
    tree.iter()
        .filter(|(path, _)| is_wanted(path))
        .map(|(path, content)| (path.clone(), content.clone()))
        .collect()
}

#[test]
fn every_layout_is_unpacked_as_it_should_be_or_refused_for_what_is_wrong_with_it() {
    let whole = tree_of_flux("001-flux-push-dir");
    for (name, verdict, _) in TABLE {
        let sandbox = Sandbox::new();
        let (bundle, _) = bundle(name);
        let outcome = sandbox.run_with(&["unpack", &bundle, "out"]);
        let expected = match verdict {
            AsFlux => tree_of_flux(name),
            AsFluxWithout(wrong) => {
                let mut tree = tree_of_flux(name);
                for path in wrong {
                    assert!(tree.remove(*path).is_some(), "{name}: Flux wrote no {path}");
                }
                tree
            }
            Files(paths) => part(&whole, paths),
            Refused(code, words) => {
                outcome.fails(code).prints("").says(words);
                assert_eq!(tree_on_disk(&sandbox.path("")), Tree::new(), "{name}");
                continue;
            }
        };
        outcome.succeeds().prints("").hides("warning");
        assert_eq!(tree_on_disk(&sandbox.path("out")), expected, "{name}");
    }
}

#[test]
fn the_table_has_a_row_for_every_layout_and_where_it_differs_from_flux_a_reason() {
    let mut layouts: Vec<_> = fs::read_dir(foreign())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    layouts.sort();
    let rows: Vec<_> = TABLE.iter().map(|(name, ..)| *name).collect();
    assert_eq!(layouts, rows);
    for (name, verdict, why) in TABLE {
        let flux_took_it = json(&foreign().join(name).join("expect.json"))["flux_pull"]["ok"] == true;
        let differs = match verdict {
            AsFlux => !flux_took_it,
            AsFluxWithout(_) | Files(_) => true,
            Refused(..) => flux_took_it,
        };
        assert!(!differs || (!why.is_empty() && why != "as Flux"), "{name}: {why}");
    }
}

#[test]
fn every_layout_is_listed_inspected_and_copied_whatever_its_layers_hold() {
    let sandbox = Sandbox::new();
    for (name, ..) in TABLE {
        let (bundle, place) = bundle(name);
        let expect = json(&foreign().join(name).join("expect.json"));
        let digest = expect["manifest_digest"].as_str().unwrap();
        let short = &digest["sha256:".len()..][..12];
        sandbox.run_with(&["list", &place]).succeeds().shows(short).hides("warning");
        let inspected = sandbox.run_with(&["inspect", &bundle, "--format", "json"]).succeeds().json();
        assert_eq!(inspected["digest"], digest, "{name}");
        sandbox.run_with(&["inspect", &bundle]).succeeds();
        let contents = sandbox.run_with(&["inspect", &bundle, "--contents"]).succeeds();
        let has_layers = inspected["layers"].as_array().is_some_and(|layers| !layers.is_empty());
        if inspected["kind"].is_null() && has_layers {
            contents.says("`torte unpack` writes what they hold");
        }
        let manifest = sandbox.run_with(&["inspect", &bundle, "--manifest"]).succeeds();
        assert_eq!(manifest.stdout, expect["manifest"].as_str().unwrap(), "{name}");
        sandbox
            .run_with(&["copy", &bundle, &format!("{name}:copied")])
            .succeeds()
            .prints(&format!("{digest}\n"));
        sandbox.run(&format!("list {name}")).succeeds().shows(short).hides("warning");
    }
}

#[test]
fn a_foreign_bundle_is_unpacked_from_a_registry_too_with_no_request_too_many() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    for (name, requests) in [("006-oras-dirs-and-file", 4), ("023-hybrid", 2)] {
        let (bundle, _) = bundle(name);
        let remote = registry.at(&format!("team/{name}:v1"));
        sandbox.run_with(&["copy", &bundle, &remote]).succeeds();
        registry.requests();
        sandbox.run(&format!("unpack {remote} {name}")).succeeds();
        assert_eq!(registry.requests().len(), requests, "the manifest and the layers that are needed");
        sandbox.run_with(&["unpack", &bundle, &format!("local-{name}")]).succeeds();
        let unpacked = tree_on_disk(&sandbox.path(name));
        assert_eq!(unpacked, tree_on_disk(&sandbox.path(&format!("local-{name}"))));
        assert!(!unpacked.is_empty());
    }
}

#[test]
fn what_stands_in_the_directory_stays_unless_it_has_the_name_of_a_file_in_the_bundle() {
    let sandbox = Sandbox::new();
    let (bundle, _) = bundle("001-flux-push-dir");
    sandbox.write("out/README.md", "old").write("out/team-a/mine.yaml", "mine");
    sandbox.run_with(&["unpack", &bundle, "out"]).fails(7).says("--force");
    assert_eq!(sandbox.read("out/README.md"), "old");
    sandbox.run_with(&["unpack", &bundle, "out", "--force"]).succeeds().says("5 files");
    assert_ne!(sandbox.read("out/README.md"), "old");
    assert_eq!(sandbox.read("out/team-a/mine.yaml"), "mine");
    sandbox.run_with(&["unpack", &bundle, "part", "--namespace", "team-a"]).fails(3).says("--namespace");
    assert!(!sandbox.path("part").exists());
}

#[test]
fn a_layer_that_is_not_what_its_digest_says_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    let (bundle, _) = bundle("021-multi-member-gzip");
    sandbox.run_with(&["copy", &bundle, "app:v1"]).succeeds();
    let json = sandbox.run("inspect app:v1 --format json").succeeds().json();
    let layer = json["layers"][0]["digest"].as_str().unwrap().replace("sha256:", "");
    let blob = sandbox.store().join("app/blobs/sha256").join(layer);
    let sound = fs::read(&blob).unwrap();
    // In the first header, in the middle, in the last checksum; and one that only the digest shows: the header's time.
    for at in [1, sound.len() / 2, sound.len() - 6, 5] {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x20;
        fs::remove_file(&blob).unwrap();
        fs::write(&blob, bytes).unwrap();
        sandbox.run("unpack app:v1 out").fails(5).says("digest");
        assert_eq!(tree_on_disk(&sandbox.path("")), Tree::new(), "byte {at}");
    }
}

#[test]
fn a_layer_without_a_name_is_left_out_where_others_have_one() {
    let sandbox = Sandbox::new();
    let layers = [Layer::oras("a.yaml", false, b"a".to_vec()), Layer::image(b"whatever it is".to_vec())];
    write_layout(&sandbox.path("bundle"), &layers);
    sandbox.run("unpack ocidir://bundle:v1 out").succeeds().says("warning: 1 layer without a name left out");
    assert_eq!(tree_on_disk(&sandbox.path("out")).into_keys().collect::<Vec<_>>(), ["a.yaml"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_while_a_layer_is_read_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    // Large enough to be read for a while, and incompressible enough not to be taken for a bomb.
    let noise: Vec<u8> = (0_u32..1 << 20)
        .flat_map(|at| Digest::of(&at.to_le_bytes()).hex().as_bytes()[..8].to_vec())
        .collect();
    let entries = (0..12)
        .map(|at| crate::support::archive::entry(b'0', format!("{at}"), &noise))
        .collect::<Vec<_>>()
        .concat();
    write_layout(&sandbox.path("bundle"), &[Layer::flux(entries)]);
    let mut child = sandbox.command(&["unpack", "ocidir://bundle:v1", "out"]).spawn().unwrap();
    while !sandbox.path("out").exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let id = child.id().to_string();
    let killed = std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert!(!sandbox.path("out").exists());
}
