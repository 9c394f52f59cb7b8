//! Every key that `--format json` prints stands in `docs/json.md`, in the part that is about its verb.

use std::collections::BTreeSet;
use std::fs;

use clap::Command;
use serde_json::Value;

use crate::support::{BANNER, Registry, Sandbox, Served, page};

/// Each verb with an object, and the headings of the parts that its keys may stand in: its own, and those that this
/// one refers to.
const PARTS: [(&str, &[&str]); 18] = [
    ("build", &["build, push, pull, copy, tag"]),
    ("push", &["build, push, pull, copy, tag"]),
    ("pull", &["build, push, pull, copy, tag"]),
    ("copy", &["build, push, pull, copy, tag"]),
    ("tag", &["build, push, pull, copy, tag"]),
    ("share", &["share", "build, push, pull, copy, tag"]),
    ("resolve", &["resolve"]),
    ("verify", &["resolve"]),
    ("sign", &["sign", "resolve"]),
    ("inspect", &["inspect", "build, push, pull, copy, tag"]),
    ("list", &["list"]),
    ("rm", &["rm", "An error"]),
    ("gc", &["gc", "An error"]),
    ("check", &["check"]),
    ("login", &["login, logout"]),
    ("logout", &["login, logout"]),
    ("lint", &["lint"]),
    ("diff", &["diff"]),
];

/// Verbs whose data is something else.
const WITHOUT: [&str; 5] = ["completions", "keys", "man", "serve", "unpack"];

/// The text below a heading.
fn part(heading: &str) -> String {
    let page = page("json.md");
    let parts = page.split("\n## ").skip(1);
    let found = parts.filter_map(|part| part.split_once('\n')).find(|(title, _)| *title == heading);
    found.unwrap_or_else(|| panic!("json.md has no part `{heading}`")).1.to_owned()
}

/// The keys of an object and of all below it, but for those that are names of somebody else's.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                let is_content = ["from", "to"].contains(&key.as_str()) && fields.contains_key("path");
                let is_named_by_others = is_content
                    || ["annotations", "platform"].contains(&key.as_str())
                    || (key == "namespaces" && value.is_object());
                if !is_named_by_others {
                    keys(value, found);
                }
            }
        }
        _ => {}
    }
}

