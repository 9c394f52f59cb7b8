//! What is attached to a bundle, such as signatures, is shown, goes where the bundle goes, and is not lost on the way.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use torte::oci::Digest;

use crate::support::{BANNER, Bare, Registry, Reply, Sandbox, Scripted, Wire, page, script};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
const NOTATION: &str = "application/vnd.cncf.notary.signature";

/// A place to attach things to what stands there, by plain requests.
struct Stage<'a> {
    host: &'a str,
    name: &'a str,
}

impl Stage<'_> {
    fn send(&self, request: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let answer = Wire::connect(self.host).unwrap().send(request, headers, body).unwrap();
        assert!(
            answer.status < 300,
            "{request}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        answer.body
    }

    fn blob(&self, kind: &str, bytes: &[u8]) -> Value {
        let digest = Digest::of(bytes);
        let head = "Content-Type: application/octet-stream\r\n";
        self.send(&format!("POST /v2/{}/blobs/uploads/?digest={digest}", self.name), head, bytes);
        json!({"mediaType": kind, "digest": digest, "size": bytes.len()})
    }

    /// Writes a manifest by its digest, or under a tag, and describes it.
    fn manifest(&self, json: &Value, tag: Option<&str>) -> Value {
        let bytes = json.to_string();
        let digest = Digest::of(bytes.as_bytes());
        let at = tag.map_or_else(|| digest.to_string(), str::to_owned);
        let kind = json["mediaType"].as_str().unwrap();
        let head = format!("Content-Type: {kind}\r\n");
        self.send(&format!("PUT /v2/{}/manifests/{at}", self.name), &head, bytes.as_bytes());
        json!({"mediaType": kind, "digest": digest, "size": bytes.len()})
    }

    fn described(&self, at: &str) -> Value {
        let accept = format!("Accept: {MANIFEST}, {INDEX}\r\n");
        let bytes = self.send(&format!("GET /v2/{}/manifests/{at}", self.name), &accept, b"");
        let kind: Value = serde_json::from_slice(&bytes).unwrap();
        json!({"mediaType": kind["mediaType"], "digest": Digest::of(&bytes), "size": bytes.len()})
    }

    /// A bundle as cosign attaches it, a signature or an attestation by its predicate.
    fn cosign(&self, subject: &Value, predicate: &str, content: &str) -> Value {
        let json = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": BUNDLE,
            "config": self.blob("application/vnd.oci.empty.v1+json", b"{}"),
            "layers": [self.blob(BUNDLE, content.as_bytes())], "subject": subject,
            "annotations": {"dev.sigstore.bundle.content": "dsse-envelope",
                            "dev.sigstore.bundle.predicateType": predicate},
        });
        self.manifest(&json, None)
    }

    /// A signature as notation attaches it: named by its config.
    fn notation(&self, subject: &Value, content: &str) -> Value {
        let json = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": self.blob(NOTATION, b"{}"),
            "layers": [self.blob("application/jose+json", content.as_bytes())], "subject": subject,
        });
        self.manifest(&json, None)
    }

    /// Signatures as older releases of cosign attach them: under a tag, one layer for each.
    fn legacy(&self, subject: &Value, suffix: &str, contents: &[&str]) -> Value {
        let layer = |content: &&str| {
            let kind = "application/vnd.dev.cosign.simplesigning.v1+json";
            let mut layer = self.blob(kind, content.as_bytes());
            layer["annotations"] =
                json!({"dev.cosignproject.cosign/signature": content, "predicateType": "p"});
            layer
        };
        let json = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": self.blob("application/vnd.oci.image.config.v1+json", b"{\"os\":\"\"}"),
            "layers": contents.iter().map(layer).collect::<Vec<_>>(),
        });
        self.manifest(&json, Some(&tag_of(subject, suffix)))
    }
}

/// `sha256-HEX`, and what follows.
fn tag_of(subject: &Value, suffix: &str) -> String {
    subject["digest"].as_str().unwrap().replace(':', "-") + suffix
}

