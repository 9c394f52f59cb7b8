//! The ways in which verification has been fooled elsewhere, one test each: none of them works here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use torte::oci::{Descriptor, Digest, Manifest, Selector, Tag, media_type};
use torte::repository::{Error, ErrorKind, Expect, Known, Memory, Moved, Repository};
use torte::signing::verify::{
    Claim, Examination, Form, LARGEST_SIGNATURE, MOST_EXAMINED, Policy, Quorum, Reason, Unverified, Verified,
};
use torte::signing::{PublicKey, examine};

const SIGN: &str = "https://sigstore.dev/cosign/sign/v1";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

/// A signer who signs whatever he is told.
fn signer(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn public(pair: &Ed25519KeyPair) -> PublicKey {
    // RFC 8410: the algorithm, and the key as it is.
    let start = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let content = BASE64_STANDARD.encode([&start, pair.public_key().as_ref()].concat());
    PublicKey::read(format!("-----BEGIN PUBLIC KEY-----\n{content}\n-----END PUBLIC KEY-----").as_bytes())
        .unwrap()
}

fn policy(claim: Claim) -> Policy {
    Policy { keys: vec![public(&signer(1))], quorum: Quorum::All, annotations: BTreeMap::new(), claim }
}

fn subject() -> Digest {
    Digest::of(b"what is signed")
}

/// A bundle around any payload.
fn bundle(pair: &Ed25519KeyPair, payload: &[u8]) -> Value {
    let kind = "application/vnd.in-toto+json";
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    let signature = pair.sign(&[head.as_bytes(), payload].concat());
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {}},
        "dsseEnvelope": {
            "payload": BASE64_STANDARD.encode(payload),
            "payloadType": kind,
            "signatures": [{"sig": BASE64_STANDARD.encode(signature)}],
        },
    })
}

fn statement(digest: &Digest, kind: &str, predicate: impl Into<Value>) -> Value {
    json!({"subject": [{"digest": {"sha256": digest.hex()}}], "predicateType": kind, "predicate": predicate.into()})
}

fn good_bundle() -> Value {
    bundle(&signer(1), statement(&subject(), SIGN, json!({})).to_string().as_bytes())
}

/// A layer of the older form around any payload.
fn layer(pair: &Ed25519KeyPair, payload: &[u8]) -> Descriptor {
    let mut layer = Descriptor::of("application/vnd.dev.cosign.simplesigning.v1+json", payload);
    layer.annotations.insert(SIGNATURE.to_owned(), BASE64_STANDARD.encode(pair.sign(payload)));
    layer
}

fn payload(digest: &str) -> Vec<u8> {
    json!({"critical": {"image": {"docker-manifest-digest": digest}}}).to_string().into_bytes()
}

fn judge(form: Form, layer: &Descriptor, content: &[u8], policy: &Policy) -> Result<Verified, Unverified> {
    let subject = subject();
    let mut examination = Examination::new(&subject, policy);
    examination.piece(form, &Digest::of(b"manifest"), layer, content);
    examination.verdict()
}

fn judge_bundle(bundle: &Value, claim: Claim) -> Result<Verified, Unverified> {
    let content = bundle.to_string().into_bytes();
    let layer = Descriptor::of("application/vnd.dev.sigstore.bundle.v0.3+json", &content);
    judge(Form::Bundle, &layer, &content, &policy(claim))
}

fn judge_payload(payload: &[u8]) -> Result<Verified, Unverified> {
    judge(Form::Legacy, &layer(&signer(1), payload), payload, &policy(Claim::Signature))
}

fn reason(verdict: Result<Verified, Unverified>) -> Reason {
    verdict.unwrap_err().refusals.remove(0).reason
}

/// A repository that holds a manifest under the tag of signatures, made of these layers.
fn with_signatures(layers: &[(Descriptor, Vec<u8>)]) -> Memory {
    let memory = Memory::default();
    sign_in(&memory, layers);
    memory
}

