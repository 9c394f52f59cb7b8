//! A directory becomes a bundle in the local store.

use crate::support::{BANNER, Registry, Sandbox, banner_digest};

#[test]
fn building_prints_the_digest_and_nothing_else() {
    let sandbox = Sandbox::with_banner();
    sandbox
        .run("build app:v1")
        .succeeds()
        .prints(&format!("{}\n", banner_digest()))
        .says("built app:v1 · 2 blobs");
}

#[test]
fn the_same_files_give_the_same_digest_whatever_stands_around_them() {
    let mut sandbox = Sandbox::new();
    sandbox.write("elsewhere/deep/features.yml", BANNER);
    sandbox.with("TZ", "Asia/Tokyo").with("LANG", "de_DE.UTF-8");
    sandbox.run("build other:tag elsewhere/deep").succeeds().prints(&format!("{}\n", banner_digest()));
    let absolute = sandbox.path("elsewhere").display().to_string();
    sandbox.run_with(&["build", "app", &absolute]).succeeds().prints(&format!("{}\n", banner_digest()));
}

#[test]
fn no_tag_means_latest_and_commas_give_more() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app").succeeds();
    sandbox.run("build app:v1,v2").succeeds().says("built app:v1,v2 · 2 already there");
    let digest = &banner_digest()[7..19];
    let text = sandbox.run("list").succeeds().stdout;
    let tags: Vec<&str> = text.lines().skip(1).map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert_eq!(tags, ["latest", "v1", "v2"]);
    assert!(text.lines().skip(1).all(|line| line.starts_with(digest)), "{text}");
}

#[test]
fn a_dry_run_prints_the_digest_and_writes_nothing() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1 --dry-run").succeeds().prints(&format!("{}\n", banner_digest()));
    assert!(!sandbox.store().exists());
}

#[test]
fn created_comes_from_the_flag_or_from_source_date_epoch() {
    let mut sandbox = Sandbox::with_banner();
    let flag = sandbox.run("build app:a --created 2026-01-02T03:04:05Z").succeeds().digest();
    let zone = sandbox.run("build app:b --created 2026-01-02T04:04:05+01:00").succeeds().digest();
    let epoch = sandbox.with("SOURCE_DATE_EPOCH", "1767323045").run("build app:c").succeeds().digest();
    assert_eq!([&zone, &epoch], [&flag, &flag]);
    assert_ne!(flag, banner_digest());
    sandbox.run("inspect app:a").succeeds().shows("org.opencontainers.image.created=2026-01-02T03:04:05Z");
}

#[test]
fn a_bad_time_is_wrong_usage() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.run("build app --created yesterday").fails(2).prints("").says("RFC 3339");
    sandbox.with("SOURCE_DATE_EPOCH", "soon").run("build app").fails(2).says("SOURCE_DATE_EPOCH");
    sandbox.with("SOURCE_DATE_EPOCH", "-1").run("build app").fails(2);
    sandbox.with("SOURCE_DATE_EPOCH", "999999999999999").run("build app").fails(2);
}

#[test]
fn an_old_registry_gets_the_old_manifest() {
    let mut sandbox = Sandbox::with_banner();
    let flag = sandbox.run("build app:a --manifest-version 1.0").succeeds().digest();
    let variable =
        sandbox.with("FLIPT_STORAGE_OCI_MANIFEST_VERSION", "1.0").run("build app:b").succeeds().digest();
    assert_eq!(flag, variable);
    let manifest = sandbox.run("inspect app:a --manifest").succeeds().stdout;
    assert!(!manifest.contains("artifactType"), "{manifest}");
    sandbox.run("build app:c --manifest-version 1.1").succeeds().prints(&format!("{}\n", banner_digest()));
}

#[test]
fn annotations_say_where_it_came_from() {
    let sandbox = Sandbox::with_banner();
    sandbox
        .run("build app --annotation team=a=b --source https://u:secret@example.com/x.git --revision abc")
        .succeeds();
    let shown = sandbox.run("inspect app").succeeds().hides("secret").stdout;
    for line in
        ["team=a=b", "org.opencontainers.image.source=https://example.com/x.git", "image.revision=abc"]
    {
        assert!(shown.contains(line), "{line} is missing:\n{shown}");
    }
    sandbox.run("build app --annotation novalue").fails(2).says("KEY=VALUE");
    sandbox.run("build app --annotation org.opencontainers.image.created=x").fails(2).says("--created");
}

