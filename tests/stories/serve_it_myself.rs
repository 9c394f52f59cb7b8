//! A registry of one's own: started, used, secured, and ended.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{BANNER, Sandbox, Served, banner_digest};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(name)
}

/// A password of `bob`, `pässword:x`, by Apache's `htpasswd -nbB`.
const BOB: &str = "bob:$2y$04$LN7o6YCOzSo9..2xVWtubelUWEdO91UEyfrLkVJAi6N1qoPG9LKOu\n";

#[test]
fn its_root_is_a_store_that_can_be_looked_at_while_it_runs() {
    let sandbox = Sandbox::with_banner();
    let served = Served::start(&sandbox, &["--root", "root"]);
    sandbox.run(&format!("build app:v1 --push {}", served.at("team/app"))).succeeds();
    sandbox.run("list --store root").succeeds().shows("team/app").shows("v1");
    sandbox.run("inspect team/app:v1 --store root --contents").succeeds().shows("banner");
    // What another process puts there is served.
    sandbox.run("build team/other:v2 --store root").succeeds();
    sandbox.run(&format!("pull {} pulled", served.at("team/other:v2"))).succeeds();
    sandbox.run(&format!("list {}", served.at("team/other"))).succeeds().prints("v2\n");
}

/// How many registries without a root keep something in the sandbox's temporary directory.
fn folders(sandbox: &Sandbox) -> usize {
    fs::read_dir(sandbox.variable("TMPDIR")).unwrap().count()
}

#[cfg(unix)]
#[test]
fn without_a_root_everything_goes_with_it() {
    // Who runs the tests under nohup has SIGHUP ignored, here and so there.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let heeds_hangups = ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 0);
    for signal in ["INT", "TERM"].into_iter().chain(heeds_hangups.then_some("HUP")) {
        let sandbox = Sandbox::with_banner();
        let mut served = Served::start(&sandbox, &[]);
        sandbox.run(&format!("build app:v1 --push {}", served.at("app"))).succeeds();
        assert_eq!(folders(&sandbox), 1);
        served.signal(signal);
        assert_eq!(served.wait().code(), Some(0), "{signal}");
        assert_eq!(folders(&sandbox), 0);
    }
}

#[cfg(unix)]
#[test]
fn what_a_killed_one_left_is_removed_by_the_next() {
    let sandbox = Sandbox::with_banner();
    let living = Served::start(&sandbox, &[]);
    sandbox.run(&format!("build app:v1 --push {}", living.at("app"))).succeeds();
    let mut killed = Served::start(&sandbox, &[]);
    sandbox.run(&format!("push app:v1 {}", killed.at("app"))).succeeds();
    killed.kill();
    assert_eq!(folders(&sandbox), 2);
    let _next = Served::start(&sandbox, &[]);
    assert_eq!(folders(&sandbox), 2, "its own, and that of the living");
    sandbox.run(&format!("inspect {}", living.at("app:v1"))).succeeds();
}

