//! A bundle for somebody else, for a while: a throw-away name on a registry that forgets.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::archive::{END, Layer, entry, gzip, write_layout};
use crate::support::{BANNER, Outcome, Registry, Reply, Sandbox, Scripted, Served, banner_digest};

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: web}\n";

/// A registry that forgets, as ttl.sh does; its directory is `root`.
fn forgetful(sandbox: &Sandbox) -> Served {
    Served::start(sandbox, &["--root", "root", "--ttl"])
}

fn share(sandbox: &Sandbox, what: &str, served: &Served, flags: &str) -> Outcome {
    sandbox.run(&format!("share {what} --registry {} {flags}", served.host()))
}

/// What the other side is told to type.
fn commands(stderr: &str) -> Vec<String> {
    let told = stderr.lines().filter_map(|line| line.split_once("on the other side: "));
    told.map(|(_, command)| command.to_owned()).collect()
}

/// All files below a directory, with what they hold.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap);
    let files = all.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap())).collect()
}

/// A time of RFC 3339, in seconds.
fn seconds(text: &Value) -> i64 {
    OffsetDateTime::parse(text.as_str().unwrap(), &Rfc3339).unwrap().unix_timestamp()
}

/// When the registry itself says that a tag of a repository ends, in seconds.
fn end(sandbox: &Sandbox, name: &str, tag: &str) -> i64 {
    let index: Value = serde_json::from_str(&sandbox.read(&format!("root/{name}/index.json"))).unwrap();
    let entries = index["manifests"].as_array().unwrap();
    let of_tag = |entry: &&Value| entry["annotations"]["org.opencontainers.image.ref.name"] == tag;
    let entry = entries.iter().find(of_tag).unwrap_or_else(|| panic!("no tag {tag}: {index}"));
    seconds(&entry["annotations"]["dev.torte.expires"])
}

#[test]
fn a_directory_is_shared_and_nothing_of_it_stays_here() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let shared = share(&sandbox, ".", &served, "").succeeds();
    let (place, digest) = shared.stdout.trim_end().split_once('@').unwrap();
    assert_eq!(digest, banner_digest(), "the reference by digest, and nothing else");
    assert!(place.starts_with(&served.at("")) && shared.stdout.ends_with('\n'), "{}", shared.stdout);
    assert!(!sandbox.store().exists());
    assert_eq!(files(&sandbox.home()), BTreeMap::new());

    let other = Sandbox::new();
    other.run(&format!("inspect {place}@{digest} --contents")).succeeds().shows("banner");
    other.run(&format!("list {place}")).succeeds().prints("1h\n");
}

#[test]
fn a_local_bundle_is_shared_as_it_is_and_the_store_stays_as_it_was() {
    let sandbox = Sandbox::with_banner();
    let built = sandbox.run("build flags:v8").succeeds().digest();
    let before = files(&sandbox.store());
    let served = forgetful(&sandbox);
    let shared = share(&sandbox, "flags:v8", &served, "").succeeds();
    assert!(shared.stdout.ends_with(&format!("@{built}\n")), "{}", shared.stdout);
    assert_eq!(files(&sandbox.store()), before);
    share(&sandbox, &format!("flags@{built}"), &served, "").succeeds();
}

#[test]
fn what_stands_elsewhere_or_nowhere_is_not_shared() {
    let sandbox = Sandbox::new();
    sandbox.write("flags/features.yml", BANNER);
    let served = forgetful(&sandbox);
    share(&sandbox, "nope", &served, "").fails(3).says("torte list");
    share(&sandbox, "flags", &served, "").fails(3).says("write `./flags`");
    share(&sandbox, &served.at("app:v1"), &served, "").fails(2).says("run `torte pull` first");
    share(&sandbox, "./none", &served, "").fails(3).says("there is no directory `./none`");
    share(&sandbox, "./flags", &served, "").succeeds();
}

#[test]
fn manifests_are_taken_from_standard_input_too() {
    let mut sandbox = Sandbox::new();
    let served = forgetful(&sandbox);
    let shared = share(sandbox.typing(DEPLOYMENT), "-", &served, "").succeeds();
    let shown = sandbox.run(&format!("inspect {} --contents", shared.stdout.trim_end())).succeeds();
    shown.shows("Deployment");
    assert!(!sandbox.store().exists());
}

