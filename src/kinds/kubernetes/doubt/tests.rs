//! What is said of trees that Flux would pack without a word.

use std::collections::BTreeMap;

use super::*;
use crate::source::Tree;

fn tree(paths: &[&str]) -> Tree {
    Tree::in_memory(paths.iter().map(|path| ((*path).to_owned(), Vec::new())).collect::<BTreeMap<_, _>>())
}

/// What is said of a tree of these files.
fn said<R>(paths: &[&str], of: impl Fn(&[Entry<'_>]) -> R) -> R {
    of(&tree(paths).entries().collect::<Vec<_>>())
}

#[cfg(unix)]
#[test]
fn links_and_what_is_no_file_are_named_one_by_one() {
    use crate::source::Links;
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("app.yaml"), "").unwrap();
    std::os::unix::fs::symlink("app.yaml", place.path().join("link.yaml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(place.path().join("socket")).unwrap();
    let tree = Tree::of_directory(place.path(), Links::Keep).unwrap();
    let entries: Vec<_> = tree.entries().collect();
    let [link] = &symlinks(&entries)[..] else { panic!() };
    assert_eq!((link.path.as_str(), link.rule), ("link.yaml", "symlink"));
    assert!(["`app.yaml`", "--symlinks follow", "skip"].iter().all(|word| link.message.contains(word)));
    let [other] = &not_files(&entries)[..] else { panic!() };
    assert_eq!((other.path.as_str(), other.rule), ("socket", "not-a-file"));
}

#[test]
fn a_tree_is_large_above_ten_mebibytes_and_not_at_them() {
    let mebibyte = 1024 * 1024;
    assert_eq!(large([("a", 4 * mebibyte), ("b", 6 * mebibyte)]), None);
    let fault = large([("a", 4 * mebibyte), ("b", 6 * mebibyte), ("c", 1)]).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), ("b", "large-tree"));
    assert!(fault.message.contains("11 MiB") && fault.message.contains("with 6 MiB"), "{}", fault.message);
    assert!(large([("a", u64::MAX), ("b", u64::MAX)]).is_some());
}

#[test]
fn a_chart_is_one_at_the_root_only() {
    assert_eq!(said(&["Chart.yaml", "values.yaml"], chart).unwrap().rule, "helm-chart");
    assert_eq!(said(&["charts/a/Chart.yaml", "Chart.yaml/x", "chart.yaml"], chart), None);
}

#[test]
fn strangers_come_in_one_warning_with_what_leaves_them_out() {
    let paths = [
        ".env",
        "app/.env.local",
        "app/.env.example",
        "a.env",
        "web/node_modules/x/y.js",
        "web/node_modules/z",
        "app.yaml",
    ];
    let fault = said(&paths, strangers).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), (".env", "stray-file"));
    let expected = "4 files that hardly belong in a bundle: `.env`, `app/.env.local`, `web/node_modules/x/y.js` and 1 more; \
                    `--add-ignore-paths '.env,.env.*,node_modules/'` leaves them out";
    assert_eq!(fault.message, expected);
    assert_eq!(said(&["app.yaml", "node_modules", ".environment", "id_rsa.pub"], strangers), None);
}

#[test]
fn each_stranger_is_known() {
    let examples = [
        ".env",
        "a/.env.local",
        "a/.netrc",
        "kubeconfig",
        "a/id_ed25519",
        "x.tfstate",
        "a/.terraform/y",
        "node_modules/a/b",
        ".DS_Store",
        ".app.yaml.swp",
    ];
    for (list, path) in STRANGERS.iter().zip(examples) {
        let fault = said(&[path, "app.yaml"], strangers).unwrap();
        assert!(
            fault.message.contains(&format!("one file that hardly belongs in a bundle: `{path}`;")),
            "{path}"
        );
        assert!(fault.message.contains(&format!("'{list}'")), "{path}");
    }
}

#[test]
fn what_the_cluster_drops_by_its_own_list_is_told() {
    let paths = [".github/ci.yaml", ".sops.yaml", "app.yaml", "docs/a.png", "docs/b.png"];
    let fault = said(&paths, |entries| dropped(entries, [])).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), (".github/ci.yaml", "dropped-in-cluster"));
    let expected = "Flux's controller will leave 4 files out of the cluster, by a list of its own: `.github/ci.yaml`, \
                    `.sops.yaml`, `docs/a.png` and 1 more; a `spec.ignore` of the OCIRepository with a pattern in it, such \
                    as `!ci.yaml`, replaces that list";
    assert_eq!(fault.message, expected);
    assert_eq!(said(&["app.yaml", "a.json"], |entries| dropped(entries, [])), None);
}