fn sign_in(memory: &Memory, layers: &[(Descriptor, Vec<u8>)]) {
    for (layer, content) in layers {
        memory.put(layer, content, &[]).unwrap();
    }
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    memory.put(&config, &b"{}".to_vec(), &[]).unwrap();
    let layers: Vec<_> = layers.iter().map(|(layer, _)| layer).collect();
    let manifest =
        json!({"schemaVersion": 2, "mediaType": media_type::MANIFEST, "config": config, "layers": layers});
    let manifest = Manifest::parse(manifest.to_string().into_bytes(), None).unwrap();
    let tag: Tag = format!("sha256-{}.sig", subject().hex()).parse().unwrap();
    memory.publish(&manifest, &[tag], &Expect::Any).unwrap();
}

#[test]
fn what_the_other_tests_bend_is_good() {
    let verified = judge_bundle(&good_bundle(), Claim::Signature).unwrap();
    assert_eq!(*verified.digest(), subject());
    assert!(judge_payload(&payload(&subject().to_string())).is_ok());
    let content = payload(&subject().to_string());
    let repository = with_signatures(&[(layer(&signer(1), &content), content)]);
    assert!(examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().is_ok());
}

// Helm, CVE-2026-35205: a missing signature passed for a good one.
#[test]
fn no_signature_is_not_success() {
    for claim in [Claim::Signature, Claim::Attestation(SIGN.to_owned())] {
        let unverified = examine(&Memory::default(), &subject(), &policy(claim)).unwrap().unwrap_err();
        assert_eq!(unverified.refusals, []);
        assert_eq!(unverified.missing, [public(&signer(1)).digest()]);
    }
}

// cosign, CVE-2022-35929: an attestation of another type, or none of the type, passed for the one that was asked for.
#[test]
fn an_attestation_of_another_type_is_not_the_one_that_is_asked_for() {
    let kind = |kind: &str| bundle(&signer(1), statement(&subject(), kind, json!({})).to_string().as_bytes());
    let asked = || Claim::Attestation("https://example.com/b".to_owned());
    let other = reason(judge_bundle(&kind("https://example.com/a"), asked()));
    assert_eq!(other, Reason::OtherType("https://example.com/a".to_owned()));
    assert_eq!(reason(judge_bundle(&kind(SIGN), asked())), Reason::OtherType(SIGN.to_owned()));
    assert!(matches!(
        reason(judge_bundle(&kind("https://example.com/b"), Claim::Signature)),
        Reason::OtherType(_)
    ));
    assert!(judge_bundle(&kind("https://example.com/b"), asked()).is_ok());
}

// cosign, CVE-2022-36056 and CVE-2026-22703: what a log said of something else stood in for the signature.
#[test]
fn what_a_log_said_is_no_signature() {
    let hash = json!({"algorithm": "sha256", "value": "0".repeat(64)});
    let body = json!({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
        "envelopeHash": hash, "payloadHash": hash, "signatures": [{"signature": "AAAA", "verifier": "AAAA"}],
    }});
    let body = BASE64_STANDARD.encode(body.to_string());
    let entry = json!({
        "logIndex": "1", "logId": {"keyId": "AAAA"}, "kindVersion": {"kind": "dsse", "version": "0.0.1"},
        "integratedTime": "1", "inclusionPromise": {"signedEntryTimestamp": "AAAA"},
        "inclusionProof": {"checkpoint": {"envelope": "x"}}, "canonicalizedBody": body,
    });
    let mut logged = bundle(&signer(2), statement(&subject(), SIGN, json!({})).to_string().as_bytes());
    logged["verificationMaterial"]["tlogEntries"] = json!([entry]);
    assert_eq!(reason(judge_bundle(&logged, Claim::Signature)), Reason::OtherKey);
    let content = payload(&subject().to_string());
    let mut foreign = layer(&signer(2), &content);
    let log = json!({"SignedEntryTimestamp": "AAAA", "Payload": {"body": "x", "integratedTime": 1, "logIndex": 1, "logID": "x"}});
    foreign.annotations.insert("dev.sigstore.cosign/bundle".to_owned(), log.to_string());
    let verdict = judge(Form::Legacy, &foreign, &content, &policy(Claim::Signature));
    assert_eq!(reason(verdict), Reason::OtherKey);
}