#[test]
fn nobody_can_guess_the_name() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let name = || {
        let shared = share(&sandbox, ".", &served, "").succeeds().stdout;
        let name = shared.strip_prefix(&served.at("")).unwrap().split('@').next().unwrap().to_owned();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "128 bits: {name}");
        name.into_bytes()
    };
    let names: Vec<Vec<u8>> = (0..4).map(|_| name()).collect();
    for (at, one) in names.iter().enumerate() {
        for other in &names[at + 1..] {
            // Two that are random have two of the 32 digits in common; 12 is one in a hundred million.
            let common = one.iter().zip(other).filter(|(left, right)| left == right).count();
            assert!(common < 12, "{names:?}");
        }
    }
}

#[test]
fn a_name_can_be_given() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let shared = share(&sandbox, ".", &served, "--name team/flags --ttl 30m").succeeds();
    shared.prints(&format!("{}@{}\n", served.at("team/flags"), banner_digest()));
    sandbox.run(&format!("list {}", served.at("team/flags"))).succeeds().prints("30m\n");
    // Another bundle takes the tag, which is said.
    sandbox.write("features.yml", BANNER.replace("Banner", "Another"));
    share(&sandbox, ".", &served, "--name team/flags --ttl 30m").succeeds().says("`30m` was ");
    for bad in ["Flags", "a:b", "a@b", "/a"] {
        share(&sandbox, ".", &served, &format!("--name {bad}")).fails(2).says("is not a repository name");
    }
    sandbox.run("share . --registry ttl").fails(2).says("is not the name of a registry");
}

#[test]
fn the_tag_is_one_time_that_the_registry_keeps_to() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    for (ttl, tag, expected) in [
        ("1h30m", "90m", 5400),
        ("90m", "90m", 5400),
        ("2h", "2h", 7200),
        ("1d", "24h", 86400),
        ("1h1s", "3601s", 3601),
    ] {
        let name = format!("for-{ttl}");
        let shared = share(&sandbox, ".", &served, &format!("--ttl {ttl} --name {name} --format json"));
        let json = shared.succeeds().json();
        assert_eq!((&json["tags"], &json["warnings"]), (&json!([tag]), &json!([])), "{ttl}");
        let now = OffsetDateTime::now_utc().unix_timestamp();
        for end in [end(&sandbox, &name, tag), seconds(&json["ends"])] {
            assert!((now + expected - 60..=now + expected).contains(&end), "{ttl}: {end} at {now}");
        }
    }
    for bad in ["0s", "h", "90min", "1H", "1y", "forever"] {
        share(&sandbox, ".", &served, &format!("--ttl {bad}")).fails(2).says("write it as `30m`");
    }
}

#[test]
fn an_end_is_said_where_somebody_promised_one() {
    let sandbox = Sandbox::with_banner();
    // It keeps what it has for ever.
    let registry = Registry::open();
    let share =
        |flags: &str| sandbox.run(&format!("share . --registry {} {flags}", registry.host())).succeeds();
    let shared = share("").hides("ends about").says("only a registry that takes tags for times");
    assert!(shared.stderr.contains(":1h"), "{}", shared.stderr);
    assert_eq!(share("--format json").json()["ends"], Value::Null);
    share("--ttl 1h").says(" · ends about 20").hides("only a registry");
    assert!(share("--ttl 1h --format json").json()["ends"].is_string());
    let other = Scripted::new(|request| Reply::status(if request.starts_with("HEAD") { 404 } else { 201 }));
    let mut sandbox = Sandbox::with_banner();
    // The way to ttl.sh ends at a proxy here.
    sandbox.with("http_proxy", &other.url());
    sandbox.run("share . --plain-http").succeeds().says("shared ttl.sh/").says(" · ends about 20");
}

