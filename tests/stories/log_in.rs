//! Login and logout: tried at the registry first, then kept where Docker and Podman keep theirs, and forgotten again.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Registry, Reply, Sandbox, Scripted, Served};

/// The users of a registry: `bob`, whose password is `pässword:x`, by Apache's `htpasswd -nbB`.
const USERS: &str = "bob:$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu\n";
const PASSWORD: &str = "pässword:x";
/// `bob:pässword:x` in base64.
const PAIR: &str = "Ym9iOnDDpHNzd29yZDp4";

/// A registry of bob's, as `torte serve` runs it, and the machine that he logs in from.
fn bobs() -> (Served, Sandbox) {
    let sandbox = Sandbox::with_banner();
    sandbox.write("users", USERS);
    (Served::start(&sandbox, &["--auth", "users"]), sandbox)
}

fn docker(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".docker/config.json")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The words of a login with the password on standard input.
fn line(host: &str) -> String {
    format!("login {host} -u bob --password-stdin")
}

#[test]
fn who_has_logged_in_needs_no_flags_until_he_logs_out() {
    let (registry, mut sandbox) = bobs();
    let host = registry.host().to_owned();
    let push = format!("build app:v1 --push {}", registry.at("team/app"));
    sandbox.run(&push).fails(4).says(&format!("torte login {host}"));
    let logged = sandbox.typing(&format!("{PASSWORD}\n")).run(&line(&host)).succeeds().prints("");
    logged.says(&format!("logged in to {host} as bob")).says("config.json").hides(PASSWORD).hides(PAIR);
    assert_eq!(read_json(&docker(&sandbox)), json!({"auths": {&host: {"auth": PAIR}}}));
    assert_eq!(mode(&docker(&sandbox)), 0o600);
    assert_eq!(mode(docker(&sandbox).parent().unwrap()), 0o700);
    sandbox.run(&push).succeeds();
    sandbox.run(&format!("logout {host}")).succeeds().prints("").says("logged out");
    assert_eq!(read_json(&docker(&sandbox)), json!({"auths": {}}));
    sandbox.run(&push).fails(4);
    sandbox.run(&format!("logout {host}")).succeeds().says("there was no login");
}

#[test]
fn only_what_the_registry_took_is_kept() {
    let (registry, mut sandbox) = bobs();
    let host = registry.host();
    let refused = sandbox.typing("wrong-canary").run(&line(host)).fails(4);
    refused.says("`bob`").says("hint: check the name and the password").hides("wrong-canary");
    assert!(!docker(&sandbox).exists());
    write(&docker(&sandbox), "{\"detachKeys\": \"ctrl-q\"}");
    sandbox.typing("wrong-canary").run(&line(host)).fails(4);
    let unreachable = "login 127.0.0.1:1 -u bob --password-stdin --retries 0";
    sandbox.typing(PASSWORD).run(unreachable).fails(8).hides(PASSWORD);
    assert_eq!(fs::read_to_string(docker(&sandbox)).unwrap(), "{\"detachKeys\": \"ctrl-q\"}");
}

#[test]
fn a_token_server_of_the_registry_is_asked_for_nothing_but_entry() {
    let (registry, mut sandbox) = (Registry::with_tokens("bob", "hunter2"), Sandbox::new());
    sandbox.typing("hunter2").run(&line(&registry.host())).succeeds();
    let requests = registry.requests();
    assert_eq!(requests[0], "GET /v2/ 401");
    assert!(requests[1].starts_with("GET /token?service=") && !requests[1].contains("scope"), "{requests:?}");
    assert_eq!(requests[2], "GET /v2/ 200");
    assert_eq!(requests.len(), 3);
    sandbox.typing("wrong").run(&line(&registry.host())).fails(4).says("refused `bob`");
}

#[test]
fn an_identity_token_is_tried_and_kept_as_one() {
    let (registry, mut sandbox) = (Registry::with_tokens("bob", "hunter2"), Sandbox::with_banner());
    let basic = "Authorization: Basic Ym9iOmh1bnRlcjI=\r\n";
    let answer = registry.ask("GET /token?service=x&offline_token=true", basic, "");
    let token = serde_json::from_str::<Value>(&answer).unwrap()["refresh_token"].as_str().unwrap().to_owned();
    let line = format!("login {} --identity-token-stdin", registry.host());
    sandbox.typing("nonsense").run(&line).fails(4);
    assert!(!docker(&sandbox).exists());
    sandbox.typing(&token).run(&line).succeeds().hides(&token);
    assert_eq!(read_json(&docker(&sandbox)), json!({"auths": {registry.host(): {"identitytoken": token}}}));
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
}