fn git(sandbox: &Sandbox, line: &str) {
    let output = std::process::Command::new("git")
        .args(line.split_whitespace())
        .current_dir(sandbox.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
        .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.com")])
        .output()
        .unwrap();
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn git_tells_source_and_revision_and_keeps_the_password() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app --git").fails(1).says("git");
    git(&sandbox, "init -q");
    sandbox.run("build app --git").fails(1).says("commit");
    git(&sandbox, "add .");
    git(&sandbox, "commit -qm first");
    git(&sandbox, "remote add origin https://bob:hunter2@example.com/flags.git");
    sandbox.run("build app --git").succeeds();
    let clean = sandbox.run("inspect app").succeeds().hides("hunter2").stdout;
    assert!(clean.contains("image.source=https://example.com/flags.git"), "{clean}");
    assert!(clean.contains("image.revision=") && !clean.contains("dirty"), "{clean}");

    sandbox.write("README.md", "changed");
    sandbox.run("build app --git").succeeds();
    sandbox.run("inspect app").succeeds().shows("dev.torte.dirty=true");
}

#[test]
fn the_digest_goes_to_a_file_too() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app --digest-file out.txt").succeeds();
    assert_eq!(sandbox.read("out.txt").trim_end(), banner_digest());
}

#[test]
fn guards_keep_a_tag_from_moving() {
    let sandbox = Sandbox::with_banner();
    let first = sandbox.run("build app:v1 --if-absent").succeeds().digest();
    sandbox.run("build app:v1 --if-absent").fails(7).says("v1");
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    let nobody = format!("sha256:{}", "0".repeat(64));
    sandbox.run(&format!("build app:v1 --if-match {nobody}")).fails(7);
    sandbox.run(&format!("build app:v1 --if-match {first}")).succeeds();
    sandbox.run("build app:v1 --if-match nonsense").fails(2);
}

#[test]
fn with_push_the_guard_is_about_the_published_tag() {
    let (first, fresh, registry) = (Sandbox::with_banner(), Sandbox::with_banner(), Registry::open());
    let to = registry.at("team/app");
    let digest = first.run(&format!("build app:v1 --push {to} --if-absent")).succeeds().digest();
    fresh.write("more.features.yml", "namespace: more\n");
    fresh.run(&format!("build app:v1 --push {to} --if-absent")).fails(7).says(&digest);
    fresh.run(&format!("build app:v1 --push {to} --if-match {digest}")).succeeds();
    fresh.run(&format!("build app:v1 --push {to}:v2 --if-absent")).succeeds();
}

#[test]
fn a_rehearsal_counts_what_is_there_and_holds_the_guard() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1 --dry-run").succeeds().says("2 blobs, ");
    sandbox.run("build app:v1").succeeds();
    sandbox.run("build app:v2 --dry-run --if-absent").succeeds().says("2 already there");
    sandbox.run("build app:v1 --dry-run --if-absent").fails(7);
}

#[test]
fn arguments_in_the_wrong_order_are_recognised() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build ./flags app:v1").fails(2).says("torte build NAME:TAG ./flags");
}

#[test]
fn a_moved_tag_says_where_it_was() {
    let sandbox = Sandbox::with_banner();
    let old = sandbox.run("build app:v1").succeeds().digest();
    sandbox.write("more.features.yml", "namespace: more\n");
    sandbox.run("build app:v1").succeeds().says(&format!("`v1` was {}", &old[7..19]));
}

#[test]
fn a_digest_file_that_cannot_be_written_keeps_all_as_it_is() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1 --digest-file no/such/place").fails(1).prints("").says("no/such/place");
    assert!(!sandbox.store().exists());
}

#[test]
fn an_empty_bundle_is_refused_and_says_what_was_looked_for() {
    let sandbox = Sandbox::new();
    sandbox.run("build app --kind flipt").fails(1).says("features.yml");
    sandbox.write("notes.txt", "x").run("build app").fails(1).says("features.yml");
    sandbox.write("features.yml", "").run("build app").fails(1).says("is empty");
    assert!(!sandbox.store().exists());
}

#[test]
fn a_directory_that_is_not_there_is_not_found() {
    Sandbox::new().run("build app nowhere").fails(3).says("nowhere");
}
