//! The commands of the guides in `docs/` do what the guides say.

use std::path::Path;

use torte::oci::Digest;

use crate::support::{Registry, Sandbox, blocks, page, read_yaml, script};

/// A page's commands, with what stands for its registries; there are so many of torte's at least.
fn commands(name: &str, least: usize, hosts: &[(&str, &str)]) -> String {
    let mut text = script(name);
    assert!(text.lines().filter(|line| line.contains("torte ")).count() >= least, "{text}");
    for (written, host) in hosts {
        assert!(text.contains(written), "{written}");
        text = text.replace(written, host);
    }
    text
}

/// An address that nobody has: bound and given back.
fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Writes into a folder the layout that Flipt made of its golden case 001, tagged `v1`; returns the digest that it had.
///
/// The layer and the digest are what the real Flipt gave; the manifest is the one that has this digest.
fn flipts_layout(folder: &Path) -> String {
    let case =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flipt/cases/001-default-basic.json");
    let case: serde_json::Value = serde_json::from_slice(&std::fs::read(case).unwrap()).unwrap();
    let expect = &case["expect"];
    let [layer] = &expect["layers"].as_array().unwrap()[..] else { panic!("{expect}") };
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (payload, digest, created) =
        (text(&layer["payload"]), text(&expect["digest"]), text(&expect["created"]));
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.io.flipt.features.v1","config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{}","size":2,"data":"e30="}},"layers":[{{"mediaType":"application/vnd.io.flipt.features.namespace.v1","digest":"{}","size":{},"annotations":{{"io.flipt.features.namespace":"default"}}}}],"annotations":{{"org.opencontainers.image.created":"{created}"}}}}"#,
        Digest::of(b"{}"),
        text(&layer["digest"]),
        layer["size"],
    );
    assert_eq!(Digest::of(manifest.as_bytes()).to_string(), digest, "{manifest}");
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{},"annotations":{{"org.opencontainers.image.created":"{created}","org.opencontainers.image.ref.name":"v1"}},"artifactType":"application/vnd.io.flipt.features.v1"}}]}}"#,
        manifest.len(),
    );
    let blobs = folder.join("blobs/sha256");
    for directory in [&blobs, &folder.join("ingest")] {
        std::fs::create_dir_all(directory).unwrap();
    }
    for blob in ["{}", &*payload, &*manifest] {
        std::fs::write(blobs.join(Digest::of(blob.as_bytes()).hex()), blob).unwrap();
    }
    std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    std::fs::write(folder.join("index.json"), index).unwrap();
    digest
}

/// All files below a folder, with what they hold.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn whoever_comes_from_flipt_finds_each_command_and_their_directory() {
    let (mut sandbox, registry) = (Sandbox::new(), Registry::open());
    sandbox.without("TORTE_STORE");
    let bundles = sandbox.home().join(".config/flipt/bundles");
    let digest = flipts_layout(&bundles.join("app"));
    let before = files(&bundles);
    let text = commands("from-flipt.md", 14, &[("127.0.0.1:5000", &registry.host())]);
    for verb in ["validate", "bundle build", "bundle list", "bundle push", "bundle pull"] {
        assert!(text.contains(&format!("\n# flipt {verb}")), "{verb}");
    }
    drop(sandbox.shell(&text).succeeds().shows("checkout-button"));
    let mut after = files(&bundles);
    after.retain(|(path, _)| !path.ends_with("/app/.torte.remotes.json"));
    assert!(after == before, "Flipt's own files are as they were");
    assert_eq!(sandbox.run("resolve old:v1").succeeds().digest(), digest);
    let old = registry.at("team/app:old");
    assert_eq!(sandbox.run(&format!("resolve {old}")).succeeds().digest(), digest);
    // All names of the first block are of one bundle.
    let first = sandbox.run("resolve app:stable").succeeds().digest();
    for name in ["team/app:v1", "team/app:v2", "team/live:v1"].map(|name| registry.at(name)) {
        assert_eq!(sandbox.run(&format!("resolve {name}")).succeeds().digest(), first, "{name}");
    }
    for name in ["other:v1", "team/app:v1"] {
        assert_eq!(sandbox.run(&format!("resolve {name}")).succeeds().digest(), first, "{name}");
    }
    assert!(sandbox.read("files/default.features.yml").contains("checkout-button"));
}