#[test]
fn what_ttl_sh_does_not_have_any_more_may_have_ended() {
    let proxy = Scripted::new(|_| Reply::status(404));
    let mut sandbox = Sandbox::new();
    sandbox.with("http_proxy", &proxy.url());
    let digest = banner_digest();
    for line in
        [format!("pull ttl.sh/x@{digest} x"), "inspect ttl.sh/x:1h".to_owned(), "list ttl.sh/x".to_owned()]
    {
        let gone = sandbox.run(&format!("{line} --plain-http")).fails(3);
        gone.says("its time may be over");
    }
    sandbox.run("list registry.test/x --plain-http").fails(3).hides("its time");
}

#[test]
fn more_than_a_day_is_cut_with_a_warning() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let warning = "nothing is kept longer than 24h; it ends after that, not after 48h";
    share(&sandbox, ".", &served, "--ttl 2d --name a").succeeds().says(warning);
    let json = share(&sandbox, ".", &served, "--ttl 2d --name b --format json").succeeds().json();
    assert_eq!((&json["tags"], &json["warnings"]), (&json!(["24h"]), &json!([warning])));
    let now = OffsetDateTime::now_utc().unix_timestamp();
    assert!(seconds(&json["ends"]) <= now + 86400);
    // A day itself is what was asked for.
    share(&sandbox, ".", &served, "--ttl 24h --name c").succeeds().hides("warning");
}

#[test]
fn the_same_under_the_same_name_is_not_renewed_and_that_is_said() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    share(&sandbox, ".", &served, "--name a").succeeds().hides("warning");
    let before = end(&sandbox, "a", "1h");
    std::thread::sleep(Duration::from_millis(1100));
    share(&sandbox, ".", &served, "--name a").succeeds().says("does not prolong it").hides("ends about");
    let json = share(&sandbox, ".", &served, "--name a --format json").succeeds().json();
    assert_eq!(json["ends"], Value::Null);
    assert_eq!(end(&sandbox, "a", "1h"), before);
    // What the warning says to do does help.
    share(&sandbox, ".", &served, "--name a --ttl 61m").succeeds().hides("warning").says("ends about");
    assert!(end(&sandbox, "a", "61m") > before);
}

#[test]
fn when_its_time_has_come_it_is_gone() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let reference = share(&sandbox, ".", &served, "--ttl 3s").succeeds().stdout.trim_end().to_owned();
    sandbox.run(&format!("pull {reference} early:v1")).succeeds();
    let begun = Instant::now();
    while sandbox.run(&format!("pull {reference} late:v1")).code != Some(3) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it lives on");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A machine that knows credentials of a registry in every way there is.
fn with_credentials(host: &str) -> Sandbox {
    let mut sandbox = Sandbox::with_banner();
    // base64 of `bob:canary`.
    let config = format!("{{\"auths\":{{\"{host}\":{{\"auth\":\"Ym9iOmNhbmFyeQ==\"}}}}}}");
    fs::create_dir_all(sandbox.home().join(".docker")).unwrap();
    fs::write(sandbox.home().join(".docker/config.json"), &config).unwrap();
    sandbox.write("auth.json", &config);
    let file = sandbox.path("auth.json").display().to_string();
    sandbox.with("REGISTRY_AUTH_FILE", &file);
    sandbox.with("TORTE_USERNAME", "bob").with("TORTE_PASSWORD", "canary");
    sandbox
}

#[test]
fn no_credentials_are_shown() {
    let registry = Registry::with_password("bob", "canary");
    let sandbox = with_credentials(&registry.host());
    // They are the right ones, and would be found.
    sandbox.run(&format!("build app:v1 --push {}", registry.at("app"))).succeeds();
    assert!(registry.calls().iter().any(|call| call.contains(" Basic ")));
    let refused = sandbox.run(&format!("share . --registry {}", registry.host())).fails(4);
    refused
        .says("shows nobody any credentials")
        .hides("torte login")
        .hides("docker login")
        .hides("--username");
    let calls = registry.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| !call.contains("Basic")), "{calls:?}");
}

