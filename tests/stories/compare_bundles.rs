//! What changed between two bundles or directories.

use std::fmt::Write as _;
use std::fs;

use serde_json::json;

use crate::support::{BANNER, Registry, Sandbox};

/// A namespace before and after, with a flag that changed, one that is new and one that is gone.
const BEFORE: &str = "namespace: production
flags:
- key: checkout
  name: Checkout
  variants: [{key: blue}, {key: red}]
  rules:
  - segment: beta
    distributions: [{variant: blue, rollout: 20}]
- key: old-banner
  name: Old banner
segments:
- {key: beta, name: Beta, match_type: ALL_MATCH_TYPE}
- {key: gold, name: Gold, match_type: ALL_MATCH_TYPE}
";

const SHOWN: &str = "~ production/checkout     rollout blue 20% → 50%
+ production/dark-mode    boolean flag, disabled
- production/old-banner
";

fn after() -> String {
    let flags = BEFORE.replace("rollout: 20", "rollout: 50");
    flags.replace(
        "- key: old-banner\n  name: Old banner\n",
        "- key: dark-mode\n  name: Dark\n  type: BOOLEAN_FLAG_TYPE\n",
    )
}

/// A machine with both as directories, `old` and `new`, and as local bundles, `app:old` and `app:new`.
fn with_both() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old/p.features.yml", BEFORE).write("old/w.features.yml", BANNER);
    sandbox.write("new/p.features.yml", after()).write("new/w.features.yml", BANNER);
    sandbox.run("build app:old ./old").succeeds();
    sandbox.run("build app:new ./new").succeeds();
    sandbox
}

/// A machine with a directory `a` of this text in one file, and `b` of that.
fn texts(one: &str, other: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("a/features.yml", one).write("b/features.yml", other);
    sandbox
}

#[test]
fn each_change_is_a_line_in_the_words_of_the_kind() {
    let sandbox = with_both();
    let outcome = sandbox.run("diff app:old app:new").succeeds().prints(SHOWN);
    drop(outcome.says("1 of 2 namespaces differs · 2 layers, "));
}

#[test]
fn bundles_anywhere_and_directories_are_compared_with_each_other() {
    let (sandbox, registry) = (with_both(), Registry::open());
    for tag in ["old", "new"] {
        sandbox.run(&format!("push app:{tag} {}", registry.at("team/app"))).succeeds();
        sandbox.run(&format!("copy app:{tag} ocidir://layout:{tag}")).succeeds();
    }
    let places = |tag: &str| {
        [
            format!("app:{tag}"),
            registry.at(&format!("team/app:{tag}")),
            format!("ocidir://layout:{tag}"),
            format!("./{tag}"),
            sandbox.path(tag).display().to_string(),
        ]
    };
    for old in places("old") {
        for new in places("new") {
            sandbox.run(&format!("diff {old} {new}")).succeeds().prints(SHOWN);
        }
    }
    fs::rename(sandbox.path("old"), sandbox.home().join("old")).unwrap();
    sandbox.run("diff ~/old app:new").succeeds().prints(SHOWN);
}

#[test]
fn what_is_read_and_what_it_cost_is_said() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    for at in 0..41 {
        sandbox.write(&format!("{at:02}.features.yml"), BANNER.replace("web", &format!("n{at}")));
    }
    let build = |tag: &str| format!("build app:{tag} --push {}", registry.at("team/app"));
    sandbox.run(&build("v1")).succeeds();
    for at in [7, 19, 40] {
        let changed = BANNER.replace("web", &format!("n{at}")).replace("name: Banner", "name: New");
        sandbox.write(&format!("{at:02}.features.yml"), changed);
    }
    sandbox.run(&build("v2")).succeeds();
    registry.calls();
    let [v1, v2] = ["v1", "v2"].map(|tag| registry.at(&format!("team/app:{tag}")));
    let outcome = sandbox.run(&format!("diff {v1} {v2}")).succeeds();
    assert_eq!(outcome.stdout.lines().count(), 3);
    // The payload of `BANNER` in another namespace, by hand: with `"name":"Banner"` and with `"name":"New"`.
    let payload = r#"{"namespace":"n7","flags":[{"key":"banner","name":"Banner","type":"BOOLEAN_FLAG_TYPE","enabled":false}]}"#;
    let bytes = 2 * (payload.len() + 2 * (payload.len() + 1)) - 3 * 3;
    let cost = format!("3 of 41 namespaces differ · 6 layers, {bytes} B fetched · 8 requests");
    drop(outcome.says(&cost));
    assert_eq!(registry.calls().len(), 8);
    sandbox.run(&format!("diff app:v1 {v2}")).succeeds().says("3 layers, ").says("fetched · 4 requests");
    let same = sandbox.run(&format!("diff {v1} {v1}")).succeeds().prints("");
    drop(same.says("no differences in 41 namespaces · 2 requests"));
}

