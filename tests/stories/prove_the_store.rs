//! Whether a store is sound, or what is wrong with it, file by file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use torte::oci::Digest;

use crate::support::{BANNER, Registry, Sandbox};

/// A machine with `app:v1` in its store, and the file of its layer.
fn with_layer() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    let shown = sandbox.run("inspect app:v1 --format json").succeeds().json();
    let file = blob(&sandbox, shown["layers"][0]["digest"].as_str().unwrap());
    (sandbox, file)
}

fn blob(sandbox: &Sandbox, digest: &str) -> PathBuf {
    sandbox.store().join("app/blobs/sha256").join(digest.strip_prefix("sha256:").unwrap())
}

fn replace(file: &Path, bytes: &[u8]) {
    fs::remove_file(file).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_sound_store_is_said_to_be_so_and_not_touched() {
    let (sandbox, _) = with_layer();
    let state = || {
        let all = walkdir::WalkDir::new(sandbox.store()).sort_by_file_name().into_iter().map(Result::unwrap);
        all.map(|entry| (entry.metadata().unwrap().modified().unwrap(), entry.into_path()))
            .collect::<Vec<_>>()
    };
    let before = state();
    sandbox.run("check").succeeds().prints("").says("1 repository · 1 bundle, 3 blobs").says("sound");
    let json = sandbox.run("check app --format json").succeeds().json();
    assert_eq!((&json["sound"], &json["checked"]["blobs"]), (&true.into(), &3.into()));
    assert_eq!(state(), before);
}

#[test]
fn every_verb_takes_a_bundle_whose_content_is_lost_for_corrupt_and_says_what_to_do() {
    let ((sandbox, layer), registry) = (with_layer(), Registry::open());
    fs::remove_file(&layer).unwrap();
    sandbox.write("new/features.yml", "namespace: other\n");
    let digest = format!("sha256:{}", layer.file_name().unwrap().to_str().unwrap());
    let to = registry.at("team/app");
    for line in
        ["inspect app:v1", "unpack app:v1 out", "tag app:v1 v2", "copy app:v1 other", "diff app:v1 ./new"]
    {
        sandbox.run(line).fails(5).says(&digest).says("hint: `torte check` shows what else is lost");
    }
    sandbox.run(&format!("push app:v1 {to}")).fails(5).says(&digest).says("pull it again");
    sandbox.run("check").fails(5);
    sandbox.run("build app:v1 features.yml").succeeds();
    sandbox.run("check").succeeds();
    sandbox.run("tag app:v1 v2").succeeds();
}

#[test]
fn a_folder_that_is_no_store_is_not_taken_for_a_sound_one() {
    let (sandbox, _) = with_layer();
    for (verb, store) in [("check", "../store/app"), ("gc", "../store/app"), ("list", "../store/app")] {
        let refused = sandbox.run(&format!("{verb} --store {store}")).fails(2).says("is one repository");
        refused.says(&format!("hint: name it by its path: `torte {verb} ocidir://{store}`"));
        sandbox.run(&format!("{verb} ocidir://{store}")).succeeds();
    }
    // The layout of another tool, and the same by hand.
    sandbox.write("foreign/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    sandbox.write("foreign/index.json", r#"{"schemaVersion":2,"manifests":[]}"#);
    sandbox.run("check --store foreign").fails(2).says("`torte check ocidir://foreign`");
    // A directory of flags, and one that holds such directories.
    let source = Sandbox::with_banner();
    source.write("flags/prod/features.yml", BANNER);
    for store in [".", "flags"] {
        source.run(&format!("check --store {store}")).fails(3).says("is no store").says("`--store DIR`");
    }
    for verb in ["check", "gc"] {
        sandbox.run(&format!("{verb} --store ../stroe")).fails(3).says("no directory ../stroe");
    }
    sandbox.run("check ocidir://nowhere").fails(3).says("no image layout in nowhere").hides("in the store");
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.run("check --store empty").succeeds();
    Sandbox::new().run("check").succeeds();
}

#[test]
fn each_fault_is_named_with_its_file_and_what_to_do() {
    type Harm<'a> = (i32, &'a str, &'a dyn Fn(&Sandbox, &Path) -> PathBuf);
    let index = |sandbox: &Sandbox| sandbox.store().join("app/index.json");
    let harms: [Harm<'_>; 11] = [
        (5, "digest", &|_, layer| {
            let mut bytes = fs::read(layer).unwrap();
            bytes[10] ^= 1;
            replace(layer, &bytes);
            layer.to_owned()
        }),
        (5, "digest", &|_, layer| {
            let bytes = fs::read(layer).unwrap();
            replace(layer, &bytes[..bytes.len() / 2]);
            layer.to_owned()
        }),
        (5, "missing", &|_, layer| {
            fs::remove_file(layer).unwrap();
            layer.to_owned()
        }),
        (5, "index", &|sandbox, _| {
            fs::write(index(sandbox), "{").unwrap();
            index(sandbox)
        }),
        (5, "missing", &|sandbox, _| {
            let marker = sandbox.store().join("app/oci-layout");
            fs::remove_file(&marker).unwrap();
            marker
        }),
        (5, "media-type", &|sandbox, _| {
            let text = fs::read_to_string(index(sandbox)).unwrap();
            let (oci, docker) =
                ("vnd.oci.image.manifest.v1+json", "vnd.docker.distribution.manifest.v2+json");
            fs::write(index(sandbox), text.replace(oci, docker)).unwrap();
            let digest = sandbox.run("resolve app:v1").succeeds().digest();
            blob(sandbox, &digest)
        }),
        (1, "entry", &|sandbox, _| {
            let text = fs::read_to_string(index(sandbox)).unwrap();
            fs::write(index(sandbox), text.replace("\"manifests\":[", "\"manifests\":[7,")).unwrap();
            index(sandbox)
        }),
        (0, "leftover", &|sandbox, _| {
            let file = sandbox.store().join("app/ingest/torte-abcdef");
            fs::write(&file, "half").unwrap();
            file
        }),
        (0, "stray", &|sandbox, _| {
            let file = sandbox.store().join("app/blobs/sha256/notes.txt");
            fs::write(&file, "x").unwrap();
            file
        }),
        (0, "stray", &|sandbox, _| {
            let file = sandbox.store().join("notes.txt");
            fs::write(&file, "x").unwrap();
            file
        }),
        #[cfg(unix)]
        (5, "not-a-file", &|_, layer| {
            fs::rename(layer, layer.with_extension("moved")).unwrap();
            std::os::unix::fs::symlink(layer.with_extension("moved"), layer).unwrap();
            layer.to_owned()
        }),
    ];
    for (code, slug, harm) in harms {
        let (sandbox, layer) = with_layer();
        let file = harm(&sandbox, &layer).display().to_string();
        let outcome = sandbox.run("check").fails(code);
        let stream = if code == 0 { &outcome.stderr } else { &outcome.stdout };
        let line = stream.lines().find(|line| line.contains(&format!("[{slug}]")));
        assert!(line.is_some_and(|line| line.contains(&file)), "{slug} {file}\n{stream}");
        assert!(stream.contains("  to do: "), "{stream}");
        let json = sandbox.run("check --format json").fails(code).json();
        assert_eq!(json["sound"], code == 0);
        let key = if code == 0 { "warnings" } else { "faults" };
        let faults = json[key].as_array().unwrap();
        let found = faults.iter().find(|fault| fault["problem"] == slug).unwrap();
        assert_eq!(found["path"], file.as_str());
    }
}

#[test]
fn what_is_corrupt_is_moved_away_and_the_next_build_mends_it() {
    let (sandbox, layer) = with_layer();
    let leftover = sandbox.store().join("app/ingest/torte-left");
    fs::write(&leftover, "half").unwrap();
    let sound = fs::read(&layer).unwrap();
    replace(&layer, b"rotten");
    let outcome = sandbox.run("check --repair").fails(5).shows("[missing]").shows("bundles: app:v1");
    drop(outcome.says("/.torte.quarantine/sha256-").says("torte-left"));
    assert!(!layer.exists() && !leftover.exists());
    let moved = sandbox.store().join("app/.torte.quarantine");
    let moved = fs::read_dir(moved).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::read(moved).unwrap(), b"rotten");
    sandbox.run("list").succeeds().hides("warning");
    sandbox.run("build app:v1").succeeds();
    assert_eq!(fs::read(&layer).unwrap(), sound);
    sandbox.run("check").succeeds().prints("").hides("warning");
    sandbox.run("check --repair").succeeds().says("nothing to repair");
}

/// A bundle of manifests with three groups.
fn manifests() -> Sandbox {
    let sandbox = Sandbox::new();
    for group in ["blue", "green", "red"] {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {group}}}\ndata: {{a: {group}}}\n"
        );
        sandbox.write(&format!("in/{group}.yaml"), text);
    }
    sandbox.run("build app:v1 in").succeeds();
    sandbox
}

