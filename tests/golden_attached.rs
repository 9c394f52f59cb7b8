//! What is attached, told of the repositories that cosign and notation signed, and carried out of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use serde_json::Value;
use torte::oci::{Digest, Manifest, Selector};
use torte::repository::attach::{How, Load, Nature, Node, What, carry, tree};
use torte::repository::copy::{Order, below, copy};
use torte::repository::{Expect, Known, Memory, Repository};

#[path = "support/sign_cases.rs"]
#[expect(dead_code, reason = "nothing is verified here")]
mod sign_cases;

use sign_cases::{Case, cases};

/// Every manifest that is attached, under what it is attached to, with its tag.
type Bonds = BTreeMap<(Digest, Digest), Option<String>>;

fn bonds(of: &Digest, nodes: &[Node], found: &mut Bonds) {
    for node in nodes {
        let digest = node.manifest.as_ref().unwrap().digest().clone();
        let tag = node.found.tag.as_ref().map(|(_, tag)| tag.to_string());
        found.insert((of.clone(), digest.clone()), tag);
        bonds(&digest, &node.nodes, found);
    }
}

/// What is attached to a bundle and to what it lists, and what it is.
fn attached(repository: &dyn Repository, bundle: &Manifest) -> (Bonds, Vec<Nature>) {
    let subjects: Vec<Digest> = [bundle.clone()]
        .into_iter()
        .chain(below(repository, bundle).unwrap())
        .map(|manifest| manifest.digest().clone())
        .collect();
    let forest = tree(repository, &subjects).unwrap();
    let (mut found, mut natures) = (Bonds::new(), Vec::new());
    for (subject, nodes) in subjects.iter().zip(&forest) {
        bonds(subject, nodes, &mut found);
        natures.extend(nodes.iter().map(|node| Nature::of(&node.found, node.manifest.as_ref().ok())));
    }
    (found, natures)
}

fn count(natures: &[Nature], what: What, by: &str) -> u64 {
    natures.iter().filter(|one| one.what == what && one.by == Some(by)).map(|one| one.count).sum()
}

fn bundle(case: &Case) -> Manifest {
    case.layout.manifest(&Selector::Tag("v1".parse().unwrap())).unwrap().unwrap()
}

/// How many signatures and attestations the commands of a case leave: cosign keeps one of two older signatures by one
/// key, and signs an index and its two children with `--recursive`.
fn made(case: &Case) -> (u64, u64) {
    let (mut signatures, mut attestations) = (0, 0);
    let mut older = Vec::new();
    for command in case.expect["commands"].as_array().unwrap() {
        let words: Vec<&str> = command.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let is_older = words.contains(&"--new-bundle-format=false");
        if words.contains(&"attest") {
            attestations += 1;
        } else if words.contains(&"sign") && !(is_older && older.contains(&words)) {
            signatures += if words.contains(&"--recursive") { 3 } else { 1 };
            older.push(words);
        }
    }
    (signatures, attestations)
}

#[test]
fn what_cosign_attached_is_told_for_what_it_is() {
    let all = cases("cosign");
    assert!(all.len() >= 48, "{}", all.len());
    for case in all {
        let (_, natures) = attached(&case.layout, &bundle(&case));
        let found =
            (count(&natures, What::Signature, "cosign"), count(&natures, What::Attestation, "cosign"));
        assert_eq!(found, made(&case), "{}: {natures:?}", case.name);
        let known = |one: &Nature| matches!(one.what, What::Signature | What::Attestation);
        assert!(natures.iter().all(known), "{}: {natures:?}", case.name);
    }
}

#[test]
fn what_notation_attached_is_told_for_what_it_is() {
    let all = cases("notation");
    assert!(all.len() >= 18, "{}", all.len());
    let mut signed = 0;
    for case in all {
        let (bonds, natures) = attached(&case.layout, &bundle(&case));
        assert_eq!(count(&natures, What::Signature, "notation"), bonds.len() as u64, "{}", case.name);
        signed += u64::from(!bonds.is_empty());
    }
    assert!(signed >= 16, "{signed}");
}

#[test]
fn all_that_is_attached_is_carried_and_carried_again_changes_nothing() {
    for case in ["cosign", "notation"].into_iter().flat_map(cases) {
        let (memory, bundle) = (Memory::default(), bundle(&case));
        let order = Order {
            manifest: &bundle,
            children: None,
            tags: &[],
            expect: Expect::Any,
            known: Known::Nothing,
            mounts: &[],
            join: None,
            concurrency: 2,
        };
        copy(&case.layout, &memory, &order, &()).unwrap();
        let load = Load::of(&case.layout, &bundle).unwrap();
        let how = How { mounts: &[], concurrency: 2 };
        let (expected, natures) = attached(&case.layout, &bundle);
        assert_eq!(load.is_empty(), expected.is_empty());
        for _ in 0..2 {
            let carried = carry(&case.layout, &memory, &load, how, &()).unwrap();
            assert_eq!((carried.natures.len(), carried.left_out.len()), (natures.len(), 0), "{}", case.name);
            assert_eq!(attached(&memory, &bundle).0, expected, "{}", case.name);
        }
        assert!(memory.tags().unwrap().iter().all(|tag| tag.as_str().contains('.')), "no fallback tag");
    }
}