#[cfg(target_os = "linux")]
#[test]
fn under_nohup_it_outlives_its_terminal() {
    let sandbox = Sandbox::new();
    // What nohup(1) does to who it starts, without the file that it writes.
    let words = ["-c", "trap '' HUP; exec torte serve --listen 127.0.0.1:0"];
    let mut child = sandbox.program("sh", &words).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut address)
        .unwrap();
    let signal = |name: &str| {
        let words = [format!("-{name}"), child.id().to_string()];
        assert!(std::process::Command::new("kill").args(words).status().unwrap().success());
    };
    signal("HUP");
    std::thread::sleep(Duration::from_millis(500));
    sandbox.run(&format!("list {}/none", address.trim_end())).fails(3);
    signal("TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn what_is_in_flight_is_finished_before_it_ends() {
    let sandbox = Sandbox::new();
    let mut served = Served::start(&sandbox, &["--root", "root"]);
    let mut wire = served.connect().unwrap();
    let digest = torte::oci::Digest::of(b"0123456789");
    let request = format!("POST /v2/app/blobs/uploads/?digest={digest}");
    wire.begin(&request, "", 10).unwrap();
    wire.write(b"01234").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    served.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    wire.write(b"56789").unwrap();
    assert_eq!(wire.answer(&request).unwrap().status, 201);
    assert_eq!(served.wait().code(), Some(0));
    assert!(sandbox.path("root/app/blobs/sha256").join(digest.hex()).exists());
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once() {
    use std::os::unix::process::ExitStatusExt as _;
    let sandbox = Sandbox::new();
    let mut served = Served::start(&sandbox, &[]);
    let mut wire = served.connect().unwrap();
    wire.begin("PUT /v2/app/manifests/v1", "", 10).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    served.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    served.signal("INT");
    assert_eq!(served.wait().signal(), Some(2));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(folders(&sandbox), 0);
}

#[test]
fn each_request_is_a_line_on_standard_error() {
    let sandbox = Sandbox::new();
    let mut served = Served::start(&sandbox, &["--root", "root"]);
    let mut wire = served.connect().unwrap();
    assert_eq!(wire.send("GET /v2/app/tags/list?n=1", "", b"").unwrap().status, 404);
    served.kill();
    let said = served.said();
    let line = said.lines().find(|line| line.contains("GET /v2/app")).unwrap_or_else(|| panic!("{said}"));
    let fields: Vec<_> = line.split(' ').collect();
    assert_eq!(fields[1..6], ["127.0.0.1", "-", "GET", "/v2/app/tags/list?n=1", "404"], "{line}");
    assert!(fields.len() == 8 && fields[0].ends_with('Z') && fields[7].ends_with("ms"), "{line}");

    let mut quiet = Served::start(&sandbox, &["--root", "root", "--quiet"]);
    assert_eq!(quiet.connect().unwrap().send("GET /v2/", "", b"").unwrap().status, 200);
    quiet.kill();
    assert_eq!(quiet.said(), "");
}

#[test]
fn other_machines_are_let_in_only_on_the_users_word() {
    let sandbox = Sandbox::new();
    sandbox.write("users", BOB);
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused = sandbox.run(&format!("serve --listen {address}")).fails(2);
        refused.says("can be reached from other machines").says("--auth FILE").says("--allow-anonymous");
    }
    sandbox.run("serve --listen nonsense").fails(2).says("is not an address");
    sandbox.run("serve --auth users --allow-anonymous").fails(2);
    sandbox.run("serve --tls-cert x").fails(2).says("--tls-key");
    let mut served = Served::start(&sandbox, &["--listen", "0.0.0.0:0", "--auth", "users"]);
    let port = served.host().rsplit(':').next().unwrap().to_owned();
    let mut wire = crate::support::Wire::connect(&format!("127.0.0.1:{port}")).unwrap();
    assert_eq!(wire.send("GET /v2/", "", b"").unwrap().status, 401);
    served.kill();
    assert!(served.said().contains("passwords come over plain HTTP"), "{}", served.said());
    Served::start(&sandbox, &["--listen", "0.0.0.0:0", "--allow-anonymous"]);
}

#[test]
fn users_of_a_file_get_in_over_tls() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.write("users", BOB);
    let (certificate, key) = (fixture("server.pem"), fixture("server.key"));
    let tls = ["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let served = Served::start(&sandbox, &[&tls[..], &["--auth", "users"]].concat());
    let port = served.host().rsplit(':').next().unwrap();
    let (to, ca) = (format!("https://localhost:{port}/app"), fixture("ca.pem"));
    let push = format!("build app:v1 --push {to} --ca-file {}", ca.display());
    sandbox.run(&push).fails(4);
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "wrong");
    sandbox.run(&push).fails(4);
    sandbox.with("TORTE_PASSWORD", "pässword:x");
    sandbox.run(&push).succeeds();
    let log = served.said();
    assert!(log.lines().any(|line| line.contains(" bob PUT /v2/app/manifests/v1 201 ")), "{log}");
    assert!(!log.contains("pässword"), "{log}");
}

#[test]
fn files_that_cannot_be_used_are_named_before_anything_is_served() {
    let sandbox = Sandbox::new();
    sandbox.write("users", "bob:plain\n").write("none.pem", "nothing");
    sandbox.run("serve --auth users").fails(1).says("line 1").says("htpasswd -B");
    sandbox
        .run("serve --auth users")
        .fails(1)
        .says("make it anew with `htpasswd -B users bob`")
        .hides("plain");
    sandbox.run("serve --auth missing").fails(1).says("there is no file `missing`");
    let pair = [fixture("ca.pem"), fixture("server.key")].map(|path| path.display().to_string());
    let words = ["serve", "--tls-cert", &pair[0], "--tls-key", &pair[1]];
    sandbox.run_with(&words).fails(1).says("the key is not that of the certificate").hides("KeyMismatch");
    sandbox
        .run("serve --tls-cert none.pem --tls-key none.pem")
        .fails(1)
        .says("none.pem` holds no certificate")
        .hides("no items");
}