/// A registry whose `team/app:v1` has a signature, an attestation that is signed itself, notation's signature, two
/// signatures and an attestation under tags, and a thing that nobody knows: eight in all.
fn with_all(sandbox: &Sandbox) -> (Registry, Value) {
    let registry = Registry::open();
    sandbox.write("features.yml", BANNER);
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds();
    let host = registry.host();
    let stage = Stage { host: &host, name: "team/app" };
    let subject = stage.described("v1");
    stage.cosign(&subject, SIGNED, "a signature");
    let attestation = stage.cosign(&subject, PROVENANCE, "an attestation");
    stage.cosign(&attestation, SIGNED, "a signature of the attestation");
    stage.notation(&subject, "another signature");
    stage.legacy(&subject, ".sig", &["older", "old"]);
    stage.legacy(&subject, ".att", &["stated"]);
    let thing = json!({"schemaVersion": 2, "mediaType": INDEX, "artifactType": "x/\u{1b}[31mthing", "manifests": [],
                       "subject": subject});
    stage.manifest(&thing, None);
    registry.calls();
    (registry, subject)
}

/// The digests of all that is attached, as a tree.
fn attached(sandbox: &Sandbox, reference: &str) -> Value {
    fn digests(lines: &Value) -> Value {
        let mut found: Vec<Value> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!([line["digest"], line["what"], line["tag"], digests(&line["referrers"])]))
            .collect();
        found.sort_by_key(Value::to_string);
        found.into()
    }
    digests(
        &sandbox.run(&format!("inspect {reference} --referrers --format json")).succeeds().json()["referrers"],
    )
}

fn tags(sandbox: &Sandbox, place: &str) -> Vec<String> {
    sandbox.run(&format!("list {place}")).succeeds().stdout.lines().map(str::to_owned).collect()
}

#[test]
fn the_page_about_it_does_what_it_says() {
    let sandbox = Sandbox::new();
    let (registry, subject) = with_all(&sandbox);
    let other = Registry::open();
    let script = script("referrers.md")
        .replace("127.0.0.1:5000", &registry.host())
        .replace("127.0.0.1:5001", &other.host());
    assert_eq!(script.lines().filter(|line| line.contains("torte ")).count(), 5, "{script}");
    let outcome = sandbox.shell(&script).succeeds();
    let line = "attached    1 signature in cosign's form\n";
    assert!(page("referrers.md").contains(line));
    outcome.shows(line).shows(&format!("2 signatures in cosign's form, tag {}", tag_of(&subject, ".sig")));
    let everything = attached(&sandbox, &registry.at("team/app:v1"));
    for place in [other.at("team/app:v1"), other.at("team/other:v1"), "team/app:v1".to_owned()] {
        assert_eq!(attached(&sandbox, &place), everything, "{place}");
    }
}

#[test]
fn a_remote_look_says_what_is_attached_at_the_price_of_one_request() {
    let sandbox = Sandbox::new();
    let (registry, _) = with_all(&sandbox);
    let app = registry.at("team/app:v1");
    let shown = sandbox.run(&format!("inspect {app}")).succeeds();
    assert_eq!(registry.calls(), ["GET manifests/v1 200", "GET referrers/ 200"]);
    let shown = shown
        .shows("attached    1 signature in cosign's form\n")
        .shows("attached    1 signature in notation's form\n")
        .shows(&format!("attached    1 attestation in cosign's form ({PROVENANCE})\n"));
    shown.shows("attached    1 other thing (x/").hides("\u{1b}");

    let json = sandbox.run(&format!("inspect {app} --format json")).succeeds().json();
    let lines = json["referrers"].as_array().unwrap();
    assert_eq!(lines.len(), 4);
    let attestation = lines.iter().find(|line| line["what"] == "attestation").unwrap();
    assert_eq!((&attestation["by"], &attestation["types"]), (&json!("cosign"), &json!([PROVENANCE])));
    assert_eq!((&attestation["artifactType"], &attestation["count"]), (&json!(BUNDLE), &json!(1)));
    assert!(attestation.get("referrers").is_none(), "that was not asked for");
    sandbox.run(&format!("inspect {app} --manifest")).succeeds();
    assert_eq!(registry.calls().last().unwrap(), "GET manifests/v1 200");
}

