//! Credentials: where they come from, and what a registry sees of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Registry, Reply, Sandbox, Scripted};

/// What a registry that wants Basic sees of one request: no credentials before it asks, and no further question.
const ASKED_ONCE: [&str; 2] = ["GET tags/list 401", "GET tags/list Basic 200"];

/// `bob:hunter2` as credential files have it.
const BOB: &str = "Ym9iOmh1bnRlcjI=";

/// A registry of bob's that holds `team/app:v1`.
fn bobs() -> (Registry, Sandbox) {
    let (registry, mut sandbox) = (Registry::with_password("bob", "hunter2"), Sandbox::with_banner());
    let push = format!("build app:v1 --push {} -u bob --password-stdin", registry.at("team/app"));
    sandbox.typing("hunter2\n").run(&push).succeeds().hides("hunter2");
    registry.calls();
    (registry, Sandbox::new())
}

/// A credentials file with bob's password.
fn file_for(registry: &Registry) -> String {
    format!("{{\"auths\":{{\"{}\":{{\"auth\":\"{BOB}\"}}}}}}", registry.host())
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Lists the repository's tags; bob's credentials are found, and shown when they are asked for.
fn list_as_bob(sandbox: &Sandbox, registry: &Registry, flags: &str) {
    let line = format!("list {} {flags}", registry.at("team/app"));
    sandbox.run(&line).succeeds().prints("v1\n").hides("hunter2");
    assert_eq!(registry.calls(), ASKED_ONCE, "{flags}");
}

#[test]
fn where_nobody_is_asked_nobody_says_who_he_is() {
    let (registry, mut sandbox) = (Registry::open(), Sandbox::with_banner());
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "hunter2");
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    sandbox.run(&format!("list {}", registry.at("team/app"))).succeeds();
    let calls = registry.calls();
    assert_eq!(calls.last().unwrap(), "GET tags/list 200");
    assert!(!calls.iter().any(|call| call.contains("Basic") || call.contains("Bearer")), "{calls:#?}");
}

#[test]
fn a_password_comes_from_flags_or_variables() {
    let (registry, mut sandbox) = bobs();
    let line = format!("list {}", registry.at("team/app"));
    sandbox.run(&line).fails(4).says("hint:").says(&registry.host());
    assert_eq!(registry.calls(), ["GET tags/list 401"]);
    sandbox.typing("wrong").run(&format!("{line} -u bob --password-stdin")).fails(4).hides("wrong");
    assert_eq!(registry.calls(), ["GET tags/list 401", "GET tags/list Basic 401"]);
    list_as_bob(sandbox.typing("hunter2\n"), &registry, "-u bob --password-stdin");
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "hunter2");
    list_as_bob(&sandbox, &registry, "");
}

#[test]
fn the_variables_are_named_where_theirs_are_refused() {
    let (registry, mut sandbox) = bobs();
    let line = format!("list {}", registry.at("team/app"));
    sandbox.with("TORTE_PASSWORD", "wrong");
    sandbox.typing("wrong").run(&format!("{line} -u bob --password-stdin")).fails(4).says("torte login");
    let refused =
        sandbox.run(&format!("{line} -u bob")).fails(4).hides("torte login").hides("TORTE_USERNAME");
    refused.says("hint: mend TORTE_PASSWORD, or unset it");
    sandbox.with("TORTE_USERNAME", "bob");
    for line in [line, format!("login {}", registry.host())] {
        let refused = sandbox.run(&line).fails(4).hides("torte login");
        refused.says("hint: mend TORTE_USERNAME and TORTE_PASSWORD, or unset them");
    }
    // A token server's refusal is no other.
    let registry = Registry::with_tokens("bob", "hunter2");
    sandbox.run(&format!("list {}", registry.at("team/app"))).fails(4).says("hint: mend TORTE_USERNAME and");
}

#[test]
fn dockers_file_is_read() {
    let (registry, mut sandbox) = bobs();
    write(&sandbox.home().join(".docker/config.json"), &file_for(&registry));
    list_as_bob(&sandbox, &registry, "");
    let elsewhere = sandbox.path("docker").display().to_string();
    sandbox.with("DOCKER_CONFIG", &elsewhere);
    sandbox.run(&format!("list {}", registry.at("team/app"))).fails(4);
}

#[test]
fn a_file_can_be_named_by_flag_or_variable() {
    let (registry, mut sandbox) = bobs();
    sandbox.write("my/auth.json", file_for(&registry));
    list_as_bob(&sandbox, &registry, "--authfile my/auth.json");
    let line = format!("list {} --authfile no/such.json", registry.at("team/app"));
    sandbox.run(&line).fails(1).says("no/such.json");
    registry.calls();
    let file = sandbox.path("my/auth.json").display().to_string();
    list_as_bob(sandbox.with("REGISTRY_AUTH_FILE", &file), &registry, "");
}