/// What is compared with the page: objects of one verb, and who printed them.
struct Printed(Vec<(&'static str, Value)>);

impl Printed {
    fn run(&mut self, sandbox: &Sandbox, line: &str, code: i32) -> Value {
        let verb = PARTS.iter().find(|(verb, _)| line.starts_with(&format!("{verb} "))).unwrap().0;
        let json = sandbox.run(&format!("{line} --format json")).fails(code).json();
        self.0.push((verb, json.clone()));
        json
    }
}

#[test]
fn every_verb_says_whether_it_has_an_object() {
    let command = torte::cli::command();
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let formats = verb.get_arguments().filter(|argument| argument.get_id() == "format");
        let has_json =
            formats.flat_map(clap::Arg::get_possible_values).any(|value| value.get_name() == "json");
        let name = Command::get_name(verb);
        let is_known = PARTS.iter().any(|(known, _)| *known == name);
        assert_eq!(has_json, is_known, "`{name}` and PARTS");
        assert_ne!(has_json, WITHOUT.contains(&name), "`{name}` and WITHOUT");
    }
    for name in WITHOUT {
        assert!(page("json.md").contains(&format!("`{name}`")), "json.md says nothing of `{name}`");
    }
}

#[test]
fn every_key_stands_on_the_page() {
    let (mut sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    let mut printed = Printed(Vec::new());
    let place = registry.at("team/app");
    sandbox.with("TORTE_KEY_PASSWORD", "hunter2").run("keys generate --out key").succeeds();

    printed.run(&sandbox, "build app:v1", 0);
    sandbox.write("envs/prod/features.yml", BANNER);
    printed.run(&sandbox, "build each --each envs/*", 0);
    printed.run(&sandbox, "sign app:v1 --key key.key", 0);
    printed.run(&sandbox, "verify app:v1 --key key.pub", 0);
    printed.run(&sandbox, &format!("push app:v1 {place} --referrers"), 0);
    printed.run(&sandbox, &format!("pull {place}:v1 pulled --referrers"), 0);
    printed.run(&sandbox, &format!("copy {place}:v1 copied"), 0);
    printed.run(&sandbox, "tag app:v1 v2", 0);
    printed.run(&sandbox, "resolve app:v1", 0);
    let served = Served::start(&sandbox, &["--root", "root", "--ttl"]);
    printed.run(&sandbox, &format!("share app:v1 --registry {}", served.host()), 0);

    let inspected = printed.run(&sandbox, "inspect app:v1 --referrers --contents", 0);
    assert!(inspected["referrers"][0]["what"].is_string() && inspected["layers"][0]["objects"].is_object());
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: web}\n";
    sandbox.write("manifests/web.yaml", manifest);
    printed.run(&sandbox, "build cluster:v1 manifests", 0);
    let explained = printed.run(&sandbox, "inspect cluster:v1 --explain", 0);
    assert!(explained["groups"][0]["files"][0]["reason"].is_string(), "{explained}");
    printed.run(&sandbox, "list app", 0);
    printed.run(&sandbox, &format!("list {place}"), 0);

    sandbox.write("other/features.yml", BANNER.replace("Banner", "Poster"));
    let differs = printed.run(&sandbox, "diff app:v1 ./other", 0);
    assert!(differs["namespaces"][0]["changes"][0]["path"].is_string(), "{differs}");
    sandbox.write(
        "key/secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\nstringData: {a: b}\n",
    );
    let veiled = printed.run(&sandbox, "diff cluster:v1 ./key", 0);
    assert!(veiled.to_string().contains("\"secret\":true"), "{veiled}");
    sandbox.write("bad/features.yml", "flags:\n- nme: a\n");
    let linted = printed.run(&sandbox, "lint bad", 1);
    assert!(linted["faults"][0]["rule"].is_string(), "{linted}");

    let removed = printed.run(&sandbox, "rm app:v2 app:nothing", 3);
    assert!(removed["removed"][0]["left"].is_string() && removed["failed"][0]["code"].is_u64(), "{removed}");
    sandbox.run("rm copied:v1").succeeds();
    let freed = printed.run(&sandbox, "gc --older 0s", 0);
    assert!(freed["repositories"][0]["young"].is_object(), "{freed}");
    let layer = inspected["layers"][0]["digest"].as_str().unwrap().replace("sha256:", "app/blobs/sha256/");
    fs::remove_file(sandbox.store().join(&layer)).unwrap();
    fs::write(sandbox.store().join(&layer), "spoilt").unwrap();
    let repaired = printed.run(&sandbox, "check --repair", 5);
    assert!(repaired["quarantined"][0]["from"].is_string() && repaired["faults"][0]["problem"].is_string());

    let guarded = Registry::with_password("bob", "hunter2");
    sandbox.typing("hunter2");
    printed.run(&sandbox, &format!("login {} -u bob --password-stdin", guarded.host()), 0);
    printed.run(&sandbox, &format!("logout {}", guarded.host()), 0);

    for (verb, headings) in PARTS {
        let text: String = headings.iter().map(|heading| part(heading)).collect();
        let mut found = BTreeSet::new();
        printed.0.iter().filter(|(of, _)| *of == verb).for_each(|(_, json)| keys(json, &mut found));
        assert!(!found.is_empty(), "nothing was printed by `{verb}`");
        for key in found {
            let is_there = text.contains(&format!("\"{key}\"")) || text.contains(&format!("`{key}`"));
            assert!(is_there, "json.md says nothing of `{key}` where it tells of `{verb}`");
        }
    }
}