#[test]
fn a_registry_that_asks_nobody_is_told_and_kept_all_the_same() {
    let (registry, mut sandbox) = (Registry::open(), Sandbox::new());
    let told = sandbox.typing("hunter2").run(&line(&registry.host())).succeeds();
    told.says("warning:").says("lets everybody in");
    assert_eq!(registry.requests(), ["GET /v2/ 200"], "nobody asked, and nothing was shown");
    assert_eq!(read_json(&docker(&sandbox))["auths"][registry.host()]["auth"], "Ym9iOmh1bnRlcjI=");
}

#[test]
fn what_is_no_registry_is_not_logged_in_to() {
    let html = || Reply::ok("<html>Sign in</html>").with("Content-Type", "text/html");
    let servers = [
        (Scripted::new(|_| Reply::status(404)), 1, "is not a registry"),
        (Scripted::new(move |_| html()), 1, "an HTML page"),
        (Scripted::new(|_| Reply::status(403)), 4, "403"),
    ];
    for (server, code, words) in &servers {
        let mut sandbox = Sandbox::new();
        let host = format!("127.0.0.1:{}", server.port());
        sandbox.typing("hunter2").run(&line(&host)).fails(*code).says(words).hides("hunter2");
        assert!(!docker(&sandbox).exists(), "{words}");
    }
}