#[test]
fn of_a_thousand_namespaces_with_one_change_four_requests_are_made() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let mut all = String::new();
    for at in 0..1000 {
        let _ = write!(all, "---\n{}", BANNER.replace("web", &format!("n{at}")));
    }
    sandbox.write("features.yml", &all);
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.write("features.yml", all.replace("n500\nflags:\n- key: banner", "n500\nflags:\n- key: poster"));
    sandbox.run(&format!("build app:v2 --push {}", registry.at("team/app"))).succeeds();
    registry.calls();
    let [v1, v2] = ["v1", "v2"].map(|tag| registry.at(&format!("team/app:{tag}")));
    let outcome = sandbox.run(&format!("diff {v1} {v2}")).succeeds();
    let outcome = outcome.prints("- n500/banner\n+ n500/poster    boolean flag, disabled\n");
    drop(outcome.says("1 of 1000 namespaces differs · 2 layers, ").says("4 requests"));
    let calls = registry.calls();
    assert_eq!(calls[..2], ["GET manifests/v1 200", "GET manifests/v2 200"]);
    assert_eq!(calls[2..], ["GET blobs/ 200"; 2]);
}

#[test]
fn a_layer_that_both_have_is_not_even_read() {
    let sandbox = with_both();
    let json = sandbox.run("inspect app:old --format json").succeeds().json();
    let layer = json["layers"].as_array().unwrap().iter().find(|layer| layer["namespace"] == "web").unwrap();
    let blob = layer["digest"].as_str().unwrap().replace(':', "/");
    fs::remove_file(sandbox.store().join("app/blobs").join(blob)).unwrap();
    sandbox.run("diff app:old app:new").succeeds().prints(SHOWN);
}

#[test]
fn what_only_moved_is_not_changed() {
    let one = "namespace: web
flags:
- {key: a, name: A, variants: [{key: x}, {key: y}], metadata: {m: 1, n: 2}, version: }
- {key: b, name: B, rules: [{segment: {keys: [s, t], operator: AND_SEGMENT_OPERATOR}}]}
segments:
- {key: s, name: S, match_type: ALL_MATCH_TYPE}
- {key: t, name: T, match_type: ALL_MATCH_TYPE, constraints: [{type: STRING_COMPARISON_TYPE, property: p, operator: empty}, {type: STRING_COMPARISON_TYPE, property: q, operator: empty}]}
"
    .replace(", version: }", "}");
    let other = "version: \"1.3\"
namespace: web
segments:
- {match_type: ALL_MATCH_TYPE, key: t, name: T, constraints: [{property: q, type: STRING_COMPARISON_TYPE, operator: empty}, {type: STRING_COMPARISON_TYPE, property: p, operator: empty}]}
- {key: s, name: S, match_type: ALL_MATCH_TYPE}
flags:
- {key: b, rules: [{segment: {operator: AND_SEGMENT_OPERATOR, keys: [t, s]}}], name: B}
---
version: \"1.3\"
namespace: web
flags:
- {key: a, name: A, metadata: {n: 2, m: 1}, variants: [{key: y}, {key: x}]}
";
    let sandbox = texts(&format!("version: \"1.3\"\n{one}"), other);
    let outcome = sandbox.run("diff ./a ./b --exit-code").succeeds().prints("");
    drop(outcome.says("no differences in 1 namespace"));
}

