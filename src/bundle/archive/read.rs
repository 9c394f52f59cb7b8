//! Walks through an archive from elsewhere: regular files and directories, strictly, and nothing that two readers would
//! see differently.

use std::io::{self, Read};

use super::block::{self, Block, Kind};
use super::fault::of_reader;
use super::limits::Budget;
use super::pax::{self, Extension};
use super::register::{Claim, Register};
use super::tape::{Tape, is_zero};
use super::{BLOCK, Error, Stopped, name};

/// The most bytes of an extended header or a long name; the same as in Go.
const LARGEST_EXTENSION: u64 = 1024 * 1024;

/// What stands in an archive, one after the other.
pub enum Found<'a> {
    /// A directory.
    Directory {
        /// Its path: plain components with `/` between them.
        path: &'a str,
    },
    /// A regular file.
    File {
        /// Its path: plain components with `/` between them.
        path: &'a str,
        /// Whether anybody may run it.
        is_executable: bool,
        /// Its size in bytes, as the archive says; `body` has as many, or fails.
        size: u64,
        /// Its content. What is not read is passed over.
        body: &'a mut dyn Read,
    },
}

type Visitor<'v, E> = &'v mut dyn FnMut(Found<'_>) -> Result<(), E>;

/// Reads an archive, gzip or plain tar, from its first byte to the last, and shows each entry.
///
/// What was shown counts only once the whole archive was read without an error. All entries are files and directories
/// with paths that stay below a directory, each file once; anything else is refused. Modes, owners and times are dropped.
pub fn read<E>(body: impl Read, budget: &mut Budget, visit: Visitor<'_, E>) -> Result<(), Stopped<E>> {
    let Budget { meter, register } = budget;
    register.next_layer();
    let mut tape = Tape::open(body, meter)?;
    let mut extension = None;
    while let Some(bytes) = tape.block()? {
        if is_zero(&bytes) {
            none_left(extension.as_ref())?;
            return Ok(end(&mut tape)?);
        }
        let header = block::parse(&bytes).map_err(Error::broken)?;
        let size = header.size;
        match header.kind {
            Kind::Extended | Kind::LongName | Kind::Global => {
                none_left(extension.as_ref())?;
                extension = extended(&mut tape, &header)?;
            }
            _ => {
                meter.foresee(size)?;
                let entry = Entry::of(header, extension.take())?;
                show(&mut tape, &entry, register, visit)?;
            }
        }
        tape.skip(size.next_multiple_of(BLOCK as u64) - size)?;
    }
    // An archive without its end: many writers forget it, and the blob's digest says that nothing is missing.
    Ok(none_left(extension.as_ref())?)
}

/// Shows a blob that is a single file, under a path that comes from elsewhere too, within the same budget.
pub fn read_file<E>(
    path: &str,
    size: u64,
    body: impl Read,
    budget: &mut Budget,
    visit: Visitor<'_, E>,
) -> Result<(), Stopped<E>> {
    let Budget { meter, register } = budget;
    register.next_layer();
    meter.foresee(size)?;
    let entry = Entry { path: path.as_bytes().to_vec(), size, is_directory: false, is_executable: false };
    let mut tape = Tape::plain(body, meter);
    show(&mut tape, &entry, register, visit)?;
    // What the blob is read from sees its end, and checks it.
    let more = io::copy(&mut tape, &mut io::sink()).map_err(of_reader)?;
    if more > 0 { Err(Error::broken("it is longer than it should be").into()) } else { Ok(()) }
}

/// What lies behind the first block of zeros: another one, and zeros for ever.
fn end(tape: &mut Tape<'_>) -> Result<(), Error> {
    if tape.block()?.is_some_and(|second| !is_zero(&second)) {
        return Err(Error::broken("an entry follows a block of zeros, which other readers may not see"));
    }
    tape.demand_zeros()
}

/// An extended header belongs to the entry straight after it.
fn none_left(extension: Option<&Extension>) -> Result<(), Error> {
    match extension {
        Some(_) => Err(Error::broken("an extended header is followed by no entry that it could belong to")),
        None => Ok(()),
    }
}

/// Reads an extended header; what it says of the next entry, if it does.
fn extended(tape: &mut Tape<'_>, header: &Block) -> Result<Option<Extension>, Error> {
    if header.size > LARGEST_EXTENSION {
        return Err(Error::Limit(format!(
            "it has an extended header of more than {LARGEST_EXTENSION} bytes"
        )));
    }
    let mut data = Vec::new();
    tape.take(header.size).read_to_end(&mut data).map_err(of_reader)?;
    if (data.len() as u64) < header.size {
        return Err(Error::broken("it ends in the middle of an extended header"));
    }
    match header.kind {
        Kind::Global => pax::global(&data).map(|()| None),
        Kind::Extended => pax::local(&data).map(Some),
        _ => {
            let path = data.split(|byte| *byte == 0).next().map(<[u8]>::to_vec);
            Ok(Some(Extension { path, size: None }))
        }
    }
    .map_err(Error::Broken)
}

/// A file or a directory, whose path is as the archive has it.
struct Entry {
    path: Vec<u8>,
    size: u64,
    is_directory: bool,
    is_executable: bool,
}

impl Entry {
    /// What a header and the extended one before it say together.
    fn of(header: Block, extension: Option<Extension>) -> Result<Self, Error> {
        let Block { kind, path, size, is_executable } = header;
        let extension = extension.unwrap_or_default();
        let path = extension.path.unwrap_or(path);
        let refused = |why: &str| Err(Error::entry(&path, why));
        if let Kind::Refused(why) = kind {
            return refused(why);
        }
        if extension.size.is_some_and(|said| said != size) {
            return refused("its header and its extended header give it different sizes");
        }
        let has_slash = path.ends_with(b"/");
        let is_directory = kind == Kind::Directory || (kind == Kind::Old && has_slash);
        if is_directory && size > 0 {
            return refused("it is a directory with content");
        }
        Ok(Self { path, size, is_directory, is_executable })
    }
}

/// Checks the path of an entry, claims it, and shows it; leaves `from` behind its content.
fn show<E>(
    from: &mut dyn Read,
    entry: &Entry,
    register: &mut Register,
    visit: Visitor<'_, E>,
) -> Result<(), Stopped<E>> {
    let components = name::components(&entry.path).map_err(|why| Error::entry(&entry.path, why))?;
    if components.is_empty() {
        // The tree itself, which is there already.
        let why = "it is a file without a name";
        return if entry.is_directory { Ok(()) } else { Err(Error::entry(&entry.path, why).into()) };
    }
    if !entry.is_directory && entry.path.ends_with(b"/") {
        let why = "it is a file whose name ends in `/`, which other readers take for a directory";
        return Err(Error::entry(&entry.path, why).into());
    }
    let claim = register.claim(&components, entry.is_directory)?;
    let path = components.join("/");
    if entry.is_directory {
        return visit(Found::Directory { path: &path }).map_err(Stopped::Visitor);
    }
    let mut body = Body { from, left: entry.size, failure: None };
    let mut outcome = Ok(());
    if claim == Claim::Granted {
        let (is_executable, size) = (entry.is_executable, entry.size);
        outcome = visit(Found::File { path: &path, is_executable, size, body: &mut body });
    }
    if outcome.is_ok() {
        // Its own failure is looked at below.
        let _ = io::copy(&mut body, &mut io::sink());
    }
    // A visitor that was handed the failure may have said of it what it liked.
    body.failure.map_or(Ok(()), Err)?;
    outcome.map_err(Stopped::Visitor)
}

/// The content of one file.
struct Body<'a> {
    from: &'a mut dyn Read,
    left: u64,
    failure: Option<Error>,
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        if self.failure.is_some() {
            return Err(io::Error::other("the archive cannot be read any further"));
        }
        match self.from.read(&mut buffer[..most]) {
            Ok(0) => self.failure = Some(Error::broken("it ends in the middle of a file")),
            Ok(count) => {
                self.left -= count as u64;
                return Ok(count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => self.failure = Some(of_reader(error)),
        }
        Err(io::Error::other("the archive cannot be read any further"))
    }
}

#[cfg(test)]
mod tests;
