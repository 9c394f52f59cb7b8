//! Holds verification against what the real cosign said of hundreds of signatures: its own, and forged ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde_json::Value;
use sign_cases::{Case, asked, cases, key};
use torte::oci::{Digest, Selector};
use torte::repository::Repository as _;
use torte::signing::examine;
use torte::signing::verify::{Claim, Policy, Quorum, Reason};

#[path = "support/sign_cases.rs"]
mod sign_cases;

/// Where torte's verdict is not cosign's: a part of the case's name, the label of the run there, whether torte accepts,
/// and why.
const DIFFERENT: [(&str, &str, bool, &str); 15] = [
    ("-bundle-attest-", "k1", false, "an attestation is not a signature, and cosign takes it for one"),
    ("-legacy-k1-bundle-k2", "k1", true, "a bundle by another key hides no good signature"),
    ("-legacy-oci11", "exp", false, "an experiment of cosign's, which it looks for only if it is told to"),
    ("-B-predicatetype-", "", false, "a statement that does not say that it is a signature is none"),
    ("-good-legacy", "", true, "a bad bundle hides no good signature"),
    ("-bad-attestation-good", "", true, "a bad attestation hides no good one"),
    ("-no-claims", "", false, "a claim is always checked"),
    ("-loose-log-", "", false, "what a log said has the form in which clients write it"),
    ("-loose-json-", "", false, "what two readers may read in two ways is not read"),
    ("-loose-manifest-", "", false, "a manifest that is not as the specification has it is not read"),
    ("-loose-limit-", "", false, "what is read has bounds"),
    ("-loose-certificate", "", false, "nobody verifies the certificate that it comes with"),
    ("-loose-version-", "", false, "a version of bundles that was never published"),
    ("-loose-keyid", "", false, "which key it must be is for whoever verifies to say"),
    ("-loose-gzip", "", false, "nothing is unpacked before it is verified"),
];

/// Runs of cosign that failed for want of a network, and are about nothing that torte does.
const OFFLINE: &str = "tlog-on";

fn runs(case: &Case) -> Vec<Value> {
    match &case.expect["verify"] {
        Value::Array(all) => all.clone(),
        one => vec![one.clone()],
    }
}

fn difference(case: &Case, label: &str, accepts: bool) -> Option<usize> {
    DIFFERENT.iter().position(|(name, of, verdict, _)| {
        case.name.contains(name) && label.starts_with(of) && *verdict == accepts
    })
}

