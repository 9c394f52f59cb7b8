//! Manifests of every shape that the specification's conformance suite pushes: each is pushed, listed, asked for, pulled,
//! queried and deleted.

use serde_json::{Value, json};

use super::*;

const IMAGE: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A digest by either algorithm.
type Of = fn(&[u8]) -> Digest;

fn describe(of: Of, media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": of(bytes), "size": bytes.len()})
}

/// A manifest, and the manifests and blobs that it needs.
#[derive(Clone, Default)]
struct Set {
    media_type: &'static str,
    bytes: Vec<u8>,
    children: Vec<Set>,
    blobs: Vec<Vec<u8>>,
}

impl Set {
    fn new(json: &Value, children: Vec<Set>, blobs: Vec<Vec<u8>>) -> Self {
        let is_index = json["mediaType"] == media_type::INDEX;
        let media_type = if is_index { media_type::INDEX } else { media_type::MANIFEST };
        Self { media_type, bytes: json.to_string().into_bytes(), children, blobs }
    }

    fn descriptor(&self, of: Of) -> Value {
        describe(of, self.media_type, &self.bytes)
    }
}

/// An image of a config and two layers, with further members of its manifest.
fn image(of: Of, name: &str, more: Value) -> Set {
    let blobs =
        ["config", "layer 1", "layer 2"].map(|part| format!("{{\"{name}\":\"{part}\"}}").into_bytes());
    let mut json = json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "config": describe(of, IMAGE, &blobs[0]),
        "layers": [describe(of, LAYER, &blobs[1]), describe(of, LAYER, &blobs[2])],
    });
    merge(&mut json, more);
    Set::new(&json, Vec::new(), blobs.to_vec())
}

fn index(of: Of, children: Vec<Set>, more: Value) -> Set {
    let entries: Vec<_> = children.iter().map(|child| child.descriptor(of)).collect();
    let mut json = json!({"schemaVersion": 2, "mediaType": media_type::INDEX, "manifests": entries});
    merge(&mut json, more);
    Set::new(&json, children, Vec::new())
}

/// An artifact with the empty config.
fn artifact(of: Of, kind: &str, more: Value) -> Set {
    let mut json = json!({
        "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": kind,
        "config": describe(of, media_type::EMPTY, b"{}"), "layers": [describe(of, "text/plain", b"content")],
    });
    merge(&mut json, more);
    Set::new(&json, Vec::new(), vec![b"{}".to_vec(), b"content".to_vec()])
}

fn merge(json: &mut Value, more: Value) {
    let Value::Object(more) = more else { return };
    json.as_object_mut().unwrap().extend(more);
}

fn push(sandbox: &Sandbox, of: Of, set: &Set, reference: &str) {
    for child in &set.children {
        push(sandbox, of, child, &of(&child.bytes).to_string());
    }
    for blob in &set.blobs {
        let path = format!("/v2/a/b/blobs/uploads/?digest={}", of(blob));
        assert_eq!(sandbox.send("POST", &path, &[], blob).status, 201);
    }
    let answer = put(sandbox, set, reference);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    is_pulled(sandbox, answer.header("location"), set, answer.header("docker-content-digest"));
}

/// As the suite does: the length is not said.
fn put(sandbox: &Sandbox, set: &Set, reference: &str) -> Answer {
    let headers = [("content-type", set.media_type)];
    sandbox.stream("PUT", &format!("/v2/a/b/manifests/{reference}"), &headers, &set.bytes)
}

fn is_pulled(sandbox: &Sandbox, path: &str, set: &Set, digest: &str) {
    let accept = [("accept", media_type::INDEX), ("accept", media_type::MANIFEST)];
    let (got, head) = (sandbox.send("GET", path, &accept, b""), sandbox.send("HEAD", path, &accept, b""));
    assert_eq!((got.status, head.status, head.body.len()), (200, 200, 0));
    assert!(got.body == set.bytes, "{path}");
    for answer in [got, head] {
        assert_eq!(answer.header("content-type"), set.media_type);
        assert_eq!(answer.header("content-length"), set.bytes.len().to_string());
        assert_eq!(answer.header("docker-content-digest"), digest);
    }
}