#[test]
fn no_credentials_are_shown_to_a_server_of_tokens_either() {
    let server = Scripted::new(|request| match request {
        _ if request.starts_with("GET /token") => Reply::ok(r#"{"token":"anonymous"}"#),
        _ => Reply::status(401).with(
            "WWW-Authenticate",
            r#"Bearer realm="http://HOST/token",service="s",scope="repository:a:pull,push""#,
        ),
    });
    let host = server.at("").trim_end_matches('/').to_owned();
    let sandbox = with_credentials(&host);
    for what in [".", ". --name a"] {
        sandbox.run(&format!("share {what} --registry {host}")).fails(4);
        let requests = server.requests();
        assert!(requests.len() > 1, "{requests:?}");
        for request in requests {
            let is_bare =
                !request.contains("Basic") && !request.contains("canary") && !request.contains("bob");
            assert!(is_bare, "{request}");
        }
    }
}

#[test]
fn what_looks_like_a_secret_in_flags_is_named_by_its_file_and_not_sent() {
    let sandbox = Sandbox::new();
    let registry = Registry::open();
    let secret = "  description: AKIAIOSFODNN7EXAMPLE\n";
    sandbox.write("flags/web.features.yml", format!("{BANNER}{secret}"));
    sandbox.write("flags/other.features.yml", BANNER.replace("web", "other"));
    sandbox.write("flags/README.md", "AKIAIOSFODNN7EXAMPLE, which is not packed");
    let share = format!("share ./flags --registry {}", registry.host());
    let refused = sandbox.run(&share).fails(1).says("an access key of AWS in `web.features.yml`");
    refused.says("`--allow-secrets`").hides("other.features.yml").hides("README").hides("AKIA").prints("");
    // Of a bundle no files are known any more.
    sandbox.run("build app:v1 flags").succeeds();
    let of_bundle = format!("share app:v1 --registry {}", registry.host());
    sandbox.run(&of_bundle).fails(1).says("an access key of AWS in the namespace `web`").hides("AKIA");
    assert_eq!(registry.requests(), [""; 0], "nothing was sent");
    sandbox.run(&format!("{share} --allow-secrets")).succeeds();
    sandbox.run(&format!("{of_bundle} --allow-secrets")).succeeds();
}

#[test]
fn what_looks_like_a_secret_in_manifests_is_named_by_its_file_and_not_sent() {
    let sandbox = Sandbox::new();
    let registry = Registry::open();
    let share = format!("share ./in --registry {}", registry.host());
    sandbox.write("in/web.yaml", DEPLOYMENT);
    for (file, text, expected) in [
        (
            "in/db.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: web}\nstringData: {password: hunter2}\n",
            "a Secret that is not encrypted in `db.yaml`",
        ),
        (
            "in/tls/key.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tls, namespace: web}\ndata:\n  key: |\n    \
             -----BEGIN RSA PRIVATE KEY-----\n    MIIE\n",
            "a private key in `tls/key.yaml`",
        ),
        // It is no manifest, and is packed with the rest.
        ("in/.env", "TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ0123\n", "a token of GitHub in `.env`"),
    ] {
        sandbox.write(file, text);
        sandbox.run(&share).fails(1).says(expected).says("`--allow-secrets`").hides("hunter2").hides("ghp_");
        sandbox.run("build app:v1 ./in").succeeds();
        sandbox.run(&format!("share app:v1 --registry {}", registry.host())).fails(1).says(expected);
        assert_eq!(registry.requests(), [""; 0], "nothing was sent");
        sandbox.run(&format!("{share} --allow-secrets")).succeeds();
        assert!(!registry.requests().is_empty());
        fs::remove_file(sandbox.path(file)).unwrap();
    }
    // What cannot be looked into may hold anything: here more than can be unpacked, and a file that is too large.
    let bomb = gzip([entry(b'0', "a.yaml", vec![0; 30_000_000]), END.to_vec()].concat());
    let tar = [entry(b'0', "a.yaml", vec![0; 65 << 20]), END.to_vec()].concat();
    let (stored, rest) = tar.split_at(60 << 20);
    let mut large = GzEncoder::new(Vec::new(), Compression::none());
    large.write_all(stored).unwrap();
    let large = [large.finish().unwrap(), gzip(rest)].concat();
    for (name, bytes, why) in [("bomb", bomb, "200 times"), ("large", large, "`a.yaml` is")] {
        write_layout(&sandbox.path(name), &[Layer::flux(bytes)]);
        let refused =
            sandbox.run(&format!("share ocidir://{name}:v1 --registry {}", registry.host())).fails(1);
        refused.says("could not be looked into").says(why).says("`--allow-secrets`");
    }
    // Encrypted, it is fine.
    sandbox.write(
        "in/db.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: web}\n\
         stringData: {password: \"ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]\"}\n\
         sops: {mac: \"ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]\", version: 3.9.0}\n",
    );
    sandbox.run(&share).succeeds();
}

/// What SOPS leaves of a value.
const ENCRYPTED: &str = "ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]";

#[test]
fn a_secret_hides_in_no_corner_of_a_tree() {
    const GENERATOR: &str = "secretGenerator:\n- name: db\n";
    const PATCH: &str =
        "patches:\n- patch: |-\n    kind: Secret\n    metadata: {name: x}\n    stringData: {a: hunter2}\n";
    const LITERAL: &str = "configMapGenerator:\n- name: c\n  literals: [a=b]\nsecretGenerator:\n- name: db\n  literals:\n  - password=hunter2\n";
    const TEMPLATE: &str = "{{ if .x }}\napiVersion: v1\nkind: Secret\nstringData:\n  a: {{ .a }}\n  password: hunter2\n{{ end }}\n";
    const NESTED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: web}\ndata:\n  db.yaml: |\n    apiVersion: v1\n    kind: Secret\n    stringData: {a: hunter2}\n";
    const LIST: &str = "apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: l, namespace: web}\n  stringData: {a: hunter2}\n";
    const README: &str = "# How\n\n```yaml\nkind: Secret\ndata:\n  password: aHVudGVyMg==\n```\n";
    const APPLIED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"kind\":\"Secret\",\"data\":{\"a\":\"aHVudGVyMg==\"}}'\n";
    let kustomization = "kustomization.yaml";
    let plain = |path: &str| format!("a Secret that is not encrypted in `in/{path}`");
    let sandbox = Sandbox::new();
    let registry = Registry::open();
    sandbox.write("in/web.yaml", DEPLOYMENT);
    let named = |list: &str| format!("{GENERATOR}  {list}\n");
    for (files, expected) in [
        (vec![(kustomization, LITERAL.to_owned())], kustomization),
        (vec![(kustomization, PATCH.to_owned())], kustomization),
        (vec![(kustomization, named("envs: [db.env]")), ("db.env", "A=hunter2\n".into())], "db.env"),
        (vec![(kustomization, named("files: [key=k/db.txt]")), ("k/db.txt", "hunter2".into())], "k/db.txt"),
        (vec![("template.yaml", TEMPLATE.to_owned())], "template.yaml"),
        (vec![("db.yaml.tpl", TEMPLATE.to_owned())], "db.yaml.tpl"),
        (vec![("nested.yaml", NESTED.to_owned())], "nested.yaml"),
        (vec![("list.yaml", LIST.to_owned())], "list.yaml"),
        (vec![("README.md", README.to_owned())], "README.md"),
        (vec![("applied.yaml", APPLIED.to_owned())], "applied.yaml"),
        (vec![("bare.yaml", "kind: Secret\nstringData: {a: hunter2}\n".to_owned())], "bare.yaml"),
    ] {
        for (path, text) in &files {
            sandbox.write(&format!("in/in/{path}"), text);
        }
        let refused = sandbox.run(&format!("share ./in --registry {}", registry.host())).fails(1);
        refused.says(&plain(expected)).hides("hunter2").hides("aHVudGVy");
        let warned = sandbox.run("lint ./in").succeeds().shows("plain-secret").hides("hunter2");
        warned.shows(&format!("in/{}", files[0].0));
        for (path, _) in &files {
            fs::remove_file(sandbox.path(&format!("in/in/{path}"))).unwrap();
        }
    }
    assert_eq!(registry.requests(), [""; 0], "nothing was sent");
}