#[test]
fn what_the_guide_from_flipt_says_of_variables_holds() {
    let mut sandbox = Sandbox::with_banner();
    let bundles = sandbox.root().join("bundles");
    flipts_layout(&bundles.join("app"));
    sandbox.without("TORTE_STORE").with("FLIPT_STORAGE_OCI_BUNDLES_DIRECTORY", bundles.to_str().unwrap());
    sandbox.run("list").succeeds().shows("app").shows("v1");
    sandbox.with("FLIPT_STORAGE_OCI_MANIFEST_VERSION", "1.0");
    sandbox.run("build app:v2").succeeds();
    let json = sandbox.run("inspect app:v2 --manifest").succeeds().json();
    assert_eq!(json["config"]["mediaType"], "application/vnd.io.flipt.features.v1");
    assert!(json["artifactType"].is_null(), "{json}");
    sandbox.run("list").succeeds().shows("v1").shows("v2");
}

#[test]
fn whoever_comes_from_flux_finds_each_command() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let text = commands("from-flux.md", 8, &[("127.0.0.1:5000", &registry.host())]);
    for verb in ["push", "tag", "list", "diff", "pull", "build"] {
        assert!(text.contains(&format!("flux {verb} artifact")), "{verb}");
    }
    drop(sandbox.shell(&text).succeeds());
    let service = sandbox.read("manifests/web/service.yaml");
    assert_eq!(sandbox.read("out/web/service.yaml"), service);
    let app = registry.at("team/app");
    let json = sandbox.run(&format!("inspect {app}:production --format json")).succeeds().json();
    assert_eq!(
        json["annotations"]["org.opencontainers.image.source"],
        "https://git.example.com/team/app.git"
    );
    let json =
        sandbox.run(&format!("inspect {}:1.0.0 --format json", registry.at("team/argo"))).succeeds().json();
    assert_eq!(json["layers"].as_array().unwrap().len(), 1);
    assert_eq!(json["layers"][0]["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip");
    // "Flux's keys too"
    let json = sandbox.run(&format!("push app:1.0.0 {app} --format json")).succeeds().json();
    for key in ["url", "repository", "tag", "digest"] {
        assert!(json[key].is_string(), "{json}");
    }
}

#[test]
fn environments_are_bundles_that_are_compared_guarded_and_brought_back() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let text = commands("environments.md", 11, &[("127.0.0.1:5000", &registry.host())]);
    let change = "~ web/banner    enabled: false → true\n";
    assert!(page("environments.md").contains(change));
    // What kustomize would make of the page's files: the base, in the namespace of the overlay.
    let kustomize = "kustomize() { cat manifests/base/service.yaml; sed -n 's/^namespace/  namespace/p' $2/kustomization.yaml; }";
    let outcome =
        sandbox.shell(&format!("{kustomize}\n{text}")).succeeds().shows("1.0.0\nproduction\nstaging\n");
    assert_eq!(outcome.stdout.matches(change).count(), 2, "{}", outcome.stdout);
    let rendered = format!("inspect {}:staging --contents --format json", registry.at("team/app"));
    let rendered = sandbox.run(&rendered).succeeds().json();
    assert!(
        rendered["layers"].as_array().unwrap().iter().any(|layer| layer["namespace"] == "staging"),
        "{rendered}"
    );
    let flags = registry.at("team/flags");
    let digest = |tag: &str| sandbox.run(&format!("resolve {flags}:{tag}")).succeeds().digest();
    assert_eq!(digest("production"), digest("production-41"));
    assert_eq!(digest("production-42"), digest("staging"), "the same flags are the same bundle");
    assert_ne!(digest("production"), digest("staging"));
    // The lines that the page shows, cut where it cuts them.
    for tag in ["production", "staging"] {
        let line = format!("{}…  127.0.0.1:5000/team/flags:{tag}\n", &digest(tag)[..11]);
        assert!(page("environments.md").contains(&line), "{line}");
        let printed = format!("{}  {flags}:{tag}\n", digest(tag));
        assert!(outcome.stdout.contains(&printed), "{printed}");
    }
}