/// Deletes the tags, then the manifests, parents first, then the blobs; each is gone at once.
fn delete(sandbox: &Sandbox, of: Of, set: &Set, tags: &[&str]) {
    let gone = |path: &str| {
        assert_eq!(sandbox.send("DELETE", path, &[], b"").status, 202, "{path}");
        assert_eq!(sandbox.send("HEAD", path, &[], b"").status, 404, "{path}");
    };
    for tag in tags {
        gone(&format!("/v2/a/b/manifests/{tag}"));
    }
    let mut waiting = vec![set];
    let mut blobs = Vec::new();
    while let Some(set) = waiting.pop() {
        gone(&format!("/v2/a/b/manifests/{}", of(&set.bytes)));
        waiting.extend(&set.children);
        blobs.extend(&set.blobs);
    }
    blobs.sort();
    blobs.dedup();
    for blob in blobs {
        gone(&format!("/v2/a/b/blobs/{}", of(blob)));
    }
}

fn tags(sandbox: &Sandbox) -> Value {
    sandbox.get("/v2/a/b/tags/list").json()["tags"].clone()
}

fn referrers(sandbox: &Sandbox, of: &Digest, kind: &str) -> Vec<Value> {
    let query = if kind.is_empty() { String::new() } else { format!("?artifactType={kind}") };
    let answer = sandbox.get(&format!("/v2/a/b/referrers/{of}{query}"));
    assert_eq!((answer.status, answer.header("content-type")), (200, media_type::INDEX));
    assert_eq!(answer.header("oci-filters-applied"), if kind.is_empty() { "" } else { "artifactType" });
    let json = answer.json();
    assert_eq!((&json["schemaVersion"], &json["mediaType"]), (&json!(2), &json!(media_type::INDEX)));
    json["manifests"].as_array().unwrap().clone()
}

fn shapes(of: Of) -> Vec<(&'static str, Set)> {
    let large: serde_json::Map<_, _> =
        (0..390).map(|number| (format!("key-{number}"), "x".repeat(10_000).into())).collect();
    let data = json!({
        "mediaType": media_type::EMPTY, "digest": of(b"{}"), "size": 2, "data": "e30=",
    });
    let foreign = |name: &str| {
        json!({
            "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "digest": of(name.as_bytes()), "size": name.len(), "urls": ["https://store.example/layer"],
        })
    };
    let platforms = || vec![image(of, "amd64", json!({})), image(of, "arm64", json!({}))];
    let custom = json!({"org.example.unknown": {"z": [1, null], "a": true}});
    vec![
        ("image", image(of, "image", json!({}))),
        ("large-manifest", image(of, "large", json!({"annotations": large}))),
        ("index", index(of, platforms(), json!({}))),
        ("nested-index", index(of, vec![index(of, platforms(), json!({}))], json!({}))),
        ("empty-index", index(of, Vec::new(), json!({}))),
        ("artifact", artifact(of, "a/b", json!({}))),
        ("artifact-without-layers", artifact(of, "a/b", json!({"layers": [data.clone()]}))),
        ("artifact-index", index(of, platforms(), json!({"artifactType": "a/b"}))),
        ("data-field", artifact(of, "a/b", json!({"config": data}))),
        ("non-distributable", image(of, "foreign", json!({"layers": [foreign("1"), foreign("2")]}))),
        ("custom-fields", image(of, "custom", custom.clone())),
        ("custom-index", index(of, vec![image(of, "inner", custom.clone())], custom)),
        ("no-layers", image(of, "none", json!({"layers": []}))),
    ]
}

#[test]
fn every_shape_goes_in_and_out_and_away() {
    let sandbox = Sandbox::new();
    for (name, set) in shapes(Digest::of) {
        push(&sandbox, Digest::of, &set, name);
        assert_eq!(tags(&sandbox), json!([name]));
        let digest = Digest::of(&set.bytes).to_string();
        for reference in [name, &*digest] {
            is_pulled(&sandbox, &format!("/v2/a/b/manifests/{reference}"), &set, &digest);
        }
        assert!(referrers(&sandbox, &Digest::of(&set.bytes), "").is_empty());
        delete(&sandbox, Digest::of, &set, &[name]);
        assert_eq!(tags(&sandbox), json!([]));
    }
}

