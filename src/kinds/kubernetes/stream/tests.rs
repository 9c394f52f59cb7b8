//! What becomes of rendered streams: files by name, bytes as they were, and a word on whatever is no object.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// The files of a stream that is sound.
fn files(stream: &str) -> Vec<(String, String)> {
    let files = split(stream.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}\n{stream}"));
    let text = |bytes| String::from_utf8(bytes).expect("it was text");
    files.into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

fn paths(stream: &str) -> Vec<String> {
    files(stream).into_iter().map(|(path, _)| path).collect()
}

fn bodies(stream: &str) -> Vec<String> {
    files(stream).into_iter().map(|(_, body)| body).collect()
}

/// Rule and position of each problem.
fn problems(stream: &str) -> Vec<(&'static str, u32, u32)> {
    let problems = split(stream.as_bytes()).expect_err(stream);
    problems.iter().map(|problem| (problem.rule, problem.mark.line, problem.mark.column)).collect()
}

/// An object of the core in one line.
fn object(kind: &str, namespace: &str, name: &str) -> String {
    format!("{{apiVersion: v1, kind: {kind}, metadata: {{name: '{name}', namespace: '{namespace}'}}}}\n")
}

#[test]
fn a_file_is_named_by_namespace_kind_and_name() {
    let stream = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-a\n---\napiVersion: apps/v1\n\
                  kind: Deployment\nmetadata:\n  name: web\n  namespace: team-a\n---\napiVersion: v1\n\
                  kind: ConfigMap\nmetadata:\n  name: loose\n---\napiVersion: rbac.authorization.k8s.io/v1\n\
                  kind: ClusterRole\nmetadata:\n  name: read\n  namespace: wrong\n---\napiVersion: a.io/v1\n\
                  kind: Widget\nmetadata:\n  name: w\n  namespace: ${ns}\n";
    assert_eq!(
        paths(stream),
        [
            "_cluster/namespace-team-a.yaml",
            "team-a/deployment-web.yaml",
            "_unscoped/configmap-loose.yaml",
            "_cluster/clusterrole-read.yaml",
            "_unscoped/widget-w.yaml",
        ]
    );
}

#[test]
fn definitions_in_the_stream_say_which_kinds_are_the_clusters() {
    let stream = "apiVersion: a.io/v1\nkind: Wide\nmetadata:\n  name: w\n---\napiVersion: apiextensions.k8s.io/v1\n\
                  kind: CustomResourceDefinition\nmetadata:\n  name: wides.a.io\nspec:\n  group: a.io\n  names:\n    \
                  kind: Wide\n  scope: Cluster\n";
    assert_eq!(paths(stream), ["_cluster/wide-w.yaml", "_cluster/customresourcedefinition-wides.a.io.yaml"]);
}

#[test]
fn names_that_are_no_file_names_are_made_so() {
    let long = "x".repeat(253);
    let named = |name: &str| {
        let stream = format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: \"{name}\"\n"
        );
        paths(&stream).remove(0)
    };
    assert_eq!(named("system:node"), "_cluster/clusterrole-system_node.yaml");
    assert_eq!(named("Admin Role"), "_cluster/clusterrole-admin_role.yaml");
    assert_eq!(named("../../etc/passwd"), "_cluster/clusterrole-.._.._etc_passwd.yaml");
    assert_eq!(named("a\\nb"), "_cluster/clusterrole-a_b.yaml");
    assert_eq!(named("ünï"), "_cluster/clusterrole-_n_.yaml");
    let path = named(&long);
    assert!(path.len() < 220 && path.starts_with("_cluster/clusterrole-xxx"), "{path}");
    assert_ne!(path, named(&format!("{}y", &long[1..])), "what was cut off still tells them apart");
    let odd = files("{apiVersion: a.io/v1, kind: ../../X, metadata: {name: x}}\n");
    assert_eq!(odd[0].0, "_unscoped/______x-x.yaml");
}