/// Enters another manifest in place of the one that is there, with its size and its digest.
fn enter(sandbox: &Sandbox, edit: impl Fn(&mut Value)) -> String {
    let old = sandbox.run("resolve app:v1").succeeds().digest();
    let bytes = fs::read(blob(sandbox, &old)).unwrap();
    let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
    edit(&mut manifest);
    let bytes = manifest.to_string().into_bytes();
    let digest = Digest::of(&bytes).to_string();
    fs::write(blob(sandbox, &digest), &bytes).unwrap();
    let index = sandbox.store().join("app/index.json");
    let mut value: Value = serde_json::from_slice(&fs::read(&index).unwrap()).unwrap();
    value["manifests"][0]["digest"] = digest.as_str().into();
    value["manifests"][0]["size"] = bytes.len().into();
    fs::write(index, value.to_string()).unwrap();
    digest
}

#[test]
fn layers_of_namespaces_that_do_not_add_up_to_the_complete_tree_are_refused() {
    let sandbox = manifests();
    sandbox.run("check").succeeds().says("sound");
    let edits: [&dyn Fn(&mut Value); 3] = [
        &|manifest| manifest["layers"].as_array_mut().unwrap().swap(1, 2),
        &|manifest| drop(manifest["layers"].as_array_mut().unwrap().pop()),
        &|manifest| {
            let first = manifest["layers"][1].clone();
            manifest["layers"][3] = first;
        },
    ];
    for edit in edits {
        let sandbox = manifests();
        let digest = enter(&sandbox, edit);
        let outcome = sandbox.run("check").fails(5).shows("[sum]").shows(&digest["sha256:".len()..]);
        drop(outcome.shows("do not use this bundle"));
        // What is not corrupt by itself stays where it is.
        sandbox.run("check --repair").fails(5).shows("[sum]").says("nothing to repair");
    }
    // An edit that changes no layer leaves it sound.
    let sandbox = manifests();
    enter(&sandbox, |manifest| manifest["annotations"]["a"] = "b".into());
    sandbox.run("check").succeeds();
}

