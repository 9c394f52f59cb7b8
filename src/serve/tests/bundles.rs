//! Manifests, tags and referrers.

use super::*;

#[test]
fn a_manifest_comes_back_as_it_went_in_by_tag_and_by_digest() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("org/app", "v1", b"layer");
    let digest = Digest::of(&bytes).to_string();
    for reference in ["v1", &digest, &digest.replace(':', "%3A")] {
        let path = format!("/v2/org/app/manifests/{reference}");
        let got = sandbox.get(&path);
        assert_eq!((got.status, &got.body), (200, &bytes));
        let head = sandbox.send("HEAD", &path, &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0));
        for answer in [got, head] {
            assert_eq!(answer.header("content-type"), media_type::MANIFEST);
            assert_eq!(answer.header("docker-content-digest"), digest);
            assert_eq!(answer.header("content-length"), bytes.len().to_string());
        }
    }
}

#[test]
fn a_put_says_where_the_manifest_is_and_what_its_digest_is() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "v1", b"layer");
    let digest = Digest::of(&bytes);
    let answer = sandbox.put_manifest("app", &digest.to_string(), &bytes);
    assert_eq!((answer.status, answer.header("docker-content-digest")), (201, &*digest.to_string()));
    assert_eq!(sandbox.get(answer.header("location")).body, bytes);
}

#[test]
fn a_condition_is_held_against_the_tag() {
    let sandbox = Sandbox::new();
    let first = sandbox.bundle("app", "v1", b"first");
    let second = sandbox.bundle("app", "v2", b"second");
    let quoted = |bytes: &[u8]| format!("\"{}\"", Digest::of(bytes));
    let put = |tag: &str, name: &str, value: &str| {
        let headers = [("content-type", media_type::MANIFEST), (name, value)];
        sandbox.send("PUT", &format!("/v2/app/manifests/{tag}"), &headers, &second)
    };
    let now = |tag: &str| sandbox.get(&format!("/v2/app/manifests/{tag}")).body;
    for (name, value) in [("if-none-match", "*"), ("if-match", &*quoted(&second))] {
        assert_eq!(put("v1", name, value).refusal(), (412, "DENIED".into()), "{name}");
        assert_eq!(now("v1"), first);
    }
    assert_eq!(put("v9", "if-match", &quoted(&first)).refusal(), (412, "DENIED".into()));
    for (name, value) in [("if-match", "*"), ("if-none-match", &*quoted(&first)), ("if-match", "v1")] {
        assert_eq!(put("v1", name, value).refusal(), (400, "UNSUPPORTED".into()), "{name}: {value}");
    }
    assert_eq!(now("v1"), first);
    assert_eq!(put("v1", "if-match", &quoted(&first)).status, 201);
    assert_eq!(put("v3", "if-none-match", "*").status, 201);
    assert_eq!((now("v1"), now("v3")), (second.clone(), second.clone()));
}

#[test]
fn a_manifest_by_sha512_is_answered_with_its_sha512() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "v1", b"layer");
    let mut hasher = format!("sha512:{}", "0".repeat(128)).parse::<Digest>().unwrap().hasher();
    hasher.update(&bytes);
    let digest = hasher.finish().to_string();
    let answer = sandbox.put_manifest("app", &digest, &bytes);
    assert_eq!((answer.status, answer.header("docker-content-digest")), (201, &*digest));
    let got = sandbox.get(&format!("/v2/app/manifests/{digest}"));
    assert_eq!((got.status, got.header("docker-content-digest")), (200, &*digest));
}