// cosign, GHSA-w6c6-c85g-mmv6: an error about the predicate was swallowed.
#[test]
fn a_predicate_that_cannot_be_read_spoils_the_statement() {
    for predicate in [json!("text"), json!(1), json!([]), json!(true)] {
        let bent = bundle(&signer(1), statement(&subject(), SIGN, predicate).to_string().as_bytes());
        assert!(matches!(reason(judge_bundle(&bent, Claim::Signature)), Reason::Malformed(_)));
    }
    let twice = format!(
        r#"{{"subject":[{{"digest":{{"sha256":"{}"}}}}],"predicateType":"{SIGN}","predicate":{{"a":1,"a":2}}}}"#,
        subject().hex()
    );
    let verdict = judge_bundle(&bundle(&signer(1), twice.as_bytes()), Claim::Signature);
    assert!(matches!(reason(verdict), Reason::Malformed(_)));
}

// cosign, #4648 to #4653: a payload that is signed and of the wrong shape made it panic.
#[test]
fn a_signed_payload_of_any_shape_panics_nowhere() {
    let odd = ["null", "[]", "{}", "1", "\"\"", "{\"a\":null}", "[null]", "", "{", "\u{0}"];
    for text in odd {
        assert!(judge_payload(text.as_bytes()).is_err(), "{text}");
        assert!(judge_bundle(&bundle(&signer(1), text.as_bytes()), Claim::Signature).is_err(), "{text}");
    }
    for value in odd.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok()) {
        for at in ["/critical", "/critical/image", "/critical/image/docker-manifest-digest"] {
            let mut tree: Value = serde_json::from_slice(&payload(&subject().to_string())).unwrap();
            *tree.pointer_mut(at).unwrap() = value.clone();
            assert!(judge_payload(tree.to_string().as_bytes()).is_err(), "{tree}");
        }
        for at in ["/subject", "/subject/0", "/subject/0/digest", "/subject/0/digest/sha256"] {
            let mut tree = statement(&subject(), SIGN, json!({}));
            *tree.pointer_mut(at).unwrap() = value.clone();
            let verdict = judge_bundle(&bundle(&signer(1), tree.to_string().as_bytes()), Claim::Signature);
            assert!(verdict.is_err(), "{tree}");
        }
        for at in [
            "/verificationMaterial",
            "/dsseEnvelope",
            "/dsseEnvelope/signatures",
            "/dsseEnvelope/signatures/0",
        ] {
            let mut tree = good_bundle();
            *tree.pointer_mut(at).unwrap() = value.clone();
            assert!(judge_bundle(&tree, Claim::Signature).is_err(), "{tree}");
        }
    }
}

// containers/image, CVE-2024-3727: a digest that was no digest was used all the same.
#[test]
fn a_claim_is_exactly_the_digest() {
    let digest = subject().to_string();
    let long = format!("{digest}0");
    for other in [
        "",
        "sha256:",
        "sha256:../../x",
        digest.to_uppercase().as_str(),
        &long,
        &digest[7..],
        &format!(" {digest}"),
    ] {
        assert_eq!(reason(judge_payload(&payload(other))), Reason::OtherDigest, "{other}");
    }
    for other in [subject().hex().to_uppercase().as_str(), "", "../../x", &subject().hex()[..62]] {
        let tree =
            json!({"subject": [{"digest": {"sha256": other}}], "predicateType": SIGN, "predicate": {}});
        let verdict = judge_bundle(&bundle(&signer(1), tree.to_string().as_bytes()), Claim::Signature);
        assert_eq!(reason(verdict), Reason::OtherDigest, "{other}");
    }
    let tree =
        json!({"subject": [{"digest": {"sha512": subject().hex()}}], "predicateType": SIGN, "predicate": {}});
    let verdict = judge_bundle(&bundle(&signer(1), tree.to_string().as_bytes()), Claim::Signature);
    assert_eq!(reason(verdict), Reason::OtherDigest, "the algorithm counts");
}

// oci-client #149: whatever the registry served was taken for what was asked.
#[test]
fn content_that_is_not_its_descriptors_proves_nothing() {
    let content = payload(&subject().to_string());
    let signed = layer(&signer(1), &content);
    let other = Descriptor { digest: Digest::of(b"other"), ..signed.clone() };
    let longer = Descriptor { size: signed.size + 1, ..signed };
    for wrong in [other, longer] {
        let verdict = judge(Form::Legacy, &wrong, &content, &policy(Claim::Signature));
        assert_eq!(reason(verdict), Reason::Content);
    }
}