#[test]
fn all_that_is_attached_is_a_tree() {
    let sandbox = Sandbox::new();
    let (registry, subject) = with_all(&sandbox);
    let line = format!("inspect {} --referrers", registry.at("team/app:v1"));
    let shown = sandbox.run(&line).succeeds().hides("\u{1b}");
    let text = shown.stdout.clone();
    let (_, table) = text.split_once("\n\nDIGEST").unwrap_or_else(|| panic!("{text}"));
    let table = table.split_once("ATTACHED\n").unwrap().1;
    assert_eq!(table.lines().count(), 7, "{table}");
    let below = table.lines().find(|line| line.contains("     1 signature in cosign's form"));
    assert!(below.is_some(), "the attestation's signature is indented: {table}");
    assert!(
        table.contains(&format!("2 signatures in cosign's form, tag {}", tag_of(&subject, ".sig"))),
        "{table}"
    );
    assert!(table.contains("1 attestation in cosign's form (p), tag"), "{table}");
}

#[test]
fn a_copy_takes_along_what_is_attached_wherever_it_goes() {
    let sandbox = Sandbox::new();
    let (registry, subject) = with_all(&sandbox);
    let everything = attached(&sandbox, &registry.at("team/app:v1"));
    assert_eq!(everything.as_array().unwrap().len(), 6);
    let (bare, other) = (Bare::open(), Registry::open());
    let fallback = tag_of(&subject, "");
    let ways = [
        (registry.at("team/app:v1"), bare.at("team/app:v1"), true),
        (bare.at("team/app:v1"), "ocidir://layout:v1".to_owned(), false),
        ("ocidir://layout:v1".to_owned(), other.at("team/app:v1"), false),
        (other.at("team/app:v1"), "mine:v1".to_owned(), false),
        ("mine:v1".to_owned(), bare.at("team/again:v1"), true),
    ];
    for (from, to, has_fallback) in ways {
        let line = format!("copy {from} {to} --referrers");
        let first = sandbox.run(&line).succeeds();
        assert_eq!(first.digest(), subject["digest"].as_str().unwrap());
        let first = first.says("with 5 signatures, 2 attestations, 1 other thing");
        first.hides("stay behind");
        assert_eq!(attached(&sandbox, &to), everything, "{to}");
        let again = sandbox.run(&format!("{line} --format json")).succeeds().json();
        assert_eq!(again["blobs"]["sent"], 0, "{again}");
        assert_eq!(again["referrers"], json!({"taken": 8, "behind": 0}));
        assert_eq!(attached(&sandbox, &to), everything, "twice is as good as once: {to}");
        if to.starts_with("ocidir") || to.starts_with("mine") {
            continue;
        }
        let place = to.strip_suffix(":v1").unwrap();
        assert_eq!(tags(&sandbox, place).contains(&fallback), has_fallback, "{to}");
    }
    let index = Stage { host: &bare.behind.host(), name: "team/app" };
    let accept = format!("Accept: {INDEX}\r\n");
    let index = index.send(&format!("GET /v2/team/app/manifests/{fallback}"), &accept, b"");
    let index: Value = serde_json::from_slice(&index).unwrap();
    let listed = index["manifests"].as_array().unwrap();
    assert_eq!(listed.len(), 4, "{index}");
    let attestation = listed
        .iter()
        .find(|entry| entry["annotations"]["dev.sigstore.bundle.predicateType"] == PROVENANCE)
        .unwrap();
    assert_eq!(attestation["artifactType"], BUNDLE);
    assert!(listed.iter().any(|entry| entry["artifactType"] == NOTATION), "{index}");
}