#[test]
fn a_new_order_of_what_is_tried_in_order_is_told() {
    let flag = |rules: &str| {
        format!(
            "namespace: web\nflags:\n- key: a\n  name: A\n  variants: [{{key: x}}, {{key: y}}]\n  rules: [{rules}]\nsegments:\n- {{key: s, name: S, match_type: ALL_MATCH_TYPE}}\n- {{key: t, name: T, match_type: ALL_MATCH_TYPE}}\n"
        )
    };
    let sandbox = texts(&flag("{segment: s}, {segment: t}"), &flag("{segment: t}, {segment: s}"));
    sandbox.run("diff ./a ./b").succeeds().prints("~ web/a    rule 1 moved to 2: segment s\n");

    let shares = |order: &str| flag(&format!("{{segment: s, distributions: [{order}]}}"));
    let (x, y) = ("{variant: x, rollout: 30}", "{variant: y, rollout: 70}");
    let sandbox = texts(&shares(&format!("{x}, {y}")), &shares(&format!("{y}, {x}")));
    // The first 30 of 100 users got x, and get y now.
    sandbox.run("diff ./a ./b").succeeds().prints("~ web/a    rollouts x 30%, y 70% → y 70%, x 30%\n");
}

#[test]
fn changes_are_said_as_people_say_them() {
    let sandbox = texts(
        "version: \"1.3\"\nnamespace: web
flags:
- {key: a, name: A, enabled: false, variants: [{key: x, attachment: {size: 1}}], metadata: {team: core}, rules: [{segment: s}, {segment: t, distributions: [{variant: x, rollout: 10}]}]}
- {key: b, name: B, type: BOOLEAN_FLAG_TYPE, rollouts: [{segment: {key: s, value: true}}, {threshold: {percentage: 5}}]}
segments:
- {key: s, name: S, match_type: ALL_MATCH_TYPE, constraints: [{type: STRING_COMPARISON_TYPE, property: plan, operator: eq, value: pro}]}
- {key: t, name: T, match_type: ALL_MATCH_TYPE}
- {key: u, name: U, match_type: ALL_MATCH_TYPE}
",
        "version: \"1.4\"\nnamespace: web
flags:
- {key: a, name: A B, enabled: true, variants: [{key: x, attachment: {size: 2}}, {key: y}], metadata: {}, rules: [{segment: s}, {segment: u, distributions: [{variant: x, rollout: 10}, {variant: y, rollout: 2.5}]}, {segment: t}]}
- {key: b, name: B, type: BOOLEAN_FLAG_TYPE, rollouts: [{segment: {key: t, value: true}}, {threshold: {percentage: 7.5}}]}
segments:
- {key: s, name: S, match_type: ANY_MATCH_TYPE, constraints: [{type: STRING_COMPARISON_TYPE, property: plan, operator: eq, value: team}, {type: STRING_COMPARISON_TYPE, property: age, operator: empty}]}
- {key: t, name: T, match_type: ALL_MATCH_TYPE}
- {key: u, name: U, match_type: ALL_MATCH_TYPE}
- {key: v, name: V, match_type: ALL_MATCH_TYPE}
---
namespace: mobile
flags: [{key: c, name: C}]
",
    );
    let text = sandbox.run("diff ./a ./b").succeeds().stdout;
    for line in [
        "+ mobile            namespace, 1 flag, 0 segments",
        "+ mobile/c          variant flag, disabled",
        "~ web               version: \"1.3\" → \"1.4\"",
        "~ web/a             enabled: false → true",
        "~ web/a             metadata removed: {\"team\":\"core\"}",
        "~ web/a             name: \"A\" → \"A B\"",
        "~ web/a             variant x: attachment.size: 1 → 2",
        "~ web/a             variant y added",
        "~ web/b             rollout 1: segment s → t",
        "~ web/b             rollout 2: threshold 5% → 7.5%",
        "~ web/segments/s    match type: all → any",
        "~ web/segments/s    constraint plan: value: \"pro\" → \"team\"",
        "~ web/segments/s    constraint age empty added",
        "+ web/segments/v    segment, 0 constraints",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
    }
    sandbox.run("diff ./a ./a").succeeds().prints("");
}

