//! Bundles of manifests between torte and the real Flux: what one packs the other unpacks, file for file.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use torte::oci::Digest;

use crate::flux::{CASES, REVISION, SOURCE, pull, push, row, rows};
use crate::golden::{Case, Entry, Tree, found};
use crate::lab::Lab;
use crate::registry::{distribution, olareg, torte_serve};

const PROFILES: [&str; 3] = ["flux", "hybrid", "argo"];
const CANNOT_BE_MET: i32 = 1;

const MANIFEST: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";

/// Has names that are one on systems that do not tell `a` from `A`.
const TWINS: &str = "004-walk-order";
/// Helm's own form is Helm's to push.
const CHART: &str = "046-helm-chart";

/// The trees that both take.
fn cases() -> impl Iterator<Item = Case> {
    CASES.into_iter().filter(|name| ![TWINS, CHART].contains(name)).map(Case::read)
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_torte_builds_flux_pulls() {
    let Some(lab) = Lab::with(&["registry", "flux"]) else { return };
    let registry = distribution(&lab);
    for case in cases() {
        let input = lab.text(&format!("input/{}", case.name()));
        case.write(input.as_ref());
        for profile in PROFILES {
            let name = format!("trees/c{}:{profile}", case.name());
            let build = ["build", &name, &input, "--kind", "kubernetes", "--profile", profile];
            let digest =
                lab.torte(&[&build[..], &case.flags(), &["--push", &registry.place(&name)]].concat());
            let by_digest = format!("trees/c{}@{digest}", case.name());
            for (how, name) in [("tag", &name), ("digest", &by_digest)] {
                let folder = format!("output/{}/{profile}/{how}", case.name());
                assert_eq!(pull(&lab, &registry, name, &folder), case.packed(), "{profile}: {name}");
            }
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_flux_pushes_torte_unpacks() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    for case in cases().chain([Case::read(CHART)]) {
        let input = format!("input/{}", case.name());
        case.write(&lab.path(&input));
        let name = format!("trees/c{}:v1", case.name());
        let digest = push(&lab, &registry, &name, &input, &case.flags());
        let place = registry.place(&name);
        assert_eq!(lab.torte(&["pull", &place, &name]), digest);
        let shown: Value = serde_json::from_str(&lab.torte(&["inspect", &name, "--format", "json"])).unwrap();
        assert_eq!(shown["kind"], "kubernetes", "{name}");
        for (how, from) in [("local", &name), ("remote", &place)] {
            let output = lab.text(&format!("output/{how}/{}", case.name()));
            lab.torte(&["unpack", from, &output]);
            assert_eq!(found(output.as_ref()), case.packed(), "{how}: {name}");
        }
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn names_that_differ_in_case_alone_are_packed_in_flux_s_form_only_and_not_unpacked() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    let case = Case::read(TWINS);
    let input = lab.text("input");
    case.write(input.as_ref());
    let build = ["build", "twins:v1", &input, "--kind", "kubernetes", "--profile"];
    for profile in ["hybrid", "argo"] {
        assert_eq!(lab.torte_fails(&[&build[..], &[profile]].concat()), CANNOT_BE_MET, "{profile}");
    }
    lab.torte(&[&build[..], &["flux", "--push", &registry.place("by/torte:v1")]].concat());
    push(&lab, &registry, "by/flux:v1", "input", &[]);
    for name in ["by/torte:v1", "by/flux:v1"] {
        assert_eq!(pull(&lab, &registry, name, &format!("output/{name}")), case.packed(), "{name}");
        assert_eq!(lab.torte_fails(&["unpack", &registry.place(name), "unpacked"]), CANNOT_BE_MET, "{name}");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn of_a_mode_only_the_owner_s_right_to_execute_comes_out() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    for (name, mode) in [("a.yaml", 0o644), ("tight.yaml", 0o600), ("run.sh", 0o755), ("own.sh", 0o4700)] {
        let path = lab.write(&format!("input/{name}"), MANIFEST);
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let file = |mode| Entry::File { mode, digest: Digest::of(MANIFEST.as_bytes()).to_string() };
    let expected: Tree = [("a.yaml", 0o644), ("tight.yaml", 0o644), ("run.sh", 0o755), ("own.sh", 0o755)]
        .map(|(name, mode)| (name.to_owned(), file(mode)))
        .into();
    for profile in PROFILES {
        let name = format!("modes:{profile}");
        let build = ["build", &name, &lab.text("input"), "--kind", "kubernetes", "--profile", profile];
        lab.torte(&[&build[..], &["--push", &registry.place(&name)]].concat());
        assert_eq!(pull(&lab, &registry, &name, &format!("flux/{profile}")), expected, "{profile}");
        lab.torte(&["unpack", &name, &lab.text(&format!("torte/{profile}"))]);
        assert_eq!(found(&lab.path(&format!("torte/{profile}"))), expected, "{profile}");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn one_file_goes_both_ways_and_so_does_what_comes_by_stdin() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let registry = torte_serve(&lab);
    let file = lab.write("space.yaml", MANIFEST);
    let by_stdin = |tool: &str, arguments: &[&str]| {
        let input = std::fs::File::open(&file).unwrap();
        assert!(lab.command(tool, arguments).stdin(input).status().unwrap().success(), "{tool}");
    };
    let content = |folder: &str| {
        let tree = found(&lab.path(folder));
        assert_eq!(tree.len(), 1, "{tree:?}");
        let name = tree.into_keys().next().unwrap();
        let content = std::fs::read_to_string(lab.path(folder).join(&name)).unwrap();
        (name, content)
    };
    let whole = ("space.yaml".to_owned(), MANIFEST.to_owned());

    push(&lab, &registry, "flux:file", "space.yaml", &[]);
    lab.torte(&["unpack", &registry.place("flux:file"), "unpacked"]);
    assert_eq!(content("unpacked"), whole);
    let url = format!("oci://{}/flux:stdin", registry.host);
    let about = ["--source", SOURCE, "--revision", REVISION];
    by_stdin("flux", &[&["push", "artifact", &url, "--path", "-"], &about[..]].concat());
    lab.torte(&["unpack", &registry.place("flux:stdin"), "unpacked-stdin"]);
    // Flux gives it a name of its own, and drops the line's end at its end.
    assert_eq!(content("unpacked-stdin").1, MANIFEST.trim_end());

    for profile in PROFILES {
        let place = registry.place(&format!("torte:{profile}"));
        lab.torte(&["build", "torte:v1", "space.yaml", "--profile", profile, "--push", &place]);
        pull(&lab, &registry, &format!("torte:{profile}"), profile);
        assert_eq!(content(profile), whole, "{profile}");
        let (tag, folder) = (format!("stdin-{profile}"), format!("stdin-{profile}"));
        let place = registry.place(&format!("torte:{tag}"));
        let build = ["build", "torte:v1", "-", "--stdin-name", "space.yaml"];
        by_stdin("torte", &[&build[..], &["--profile", profile, "--push", &place]].concat());
        pull(&lab, &registry, &format!("torte:{tag}"), &folder);
        assert_eq!(content(&folder), whole, "{profile} by stdin");
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn flux_lists_and_tags_what_torte_built_and_takes_it_for_changed() {
    let Some(lab) = Lab::with(&["olareg", "flux"]) else { return };
    let registry = olareg(&lab);
    let case = Case::read("045-kustomize-base-overlays");
    let input = lab.text("input");
    case.write(input.as_ref());
    let about = ["--source", SOURCE, "--revision", REVISION];
    for profile in PROFILES {
        let name = format!("{profile}/app:v1");
        let build = ["build", &name, &input, "--kind", "kubernetes", "--profile", profile];
        let digest = lab.torte(&[&build[..], &about, &["--push", &registry.place(&name)]].concat());
        let url = format!("oci://{}/{name}", registry.host);
        lab.run("flux", &["tag", "artifact", &url, "--tag", "stable"]);
        let row = |tag: &str| row(&registry, &format!("{profile}/app:{tag}"), &digest);
        assert_eq!(rows(&lab, &registry, &format!("{profile}/app")), [row("stable"), row("v1")]);
        // It compares compressed bytes, and no two compressors write the same.
        let compared = lab.command("flux", &["diff", "artifact", &url, "--path", "input"]).output().unwrap();
        assert!(String::from_utf8_lossy(&compared.stderr).contains("differs"), "{profile}");
    }
}
