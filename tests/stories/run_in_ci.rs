//! What runs in CI: the steps of the action of this repository, and the recipes of `docs/ci.md`.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{
    BANNER, Job, Registry, Reply, Sandbox, Scripted, Served, action, banner_digest, blocks, page, read_yaml,
    script,
};

/// A machine with a directory of flags that differ by `name`.
fn with_flags(name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    change(&sandbox, name);
    sandbox
}

fn change(sandbox: &Sandbox, name: &str) {
    sandbox.write("flags/web.features.yml", BANNER.replace("Banner", name));
}

#[test]
fn a_first_bundle_is_published_and_the_next_compared_with_it() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::open());
    let name = registry.at("team/flags");
    let inputs = [("directory", "flags"), ("name", &name), ("push", "true")];
    let first = Job::new(&sandbox, &inputs).succeeds();
    assert_eq!(first.output("build", "digest"), banner_digest());
    assert_eq!(first.output("build", "reference"), format!("{name}@{}", banner_digest()));
    assert_eq!(first.output("diff", "changed"), "true");
    assert_eq!(first.output("diff", "was"), "");
    let summary = first.summary();
    assert!(summary.contains(&format!("Nothing is published as `{name}:latest` yet.")), "{summary}");
    assert!(!first.log.contains("error"), "{}", first.log);

    // Run again, it finds nothing to do.
    let again = Job::new(&sandbox, &inputs).succeeds();
    assert_eq!(again.output("diff", "changed"), "false");
    assert!(again.summary().contains("no differences in 1 namespace"), "{}", again.summary());

    change(&sandbox, "Poster");
    let second = Job::new(&sandbox, &inputs).succeeds();
    assert_eq!(second.output("diff", "was"), banner_digest());
    assert_eq!(second.output("diff", "changed"), "true");
    let change = "! web/banner    name: \"Banner\" → \"Poster\"\n";
    assert!(second.summary().contains(change), "{}", second.summary());
    let published = sandbox.run(&format!("resolve {name}")).succeeds().digest();
    assert_eq!(published, second.output("build", "digest"));
    assert_ne!(published, banner_digest());
}

#[test]
fn nothing_is_published_unless_it_is_said() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::open());
    let name = registry.at("team/flags");
    let job = Job::new(&sandbox, &[("directory", "flags"), ("name", &name)]).succeeds();
    assert_eq!(job.ran.last().unwrap(), "Compare with what is published");
    sandbox.run(&format!("resolve {name}")).fails(3);
    let job = Job::new(&sandbox, &[("directory", "flags"), ("push", "true")]).succeeds();
    assert_eq!(job.ran, ["Look for torte", "Check", "Build the bundle"]);
    assert_eq!(job.output("build", "reference"), "");
}

#[test]
fn what_may_not_be_read_stops_who_only_compares_and_not_who_publishes() {
    let denied = || Reply::status(403).with("WWW-Authenticate", "Basic realm=\"x\"");
    let (sandbox, registry) = (with_flags("Banner"), Scripted::new(move |_| denied()));
    let name = registry.at("team/flags");
    let inputs = [("directory", "flags"), ("name", &*name), ("push", "false")];
    drop(Job::new(&sandbox, &inputs).fails("Compare with what is published", 4));
    let inputs = inputs.map(|(key, value)| (key, if key == "push" { "true" } else { value }));
    let mut job = Job::new(&sandbox, &inputs);
    assert!(job.runs_until("Publish"), "{}", job.log);
    assert_eq!(job.output("diff", "changed"), "true");
    assert_eq!(job.output("diff", "was"), "");
    assert!(job.summary().contains(&format!("`{name}:latest` may not be read")), "{}", job.summary());
    // That the credentials are wrong is still a failure, where they are needed.
    drop(job.fails("Publish", 4));
}