#[test]
fn what_is_encrypted_or_filled_in_later_is_no_secret() {
    let sandbox = Sandbox::new();
    let served = forgetful(&sandbox);
    let sealed = format!("a={ENCRYPTED}");
    for (path, text) in [
        ("web.yaml", DEPLOYMENT.to_owned()),
        (
            "kustomization.yaml",
            format!(
                "resources: [web.yaml]\nsecretGenerator:\n- name: db\n  literals: ['a=${{PASSWORD}}', b=, '{sealed}']\n  \
                 envs: [db.env, names.env]\n  files: [key.age]\n"
            ),
        ),
        ("db.env", format!("A={ENCRYPTED}\nsops_mac={ENCRYPTED}\nsops_version=3.9.0\n")),
        ("names.env", "# filled in by Flux\nA=${A}\n\nB=\n".to_owned()),
        ("key.age", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n".to_owned()),
        (
            "sealed.yaml",
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s, namespace: web}\nspec:\n  \
             encryptedData: {password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq}\n  template:\n    data: {a: '{{ .a }}'}\n"
                .to_owned(),
        ),
        (
            "external.yaml",
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: web}\nspec:\n  \
             target: {template: {data: {a: 'x{{ .a }}'}}}\n  data:\n  - secretKey: a\n    remoteRef: {key: db}\n"
                .to_owned(),
        ),
        (
            "release.yaml",
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: web}\nspec:\n  \
             valuesFrom:\n  - {kind: Secret, name: db}\n  values: {data: {a: b}}\n"
                .to_owned(),
        ),
        (
            "charts/db/templates/secret.yaml",
            "{{- if .Values.on }}\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ include \"db.name\" . }}\n  \
             labels:\n    {{- include \"db.labels\" . | nindent 4 }}\ndata:\n  a: {{ .Values.a | b64enc | quote }}\n  \
             b: \"{{ .Values.b }}\"\n  {{- range $key, $value := .Values.more }}\n  {{ $key }}: {{ $value | b64enc }}\n  \
             {{- end }}\n{{- end }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .x }}\ndata:\n  a: b\n"
                .to_owned(),
        ),
        ("charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n".to_owned()),
        (
            "README.md",
            "The `Secret` of kind Opaque has this data:\n\n    kind: Secret\n    data:\n      password: <yours>\n".to_owned(),
        ),
    ] {
        sandbox.write(&format!("in/in/{path}"), text);
    }
    sandbox.run("lint ./in").succeeds().hides("plain-secret");
    share(&sandbox, "./in", &served, "").succeeds();
}

