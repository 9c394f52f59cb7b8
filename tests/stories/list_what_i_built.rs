//! What the store has, also where others wrote it, and where parts cannot be read.

use std::fs;

use crate::support::{Sandbox, banner_digest};

#[test]
fn an_empty_store_has_a_header_alone() {
    Sandbox::new().run("list").succeeds().prints("DIGEST   REPOSITORY   TAG   SET   KIND\n");
}

#[test]
fn repositories_are_sorted_and_nested_ones_are_found() {
    let sandbox = Sandbox::with_banner();
    for name in ["zoo:v1", "app:v2", "app:v10", "org/team/app:v1", "org:v1"] {
        sandbox.run(&format!("build {name}")).succeeds();
    }
    let text = sandbox.run("list").succeeds().stdout;
    let names: Vec<_> = text.lines().skip(1).map(|line| line.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!(names, ["app", "app", "org", "org/team/app", "zoo"]);
    assert!(text.lines().all(|line| line == line.trim_end()), "trailing blanks");
    let org = sandbox.run("list org").succeeds().stdout;
    assert_eq!(org.lines().count(), 3, "{org}");
    sandbox.run("list nobody").fails(3).says("nobody");
}

#[test]
fn a_tag_is_no_repository() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("list app:v1").fails(2).says("torte inspect app:v1");
    sandbox.run("list 127.0.0.1").fails(3).says("127.0.0.1/NAME");
}

#[test]
fn what_is_no_repository_gets_a_hint_that_leads_to_one() {
    let sandbox = Sandbox::with_banner();
    let digest = sandbox.run("build app:5000").succeeds().digest();
    for (name, hint) in [
        ("127.0.0.1:5000", "name a repository too, as in `127.0.0.1:5000/NAME`"),
        ("localhost:5000", "name a repository too, as in `localhost:5000/NAME`"),
        ("zot:5000", "of a registry name a repository too, as in `zot:5000/NAME`"),
        ("https://ghcr.io", "name a repository too, as in `ghcr.io/NAME`"),
        ("https://ghcr.io/", "name a repository too, as in `ghcr.io/NAME`"),
        ("ghcr.io/", "name a repository too, as in `ghcr.io/NAME`"),
        ("app:5000", "write `torte list app`, or `torte inspect app:5000`; of a registry"),
        ("app:v1", "write `torte list app`, or `torte inspect app:v1`"),
        ("ghcr.io/org/app:v1", "write `torte list ghcr.io/org/app`, or `torte inspect ghcr.io/org/app:v1`"),
        (&format!("app@{digest}"), "write `torte list app`, or"),
        ("https://hub.docker.com/r/org/app", "give `docker.io/org/app`"),
        ("https://github.com/org/repo/pkgs/container/app", "give `ghcr.io/org/app`"),
        ("https://ghcr.io/org/app/?tag=v1", "give `ghcr.io/org/app`"),
        ("./flags", "a layout on disk is written `ocidir://DIR`"),
        ("App", "a repository is written as `app` or `registry.example.com/org/app`"),
        ("docker://ghcr.io/app", "a repository is written as"),
    ] {
        let refused = sandbox.run(&format!("list {name}")).fails(2).says(hint);
        // The bundle's form is no help where no bundle is taken.
        refused.hides("a bundle is written as");
    }
    sandbox.run("list ghcr.io").fails(3).says("as in `ghcr.io/NAME`");
    sandbox.run("list org/app").fails(3).says("for Docker Hub write `docker.io/org/app`");
    sandbox.run("inspect https://hub.docker.com/r/org/app").fails(2).says("docker.io/org/app");
}

#[test]
fn json_says_the_digest_and_when_the_tag_was_set() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let json = sandbox.run("list --format json").succeeds().json();
    let tag = &json["repositories"][0]["tags"][0];
    assert_eq!(
        (&tag["tag"], &tag["digest"], &tag["kind"]),
        (&"v1".into(), &banner_digest().into(), &"flipt".into())
    );
    assert!(tag["set"].as_str().unwrap().ends_with('Z'), "{tag}");
    assert_eq!(json["warnings"], serde_json::json!([]));
}

