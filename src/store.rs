//! The folder that holds all local layouts, and nothing else.

use std::path::{Path, PathBuf};

use crate::oci::{Name, Place, Reference};
use crate::repository::{Error, ErrorKind};

mod blobs;
mod check;
mod collect;
mod entries;
mod expiry;
mod fault;
mod gist;
mod ground;
mod held;
mod hint;
mod index_file;
mod layout;
mod listing;
mod mount;
mod names;
mod paths;
mod publish;
mod removal;
mod seen;
mod serving;
mod survey;
mod upload;
mod walk;

pub use check::{Checked, Fault, Grade, Look, Problem, Repaired, check, repair};
pub use collect::{Collected, Sweep};
pub use entries::{EXPIRES, Entry, ORIGIN, PINNED, Record, TAGGED, UNTAGGED};
pub use expiry::Expired;
pub use gist::Gists;
pub use layout::Layout;
pub use listing::{Listed, Listing, Warning};
pub use removal::Withdrawn;
pub use seen::Indexes;
pub use serving::{Lifetime, Serving, Wish};
pub use survey::{Ground, Survey, is_repository};
pub use upload::{IN_MEMORY, Upload};

/// The folder that holds all local layouts: the repository `org/app` is the layout `<root>/org/app`.
///
/// A Flipt server's `bundles_directory` can be the same folder. Nothing but layouts is ever written into it.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The store in a folder, which need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A repository, if it is there. Writes nothing.
    pub fn open(&self, name: &Name) -> Result<Option<Layout>, Error> {
        let (path, place) = self.locate(name)?;
        Layout::open(&path, place)
    }

    /// A repository, made if it is not there; repositories below and above it are left alone.
    pub fn create(&self, name: &Name) -> Result<Layout, Error> {
        let (path, place) = self.locate(name)?;
        Layout::create(&path, place)
    }

    /// All repositories with their bundles, sorted. What cannot be read becomes a warning; a store that does not
    /// exist is empty. Writes nothing.
    pub fn list(&self) -> Result<Listing, Error> {
        listing::list(self)
    }

    /// The directory of a repository, which need not exist, and how a user writes it.
    pub fn locate(&self, name: &Name) -> Result<(PathBuf, String), Error> {
        let place = Place::Local(name.clone()).to_string();
        // A name that came from elsewhere, such as the path of a remote repository, may be one that only the parser
        // of local references refuses.
        if let Err(reason) = format!("local://{name}").parse::<Reference>() {
            return Err(Error::new(ErrorKind::Refused, place, reason.to_string()));
        }
        Ok((self.root.join(name.as_str()), place))
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