// CVE-2021-41190: the same bytes were read as an index by one, and as a manifest by another.
#[test]
fn a_manifest_of_signatures_that_is_an_index_too_is_neither() {
    let content = payload(&subject().to_string());
    let layer = layer(&signer(1), &content);
    let both = json!({"schemaVersion": 2, "layers": [layer], "manifests": [layer]}).to_string();
    assert!(Manifest::parse(both.into_bytes(), None).is_err());
}

// CVE-2026-50195: what an artifact said of itself chose the tag that it got.
#[test]
fn the_name_that_a_signature_claims_decides_nothing() {
    let content = json!({"critical": {
        "identity": {"docker-reference": "registry.example.com/other:latest"},
        "image": {"docker-manifest-digest": subject()},
    }});
    let verified = judge_payload(content.to_string().as_bytes()).unwrap();
    assert_eq!(*verified.digest(), subject(), "the digest is all that is verified, and all that comes back");
}

#[test]
fn whoever_floods_us_with_signatures_stops_us_in_time() {
    let content = payload(&subject().to_string());
    let mut layers = vec![(layer(&signer(2), &content), content.clone()); MOST_EXAMINED];
    layers.push((layer(&signer(1), &content), content.clone()));
    let unverified =
        examine(&with_signatures(&layers), &subject(), &policy(Claim::Signature)).unwrap().unwrap_err();
    assert!(unverified.is_limited);
    assert_eq!(unverified.refusals.len(), MOST_EXAMINED);
    layers.remove(0);
    assert!(examine(&with_signatures(&layers), &subject(), &policy(Claim::Signature)).unwrap().is_ok());
}

// Only what none of the keys made counts: who signs often, each time with another annotation, floods nobody.
#[test]
fn what_a_key_did_sign_hides_nothing_that_it_signed_later() {
    let staged = |env: String| {
        let image = json!({"image": {"docker-manifest-digest": subject().to_string()}});
        let content = json!({"critical": image, "optional": {"env": env}}).to_string().into_bytes();
        (layer(&signer(1), &content), content)
    };
    let asked = Policy {
        annotations: BTreeMap::from([("env".to_owned(), "prod".to_owned())]),
        ..policy(Claim::Signature)
    };
    let others = (0..=MOST_EXAMINED).map(|number| staged(number.to_string()));
    let layers: Vec<_> = others.chain([staged("prod".to_owned())]).collect();
    assert!(examine(&with_signatures(&layers), &subject(), &asked).unwrap().is_ok());

    let (_, others) = layers.split_last().unwrap();
    let unverified = examine(&with_signatures(others), &subject(), &asked).unwrap().unwrap_err();
    assert_eq!(unverified.refusals.len(), MOST_EXAMINED + 1);
    assert!(!unverified.is_limited, "all was looked at");

    // The same of bundles about something else, which say nothing of their type.
    let about = |number: usize| {
        let other = Digest::of(&number.to_be_bytes());
        bundle(&signer(1), statement(&other, SIGN, json!({})).to_string().as_bytes())
    };
    let subject = subject();
    let policy = policy(Claim::Signature);
    let mut examination = Examination::new(&subject, &policy);
    for bundle in (0..=MOST_EXAMINED).map(about).chain([good_bundle()]) {
        let content = bundle.to_string().into_bytes();
        let layer = Descriptor::of("application/vnd.dev.sigstore.bundle.v0.3+json", &content);
        examination.piece(Form::Bundle, &Digest::of(&content), &layer, &content);
    }
    assert!(examination.verdict().is_ok());
}

// cosign's own limit: a manifest of more layers is no list of signatures.
#[test]
fn of_a_thousand_and_one_layers_none_is_examined() {
    let content = payload(&subject().to_string());
    let layers = vec![(layer(&signer(1), &content), content); 1001];
    let unverified =
        examine(&with_signatures(&layers), &subject(), &policy(Claim::Signature)).unwrap().unwrap_err();
    assert_eq!(unverified.refusals[0].reason, Reason::SignatureCount(1001));
    assert!(examine(&with_signatures(&layers[1..]), &subject(), &policy(Claim::Signature)).unwrap().is_ok());
}

