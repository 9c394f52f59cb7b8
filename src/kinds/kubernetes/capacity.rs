//! Whether what is packed can be unpacked again: it is held against the limits of torte's own reader.

use crate::bundle::archive::{self, Budget, END, Found, Limits};
use crate::kinds::fault::Fault;

/// What a reader takes.
pub(super) const LIMITS: Limits = Limits::DEFAULT;

/// Holds the entries of so many archives, each a path with the size of its content, against the limits of bytes.
///
/// A reader counts a directory in each layer that has it.
pub(super) fn check<'p>(
    archives: usize,
    entries: impl Iterator<Item = (&'p str, usize)>,
) -> Result<(), Vec<Fault>> {
    let (mut names, mut tar) = (0, (archives * END.len()) as u64);
    for (path, size) in entries {
        names += path.len() as u64 + 1;
        tar += archive::length(path, size) as u64;
    }
    let mut faults = Vec::new();
    if names > LIMITS.names {
        let message = format!(
            "the paths of all files and directories are {names} bytes together, those of directories once for each layer \
             that they are in, and a bundle may have {} at the most",
            LIMITS.names
        );
        faults.push(Fault::whole(".", "paths-too-long", message));
    }
    if tar > LIMITS.bytes {
        let message = format!(
            "the archives of a bundle may hold {} bytes together, and these would hold {tar}: the files, and for each \
             file and directory half a KiB or more",
            LIMITS.bytes
        );
        faults.push(Fault::whole(".", "tree-too-large", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Holds members, as they come, against the ratio of what is unpacked to what is downloaded.
#[derive(Default)]
pub(super) struct Ratio {
    part: usize,
    /// By how many bytes the parts before, and this one so far, are larger than the ratio allows. What those before are
    /// smaller by does not count, for one may unpack this part without them.
    owed: i64,
    surplus: i64,
    fault: Option<Fault>,
}

impl Ratio {
    /// Takes the next member of a part.
    pub(super) fn take(&mut self, part: usize, member: &[u8]) {
        if part != self.part {
            self.part = part;
            self.owed += std::mem::take(&mut self.surplus).max(0);
        }
        let [free, end] = [LIMITS.ratio_free, END.len() as u64].map(signed);
        let room = free - end - self.owed - self.surplus;
        let length = signed(archive::unpacked(member));
        if length > room && self.fault.is_none() && signed(archive::lead(member, LIMITS.ratio)) > room {
            self.fault = Some(too_small(member));
        }
        self.surplus += length - signed(LIMITS.ratio) * signed(member.len() as u64);
    }

    /// What is too much, if anything is.
    pub(super) fn end(self) -> Result<(), Vec<Fault>> {
        self.fault.map_or(Ok(()), |fault| Err(vec![fault]))
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The fault of the largest file in a member.
fn too_small(member: &[u8]) -> Fault {
    let mut largest = (0, ".".to_owned());
    let mut budget = Budget::new(Limits { ratio: u64::MAX, ..LIMITS });
    // It was written a moment ago; where it could not be read, the directory is named.
    let _ = archive::read(member, &mut budget, &mut |found| {
        if let Found::File { path, size, .. } = found
            && size >= largest.0
        {
            largest = (size, path.to_owned());
        }
        Ok::<_, std::convert::Infallible>(())
    });
    let message = format!(
        "this file compresses to less than a part in {} of itself, and what becomes so much larger when it is unpacked \
         is not unpacked, beyond the first MiB of a bundle; leave it out",
        LIMITS.ratio
    );
    Fault::whole(&largest.1, "compresses-too-well", message)
}

#[cfg(test)]
mod tests;
