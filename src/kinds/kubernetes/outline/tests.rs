//! What a manifest says, by the words of Kubernetes' own documents.

use super::*;
use crate::kinds::kubernetes::object::{Object, Scope, Stated};
use crate::kinds::yaml::Mark;

fn yaml(text: &str) -> Outline {
    outline("a.yaml", text.as_bytes())
}

fn sound(text: &str) -> Outline {
    let outline = yaml(text);
    assert_eq!(outline.unreadable, None, "{text}");
    outline
}

/// Kind, name, and the namespace as it is stated.
fn names(outline: &Outline) -> Vec<(&str, &str, String)> {
    let stated = |object: &Object| match &object.namespace {
        Stated::Absent => "absent".to_owned(),
        Stated::Literal(name) => name.clone(),
        Stated::Unusable(text) => format!("unusable {text}"),
    };
    let all = outline.objects.iter();
    all.map(|object| (object.kind.as_str(), object.name.as_str(), stated(object))).collect()
}

fn names_of<'a>(kind: &'a str, name: &'a str, namespace: &str) -> (&'a str, &'a str, String) {
    (kind, name, namespace.to_owned())
}

/// Rule and position of each doubt.
fn doubts(text: &str) -> Vec<(&'static str, u32, u32)> {
    let found = sound(text).doubts;
    found.iter().map(|doubt| (doubt.rule, doubt.mark.line, doubt.mark.column)).collect()
}

/// The namespace of a `ConfigMap` with such a line for it.
fn namespace(line: &str) -> Stated {
    let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: {line}\n");
    sound(&text).objects.remove(0).namespace
}

#[test]
fn the_end_of_the_path_decides_what_is_a_manifest() {
    for path in ["a.yaml", "b/a.yml", "a.json", "b/.yaml"] {
        assert!(is_manifest(path), "{path}");
    }
    for path in ["a.YAML", "a.yaml.bak", "yaml", "a.txt", "a.yaml/b"] {
        assert!(!is_manifest(path), "{path}");
    }
}

#[test]
fn every_document_is_read_and_an_object_says_where_it_begins() {
    let text = "# first\n---\n# the web\nkind: Deployment\napiVersion: apps/v1\nmetadata:\n  namespace: team-a\n  \
                name: web\n---\n\n---\nreplicas: 3\n---\n- 1\n---\napiVersion: v1\n---\n{apiVersion: v1, kind: Pod}\n";
    let outline = sound(text);
    let deployment = Object {
        api_version: "apps/v1".into(),
        kind: "Deployment".into(),
        name: "web".into(),
        namespace: Stated::Literal("team-a".into()),
        mark: Mark { line: 4, column: 1 },
    };
    assert_eq!(outline.objects[0], deployment);
    assert_eq!(names(&outline)[1..], [names_of("Pod", "", "absent")]);
    assert_eq!(outline.objects[1].mark, Mark { line: 18, column: 1 });
    assert_eq!(outline.others, 3, "the values, the list, and what has no kind");
}

#[test]
fn documents_that_hold_nothing_count_as_nothing() {
    for text in ["", "\n", "# only words\n", "---\n", "---\n---\n# a\n---\n", "--- ~\n", "null\n"] {
        assert_eq!(sound(text), Outline::default(), "{text:?}");
    }
    assert_eq!(outline("a.json", b" \n"), Outline::default());
}

#[test]
fn a_type_must_be_text() {
    for text in [
        "apiVersion: v1\nkind: 3\n",
        "apiVersion: v1\nkind: ''\n",
        "apiVersion: 1\nkind: Pod\n",
        "apiVersion: v1\nkind: [Pod]\n",
        "apiVersion: v1\nkind:\n",
        "apiVersion: {{ .Values.version }}\nkind: Pod\n",
    ] {
        let outline = sound(text);
        assert_eq!((outline.objects.len(), outline.others), (0, 1), "{text}");
    }
    assert_eq!(names(&sound("\"apiVersion\": !!str v1\n'kind': \"Pod\"\n")), [names_of("Pod", "", "absent")]);
}

#[test]
fn a_namespace_is_literal_or_absent_or_of_no_use() {
    for (line, literal) in [("team-a", "team-a"), ("'7'", "7"), ("!!str 7", "7"), ("a # b", "a")] {
        assert_eq!(namespace(line), Stated::Literal(literal.into()), "{line}");
    }
    for line in ["", "''", "~", "null"] {
        assert_eq!(namespace(line), Stated::Absent, "{line}");
    }
    for (line, text) in [
        ("${ns}", "${ns}"),
        ("\"{{ .Release.Namespace }}\"", "{{ .Release.Namespace }}"),
        ("{{ .Release.Namespace }}", "{{ .Release.Namespace }}"),
        ("{{ .Values.ns | quote }}", "{{ .Values.ns | quote }}"),
        ("ENC[AES256_GCM,data:Zm9v,type:str]", "ENC[AES256_GCM,data:Zm9v,type:str]"),
        ("Team-A", "Team-A"),
        // Numbers and truth values are refused by the API server.
        ("7", "7"),
        ("true", "true"),
        ("[a]", "…"),
        ("{a: b}", "…"),
    ] {
        assert_eq!(namespace(line), Stated::Unusable(text.into()), "{line}");
    }
}

#[test]
fn aliases_and_merged_mappings_say_what_they_stand_for() {
    let text = "common: &common\n  namespace: team-a\n  name: shared\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  \
                <<: *common\n  name: own\n";
    assert_eq!(names(&sound(text)), [names_of("ConfigMap", "own", "team-a")]);
    let bad = yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  <<: 3\n");
    let problem = bad.unreadable.expect("kustomize refuses it");
    assert_eq!((problem.rule, problem.mark), ("bad-merge", Mark { line: 4, column: 7 }));
}