#[test]
fn manifests_that_are_wrong_are_refused_with_their_code() {
    let sandbox = Sandbox::new();
    sandbox.bundle("app", "v1", b"layer");
    let code = |answer: Answer| answer.refusal();
    let hole = manifest(b"never pushed");
    assert_eq!(code(sandbox.put_manifest("app", "hole", &hole)), (400, "MANIFEST_BLOB_UNKNOWN".into()));
    assert_eq!(code(sandbox.get("/v2/app/manifests/hole")), (404, "MANIFEST_UNKNOWN".into()));
    assert_eq!(code(sandbox.put_manifest("app", "bad", b"<html>")), (400, "MANIFEST_INVALID".into()));
    let other = Digest::of(b"other").to_string();
    let right = manifest(b"layer");
    assert_eq!(code(sandbox.put_manifest("app", &other, &right)), (400, "DIGEST_INVALID".into()));
    assert_eq!(code(sandbox.put_manifest("app", "sha256:bad", &right)), (400, "DIGEST_INVALID".into()));
    assert_eq!(code(sandbox.put_manifest("app", "-bad", &right)), (400, "TAG_INVALID".into()));
    assert_eq!(code(sandbox.put_manifest("App", "v1", &right)), (400, "NAME_INVALID".into()));
    let index = [("content-type", media_type::INDEX)];
    let disagrees = sandbox.send("PUT", "/v2/app/manifests/v2", &index, &right);
    assert_eq!(code(disagrees), (400, "MANIFEST_INVALID".into()));
}

#[test]
fn a_tag_and_then_a_manifest_can_be_deleted() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "v1", b"layer");
    assert_eq!(sandbox.put_manifest("app", "v2", &bytes).status, 201);
    let by_digest = format!("/v2/app/manifests/{}", Digest::of(&bytes));
    let delete = |path: &str| sandbox.send("DELETE", path, &[], b"").status;
    assert_eq!(delete("/v2/app/manifests/v1"), 202);
    assert_eq!(sandbox.get("/v2/app/manifests/v1").status, 404);
    assert_eq!(sandbox.get(&by_digest).status, 200);
    assert_eq!(delete(&by_digest), 202);
    assert_eq!(sandbox.get("/v2/app/manifests/v2").status, 404);
    assert_eq!(delete(&by_digest), 404);
    assert_eq!(delete("/v2/nowhere/manifests/v1"), 404);
}

