//! Completion that knows: names, tags and namespaces, in the shells themselves.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{BANNER, Registry, Reply, Sandbox, Scripted};

#[cfg(target_os = "linux")]
mod shells;

/// A store with three repositories; `app` has two namespaces.
fn stocked() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("flags/web.features.yml", BANNER);
    sandbox.write("flags/shop.features.yml", BANNER.replace("web", "shop"));
    sandbox.run("build app:v1,v2,stable flags").succeeds();
    sandbox.run("build api:v1 flags").succeeds();
    sandbox.run("build org/app:x flags").succeeds();
    sandbox.run("copy app:v1 ocidir://backup:b1").succeeds();
    sandbox.run("build solo:v1 flags --store other").succeeds();
    sandbox
}

/// What torte answers for a line, of which the last word may be empty; it says nothing beside.
fn asked(sandbox: &Sandbox, line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = ["__complete"].into_iter().chain(line.split(' ')).collect();
    let outcome = sandbox.run_with(&words);
    assert_eq!(outcome.stderr, "", "{line}");
    let lines = outcome.stdout.lines().filter(|line| !line.is_empty()).map(str::to_owned);
    (outcome.code == Some(0)).then(|| lines.collect())
}

/// Lines, and all that is offered for their last words.
const LINES: [(&str, &[&str]); 21] = [
    ("torte inspect ", &["api:", "app:", "org/app:"]),
    ("torte inspect ap", &["api:", "app:"]),
    ("torte inspect app", &["app:stable", "app:v1", "app:v2"]),
    ("torte inspect app:", &["app:stable", "app:v1", "app:v2"]),
    ("torte inspect app:v", &["app:v1", "app:v2"]),
    ("torte -v inspect --contents app:s", &["app:stable"]),
    ("torte inspect local://o", &["local://org/app:x"]),
    ("torte push org/", &["org/app:x"]),
    ("torte list o", &["org/app"]),
    ("torte build o", &["org/app"]),
    ("torte build app:v9,s", &["app:v9,stable"]),
    ("torte tag app:v1 s", &["stable"]),
    ("torte tag app:v1 v1 stable ", &["v2"]),
    ("torte unpack app:v1 out -n ", &["shop", "web"]),
    ("torte unpack app:v1 out --namespace w", &["web"]),
    ("torte unpack app:v1 out --namespace=w", &["--namespace=web"]),
    ("torte diff app:v1 app:v2 -n shop -n ", &["web"]),
    ("torte copy ocidir://backup:", &["ocidir://backup:b1"]),
    ("torte --store other inspect s", &["solo:v1"]),
    ("torte inspect nothing", &[]),
    ("torte inspect app@", &[]),
];

