//! What `.torte.yaml` may say, and how each fault of it is told.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Project {
    Project::read(text.as_bytes()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// `line:column rule message` of each fault.
fn faults(text: &str) -> Vec<String> {
    let faults = Project::read(text.as_bytes()).err().unwrap_or_default();
    let line = |fault: &Fault| {
        assert_eq!(fault.path, ".torte.yaml");
        format!("{}:{} {} {}", fault.line, fault.column, fault.rule, fault.message)
    };
    faults.iter().map(line).collect()
}

#[test]
fn it_says_how_a_directory_is_packed() {
    let project = read(
        "kind: kubernetes\nprofile: argo\ngroupBy: dir\nignore:\n- '*.md'\n- /tmp\ngroups:\n  z/**: team-z\n  a: _cluster\n\
         clusterScoped: [ClusterIssuer.cert-manager.io, Node]\n",
    );
    assert_eq!(project.kind, Some(Kind::Kubernetes));
    assert_eq!(project.profile, Some(Profile::Argo));
    assert_eq!(project.group_by, Some(GroupBy::Dir));
    assert_eq!(project.ignore, ["*.md", "/tmp"]);
    let groups: Vec<_> = project.groups.iter().map(|rule| (rule.glob.as_str(), rule.name.as_str())).collect();
    assert_eq!(groups, [("z/**", "team-z"), ("a", "_cluster")], "in the order of the file");
    let kinds: Vec<_> = project.cluster_scoped.iter().map(ToString::to_string).collect();
    assert_eq!(kinds, ["ClusterIssuer.cert-manager.io", "Node"]);
}

#[test]
fn it_may_say_nothing() {
    for text in ["", "# only a comment\n", "{}", "null", "ignore:\ngroups:\nclusterScoped:\n", "---\n"] {
        let project = read(text);
        assert!(project.kind.is_none() && project.ignore.is_empty() && project.groups.is_empty(), "{text}");
    }
    assert_eq!(read("kind: flipt").kind, Some(Kind::Flipt));
    assert_eq!(read("groups: {a: 123}").groups[0].name, "123", "a text as it is written");
}

#[test]
fn an_unknown_key_is_told_with_the_one_that_was_meant() {
    let told = faults("knid: kubernetes\ngroup-by: dir\nclusterscoped: []\nwhatever: 1\n? [a]\n: b\n");
    let expected = [
        "1:1 unknown-key `knid` is no key here; did you mean `kind`?",
        "2:1 unknown-key `group-by` is no key here; did you mean `groupBy`?",
        "3:1 unknown-key `clusterscoped` is no key here; did you mean `clusterScoped`?",
        "4:1 unknown-key `whatever` is no key here; use `kind`, `profile`, `groupBy`, `ignore`, `groups` or \
         `clusterScoped`",
        "5:3 wrong-type a list or a mapping cannot be a key here",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_wrong_value_is_told_with_those_that_are_right() {
    let told = faults("kind: Flipt\nprofile: hybird\ngroupBy: [auto]\n");
    let expected = [
        "1:7 unknown-value `kind` is `flipt` or `kubernetes`, not `Flipt`; did you mean `flipt`?",
        "2:10 unknown-value `profile` is `hybrid`, `flux` or `argo`, not `hybird`; did you mean `hybrid`?",
        "3:10 wrong-type expected a text",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_is_inside_is_checked_where_it_stands() {
    let told = faults(
        "ignore: '*.md'\ngroups:\n  'a[': team\n  b: Team\n  c: [x]\n  '': team\nclusterScoped:\n- cert-manager.io/ClusterIssuer\n\
         - issuers\n- null\n",
    );
    let places: Vec<_> =
        told.iter().map(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        "1:9 wrong-type",
        "3:3 bad-pattern",
        "4:6 group-name",
        "5:6 wrong-type",
        "6:3 bad-pattern",
        "8:3 bad-kind",
        "9:3 bad-kind",
        "10:3 wrong-type",
    ];
    assert_eq!(places, expected);
    assert!(told[5].contains("write `ClusterIssuer.cert-manager.io`"), "{}", told[5]);
}

#[test]
fn a_list_where_a_mapping_belongs_is_told() {
    assert_eq!(faults("- kind"), ["1:1 wrong-type expected keys such as `kind` and `groups`"]);
    let told = faults("groups: [a=b]");
    assert_eq!(told, ["1:9 wrong-type expected patterns of paths, each with the name of a group"]);
    assert_eq!(
        faults("kind: flipt\n---\nkind: flipt")[0],
        "3:1 several-documents the file holds one document"
    );
}

#[test]
fn flags_take_nothing_that_is_for_manifests() {
    let told = faults("profile: flux\nkind: flipt\ngroups: {}\n");
    let expected = [
        "1:1 not-for-this-kind `profile` is for manifests, and `kind` says that these are flags of Flipt",
        "3:1 not-for-this-kind `groups` is for manifests, and `kind` says that these are flags of Flipt",
    ];
    assert_eq!(told, expected);
}

#[test]
fn broken_yaml_and_keys_given_twice_are_told() {
    assert!(faults("kind: kubernetes\nkind: flipt\n")[0].starts_with("2:1 duplicate-key"));
    assert!(faults("groups: {a: b")[0].contains("syntax"));
    assert!(faults("groups: {a: b, a: c}")[0].starts_with("1:16 duplicate-key"));
    let fault = &Project::read(b"a: 1").expect_err("an unknown key")[0];
    assert_eq!(fault.excerpt.as_deref(), Some("a: 1"));
}

#[test]
fn not_all_of_very_many_faults_are_told() {
    let lines: Vec<_> = (0..1000).map(|at| format!("x{at}: 1")).collect();
    assert_eq!(faults(&lines.join("\n")).len(), MAX_FAULTS);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let _ = Project::read(&bytes);
    }

    #[test]
    fn no_text_makes_it_panic(
        key in "(kind|profile|groupBy|ignore|groups|clusterScoped|<<)",
        value in "[-\\[\\]{}:, a/.=\"'&*<!\n]{0,30}",
    ) {
        let _ = Project::read(format!("{key}: {value}").as_bytes());
    }
}
