//! One bundle for each environment, in one go.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::{BANNER, Registry, Sandbox};

fn environments() -> Sandbox {
    let sandbox = Sandbox::new();
    for environment in ["staging", "production"] {
        let flag = BANNER.replace("banner", &format!("banner-{environment}"));
        sandbox.write(&format!("envs/{environment}/features.yml"), flag);
    }
    sandbox.write("envs/readme.txt", "not an environment");
    sandbox
}

#[test]
fn each_directory_is_a_bundle_tagged_by_its_name() {
    let sandbox = environments();
    let built = sandbox.run_with(&["build", "--each", "envs/*", "app"]).succeeds();
    let lines: Vec<&str> = built.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("sha256:") && lines[0].ends_with("  app:production"), "{lines:?}");
    assert!(lines[1].ends_with("  app:staging"), "{lines:?}");
    let digest = sandbox.run("build alone envs/staging").succeeds().digest();
    assert!(lines[1].starts_with(&digest), "the same bundle as if built alone");
    let json = sandbox.run_with(&["build", "--each", "envs/*", "app", "--format", "json"]).succeeds().json();
    assert_eq!(json["bundles"][0]["tags"][0], "production");
}

#[test]
fn a_fault_in_one_is_told_with_the_others_and_nothing_is_tagged() {
    let sandbox = environments();
    sandbox.write("envs/staging/features.yml", "namespace: web\nflags:\n- nme: a\n");
    sandbox.write("envs/third/features.yml", "namespace: [\n");
    sandbox.write("envs/empty/readme.txt", "");
    let failed = sandbox.run_with(&["build", "--each", "envs/*", "app"]).fails(1);
    failed.says("envs/staging/features.yml:3").says("envs/third/features.yml:").says("envs/empty");
    sandbox.run("list app").fails(3);
}

#[test]
fn guards_hold_for_all_or_nothing_is_tagged() {
    let sandbox = environments();
    sandbox.run("build app:staging envs/staging").succeeds();
    sandbox.run_with(&["build", "--each", "envs/*", "app", "--if-absent"]).fails(7).says("staging");
    sandbox.run("inspect app:production").fails(3);
}

/// How many tags of a repository somebody sees who looks at its index all the while.
fn seen_meanwhile(sandbox: &Sandbox, repository: &str, work: impl FnOnce()) -> BTreeSet<usize> {
    let index = sandbox.store().join(repository).join("index.json");
    let is_over = AtomicBool::new(false);
    let tags = || {
        let index: serde_json::Value = serde_json::from_slice(&fs::read(&index).ok()?).unwrap();
        Some(index["manifests"].as_array().unwrap().len())
    };
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) {
                seen.extend(tags());
            }
            seen
        });
        work();
        is_over.store(true, Ordering::Relaxed);
        let mut seen = watcher.join().unwrap();
        seen.extend(tags());
        seen
    })
}

#[test]
fn all_appear_in_the_store_in_one_moment() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..24).map(|number| format!("e{number}")).collect();
    for name in &names {
        sandbox.write(&format!("envs/{name}/features.yml"), BANNER.replace("banner", name));
    }
    let seen = seen_meanwhile(&sandbox, "all", || {
        sandbox.run_with(&["build", "--each", "envs/*", "all"]).succeeds();
    });
    assert_eq!(seen.into_iter().filter(|count| *count > 0).collect::<Vec<_>>(), [names.len()]);
    // Who looks like this sees what comes one by one.
    let seen = seen_meanwhile(&sandbox, "single", || {
        for name in &names {
            sandbox.run(&format!("build single:{name} envs/{name}")).succeeds();
        }
    });
    assert!(seen.len() > names.len() / 2, "{seen:?}");
}

#[test]
fn all_are_published_by_one_command() {
    let sandbox = environments();
    let registry = Registry::open();
    let remote = registry.at("team/app");
    sandbox.run_with(&["build", "--each", "envs/*", "app", "--push", &remote]).succeeds().says("pushed");
    let listed = sandbox.run(&format!("list {remote}")).succeeds();
    listed.shows("production\n").shows("staging\n");
}

#[test]
fn what_the_pattern_means_is_said_where_it_is_not_clear() {
    let sandbox = environments();
    sandbox.run_with(&["build", "--each", "nothing/*", "app"]).fails(3).says("nothing/*");
    sandbox.run_with(&["build", "--each", "envs/*", "app:v1"]).fails(2).says("--each");
    sandbox.run_with(&["build", "--each", "envs/*", "app", "envs"]).fails(2);
    sandbox.write("a/same/features.yml", BANNER).write("b/same/features.yml", BANNER);
    sandbox.run_with(&["build", "--each", "*/same", "app"]).fails(2).says("same");
    sandbox.run_with(&["build", "--each", "**", "app"]).fails(2);
}

#[test]
fn all_names_that_give_no_tag_are_told_at_once() {
    let sandbox = environments();
    sandbox.write("envs/two words/features.yml", BANNER).write("envs/-x/features.yml", BANNER);
    sandbox.write("more/staging/features.yml", BANNER);
    let refused = sandbox.run_with(&["build", "--each", "{envs,more}/*", "app"]).fails(2);
    let refused = refused.says("envs/two words").says("envs/-x").says("more/staging` would both be tagged");
    assert_eq!(refused.stderr.matches("error:").count(), 1, "{}", refused.stderr);
}

#[test]
fn a_pattern_that_the_shell_followed_is_to_be_quoted() {
    let sandbox = environments();
    for line in ["torte build --each envs/* app", "torte build app --each envs/* --strict"] {
        let refused = sandbox.shell(&format!("{line} || exit $?")).fails(2).says("quote the pattern");
        refused.says("--each 'envs/*'");
    }
    // Of anything else that is one too many, it says nothing.
    sandbox.run("build app envs/staging envs/production").fails(2).hides("quote");
    sandbox.run("build --each envs/staging app --nonsense").fails(2).hides("quote");
    let json = sandbox.shell("torte build --each envs/* app --format json || exit $?").fails(2);
    let json: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
    assert!(json["hint"].as_str().unwrap().contains("quote the pattern"), "{json}");
}

#[test]
fn a_rehearsal_writes_nothing() {
    let sandbox = environments();
    let said = sandbox.run_with(&["build", "--each", "envs/*", "app", "--dry-run"]).succeeds();
    said.shows("app:staging").says("would build");
    sandbox.run("list app").fails(3);
}