#[test]
fn a_signature_verifies_wherever_it_was_taken() {
    let mut sandbox = Sandbox::with_banner();
    sandbox.with("TORTE_KEY_PASSWORD", "secret");
    sandbox.run("build app:v1").succeeds();
    sandbox.run("keys generate --out ours").succeeds();
    sandbox.run("keys generate --out theirs").succeeds();
    sandbox.run("sign app:v1 --key ours.key --signature-format both").succeeds();
    let (bare, registry) = (Bare::open(), Registry::open());
    let verify = |place: &str, key: &str| sandbox.run(&format!("verify {place} --key {key}.pub"));
    sandbox.run(&format!("push app:v1 {}", bare.at("team/app"))).succeeds().says("2 signatures stay behind");
    verify(&bare.at("team/app:v1"), "ours").fails(5);
    sandbox.run(&format!("push app:v1 {} --referrers", bare.at("team/app"))).succeeds();
    let copy = format!("copy {} {} --referrers", bare.at("team/app:v1"), registry.at("team/app"));
    sandbox.run(&copy).succeeds().says("with 2 signatures");
    let pull = format!("pull {} back --referrers --verify-key ours.pub", registry.at("team/app:v1"));
    sandbox.run(&pull).succeeds();
    for place in [bare.at("team/app:v1"), registry.at("team/app:v1"), "back:v1".to_owned()] {
        verify(&place, "ours").succeeds();
        verify(&place, "theirs").fails(5);
        let json = sandbox.run(&format!("inspect {place} --referrers --format json")).succeeds().json();
        let kinds = json["referrers"].as_array().unwrap().iter().map(|one| (&one["what"], &one["by"]));
        assert!(kinds.eq([(&json!("signature"), &json!("cosign")); 2]), "{json}");
    }
}

#[test]
fn signatures_are_there_before_a_tag_leads_to_the_bundle() {
    let sandbox = Sandbox::new();
    let (registry, _) = with_all(&sandbox);
    let other = Registry::open();
    let line = format!("copy {} {} --referrers", registry.at("team/app:v1"), other.at("team/app"));
    sandbox.run(&line).succeeds();
    let calls = other.calls();
    assert_eq!(calls.last().unwrap(), "PUT manifests/v1 201", "{calls:?}");
    let puts = calls.iter().filter(|call| call.starts_with("PUT manifests/ ")).count();
    assert_eq!(puts, 6, "the bundle and five referrers: {calls:?}");
}

#[test]
fn a_push_says_what_stays_behind_and_asks_nobody_for_it() {
    let sandbox = Sandbox::new();
    let (registry, _) = with_all(&sandbox);
    let (plain, other) = (Registry::open(), Registry::open());
    sandbox.run(&format!("push app:v1 {}", plain.at("team/app"))).succeeds().hides("behind");
    let calls = plain.calls();

    sandbox.run(&format!("pull {} app:v1 --referrers", registry.at("team/app:v1"))).succeeds();
    let note = "5 signatures, 2 attestations, 1 other thing stay behind; take them along with `--referrers`";
    // What refers to a referrer is not looked for: seven of eight are on the bundle itself.
    let note = note.replace("5 signatures", "4 signatures");
    sandbox.run(&format!("push app:v1 {}", other.at("team/app"))).succeeds().says(&note);
    assert_eq!(other.calls(), calls);
    let json = sandbox.run(&format!("push app:v1 {} --format json", other.at("team/app"))).succeeds().json();
    assert_eq!(json["referrers"], json!({"taken": 0, "behind": 7}));

    sandbox.run(&format!("push app:v1 {} --referrers", other.at("team/app"))).succeeds().hides("behind");
    assert_eq!(attached(&sandbox, &other.at("team/app:v1")), attached(&sandbox, &registry.at("team/app:v1")));
    sandbox.run("inspect app:v1").succeeds().shows("attached    3 signatures in cosign's form\n");
}

