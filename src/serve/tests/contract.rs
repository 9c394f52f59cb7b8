//! torte's own client against torte's own registry: over HTTP, a repository keeps the contract of all repositories.

use super::*;
use crate::oci::Host;
use crate::registry::{Client as Pool, Credentials, Login as Given, Remote, Secret, Target};
use crate::repository::contract;

fn remote(sandbox: &Sandbox, credentials: &Credentials) -> Remote {
    let host: Host = sandbox.registry.address().to_string().parse().unwrap();
    let target = Target { host, name: "org/app".parse().unwrap(), plain_http: true };
    Remote::open(&target, credentials, &Pool::new(crate::registry::Options::default())).unwrap()
}

#[test]
fn over_a_store() {
    let sandbox = Sandbox::new();
    contract::holds(&remote(&sandbox, &Credentials::default()));
}

#[test]
fn with_a_password_and_with_tokens() {
    for auth in [Auth::Basic, Auth::Token] {
        let login = Login { user: "ann".into(), password: "secret".into() };
        let sandbox = Sandbox::asking(auth(login));
        let given = Given::Password { user: "ann".into(), password: Secret::new("secret") };
        contract::holds(&remote(
            &sandbox,
            &Credentials { given: Some(given.into()), ..Credentials::default() },
        ));
    }
}
