//! Registries that want something first: TLS by an authority of one's own, Basic, a token.

use torte::oci::Digest;

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::{
    PASSWORD, Registry, USER, distribution_with_basic, distribution_with_tls, distribution_with_tokens,
    torte_serve_with_basic, torte_serve_with_tls,
};

const TOOLS: [&str; 6] = ["registry", "openssl", "crane", "oras", "regctl", "skopeo"];
const NOT_AUTHORISED: i32 = 4;
const CANNOT_BE_MET: i32 = 1;

/// torte pushes, every client reads and pushes, torte pulls; with what the lab's environment and `flags` say.
fn goes_both_ways(lab: &Lab, registry: &Registry, flags: &[&str]) {
    let digest = lab.build("flags:v1", 3, 4);
    let torte = |arguments: &[&str]| lab.torte(&[arguments, flags].concat());
    assert_eq!(torte(&["push", "flags:v1", &registry.place("org/flags")]), digest);
    for client in Client::ALL {
        let manifest = client.manifest(lab, registry, "org/flags:v1");
        assert_eq!(Digest::of(&manifest).to_string(), digest, "{client:?}");
        let name = format!("from/{}:v1", client.name());
        client.push(lab, &lab.text("store/flags"), "v1", registry, &name);
        assert_eq!(torte(&["pull", &registry.place(&name), &name, "--store", "other"]), digest, "{client:?}");
    }
    assert_eq!(torte(&["list", &registry.place("org/flags")]), "v1");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn tls_by_an_authority_of_ones_own() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    serves_by_an_authority_of_ones_own(&lab, &distribution_with_tls(&lab));
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn tls_of_torte_serve() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    serves_by_an_authority_of_ones_own(&lab, &torte_serve_with_tls(&lab));
}

fn serves_by_an_authority_of_ones_own(lab: &Lab, registry: &Registry) {
    let authority = lab.text("ca.pem");
    goes_both_ways(lab, registry, &["--ca-file", &authority]);
    let place = registry.place("org/flags:v1");
    lab.torte(&["pull", &place, "trusting", "--insecure"]);
    let refused = lab.torte_fails(&["pull", &place, "untrusting", "--retries", "0"]);
    assert_eq!(refused, CANNOT_BE_MET, "a later try would not help");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn basic_authentication() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = distribution_with_basic(&lab);
    refuses_strangers(&lab, &registry);
    lab.log_in(&registry.host, USER, PASSWORD);
    goes_both_ways(&lab, &registry, &[]);
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn users_of_torte_serve() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = torte_serve_with_basic(&lab);
    refuses_strangers(&lab, &registry);
    lab.log_in(&registry.host, USER, PASSWORD);
    goes_both_ways(&lab, &registry, &[]);
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn tokens_of_a_token_server() {
    let Some(lab) = Lab::with(&TOOLS) else { return };
    let registry = distribution_with_tokens(&lab);
    refuses_strangers(&lab, &registry);
    lab.log_in(&registry.host, USER, PASSWORD);
    let asked = || registry.tokens.as_ref().map_or(0, |tokens| tokens.asked().len());
    let before = asked();
    lab.build("single:v1", 3, 4);
    lab.torte(&["push", "single:v1", &registry.place("single")]);
    assert_eq!(asked() - before, 1, "one token does for a whole push");
    goes_both_ways(&lab, &registry, &[]);
}

fn refuses_strangers(lab: &Lab, registry: &Registry) {
    lab.build("flags:v1", 3, 4);
    let place = registry.place("org/flags");
    assert_eq!(lab.torte_fails(&["push", "flags:v1", &place]), NOT_AUTHORISED);
    lab.log_in(&registry.host, USER, "wrong");
    assert_eq!(lab.torte_fails(&["push", "flags:v1", &place]), NOT_AUTHORISED);
}