#[test]
fn objects_whose_paths_would_be_the_same_are_told_apart_by_what_they_are() {
    let role = |name: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: \"{name}\"\n"
        )
    };
    let (one, two, three) = (role("a:b"), role("a_b"), role("other"));
    let found = paths(&format!("{one}---\n{two}---\n{three}"));
    assert!(
        found[0].starts_with("_cluster/clusterrole-a_b-")
            && found[1].starts_with("_cluster/clusterrole-a_b-")
    );
    assert_eq!(found[2], "_cluster/clusterrole-other.yaml");
    assert_ne!(found[0], found[1]);
    let turned = paths(&format!("{two}---\n{one}"));
    assert_eq!([&turned[1], &turned[0]], [&found[0], &found[1]], "whatever stands first");
    // As with Knative, whose kind has the core's name.
    let both = "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n---\napiVersion: \
                serving.knative.dev/v1\nkind: Service\nmetadata: {name: s, namespace: a}\n";
    assert_eq!(paths(both).len(), 2);
}

#[test]
fn nobody_gets_another_objects_file_by_a_cunning_name() {
    let stream = |names: [&str; 3]| {
        let roles = names.map(|name| object("Node", "", name));
        roles.join("---\n")
    };
    let honest = paths(&stream(["a:b", "a_b", "c"]));
    let taken = honest[0].strip_prefix("_cluster/node-").and_then(|path| path.strip_suffix(".yaml"));
    let cunning = stream(["a:b", "a_b", taken.expect("it is of that form")]);
    assert_eq!(problems(&cunning), [("path-twice", 5, 1)]);
}

#[test]
fn bytes_stay_as_they_are_and_only_marks_go() {
    let one = "# Source: chart/a.yaml\r\napiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: a # why\r\n";
    let two = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  annotations:\n    text: |\n      ---\n      a\n\n\n";
    let three = "apiVersion: v1\nkind: Pod\nmetadata: {name: c}";
    assert_eq!(bodies(&format!("---\r\n{one}---   \n{two}...\n--- \t\n{three}")), [one, two, three]);
    assert_eq!(bodies(&format!("\u{FEFF}---\n{three}\n")), [format!("\u{FEFF}{three}\n")]);
    let old = "apiVersion: v1\rkind: Pod\rmetadata: {name: d}\r";
    assert_eq!(bodies(&format!("{old}---\r{three}")), [old, three]);
}

#[test]
fn what_stands_behind_a_mark_stays() {
    let stream = "--- # first\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n--- {apiVersion: v1, kind: Pod,\n  \
                  metadata: {name: b}}\n---x: 1\n";
    assert_eq!(problems(stream)[0].0, "syntax", "the last line is no mark");
    let stream = stream.trim_end_matches("---x: 1\n");
    assert_eq!(
        bodies(stream),
        [
            "# first\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
            "{apiVersion: v1, kind: Pod,\n  metadata: {name: b}}\n",
        ]
    );
}

#[test]
fn a_mark_at_the_beginning_of_a_line_ends_the_document_wherever_it_stands() {
    let block = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\ndata: |\n  text\n";
    let rest = object("Pod", "", "b");
    assert_eq!(bodies(&format!("{block}---\n{rest}")), [block, rest.as_str()]);
    // Within quotes YAML allows none: the text is not closed where the mark stands.
    let quoted = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"a\n---\nb\"\n";
    assert_eq!(problems(quoted)[0], ("syntax", 5, 1));
}

#[test]
fn comments_go_with_what_follows_and_are_dropped_where_nothing_does() {
    let (a, b) = (object("Pod", "", "a"), object("Pod", "", "b"));
    let stream = format!(
        "# head\n---\n# Source: none.yaml\n---\n\n---\n# Source: a.yaml\n{a}---\n# x\n---\n{b}# end\n---\n# last\n"
    );
    assert_eq!(
        bodies(&stream),
        [format!("# head\n# Source: none.yaml\n\n# Source: a.yaml\n{a}"), format!("# x\n{b}# end\n")]
    );
}