/// A repository in which these bundles refer to the subject.
fn with_bundles(bundles: impl IntoIterator<Item = Value>) -> Memory {
    let memory = Memory::default();
    let config = Descriptor::of(media_type::EMPTY, b"{}");
    memory.put(&config, &b"{}".to_vec(), &[]).unwrap();
    for bundle in bundles {
        let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let content = bundle.to_string().into_bytes();
        let layer = Descriptor::of(kind, &content);
        memory.put(&layer, &content, &[]).unwrap();
        let statement = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
        let statement: Value = serde_json::from_slice(&BASE64_STANDARD.decode(statement).unwrap()).unwrap();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": media_type::MANIFEST, "artifactType": kind, "config": config,
            "layers": [layer], "subject": Descriptor::new(media_type::MANIFEST, subject(), 1),
            "annotations": {"dev.sigstore.bundle.predicateType": statement["predicateType"]},
        });
        let manifest = Manifest::parse(manifest.to_string().into_bytes(), None).unwrap();
        memory.publish(&manifest, &[], &Expect::Any).unwrap();
    }
    memory
}

/// A bundle by another key, each time another one.
fn foreign_bundle(number: usize, kind: &str) -> Value {
    let mut bundle = bundle(&signer(2), statement(&subject(), kind, json!({})).to_string().as_bytes());
    bundle["verificationMaterial"]["publicKey"]["hint"] = json!(number.to_string());
    bundle
}

#[test]
fn bundles_in_a_flood_have_an_end_and_attestations_in_a_flood_hide_no_signature() {
    let flood = |kind: &'static str, many: usize| (0..many).map(move |number| foreign_bundle(number, kind));
    let verdict =
        |bundles: Vec<Value>| examine(&with_bundles(bundles), &subject(), &policy(Claim::Signature)).unwrap();
    let unverified = verdict(flood(SIGN, MOST_EXAMINED + 20).collect()).unwrap_err();
    assert!(unverified.is_limited);
    assert_eq!(unverified.refusals.len(), MOST_EXAMINED);
    assert!(verdict(flood(SIGN, MOST_EXAMINED - 1).chain([good_bundle()]).collect()).is_ok());
    let attestations = flood("https://example.com/a", 255).chain([good_bundle()]).collect();
    assert!(verdict(attestations).is_ok());
}

#[test]
fn what_is_left_out_of_many_referrers_is_not_passed_over_in_silence() {
    let told = |many: usize| {
        let memory = Memory::default();
        for number in 0..many {
            let subject = Descriptor::new(media_type::MANIFEST, subject(), 1);
            let about = json!({"number": number.to_string()});
            let manifest =
                json!({"schemaVersion": 2, "layers": [], "subject": subject, "annotations": about});
            let manifest = Manifest::parse(manifest.to_string().into_bytes(), None).unwrap();
            memory.publish(&manifest, &[], &Expect::Any).unwrap();
        }
        examine(&memory, &subject(), &policy(Claim::Signature)).unwrap().unwrap_err()
    };
    assert!(!told(256).is_limited);
    assert!(told(257).is_limited);
    assert!(told(257).to_string().contains("more than is examined"));
}