#[test]
fn tags_come_sorted_and_page_by_page() {
    let sandbox = Sandbox::new();
    let bytes = sandbox.bundle("app", "b", b"layer");
    for tag in ["c", "a", "A"] {
        sandbox.put_manifest("app", tag, &bytes);
    }
    let tags = |path: &str| sandbox.get(path).json()["tags"].to_string();
    assert_eq!(sandbox.get("/v2/app/tags/list").json()["name"], "app");
    assert_eq!(tags("/v2/app/tags/list"), r#"["A","a","b","c"]"#);
    assert_eq!(tags("/v2/app/tags/list?last=a"), r#"["b","c"]"#);
    assert_eq!(tags("/v2/app/tags/list?n=0"), "[]");

    let first = sandbox.get("/v2/app/tags/list?n=3");
    let link = first.header("link").to_owned();
    assert_eq!(link, r#"</v2/app/tags/list?n=3&last=b>; rel="next""#);
    let next = sandbox.get("/v2/app/tags/list?n=3&last=b");
    assert_eq!((next.json()["tags"].to_string().as_str(), next.header("link")), (r#"["c"]"#, ""));

    assert_eq!(sandbox.get("/v2/app/tags/list?n=x").status, 400);
    assert_eq!(sandbox.get("/v2/nowhere/tags/list").refusal(), (404, "NAME_UNKNOWN".into()));
}

#[test]
fn referrers_are_an_index_filtered_by_artifact_type() {
    let sandbox = Sandbox::new();
    let subject = sandbox.bundle("app", "v1", b"layer");
    let mut json: serde_json::Value = serde_json::from_slice(&manifest(b"layer")).unwrap();
    json["subject"] = serde_json::to_value(Descriptor::of(media_type::MANIFEST, &subject)).unwrap();
    let referrer = json.to_string().into_bytes();
    let answer = sandbox.put_manifest("app", &Digest::of(&referrer).to_string(), &referrer);
    assert_eq!(answer.header("oci-subject"), Digest::of(&subject).to_string());

    let path = format!("/v2/app/referrers/{}", Digest::of(&subject));
    let all = sandbox.get(&path);
    assert_eq!((all.status, all.header("content-type")), (200, media_type::INDEX));
    assert_eq!(all.json()["manifests"][0]["digest"], Digest::of(&referrer).to_string());
    assert_eq!(all.header("oci-filters-applied"), "");
    let none = sandbox.get(&format!("{path}?artifactType=application%2Fother"));
    assert_eq!(none.json()["manifests"].as_array().unwrap().len(), 0);
    assert_eq!(none.header("oci-filters-applied"), "artifactType");

    let nowhere = sandbox.get(&format!("/v2/nowhere/referrers/{}", Digest::of(b"")));
    assert_eq!((nowhere.status, nowhere.json()["manifests"].as_array().unwrap().len()), (200, 0));
    assert_eq!(sandbox.get("/v2/app/referrers/sha256:x").status, 400);
}

#[test]
fn what_is_no_tag_is_nowhere_and_cannot_be_written() {
    let sandbox = Sandbox::new();
    for method in ["GET", "DELETE"] {
        let answer = sandbox.send(method, "/v2/app/manifests/.INVALID_NAME", &[], b"");
        assert_eq!(answer.refusal(), (404, "MANIFEST_UNKNOWN".into()));
    }
    let answer = sandbox.put_manifest("app", ".INVALID_NAME", &manifest(b"x"));
    assert_eq!(answer.refusal(), (400, "TAG_INVALID".into()));
}

#[test]
fn many_referrers_come_page_by_page() {
    let sandbox = Sandbox::new();
    let subject = sandbox.bundle("app", "v1", b"layer");
    let mut expected = Vec::new();
    for number in 0..5 {
        let mut json: serde_json::Value = serde_json::from_slice(&manifest(b"layer")).unwrap();
        json["subject"] = serde_json::to_value(Descriptor::of(media_type::MANIFEST, &subject)).unwrap();
        json["artifactType"] = if number == 4 { "a/other" } else { "a/kind+json" }.into();
        json["annotations"] =
            serde_json::json!({"number": number.to_string(), "filler": "x".repeat(900_000)});
        let bytes = json.to_string().into_bytes();
        assert_eq!(sandbox.put_manifest("app", &Digest::of(&bytes).to_string(), &bytes).status, 201);
        expected.push((Digest::of(&bytes).to_string(), number));
    }
    expected.sort();
    let all = |query: &str| {
        let mut path = format!("/v2/app/referrers/{}{query}", Digest::of(&subject));
        let (mut found, mut pages) = (Vec::new(), 0);
        loop {
            let page = sandbox.get(&path);
            assert_eq!((page.status, page.header("content-type")), (200, media_type::INDEX));
            assert_eq!(page.header("oci-filters-applied").is_empty(), query.is_empty());
            assert!(page.body.len() < 4 * 1024 * 1024);
            let json = page.json();
            let digests = json["manifests"].as_array().unwrap().iter().map(|entry| entry["digest"].clone());
            found.extend(digests.map(|digest| digest.as_str().unwrap().to_owned()));
            pages += 1;
            let link = page.header("link");
            if link.is_empty() {
                return (found, pages);
            }
            let (next, rest) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
            assert_eq!(rest, "; rel=\"next\"");
            next.clone_into(&mut path);
        }
    };
    let digests = |kinds: &[i32]| -> Vec<String> {
        expected
            .iter()
            .filter(|(_, number)| kinds.contains(number))
            .map(|(digest, _)| digest.clone())
            .collect()
    };
    assert_eq!(all(""), (digests(&[0, 1, 2, 3, 4]), 3));
    assert_eq!(all("?artifactType=a%2Fkind%2Bjson"), (digests(&[0, 1, 2, 3]), 2));
    assert_eq!(all("?artifactType=a/other"), (digests(&[4]), 1));
}
