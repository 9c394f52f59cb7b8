//! What the disk refused, in the terms of a repository.

use std::io;

use crate::disk;
use crate::oci::VerifyError;
use crate::repository::{Error, ErrorKind};

/// What the disk refused while it served the repository at `place`.
pub(super) fn of_disk(place: &str, fault: disk::Error) -> Error {
    let kind = match &fault {
        disk::Error::Interrupted { .. } => ErrorKind::Interrupted,
        disk::Error::Locked { .. } => ErrorKind::Conflict,
        _ if fault.io_kind() == Some(io::ErrorKind::NotFound) => ErrorKind::NotFound,
        _ => ErrorKind::Refused,
    };
    Error::new(kind, place, fault.to_string()).because(fault)
}

/// What a body's reader said: content that is wrong, the error of another repository, or of an operating system.
pub(super) fn of_body(place: &str, what: String, fault: io::Error) -> Error {
    match fault.downcast::<Error>() {
        Ok(error) => error,
        Err(fault) => {
            let is_wrong =
                fault.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<VerifyError>);
            let kind = if is_wrong { ErrorKind::Corrupt } else { ErrorKind::Refused };
            Error::new(kind, place, what).because(fault)
        }
    }
}
