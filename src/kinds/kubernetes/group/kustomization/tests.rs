//! Each field that names paths, and what is no path; held against kustomize 5.5.0 (`kubectl kustomize`).

use crate::kinds::kubernetes::group::root::{Root, Wants};

fn references(text: &str) -> Vec<(String, Wants)> {
    let root = Root::read("kustomization.yaml", text.as_bytes()).expect("a kustomization");
    root.references.into_iter().map(|reference| (reference.path, reference.wants)).collect()
}

fn files(text: &str) -> Vec<String> {
    references(text).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn each_field_names_paths() {
    let table = [
        ("resources: [a, b.yaml]", vec![("a", Wants::Either), ("b.yaml", Wants::Either)]),
        ("bases: [../a]", vec![("../a", Wants::Either)]),
        ("components: [a]", vec![("a", Wants::Kustomization)]),
        ("crds: [a]", vec![("a", Wants::File)]),
        ("configurations: [a]", vec![("a", Wants::File)]),
        ("patchesStrategicMerge: [a]", vec![("a", Wants::File)]),
        ("generators: [a]", vec![("a", Wants::Either)]),
        ("transformers: [a]", vec![("a", Wants::Either)]),
        ("validators: [a]", vec![("a", Wants::Either)]),
        ("patches: [{path: a, target: {kind: x}}]", vec![("a", Wants::File)]),
        ("patchesJson6902: [{path: a}]", vec![("a", Wants::File)]),
        ("replacements: [{path: a}]", vec![("a", Wants::File)]),
        ("openapi: {path: a, version: v1}", vec![("a", Wants::File)]),
        ("configMapGenerator: [{files: [a, k=b]}]", vec![("a", Wants::File), ("b", Wants::File)]),
        ("configMapGenerator: [{envs: [a], env: b}]", vec![("a", Wants::File), ("b", Wants::File)]),
        ("secretGenerator: [{files: [k=a]}, {envs: [b]}]", vec![("a", Wants::File), ("b", Wants::File)]),
        ("helmCharts: [{name: a}]", vec![("charts/a", Wants::Chart)]),
        ("helmCharts: [{name: a, repo: r}]", vec![("charts/a", Wants::ChartIfAny)]),
        ("helmCharts: [{name: a, repo: r, version: v}]", vec![("charts/a-v/a", Wants::ChartIfAny)]),
        (
            "helmGlobals: {chartHome: ../c}\nhelmCharts: [{name: a, valuesFile: v, additionalValuesFiles: [w]}]",
            vec![("v", Wants::File), ("w", Wants::File), ("../c/a", Wants::Chart)],
        ),
        (
            "helmChartInflationGenerator: [{chartName: a, chartHome: c, values: v}]",
            vec![("v", Wants::File), ("c/a", Wants::ChartIfAny)],
        ),
    ];
    for (text, expected) in table {
        let expected: Vec<_> = expected.into_iter().map(|(path, wants)| (path.to_owned(), wants)).collect();
        assert_eq!(references(text), expected, "{text}");
    }
}

/// `kubectl kustomize` takes them all.
#[test]
fn keys_are_read_as_kustomize_reads_them() {
    assert_eq!(
        files("Resources: [a]\nRESOURCES: [b]"),
        ["b"],
        "the case does not matter, and the last counts"
    );
    assert_eq!(files("x: &x [a]\nresources: *x"), ["a"]);
    assert_eq!(files("x: &x {resources: [a]}\n<<: *x"), ["a"]);
    assert_eq!(files("{\"resources\": [\"a\"]}"), ["a"]);
    assert_eq!(files("resources: [a]\n---\nresources: [b]"), ["a"], "the first document counts");
}

#[test]
fn what_is_fetched_is_no_path() {
    let fetched = [
        "https://example.com/x.yaml",
        "HTTP://example.com/x.yaml",
        "https://github.com/org/repo//base?ref=v1",
        "ssh://git@example.com/org/repo",
        "file:///srv/repo.git",
        "git::https://example.com/org/repo",
        "git@github.com:org/repo.git",
        "git@github.com:org/repo",
        "git@example.com:repo.git//base",
        "github.com/org/repo",
        "GitHub.com/org/repo/base?ref=v1",
        "github.com:org/repo",
        "org-1234@github.com:org/repo",
    ];
    for path in fetched {
        assert_eq!(files(&format!("resources: ['{path}']\ncomponents: ['{path}']")), [""; 0], "{path}");
    }
    // `kubectl kustomize` looks for these in the directory.
    for path in
        ["github.com/org", "git@example", "gitlab.com/org/repo", "github.company/org/repo", "a@b", "1@b/c/d"]
    {
        assert_eq!(files(&format!("resources: ['{path}']")), [path]);
    }
    // What must be a file is fetched over HTTP alone.
    assert_eq!(files("crds: ['https://x.io/crd.yaml', 'github.com/org/repo']"), ["github.com/org/repo"]);
}

#[test]
fn what_is_written_in_place_is_no_path() {
    let patch = "apiVersion: v1\n  kind: ConfigMap";
    assert_eq!(files(&format!("patchesStrategicMerge:\n- |\n  {patch}")), [""; 0]);
    assert_eq!(files("generators: ['{apiVersion: builtin, kind: ConfigMapGenerator}']"), [""; 0]);
    assert_eq!(files("patches: [{patch: x}]\nreplacements: [{source: {kind: x}}]"), [""; 0]);
    assert_eq!(files("configMapGenerator: [{literals: [a=b]}]"), [""; 0]);
}

#[test]
fn what_kustomize_refuses_names_nothing() {
    for text in
        ["resources: a", "resources: {a: b}", "resources: [[a], {b: c}, null, '']", "- resources", "5", ""]
    {
        assert_eq!(files(text), [""; 0], "{text}");
    }
}