#[test]
fn a_rule_for_another_segment_is_told_by_its_number() {
    let flag = |segment: &str| {
        format!(
            "namespace: web\nflags:\n- {{key: a, name: A, rules: [{{segment: s}}, {{segment: {segment}}}]}}\nsegments:\n- {{key: s, name: S, match_type: ALL_MATCH_TYPE}}\n- {{key: beta, name: B, match_type: ALL_MATCH_TYPE}}\n- {{key: gold, name: G, match_type: ALL_MATCH_TYPE}}\n"
        )
    };
    let sandbox = texts(&flag("beta"), &flag("gold"));
    sandbox.run("diff ./a ./b").succeeds().prints("~ web/a    rule 2: segment beta → gold\n");
}

#[test]
fn a_bundle_is_the_same_as_itself_and_as_what_its_files_build_again() {
    let sandbox = Sandbox::new();
    for (at, text) in ["app:old", "app:new"].iter().zip([BEFORE, &after()]) {
        sandbox.write("src/p.features.yml", text).write("src/w.features.yml", BANNER);
        sandbox.run(&format!("build {at} ./src")).succeeds();
    }
    sandbox.run("unpack app:new out").succeeds();
    sandbox.run("build again:v1 ./out").succeeds();
    for other in ["app:new", "./out", "again:v1"] {
        let outcome = sandbox.run(&format!("diff app:new {other} --exit-code")).succeeds().prints("");
        drop(outcome.says("no differences in 2 namespaces"));
    }
}

#[test]
fn json_has_every_change_with_its_path() {
    let sandbox = with_both();
    let digest = |reference: &str| {
        let json = sandbox.run(&format!("inspect {reference} --format json")).succeeds().json();
        json["digest"].clone()
    };
    let report = sandbox.run("diff app:old app:new --format json").succeeds().json();
    assert_eq!(report["equal"], false);
    assert_eq!(report["kind"], "flipt");
    assert_eq!(report["from"], json!({"reference": "app:old", "digest": digest("app:old")}));
    assert_eq!(report["to"], json!({"reference": "app:new", "digest": digest("app:new")}));
    assert_eq!(report["compared"], 2);
    let old = json!({"key": "old-banner", "name": "Old banner", "enabled": false});
    let new = json!({"key": "dark-mode", "name": "Dark", "type": "BOOLEAN_FLAG_TYPE", "enabled": false});
    let rollout = "/flags/[key=checkout]/rules/0/distributions/[variant=blue]/rollout";
    let changes = json!([
        {"path": rollout, "change": "changed", "from": 20, "to": 50},
        {"path": "/flags/[key=old-banner]", "change": "removed", "from": old, "to": null},
        {"path": "/flags/[key=dark-mode]", "change": "added", "from": null, "to": new},
    ]);
    let namespace = json!({"namespace": "production", "change": "changed", "changes": changes});
    assert_eq!(report["namespaces"], json!([namespace]));
    let report = sandbox.run("diff app:new ./new --format json").succeeds().json();
    assert_eq!(report["equal"], true);
    assert_eq!(report["to"], json!({"reference": "./new", "digest": null}));
    assert_eq!(report["namespaces"], json!([]));
}

#[test]
fn markdown_is_ready_for_a_pull_request() {
    let sandbox = with_both();
    let block = SHOWN.replace('~', "!");
    let text = format!("### 1 of 2 namespaces differs\n\n`app:old` → `app:new`\n\n```diff\n{block}```\n");
    sandbox.run("diff app:old app:new --format markdown").succeeds().prints(&text);
    let same = "### no differences in 2 namespaces\n\n`app:old` → `./old`\n";
    sandbox.run("diff app:old ./old --format markdown").succeeds().prints(same);
}

#[test]
fn markdown_cannot_be_left_by_what_it_shows() {
    let evil = "```` </code> @team #1 ";
    let flag =
        |name: &str| format!("namespace: web\nflags:\n- key: a\n  name: A\n  description: \"{name}\"\n");
    let sandbox = texts(&flag("x"), &flag(evil));
    let text = sandbox.run("diff ./a ./b --format markdown").succeeds().stdout;
    let fence = text.lines().find(|line| line.ends_with("diff")).unwrap().trim_end_matches("diff").to_owned();
    assert_eq!(fence, "`````", "one backtick more than the text has in a row");
    assert_eq!(text.lines().filter(|line| line.starts_with(&fence)).count(), 2);
    assert!(text.contains(evil.trim_end()), "{text}");
}

