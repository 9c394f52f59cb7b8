//! What changed between two bundles or directories of Kubernetes manifests.

use serde_json::{Value, json};

use crate::support::{Registry, Sandbox};

/// A machine with a directory `a` of these files, and `b` of those.
fn sides(one: &[(&str, &str)], other: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (directory, files) in [("a", one), ("b", other)] {
        for (path, text) in files {
            sandbox.write(&format!("{directory}/{path}"), text);
        }
    }
    sandbox
}

/// A Deployment of the namespace `web` with so many replicas and this pod.
fn deployment(replicas: u8, pod: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop, namespace: web}}\nspec:\n  replicas: {replicas}\n  template:\n    spec: {pod}\n"
    )
}

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, namespace: web}\ndata: {a: x}\n";

/// A namespace before and after, beside one that stays.
fn shop() -> Sandbox {
    let before = deployment(2, "{containers: [{name: app, image: 'shop:1'}, {name: side, image: 'side:1'}]}");
    let after = deployment(3, "{containers: [{name: side, image: 'side:1'}, {name: app, image: 'shop:2'}]}");
    let new = CONFIG.replace("name: old", "name: new");
    let same = CONFIG.replace("web", "pay");
    sides(
        &[("web/shop.yaml", &before), ("web/config.yaml", CONFIG), ("pay/config.yaml", &same)],
        &[("web/shop.yaml", &after), ("web/other.yaml", &new), ("pay/config.yaml", &same)],
    )
}

const SHOWN: &str = "+ web/ConfigMap/new      v1
- web/ConfigMap/old
~ web/Deployment/shop    spec.replicas: 2 → 3
~ web/Deployment/shop    spec.template.spec.containers[app].image: \"shop:1\" → \"shop:2\"
";

#[test]
fn objects_and_their_fields_are_told() {
    let sandbox = shop();
    let outcome = sandbox.run("diff ./a ./b").succeeds().prints(SHOWN);
    drop(outcome.says("1 of 2 namespaces differs"));
    sandbox.run("diff ./a ./b --stat").succeeds().prints("~ web    1 added, 1 removed, 1 changed\n");
    sandbox.run("diff ./a ./b --namespace web").succeeds().prints(SHOWN);
    sandbox.run("diff ./a ./b --namespace pay --exit-code").succeeds().prints("");
    sandbox.run("diff ./a ./b --namespace nowhere").fails(3);
    let report = sandbox.run("diff ./a ./b --format json").succeeds().json();
    assert_eq!(report["kind"], "kubernetes");
    let path = "/objects/[apiVersion=apps~1v1,kind=Deployment,metadata.namespace=web,metadata.name=shop]/spec/replicas";
    let change = json!({"path": path, "change": "changed", "from": 2, "to": 3});
    assert_eq!(report["namespaces"][0]["changes"][0], change);
}

#[test]
fn bundles_of_every_shape_and_directories_are_compared() {
    let sandbox = shop();
    for profile in ["hybrid", "flux", "argo"] {
        for side in ["a", "b"] {
            sandbox.run(&format!("build {profile}:{side} ./{side} --profile {profile}")).succeeds();
        }
    }
    for from in ["hybrid:a", "flux:a", "argo:a", "./a"] {
        for to in ["hybrid:b", "flux:b", "argo:b", "./b"] {
            sandbox.run(&format!("diff {from} {to}")).succeeds().prints(SHOWN);
        }
        sandbox.run(&format!("diff {from} ./a --exit-code")).succeeds().prints("");
        sandbox.run(&format!("diff {from} flux:b --namespace pay --exit-code")).succeeds().prints("");
    }
}

#[test]
fn of_two_remote_bundles_only_the_groups_that_differ_are_fetched() {
    let (sandbox, registry) = (shop(), Registry::open());
    for side in ["a", "b"] {
        let push = format!("build app:{side} ./{side} --push {}", registry.at("team/app"));
        sandbox.run(&push).succeeds();
    }
    registry.calls();
    let [a, b] = ["a", "b"].map(|tag| registry.at(&format!("team/app:{tag}")));
    let outcome = sandbox.run(&format!("diff {a} {b}")).succeeds().prints(SHOWN);
    drop(outcome.says("1 of 2 namespaces differs · 2 layers, ").says("4 requests"));
    let calls = registry.calls();
    assert_eq!(calls[..2], ["GET manifests/a 200", "GET manifests/b 200"]);
    assert_eq!(calls[2..], ["GET blobs/ 200"; 2]);
}