#[test]
fn torte_knows_what_can_stand_where_somebody_types() {
    let sandbox = stocked();
    for (line, expected) in LINES {
        assert_eq!(asked(&sandbox, line).unwrap(), expected, "{line}");
    }
    for line in
        ["torte insp", "torte inspect --for", "torte unpack app:v1 o", "torte diff ./f", "torte lint f"]
    {
        assert_eq!(asked(&sandbox, line), None, "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_shell_offers_what_torte_knows() {
    for shell in shells::ALL.into_iter().filter(|shell| shell.is_there()) {
        let sandbox = stocked();
        let fixed = [("torte insp", &["inspect"][..]), ("torte inspect app:v1 --cont", &["--contents"])];
        let all: Vec<_> = LINES.into_iter().chain(fixed).collect();
        let lines: Vec<_> = all.iter().map(|(line, _)| *line).collect();
        for ((line, expected), offered) in all.iter().zip(shell.offers(&sandbox, &lines)) {
            let mut offered = offered;
            // Fish and zsh sort for themselves.
            offered.sort();
            assert_eq!(offered, *expected, "{shell:?}: {line}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_tab_goes_as_far_as_there_is_one_way() {
    use shells::Shell;
    for shell in [Shell::Bash, Shell::Zsh].into_iter().filter(|shell| shell.is_there()) {
        let sandbox = stocked();
        let lines = [
            ("torte inspect or", "torte inspect org/app:x"),
            // Nothing stands between a repository and its tag.
            ("torte inspect app\ts", "torte inspect app:stable"),
            ("torte inspect app:st\tnext", "torte inspect app:stable next"),
            ("torte list org\tnext", "torte list org/app next"),
            ("torte inspect \"or", "torte inspect org/app:x"),
            (
                "MODE=x torte unpack app:v1 out --namespace=s",
                "MODE=x torte unpack app:v1 out --namespace=shop",
            ),
            ("torte --store './other' inspect so", "torte --store ./other inspect solo:v1"),
            ("torte diff ./f", "torte diff ./flags/"),
            ("torte lint f", "torte lint flags/"),
            ("torte inspect f", "torte inspect f"),
        ];
        let typed: Vec<_> = lines.iter().map(|(line, _)| *line).collect();
        for ((line, expected), words) in lines.iter().zip(shell.tabs(&sandbox, &typed)) {
            // Zsh takes a slash at the end of a word away when the word is done.
            let expected = if shell == Shell::Zsh { expected.trim_end_matches('/') } else { expected };
            assert_eq!(words.join(" "), expected, "{shell:?}: {line}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_shell_offers_the_tags_of_a_remote_repository_for_one_request() {
    for shell in shells::ALL.into_iter().filter(|shell| shell.is_there()) {
        let (sandbox, registry) = (stocked(), Registry::open());
        let place = registry.at("team/app");
        for tag in ["v1", "v2", "old"] {
            sandbox.run(&format!("push app:v1 {place}:{tag}")).succeeds();
        }
        registry.requests();
        let lines = [format!("torte pull {place}:v"), format!("torte tag {place}:v1 o")];
        let offered = shell.offers(&sandbox, &lines.each_ref().map(String::as_str));
        assert_eq!(offered[0], [format!("{place}:v1"), format!("{place}:v2")], "{shell:?}");
        assert_eq!(offered[1], ["old"], "{shell:?}");
        let request = "GET /v2/team/app/tags/list?n=1000 200";
        assert_eq!(registry.requests(), [request, request], "{shell:?}");
    }
}

#[test]
fn nobody_is_asked_before_a_remote_repository_is_typed_whole() {
    let (sandbox, registry) = (stocked(), Registry::open());
    let (host, place) = (registry.host(), registry.at("team/app"));
    sandbox.run(&format!("push app:v1 {place}:v1")).succeeds();
    registry.requests();
    for line in [
        "torte pull 127.0.0.1".to_owned(),
        format!("torte pull {host}"),
        format!("torte pull {host}/"),
        format!("torte pull {place}"),
        format!("torte list {place}"),
        format!("torte list {place}:v"),
        format!("torte inspect {place}@"),
        // A bundle that must be a local one, and namespaces, for which a manifest would have to be read.
        format!("torte push {place}:v"),
        format!("torte build {place}:v"),
        format!("torte unpack {place}:v1 out -n "),
        // What torte tags here is local.
        "torte tag app:v1 ".to_owned(),
    ] {
        asked(&sandbox, &line);
        assert_eq!(registry.requests(), [""; 0], "{line}");
    }
    assert_eq!(asked(&sandbox, &format!("torte pull {place}:v")).unwrap(), [format!("{place}:v1")]);
    assert_eq!(registry.requests().len(), 1);
}

#[test]
fn a_registry_that_is_late_absent_or_talks_nonsense_is_left_alone() {
    let sandbox = stocked();
    let scripts: [fn() -> Reply; 5] = [
        || Reply::Silence,
        || Reply::Endless,
        || Reply::status(500).with("Retry-After", "1"),
        || Reply::ok("<html>"),
        || Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\""),
    ];
    for (at, script) in scripts.into_iter().enumerate() {
        let server = Scripted::new(move |_| script());
        let begun = Instant::now();
        assert_eq!(
            asked(&sandbox, &format!("torte pull {}:", server.at("team/app"))).unwrap(),
            [""; 0],
            "{at}"
        );
        // Far less than the half minute that a registry has otherwise; on a busy machine a process may start late.
        assert!(begun.elapsed() < Duration::from_secs(5), "{at}: {:?}", begun.elapsed());
        assert_eq!(server.requests().len(), 1, "{at}");
    }
    assert_eq!(asked(&sandbox, "torte pull 127.0.0.1:1/team/app:").unwrap(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn credentials_of_a_file_are_used_and_nobody_is_asked_for_others() {
    use base64::Engine as _;
    use std::os::unix::fs::PermissionsExt as _;
    let (mut sandbox, registry) = (stocked(), Registry::with_password("bob", "secret"));
    let place = registry.at("team/app");
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "secret");
    sandbox.run(&format!("push app:v1 {place}:v1")).succeeds();
    sandbox.without("TORTE_USERNAME").without("TORTE_PASSWORD");
    let line = format!("torte pull {place}:");

    // A helper that would be heard of if it were run.
    let tools = sandbox.path("tools");
    sandbox.write("tools/docker-credential-loud", "#!/bin/sh\ntouch \"$HOME/asked\"\necho '{}'\n");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(tools.join("docker-credential-loud"), mode).unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let docker = sandbox.path("docker").display().to_string();
    sandbox.with("PATH", &path).with("DOCKER_CONFIG", &docker);
    for config in [
        r#"{"credsStore":"loud"}"#.to_owned(),
        format!(r#"{{"credHelpers":{{"{}":"loud"}}}}"#, registry.host()),
    ] {
        sandbox.write("docker/config.json", config);
        assert_eq!(asked(&sandbox, &line).unwrap(), [""; 0]);
        assert!(!sandbox.home().join("asked").exists());
    }
    sandbox.run(&format!("list {place}")).fails_somehow();
    assert!(sandbox.home().join("asked").exists(), "the helper is one that is run otherwise");

    let pair = base64::prelude::BASE64_STANDARD.encode("bob:secret");
    sandbox
        .write("docker/config.json", format!(r#"{{"auths":{{"{}":{{"auth":"{pair}"}}}}}}"#, registry.host()));
    assert_eq!(asked(&sandbox, &line).unwrap(), [format!("{place}:v1")]);
}

/// Names that would do harm in a shell or on a screen.
#[cfg(target_os = "linux")]
const HOSTILE: [&str; 7] = ["$(touch ran)", "`touch ran`", "a;touch ran", "a b", "-x", "\u{1b}[31m", "a'b"];

/// A layout beside the others whose tag has this name, and whose one layer is of a namespace of this name.
#[cfg(target_os = "linux")]
fn plant(sandbox: &Sandbox, directory: &str, name: &str) {
    let layout = sandbox.store().join(directory);
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let put = |bytes: &[u8]| {
        let digest = torte::oci::Digest::of(bytes).to_string();
        fs::write(blobs.join(digest.trim_start_matches("sha256:")), bytes).unwrap();
        serde_json::json!({"mediaType": "application/vnd.io.flipt.features.namespace.v1", "digest": digest, "size": bytes.len()})
    };
    let mut layer = put(b"{}");
    layer["annotations"] = serde_json::json!({"io.flipt.features.namespace": name});
    let mut config = put(b"{} ");
    config["mediaType"] = "application/vnd.oci.empty.v1+json".into();
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": "application/vnd.io.flipt.features.v1", "config": config, "layers": [layer],
        "annotations": {"org.opencontainers.image.created": "1970-01-01T00:00:00Z"}});
    let mut entry = put(manifest.to_string().as_bytes());
    entry["mediaType"] = "application/vnd.oci.image.manifest.v1+json".into();
    let tagged = |tag: &str| {
        let mut entry = entry.clone();
        entry["annotations"] = serde_json::json!({"org.opencontainers.image.ref.name": tag});
        entry
    };
    let index = serde_json::json!({"schemaVersion": 2, "manifests": [tagged("good"), tagged(name)]});
    fs::write(layout.join("index.json"), index.to_string()).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_names_are_neither_shown_nor_run() {
    for shell in shells::ALL.into_iter().filter(|shell| shell.is_there()) {
        let sandbox = Sandbox::new();
        for (at, name) in HOSTILE.into_iter().enumerate() {
            plant(&sandbox, name, name);
            plant(&sandbox, &format!("plain{at}"), name);
        }
        plant(&sandbox, "sound", "web");
        let server = Scripted::new(|_| {
            let tags: Vec<_> = HOSTILE.into_iter().chain(["good"]).collect();
            Reply::ok(serde_json::json!({"name": "team/app", "tags": tags}).to_string())
        });
        let place = server.at("team/app");
        let pull = format!("torte pull {place}:");
        let mut lines = vec!["torte list ", pull.as_str(), "torte unpack sound:web out -n "];
        let tags: Vec<_> = (0..HOSTILE.len()).map(|at| format!("torte inspect plain{at}:")).collect();
        let namespaces: Vec<_> =
            (0..HOSTILE.len()).map(|at| format!("torte unpack plain{at}:good out -n ")).collect();
        lines.extend(tags.iter().chain(&namespaces).map(String::as_str));
        let offered = shell.offers(&sandbox, &lines);
        let plain: Vec<_> = (0..HOSTILE.len()).map(|at| format!("plain{at}")).collect();
        assert_eq!(offered[0], [&plain[..], &["sound".to_owned()]].concat(), "{shell:?}");
        assert_eq!(offered[1], [format!("{place}:good")], "{shell:?}");
        assert_eq!(offered[2], ["web"], "{shell:?}");
        for (at, found) in offered[3..].iter().enumerate() {
            let expected = plain.get(at).map(|name| format!("{name}:good"));
            assert_eq!(*found, expected.into_iter().collect::<Vec<_>>(), "{shell:?}: {}", lines[at + 3]);
        }
        assert!(!sandbox.path("ran").exists(), "{shell:?}");
    }
}

#[test]
fn whatever_is_wrong_nothing_is_said() {
    let mut sandbox = stocked();
    fs::write(sandbox.store().join("app/index.json"), "{").unwrap();
    assert_eq!(asked(&sandbox, "torte inspect app:").unwrap(), [""; 0]);
    assert_eq!(asked(&sandbox, "torte inspect api:").unwrap(), ["api:v1"]);
    sandbox.with("TORTE_CONCURRENCY", "many").with("TORTE_CA_FILE", "nowhere").with("SOURCE_DATE_EPOCH", "x");
    assert_eq!(asked(&sandbox, "torte inspect ghcr.io/a/b:").unwrap(), [""; 0]);
    sandbox.with("TORTE_STORE", "nowhere");
    assert_eq!(asked(&sandbox, "torte inspect ").unwrap(), [""; 0]);
    sandbox.without("TORTE_STORE").without("HOME");
    asked(&sandbox, "torte inspect ");
    assert_eq!(asked(&sandbox, ""), None);
    assert_eq!(sandbox.run_with(&["__complete"]).fails(1).stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_says_how_each_shell_is_taught() {
    use shells::Shell;
    let script = crate::support::script("completion.md");
    for (shell, load) in
        [(Shell::Bash, "source ~/.bashrc"), (Shell::Zsh, "source ~/.zshrc"), (Shell::Fish, "")]
    {
        if shell.is_there() {
            let sandbox = stocked();
            drop(sandbox.shell(&script).succeeds());
            // The first key of an autoloaded function runs its file; the second, the function.
            let offered = shell.offers_after(&sandbox, load, &["torte inspect app:v", "torte inspect app:v"]);
            assert_eq!(offered, [["app:v1", "app:v2"], ["app:v1", "app:v2"]], "{shell:?}");
            assert!(sandbox.home().join(".local/share/man/man1/torte-build.1").exists());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn where_a_directory_may_stand_one_is_offered_and_no_lone_sign() {
    use shells::Shell;
    if !Shell::Bash.is_there() {
        return;
    }
    let sandbox = stocked();
    sandbox.write("flags/features.yml", BANNER);
    let lines = [
        "torte build app fl",
        "torte lint fl",
        "torte unpack app:v1 fl",
        "torte man fl",
        "torte diff app:v1 ./fl",
        "torte share ./fl",
    ];
    for words in Shell::Bash.tabs(&sandbox, &lines) {
        assert!(words.last().unwrap().ends_with("flags/"), "{words:?}");
    }
    // Where nothing is typed the files have nothing in common, and no flag puts its sign there.
    let begun = ["torte build app ", "torte lint ", "torte unpack app:v1 ", "torte man "];
    for words in Shell::Bash.tabs(&sandbox, &begun) {
        assert!(words.last().is_some_and(|word| !word.starts_with('-')), "{words:?}");
    }
    let flags = Shell::Bash.tabs(&sandbox, &["torte lint --ki", "torte unpack app:v1 out --nam"]);
    assert_eq!(
        flags,
        [vec!["torte", "lint", "--kind"], vec!["torte", "unpack", "app:v1", "out", "--namespace"]]
    );
}

#[test]
fn the_verb_of_the_scripts_is_shown_nowhere() {
    let sandbox = Sandbox::new();
    sandbox.run("--help").succeeds().hides("__complete");
    sandbox.run("help").succeeds().hides("__complete");
    for shell in ["bash", "zsh", "fish"] {
        sandbox.run(&format!("completions {shell}")).succeeds().hides("__complete");
        sandbox.run(&format!("completions {shell} --live")).succeeds().shows("__complete");
    }
    for shell in ["elvish", "powershell"] {
        sandbox.run(&format!("completions {shell} --live")).fails(2).says("leave `--live` away");
    }
}