#[test]
fn stat_counts_and_namespace_selects() {
    let sandbox = with_both();
    sandbox.write("new/w.features.yml", BANNER.replace("name: Banner", "name: B"));
    sandbox.write("new/z.features.yml", "namespace: zoo\n");
    let stat = "~ production    1 added, 1 removed, 1 changed\n~ web           1 changed\n+ zoo           only the namespace itself\n";
    sandbox.run("diff app:old ./new --stat").succeeds().prints(stat);
    let only = sandbox.run("diff app:old ./new --namespace web").succeeds();
    drop(only.prints("~ web/banner    name: \"Banner\" → \"B\"\n").says("1 of 1 namespace differs"));
    sandbox.run("diff app:old ./new -n web -n zoo --stat").succeeds().shows("zoo").hides("production");
    let unknown = sandbox.run("diff app:old ./new -n web -n nowhere").fails(3);
    drop(unknown.says("neither side has a namespace `nowhere`").prints(""));
}

#[test]
fn the_exit_code_tells_where_it_is_asked_to() {
    let sandbox = with_both();
    sandbox.run("diff app:old app:new").succeeds();
    sandbox.run("diff app:old app:new --exit-code").fails(6).prints(SHOWN);
    sandbox.run("diff app:old app:new --exit-code --format json").fails(6);
    sandbox.run("diff app:old ./old --exit-code").succeeds();
    sandbox.run("diff app:old app:nowhere --exit-code").fails(3);
    sandbox.run("diff app:old ./nowhere --exit-code").fails(3);
    sandbox.run("diff app:old new").fails(3).says("a directory is written `./new`");
    sandbox.run("diff app:old --exit-code").fails(2);
    sandbox.run("diff app:old App: --exit-code").fails(2);
    sandbox.run("diff app:old 127.0.0.1:9/app --exit-code --retries 0").fails(8);
}

#[test]
fn faults_of_a_directory_are_told_as_build_tells_them() {
    let sandbox = with_both();
    sandbox.write("new/p.features.yml", "flags:\n- key: bad key\n  name: Bad\n");
    let outcome = sandbox.run("diff app:old ./new").fails(1).prints("");
    drop(outcome.says("new/p.features.yml:2:8").says("- key: bad key").says("1 fault"));
    sandbox.write("new/p.features.yml", "flags:\n- {key: a, name: A, rules: [{segment: nobody}]}\n");
    sandbox.run("diff app:old ./new").fails(1).says("unknown-segment");
    sandbox.run("diff app:old ./new --check schema").succeeds();
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let mut sandbox = with_both();
    sandbox.run("diff app:old app:new").succeeds().hides("\u{1b}");
    let coloured = sandbox.run("diff app:old app:new --color always").succeeds();
    let coloured =
        coloured.shows("\u{1b}[33m~ production/checkout").shows("\u{1b}[32m+ production/dark-mode");
    drop(coloured.shows("\u{1b}[31m- production/old-banner\u{1b}[0m\n"));
    sandbox.run("diff app:old app:new --color always --format json").succeeds().hides("\u{1b}");
    sandbox.with("CLICOLOR_FORCE", "1");
    sandbox.run("diff app:old app:new").succeeds().shows("\u{1b}[33m~");
    sandbox.with("NO_COLOR", "1");
    sandbox.run("diff app:old app:new").succeeds().prints(SHOWN);
}

#[test]
fn two_registries_each_get_their_own_credentials() {
    let (left, right) = (Registry::with_password("bob", "hunter2"), Registry::open());
    let mut sandbox = with_both();
    let push = format!("push app:old {} -u bob --password-stdin", left.at("team/app"));
    sandbox.typing("hunter2\n").run(&push).succeeds();
    sandbox.run(&format!("push app:new {}", right.at("team/app"))).succeeds();
    let [old, new] = [left.at("team/app:old"), right.at("team/app:new")];
    sandbox.run(&format!("diff {old} {new}")).fails(4);
    let diff = format!("diff {old} {new} --from-username bob --from-password-stdin");
    right.calls();
    sandbox.typing("hunter2\n").run(&diff).succeeds().prints(SHOWN);
    assert!(right.calls().iter().all(|call| !call.contains("Basic")));
    let diff = format!("diff {new} {old} -u bob --password-stdin --stat");
    sandbox.typing("hunter2\n").run(&diff).succeeds();
}