#[test]
fn a_bundle_is_the_same_as_itself_and_as_what_its_files_build_again() {
    let sandbox = shop();
    sandbox.write("b/readme.md", "# Shop\n").write("b/web/patch.yaml", "spec:\n- replicas\n");
    sandbox.run("build app:b ./b").succeeds();
    sandbox.run("unpack app:b out").succeeds();
    sandbox.run("build again:b ./out").succeeds();
    for other in ["app:b", "./out", "again:b"] {
        sandbox.run(&format!("diff app:b {other} --exit-code")).succeeds().prints("");
    }
}

#[test]
fn where_an_object_stands_and_how_it_is_written_is_no_change() {
    let pod = |text: &str| deployment(2, text);
    let one = pod(
        "{containers: [{name: a, image: i, env: [{name: X, value: '1'}, {name: Y, value: '2'}], ports: [{containerPort: 80}, {containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}], volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /w}]}, {name: b}], volumes: [{name: v}, {name: w}], tolerations: [{key: t}, {key: u}]}",
    );
    let other = pod(
        "{tolerations: [{key: u}, {key: t}], volumes: [{name: w}, {name: v}], containers: [{name: b}, {name: a, ports: [{protocol: UDP, containerPort: 53}, {containerPort: 53, protocol: TCP}, {containerPort: 0x50}], volumeMounts: [{name: w, mountPath: /w}, {name: v, mountPath: /v}], image: i, env: [{value: '2', name: Y}, {value: '1', name: X}]}]}",
    );
    let sandbox = sides(
        &[("web/shop.yaml", &one), ("web/config.yaml", CONFIG)],
        &[(
            "web/all.yaml",
            &format!("# Written anew\nkind: List\napiVersion: v1\nitems:\n- {}", {
                let both = format!("{CONFIG}---\n{other}");
                both.replace('\n', "\n  ")
                    .replace("---\n  ", "")
                    .replace("  apiVersion: apps", "- apiVersion: apps")
            }),
        )],
    );
    let outcome = sandbox.run("diff ./a ./b --exit-code").succeeds().prints("");
    drop(outcome.says("no differences in 1 namespace"));
}

#[test]
fn an_order_that_counts_is_told() {
    let sandbox = sides(
        &[(
            "web/shop.yaml",
            &deployment(2, "{initContainers: [{name: a}, {name: b}], containers: [{name: x, args: [p, q]}]}"),
        )],
        &[(
            "web/shop.yaml",
            &deployment(2, "{initContainers: [{name: b}, {name: a}], containers: [{name: x, args: [q, p]}]}"),
        )],
    );
    let text = sandbox.run("diff ./a ./b").succeeds().stdout;
    assert!(text.contains("initContainers[") && text.contains("containers[x].args["), "{text}");
}

#[test]
fn an_object_that_goes_to_another_group_has_not_changed() {
    // Of a kustomization's unit, and on its own.
    let kustomization = "namespace: web\nresources: [config.yaml]\n";
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n";
    let sandbox = sides(
        &[("x/config.yaml", config), ("web/shop.yaml", CONFIG)],
        &[("x/config.yaml", config), ("x/kustomization.yaml", kustomization), ("web/shop.yaml", CONFIG)],
    );
    let text = sandbox.run("diff ./a ./b").succeeds().stdout;
    assert!(!text.contains("ConfigMap/c"), "{text}");
    assert!(text.contains("+ web/x/kustomization.yaml    file\n"), "{text}");
    assert!(text.contains("- _unscoped    ") || text.contains("- _unscoped "), "{text}");
}