#[test]
fn a_bad_bundle_hides_no_good_one_of_either_form_and_helps_none() {
    let content = payload(&subject().to_string());
    let (good, bad) = (layer(&signer(1), &content), layer(&signer(2), &content));
    let moved = statement(&Digest::of(b"other"), SIGN, json!({})).to_string();
    let bad_bundles = [
        foreign_bundle(0, SIGN),
        bundle(&signer(1), moved.as_bytes()),
        json!({"dsseEnvelope": {"payload": BASE64_STANDARD.encode(r#"{"predicateType":"x"}"#)}}),
    ];
    for bad_bundle in bad_bundles.clone() {
        let both = with_bundles([bad_bundle.clone(), good_bundle()]);
        assert!(examine(&both, &subject(), &policy(Claim::Signature)).unwrap().is_ok());
        let repository = with_bundles([bad_bundle]);
        sign_in(&repository, &[(good.clone(), content.clone())]);
        assert!(examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().is_ok());
    }
    let repository = with_bundles(bad_bundles);
    sign_in(&repository, &[(bad.clone(), content.clone())]);
    assert!(examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().is_err());
    let repository = with_bundles([good_bundle()]);
    sign_in(&repository, &[(bad, content)]);
    assert!(examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().is_ok());
}

#[test]
fn a_signature_that_is_far_too_large_is_not_read() {
    let content = vec![b' '; usize::try_from(LARGEST_SIGNATURE).unwrap() + 1];
    let repository = with_signatures(&[(layer(&signer(1), &content), content)]);
    let unverified = examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().unwrap_err();
    assert_eq!(unverified.refusals[0].reason, Reason::TooLarge { most: LARGEST_SIGNATURE });
}

#[test]
fn a_bad_piece_hides_no_good_one_and_helps_none() {
    let content = payload(&subject().to_string());
    let (good, bad) =
        ((layer(&signer(1), &content), content.clone()), (layer(&signer(2), &content), content));
    let other = payload(&Digest::of(b"other").to_string());
    let moved = (layer(&signer(1), &other), other);
    for layers in [vec![bad.clone(), good.clone()], vec![moved.clone(), good.clone(), bad.clone()]] {
        assert!(examine(&with_signatures(&layers), &subject(), &policy(Claim::Signature)).unwrap().is_ok());
    }
    // The right key on another digest, and the right digest by another key, are not one good signature.
    let repository = with_signatures(&[bad, moved]);
    assert!(examine(&repository, &subject(), &policy(Claim::Signature)).unwrap().is_err());
}

/// A repository with nothing in it, of which some cannot be asked for.
struct Down {
    list: Option<ErrorKind>,
    manifests: Option<ErrorKind>,
}

fn unless<T>(failure: Option<ErrorKind>, found: T) -> Result<T, Error> {
    failure.map_or(Ok(found), |kind| Err(Error::new(kind, "down", "down")))
}

impl Repository for Down {
    fn resolve(&self, _: &Selector) -> Result<Option<Descriptor>, Error> {
        Ok(None)
    }

    fn manifest(&self, _: &Selector) -> Result<Option<Manifest>, Error> {
        unless(self.manifests, None)
    }

    fn missing(&self, _: &[Descriptor], _: &Known) -> Result<Vec<Descriptor>, Error> {
        Ok(Vec::new())
    }

    fn open(&self, _: &Descriptor, _: u64) -> Result<Box<dyn std::io::Read + Send>, Error> {
        Err(Error::new(ErrorKind::Unavailable, "down", "down"))
    }

    fn put(
        &self,
        _: &Descriptor,
        _: &dyn torte::repository::Body,
        _: &[torte::oci::Name],
    ) -> Result<Moved, Error> {
        Ok(Moved::Sent)
    }

    fn publish(&self, _: &Manifest, _: &[Tag], _: &Expect) -> Result<torte::repository::Published, Error> {
        Ok(torte::repository::Published::default())
    }

    fn tags(&self) -> Result<Vec<Tag>, Error> {
        Ok(Vec::new())
    }

    fn referrers(&self, _: &Digest, _: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        unless(self.list, Vec::new())
    }

    fn remove(&self, _: &Selector) -> Result<torte::repository::Removed, Error> {
        Ok(torte::repository::Removed::default())
    }

    fn place(&self) -> String {
        "down".to_owned()
    }
}

#[test]
fn an_outage_is_neither_a_signature_nor_its_absence() {
    let down = Some(ErrorKind::Unavailable);
    for repository in [Down { list: down, manifests: None }, Down { list: None, manifests: down }] {
        let error = examine(&repository, &subject(), &policy(Claim::Signature)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
    }
}

#[test]
fn a_list_that_is_refused_is_blamed_on_nothing_else() {
    let refused = Down { list: Some(ErrorKind::Refused), manifests: None };
    let unverified = examine(&refused, &subject(), &policy(Claim::Signature)).unwrap().unwrap_err();
    let expected =
        format!("no good signature of {}: the list of what refers to it cannot be read", subject());
    assert_eq!(unverified.to_string(), expected);
}