#[test]
fn one_signature_stays_behind() {
    let (sandbox, registry) = (Sandbox::with_banner(), Registry::open());
    sandbox.run(&format!("build app:v1 --push {}", registry.at("team/app"))).succeeds().hides("behind");
    let host = registry.host();
    let stage = Stage { host: &host, name: "team/app" };
    stage.notation(&stage.described("v1"), "one");
    sandbox.run(&format!("pull {} app --referrers", registry.at("team/app:v1"))).succeeds();
    let note = "1 signature stays behind; take it along with `--referrers`";
    sandbox.run(&format!("push app:v1 {}", registry.at("b"))).succeeds().says(note);
    sandbox.run(&format!("copy app:v1 {}", registry.at("c"))).succeeds().says(note);
}

#[test]
fn signatures_that_the_destination_has_stay() {
    let sandbox = Sandbox::new();
    let (registry, subject) = with_all(&sandbox);
    let bare = Bare::open();
    sandbox.run(&format!("push app:v1 {}", bare.at("team/app"))).succeeds();
    let host = bare.behind.host();
    let theirs = Stage { host: &host, name: "team/app" };
    theirs.legacy(&subject, ".sig", &["theirs", "old"]);
    let other = theirs.cosign(&subject, SIGNED, "their signature");
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [other]});
    theirs.manifest(&index, Some(&tag_of(&subject, "")));

    let line = format!("copy {} {} --referrers", registry.at("team/app:v1"), bare.at("team/app"));
    sandbox.run(&line).succeeds();
    let accept = format!("Accept: {MANIFEST}\r\n");
    let path = format!("GET /v2/team/app/manifests/{}", tag_of(&subject, ".sig"));
    let merged: Value = serde_json::from_slice(&theirs.send(&path, &accept, b"")).unwrap();
    let layers = merged["layers"].as_array().unwrap();
    let layers: Vec<&str> = layers
        .iter()
        .map(|layer| layer["annotations"]["dev.cosignproject.cosign/signature"].as_str().unwrap())
        .collect();
    assert_eq!(layers, ["theirs", "old", "older"], "each once");
    let json = sandbox.run(&format!("inspect {} --format json", bare.at("team/app:v1"))).succeeds().json();
    assert_eq!(json["referrers"].as_array().unwrap().len(), 5, "theirs and four of ours");
}

#[test]
fn a_list_of_signatures_replaces_none_and_is_replaced_by_none() {
    let sandbox = Sandbox::with_banner();
    for is_list_there in [false, true] {
        let sources = [Registry::open(), Registry::open()];
        for source in &sources {
            sandbox.run(&format!("build app:v1 --push {}", source.at("team/app"))).succeeds();
        }
        let [from, to] = [&sources[0], &sources[1]];
        let hosts = [from.host(), to.host()];
        let [ours, theirs] = [0, 1].map(|at| Stage { host: &hosts[at], name: "team/app" });
        let subject = ours.described("v1");
        let (list, plain) = if is_list_there { (&theirs, &ours) } else { (&ours, &theirs) };
        plain.legacy(&subject, ".sig", &["plain"]);
        let listed = list.cosign(&subject, SIGNED, "in a list");
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [listed]});
        list.manifest(&index, Some(&tag_of(&subject, ".sig")));

        let path = format!("GET /v2/team/app/manifests/{}", tag_of(&subject, ".sig"));
        let accept = format!("Accept: {MANIFEST}, {INDEX}\r\n");
        let before = theirs.send(&path, &accept, b"");
        let line = format!("copy {} {} --referrers", from.at("team/app:v1"), to.at("team/app"));
        sandbox.run(&line).succeeds().says("what is there stays");
        assert!(theirs.send(&path, &accept, b"") == before, "{is_list_there}");
    }
}

