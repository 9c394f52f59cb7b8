//! Flux's artifacts and torte: what `flux push artifact` made torte carries, and `torte serve` does for Flux's commands.

use serde_json::Value;

use crate::golden::{Case, Tree, found};
use crate::lab::Lab;
use crate::registry::{Registry, distribution, open_ones, torte_serve};

const CONFIG: &str = "application/vnd.cncf.flux.config.v1+json";
const CONTENT: &str = "application/vnd.cncf.flux.content.v1.tar+gzip";
pub(crate) const SOURCE: &str = "https://git.example.com/team/config.git";
pub(crate) const REVISION: &str = "main@sha1:0123456789abcdef0123456789abcdef01234567";

/// Trees of every sort that can be pulled on every file system: names, depths, empty directories, ignored files, charts.
pub(crate) const CASES: [&str; 12] = [
    "003-flat-dir",
    "004-walk-order",
    "005-nested-dirs",
    "006-empty-dirs",
    "009-dotfiles",
    "011-sourceignore",
    "013-ignore-paths-replaces-defaults",
    "014-ignore-anchored",
    "036-long-names",
    "037-non-ascii-names",
    "045-kustomize-base-overlays",
    "046-helm-chart",
];

/// `flux push artifact`; returns the digest that it says.
pub(crate) fn push(lab: &Lab, registry: &Registry, name: &str, path: &str, flags: &[&str]) -> String {
    let url = format!("oci://{}/{name}", registry.host);
    let arguments = ["push", "artifact", &url, "--path", path, "--source", SOURCE, "--revision", REVISION];
    let pushed = lab.run("flux", &[&arguments[..], &["--output", "json"], flags].concat());
    let pushed: Value = serde_json::from_slice(&pushed).unwrap();
    pushed["digest"].as_str().unwrap().to_owned()
}

/// `flux pull artifact` into a new folder; returns what stands there then.
pub(crate) fn pull(lab: &Lab, registry: &Registry, name: &str, folder: &str) -> Tree {
    // Flux makes no folder.
    std::fs::create_dir_all(lab.path(folder)).unwrap();
    let url = format!("oci://{}/{name}", registry.host);
    lab.run("flux", &["pull", "artifact", &url, "--output", folder]);
    found(&lab.path(folder))
}

/// The rows of `flux list artifacts`: name, digest, source, revision.
pub(crate) fn rows(lab: &Lab, registry: &Registry, name: &str) -> Vec<[String; 4]> {
    let url = format!("oci://{}/{name}", registry.host);
    let listed = String::from_utf8(lab.run("flux", &["list", "artifacts", &url])).unwrap();
    let row = |line: &str| {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        <[String; 4]>::try_from(words).unwrap()
    };
    let mut rows: Vec<_> = listed.lines().skip(1).map(row).collect();
    rows.sort();
    rows
}

/// The row that must stand there for what was pushed with `SOURCE` and `REVISION`.
pub(crate) fn row(registry: &Registry, name: &str, digest: &str) -> [String; 4] {
    [&format!("{}/{name}", registry.host), digest, SOURCE, REVISION].map(str::to_owned)
}