#[test]
fn patches_that_say_the_same_of_themselves_are_told_by_their_files() {
    let object = |replicas: u8| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec: {{replicas: {replicas}}}\n"
        )
    };
    let files = |dev: u8, prod: u8| {
        [
            ("base/kustomization.yaml", "resources: [api.yaml]\n".to_owned()),
            ("base/api.yaml", object(1)),
            (
                "over/kustomization.yaml",
                "resources: [../base]\npatches: [{path: dev.yaml}, {path: prod.yaml}]\n".to_owned(),
            ),
            ("over/dev.yaml", object(dev)),
            ("over/prod.yaml", object(prod)),
        ]
    };
    let sandbox = Sandbox::new();
    for (side, files) in [("a", files(1, 3)), ("b", files(2, 3))] {
        for (path, text) in files {
            sandbox.write(&format!("{side}/{path}"), text);
        }
    }
    let text = sandbox.run("diff ./a ./b").succeeds().stdout;
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.ends_with("/over/dev.yaml    spec.replicas: 1 → 2\n"), "{text}");
}

/// Every format of a diff of `a` and `b`, with nothing in it that a Secret holds.
fn without_secrets(sandbox: &Sandbox, flags: &str) -> String {
    for format in ["json", "markdown", "text"] {
        let outcome = sandbox.run(&format!("diff ./a ./b --format {format} {flags}"));
        drop(outcome.succeeds().hides("hush").hides("aHVza"));
    }
    sandbox.run(&format!("diff ./a ./b {flags}")).stdout
}

#[test]
fn the_values_of_a_secret_are_never_shown() {
    let secret = |fields: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: web}}\n{fields}")
    };
    let last = r#"{"kind":"Secret","data":{"password":"aHVzaC0x"}}"#;
    let applied = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: web\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{last}'\ndata: {{a: aHVzaC0x}}\n"
    );
    let sandbox = sides(
        &[
            ("web/db.yaml", &secret("data: {password: aHVzaC0x, user: aHVzaC0y}\n")),
            ("web/applied.yaml", &applied),
            ("web/gone.yaml", &secret("stringData: {x: hush-1}\n").replace("db", "gone")),
        ],
        &[
            (
                "web/db.yaml",
                &secret("data: {password: aHVzaC0z}\nstringData: {token: hush-9, key: hush-8}\n"),
            ),
            ("web/applied.yaml", &applied.replace("aHVzaC0x", "aHVzaC0z")),
            ("web/new.yaml", &secret("stringData: {x: hush-1}\n").replace("db", "new")),
        ],
    );
    let shown = "~ web/Secret/db     data.password changed
~ web/Secret/db     data.user removed
~ web/Secret/db     stringData.key added
~ web/Secret/db     stringData.token added
- web/Secret/gone
+ web/Secret/new    v1
~ web/Secret/s      data.a changed
~ web/Secret/s      metadata.annotations.kubectl.kubernetes.io/last-applied-configuration changed
";
    assert_eq!(without_secrets(&sandbox, ""), shown);
    let report = sandbox.run("diff ./a ./b --format json").succeeds().json();
    let changes = report["namespaces"][0]["changes"].as_array().unwrap();
    let password =
        changes.iter().find(|change| change["path"].as_str().unwrap().ends_with("/password")).unwrap();
    assert_eq!(
        (&password["from"], &password["to"], &password["secret"]),
        (&Value::Null, &Value::Null, &json!(true))
    );
}