#[test]
fn a_bundle_goes_where_no_network_goes() {
    let (sandbox, here, there) = (Sandbox::new(), Registry::open(), Registry::open());
    let free = free_address();
    let hosts =
        [("127.0.0.1:5000", &*here.host()), ("127.0.0.1:5001", &*there.host()), ("127.0.0.1:5002", &*free)];
    let text = commands("air-gapped.md", 9, &hosts);
    drop(sandbox.shell(&text).succeeds().shows("banner"));
    let digest = sandbox.read("digest").trim_end().to_owned();
    assert_eq!(sandbox.run("resolve app:1.0.0").succeeds().digest(), digest);
    assert!(sandbox.read("files/web.features.yml").contains("banner"));

    // A byte that changed on the way is noticed, and nothing is published.
    let blobs = sandbox.path("inside/carry/app/blobs/sha256");
    let spoilt = std::fs::read_dir(&blobs).unwrap().map(|entry| entry.unwrap().path());
    let spoilt = spoilt.max_by_key(|path| !path.ends_with(&digest["sha256:".len()..])).unwrap();
    let mut bytes = std::fs::read(&spoilt).unwrap();
    bytes[0] ^= 1;
    std::fs::remove_file(&spoilt).unwrap();
    std::fs::write(&spoilt, bytes).unwrap();
    let other = there.at("team/other");
    sandbox.run(&format!("copy ocidir://inside/carry/app@{digest} {other}:1.0.0")).fails(5);
    sandbox.run(&format!("resolve {other}:1.0.0")).fails(3);
}

/// What the guides say of servers and clusters is YAML, with the repository where it belongs.
#[test]
fn the_yaml_of_the_guides_names_what_the_other_tools_read() {
    let flipt = blocks("from-flipt.md", "yaml");
    for (block, repository) in
        flipt.iter().zip(["https://registry.example.com/team/app:production", "flipt://local/app:production"])
    {
        let storage = &read_yaml(block)["storage"];
        assert_eq!((&storage["type"], &storage["oci"]["repository"]), (&"oci".into(), &repository.into()));
    }
    assert_eq!(flipt.len(), 2);
    let flux = blocks("from-flux.md", "yaml");
    let kinds: Vec<_> = flux.iter().map(|block| read_yaml(block)["kind"].clone()).collect();
    let expected = ["OCIRepository", "OCIRepository", "OCIRepository", "Kustomization", "Application"];
    assert_eq!(kinds[..5], expected);
}

/// torte packs these manifests too, and says nothing against them.
#[test]
fn the_manifests_of_the_guide_are_packed() {
    let sandbox = Sandbox::new();
    for (number, block) in blocks("from-flux.md", "yaml").iter().take(5).enumerate() {
        sandbox.write(&format!("cluster/{number}.yaml"), block);
    }
    sandbox.run("lint cluster --kind kubernetes --strict").succeeds();
}

#[test]
fn the_page_of_performance_names_tasks_and_stories_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tasks = std::fs::read_to_string(root.join("justfile")).unwrap();
    let text = page("performance.md");
    let named = text.lines().filter_map(|line| line.strip_prefix("just ")?.split(' ').next());
    let named: Vec<_> = named.collect();
    assert!(named.len() >= 4, "{named:?}");
    for task in named {
        assert!(tasks.lines().any(|line| line.split([' ', ':']).next() == Some(task)), "{task}");
    }
    let stories = include_str!("share_through_a_registry.rs");
    for story in
        ["pushing_nothing_new_is_one_request", "one_changed_namespace_is_one_blob_and_at_most_five_requests"]
    {
        assert!(text.contains(story) && stories.contains(&format!("#[test]\nfn {story}(")), "{story}");
    }
}

#[test]
fn the_readme_lists_every_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(readme.contains(&format!("(docs/{name})")), "the README does not list docs/{name}");
    }
}