#[test]
fn every_shape_goes_in_and_out_by_sha512_under_its_digest_alone() {
    let sandbox = Sandbox::new();
    for (_, set) in shapes(sha512) {
        let digest = sha512(&set.bytes).to_string();
        push(&sandbox, sha512, &set, &digest);
        is_pulled(&sandbox, &format!("/v2/a/b/manifests/{digest}"), &set, &digest);
        delete(&sandbox, sha512, &set, &[]);
    }
}

#[test]
fn several_tags_are_set_by_one_put() {
    let sandbox = Sandbox::new();
    let all: Vec<String> = (0..12).map(|number| format!("v{number:02}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for of in [Digest::of as Of, sha512] {
        for set in [image(of, "tagged", json!({})), index(of, vec![image(of, "inner", json!({}))], json!({}))]
        {
            let digest = of(&set.bytes);
            push(&sandbox, of, &set, &digest.to_string());
            let query: Vec<_> = all.iter().map(|tag| format!("tag={tag}")).collect();
            let answer = put(&sandbox, &set, &format!("{digest}?{}", query.join("&")));
            assert_eq!((answer.status, answer.header("docker-content-digest")), (201, &*digest.to_string()));
            let set_tags: Vec<_> =
                answer.headers.get_all("oci-tag").iter().map(|value| value.to_str().unwrap()).collect();
            assert_eq!(set_tags, all);
            assert_eq!(tags(&sandbox), json!(all));
            for tag in &all {
                is_pulled(&sandbox, &format!("/v2/a/b/manifests/{tag}"), &set, &digest.to_string());
            }
            delete(&sandbox, of, &set, &all);
        }
    }
}

#[test]
fn tags_of_one_put_are_all_set_or_none() {
    let sandbox = Sandbox::new();
    let set = image(Digest::of, "tagged", json!({}));
    push(&sandbox, Digest::of, &set, "first");
    let digest = Digest::of(&set.bytes);
    let bad = put(&sandbox, &set, &format!("{digest}?tag=good&tag=-bad"));
    assert_eq!(bad.refusal(), (400, "TAG_INVALID".into()));
    let many: Vec<_> = (0..=64).map(|number| format!("tag=t{number}")).collect();
    let answer = put(&sandbox, &set, &format!("{digest}?{}", many.join("&")));
    assert_eq!(answer.status, 414);
    assert_eq!(tags(&sandbox), json!(["first"]));
    assert_eq!(put(&sandbox, &set, &format!("{digest}?{}", many[..64].join("&"))).status, 201);
    assert_eq!(tags(&sandbox).as_array().unwrap().len(), 65);
}

#[test]
fn what_its_digest_does_not_say_is_refused() {
    let sandbox = Sandbox::new();
    let mut set = image(Digest::of, "bad", json!({}));
    push(&sandbox, Digest::of, &set, "good");
    let digests = [Digest::of(&set.bytes), sha512(&set.bytes)];
    set.bytes.extend(b"  \n");
    for digest in digests {
        assert_eq!(put(&sandbox, &set, &digest.to_string()).refusal(), (400, "DIGEST_INVALID".into()));
    }
    for method in ["PUT", "GET", "HEAD", "DELETE"] {
        let path = "/v2/a/b/manifests/sha256:baddigeststring";
        let answer = sandbox.send(method, path, &[("content-type", set.media_type)], &set.bytes);
        assert_eq!(answer.status, 400, "{method}");
    }
}

#[test]
fn a_manifest_without_its_blobs_or_manifests_is_refused() {
    let sandbox = Sandbox::new();
    let set = image(Digest::of, "sparse", json!({}));
    for set in [set.clone(), index(Digest::of, vec![set], json!({}))] {
        assert_eq!(put(&sandbox, &set, "v1").refusal(), (400, "MANIFEST_BLOB_UNKNOWN".into()));
        assert_eq!(sandbox.get("/v2/a/b/manifests/v1").status, 404);
    }
}

#[test]
fn referrers_hold_what_the_specification_says() {
    let sandbox = Sandbox::new();
    for of in [Digest::of as Of, sha512] {
        let subject = image(of, "subject", json!({}));
        let about = |more: Value| {
            let mut all = json!({"subject": subject.descriptor(of), "annotations": {"org.example.k": "v"}});
            merge(&mut all, more);
            all
        };
        let first = artifact(of, "application/vnd.example.first", about(json!({})));
        let second = artifact(of, "application/vnd.example.second", about(json!({"annotations": null})));
        let plain = image(of, "plain", about(json!({})));
        let list = index(of, vec![image(of, "inner", json!({}))], about(json!({})));
        let typed = index(of, Vec::new(), about(json!({"artifactType": "application/vnd.example.first"})));
        let all = [&first, &second, &plain, &list, &typed];
        let digest = of(&subject.bytes);
        assert!(referrers(&sandbox, &digest, "").is_empty(), "also where nothing was ever pushed");
        for set in all {
            // The subject is not there yet.
            push(&sandbox, of, set, &of(&set.bytes).to_string());
            let answer = put(&sandbox, set, &of(&set.bytes).to_string());
            assert_eq!(answer.header("oci-subject"), digest.to_string());
        }
        push(&sandbox, of, &subject, &digest.to_string());

        let found = referrers(&sandbox, &digest, "");
        assert_eq!(found.len(), all.len());
        let entry =
            |set: &Set| found.iter().find(|entry| entry["digest"] == of(&set.bytes).to_string()).unwrap();
        for set in all {
            let entry = entry(set);
            assert_eq!(
                (&entry["mediaType"], &entry["size"]),
                (&json!(set.media_type), &json!(set.bytes.len()))
            );
        }
        let kind = |set: &Set| entry(set)["artifactType"].clone();
        assert_eq!(kind(&first), "application/vnd.example.first");
        assert_eq!(kind(&plain), IMAGE, "the media type of its config");
        assert_eq!(kind(&list), Value::Null);
        assert_eq!(kind(&typed), "application/vnd.example.first");
        assert_eq!(entry(&first)["annotations"], json!({"org.example.k": "v"}));
        assert_eq!(entry(&second)["annotations"], Value::Null);

        let count = |kind: &str| referrers(&sandbox, &digest, kind).len();
        let encoded = IMAGE.replace('+', "%2B");
        let kinds =
            ["application/vnd.example.first", "application%2Fvnd.example.second", IMAGE, &encoded, "a/none"];
        assert_eq!(kinds.map(count), [2, 1, 1, 1, 0]);
        for set in all {
            delete(&sandbox, of, &Set { blobs: Vec::new(), children: Vec::new(), ..set.clone() }, &[]);
        }
        assert!(referrers(&sandbox, &digest, "").is_empty());
    }
    assert_eq!(sandbox.get("/v2/a/b/referrers/sha256:bad").refusal(), (400, "DIGEST_INVALID".into()));
}

#[test]
fn what_is_in_use_is_not_deleted() {
    let sandbox = Sandbox::new();
    let child = image(Digest::of, "child", json!({}));
    let list = index(Digest::of, vec![child.clone()], json!({}));
    push(&sandbox, Digest::of, &list, "v1");
    let refused = |path: String| {
        let answer = sandbox.send("DELETE", &path, &[], b"");
        assert_eq!(answer.refusal(), (405, "DENIED".into()), "{path}");
        assert!(
            answer.json()["errors"][0]["message"].as_str().unwrap().contains("in use by manifest sha256:")
        );
        assert_eq!(sandbox.send("HEAD", &path, &[], b"").status, 200);
    };
    refused(format!("/v2/a/b/manifests/{}", Digest::of(&child.bytes)));
    for blob in &child.blobs {
        refused(format!("/v2/a/b/blobs/{}", Digest::of(blob)));
    }
    delete(&sandbox, Digest::of, &list, &["v1"]);
}