#[test]
fn faults_fail_the_job_at_their_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("flags/web.features.yml", BANNER.replace("BOOLEAN", "MAYBE"));
    for directory in ["flags", "./flags"] {
        let job = Job::new(&sandbox, &[("directory", directory)]).fails("Check", 1);
        assert!(job.log.contains("\n::error file=flags/web.features.yml,line=5,col="), "{}", job.log);
    }
    for root in [".", "./"] {
        let job = Job::new(&sandbox, &[("directory", root)]).fails("Check", 1);
        assert!(job.log.contains("\n::error file=flags/web.features.yml,line=5,col="), "{}", job.log);
    }

    let warned = "segments:\n- key: s\n  name: S\n  match_type: ANY_MATCH_TYPE\n  constraints:\n  - type: NUMBER_COMPARISON_TYPE\n    property: age\n    operator: lt\n    value: \"3\"\n";
    sandbox.write("flags/web.features.yml", warned);
    let job = Job::new(&sandbox, &[("directory", "flags")]).succeeds();
    assert!(job.log.contains("\n::warning file=flags/web.features.yml,line=8,col=15"), "{}", job.log);
    drop(Job::new(&sandbox, &[("directory", "flags"), ("strict", "true")]).fails("Check", 1));
}

#[test]
fn a_tag_that_moved_since_the_comparison_stays() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::open());
    let name = registry.at("team/flags");
    let inputs = [("directory", "flags"), ("name", &*name), ("push", "true")];
    let publish = |what: &str| {
        sandbox.write("other/features.yml", BANNER.replace("Banner", what));
        sandbox.run(&format!("build other other --push {name}")).succeeds().digest()
    };
    let mut job = Job::new(&sandbox, &inputs);
    assert!(job.runs_until("Publish"));
    let theirs = publish("First");
    drop(job.fails("Publish", 7));
    let mut job = Job::new(&sandbox, &inputs);
    assert!(job.runs_until("Publish"));
    let theirs_later = publish("Second");
    assert_ne!(theirs, theirs_later);
    drop(job.fails("Publish", 7));
    assert_eq!(sandbox.run(&format!("resolve {name}")).succeeds().digest(), theirs_later);
    // Somebody who publishes the very same is in nobody's way.
    let mut job = Job::new(&sandbox, &inputs);
    assert!(job.runs_until("Publish"));
    publish("Banner");
    drop(job.succeeds());
}

#[test]
fn a_version_is_published_once() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::open());
    let name = registry.at("team/flags");
    let version = [
        ("directory", "flags"),
        ("name", &*name),
        ("tag", "1.0.0"),
        ("compare-with", "production"),
        ("push", "true"),
        ("if-absent", "true"),
    ];
    drop(Job::new(&sandbox, &version).succeeds());
    let again = Job::new(&sandbox, &version).succeeds();
    assert!(again.log.contains("the very same bundle is published there already"), "{}", again.log);
    change(&sandbox, "Poster");
    drop(Job::new(&sandbox, &version).fails("Publish", 7));
    sandbox.run(&format!("tag {name}:1.0.0 production")).succeeds();
    let next = version.map(|(key, value)| (key, if key == "tag" { "1.1.0" } else { value }));
    let next = Job::new(&sandbox, &next).succeeds();
    assert_eq!(next.output("diff", "was"), banner_digest());
    assert!(next.summary().contains(&format!("Compared with `{name}:production`.")), "{}", next.summary());
    assert_eq!(sandbox.run(&format!("resolve {name}:1.0.0")).succeeds().digest(), banner_digest());
}

#[test]
fn a_preview_says_how_to_get_it() {
    let (sandbox, elsewhere) = (with_flags("Banner"), Sandbox::new());
    let forgetful = Served::start(&sandbox, &["--ttl"]);
    let inputs =
        [("directory", "flags"), ("share", "true"), ("ttl", "30m"), ("share-registry", forgetful.host())];
    let job = Job::new(&sandbox, &inputs).succeeds();
    let summary = job.summary();
    let command = summary.lines().find(|line| line.starts_with("torte ")).unwrap();
    assert!(command.contains(&job.output("share", "shared")), "{summary}");
    assert_eq!(elsewhere.shell(command).succeeds().says("pulled").digest(), banner_digest());
    assert!(summary.contains("to be had for 30m") && summary.ends_with("```\n"), "{summary}");

    let refused = inputs.map(|(key, value)| (key, if key == "ttl" { "soon" } else { value }));
    assert!(Job::new(&sandbox, &refused).fails("Share", 2).log.contains("soon"));
}