#[test]
fn an_index_stands_for_the_bundle_that_it_means() {
    let (sandbox, registry) = (with_both(), Registry::open());
    let json =
        sandbox.run(&format!("push app:new {} --format json", registry.at("team/app"))).succeeds().json();
    let child = json!({"mediaType": json["mediaType"], "digest": json["digest"], "size": json["size"]});
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = json!({"schemaVersion": 2, "mediaType": kind, "manifests": [child]});
    registry.ask("PUT /v2/team/app/manifests/all", &format!("Content-Type: {kind}\r\n"), &index.to_string());
    sandbox.run(&format!("diff app:old {}", registry.at("team/app:all"))).succeeds().prints(SHOWN);
}

/// Puts a bundle of Flipt's into a registry whose layers are these, as another builder may have made them.
fn foreign(registry: &Registry, tag: &str, layers: &[(&str, &str)]) {
    let blob = |body: &str| {
        let digest = torte::oci::Digest::of(body.as_bytes());
        registry.ask(&format!("POST /v2/team/app/blobs/uploads/?digest={digest}"), "", body);
        json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest, "size": body.len()})
    };
    let layer = |(kind, body): &(&str, &str)| {
        let mut layer = blob(body);
        layer["mediaType"] = json!(kind);
        layer["annotations"] = json!({"io.flipt.features.namespace": "web"});
        layer
    };
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let manifest = json!({
        "schemaVersion": 2, "mediaType": kind, "artifactType": "application/vnd.io.flipt.features.v1",
        "config": blob("{}"), "layers": layers.iter().map(layer).collect::<Vec<_>>(),
        "annotations": {"org.opencontainers.image.created": "1970-01-01T00:00:00Z"},
    });
    let put = format!("PUT /v2/team/app/manifests/{tag}");
    registry.ask(&put, &format!("Content-Type: {kind}\r\n"), &manifest.to_string());
}

const LAYER: &str = "application/vnd.io.flipt.features.namespace.v1";

#[test]
fn what_cannot_be_read_is_compared_as_text() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    foreign(&registry, "v1", &[(LAYER, "{\"flags\":[\none\ntwo\n"), ("text/plain", "hello\n")]);
    foreign(&registry, "v2", &[(LAYER, "{\"flags\":[\none\ntwo\nthree\n"), ("text/plain", "hello\n")]);
    let line = format!("diff {} {}", registry.at("team/app:v1"), registry.at("team/app:v2"));
    let text =
        "~ web/unreadable document 1    content: lines +1 -0\n~ web/unreadable document 1      + three\n";
    sandbox.run(&line).succeeds().prints(text);
    let report = sandbox.run(&format!("{line} --format json")).succeeds().json();
    let change = &report["namespaces"][0]["changes"][0];
    assert_eq!(change["path"], "/unreadable/0");
    assert_eq!(change["to"], "{\"flags\":[\none\ntwo\nthree\n");
}

#[test]
fn the_same_content_in_json_and_in_yaml_is_the_same() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let yaml = format!("{LAYER}+yaml");
    foreign(&registry, "v1", &[(&yaml, BANNER)]);
    sandbox.write("features.yml", BANNER);
    let other = BANNER.replace("name: Banner", "name: New");
    sandbox.run(&format!("diff {} . --exit-code", registry.at("team/app:v1"))).succeeds().prints("");
    sandbox.write("features.yml", other);
    let changed = sandbox.run(&format!("diff {} .", registry.at("team/app:v1"))).succeeds();
    drop(changed.prints("~ web/banner    name: \"Banner\" → \"New\"\n"));
}

#[test]
fn a_bundle_of_no_kind_is_refused() {
    let (sandbox, registry) = (with_both(), Registry::open());
    let kind = "application/vnd.oci.image.manifest.v1+json";
    foreign(&registry, "v1", &[]);
    let body =
        registry.ask("GET /v2/team/app/manifests/v1", "", "").replace("io.flipt.features.v1", "example");
    registry.ask("PUT /v2/team/app/manifests/odd", &format!("Content-Type: {kind}\r\n"), &body);
    let odd = registry.at("team/app:odd");
    let outcome = sandbox.run(&format!("diff app:old {odd}")).fails(1).prints("");
    drop(outcome.says("is of no kind that torte knows").says("hint:"));
}

