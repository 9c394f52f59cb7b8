//! Bends good signatures at random, a million times if asked to: none that says something else is accepted, and none
//! panics.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use dice::Dice;
use serde_json::Value;
use sign_cases::{cases, fixtures};
use torte::oci::{Descriptor, Digest, Selector};
use torte::repository::Repository as _;
use torte::signing::PublicKey;
use torte::signing::verify::{Claim, Examination, Form, Policy, Quorum};

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "diff/dice.rs"]
mod dice;
#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/sign_cases.rs"]
mod sign_cases;

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

/// How often, unless `TORTE_MUTATIONS` says.
const ROUNDS: u64 = 20_000;

/// What stands beside a signature in annotations, and must not change what it says.
const BESIDE: [&str; 4] = [
    "dev.sigstore.cosign/bundle",
    "dev.sigstore.cosign/certificate",
    "dev.sigstore.cosign/chain",
    "dev.sigstore.cosign/rfc3161timestamp",
];

/// A good signature: the layer, and what it holds.
#[derive(Clone)]
struct Good {
    key: &'static str,
    form: Form,
    claim: Claim,
    subject: Digest,
    layer: Descriptor,
    content: Vec<u8>,
}

fn policy(one: &Good) -> Policy {
    let file = fs::read(fixtures().join("keys").join(one.key)).unwrap();
    let keys = vec![PublicKey::read(&file).unwrap()];
    Policy { keys, quorum: Quorum::All, annotations: BTreeMap::new(), claim: one.claim.clone() }
}

/// Some of cosign's own, and some with what logs say, as they are written with a network.
fn good() -> Vec<Good> {
    let attestation = || Claim::Attestation("https://example.com/predicate/v1".into());
    let wanted = [
        ("cosign", "012-bundle-digest", Form::Bundle, Claim::Signature),
        ("cosign", "014-bundle-annotations", Form::Bundle, Claim::Signature),
        ("cosign", "064-flux-bundle", Form::Bundle, Claim::Signature),
        ("cosign", "020-bundle-attest-uri", Form::Bundle, attestation()),
        ("cosign", "002-legacy-digest", Form::Legacy, Claim::Signature),
        ("cosign", "004-legacy-annotations", Form::Legacy, Claim::Signature),
        ("cosign", "010-legacy-attest-uri", Form::Legacy, attestation()),
        ("forged", "-B-log-dsse", Form::Bundle, Claim::Signature),
        ("forged", "-B-log-hashedrekord-2", Form::Bundle, Claim::Signature),
        ("forged", "-L-log-good", Form::Legacy, Claim::Signature),
        ("forged", "-L-time-good", Form::Legacy, Claim::Signature),
    ];
    let sets = BTreeMap::from(["cosign", "forged"].map(|set| (set, cases(set))));
    let found = wanted.map(|(set, name, form, claim)| {
        let case = sets[set].iter().find(|case| case.name.ends_with(name)).unwrap();
        let key = if set == "forged" { "shapeA.pub" } else { "k1.pub" };
        let subject = case.subject();
        let at = match (form, &claim) {
            (Form::Bundle, _) => {
                Selector::Digest(case.layout.referrers(&subject, None).unwrap()[0].digest.clone())
            }
            (_, Claim::Signature) => Selector::Tag(format!("sha256-{}.sig", subject.hex()).parse().unwrap()),
            _ => Selector::Tag(format!("sha256-{}.att", subject.hex()).parse().unwrap()),
        };
        let layer = case.layout.manifest(&at).unwrap().unwrap().layers()[0].clone();
        let mut content = Vec::new();
        case.layout.open(&layer, 0).unwrap().read_to_end(&mut content).unwrap();
        Good { key, form, claim, subject, layer, content }
    });
    found.to_vec()
}

/// Whether it is accepted, as if a registry had served exactly this.
fn accepts(one: &Good, policy: &Policy) -> bool {
    let mut layer = Descriptor::of(&one.layer.media_type, &one.content);
    layer.annotations.clone_from(&one.layer.annotations);
    let mut examination = Examination::new(&one.subject, policy);
    examination.piece(one.form, &one.subject, &layer, &one.content);
    examination.verdict().is_ok()
}

/// Base64 of any dialect.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let plain = text.replace(['\r', '\n'], "").replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&alphabet::STANDARD, config).decode(plain).ok()
}