#[test]
fn a_stranger_among_token_servers_makes_no_login() {
    let proxy = Scripted::new(|request| match request {
        _ if request.starts_with("GET http://sso.stranger.test/token") => Reply::ok(r#"{"token":"t"}"#),
        _ if request.ends_with("Bearer t") => Reply::ok("{}"),
        _ => Reply::status(401)
            .with("WWW-Authenticate", "Bearer realm=\"http://sso.stranger.test/token\",service=\"r\""),
    });
    let mut sandbox = Sandbox::new();
    sandbox.with("http_proxy", &proxy.url());
    let line = format!("{} --plain-http", line("registry.test"));
    sandbox.typing("hunter2").run(&line).fails(4).says("TORTE_TRUSTED_REALMS");
    assert!(!proxy.requests().iter().any(|request| request.contains("Basic")));
    assert!(!docker(&sandbox).exists());
    sandbox.with("TORTE_TRUSTED_REALMS", "sso.stranger.test").run(&line).succeeds();
    assert!(docker(&sandbox).exists());
}

#[test]
fn the_rest_of_the_file_stays_and_so_does_the_link_to_it() {
    let (registry, mut sandbox) = bobs();
    let dotfile = sandbox.path("dotfiles/docker.json");
    let before = "{\n  \"HttpHeaders\": {\"X\": \"1\"},\n  \"auths\": {\n    \"ghcr.io\": {}\n  },\n  \"big\": 1e400\n}\n";
    write(&dotfile, before);
    fs::set_permissions(&dotfile, fs::Permissions::from_mode(0o644)).unwrap();
    fs::create_dir(sandbox.home().join(".docker")).unwrap();
    symlink(&dotfile, docker(&sandbox)).unwrap();
    sandbox.typing(PASSWORD).run(&line(registry.host())).succeeds().says("dotfiles/docker.json");
    assert!(fs::symlink_metadata(docker(&sandbox)).unwrap().is_symlink());
    assert_eq!(mode(&dotfile), 0o600);
    let added =
        format!("\"ghcr.io\": {{}},\n    \"{}\": {{\n      \"auth\": \"{PAIR}\"\n    }}", registry.host());
    assert_eq!(fs::read_to_string(&dotfile).unwrap(), before.replace("\"ghcr.io\": {}", &added));
    sandbox.run(&format!("logout {}", registry.host())).succeeds();
    assert_eq!(fs::read_to_string(&dotfile).unwrap(), before);
}

#[test]
fn a_broken_file_is_named_before_a_password_is_asked_for() {
    let mut sandbox = Sandbox::new();
    write(&docker(&sandbox), "{\n  \"auths\": {\n    oops\n");
    for line in ["login 127.0.0.1:1", "logout 127.0.0.1:1"] {
        sandbox.typing("").run(line).fails(1).says("config.json:3:5").says("hint: mend the file");
    }
    assert_eq!(fs::read_to_string(docker(&sandbox)).unwrap(), "{\n  \"auths\": {\n    oops\n");
}

#[test]
fn nothing_is_written_where_anybody_could_swap_the_file() {
    let (registry, mut sandbox) = bobs();
    let open = sandbox.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let line = format!("{} --authfile open/auth.json", line(registry.host()));
    sandbox.typing(PASSWORD).run(&line).fails(1).says("writable by everybody").says("chmod o-w");
    assert_eq!(fs::read_dir(&open).unwrap().count(), 0);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
    sandbox.run(&line).succeeds();
}

#[test]
fn podmans_file_is_named_by_a_flag_or_by_its_variable() {
    let (registry, mut sandbox) = bobs();
    let host = registry.host();
    let line = line(host);
    sandbox.typing(PASSWORD).run(&format!("{line} --authfile new/auth.json")).succeeds().says("auth.json");
    assert_eq!(read_json(&sandbox.path("new/auth.json")), json!({"auths": {host: {"auth": PAIR}}}));
    assert!(!docker(&sandbox).exists());
    // Where the next command looks first, there the login goes.
    let file = sandbox.path("run/auth.json");
    sandbox.with("REGISTRY_AUTH_FILE", &file.display().to_string()).run(&line).succeeds();
    assert!(file.exists() && !docker(&sandbox).exists());
    sandbox.without("REGISTRY_AUTH_FILE").run(&line).succeeds();
    // A login that is left elsewhere is not passed over in silence.
    sandbox.with("REGISTRY_AUTH_FILE", &file.display().to_string());
    let told = sandbox.run(&format!("logout {host} --authfile new/auth.json")).succeeds();
    told.says(&format!("torte logout {host} --authfile {}", file.display())).says("config.json");
}

#[test]
fn logins_at_once_lose_nothing() {
    let (registry, mut sandbox) = bobs();
    let ports: Vec<_> = (0..12).map(|number| format!("127.0.0.{}:1", number + 1)).collect();
    // One true login among others that are there, and a file that all change at once by logging out.
    let auths: Value = ports.iter().map(|host| (host.clone(), json!({"auth": PAIR}))).collect();
    write(&docker(&sandbox), &json!({"auths": auths, "own": true}).to_string());
    let mut children: Vec<_> =
        ports.iter().map(|host| sandbox.command(&["logout", host]).spawn().unwrap()).collect();
    sandbox.typing(PASSWORD).run(&line(registry.host())).succeeds();
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    assert_eq!(
        read_json(&docker(&sandbox)),
        json!({"auths": {registry.host(): {"auth": PAIR}}, "own": true})
    );
}

#[test]
fn docker_hub_has_dockers_own_key_whatever_it_is_called() {
    for name in ["docker.io", "index.docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"] {
        let sandbox = Sandbox::new();
        write(&docker(&sandbox), r#"{"auths":{"https://index.docker.io/v1/":{"auth":"YTpi"},"quay.io":{}}}"#);
        sandbox.run(&format!("logout {name}")).succeeds().says("logged out");
        assert_eq!(read_json(&docker(&sandbox)), json!({"auths": {"quay.io": {}}}), "{name}");
    }
}

#[test]
fn a_registry_is_a_host_and_the_user_no_part_of_it() {
    let mut sandbox = Sandbox::new();
    sandbox.typing("hunter2");
    for (words, told) in [
        ("login ghcr.io/org -u bob --password-stdin", "torte login ghcr.io"),
        ("login bob:hunter2@ghcr.io", "--username"),
        ("login ghcr.io -u bob:hunter2", "--password-stdin"),
        ("login ghcr.io --password-stdin", "--username"),
        ("login ghcr.io", "--password-stdin"),
        ("login ghcr.io -u bob", "--password-stdin"),
        ("logout ftp://ghcr.io", "ghcr.io"),
    ] {
        sandbox.run(words).fails(2).says(told).hides("hunter2");
    }
    sandbox.run("login").fails(2);
}

#[test]
fn scripts_read_an_object_and_the_exit_code() {
    let (registry, mut sandbox) = bobs();
    let host = registry.host();
    let login = format!("{} --format json", line(host));
    let printed = sandbox.typing(PASSWORD).run(&login).succeeds().json();
    let file = docker(&sandbox).display().to_string();
    let expected = json!({
        "registry": host, "user": "bob", "verified": true, "file": file, "helper": null, "warnings": [],
    });
    assert_eq!(printed, expected);
    let logout = format!("logout {host} --format json");
    for removed in [true, false] {
        let expected =
            json!({"registry": host, "removed": removed, "file": file, "helper": null, "warnings": []});
        assert_eq!(sandbox.run(&logout).succeeds().json(), expected);
    }
    let refused = sandbox.typing("wrong").run(&login).fails(4);
    let error: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert_eq!(error["code"], 4);
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", PASSWORD);
    sandbox.run(&format!("login {host} --quiet")).succeeds().prints("").hides("logged");
}

/// A helper that keeps logins in files of its own, and writes down what it was told.
const GOOD: &str = r#"
case $1 in
store) cat >"$HOME/kept" ;;
get) cat >/dev/null; cat "$HOME/kept" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
erase) cat >"$HOME/erased"; rm "$HOME/kept" ;;
esac"#;

