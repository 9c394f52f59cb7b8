//! Makes a content file of others that are there, instead of having it sent.

use std::io::{ErrorKind as Io, Read};
use std::time::SystemTime;

use super::Blobs;
use crate::bundle::{JoinError, Joined};
use crate::disk::Draft;
use crate::repository::{Error, ErrorKind, Moved};

/// Either the disk's trouble, or the bundle's.
enum Fault {
    Sum(JoinError),
    Other(Error),
}

impl From<JoinError> for Fault {
    fn from(error: JoinError) -> Self {
        Self::Sum(error)
    }
}

impl Blobs {
    /// Joins the parts into the whole, verifying all of them on the way; one that is there already is only proved.
    pub(in crate::store) fn join(&self, joined: &Joined, now: Option<SystemTime>) -> Result<Moved, Error> {
        let is_there = self.is_kept(&joined.whole, now)?;
        let mut draft = if is_there { None } else { Some(self.begin_whole(joined)?) };
        self.feed(joined, &mut draft)?;
        let Some(draft) = draft else { return Ok(Moved::Present) };
        self.finish(draft, &joined.whole.digest)
    }

    /// Proves that a whole that is here is made of its parts. Writes nothing.
    pub(in crate::store) fn prove(&self, joined: &Joined) -> Result<(), Error> {
        self.feed(joined, &mut None)
    }

    fn feed(&self, joined: &Joined, draft: &mut Option<Draft>) -> Result<(), Error> {
        self.feed_all(joined, draft).map_err(|fault| match fault {
            Fault::Other(error) => error,
            Fault::Sum(error) => {
                let hint = "somebody made it so that Flux and torte see two things: do not use it";
                Error::new(ErrorKind::Corrupt, &self.place, error.to_string()).hinting(hint)
            }
        })
    }

    fn begin_whole(&self, joined: &Joined) -> Result<Draft, Error> {
        self.prepare(&joined.whole.digest)?;
        self.begin()
    }

    fn feed_all(&self, joined: &Joined, draft: &mut Option<Draft>) -> Result<(), Fault> {
        let mut write = |bytes: &[u8]| match draft.as_mut() {
            Some(draft) => draft.write(bytes).map_err(|error| Fault::Other(self.fault(error))),
            None => Ok(()),
        };
        let mut whole = joined.joiner();
        let mut buffer = vec![0; 64 * 1024];
        for part in &joined.parts {
            let mut reader = self.open(part, 0).map_err(Fault::Other)?;
            loop {
                let count = match reader.read(&mut buffer) {
                    Err(error) if error.kind() == Io::Interrupted => continue,
                    outcome => outcome.map_err(|error| {
                        let what = format!("cannot read layer {}", part.digest);
                        Fault::Other(Error::reading(&self.place, what, error))
                    })?,
                };
                if count == 0 {
                    break;
                }
                whole.feed(&buffer[..count], &mut write)?;
            }
            whole.end_part()?;
        }
        whole.finish(&joined.whole, &mut write)
    }
}