#[test]
fn what_the_cluster_drops_by_the_trees_own_patterns_is_told() {
    let paths = [".sourceignore", "README.md", "app.yaml", "logo.png", "private/a.yaml"];
    let own: [(&str, &[u8]); 1] = [(".sourceignore", b"*.md\n/private/\n")];
    let fault = said(&paths, |entries| dropped(entries, own)).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), (".sourceignore", "dropped-in-cluster"));
    // `logo.png` is not among them: patterns of its own replace the controller's list.
    assert!(fault.message.contains("2 files") && fault.message.contains("`README.md`, `private/a.yaml`;"));
    assert!(fault.message.contains("--sourceignore"));
    let kept = [".sourceignore", "app.yaml"];
    assert_eq!(said(&kept, |entries| dropped(entries, own)), None);
    // One that only holds a comment leaves the list as it is.
    let empty: [(&str, &[u8]); 1] = [(".sourceignore", b"# nothing\n")];
    assert!(said(&paths, |entries| dropped(entries, empty)).unwrap().message.contains("`logo.png`"));
}

#[test]
fn a_file_of_patterns_that_flux_reads_in_part_is_told() {
    let long = "a".repeat(70_000);
    let own = [("x/.sourceignore", long.as_bytes())];
    let fault = said(&["app.yaml"], |entries| dropped(entries, own)).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), ("x/.sourceignore", "ignore-file"));
}

#[test]
fn patterns_that_fit_nothing_are_told_together() {
    use crate::kinds::kubernetes::ignore::Ignore;
    let fault = idle(".", &Ignore::of_list("*.md,[,a/b**").unwrap()).unwrap();
    assert_eq!(fault.rule, "idle-pattern");
    assert!(fault.message.contains("`[`, `a/b**`;"), "{}", fault.message);
    assert_eq!(idle(".", &Ignore::flux_defaults()), None);
}

#[test]
fn names_that_no_reader_takes_are_known() {
    // The first four Flux packs and then refuses to pull; the others are not unpacked by torte.
    for path in ["a\\b", "x../y.yaml", "a/b../c/d", "x../", "a\nb", "a\u{202e}b", "C:x", "a/c:"] {
        assert!(unreadable_name(path).is_some(), "{path:?}");
    }
    assert!(unreadable_name(&"a/".repeat(65)).is_some());
    assert!(unreadable_name(&format!("{}/b", "a".repeat(4096))).is_some());
    for path in ["a", "a/..b", "...a/b", "a/b..", "ab:c", "ä/日本", "a/b/", &"a/".repeat(64)] {
        assert_eq!(unreadable_name(path), None, "{path:?}");
    }
    let faults = said(&["ok.yaml", "x../y.yaml"], unreadable);
    let paths: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.rule)).collect();
    assert_eq!(paths, [("x..", "unreadable-name"), ("x../y.yaml", "unreadable-name")]);
}

#[test]
fn names_that_differ_in_case_alone_are_one_warning() {
    let fault = said(&["B/x", "README.md", "b/x", "readme.MD", "Ä", "ä"], collisions).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), ("b", "name-collision"));
    assert!(fault.message.starts_with("`B` and `b` are one name") && fault.message.contains("3 more pairs"));
    assert_eq!(said(&["a", "b", "c/a", "A/b"], collisions).unwrap().path, "a");
    assert!(said(&["caf\u{e9}.yaml", "cafe\u{301}.yaml"], collisions).is_some());
    assert_eq!(said(&["a/x", "b/X", "x"], collisions), None);
}

#[test]
fn names_that_windows_cannot_have_are_one_warning() {
    let fault = said(&["a:b.yaml", "con/x", "fine.yaml", "nul.txt", "x."], unportable).unwrap();
    assert_eq!((fault.path.as_str(), fault.rule), ("a:b.yaml", "unportable-name"));
    assert!(fault.message.contains("`a:b.yaml`, `con`, `nul.txt` and 1 more"), "{}", fault.message);
    assert_eq!(said(&["auxiliary", "console.yaml", "a.aux"], unportable), None);
}