#[test]
fn credentials_are_given_to_the_registry_alone() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::with_password("ann", "secret"));
    let name = registry.at("team/flags");
    let inputs = |token| [("directory", "flags"), ("name", &*name), ("push", "true"), ("token", token)];
    let job = Job::new(&sandbox, &inputs("wrong")).fails("Publish", 4);
    assert!(job.log.contains("error: cannot resolve"), "{}", job.log);
    let job = Job::new(&sandbox, &inputs("secret")).succeeds();
    assert!(!job.log.contains("secret") && !job.summary().contains("secret"));
    assert_eq!(job.ran.last().unwrap(), "Publish");
}

#[test]
fn what_a_user_writes_is_never_a_part_of_a_script() {
    for step in action()["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step}");
    }
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let odd = "a b\"; touch pwned; $(touch pwned) `touch pwned` '";
    sandbox.write(&format!("{odd}/features.yml"), BANNER);
    let name = registry.at("team/flags");
    drop(Job::new(&sandbox, &[("directory", odd), ("name", &name), ("push", "true")]).succeeds());
    for (input, step) in
        [("name", "Compare with what is published"), ("tag", "Compare with what is published")]
    {
        let mut inputs = vec![("directory", odd), ("name", &*name), ("push", "true")];
        inputs.retain(|(key, _)| *key != input);
        inputs.push((input, odd));
        drop(Job::new(&sandbox, &inputs).fails(step, 2));
    }
    drop(Job::new(&sandbox, &[("directory", odd), ("kind", odd)]).fails("Check", 2));
    assert!(!sandbox.path("pwned").exists());
}

/// Without torte on the path the action asks the cache and builds its own source; what stands in for rustup and cargo
/// writes down how it was asked.
#[test]
fn torte_is_built_from_the_source_of_the_action_where_it_is_not_there() {
    let mut sandbox = with_flags("Banner");
    let tools = sandbox.path("tools");
    // Written by a shell, so that no other test's new process holds them open when they are started.
    let written = r#"mkdir tools
for tool in cargo rustup; do
    printf '#!/bin/sh\necho %s "$@" >>"%s/asked"\n' $tool "$PWD" >tools/$tool
    chmod +x tools/$tool
done
for name in bash git sed find sort xargs cat; do command -v $name; done"#;
    let found = sandbox.shell(written);
    for program in found.succeeds().stdout.lines() {
        let name = program.rsplit('/').next().unwrap();
        std::os::unix::fs::symlink(program, tools.join(name)).unwrap();
    }
    sandbox.with("PATH", tools.to_str().unwrap());
    let job = |sandbox| {
        let mut job = Job::without_torte(sandbox, &[("directory", "flags")]);
        assert!(job.runs_until("Check"), "{}", job.log);
        job
    };
    let built = job(&sandbox);
    assert_eq!(
        built.ran,
        ["Look for torte", "Take torte from the cache", "Build torte", "Put torte on the path"]
    );
    let temp = sandbox.root().join("runner");
    let version = env!("CARGO_PKG_RUST_VERSION");
    let asked = format!(
        "rustup toolchain install {version} --profile minimal\n\
         cargo +{version} install --locked --path {} --root {}/torte\n",
        env!("CARGO_MANIFEST_DIR"),
        temp.display()
    );
    assert_eq!(sandbox.read("asked"), asked);
    assert_eq!(built.paths(), format!("{}/torte/bin\n", temp.display()));
    let key = built.output("torte", "key");
    let hash = key.strip_prefix("torte-Linux-X64--").unwrap();
    assert!(hash.len() >= 40 && hash.chars().all(|digit| digit.is_ascii_hexdigit()), "{key}");
    assert_eq!(job(&sandbox).output("torte", "key"), key, "the same source is the same key");
}

#[test]
fn the_workflow_of_the_page_gives_inputs_that_there_are() {
    let action = action();
    let workflow = read_yaml(&blocks("ci.md", "yaml")[0]);
    let steps = workflow["jobs"]["flags"]["steps"].as_array().unwrap();
    let used =
        steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("torte"))).unwrap();
    for name in used["with"].as_object().unwrap().keys() {
        assert!(action["inputs"][name].is_object(), "{name}");
    }
    assert_eq!(rows("input"), keys(&action["inputs"]));
    assert_eq!(rows("output"), keys(&action["outputs"]));
}

