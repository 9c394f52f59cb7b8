//! torte's own registry, as the other clients see it.

use torte::serve::Auth;

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::{PASSWORD, USER, own};

fn every_client_pulls_and_pushes(auth: fn(torte::serve::Login) -> Auth) {
    let Some(lab) = Lab::with(&Client::TOOLS) else { return };
    let registry = own(&lab, auth);
    lab.log_in(&registry.host, USER, PASSWORD);
    for name in ["a", "b"] {
        lab.write(&format!("{name}.json"), format!(r#"{{"namespace":{{"key":"{name}"}}}}"#));
    }
    let reference = format!("{}/made/by-oras:v1", registry.host);
    let kind = "application/vnd.io.flipt.features.v1";
    let layers = ["a", "b"].map(|name| format!("{name}.json:application/vnd.io.flipt.features.namespace.v1"));
    let push = ["push", "--plain-http", "--artifact-type", kind, &reference, &layers[0], &layers[1]];
    lab.run("oras", &push);
    let made = Client::Oras.manifest(&lab, &registry, "made/by-oras:v1");
    for client in Client::ALL {
        let layout = lab.text(client.name());
        client.pull(&lab, &registry, "made/by-oras:v1", &layout);
        let name = format!("from/{}:v1", client.name());
        client.push(&lab, &layout, "v1", &registry, &name);
        assert!(client.manifest(&lab, &registry, &name) == made, "{client:?}");
        let blobs = client.blobs(&lab, &registry, &name);
        assert_eq!(blobs, Client::Oras.blobs(&lab, &registry, "made/by-oras:v1"), "{client:?}");
    }
    let tags = ["repo", "tags", "--plain-http", &format!("{}/from/crane", registry.host)];
    assert_eq!(lab.run("oras", &tags), b"v1\n");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn it_serves_every_client() {
    every_client_pulls_and_pushes(|_| Auth::Open);
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn it_serves_every_client_that_knows_the_password() {
    every_client_pulls_and_pushes(Auth::Basic);
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn it_serves_every_client_that_fetches_a_token() {
    every_client_pulls_and_pushes(Auth::Token);
}