#[test]
fn what_cannot_be_read_is_a_warning_and_hides_nothing() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("build broken:v1").succeeds();
    fs::write(sandbox.store().join("broken/index.json"), "not json").unwrap();
    fs::create_dir_all(sandbox.store().join("stray/dir")).unwrap();
    sandbox.run("list").succeeds().shows("app").says("warning:").says("broken");
    let json = sandbox.run("list --format json").succeeds().json();
    assert_eq!(json["repositories"].as_array().unwrap().len(), 1);
    assert_eq!(json["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn one_entry_that_cannot_be_read_is_a_warning_and_the_other_tags_work() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let file = sandbox.store().join("app/index.json");
    let index = fs::read_to_string(&file).unwrap();
    let foreign = r#"{"mediaType":"m","digest":"md5:abc","size":3}"#;
    let named = r#""org.opencontainers.image.ref.name":"repo.example/foo\u001b:v9""#;
    let (start, entry) = index.split_once('[').unwrap();
    let entry = entry.strip_suffix("]}").unwrap();
    let other = entry.replace(r#""org.opencontainers.image.ref.name":"v1""#, named);
    fs::write(&file, format!("{start}[{foreign},{other},{entry}]}}")).unwrap();
    let output = sandbox.run("list").succeeds().shows("v1");
    output.says("md5:abc").says("repo.example/foo").says("is no tag").hides("\u{1b}");
    sandbox.run("inspect app:v1").succeeds();
    sandbox.run("tag app:v1 v2").succeeds();
    assert!(fs::read_to_string(&file).unwrap().contains(foreign));
    fs::write(&file, "not json").unwrap();
    sandbox.run("inspect app:v1").fails(1).says("index.json");
}

#[test]
fn hidden_files_in_the_stores_folder_are_no_warning_and_others_are() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    fs::write(sandbox.store().join(".DS_Store"), "x").unwrap();
    sandbox.run("list").succeeds().shows("app").hides("warning");
    fs::write(sandbox.store().join("notes.txt"), "x").unwrap();
    sandbox.run("list").succeeds().shows("app").says("notes.txt").hides(".DS_Store");
}

#[test]
fn reading_changes_nothing_on_disk() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let before = tree(&sandbox.store());
    sandbox.run("list").succeeds();
    sandbox.run("inspect app:v1").succeeds();
    sandbox.run("inspect app:nope").fails(3);
    sandbox.run("inspect nope").fails(3);
    assert_eq!(tree(&sandbox.store()), before);
}

fn tree(directory: &std::path::Path) -> Vec<(String, std::time::SystemTime)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        found.push((entry.path().display().to_string(), entry.metadata().unwrap().modified().unwrap()));
        if entry.file_type().unwrap().is_dir() {
            found.extend(tree(&entry.path()));
        }
    }
    found.sort();
    found
}

#[test]
fn where_this_store_is_empty_and_flipts_is_not_it_says_how_to_look_there() {
    let mut sandbox = Sandbox::with_banner();
    let flipt = sandbox.home().join(".config/flipt/bundles").display().to_string();
    sandbox.run(&format!("build app:v1 --store {flipt}")).succeeds();
    sandbox.run("list").succeeds().says(&format!("torte list --store {flipt}"));
    sandbox.with("FLIPT_STORAGE_OCI_BUNDLES_DIRECTORY", &flipt).without("TORTE_STORE");
    sandbox.run("list").succeeds().shows("app").hides("--store");
}

#[test]
fn a_retagged_bundle_keeps_its_old_version() {
    let sandbox = Sandbox::with_banner();
    let old = sandbox.run("build app:v1").succeeds().digest();
    sandbox.write("more.features.yml", "namespace: more\n");
    let new = sandbox.run("build app:v1").succeeds().digest();
    let text = sandbox.run("list").succeeds().stdout;
    assert!(text.contains(&old[7..19]) && text.contains(&new[7..19]), "{text}");
    sandbox.run(&format!("inspect app@{old}")).succeeds();
}

#[test]
fn a_signature_is_no_bundle_and_is_counted() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2").run("keys generate").succeeds();
    sandbox.run("build app:v1").succeeds();
    sandbox.run("list").succeeds().hides("attached");
    let bundle = sandbox.run("list").succeeds().stdout;
    for (flags, attached, words) in [
        ("", 1, "note: 1 manifest is attached to these"),
        ("--signature-format legacy", 2, "note: 2 manifests are attached to these"),
    ] {
        sandbox.run(&format!("sign app:v1 --key torte.key {flags}")).succeeds();
        let listed = sandbox.run("list app").succeeds().prints(&bundle).says(words);
        listed.says("`torte inspect REF --referrers`");
        let json = sandbox.run("list --format json").succeeds().json();
        let app = &json["repositories"][0];
        assert_eq!((&app["total"], &app["attached"]), (&1.into(), &attached.into()), "{json}");
        assert_eq!(app["tags"].as_array().unwrap().len(), 1, "{json}");
    }
    // What it was about is gone: nothing else would show it.
    let layout = torte::store::Layout::open_at(&sandbox.store().join("app")).unwrap().unwrap();
    let digest = sandbox.run("resolve app:v1").succeeds().digest();
    let entries = layout.index().unwrap().manifests().count();
    assert_eq!(entries, 3);
    let file = sandbox.store().join("app/index.json");
    let mut index: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    index["manifests"].as_array_mut().unwrap().retain(|entry| entry["digest"] != digest.as_str());
    fs::write(&file, index.to_string()).unwrap();
    let json = sandbox.run("list --format json").succeeds().hides("attached to").json();
    assert_eq!(json["repositories"][0]["tags"].as_array().unwrap().len(), 2, "{json}");
}
