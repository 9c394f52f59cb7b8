//! Where an upload waits until it is whole: in memory while it is small, in a temporary file from then on.

use std::io::{self, Cursor, Read, Write as _};

use tempfile::NamedTempFile;

use crate::oci::{Descriptor, Verifying};
use crate::repository::{Body, Error, ErrorKind};

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// Bytes that came so far.
pub(super) struct Spool {
    kept: Kept,
    length: u64,
}

enum Kept {
    Memory(Vec<u8>),
    File(NamedTempFile),
}

impl Default for Spool {
    fn default() -> Self {
        Self { kept: Kept::Memory(Vec::new()), length: 0 }
    }
}

impl Spool {
    /// How many bytes there are.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Takes further bytes. May block once it is in a file, on a runtime that has other threads.
    pub(super) fn append(&mut self, data: &[u8]) -> io::Result<()> {
        match &mut self.kept {
            Kept::Memory(bytes) if bytes.len() + data.len() <= IN_MEMORY => bytes.extend_from_slice(data),
            Kept::Memory(bytes) => {
                let mut file = NamedTempFile::new()?;
                file.write_all(bytes)?;
                file.write_all(data)?;
                self.kept = Kept::File(file);
            }
            Kept::File(file) => tokio::task::block_in_place(|| file.write_all(data))?,
        }
        self.length += data.len() as u64;
        Ok(())
    }

    /// Reads it to its end and fails if it is not what the descriptor says.
    pub(super) fn verify(&self, blob: &Descriptor) -> Result<(), Error> {
        let mut reader = Verifying::new(self.open()?, blob.digest.clone(), blob.size);
        let wrong = |error| Error::new(ErrorKind::Corrupt, "upload", "the upload is wrong").because(error);
        io::copy(&mut reader, &mut io::sink()).map_err(wrong)?;
        Ok(())
    }
}

impl Body for Spool {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        Ok(match &self.kept {
            Kept::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Kept::File(file) => Box::new(file.reopen().map_err(|error| {
                Error::new(ErrorKind::Unavailable, "upload", "the upload cannot be read").because(error)
            })?),
        })
    }
}