#[test]
fn secrets_are_not_shown_by_a_roundabout_way_either() {
    let kustomization = |secret: &str| {
        format!(
            "resources: []\nsecretGenerator:\n- name: g\n  literals: [password={secret}]\n  envs: [db.env]\n  files: [key=../certs/tls.txt]\npatches:\n- patch: |-\n    kind: Secret\n    metadata: {{name: x}}\n    stringData: {{password: {secret}}}\n"
        )
    };
    let template = |secret: &str| {
        format!(
            "{{{{ if .x }}}}\napiVersion: v1\nkind: Secret\nstringData:\n  password: {secret}\n{{{{ end }}}}\n"
        )
    };
    let files = |secret: &str| {
        [
            ("app/kustomization.yaml", kustomization(secret)),
            ("app/db.env", format!("PASSWORD={secret}\n")),
            ("certs/tls.txt", format!("{secret}\n")),
            ("app/template.yaml", template(secret)),
            ("app/other.yaml", format!("kind: Secret\nstringData: {{a: {secret}}}\n")),
            (
                "list.yaml",
                format!(
                    "apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: v1, kind: Secret, metadata: {{name: l}}, stringData: {{a: {secret}}}}}\n"
                ),
            ),
            (
                "secrets.yaml",
                format!(
                    "apiVersion: v1\nkind: SecretList\nitems:\n- {{metadata: {{name: m}}, stringData: {{a: {secret}}}}}\n"
                ),
            ),
            (
                "object.yaml",
                format!(
                    "apiVersion: a.io/v1\nkind: Object\nmetadata: {{name: o}}\nspec: {{manifest: {{kind: Secret, data: {{a: {secret}}}}}}}\n"
                ),
            ),
            ("token.txt", format!("ghp_0123456789abcdefghijABCDEFGHIJ{secret}0123456789\n")),
        ]
    };
    let sandbox = Sandbox::new();
    for (side, files) in [("a", files("hush-1")), ("b", files("hush-2"))] {
        for (path, text) in files {
            sandbox.write(&format!("{side}/{path}"), text);
        }
    }
    let text = without_secrets(&sandbox, "");
    for file in [
        "app/kustomization.yaml",
        "app/db.env",
        "certs/tls.txt",
        "app/template.yaml",
        "app/other.yaml",
        "Secret/l",
        "secrets.yaml",
        "Object/o",
        "token.txt",
    ] {
        assert!(
            text.lines().any(|line| line.contains(file) && line.ends_with("changed")),
            "{file} is missing:\n{text}"
        );
    }
}

/// A document as SOPS leaves it.
fn sealed(values: [&str; 2], mac: &str) -> String {
    let [user, password] = values;
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: web, labels: {{a: b}}}}\nstringData:\n  user: ENC[AES256_GCM,data:{user},type:str]\n  password: ENC[AES256_GCM,data:{password},type:str]\nsops:\n  lastmodified: '2026-01-0{mac}T00:00:00Z'\n  mac: ENC[AES256_GCM,data:mac{mac},type:str]\n"
    )
}

#[test]
fn what_sops_encrypted_again_is_told_in_one_word() {
    let env =
        |text: &str| format!("PASSWORD=ENC[AES256_GCM,data:{text}]\nsops_mac=ENC[AES256_GCM,data:m{text}]\n");
    let config =
        |text: &str| sealed([text, text], text).replace("Secret", "ConfigMap").replace("stringData", "data");
    let sandbox = sides(
        &[
            ("web/db.yaml", &sealed(["u1", "p1"], "1")),
            ("web/c.yaml", &config("1")),
            ("web/x.env", &env("1")),
        ],
        &[
            ("web/db.yaml", &sealed(["u2", "p2"], "2")),
            ("web/c.yaml", &config("2")),
            ("web/x.env", &env("2")),
        ],
    );
    let text = sandbox.run("diff ./a ./b --group-by none").succeeds().stdout;
    assert_eq!(
        text,
        "~ _all/web/ConfigMap/db    re-encrypted\n~ _all/web/Secret/db       re-encrypted\n~ _all/web/x.env           re-encrypted\n"
    );
    let more = sealed(["u2", "p2"], "2").replace("a: b", "a: c").replace("mac:", "age: []\n  mac:");
    sandbox.write("b/web/db.yaml", more);
    let text = sandbox.run("diff ./a ./b --group-by none").succeeds().stdout;
    assert!(text.contains("Secret/db       metadata.labels.a: \"b\" → \"c\"\n"), "{text}");
    assert_eq!(text.matches("Secret/db ").count(), 2, "{text}");
    sandbox.write("b/web/c.yaml", CONFIG.replace("old", "db"));
    sandbox.run("diff ./a ./b --group-by none").succeeds().shows("no longer encrypted with SOPS");
}

