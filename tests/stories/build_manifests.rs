//! Kubernetes manifests: one layer a namespace, a complete tree for Flux, and nothing that the cluster would be surprised by.

use std::fs;

use crate::support::{BANNER, Sandbox};

/// One object.
fn object(kind: &str, name: &str, namespace: &str) -> String {
    let version = if kind == "Deployment" { "apps/v1" } else { "v1" };
    format!("apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {namespace}\n")
}

/// Two teams, something for the cluster, and a base that an overlay needs.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("src/web/deployment.yaml", object("Deployment", "web", "web"))
        .write("src/web/service.yaml", object("Service", "web", "web"))
        .write("src/pay/config.yaml", object("ConfigMap", "pay", "pay"))
        .write(
            "src/cluster/role.yaml",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: reader\n",
        )
        .write("src/base/kustomization.yaml", "resources: [deployment.yaml]\n")
        .write("src/base/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\n")
        .write("src/prod/kustomization.yaml", "namespace: prod\nresources: [../base]\n");
    sandbox
}

/// The names of the layers behind layer 0.
fn namespaces(sandbox: &Sandbox, reference: &str) -> Vec<String> {
    let json = sandbox.run(&format!("inspect {reference} --format json")).succeeds().json();
    let layers = json["layers"].as_array().unwrap();
    layers.iter().skip(1).map(|layer| layer["namespace"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_namespace_has_a_layer_and_layer_0_has_them_all() {
    let sandbox = shop();
    sandbox.run("build app:v1 src").succeeds();
    assert_eq!(namespaces(&sandbox, "app:v1"), ["_cluster", "_shared", "pay", "prod", "web"]);
    let json = sandbox.run("inspect app:v1 --format json").succeeds().json();
    assert_eq!(json["kind"], "kubernetes");
    assert_eq!(json["layers"][0]["mediaType"], "application/vnd.cncf.flux.content.v1.tar+gzip");
    assert_eq!(json["layers"][1]["mediaType"], "application/vnd.torte.namespace.v1");
    assert_eq!(json["artifactType"], "application/vnd.cncf.flux.config.v1+json");
    sandbox.run("unpack app:v1 out").succeeds();
    for path in [
        "web/deployment.yaml",
        "pay/config.yaml",
        "cluster/role.yaml",
        "base/deployment.yaml",
        "prod/kustomization.yaml",
    ] {
        assert_eq!(sandbox.read(&format!("out/{path}")), sandbox.read(&format!("src/{path}")), "{path}");
    }
}

#[test]
fn the_kind_is_recognised_and_two_or_none_are_an_error_that_says_what_was_looked_for() {
    let sandbox = shop();
    sandbox.write("both/features.yml", BANNER).write("both/web.yaml", object("Service", "web", "web"));
    sandbox.run("build app both").fails(1).says("--kind");
    sandbox.run("build app both --kind kubernetes").succeeds();
    sandbox.run("build app both --kind flipt").succeeds();
    sandbox.write("none/readme.txt", "hello");
    sandbox.run("build app none").fails(1).says("features.yml").says("apiVersion");
}

#[test]
fn where_nothing_is_left_to_pack_it_is_said() {
    let sandbox = shop();
    let told = sandbox.run("build app src --kind kubernetes --ignore-paths *").fails(1).hides(".flipt.yml");
    told.says("nothing to pack").says("--ignore-paths");
}

#[test]
fn flags_for_manifests_are_refused_where_there_are_none() {
    let sandbox = Sandbox::with_banner();
    sandbox.run("build app --profile flux").fails(2).says("--profile");
}

#[test]
fn flux_and_argo_get_their_one_layer() {
    let sandbox = shop();
    sandbox.run("build app:flux src --profile flux").succeeds();
    let json = sandbox.run("inspect app:flux --format json").succeeds().json();
    assert_eq!(json["layers"].as_array().unwrap().len(), 1);
    assert_eq!(json["layers"][0]["mediaType"], "application/vnd.cncf.flux.content.v1.tar+gzip");
    sandbox.run("build app:argo src --profile argo").succeeds();
    let json = sandbox.run("inspect app:argo --format json").succeeds().json();
    assert_eq!(json["layers"].as_array().unwrap().len(), 1);
    assert_eq!(json["layers"][0]["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip");
    assert_eq!(json["kind"], "kubernetes");
    for tag in ["flux", "argo"] {
        sandbox.run(&format!("unpack app:{tag} out-{tag}")).succeeds();
        assert_eq!(
            sandbox.read(&format!("out-{tag}/web/service.yaml")),
            sandbox.read("src/web/service.yaml")
        );
    }
}

#[test]
fn a_part_comes_with_what_it_needs() {
    let sandbox = shop();
    sandbox.run("build app:v1 src").succeeds();
    sandbox.run("unpack app:v1 out --namespace prod").succeeds().says("was not verified");
    assert!(sandbox.path("out/prod/kustomization.yaml").exists());
    assert!(sandbox.path("out/base/deployment.yaml").exists(), "the overlay needs its base");
    assert!(!sandbox.path("out/web").exists() && !sandbox.path("out/cluster").exists());
    sandbox.run("unpack app:v1 other --namespace nobody").fails(3).says("nobody");
}

#[test]
fn a_stream_is_cut_at_its_marks_and_grouped() {
    let mut sandbox = Sandbox::new();
    let stream = format!("{}---\n{}", object("Service", "web", "web"), object("ConfigMap", "pay", "pay"));
    sandbox.typing(&stream);
    sandbox.run("build app:v1 -").succeeds();
    assert_eq!(namespaces(&sandbox, "app:v1"), ["pay", "web"]);
    sandbox.run("unpack app:v1 out").succeeds();
    assert_eq!(sandbox.read("out/web/service-web.yaml"), object("Service", "web", "web"));
    sandbox.run("build app:whole - --stdin-name all.yaml").succeeds().says("several namespaces");
    sandbox.run("unpack app:whole whole").succeeds();
    assert_eq!(sandbox.read("whole/all.yaml"), stream);
}

#[test]
fn one_file_is_a_bundle_too() {
    let sandbox = shop();
    sandbox.run("build app:v1 src/web/service.yaml").succeeds();
    sandbox.run("unpack app:v1 out").succeeds();
    assert_eq!(sandbox.read("out/service.yaml"), sandbox.read("src/web/service.yaml"));
}

#[test]
fn the_project_file_decides_and_is_never_packed() {
    let sandbox = shop();
    sandbox
        .write("src/.torte.yaml", "kind: kubernetes\nignore: ['cluster/']\ngroups:\n  'web/**': frontend\n");
    sandbox.run("build app:v1 src").succeeds();
    assert_eq!(namespaces(&sandbox, "app:v1"), ["_shared", "frontend", "pay", "prod"]);
    sandbox.run("unpack app:v1 out").succeeds();
    assert!(!sandbox.path("out/.torte.yaml").exists() && !sandbox.path("out/cluster").exists());
    sandbox.write("src/.torte.yaml", "kind: kubernetes\nignored: [x]\n");
    sandbox.run("build app:v2 src").fails(1).says(".torte.yaml:2:1").says("ignored");
    sandbox.write("src/.torte.yaml", "ignored: [x]\n").write("src/web/n.yaml", "a: 1\n");
    sandbox.write("src/web/N.yaml", "a: 1\n");
    sandbox.run("build app:v2 src").fails(1).says("src/.torte.yaml:1:1").says("[name-collision]");
}

#[test]
fn each_file_s_group_is_explained() {
    let sandbox = shop();
    sandbox.run("build app:v1 src").succeeds();
    let shown = sandbox.run("inspect app:v1 --explain").succeeds();
    shown.shows("web/deployment.yaml").shows("prod (needs _shared)");
    let json = sandbox.run("inspect app:v1 --explain --format json").succeeds().json();
    let groups = json["groups"].as_array().unwrap();
    let prod = groups.iter().find(|group| group["name"] == "prod").unwrap();
    assert_eq!(prod["requires"][0], "_shared");
    assert_eq!(prod["files"][0]["path"], "prod/kustomization.yaml");
    sandbox.run("build app:flux src --profile flux").succeeds();
    sandbox.run("inspect app:flux --explain").fails(1).says("inventory");
}

#[test]
fn objects_are_counted_by_kind_in_each_namespace() {
    let sandbox = shop();
    sandbox.run("build app:v1 src").succeeds();
    let json = sandbox.run("inspect app:v1 --format json").succeeds().json();
    let web = json["layers"].as_array().unwrap().iter().find(|layer| layer["namespace"] == "web").unwrap();
    assert_eq!(web["objects"]["namespaces"]["web"], serde_json::json!({"Deployment": 1, "Service": 1}));
    sandbox.run("inspect app:v1").succeeds().shows("1 Deployment, 1 Service");
    sandbox.run("build app:flux src --profile flux").succeeds();
    let json = sandbox.run("inspect app:flux --format json").succeeds().json();
    assert_eq!(json["layers"][0]["objects"]["namespaces"]["pay"], serde_json::json!({"ConfigMap": 1}));
}

#[test]
fn what_does_not_belong_in_a_bundle_is_said_and_refused_when_strict() {
    let sandbox = Sandbox::new();
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: web\ndata:\n  password: aHVudGVyMg==\n";
    sandbox.write("src/secret.yaml", secret);
    sandbox.run("build app src").succeeds().says("secret.yaml").says("plain-secret").hides("aHVudGVyMg");
    sandbox.run("build app:strict src --strict").fails(1).hides("aHVudGVyMg");
    sandbox.write("keys/web.yaml", object("Service", "web", "web"));
    sandbox.write("keys/tls.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
    sandbox.run("build app keys").succeeds().says("tls.key").says("private-key");
    let sops = format!("{secret}sops:\n  mac: ENC[AES256_GCM,data:x]\n  version: 3.9.0\n")
        .replace("aHVudGVyMg==", "ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]");
    sandbox.write("sops/secret.yaml", sops);
    sandbox.run("build app:strict sops --strict").succeeds();
    sandbox.write("chart/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n");
    sandbox.run("build app chart --kind kubernetes").fails(1).says("helm push");
}

#[test]
fn what_the_cluster_would_drop_is_said_at_build() {
    let sandbox = Sandbox::new();
    sandbox
        .write("src/web.yaml", object("Service", "web", "web"))
        .write("src/.sops.yaml", "creation_rules: []\n")
        .write("src/kustomize/kustomization.yaml", "resources: [gone.yaml]\n");
    sandbox.run("build app src").succeeds().says(".sops.yaml").says("gone.yaml");
    sandbox.write("src/.sourceignore", "web.yaml\n");
    sandbox.run("build app:v2 src").succeeds().says(".sourceignore").says("--sourceignore");
    sandbox.run("build app:v3 src --sourceignore").succeeds();
    sandbox.run("unpack app:v3 out").succeeds();
    assert!(!sandbox.path("out/web.yaml").exists());
}

#[test]
fn lists_of_paths_to_ignore_are_read_as_flux_reads_them() {
    let sandbox = shop();
    sandbox.write("src/logo.png", "x");
    sandbox.run("build app:v1 src").succeeds();
    sandbox.run("unpack app:v1 out1").succeeds();
    assert!(!sandbox.path("out1/logo.png").exists(), "Flux leaves pictures out");
    sandbox.run("build app:v2 src --ignore-paths web/,pay/").succeeds();
    sandbox.run("unpack app:v2 out2").succeeds();
    assert!(sandbox.path("out2/logo.png").exists(), "the list replaces Flux's own");
    assert!(!sandbox.path("out2/web").exists());
    sandbox.run("build app:v3 src --add-ignore-paths pay/").succeeds();
    sandbox.run("unpack app:v3 out3").succeeds();
    assert!(!sandbox.path("out3/logo.png").exists() && !sandbox.path("out3/pay").exists());
}

#[cfg(unix)]
#[test]
fn links_are_refused_left_out_or_followed_within_the_tree() {
    use std::os::unix::fs::symlink;

    let sandbox = shop();
    symlink("web/service.yaml", sandbox.path("src/link.yaml")).unwrap();
    sandbox.run("build app src").fails(1).says("link.yaml").says("--symlinks");
    sandbox.run("build app:skip src --symlinks skip").succeeds();
    sandbox.run("unpack app:skip skip").succeeds();
    assert!(!sandbox.path("skip/link.yaml").exists());
    sandbox.run("build app:follow src --symlinks follow").succeeds();
    sandbox.run("unpack app:follow follow").succeeds();
    assert_eq!(sandbox.read("follow/link.yaml"), sandbox.read("src/web/service.yaml"));
    sandbox.write("secret.yaml", object("Service", "web", "web"));
    symlink("../secret.yaml", sandbox.path("src/out.yaml")).unwrap();
    sandbox.run("build app:leaves src --symlinks follow").fails(1).says("out.yaml");
}

#[cfg(unix)]
#[test]
fn a_link_that_is_followed_takes_in_nothing_that_is_ignored_where_it_stands() {
    use std::os::unix::fs::symlink;

    let sandbox = shop();
    sandbox.write("src/.git/config", "[remote]\n").write("src/web/logo.png", "image");
    symlink(".git", sandbox.path("src/history")).unwrap();
    symlink("logo.png", sandbox.path("src/web/logo")).unwrap();
    sandbox.run("build app:v1 src --symlinks follow").succeeds();
    sandbox.run("unpack app:v1 out").succeeds();
    assert!(!sandbox.path("out/history/config").exists() && !sandbox.path("out/web/logo").exists());
}

#[test]
fn what_would_do_nothing_is_refused() {
    let sandbox = shop();
    for flags in ["--profile flux --group-by dir", "--profile argo --group web/**=web"] {
        sandbox.run(&format!("build app src {flags}")).fails(2).says("one layer").says("--profile hybrid");
    }
    let key = "org.opencontainers.image.source";
    sandbox
        .run(&format!("build app src --source a --annotation {key}=b"))
        .fails(2)
        .says("--source")
        .says(key);
    sandbox.write("src/.torte.yml", "profile: flux\n");
    sandbox.run("build app src").fails(1).says(".torte.yml").says(".torte.yaml").says("misnamed-file");
    fs::rename(sandbox.path("src/.torte.yml"), sandbox.path("src/.torte.yaml")).unwrap();
    sandbox.run("build app src").succeeds();
    sandbox.run("build app src --group web/**=web").fails(2).says("`flux` has one layer");
    fs::remove_file(sandbox.path("src/.torte.yaml")).unwrap();
    fs::create_dir(sandbox.path("src/.torte.yaml")).unwrap();
    sandbox.run("build app src").fails(1).says("misnamed-file");
}

#[test]
fn what_unpack_would_refuse_is_not_built() {
    let sandbox = shop();
    // Several hundred times larger than the archive of it.
    sandbox.write("src/web/zeros.txt", "0".repeat(4 << 20));
    for profile in ["hybrid", "flux", "argo"] {
        sandbox
            .run(&format!("build app:v1 src --kind kubernetes --profile {profile}"))
            .fails(1)
            .says("src/web/zeros.txt:1:1")
            .says("compresses-too-well");
    }
    sandbox.write("src/web/zeros.txt", "0".repeat(800 << 10));
    sandbox.run("build app:v1 src").succeeds();
    sandbox.run("unpack app:v1 out").succeeds();
}

#[test]
fn objects_of_several_namespaces_in_one_file_are_a_note_and_no_fault() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c", "d"] {
        let both = format!("{}---\n{}", object("ConfigMap", name, "web"), object("ConfigMap", name, "pay"));
        sandbox.write(&format!("src/{name}.yaml"), both);
    }
    let built = sandbox.run("build app src --strict").succeeds();
    built
        .says("4 files hold objects of several namespaces")
        .says("a.yaml:7:1, b.yaml:7:1, c.yaml:7:1 and 1 more");
    assert_eq!(namespaces(&sandbox, "app"), ["_shared"]);
}

#[test]
fn a_file_that_cannot_be_read_says_why_the_kind_is_not_known() {
    let sandbox = Sandbox::new();
    sandbox.write("src/app.yaml", "apiVersion: v1\nkind: [\n");
    sandbox.run("build app src").fails(1).says("src/app.yaml:").says("[syntax]");
}

#[test]
fn a_manifest_that_no_registry_would_take_is_refused_with_a_way_out() {
    let mut stream = String::new();
    for number in 0..22_000 {
        stream.push_str("---\n");
        stream.push_str(&object("ConfigMap", "one", &format!("namespace-{number:05}")));
    }
    let mut sandbox = Sandbox::new();
    sandbox.typing(&stream).run("build app -").fails(1).says("4 MiB").says("--group-by");
}

#[test]
fn what_argo_cd_reads_is_listed_with_its_kind() {
    let sandbox = shop();
    sandbox.run("build app:argo src --profile argo").succeeds();
    let json = sandbox.run("list --format json").succeeds().json();
    assert_eq!(json["repositories"][0]["tags"][0]["kind"], "kubernetes");
}

#[test]
fn source_and_revision_are_written_as_flux_shows_them() {
    let sandbox = shop();
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(sandbox.path("src"))
            .env("HOME", sandbox.home())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "x"]);
    git(&["remote", "add", "origin", "https://git.example.com/shop.git"]);
    sandbox.run("build app src").succeeds().says("--git");
    sandbox.run("build app:git src --git").succeeds().hides("note:");
    let json = sandbox.run("inspect app:git --format json").succeeds().json();
    let revision = format!("main@sha1:{}", git(&["rev-parse", "HEAD"]));
    assert_eq!(json["annotations"]["org.opencontainers.image.revision"], revision.as_str());
    assert_eq!(json["annotations"]["org.opencontainers.image.source"], "https://git.example.com/shop.git");
    git(&["checkout", "-q", "--detach"]);
    sandbox.run("build app:detached src --git").succeeds();
    let json = sandbox.run("inspect app:detached --format json").succeeds().json();
    let revision = format!("sha1:{}", git(&["rev-parse", "HEAD"]));
    assert_eq!(json["annotations"]["org.opencontainers.image.revision"], revision.as_str());
    sandbox.run("build app:said src --revision v1@sha1:abc --source x --annotation a=b=c").succeeds();
    let json = sandbox.run("inspect app:said --format json").succeeds().json();
    assert_eq!(json["annotations"]["a"], "b=c");
}

#[test]
fn a_change_in_one_namespace_changes_its_layer_and_the_complete_tree_alone() {
    let sandbox = shop();
    let layers = |reference: &str| {
        let json = sandbox.run(&format!("inspect {reference} --format json")).succeeds().json();
        let of = |layer: &serde_json::Value| layer["digest"].as_str().unwrap().to_owned();
        json["layers"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    sandbox.run("build app:v1 src").succeeds();
    sandbox.write("src/pay/config.yaml", object("ConfigMap", "other", "pay"));
    sandbox.run("build app:v2 src").succeeds();
    let (before, after) = (layers("app:v1"), layers("app:v2"));
    let changed: Vec<usize> = (0..before.len()).filter(|at| before[*at] != after[*at]).collect();
    assert_eq!(changed, [0, 3], "layer 0, and `pay`");
}

#[test]
fn modes_and_empty_directories_come_back() {
    let sandbox = shop();
    fs::create_dir_all(sandbox.path("src/empty/inner")).unwrap();
    sandbox.write("src/run.sh", "#!/bin/sh\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(sandbox.path("src/run.sh"), fs::Permissions::from_mode(0o4750)).unwrap();
    }
    sandbox.run("build app:v1 src").succeeds();
    sandbox.run("unpack app:v1 out").succeeds();
    assert!(sandbox.path("out/empty/inner").is_dir());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode("out/run.sh") & 0o7111, 0o0111 & mode("out/run.sh"), "no setuid");
        assert_ne!(mode("out/run.sh") & 0o100, 0);
        assert_eq!(mode("out/web/service.yaml") & 0o111, 0);
    }
}
