//! What makes a directory a layout, and what stands in it beside that.

use std::fs;
use std::io::ErrorKind as Io;
use std::path::Path;

use super::{Fault, Problem};
use crate::disk;
use crate::repository::Error;
use crate::store::ground::{self, Ground};
use crate::store::paths;

/// Looks at the marker; tells whether there is a layout to be looked into.
pub(super) fn marker(path: &Path, place: &str, faults: &mut Vec<Fault>) -> bool {
    let marker = path.join(paths::MARKER);
    match ground::of(path, place) {
        Ok(Ground::Layout) => true,
        Ok(Ground::Vacant) => {
            let what = "the making of this repository was cut short, and it is empty";
            faults.push(Fault::new(
                Problem::Leftover,
                path,
                what,
                "the next build or pull into it goes on with it",
            ));
            false
        }
        Ok(Ground::Directories) => false,
        Ok(Ground::Taken(_)) => {
            let what = "the file that makes this directory an image layout is missing";
            let todo = "write `{\"imageLayoutVersion\":\"1.0.0\"}` into it";
            faults.push(Fault::new(Problem::Missing, marker, what, todo));
            true
        }
        Err(error) => {
            let todo = "it should hold `{\"imageLayoutVersion\":\"1.0.0\"}`";
            faults.push(Fault::new(unreadable_or(&error, Problem::Layout), marker, error.what, todo));
            true
        }
    }
}

/// The problem, unless the operating system is the one that refused.
pub(super) fn unreadable_or(error: &Error, problem: Problem) -> Problem {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<disk::Error>());
    match cause {
        Some(disk::Error::InTheWay { .. }) => Problem::NotAFile,
        Some(disk::Error::TooLarge { .. }) | None => problem,
        Some(_) => Problem::Unreadable,
    }
}

/// Names what stands in a layout and does not belong there.
pub(super) fn strays(path: &Path, faults: &mut Vec<Fault>) {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return faults.push(unreadable(path, &error)),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Directories hold other repositories, and names that begin with a dot are anybody's.
        if paths::OWN.contains(&name.as_str()) || name.starts_with('.') || entry.path().is_dir() {
            continue;
        }
        let what = "this is not a part of an image layout";
        faults.push(Fault::new(
            Problem::Stray,
            entry.path(),
            what,
            "torte leaves it alone; move it if nobody needs it",
        ));
    }
}

/// The operating system does not let something be read.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    let what = match error.kind() {
        Io::PermissionDenied => "it cannot be read: no permission".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    Fault::new(Problem::Unreadable, path, what, "let torte read it, and check again")
}
