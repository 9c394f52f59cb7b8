//! What the disk refused, in the terms of a repository.

use std::io;

use crate::disk;
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