#[test]
fn all_repositories_are_looked_into_and_the_worst_counts() {
    let (sandbox, _) = with_layer();
    for name in ["org/b", "org/c"] {
        sandbox.write("features.yml", BANNER.replace("Banner", name));
        sandbox.run(&format!("build {name}:v1")).succeeds();
    }
    fs::write(sandbox.store().join("org/b/ingest/torte-x"), "").unwrap();
    sandbox.run("check").succeeds().says("checked 3 repositories").says("sound, 1 warning");
    fs::write(sandbox.store().join("org/c/index.json"), "").unwrap();
    sandbox.run("check").fails(5).shows("org/c/index.json").says("1 fault, 1 warning");
    sandbox.run("check org/b app").succeeds().says("checked 2 repositories");
    sandbox.run("check org/c --repair").fails(5);
    assert_eq!(fs::read(sandbox.store().join("org/c/index.json")).unwrap(), b"");
}

#[test]
fn nothing_that_was_read_reaches_the_terminal_as_a_command() {
    let (sandbox, _) = with_layer();
    let index = sandbox.store().join("app/index.json");
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, text.replace("\"v1\"", "\"v\\u001b[31m\"")).unwrap();
    sandbox.run("check").succeeds().hides("\u{1b}").says("is no tag");
}

/// Every file below a directory, with its content.
fn files(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let all = walkdir::WalkDir::new(path).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = all.filter(|entry| entry.file_type().is_file() && entry.file_name() != ".torte.lock");
    files
        .map(|file| (file.path().strip_prefix(path).unwrap().to_owned(), fs::read(file.path()).unwrap()))
        .collect()
}

#[test]
fn layouts_that_other_tools_wrote_are_sound_and_stay_as_they_are() {
    let sandbox = Sandbox::new();
    let foreign = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux/foreign");
    let mut number = 0;
    for case in fs::read_dir(foreign).unwrap().map(Result::unwrap) {
        let from = case.path().join("layout");
        if !from.is_dir() {
            continue;
        }
        number += 1;
        let name = case.file_name().into_string().unwrap();
        let before = files(&from);
        for (path, bytes) in &before {
            sandbox.write(&format!("{name}/{}", path.display()), bytes);
        }
        drop(sandbox.run(&format!("check ocidir://{name}")).succeeds().prints("").hides("warning"));
        let collected =
            sandbox.run(&format!("gc ocidir://{name} --older 0s --format json")).succeeds().json();
        assert_eq!(collected["freed"]["blobs"], 0, "{name}");
        sandbox.run(&format!("check ocidir://{name} --repair")).succeeds().says("nothing to repair");
        assert!(files(&sandbox.path(&name)) == before, "{name} was changed");
    }
    assert!(number > 30, "only {number} layouts were found");
}