/// The code in the first cells of the page's table with this head, in order.
fn rows(head: &str) -> BTreeSet<String> {
    let page = page("ci.md");
    let (_, table) = page.split_once(&format!("| {head} | ")).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').nth(1).unwrap());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

/// The lines of a job of GitLab, which one shell runs.
fn gitlab(job: &Value) -> String {
    let lines = ["before_script", "script"].map(|part| job[part].as_array().unwrap().clone()).concat();
    lines.iter().flat_map(|line| [line.as_str().unwrap(), "\n"]).collect()
}

#[test]
fn the_recipe_for_gitlab_publishes_the_main_branch_and_shows_changes() {
    let (mut sandbox, registry) = (with_flags("Banner"), Registry::with_password("robot", "secret"));
    let recipe = read_yaml(&blocks("ci.md", "yaml")[1]);
    let job = &recipe["flags"];
    // GitLab sets these, and replaces them in the variables of the job.
    let project = sandbox.path("").display().to_string();
    let image = registry.at("team");
    let given = [
        ("CI_PROJECT_DIR", &*project),
        ("REGISTRY_USER", "robot"),
        ("REGISTRY_PASSWORD", "secret"),
        ("CI_DEFAULT_BRANCH", "main"),
    ];
    for (name, value) in given {
        sandbox.with(name, value);
    }
    for (name, value) in job["variables"].as_object().unwrap() {
        let mut value = value.as_str().unwrap().to_owned();
        for (name, given) in given {
            value = value.replace(&format!("${name}"), given);
        }
        value = value.replace("registry.example.com", &registry.host());
        sandbox.with(name, &value);
    }
    let lines = format!("cargo() {{ echo \"cargo $*\" >asked; }}\n{}", gitlab(job));
    let run = |sandbox: &Sandbox| {
        let mut command = sandbox.program("bash", &["-eo", "pipefail", "-c", &lines]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        said
    };
    let published = format!("{image}/flags:latest");
    let resolve = |sandbox: &Sandbox| sandbox.run(&format!("resolve {published}"));

    sandbox.with("CI_COMMIT_BRANCH", "feature");
    run(&sandbox);
    drop(resolve(&sandbox).fails(3));
    assert_eq!(
        sandbox.read("asked"),
        "cargo install --locked --git https://github.com/OWNER/torte --rev REF --root .torte\n"
    );
    sandbox.with("CI_COMMIT_BRANCH", "main");
    run(&sandbox);
    assert_eq!(resolve(&sandbox).succeeds().digest(), banner_digest());
    change(&sandbox, "Poster");
    sandbox.with("CI_COMMIT_BRANCH", "feature");
    run(&sandbox);
    assert!(sandbox.read("changes.md").contains("\"Banner\" → \"Poster\""));
    assert_eq!(resolve(&sandbox).succeeds().digest(), banner_digest(), "a branch publishes nothing");
    sandbox.with("CI_COMMIT_BRANCH", "main");
    run(&sandbox);
    assert_ne!(resolve(&sandbox).succeeds().digest(), banner_digest());
}

#[test]
fn the_recipe_for_any_shell_publishes_twice() {
    let (sandbox, registry) = (with_flags("Banner"), Registry::open());
    let recipe = script("ci.md").replace("127.0.0.1:5000", &registry.host());
    assert!(recipe.lines().filter(|line| line.contains("torte ")).count() > 6, "{recipe}");
    drop(sandbox.shell(&recipe).succeeds());
    assert!(!sandbox.path("changes.md").exists());
    change(&sandbox, "Poster");
    drop(sandbox.shell(&recipe).succeeds());
    assert!(sandbox.read("changes.md").contains("\"Banner\" → \"Poster\""));
    sandbox.write("flags/web.features.yml", "flags: 1\n");
    drop(sandbox.shell(&recipe).fails(1));
    let now = fs::read_to_string(sandbox.path("published")).unwrap();
    sandbox.run(&format!("resolve {}", registry.at("team/flags"))).succeeds().prints(&now);
}