#[test]
fn a_secret_hides_neither_in_an_annotation_nor_behind_an_index() {
    let (sandbox, first, registry) = (Sandbox::with_banner(), Registry::open(), Registry::open());
    sandbox.run("build app:noted --annotation key=AKIAIOSFODNN7EXAMPLE").succeeds();
    let refused = sandbox.run(&format!("share app:noted --registry {}", registry.host())).fails(1);
    refused.says("an access key of AWS in the annotations");

    sandbox.write("features.yml", format!("{BANNER}  description: AKIAIOSFODNN7EXAMPLE\n"));
    let built =
        sandbox.run(&format!("build app:v1 --push {} --format json", first.at("list"))).succeeds().json();
    let child = json!({"mediaType": built["mediaType"], "digest": built["digest"], "size": built["size"]});
    let kind = "application/vnd.oci.image.index.v1+json";
    let index = json!({"schemaVersion": 2, "mediaType": kind, "manifests": [child]}).to_string();
    first.ask("PUT /v2/list/manifests/all", &format!("Content-Type: {kind}\r\n"), &index);
    sandbox.run(&format!("pull {}", first.at("list:all"))).succeeds();
    let share = format!("share list:all --registry {}", registry.host());
    sandbox.run(&share).fails(1).says("an access key of AWS in the namespace `web`");
    assert_eq!(registry.requests(), [""; 0]);
    sandbox.run(&format!("{share} --allow-secrets")).succeeds();
}