fn inspected(lab: &Lab, reference: &str) -> Value {
    serde_json::from_str(&lab.torte(&["inspect", reference, "--format", "json"])).unwrap()
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_flux_pushes_torte_carries_from_place_to_place() {
    let Some(lab) = Lab::with(&["registry", "olareg", "flux"]) else { return };
    let case = Case::read("045-kustomize-base-overlays");
    case.write(&lab.path("input"));
    for (number, registry) in open_ones(&lab).iter().enumerate() {
        let digest = push(&lab, registry, "org/app:v1", "input", &[]);
        let place = registry.place("org/app:v1");
        assert_eq!(lab.torte(&["list", &registry.place("org/app")]), "v1");
        let shown = inspected(&lab, &place);
        assert_eq!((&shown["digest"], &shown["artifactType"]), (&digest.as_str().into(), &CONFIG.into()));
        assert_eq!(shown["layers"][0]["mediaType"], CONTENT);
        assert_eq!(shown["annotations"]["org.opencontainers.image.source"], SOURCE);
        assert_eq!(shown["annotations"]["org.opencontainers.image.revision"], REVISION);

        let local = format!("app-{number}:v1");
        assert_eq!(lab.torte(&["pull", &place, &local]), digest);
        assert_eq!(inspected(&lab, &local)["layers"][0]["digest"], shown["layers"][0]["digest"]);
        assert_eq!(lab.torte(&["push", &local, &registry.place("from/local:v1")]), digest);
        assert_eq!(lab.torte(&["copy", &place, &registry.place("from/remote:v1")]), digest);
        for name in ["from/local", "from/remote"] {
            let folder = format!("{number}/{name}");
            assert_eq!(pull(&lab, registry, &format!("{name}:v1"), &folder), case.packed(), "{name}");
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn every_golden_tree_goes_through_torte_serve_and_a_copy_to_another_registry() {
    let Some(lab) = Lab::with(&["registry", "flux"]) else { return };
    let (own, other) = (torte_serve(&lab), distribution(&lab));
    for case in CASES.map(Case::read) {
        let input = format!("input/{}", case.name());
        case.write(&lab.path(&input));
        let name = format!("trees/c{}:v1", case.name());
        let digest = push(&lab, &own, &name, &input, &case.flags());
        let by_digest = format!("trees/c{}@{digest}", case.name());
        assert_eq!(lab.torte(&["copy", &own.place(&name), &other.place(&name)]), digest);
        for (number, (registry, name)) in
            [(&own, &name), (&own, &by_digest), (&other, &name)].into_iter().enumerate()
        {
            let folder = format!("output/{number}/{}", case.name());
            assert_eq!(pull(&lab, registry, name, &folder), case.packed(), "{name}");
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_single_file_and_what_comes_by_stdin_are_carried_too() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";
    lab.write("shop.yaml", text);
    let file = push(&lab, &registry, "app:file", "shop.yaml", &[]);
    let url = format!("oci://{}/app:stdin", registry.host);
    let arguments = ["push", "artifact", &url, "--path", "-", "--source", SOURCE, "--revision", REVISION];
    let input = std::fs::File::open(lab.path("shop.yaml")).unwrap();
    assert!(lab.command("flux", &arguments).stdin(input).status().unwrap().success());

    assert_eq!(lab.torte(&["copy", &registry.place("app:file"), &registry.place("copied:file")]), file);
    lab.torte(&["copy", &registry.place("app:stdin"), &registry.place("copied:stdin")]);
    let only = |tag: &str| {
        let tree = pull(&lab, &registry, &format!("copied:{tag}"), tag);
        assert_eq!(tree.len(), 1, "{tree:?}");
        let name = tree.into_keys().next().unwrap();
        let content = std::fs::read_to_string(lab.path(tag).join(&name)).unwrap();
        (name, content)
    };
    assert_eq!(only("file"), ("shop.yaml".to_owned(), text.to_owned()));
    // Flux gives what comes by stdin a name of its own, and drops the line's end at its end.
    assert_eq!(only("stdin").1, text.trim_end());
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn flux_lists_tags_and_compares_in_torte_serve() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    let case = Case::read("003-flat-dir");
    case.write(&lab.path("input"));
    let first = push(&lab, &registry, "org/app:v1", "input", &[]);
    let url = format!("oci://{}/org/app:v1", registry.host);
    lab.run("flux", &["tag", "artifact", &url, "--tag", "stable", "--tag", "live"]);
    lab.run("flux", &["diff", "artifact", &url, "--path", "input"]);
    lab.write("input/more.yaml", "a: 1\n");
    let differs = lab.command("flux", &["diff", "artifact", &url, "--path", "input"]).output().unwrap();
    assert!(!differs.status.success(), "a file was added");
    let second = push(&lab, &registry, "org/app:v2", "input", &[]);
    assert_ne!(first, second);

    let row = |tag: &str, digest: &str| row(&registry, &format!("org/app:{tag}"), digest);
    let expected = vec![row("live", &first), row("stable", &first), row("v1", &first), row("v2", &second)];
    assert_eq!(rows(&lab, &registry, "org/app"), expected);
    assert_eq!(lab.torte(&["list", &registry.place("org/app")]), "live\nstable\nv1\nv2");
    // What torte tags Flux sees.
    lab.torte(&["tag", &registry.place("org/app:v2"), "next"]);
    assert!(rows(&lab, &registry, "org/app").contains(&row("next", &second)));
}
