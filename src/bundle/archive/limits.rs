//! How much an archive, or all archives of one bundle, may hold; counted while it is read, never believed.

use std::cell::Cell;

use super::Error;
use super::register::Register;

/// The most that is taken of one bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files and directories, those that are only named above others too; also gzip members.
    pub entries: u64,
    /// Bytes of all archives, unpacked.
    pub bytes: u64,
    /// Bytes of the paths of all entries together, which are kept in memory.
    pub names: u64,
    /// How many times larger than what was downloaded it may become.
    pub ratio: u64,
    /// So many bytes may come of nothing before the ratio counts.
    pub ratio_free: u64,
}

impl Limits {
    /// What is unpacked of any bundle, and so the most that is packed into one.
    pub const DEFAULT: Self = Self {
        entries: 200_000,
        bytes: 1024 * 1024 * 1024,
        names: 32 * 1024 * 1024,
        ratio: 200,
        ratio_free: 1024 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What the archives of one bundle used up so far, and which paths they claimed.
#[derive(Debug)]
pub struct Budget {
    pub(super) meter: Meter,
    pub(super) register: Register,
}

impl Budget {
    /// A fresh budget, for layers of which none may bring a file of another's path.
    pub fn new(limits: Limits) -> Self {
        Self { meter: Meter::new(limits), register: Register::new(limits, false) }
    }

    /// The same for layers that lie over each other: they must be read from the last to the first, and a file whose
    /// path a later layer has is passed over.
    pub fn overlaying(limits: Limits) -> Self {
        Self { meter: Meter::new(limits), register: Register::new(limits, true) }
    }

    /// Names that Windows would take for something else: the first of them with the reason, and how many there are.
    pub fn unportable(&self) -> Option<(&str, u64)> {
        self.register.unportable()
    }
}

/// Counts bytes on both sides of the decompressor.
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    members: Cell<u64>,
}

impl Meter {
    fn new(limits: Limits) -> Self {
        Self { limits, packed: Cell::default(), unpacked: Cell::default(), members: Cell::default() }
    }

    /// So many bytes were downloaded.
    pub(super) fn take(&self, count: usize) {
        self.packed.set(self.packed.get().saturating_add(count as u64));
    }

    /// So many bytes came of them.
    pub(super) fn give(&self, count: usize) -> Result<(), Error> {
        let unpacked = self.unpacked.get().saturating_add(count as u64);
        self.unpacked.set(unpacked);
        self.foresee(0)?;
        let Limits { ratio, ratio_free, .. } = self.limits;
        if unpacked > ratio_free.saturating_add(self.packed.get().saturating_mul(ratio)) {
            return Err(Error::Limit(format!("it becomes more than {ratio} times larger when unpacked")));
        }
        Ok(())
    }

    /// So many more bytes are said to come.
    pub(super) fn foresee(&self, size: u64) -> Result<(), Error> {
        if self.unpacked.get().saturating_add(size) > self.limits.bytes {
            return Err(Error::Limit(format!(
                "it holds more than {} bytes when unpacked",
                self.limits.bytes
            )));
        }
        Ok(())
    }

    /// Another gzip member begins.
    pub(super) fn member(&self) -> Result<(), Error> {
        self.members.set(self.members.get() + 1);
        if self.members.get() > self.limits.entries {
            return Err(Error::Limit(format!("it has more than {} gzip members", self.limits.entries)));
        }
        Ok(())
    }
}