#[test]
fn what_is_no_manifest_is_compared_as_text() {
    let sandbox = sides(
        &[
            ("web/shop.yaml", CONFIG),
            ("readme.md", "# Shop\none\ntwo\n"),
            ("web/broken.yaml", "a: [1\nb: 2\n"),
            ("logo.bin", "\u{0}"),
            ("values.yaml", "image: {tag: 1}\nlist: [a]\n---\nreplicas: 1\n"),
            ("old.sh", "x"),
        ],
        &[
            ("web/shop.yaml", CONFIG),
            ("readme.md", "# Shop\none\nthree\nfour\n"),
            ("web/broken.yaml", "a: [1\nb: 3\n"),
            ("logo.bin", "\u{0}"),
            ("values.yaml", "image: {tag: 2}\nlist: [a]\n---\nreplicas: 2\n"),
            ("new.sh", "x"),
        ],
    );
    std::fs::write(sandbox.path("a/logo.bin"), [0xff, 1]).unwrap();
    std::fs::write(sandbox.path("b/logo.bin"), [0xff, 2]).unwrap();
    let text = sandbox.run("diff ./a ./b --group-by none").succeeds().stdout;
    for line in [
        "~ _all/readme.md          text: lines +2 -1",
        "~ _all/readme.md            - two",
        "~ _all/readme.md            + three",
        "~ _all/readme.md            + four",
        "~ _all/values.yaml        image.tag: 1 → 2",
        "~ _all/values.yaml        document 2: replicas: 1 → 2",
        "~ _all/web/broken.yaml    text: lines +1 -1",
        "+ _all/new.sh             file",
        "- _all/old.sh",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
    }
    assert!(text.contains("~ _all/logo.bin           sha256: \""), "{text}");
}

#[test]
fn lines_are_shown_where_they_differ_unless_they_are_secret() {
    let files = |level: &str, token: &str| {
        let many = (0..20).map(|at| format!("    key{at} = {level}\n")).collect::<Vec<_>>().concat();
        let config = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: app, namespace: web}}\ndata:\n  app.ini: |\n    [log]\n    \
             level = {level}\n    file = x\n  many.ini: |\n{many}"
        );
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: web}}\nstringData:\n  key: |\n    one\n    {token}\n"
        );
        (config, secret)
    };
    let ((one, open), (other, closed)) = (files("info", "canary1"), files("debug", "canary2"));
    let sandbox = sides(
        &[("web/config.yaml", &one), ("web/secret.yaml", &open)],
        &[("web/config.yaml", &other), ("web/secret.yaml", &closed)],
    );
    for format in ["text", "markdown"] {
        let shown = sandbox.run(&format!("diff ./a ./b --format {format}")).succeeds().hides("canary");
        let text = shown.stdout.replace("\n!", "\n~");
        let expected = "~ web/ConfigMap/app    data.app.ini: lines +1 -1
~ web/ConfigMap/app      - level = info
~ web/ConfigMap/app      + level = debug
~ web/ConfigMap/app    data.many.ini: lines +20 -20
~ web/ConfigMap/app      - key0 = info
~ web/ConfigMap/app      - key1 = info
";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("~ web/ConfigMap/app      … and 34 more\n"), "{text}");
        assert!(text.contains("~ web/Secret/s         stringData.key changed\n"), "{text}");
    }
}

#[test]
fn what_only_moves_within_a_list_is_told_as_moved() {
    let rule =
        |host: &str| format!("  - host: {host}\n    http: {{paths: [{{path: /, pathType: Prefix}}]}}\n");
    let ingress = |hosts: [&str; 3]| {
        let rules: String = hosts.map(rule).concat();
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web, namespace: web}}\nspec:\n  rules:\n{rules}"
        )
    };
    let sandbox = sides(
        &[("web/ingress.yaml", &ingress(["a.example", "b.example", "c.example"]))],
        &[("web/ingress.yaml", &ingress(["c.example", "a.example", "b.example"]))],
    );
    let text = sandbox.run("diff ./a ./b").succeeds().stdout;
    assert_eq!(text, "~ web/Ingress/web    spec.rules[2] moved to [0]\n");
    // What a machine reads can still be applied.
    let json = sandbox.run("diff ./a ./b --format json").succeeds().json();
    let changes = json["namespaces"][0]["changes"].as_array().unwrap();
    let natures: Vec<_> = changes.iter().map(|change| change["change"].as_str().unwrap()).collect();
    assert_eq!(natures, ["removed", "added"], "{json}");
}