#[test]
fn every_verdict_is_cosigns_or_a_known_other_one() {
    let mut wrong = Vec::new();
    let mut used = [false; DIFFERENT.len()];
    let mut compared = 0;
    for case in cases("cosign").iter().chain(&cases("forged")) {
        for run in runs(case) {
            let label = run["label"].as_str().unwrap_or_default();
            if label == OFFLINE {
                continue;
            }
            let (digest, policy) = asked(&run);
            let digest = digest.unwrap_or_else(|| {
                let tag = Selector::Tag("v1".parse().unwrap());
                case.layout.resolve(&tag).unwrap().unwrap().digest
            });
            let verdict = examine(&case.layout, &digest, &policy).unwrap();
            compared += 1;
            if let Ok(verified) = &verdict {
                assert_eq!(verified.digest(), &digest);
            }
            if verdict.is_ok() == (run["exit"] == 0) {
                if case.name.contains("-loose-") {
                    wrong.push(format!("{} {label}: no difference any more", case.name));
                }
                continue;
            }
            match difference(case, label, verdict.is_ok()) {
                Some(at) => used[at] = true,
                None => {
                    wrong.push(format!("{} {label}: cosign {}, torte {verdict:?}", case.name, run["exit"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 360, "{compared}");
    let idle: Vec<_> = DIFFERENT.iter().zip(used).filter(|(_, used)| !used).map(|(entry, _)| entry).collect();
    assert!(idle.is_empty(), "nothing differs there any more: {idle:?}");
}

fn policy(keys: &[&str], quorum: Quorum) -> Policy {
    let keys = keys.iter().map(|file| key(file)).collect();
    Policy { keys, quorum, annotations: BTreeMap::new(), claim: Claim::Signature }
}

fn accepts(case: &Case, digest: &Digest, keys: &[&str], quorum: Quorum) -> bool {
    examine(&case.layout, digest, &policy(keys, quorum)).unwrap().is_ok()
}

#[test]
fn of_several_keys_each_must_have_signed_or_any() {
    for case in cases("cosign").iter().filter(|case| case.name.contains("-two-keys")) {
        let subject = case.subject();
        let both = ["k1.pub", "k2.pub"];
        assert!(accepts(case, &subject, &both, Quorum::All), "{}", case.name);
        assert!(!accepts(case, &subject, &["k1.pub", "empty.pub"], Quorum::All), "{}", case.name);
        assert!(accepts(case, &subject, &["empty.pub", "k2.pub"], Quorum::Any), "{}", case.name);
        assert!(!accepts(case, &subject, &["empty.pub"], Quorum::Any), "{}", case.name);
        assert!(!accepts(case, &subject, &[], Quorum::All), "nobody is not everybody");
        assert!(!accepts(case, &subject, &[], Quorum::Any));
        let verified = examine(&case.layout, &subject, &policy(&both, Quorum::All)).unwrap().unwrap();
        assert_eq!(verified.keys(), both.map(|file| key(file).digest()));
    }
    // One key in each form: both forms count, so that both keys are found.
    for case in cases("cosign").iter().filter(|case| case.name.contains("-legacy-k1-bundle-k2")) {
        assert!(accepts(case, &case.subject(), &["k1.pub", "k2.pub"], Quorum::All), "{}", case.name);
    }
}

#[test]
fn signatures_of_notation_are_seen_and_prove_nothing() {
    let all = cases("notation");
    let mut signed = 0;
    for case in &all {
        let subject = case.subject();
        signed += usize::from(!case.layout.referrers(&subject, None).unwrap().is_empty());
        assert!(!accepts(case, &subject, &["k1.pub", "k2.pub"], Quorum::Any), "{}", case.name);
    }
    assert!(signed > all.len() / 2, "{signed} of {}", all.len());
}

#[test]
fn a_layout_on_disk_is_verified_by_what_its_index_lists() {
    let subject: Digest =
        "sha256:0db1a5e7186abc1055d59bce638aa5b8afe17b02f2b7e84043910e4d201d2999".parse().unwrap();
    for case in cases("local") {
        // What `cosign save` writes keeps neither the tags nor the referrers in its index; cosign reads all files instead.
        let expected = !case.name.starts_with("save-");
        assert_eq!(accepts(&case, &subject, &["k1.pub"], Quorum::All), expected, "{}", case.name);
        assert!(!accepts(&case, &subject, &["k2.pub"], Quorum::All), "{}", case.name);
    }
}

#[test]
fn the_reason_says_what_is_wrong() {
    let all = cases("forged");
    let told = |name: &str| {
        let case = all.iter().find(|case| case.name.contains(name)).unwrap();
        let (_, policy) = asked(&case.expect["verify"]);
        let unverified = examine(&case.layout, &case.subject(), &policy).unwrap().unwrap_err();
        assert_eq!(unverified.refusals.len(), 1, "{name}");
        unverified.refusals[0].reason.clone()
    };
    assert_eq!(told("-L-other-digest"), Reason::OtherDigest);
    assert_eq!(told("-L-tampered-payload"), Reason::OtherKey);
    assert_eq!(told("-L-layer-size-wrong"), Reason::Content);
    assert_eq!(told("-L-sig-urlsafe"), Reason::Encoding);
    assert_eq!(told("-L-bundle-annotation-junk"), Reason::Log);
    assert_eq!(told("-L-optional-number"), Reason::Annotation("n".into()));
    assert_eq!(told("-B-wrong-key"), Reason::OtherKey);
    assert_eq!(told("-B-replay-subject-moved"), Reason::OtherDigest);
    assert_eq!(told("-B-sigs-good-twice"), Reason::SignatureCount(2));
    assert_eq!(told("-B-keyid-nonsense"), Reason::KeyName);
    assert_eq!(told("-B-payloadtype-empty"), Reason::PayloadType);
    assert_eq!(told("-B-predicatetype-other"), Reason::OtherType("https://example.com/x".into()));
    assert_eq!(told("-B-message-signature"), Reason::NoEnvelope);
    assert_eq!(told("-P-att-no-annotations"), Reason::NoSignature);
}
