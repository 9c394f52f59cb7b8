//! Content of unknown length and digest on its way in: hashed while it comes, kept when it is what it should be.

use std::io;

use super::{Layout, fault};
use crate::disk::{Draft, Error as DiskError};
use crate::oci::{Descriptor, Digest, Hasher, media_type};
use crate::repository::{Error, ErrorKind, Moved};

/// Bytes that an upload keeps in memory before it needs a file.
pub const IN_MEMORY: usize = 64 * 1024;

/// What came so far of a blob. Dropped before it is kept, it leaves nothing.
#[derive(Default)]
pub struct Upload {
    kept: Kept,
    length: u64,
}

enum Kept {
    Memory(Vec<u8>),
    File(Box<InFile>),
}

struct InFile {
    draft: Draft,
    hasher: Hasher,
    place: String,
    /// A write failed, so that nobody knows what is in the file.
    is_broken: bool,
}

impl Default for Kept {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl InFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.check()?;
        self.hasher.update(bytes);
        self.draft.write(bytes).map_err(|error| {
            self.is_broken = true;
            self.fault(error)
        })
    }

    fn check(&self) -> Result<(), Error> {
        if !self.is_broken {
            return Ok(());
        }
        let what = "an earlier write of this upload failed; begin it anew";
        Err(Error::new(ErrorKind::Unavailable, &self.place, what))
    }

    fn fault(&self, error: DiskError) -> Error {
        fault::of_disk(&self.place, error)
    }

    /// What was written, from the first byte.
    fn read_back<T>(&mut self, read: impl FnOnce(&mut dyn io::Read) -> io::Result<T>) -> Result<T, Error> {
        self.check()?;
        let Self { draft, place, .. } = self;
        let mut written = draft.written().map_err(|error| fault::of_disk(place, error))?;
        read(&mut written)
            .map_err(|error| Error::new(ErrorKind::Refused, &*place, "cannot read an upload").because(error))
    }

    /// The digest of what was written, by the algorithm of another.
    fn digest(&mut self, like: &Digest) -> Result<Digest, Error> {
        self.check()?;
        let found = std::mem::take(&mut self.hasher).finish();
        if found.algorithm() == like.algorithm() {
            return Ok(found);
        }
        Ok(self.read_back(|written| like.read(written))?.0)
    }
}

impl Upload {
    /// How many bytes came.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether so many further bytes need a file, which [`Upload::move_to_file`] gives it.
    pub fn needs_file(&self, more: usize) -> bool {
        match &self.kept {
            Kept::Memory(bytes) => bytes.len() + more > IN_MEMORY,
            Kept::File(_) => false,
        }
    }

    /// Whether it is in memory, and stays there with so many further bytes.
    pub fn is_in_memory_with(&self, more: usize) -> bool {
        matches!(self.kept, Kept::Memory(_)) && !self.needs_file(more)
    }

    /// Keeps what came, and all that is to come, in a file of the layout where it will end. `like` is a digest of the
    /// algorithm by which it will be asked for, if that is known: another costs a second look at all bytes.
    pub fn move_to_file(&mut self, layout: &Layout, like: Option<&Digest>) -> Result<(), Error> {
        let Kept::Memory(bytes) = &self.kept else { return Ok(()) };
        let hasher = like.map_or_else(Hasher::default, Digest::hasher);
        let draft = layout.blobs.begin_upload()?;
        let mut file = InFile { draft, hasher, place: layout.place.clone(), is_broken: false };
        file.append(bytes)?;
        self.kept = Kept::File(Box::new(file));
        Ok(())
    }

    /// Takes the next bytes. Blocks where they go to a file.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.kept {
            Kept::Memory(all) => all.extend_from_slice(bytes),
            Kept::File(file) => file.append(bytes)?,
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Whether it is known already that a digest is another's: of what is in memory it is.
    pub fn is_other_than(&self, digest: &Digest) -> bool {
        match &self.kept {
            Kept::Memory(bytes) => !digest.matches(bytes),
            Kept::File(_) => false,
        }
    }

    /// All bytes, for what is small and read at once.
    pub fn into_bytes(self) -> Result<Vec<u8>, Error> {
        match self.kept {
            Kept::Memory(bytes) => Ok(bytes),
            Kept::File(mut file) => {
                let mut all = Vec::new();
                file.read_back(|written| written.read_to_end(&mut all))?;
                Ok(all)
            }
        }
    }
}

impl Layout {
    /// Makes an upload visible as a blob, if it is what its digest says; [`ErrorKind::Corrupt`] otherwise.
    ///
    /// What came through a file takes the place of what stood there, so that a blob that rotted is mended.
    pub fn keep(&self, upload: Upload, digest: &Digest) -> Result<Moved, Error> {
        match upload.kept {
            Kept::Memory(bytes) => {
                let blob = Descriptor::new(media_type::OCTETS, digest.clone(), upload.length);
                self.blobs.put_bytes(&blob, &bytes, self.relying()?)
            }
            Kept::File(mut file) => {
                if file.digest(digest)? != *digest {
                    let what = format!("cannot take blob {digest}: its content is another");
                    return Err(Error::new(ErrorKind::Corrupt, &self.place, what));
                }
                self.blobs.adopt(file.draft, digest, self.relying()?)
            }
        }
    }
}

#[cfg(test)]
mod tests;