#[test]
fn bundles_of_different_kinds_are_not_compared() {
    let sandbox = shop();
    sandbox.write("flags/features.yml", crate::support::BANNER);
    sandbox.run("build flags:v1 ./flags").succeeds();
    sandbox.run("build app:a ./a").succeeds();
    for (from, to) in [("flags:v1", "app:a"), ("./a", "./flags"), ("app:a", "./flags")] {
        let outcome = sandbox.run(&format!("diff {from} {to}")).fails(1).prints("");
        drop(outcome.says("of the kind flipt").says("of the kind kubernetes").says("hint:"));
    }
}

#[test]
fn a_bundle_that_shows_flux_another_tree_is_found_out() {
    let (sandbox, registry) = (shop(), Registry::open());
    for side in ["a", "b"] {
        let push = format!("build app:{side} ./{side} --push {}", registry.at("team/app"));
        sandbox.run(&push).succeeds();
    }
    let manifest = |tag: &str| -> Value {
        let kind = "Accept: application/vnd.oci.image.manifest.v1+json\r\n";
        serde_json::from_str(&registry.ask(&format!("GET /v2/team/app/manifests/{tag}"), kind, "")).unwrap()
    };
    let mut evil = manifest("a");
    evil["layers"][0] = manifest("b")["layers"][0].clone();
    let kind = "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";
    registry.ask("PUT /v2/team/app/manifests/evil", kind, &evil.to_string());
    let line = format!("diff {} {}", registry.at("team/app:a"), registry.at("team/app:evil"));
    sandbox.run(&line).succeeds().prints(SHOWN);
}

#[test]
fn a_layer_that_is_no_archive_says_why() {
    let (sandbox, registry) = (shop(), Registry::open());
    sandbox.run(&format!("build app:a ./a --profile flux --push {}", registry.at("team/app"))).succeeds();
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let body = registry.ask("GET /v2/team/app/manifests/a", &format!("Accept: {kind}\r\n"), "");
    let mut manifest: Value = serde_json::from_str(&body).unwrap();
    let hostile = "no archive \u{1b}[31m";
    let digest = torte::oci::Digest::of(hostile.as_bytes());
    registry.ask(&format!("POST /v2/team/app/blobs/uploads/?digest={digest}"), "", hostile);
    manifest["layers"][0]["digest"] = json!(digest);
    manifest["layers"][0]["size"] = json!(hostile.len());
    registry.ask(
        "PUT /v2/team/app/manifests/odd",
        &format!("Content-Type: {kind}\r\n"),
        &manifest.to_string(),
    );
    let outcome = sandbox.run(&format!("diff app:a {} --exit-code", registry.at("team/app:odd"))).fails(6);
    drop(outcome.hides("\u{1b}").shows("application/vnd.cncf.flux.content.v1.tar+gzip").shows("- web"));
}

#[test]
fn aliases_that_grow_without_end_are_bounded() {
    let level = |at: usize| {
        let again = vec![format!("*a{}", at.wrapping_sub(1)); 8].join(", ");
        format!("a{at}: &a{at} [{}]\n", if at == 0 { "x, x, x" } else { &again })
    };
    let bomb: String = (0..12).map(level).collect();
    let sandbox = sides(
        &[("web/shop.yaml", CONFIG), ("web/bomb.yaml", &bomb)],
        &[("web/shop.yaml", CONFIG), ("web/bomb.yaml", &bomb.replace("a0 [x", "a0 [y"))],
    );
    let text = sandbox.run("diff ./a ./b --group-by none").succeeds().stdout;
    assert!(text.starts_with("~ _all/web/bomb.yaml    text: lines +1 -1\n"), "{text}");
    assert!(text.lines().count() == 3 && text.lines().all(|line| line.len() < 400), "{text}");
}