#[test]
fn a_list_stays_one_document() {
    let list = |namespaces: [&str; 2]| {
        let items = namespaces
            .map(|namespace| format!("- {}", object("ConfigMap", namespace, &format!("c{namespace}"))));
        format!("apiVersion: v1\nkind: List\nitems:\n{}", items.concat())
    };
    assert_eq!(paths(&list(["a", "b"])), ["_shared/list-configmap-ca.yaml"]);
    let same = list(["a", "a"]).replacen("'ca'", "'c'", 1);
    assert_eq!(paths(&same), ["a/list-configmap-c.yaml"]);
    assert_eq!(bodies(&same), [same.as_str()]);
    let one = format!("apiVersion: v1\nkind: List\nitems:\n- {}", object("Node", "", "n"));
    assert_eq!(paths(&one), ["_cluster/list-node-n.yaml"]);
}

#[test]
fn json_becomes_files_of_its_own() {
    let (a, b) = (
        "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Pod\",\n    \"metadata\": {\"name\": \"a\", \"namespace\": \"} \\\" {\"}\n}\n",
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"b\"}}",
    );
    let pair = |path: &str, body: &str| (path.to_owned(), body.to_owned());
    assert_eq!(files(a), [pair("_unscoped/pod-a.yaml", a)]);
    assert_eq!(
        files(&format!("{a}{b}\n\n")),
        [pair("_unscoped/pod-a.yaml", a), pair("_cluster/node-b.yaml", &format!("{b}\n\n"))]
    );
    assert_eq!(
        files(&format!("{b}{a}"))[1],
        pair("_unscoped/pod-a.yaml", a),
        "nothing need stand between them"
    );
    assert_eq!(
        files(&format!("\u{FEFF}\n{a}---\n{b}\n---\n"))
            .iter()
            .map(|(_, body)| body.as_str())
            .collect::<Vec<_>>(),
        [format!("\u{FEFF}\n{a}").as_str(), format!("{b}\n").as_str()],
        "a mark may"
    );
}

#[test]
fn what_is_wrong_in_json_has_its_place_in_the_stream() {
    let pod = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"ü\"}}";
    assert_eq!(
        problems(&format!("{pod}\n{{}} {{\n\"a\":}}\n[1] {{}}")),
        [("no-object", 2, 1), ("syntax", 3, 5), ("no-object", 4, 1), ("no-object", 4, 5)]
    );
    let before = u32::try_from(pod.chars().count()).unwrap();
    assert_eq!(problems(&format!("{pod}{{\"a\" 1}}")), [("syntax", 1, before + 6)]);
    assert_eq!(problems("{\"a\": [1"), [("syntax", 1, 9)]);
    assert_eq!(problems("[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}]"), [("no-object", 1, 1)]);
}

#[test]
fn a_stream_without_an_object_is_refused() {
    for stream in ["", "\n", "---\n", "# only words\n---\n", "\u{FEFF}"] {
        assert_eq!(problems(stream), [("empty-stream", 1, 1)], "{stream:?}");
    }
}

#[test]
fn every_document_that_is_no_object_is_told_by_its_line() {
    let pod = object("Pod", "", "a");
    let stream = format!(
        "{pod}---\n\n# values\nreplicas: 1\n---\n- 1\n--- text\n---\na: b: c\n---\n~\n---\nkind: List\napiVersion: v1\nitems: \
         []\n---\napiVersion: v1\nkind: List\nitems:\n- a: b\n- {pod}---\napiVersion: v1\nkind: Pod\nmetadata:\n  generateName: x-\n"
    );
    assert_eq!(
        problems(&stream),
        [
            ("no-object", 5, 1),
            ("no-object", 7, 1),
            ("no-object", 8, 5),
            ("syntax", 10, 5),
            ("no-object", 12, 1),
            ("no-object", 14, 1),
            ("no-object", 18, 1),
            ("no-name", 24, 1),
        ]
    );
}