#[test]
fn a_list_stands_for_its_items() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, \
                namespace: one}\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Pod, \
                metadata: {name: b, namespace: two}}\n- 7\n";
    let outline = sound(text);
    assert_eq!(names(&outline), [names_of("ConfigMap", "a", "one"), names_of("Pod", "b", "two")]);
    assert_eq!((outline.objects[0].mark, outline.others), (Mark { line: 4, column: 3 }, 1));
}

#[test]
fn a_list_of_one_kind_lends_its_type_to_items_without() {
    let text = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n- {apiVersion: v1, kind: Pod}\n\
                - {kind: Pod}\n";
    let outline = sound(text);
    assert_eq!(names(&outline), [names_of("ConfigMap", "a", "absent"), names_of("Pod", "", "absent")]);
    assert_eq!((outline.objects[0].api_version.as_str(), outline.others), ("v1", 1));
    let untyped = sound("apiVersion: v1\nkind: List\nitems:\n- metadata: {name: a}\n");
    assert_eq!((untyped.objects.len(), untyped.others), (0, 1));
}

#[test]
fn a_kind_that_only_ends_like_a_list_is_an_object() {
    for text in [
        "apiVersion: a.io/v1\nkind: AllowList\nspec: {}\n",
        "apiVersion: a.io/v1\nkind: AllowList\nitems: {a: b}\n",
    ] {
        assert_eq!(names(&sound(text)), [names_of("AllowList", "", "absent")], "{text}");
    }
    for text in ["apiVersion: v1\nkind: List\n", "apiVersion: v1\nkind: PodList\nitems:\n"] {
        assert_eq!(sound(text), Outline::default(), "{text}");
    }
}

#[test]
fn lists_in_lists_have_an_end() {
    let nested = |depth: usize| {
        let open = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[".repeat(depth);
        format!("{open}{{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}}{}", "]}".repeat(depth))
    };
    assert_eq!(outline("a.json", nested(8).as_bytes()).objects.len(), 1);
    let deep = outline("a.json", nested(9).as_bytes());
    assert_eq!((deep.unreadable.map(|problem| problem.rule), deep.objects.len()), (Some("too-deep"), 0));
}

#[test]
fn a_file_is_read_as_far_as_it_can_be() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
    for (broken, line, column, rule) in [
        ("a: b: c\n", 5, 5, "syntax"),
        ("a: 1\na: 2\n", 6, 1, "duplicate-key"),
        // The `- ` of a template, within two braces.
        ("{{- if .Values.on }}\na: b\n{{- end }}\n", 5, 3, "syntax"),
        ("a: *gone\n", 5, 4, "unknown-anchor"),
    ] {
        let outline = yaml(&format!("{pod}---\n{broken}---\n{pod}"));
        assert_eq!(names(&outline), [names_of("Pod", "a", "absent")], "{broken}");
        let problem = outline.unreadable.expect("it is broken");
        assert_eq!((problem.mark, problem.rule), (Mark { line, column }, rule), "{broken}");
    }
    let binary = outline("a.yaml", b"kind: \xFF\n").unreadable.expect("no text");
    assert_eq!((binary.mark, binary.rule), (Mark { line: 1, column: 7 }, "encoding"));
}

#[test]
fn of_a_broken_list_nothing_is_taken() {
    let outline = yaml(
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n- {apiVersion: v1, kind: Pod, <<: 3}\n",
    );
    assert_eq!(
        (outline.objects.len(), outline.unreadable.map(|problem| problem.rule)),
        (0, Some("bad-merge"))
    );
}

#[test]
fn json_is_read_by_its_own_rules() {
    let text = "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n \"metadata\": {\"name\": \"a\", \"namespace\": \"\\u0062\"}}\n";
    assert_eq!(names(&outline("a.json", text.as_bytes())), [names_of("ConfigMap", "a", "b")]);
    let yaml = outline("a.json", b"kind: Pod\n").unreadable.expect("no JSON");
    assert_eq!((yaml.mark, yaml.rule), (Mark { line: 1, column: 1 }, "syntax"));
}

#[test]
fn definitions_say_the_scope_of_their_kind() {
    let crd = |version: &str, scope: &str| {
        format!(
            "apiVersion: apiextensions.k8s.io/{version}\nkind: CustomResourceDefinition\nmetadata:\n  name: \
             widgets.example.com\nspec:\n  group: example.com\n{scope}  names:\n    plural: widgets\n    kind: Widget\n"
        )
    };
    let scopes = |text: &str| sound(text).scopes;
    let widget = |is_cluster| vec![Scope { group: "example.com".into(), kind: "Widget".into(), is_cluster }];
    assert_eq!(scopes(&crd("v1", "  scope: Cluster\n")), widget(true));
    assert_eq!(scopes(&crd("v1beta1", "  scope: Namespaced\n")), widget(false));
    assert_eq!(scopes(&crd("v1beta1", "")), widget(false), "the default of v1beta1");
    assert_eq!(scopes(&crd("v1", "  scope: ${scope}\n")), []);
    assert_eq!(scopes(&crd("v1", "").replace("Definition", "Policy")), []);
}

#[test]
fn a_namespace_on_an_object_of_the_cluster_is_told() {
    let role = |namespace: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  namespace:  {namespace}\n"
        )
    };
    assert_eq!(doubts(&role("a")), [("namespace-on-cluster-object", 4, 15)]);
    assert_eq!(doubts(&role("${ns}")), [("namespace-on-cluster-object", 4, 15)]);
    assert_eq!(doubts(&role("")), []);
    assert_eq!(doubts(&role("a").replace("ClusterRole", "Role")), []);
    assert_eq!(doubts(&role("a").replace("rbac.authorization.k8s.io", "example.com")), []);
}
