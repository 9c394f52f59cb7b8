//! Trees that were written for Flux, read as they are; where each file belongs is reasoned from the rules.

use std::path::Path;

use serde_json::Value;

use super::*;
use crate::kinds::kubernetes::outline::{is_manifest, outline};

/// A case's files, read as a build reads them.
fn wood(case: &str) -> Wood {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux/cases").join(case);
    let case: Value = serde_json::from_slice(&std::fs::read(path).expect("a case")).expect("JSON");
    let files = case["tree"]["files"].as_object().expect("files");
    let read = |(path, file): (&String, &Value)| {
        let bytes = file["text"].as_str().expect("text").as_bytes();
        let outline = if is_manifest(path) { outline(path, bytes) } else { Outline::default() };
        (path.clone(), outline, Root::read(path, bytes))
    };
    Wood(files.iter().map(read).collect())
}

#[test]
fn bases_overlays_and_components() {
    let wood = wood("045-kustomize-base-overlays.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        // No namespace is stated, and none of their objects has one.
        "base/app.env _shared unit-shared",
        "base/deployment.yaml _shared unit-shared",
        "base/kustomization.yaml _shared unit-shared",
        "base/service.yaml _shared unit-shared",
        "components/tls/certificate.yaml _shared unit-shared",
        "components/tls/kustomization.yaml _shared unit-shared",
        "overlays/dev/kustomization.yaml app-dev unit-namespace",
        "overlays/dev/namespace.yaml app-dev unit-namespace",
        "overlays/prod/kustomization.yaml app-prod unit-namespace",
        "overlays/prod/namespace.yaml app-prod unit-namespace",
        "overlays/prod/patches/replicas.yaml app-prod unit-namespace",
        "overlays/prod/pdb.yaml app-prod unit-namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    assert_eq!(requires(&grouping), ["_shared: ", "app-dev: _shared", "app-prod: _shared"]);
    assert_eq!(grouping.warnings, [], "all paths lead somewhere");
}

#[test]
fn a_chart() {
    let wood = wood("046-helm-chart.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    assert_eq!(wood.placed(&grouping).len(), 8);
    assert!(wood.placed(&grouping).iter().all(|line| line.ends_with(" _shared unit-shared")));
    assert_eq!(grouping.warnings, [], "its templates are not expected to be YAML");
}

#[test]
fn documents_of_several_namespaces() {
    let wood = wood("047-multidoc-namespaces.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "all.yaml _shared several-namespaces",
        // It begins with `%YAML 1.2`, which kustomize 5.5.0 refuses ("found incompatible YAML document").
        "team-a/web.yaml _unscoped unreadable",
        // Its subject is of team-a, it is of team-b.
        "team-b/rb.yaml team-b namespace",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    // Where the Service of team-b begins.
    assert!(grouping.notes[0].contains("(all.yaml:33:1)"), "{:?}", grouping.notes);
    let [warning] = &told(&grouping.warnings)[..] else { panic!("one warning") };
    assert!(warning.starts_with("team-a/web.yaml:"), "{warning}");
}

#[test]
fn cluster_scoped_objects() {
    let wood = wood("048-cluster-scoped.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "clusterrole.yaml _cluster cluster",
        // The namespace that it states means nothing.
        "crb-with-ns.yaml _cluster cluster",
        "crd.yaml _cluster cluster",
        "ns/team-a.yaml team-a namespace-object",
        "storageclass.yaml _cluster cluster",
        "team-a/app.yaml team-a namespace",
        // `crd.yaml` says that its kind is cluster-scoped.
        "widget.yaml _cluster cluster",
    ];
    assert_eq!(wood.placed(&grouping), expected);
}

#[test]
fn lists_stand_for_their_items() {
    let wood = wood("049-list-kinds.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "cmlist.yaml team-a namespace",
        "empty-list.yaml _shared not-a-manifest",
        "list.json team-b namespace",
        "list.yaml _shared several-namespaces",
    ];
    assert_eq!(wood.placed(&grouping), expected);
}

#[test]
fn manifests_without_a_namespace() {
    let wood = wood("050-no-namespace.json");
    let grouping = wood.grouped(GroupBy::Auto, &[]);
    let expected = [
        "broken.yaml _unscoped unreadable",
        "deploy.yaml _unscoped unscoped",
        "list-root.yaml _shared not-a-manifest",
        "notes.txt _shared not-a-manifest",
        "only-comment.yaml _shared not-a-manifest",
        "svc.yaml _unscoped unscoped",
        // To YAML `{{ .Values.ns }}` is a mapping, and so no namespace that can be used.
        "tmpl.yaml _unscoped unscoped",
        "values.yaml _shared not-a-manifest",
        "var.yaml _unscoped unscoped",
    ];
    assert_eq!(wood.placed(&grouping), expected);
    let warned: Vec<_> = grouping.warnings.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(warned, ["broken.yaml"]);
}