#[test]
fn an_object_that_stands_there_twice_is_told_with_both_lines() {
    let one = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: x}\n";
    let stream =
        format!("{one}---\n{}---\n{}", one.replace("apps/v1", "apps/v1beta1"), one.replace(": x", ": y"));
    let found = split(stream.as_bytes()).expect_err("it is there twice");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule, found[0].mark.line), ("object-twice", 5));
    assert!(
        found[0].message.contains("line 1 ") && found[0].message.contains("line 5;"),
        "{}",
        found[0].message
    );
    // The namespace of a cluster's object does not tell it from another.
    let roles = format!("{}---\n{}", object("Node", "a", "n"), object("Node", "b", "n"));
    assert_eq!(problems(&roles), [("object-twice", 3, 1)]);
}

#[test]
fn what_would_not_survive_the_cut_is_refused() {
    let pod = object("Pod", "", "a");
    assert_eq!(problems(&format!("%YAML 1.1\n---\n{pod}")), [("directive", 1, 1)]);
    assert_eq!(problems("\u{FEFF}a\u{85}---\u{85}b")[0].0, "no-object");
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(pod.bytes().flat_map(|byte| [byte, 0])).collect();
    assert_eq!(split(&wide).expect_err("UTF-16")[0].rule, "encoding");
    assert_eq!(split(b"a: \xFF\n").expect_err("no text")[0].rule, "encoding");
}

#[test]
fn a_flood_of_documents_has_an_end() {
    assert_eq!(problems(&"{}".repeat(300_000)).len(), 1000);
    assert_eq!(problems(&"---\na\n".repeat(300_000)).len(), 1000);
    let comments = problems(&"---\n#\n".repeat(300_000));
    assert_eq!(comments, [("too-large", 400_003, 1)]);
}

/// Comments, blanks and an object of its own name; or the former alone.
fn document() -> impl Strategy<Value = (String, bool)> {
    let hollow = select(&["", "# Source: a/b.yaml\n", "\n\n", "  # x\r\n"][..]);
    let object = prop::option::of(select(
        &[
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: NAME\n",
            "apiVersion: v1\r\nkind: Secret\r\nmetadata:\r\n  name: NAME\r\ndata:\r\n  a: |\r\n    ---\r\n    x\r\n\r\n",
            "{apiVersion: v1, kind: Node,\n  metadata: {name: NAME}}\n# end\n",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: NAME}\n",
        ][..],
    ));
    (hollow, object)
        .prop_map(|(hollow, object)| (hollow.to_owned() + object.unwrap_or_default(), object.is_some()))
}

proptest! {
    #[test]
    fn the_files_in_order_are_the_stream_without_its_marks(
        first in select(&["", "---\n", "\u{FEFF}", "\u{FEFF}---\n"][..]),
        documents in prop::collection::vec((document(), select(&["---\n", "--- \t\n", "---\r\n", "...\n---\n"][..])), 1..8),
    ) {
        let (mut stream, mut expected, mut pending) = (first.to_owned(), String::new(), first.replace("---\n", ""));
        let mut objects = 0;
        let count = documents.len();
        for (at, ((document, is_object), mark)) in documents.into_iter().enumerate() {
            let document = document.replace("NAME", &format!("x{at}"));
            stream += &document;
            stream += if at + 1 == count { "" } else { mark };
            pending += &document;
            if is_object {
                expected += &std::mem::take(&mut pending);
                objects += 1;
            }
        }
        if objects == 0 {
            prop_assert_eq!(problems(&stream), [("empty-stream", 1, 1)]);
        } else {
            let bodies = bodies(&stream);
            prop_assert_eq!(bodies.len(), objects);
            prop_assert_eq!(bodies.concat(), expected);
        }
    }

    #[test]
    fn no_input_is_too_odd(bytes in prop::collection::vec(select(&b"{}[]\"\\:-. #\n\r\ta\xFF%'"[..]), 0..60)) {
        let _ = split(&bytes);
    }
}