#[test]
fn podmans_own_places_are_looked_at() {
    let (registry, sandbox) = bobs();
    write(&sandbox.home().join(".config/containers/auth.json"), &file_for(&registry));
    list_as_bob(&sandbox, &registry, "");

    let mut sandbox = Sandbox::new();
    let runtime = sandbox.path("run");
    write(&runtime.join("containers/auth.json"), &file_for(&registry));
    list_as_bob(sandbox.with("XDG_RUNTIME_DIR", &runtime.display().to_string()), &registry, "");
}

/// A machine with a credential helper of this name and answer.
fn with_helper(name: &str, script: &str) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let program = sandbox.path(&format!("bin/docker-credential-{name}"));
    write(&program, &format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    let docker = sandbox.path("docker").display().to_string();
    sandbox.with("PATH", &path).with("DOCKER_CONFIG", &docker);
    sandbox
}

#[test]
fn a_credential_helper_is_asked_for_its_registry() {
    let (registry, _) = bobs();
    // It hears the registry's name, and what it says on stderr is for the user.
    let answer = r#"read host; echo "for $host" >&2; echo '{"Username":"bob","Secret":"hunter2"}'"#;
    let sandbox = with_helper("good", answer);
    sandbox.write("docker/config.json", format!("{{\"credHelpers\":{{\"{}\":\"good\"}}}}", registry.host()));
    list_as_bob(&sandbox, &registry, "");
}

#[test]
fn a_credential_store_is_asked_for_any_registry() {
    let (registry, _) = bobs();
    let answer = r#"cat >/dev/null; echo '{"Username":"bob","Secret":"hunter2"}'"#;
    let sandbox = with_helper("store", answer);
    sandbox.write("docker/config.json", "{\"credsStore\":\"store\"}");
    list_as_bob(&sandbox, &registry, "");
}

#[test]
fn a_helper_that_fails_is_named_and_nothing_else_is_tried() {
    let (registry, _) = bobs();
    let sandbox = with_helper("bad", "echo broken >&2; exit 3");
    sandbox.write("docker/config.json", "{\"credsStore\":\"bad\"}");
    let line = format!("list {}", registry.at("team/app"));
    sandbox.run(&line).fails(4).says("docker-credential-bad");
    assert_eq!(registry.calls(), ["GET tags/list 401"]);
}

#[test]
fn each_side_of_a_copy_has_its_own_credentials() {
    let (left, right) = (Registry::with_password("ann", "one"), Registry::with_password("bob", "two"));
    let mut sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.typing("one").run(&format!("push app:v1 {} -u ann --password-stdin", left.at("a"))).succeeds();
    let copy = format!("copy {} {}", left.at("a:v1"), right.at("b"));
    sandbox.typing("two").run(&format!("{copy} -u bob --password-stdin")).fails(4);
    let config = |user: &str, host: String| format!("{{\"auths\":{{\"{host}\":{{\"auth\":\"{user}\"}}}}}}");
    sandbox.write("from.json", config("YW5uOm9uZQ==", left.host()));
    sandbox.write("to.json", config("Ym9iOnR3bw==", right.host()));
    sandbox.run(&format!("{copy} --from-authfile from.json --authfile to.json")).succeeds();
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "two");
    sandbox.run(&format!("{copy} --from-authfile from.json")).fails(4).says(&right.host());
}

#[test]
fn one_token_serves_a_whole_push() {
    let (registry, mut sandbox) = (Registry::with_tokens("bob", "hunter2"), Sandbox::with_banner());
    let to = registry.at("team/app");
    sandbox.run("build app:v1").succeeds();
    sandbox.run(&format!("push app:v1 {to}")).fails(4);
    registry.calls();
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "hunter2");
    sandbox.run(&format!("push app:v1 {to}")).succeeds().hides("hunter2");
    let expected = [
        "GET manifests/v1 401",
        "GET /token Basic 200",
        "GET manifests/v1 Bearer 404",
        "GET tags/list Bearer 404",
        "POST blobs/uploads/ Bearer 201",
        "POST blobs/uploads/ Bearer 201",
        "PUT manifests/v1 Bearer 201",
    ];
    assert_eq!(registry.calls(), expected);
    sandbox.without("TORTE_USERNAME").without("TORTE_PASSWORD");
    sandbox.run(&format!("list {to}")).succeeds().prints("v1\n");
    assert_eq!(registry.calls(), ["GET tags/list 401", "GET /token 200", "GET tags/list Bearer 200"]);
}