/// What was signed: the digest that is verified and what is claimed of it by whom, the payload with its type, and a signature.
type Meaning = ((Digest, String, &'static str), Vec<u8>, String, Vec<u8>);

/// What it says, whatever the wrapping looks like, once for each signature.
fn meanings(one: &Good) -> Vec<Meaning> {
    let subject = (one.subject.clone(), format!("{:?}", one.claim), one.key);
    if one.form == Form::Legacy && one.claim == Claim::Signature {
        let signature = one.layer.annotation(SIGNATURE).and_then(bytes);
        return signature
            .map(|signature| (subject, one.content.clone(), String::new(), signature))
            .into_iter()
            .collect();
    }
    let tree: Value = serde_json::from_slice(&one.content).unwrap_or_default();
    let envelope = ["dsseEnvelope", "dsse_envelope"].iter().find_map(|name| tree.get(name)).unwrap_or(&tree);
    let text = |of: &Value, name: &str| of.get(name)?.as_str().map(str::to_owned);
    let payload = text(envelope, "payload").and_then(|text| bytes(&text));
    let (Some(payload), Some(kind)) = (payload, text(envelope, "payloadType")) else { return Vec::new() };
    let signatures = envelope["signatures"].as_array().into_iter().flatten();
    let signatures = signatures.filter_map(|signature| text(signature, "sig").and_then(|text| bytes(&text)));
    signatures.map(|signature| (subject.clone(), payload.clone(), kind.clone(), signature)).collect()
}

/// Changes bytes: bits, cuts, doublings, insertions.
fn bend(content: &mut Vec<u8>, dice: &mut Dice) {
    if content.is_empty() {
        return;
    }
    let at = dice.below(content.len());
    match dice.below(7) {
        0 | 1 => content[at] ^= 1 << dice.below(8),
        2 => content[at] = b"{}[]\",:\\ 0aA=+/-_"[dice.below(17)],
        3 => content.truncate(at),
        4 => {
            let end = (at + 1 + dice.below(40)).min(content.len());
            let part = content[at..end].to_vec();
            let to = dice.below(content.len());
            content.splice(to..to, part);
        }
        5 => {
            let end = (at + 1 + dice.below(8)).min(content.len());
            content.drain(at..end);
        }
        _ => content.insert(at, b"{}[]\",:\\ 0aA=+/-_"[dice.below(17)]),
    }
}

/// Changes a tree: takes away, renames, doubles and nests fields, and puts other values in their place.
fn edit(value: &mut Value, other: &Value, dice: &mut Dice) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let at = dice.below(fields.len());
            let key = fields.keys().nth(at).unwrap().clone();
            match dice.below(8) {
                0 => drop(fields.remove(&key)),
                1 => {
                    let taken = fields.remove(&key).unwrap();
                    fields.insert(key.to_uppercase(), taken);
                }
                2 => drop(fields.insert(key, Value::Null)),
                3 => drop(fields.insert(format!("{key}x"), Value::from(1))),
                4 => {
                    let taken = other.get(&key).cloned().unwrap_or_default();
                    fields.insert(key, taken);
                }
                _ => edit(&mut fields[&key], other.get(&key).unwrap_or(other), dice),
            }
        }
        Value::Array(items) => match dice.below(4) {
            0 => items.clear(),
            1 => items.push(other.get(0).cloned().unwrap_or_default()),
            2 if !items.is_empty() => items.push(items[0].clone()),
            _ if !items.is_empty() => {
                let at = dice.below(items.len());
                edit(&mut items[at], other.get(at).unwrap_or(other), dice);
            }
            _ => {}
        },
        Value::String(text) => {
            let mut content = bytes(text).filter(|_| dice.below(3) > 0).unwrap_or_default();
            if content.is_empty() {
                content = text.clone().into_bytes();
                bend(&mut content, dice);
                *text = String::from_utf8_lossy(&content).into_owned();
                return;
            }
            // Inside of the base64, where the statement and the signature are.
            bend(&mut content, dice);
            *text = base64::prelude::BASE64_STANDARD.encode(content);
        }
        other => *other = Value::from("x"),
    }
}

fn mutate(one: &mut Good, other: &Good, dice: &mut Dice) {
    match dice.below(6) {
        0 => bend(&mut one.content, dice),
        5 => {
            let beside = BESIDE[dice.below(BESIDE.len())];
            let mut text = one.layer.annotation(beside).unwrap_or("{}").as_bytes().to_vec();
            bend(&mut text, dice);
            one.layer.annotations.insert(beside.to_owned(), String::from_utf8_lossy(&text).into_owned());
        }
        1 => {
            let mut text = one.layer.annotation(SIGNATURE).unwrap_or_default().as_bytes().to_vec();
            bend(&mut text, dice);
            one.layer.annotations.insert(SIGNATURE.to_owned(), String::from_utf8_lossy(&text).into_owned());
        }
        2 => match dice.below(3) {
            0 => one.subject = Digest::of(&[dice.below(256).to_le_bytes()[0]]),
            1 => one.content.clone_from(&other.content),
            _ => one.layer.annotations.clone_from(&other.layer.annotations),
        },
        _ => {
            let parse = |content: &[u8]| serde_json::from_slice::<Value>(content).unwrap_or_default();
            let mut tree = parse(&one.content);
            edit(&mut tree, &parse(&other.content), dice);
            one.content = tree.to_string().into_bytes();
        }
    }
}

#[test]
fn bent_signatures_are_not_accepted_unless_they_say_the_same() {
    let rounds = std::env::var("TORTE_MUTATIONS").map_or(ROUNDS, |text| text.parse().unwrap());
    let good = good();
    let policies: Vec<_> = good.iter().map(policy).collect();
    for (one, policy) in good.iter().zip(&policies) {
        assert!(accepts(one, policy), "all are good to begin with");
    }
    let known: Vec<Meaning> = good.iter().flat_map(meanings).collect();
    let mut dice = Dice::new(20_261_121);
    let mut same = 0;
    for round in 0..rounds {
        let at = dice.below(good.len());
        let mut bent = good[at].clone();
        for _ in 0..=dice.below(2) {
            let other = &good[dice.below(good.len())];
            mutate(&mut bent, other, &mut dice);
        }
        if !accepts(&bent, &policies[at]) {
            continue;
        }
        same += 1;
        let says_the_same = meanings(&bent).iter().any(|meaning| known.contains(meaning));
        assert!(says_the_same, "round {round}: {}", String::from_utf8_lossy(&bent.content));
    }
    // A letter of a hint, the spare bits of base64: some changes change nothing.
    assert!(same > 0 && same < rounds / 4, "{same} of {rounds}");
}
