//! The password of private keys, as variables have it.

use std::ffi::OsStr;

use super::{Environment, Usage};
use crate::signing::Password;

/// The variables that hold it, in the order in which they are looked at.
const VARIABLES: [&str; 2] = ["TORTE_KEY_PASSWORD", "COSIGN_PASSWORD"];

/// The password that a variable holds. One that is set and empty is the empty password.
pub fn key_password(environment: &Environment) -> Option<Password> {
    let found = VARIABLES.iter().find_map(|name| environment.variables.get(OsStr::new(name)));
    found.map(|value| Password::new(value.as_encoded_bytes()))
}

/// When a signature counts as made: `SOURCE_DATE_EPOCH`, or else now.
pub fn signed(now: &str, environment: &Environment) -> Result<String, Usage> {
    match environment.text("SOURCE_DATE_EPOCH") {
        Some(_) => super::created(None, environment),
        None => Ok(now.to_owned()),
    }
}