#[test]
fn control_characters_and_endless_texts_stay_on_their_lines() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let layer = |text: &str| {
        json!({"namespace": "web", "flags": [{"key": "a\u{1b}[2J\n\u{202e}b", "name": text, "enabled": true}]})
            .to_string()
    };
    foreign(&registry, "v1", &[(LAYER, &layer("x"))]);
    foreign(&registry, "v2", &[(LAYER, &layer(&format!("\u{1b}[31m\u{9b}\r{}", "ü".repeat(100_000))))]);
    let line = format!("diff {} {}", registry.at("team/app:v1"), registry.at("team/app:v2"));
    for format in ["text", "markdown", "text --color always"] {
        let outcome = sandbox.run(&format!("{line} --format {format}")).succeeds();
        let text = outcome.stdout.replace("\u{1b}[33m", "").replace("\u{1b}[0m", "");
        let bad = |letter: &char| letter.is_control() && *letter != '\n' || *letter == '\u{202e}';
        assert!(!text.chars().any(|letter| bad(&letter)), "{text:?}");
        let changes: Vec<&str> = text.lines().filter(|line| line.contains("web/a")).collect();
        assert_eq!(changes.len(), 1, "{text}");
        assert!(changes[0].chars().count() < 500 && changes[0].contains('…'), "{}", changes[0]);
    }
}

#[test]
fn a_million_changes_are_a_thousand_lines() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let layer = |number: u32| {
        let list = vec![number.to_string(); 1_000_000].join(",");
        format!(
            "{{\"namespace\":\"web\",\"flags\":[{{\"key\":\"a\",\"variants\":[{{\"key\":\"x\",\"attachment\":[{list}]}}]}}]}}"
        )
    };
    foreign(&registry, "v1", &[(LAYER, &layer(1))]);
    foreign(&registry, "v2", &[(LAYER, &layer(2))]);
    let line = format!("diff {} {}", registry.at("team/app:v1"), registry.at("team/app:v2"));
    let text = sandbox.run(&line).succeeds().stdout;
    assert_eq!(text.lines().count(), 1001, "{}", text.lines().last().unwrap());
    assert_eq!(text.lines().next(), Some("~ web/a    variant x: attachment[0]: 1 → 2"));
    assert!(text.ends_with("… and 999000 more; `--format json` has all, `--stat` counts them\n"));
    let markdown = sandbox.run(&format!("{line} --format markdown")).succeeds().stdout;
    assert!(markdown.len() < 1024 * 1024 && markdown.ends_with("```\n"));
}

#[test]
fn deep_nesting_is_told_within_bounds() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let nested = |depth: usize, inner: &str| {
        let attachment = format!(
            "{}{inner}{}",
            "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":".repeat(depth),
            "}".repeat(depth)
        );
        format!(
            "{{\"namespace\":\"web\",\"flags\":[{{\"key\":\"a\",\"variants\":[{{\"key\":\"x\",\"attachment\":{attachment}}}]}}]}}"
        )
    };
    let wide = |number: &str| format!("[{}]", vec![number; 20_000].join(","));
    let compare = |one: &str, other: &str| {
        foreign(&registry, "v1", &[(LAYER, one)]);
        foreign(&registry, "v2", &[(LAYER, other)]);
        let line = format!("diff {} {}", registry.at("team/app:v1"), registry.at("team/app:v2"));
        let text = sandbox.run(&line).succeeds().stdout;
        assert!(text.lines().all(|line| line.chars().count() < 500), "{text}");
        sandbox.run(&format!("{line} --format json")).succeeds().stdout
    };
    let json = compare(&nested(500, &wide("1")), &nested(500, &wide("2")));
    // A path of 500 steps for each of 20,000 changes would be 400 MB.
    assert!(json.len() < 2_000_000, "{} bytes", json.len());
    assert!(compare(&nested(400, "1"), &nested(400, "2")).contains("\"from\": 1, \"to\": 2"));
    // Beyond what any reader takes it is text.
    assert!(compare(&nested(5000, "1"), &nested(5000, "2")).contains("/unreadable/0"));
}