/// A machine with this helper, on which Docker's file has this.
fn with_helper(script: &str, config: &Value) -> Sandbox {
    let mut sandbox = Sandbox::with_banner();
    let program = sandbox.path("bin/docker-credential-keychain");
    write(&program, &format!("#!/bin/sh\necho \"$0 $*\" >>\"$HOME/calls\"\n{script}\n"));
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    sandbox.with("PATH", &path);
    write(&docker(&sandbox), &config.to_string());
    sandbox
}

#[test]
fn a_helper_keeps_the_password_and_the_file_none() {
    let registry = Registry::with_password("bob", "hunter2");
    let host = registry.host();
    for config in [
        json!({"credsStore": "keychain"}),
        json!({"credHelpers": {&host: "keychain"}, "credsStore": "no-such"}),
    ] {
        let mut sandbox = with_helper(GOOD, &config);
        let told = sandbox.typing("hunter2").run(&line(&host)).succeeds();
        told.says("`docker-credential-keychain`").hides("hunter2").hides("unencrypted");
        // As Docker leaves it: an empty entry says that somebody is logged in.
        let mut expected = config.clone();
        expected["auths"] = json!({&host: {}});
        assert_eq!(read_json(&docker(&sandbox)), expected);
        let kept = read_json(&sandbox.home().join("kept"));
        assert_eq!(kept, json!({"ServerURL": host, "Username": "bob", "Secret": "hunter2"}));
        let calls = fs::read_to_string(sandbox.home().join("calls")).unwrap();
        assert!(!calls.contains("hunter2") && calls.lines().count() == 2, "{calls}");
        sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
        let printed = sandbox.run(&format!("logout {host} --format json")).succeeds().json();
        assert_eq!(
            (&printed["removed"], &printed["helper"]),
            (&json!(true), &json!("docker-credential-keychain"))
        );
        assert_eq!(fs::read_to_string(sandbox.home().join("erased")).unwrap(), host);
        assert!(!sandbox.home().join("kept").exists());
        expected["auths"] = json!({});
        assert_eq!(read_json(&docker(&sandbox)), expected);
        sandbox.run(&format!("logout {host}")).succeeds().says("there was no login");
    }
}