#[test]
fn a_place_or_an_address_that_will_not_do_is_told_with_what_to_do() {
    let mut sandbox = Sandbox::with_banner();
    let served = Served::start(&sandbox, &["--root", "root"]);
    let taken = sandbox.run(&format!("serve --root root --listen {}", served.host())).fails(1);
    taken.says("cannot listen on").says("hint: another program listens there").says("127.0.0.1:0");
    sandbox
        .run("serve --listen 127.0.0.1:0 --root features.yml --read-only")
        .fails(1)
        .says("expected a directory");
    sandbox
        .run("serve --listen 127.0.0.1:0 --root none --read-only")
        .fails(3)
        .says("there is no such directory");
    sandbox.run(&format!("build app:v1 --push {}", served.at("app"))).succeeds();
    let mut within = Served::start(&sandbox, &["--root", "root/app"]);
    within.kill();
    assert!(within.said().contains("`root/app` is a repository of its own"), "{}", within.said());
    assert_eq!(served.said().matches("warning").count(), 0, "{}", served.said());
    let none = sandbox.path("none").display().to_string();
    sandbox.with("TMPDIR", &none).run("serve --listen 127.0.0.1:0").fails(1).says("`--root DIR`");
}

#[cfg(unix)]
#[test]
fn a_directory_that_nobody_may_write_to_is_told_at_once() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("root")).unwrap();
    fs::set_permissions(sandbox.path("root"), fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write anywhere.
    let may_write = fs::write(sandbox.path("root/file"), "").is_ok();
    let mut served = Served::start(&sandbox, &["--root", "root"]);
    served.kill();
    assert_eq!(served.said().contains("`--read-only` serves what is there"), !may_write, "{}", served.said());
}

#[test]
fn a_read_only_registry_serves_what_is_there_and_takes_nothing() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app:v1 --store root").succeeds();
    sandbox.run("serve --read-only").fails(2).says("--root");
    sandbox.run("serve --read-only --root nowhere").fails(3).says("nowhere");
    sandbox.run("serve --read-only --root root --ttl").fails(2);
    let served = Served::start(&sandbox, &["--root", "root", "--read-only"]);
    sandbox.run(&format!("pull {}", served.at("app:v1"))).succeeds();
    sandbox.run(&format!("tag {} v2", served.at("app:v1"))).fails(1).says("this registry is read-only");
    sandbox.run(&format!("list {}", served.at("app"))).succeeds().prints("v1\n");
}

#[test]
fn what_lives_for_a_time_is_gone_afterwards_and_stays_gone() {
    let sandbox = Sandbox::with_banner();
    let served = Served::start(&sandbox, &["--root", "root", "--ttl"]);
    sandbox.run(&format!("build app:3s,v1 --push {}", served.at("app"))).succeeds();
    let digest = sandbox.run(&format!("pull {} a", served.at("app:3s"))).succeeds().digest();
    assert_eq!(digest, banner_digest());
    let begun = Instant::now();
    while sandbox.run(&format!("pull {} b", served.at("app:3s"))).code != Some(3) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it lives on");
        std::thread::sleep(Duration::from_millis(100));
    }
    sandbox.run(&format!("list {}", served.at("app"))).succeeds().prints("v1\n");
    drop(served);
    for flags in [&["--root", "root", "--ttl"][..], &["--root", "root"]] {
        let again = Served::start(&sandbox, flags);
        sandbox.run(&format!("pull {} c", again.at("app:3s"))).fails(3);
        sandbox.run(&format!("pull {} d", again.at("app:v1"))).succeeds();
    }
}

#[test]
fn a_guard_of_the_client_is_exact_here() {
    let sandbox = Sandbox::with_banner();
    let served = Served::start(&sandbox, &["--root", "root"]);
    let writers: u8 = 6;
    for writer in 0..writers {
        sandbox.write(
            &format!("in{writer}/features.yml"),
            BANNER.replace("Banner", &format!("Banner {writer}")),
        );
        sandbox.run(&format!("build app:w{writer} in{writer}")).succeeds();
    }
    let push =
        |writer: u8| sandbox.run(&format!("push app:w{writer} {} --if-absent", served.at("app:once"))).code;
    let codes: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..writers).map(|writer| scope.spawn(move || push(writer))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(7)).count(), usize::from(writers) - 1, "{codes:?}");
}