#[test]
fn an_identity_token_is_turned_into_others() {
    let (registry, mut sandbox) = (Registry::with_tokens("bob", "hunter2"), Sandbox::with_banner());
    let basic = format!("Authorization: Basic {BOB}\r\n");
    let answer = registry.ask("GET /token?service=x&offline_token=true", &basic, "");
    let answer: serde_json::Value = serde_json::from_str(answer.trim()).unwrap();
    let token = answer["refresh_token"].as_str().unwrap();
    let to = registry.at("team/app");
    sandbox.run("build app:v1").succeeds();
    registry.calls();
    let expected = ["GET manifests/v1 401", "POST /token 200", "GET manifests/v1 Bearer 404"];
    let push = format!("push app:v1 {to} --identity-token-stdin");
    sandbox.typing(token).run(&push).succeeds().hides(token);
    assert_eq!(registry.calls()[..3], expected);

    let config = format!("{{\"auths\":{{\"{}\":{{\"identitytoken\":\"{token}\"}}}}}}", registry.host());
    write(&sandbox.home().join(".docker/config.json"), &config);
    sandbox.run(&format!("list {to}")).succeeds().prints("v1\n").hides(token);
    assert_eq!(registry.calls(), ["GET tags/list 401", "POST /token 200", "GET tags/list Bearer 200"]);
}

#[test]
fn a_token_that_ends_in_the_middle_is_renewed_once() {
    // The first token is good until something is written; then only the next one is.
    let given = AtomicUsize::new(0);
    let server = Scripted::new(move |request| match request {
        _ if request.starts_with("GET /token") => {
            Reply::ok(format!(r#"{{"token":"t{}"}}"#, given.fetch_add(1, Ordering::SeqCst)))
        }
        _ if request.starts_with("GET") && request.ends_with("Bearer t0") => Reply::status(404),
        _ if request.ends_with("Bearer t1") => Reply::status(201),
        _ => Reply::status(401).with("WWW-Authenticate", "Bearer realm=\"http://HOST/token\""),
    });
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1").succeeds();
    sandbox.run(&format!("push app:v1 {}", server.at("team/app"))).succeeds();
    let requests = server.requests();
    let short = |request: &String| {
        let path = request.split_once(' ').unwrap().1.split(['?', ' ']).next().unwrap().to_owned();
        let token = request.rsplit_once(" Bearer ").map(|(_, token)| format!(" {token}")).unwrap_or_default();
        format!("{} {}{token}", request.split(' ').next().unwrap(), path.trim_start_matches("/v2/team/app/"))
    };
    let expected = [
        "GET manifests/v1",
        "GET /token",
        "GET manifests/v1 t0",
        "GET tags/list t0",
        "POST blobs/uploads/ t0",
        "GET /token",
        "POST blobs/uploads/ t1",
        "POST blobs/uploads/ t1",
        "PUT manifests/v1 t1",
    ];
    assert_eq!(requests.iter().map(short).collect::<Vec<_>>(), expected);
}

#[test]
fn a_stranger_among_token_servers_sees_credentials_only_if_the_user_trusts_it() {
    let proxy = Scripted::new(|request| match request {
        _ if request.starts_with("GET http://sso.stranger.test/token") => Reply::ok(r#"{"token":"t"}"#),
        _ if request.ends_with("Bearer t") => Reply::ok(r#"{"name":"team/app","tags":["v1"]}"#),
        _ => Reply::status(401)
            .with("WWW-Authenticate", "Bearer realm=\"http://sso.stranger.test/token\",service=\"r\""),
    });
    let mut sandbox = Sandbox::new();
    sandbox.with("http_proxy", &proxy.url()).with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "hunter2");
    let line = "list registry.test/team/app --plain-http";
    sandbox.run(line).succeeds().prints("v1\n");
    let token = |requests: Vec<String>| {
        assert_eq!(requests.len(), 3, "{requests:#?}");
        requests[1].clone()
    };
    assert!(!token(proxy.requests()).contains("Basic"));
    sandbox.with("TORTE_TRUSTED_REALMS", "sso.stranger.test").run(line).succeeds();
    assert!(token(proxy.requests()).ends_with(&format!("Basic {BOB}")));
}

#[test]
fn a_name_that_no_login_takes_is_sent_by_no_other_verb() {
    let (registry, mut sandbox) = (Registry::open(), Sandbox::with_banner());
    sandbox.run("build app:v1").succeeds();
    sandbox.with("TORTE_PASSWORD", "hunter2");
    let push = format!("push app:v1 {}", registry.at("team/app"));
    for user in ["bob:x", ""] {
        let arguments: Vec<&str> = push.split(' ').chain(["--username", user]).collect();
        sandbox.run_with(&arguments).fails(2).says("cannot be a user name").hides("bob");
    }
    assert_eq!(registry.calls(), Vec::<String>::new());
}