#[test]
fn two_copies_at_once_lose_nothing() {
    let (one, two) = (Sandbox::new(), Sandbox::new());
    let sources = [with_all(&one).0, with_all(&two).0];
    let bare = Bare::open();
    let host = sources[1].host();
    let stage = Stage { host: &host, name: "team/app" };
    let subject = stage.described("v1");
    stage.cosign(&subject, SIGNED, "only here");
    stage.legacy(&subject, ".sig", &["only here too"]);
    let copy = |sandbox: &Sandbox, from: &Registry| {
        let line = format!("copy {} {} --referrers", from.at("team/app:v1"), bare.at("team/app"));
        sandbox.run(&line).succeeds();
    };
    std::thread::scope(|scope| {
        scope.spawn(|| copy(&one, &sources[0]));
        scope.spawn(|| copy(&two, &sources[1]));
    });
    let json =
        one.run(&format!("inspect {} --referrers --format json", bare.at("team/app:v1"))).succeeds().json();
    let count = |what: &str| {
        let lines = json["referrers"].as_array().unwrap().iter().filter(|line| line["what"] == what);
        lines.map(|line| line["count"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!((count("signature"), count("attestation")), (6, 2), "{json:#}");
}

#[test]
fn what_an_index_lists_keeps_its_signatures_too() {
    let sandbox = Sandbox::new();
    let (registry, child) = with_all(&sandbox);
    let host = registry.host();
    let stage = Stage { host: &host, name: "team/app" };
    let mut listed = child.clone();
    listed["platform"] = json!({"os": "linux", "architecture": "amd64"});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [listed]});
    let index = stage.manifest(&index, Some("all"));
    stage.notation(&index, "of the index");
    let other = Bare::open();
    sandbox
        .run(&format!("copy {} {} --referrers", registry.at("team/app:all"), other.at("b:all")))
        .succeeds()
        .says("with 6 signatures");
    let line = |place: String| format!("inspect {place} --referrers --format json");
    let (before, after) = (
        sandbox.run(&line(registry.at("team/app:all"))).succeeds().json(),
        sandbox.run(&line(other.at("b:all"))).succeeds().json(),
    );
    assert_eq!(after["referrers"], before["referrers"]);
    assert_eq!(after["referrers"].as_array().unwrap().len(), 1);
    assert_eq!(after["manifests"][0]["referrers"].as_array().unwrap().len(), 6);
    let shown = sandbox.run(&format!("inspect {} --referrers", other.at("b:all"))).succeeds();
    shown.shows(&format!("ATTACHED TO {} (linux/amd64)", &child["digest"].as_str().unwrap()[7..19]));
}

#[test]
fn a_list_that_names_what_is_not_there_or_is_not_about_the_bundle_is_no_reason_to_stop() {
    let sandbox = Sandbox::with_banner();
    let bare = Bare::open();
    sandbox.run(&format!("build app:v1 --push {}", bare.at("team/app"))).succeeds();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run(&format!("build app:v2 --push {}", bare.at("team/app"))).succeeds();
    let host = bare.behind.host();
    let stage = Stage { host: &host, name: "team/app" };
    let (subject, other) = (stage.described("v1"), stage.described("v2"));
    let good = stage.notation(&subject, "good");
    let foreign = stage.notation(&other, "of another");
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [good, foreign, other]});
    stage.manifest(&index, Some(&tag_of(&subject, "")));
    // What an index names must be there when it is written; it goes afterwards.
    stage.send(&format!("DELETE /v2/team/app/manifests/{}", tag_of(&subject, "")), "", b"");
    let gone = json!({"mediaType": MANIFEST, "digest": Digest::of(b"gone"), "size": 4});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [good, foreign, other, gone]});
    let server = listing(&bare.behind, &index);

    let to = Registry::open();
    let copied =
        sandbox.run(&format!("copy {} {} --referrers", server.at("team/app:v1"), to.at("a"))).succeeds();
    let copied = copied.says("with 1 signature ").says("is not there").says("is about something else");
    let json = sandbox.run(&format!("inspect {} --format json", to.at("a:v1"))).succeeds().json();
    assert_eq!(json["referrers"].as_array().unwrap().len(), 1, "{}", copied.stderr);
    let shown = sandbox.run(&format!("inspect {} --referrers", server.at("team/app:v1"))).succeeds();
    shown.shows("is about something else").shows("is not there");
}