#[test]
fn a_helper_that_hangs_floods_lies_or_fails_is_named_and_nothing_is_kept() {
    let registry = Registry::with_password("bob", "hunter2");
    let line = format!("{} --timeout 2s", line(&registry.host()));
    let begun = Instant::now();
    for (script, told) in [
        ("[ $1 = store ] && sleep 60", "did not answer within 2s"),
        ("cat >/dev/null; exec yes LOUD >&2", "did not answer within 2s"),
        ("cat /dev/zero", "more than 65536 bytes"),
        ("[ $1 = get ] && echo '{\"Username\":\"eve\",\"Secret\":\"x\"}'; exit 0", "answers with others"),
        ("[ $1 = get ] && echo '{\"Username\":\"bob\",\"Secret\":\"\"}'; exit 0", "has none"),
        ("cat; echo oops >&2; exit 3", "failed to store credentials (exit status: 3)"),
        ("echo 'not implemented'; exit 1", "makes its own credentials"),
    ] {
        let config = json!({"credsStore": "keychain", "own": 1});
        let mut sandbox = with_helper(script, &config);
        let outcome = sandbox.typing("hunter2").run(&line).fails(1);
        outcome.says("docker-credential-keychain").says(told).says("hint: ").hides("hunter2").hides("LOUD");
        assert_eq!(read_json(&docker(&sandbox)), config, "{script}");
    }
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    let mut sandbox = Sandbox::new();
    write(&docker(&sandbox), r#"{"credsStore":"no-such"}"#);
    sandbox.typing("hunter2").run(&line).fails(1).says("docker-credential-no-such").says("cannot be run");
    write(&docker(&sandbox), r#"{"credsStore":"../../bin/sh"}"#);
    sandbox.run(&line).fails(1).says("is not run");
}

#[test]
fn a_logout_whose_helper_fails_is_a_failure() {
    for (script, told) in [
        ("[ $1 = erase ] && exit 0; echo '{\"Username\":\"bob\",\"Secret\":\"x\"}'", "still gives some"),
        ("[ $1 = erase ] && exit 4; echo '{\"Username\":\"bob\",\"Secret\":\"x\"}'", "failed to erase"),
        ("exec sleep 60", "did not answer within 1s"),
        ("exit 5", "failed (exit status: 5)"),
    ] {
        let config = json!({"credHelpers": {"r.example.com": "keychain"}, "auths": {"r.example.com": {}}});
        let sandbox = with_helper(script, &config);
        let outcome = sandbox.run("logout r.example.com --timeout 1s").fails(1);
        outcome.says("docker-credential-keychain").says(told).says("hint: ");
        assert_eq!(read_json(&docker(&sandbox)), config, "{script}");
    }
}

#[test]
fn the_time_limit_holds_for_helpers_of_any_verb() {
    let registry = Registry::with_password("bob", "hunter2");
    let sandbox = with_helper("exec sleep 60", &json!({"credsStore": "keychain"}));
    let begun = Instant::now();
    sandbox.run(&format!("list {} --timeout 1s", registry.at("team/app"))).fails(4).says("within 1s");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// A proxy behind which every registry refuses, with a challenge or for good.
fn refusing(status: u16) -> (Scripted, Sandbox) {
    let proxy = Scripted::new(move |_| Reply::status(status).with("WWW-Authenticate", "Basic realm=\"x\""));
    let mut sandbox = Sandbox::new();
    sandbox.with("http_proxy", &proxy.url());
    (proxy, sandbox)
}

#[test]
fn who_is_refused_hears_which_helper_or_token_the_registry_wants() {
    for status in [401, 403] {
        let (_proxy, mut sandbox) = refusing(status);
        for (host, hint) in [
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "docker-credential-ecr-login"),
            ("public.ecr.aws", "aws ecr-public get-login-password"),
            ("europe-docker.pkg.dev", "docker-credential-gcloud"),
            ("gcr.io", "docker-credential-gcr"),
            ("team.azurecr.io", "docker-credential-acr-env"),
            ("ghcr.io", "personal access token (classic) with `read:packages`"),
            ("docker.io", "personal access token"),
            ("registry.example.com", "run `torte login registry.example.com`"),
        ] {
            let list = format!("list {host}/team/app --plain-http");
            sandbox.run(&list).fails(4).says("hint:").says(hint);
            sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "hunter2");
            let is_known = host != "registry.example.com";
            let mend = "mend TORTE_USERNAME and TORTE_PASSWORD, or unset them";
            let hint = if is_known { hint } else { mend };
            sandbox.run(&list).fails(4).says(mend).says(hint).hides("hunter2");
            let login = format!("login {host} --plain-http");
            sandbox.run(&login).fails(4).says(mend).says(hint).hides("hunter2");
            let typed = sandbox.typing("hunter2").run(&format!("{login} -u bob --password-stdin"));
            typed.fails(4).says(if is_known { hint } else { "check the name and the password" });
            sandbox.without("TORTE_USERNAME").without("TORTE_PASSWORD");
        }
    }
}

#[test]
fn nothing_secret_is_told_however_much_is() {
    let registry = Registry::with_tokens("bob", "hunter2-canary");
    let mut sandbox = Sandbox::new();
    let told = sandbox.typing("hunter2-canary").run(&format!("{} -v", line(&registry.host()))).succeeds();
    // `bob:hunter2-canary` in base64, and what a token would be named by.
    told.says("/v2/").hides("canary").hides("Ym9iOmh1bnRlcjItY2FuYXJ5").hides("Bearer");
    assert!(fs::read_to_string(docker(&sandbox)).unwrap().contains("Ym9iOmh1bnRlcjItY2FuYXJ5"));
}

#[test]
fn the_name_of_a_registry_is_the_same_in_every_case() {
    let registry = Registry::with_password("ann", "secret");
    let port = registry.host().rsplit(':').next().unwrap().to_owned();
    let mut sandbox = Sandbox::with_banner();
    sandbox.typing("secret").run(&format!("login LocalHost:{port} -u ann --password-stdin")).succeeds();
    for host in ["localhost", "LOCALHOST", "LocalHost"] {
        let built = sandbox.run(&format!("build app:v1 --push {host}:{port}/app --format json")).succeeds();
        assert_eq!(built.json()["reference"], format!("localhost:{port}/app:v1"), "{host}");
    }
    // As others have written it.
    let config = sandbox.home().join(".docker/config.json");
    let text = std::fs::read_to_string(&config).unwrap();
    assert!(text.contains("\"localhost:"), "{text}");
    std::fs::write(&config, text.replace("localhost", "LOCALHOST")).unwrap();
    sandbox.run(&format!("push app:v1 localhost:{port}/app")).succeeds();
}