#[test]
fn the_other_side_is_told_what_to_type_for_flags() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let shared = share(&sandbox, ".", &served, "--ttl 30m").succeeds().says(" · ends about 20");
    let commands = commands(&shared.stderr);
    let [torte, flipt] = commands.as_slice() else { panic!("{commands:?}") };

    let other = Sandbox::new();
    assert_eq!(other.shell(torte).succeeds().digest(), banner_digest());
    let name = torte.split(' ').next_back().unwrap();
    other.run(&format!("unpack {name} out")).succeeds();
    assert!(other.read("out/web.features.yml").contains("banner"));
    // Another day, another bundle: the first is in nobody's way.
    sandbox.write("features.yml", BANNER.replace("Banner", "Another"));
    let again = share(&sandbox, ".", &served, "").succeeds();
    other.shell(&self::commands(&again.stderr)[0]).succeeds();
    other.run(&format!("inspect {name} --contents")).succeeds();

    // Flipt takes `http://HOST/NAME:TAG` for a registry without TLS, and wants a tag; torte reads it as Flipt does.
    let url = flipt.strip_prefix("flipt bundle pull ").unwrap();
    assert!(url.starts_with(&format!("http://{}/", served.host())) && url.ends_with(":30m"), "{url}");
    assert_eq!(other.run(&format!("pull {url} as-flipt:v1")).succeeds().digest(), banner_digest());
}

#[test]
fn the_other_side_is_told_what_to_type_for_manifests() {
    let sandbox = Sandbox::new();
    sandbox.write("in/web.yaml", DEPLOYMENT);
    let served = forgetful(&sandbox);
    let shared = share(&sandbox, "./in", &served, "").succeeds();
    let commands = commands(&shared.stderr);
    let [torte, flux] = commands.as_slice() else { panic!("{commands:?}") };
    let other = Sandbox::new();
    let digest = other.shell(torte).succeeds().digest();
    let place = shared.stdout.trim_end();
    assert!(place.ends_with(&digest));
    // The real Flux types it among the tests against other tools.
    assert_eq!(flux, &format!("mkdir shared && flux pull artifact oci://{place} --output shared"));
}

#[test]
fn a_script_gets_one_object() {
    let sandbox = Sandbox::with_banner();
    let served = forgetful(&sandbox);
    let outcome = share(&sandbox, ".", &served, "--name a --format json").succeeds();
    let json = outcome.json();
    let pinned = format!("{}@{}", served.at("a"), banner_digest());
    assert_eq!(json["reference"], served.at("a:1h"));
    assert_eq!(json["digest"], banner_digest());
    assert_eq!(json["pinned"], pinned);
    assert_eq!(json["kind"], "flipt");
    assert_eq!(json["commands"], json!(commands(&outcome.stderr)));
    assert_eq!(json["blobs"], json!({"sent": 2, "present": 0, "mounted": 0, "joined": 0}));
    let reference = share(&sandbox, ".", &served, "--name a --format reference --quiet").succeeds();
    assert_eq!((&*reference.stdout, &*reference.stderr), (&*format!("{pinned}\n"), ""));
}

#[test]
fn a_registry_that_is_not_there_or_not_well_is_one_to_try_again() {
    let sandbox = Sandbox::with_banner();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let share = format!("share . --retries 0 --timeout 5s --registry {port}");
    sandbox.run(&share).fails(8).says("out of reach").prints("");
    let sick = Scripted::new(|_| Reply::status(503));
    sandbox.run(&format!("share . --retries 0 --registry {}", sick.at("x"))).fails(8).prints("");
}

#[cfg(unix)]
#[test]
fn interrupted_it_ends_and_says_nothing_that_is_not_so() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = Sandbox::with_banner();
        let silent = Scripted::new(|request| match request {
            _ if request.starts_with("HEAD") || request.starts_with("GET") => Reply::status(404),
            _ => Reply::Silence,
        });
        let registry = silent.at("x");
        let child = sandbox.command(&["share", ".", "--registry", &registry]).spawn().unwrap();
        silent.wait_for("POST");
        let words = [format!("-{signal}"), child.id().to_string()];
        assert!(std::process::Command::new("kill").args(words).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{signal}");
    }
}