/// A registry that lists these as the referrers of anything but themselves, and else answers for another one.
fn listing(behind: &Registry, index: &Value) -> Scripted {
    let (host, index) = (behind.host(), index.clone());
    let all: Vec<String> = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["digest"].as_str().unwrap().to_owned())
        .collect();
    let none = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []}).to_string();
    Scripted::new(move |request| {
        if request.contains("/referrers/") {
            let is_theirs = all.iter().any(|digest| request.ends_with(digest.as_str()));
            let list = if is_theirs { none.clone() } else { index.to_string() };
            return Reply::ok(list).with("Content-Type", INDEX);
        }
        let accept = format!("Accept: {MANIFEST}, {INDEX}\r\n");
        let answer = Wire::connect(&host).unwrap().send(request, &accept, b"").unwrap();
        let kind = answer.header("content-type").unwrap_or("text/plain").to_owned();
        let Reply::Answer { headers, .. } = Reply::status(200).with("Content-Type", &kind) else {
            unreachable!()
        };
        Reply::Answer { status: answer.status, headers, body: answer.body }
    })
}

#[test]
fn that_nobody_tells_what_is_attached_hides_no_bundle_and_is_never_read_as_nothing() {
    let manifest = format!(r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","layers":[]}}"#);
    let server = Scripted::new(move |request| {
        if request.contains("/referrers/") {
            return Reply::status(403);
        }
        Reply::ok(&manifest).with("Content-Type", MANIFEST)
    });
    let sandbox = Sandbox::new();
    let app = server.at("app:v1");
    let json = sandbox.run(&format!("inspect {app} --format json")).succeeds();
    let json = json.says("what is attached to the bundle is not known").json();
    assert_eq!(json["referrers"], Value::Null);
    sandbox.run(&format!("inspect {app} --referrers")).fails(4);
    sandbox.run(&format!("copy {app} mine --referrers")).fails(4);
    sandbox.run("inspect mine:v1").fails(3);
}

#[test]
fn a_guard_that_does_not_hold_lets_nothing_move() {
    let sandbox = Sandbox::new();
    let (registry, _) = with_all(&sandbox);
    let other = Registry::open();
    sandbox.write("features.yml", BANNER.replace("Banner", "Other"));
    sandbox.run(&format!("build other:v1 --push {}", other.at("team/app"))).succeeds();
    other.calls();
    let line =
        format!("copy {} {} --referrers --if-absent", registry.at("team/app:v1"), other.at("team/app"));
    sandbox.run(&line).fails(7);
    assert_eq!(other.calls(), ["GET manifests/v1 200"]);
}

#[test]
fn another_tools_layout_is_looked_into_and_left_as_it_was() {
    let sandbox = Sandbox::new();
    let (registry, _) = with_all(&sandbox);
    sandbox.run(&format!("copy {} ocidir://layout:v1 --referrers", registry.at("team/app:v1"))).succeeds();
    let layout = sandbox.path("layout");
    // As oras writes it: nothing in the index but what a manifest is, its digest and its size.
    let index: Value = serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
    let bare = |entry: &Value| {
        let mut bare =
            json!({"mediaType": entry["mediaType"], "digest": entry["digest"], "size": entry["size"]});
        if let Some(tag) = entry["annotations"].get("org.opencontainers.image.ref.name") {
            bare["annotations"] = json!({"org.opencontainers.image.ref.name": tag});
        }
        bare
    };
    let entries: Vec<Value> = index["manifests"].as_array().unwrap().iter().map(bare).collect();
    let written = json!({"schemaVersion": 2, "manifests": entries}).to_string();
    fs::write(layout.join("index.json"), &written).unwrap();
    fs::remove_file(layout.join(".torte.lock")).unwrap();
    let everything = attached(&sandbox, &registry.at("team/app:v1"));
    assert_eq!(attached(&sandbox, "ocidir://layout:v1"), everything);
    assert_eq!(fs::read_to_string(layout.join("index.json")).unwrap(), written);
    assert!(!Path::new(&layout).join(".torte.lock").exists());
}
