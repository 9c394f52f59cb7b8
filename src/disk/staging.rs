//! Many files that appear in a directory together, or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::ops::Bound;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Error, within};

/// How much is read at once, in bytes.
const BUFFER: usize = 64 * 1024;

/// Files that are written inside the directory they are meant for, under a hidden name, until [`Staging::commit`].
///
/// Dropped before that, it leaves the directory as it was. A process that is killed leaves `.torte-…` behind; if that
/// happens within the commit itself, the files that were replaced are in there, under `old`.
#[derive(Debug)]
pub struct Staging {
    directory: PathBuf,
    made_directory: bool,
    /// Holds `new` and `old`; `None` once it is gone.
    stage: Option<TempDir>,
    files: Vec<String>,
    /// Made at the commit only: many empty directories cost nothing before it.
    directories: BTreeSet<String>,
}

/// One step of a commit, for the way back.
enum Step {
    Created(PathBuf),
    Moved { from: PathBuf, to: PathBuf },
}

impl Staging {
    /// Begins to write into a directory, which is made if it is not there.
    ///
    /// Whether files may be written where others are already is the caller's question; [`super::is_vacant`] helps.
    pub fn begin(directory: &Path) -> Result<Self, Error> {
        let made_directory = !directory.exists();
        fs::create_dir_all(directory).map_err(Error::io("create", directory))?;
        // From here on, dropping it takes everything back.
        let mut staging = Self {
            directory: directory.to_owned(),
            made_directory,
            stage: None,
            files: Vec::new(),
            directories: BTreeSet::new(),
        };
        let stage = tempfile::Builder::new().prefix(".torte-").tempdir_in(directory);
        staging.stage = Some(stage.map_err(Error::io("create a directory in", directory))?);
        for half in ["new", "old"] {
            let path = staging.half(half);
            fs::create_dir(&path).map_err(Error::io("create", &path))?;
        }
        Ok(staging)
    }

    fn half(&self, name: &str) -> PathBuf {
        self.stage.as_ref().map_or_else(|| self.directory.clone(), |stage| stage.path().to_owned()).join(name)
    }

    /// Writes one file; `path` is relative, written with `/`, and may not lead out of the directory.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let (target, mut file) = self.create(path, 0o666)?;
        file.write_all(bytes).map_err(Error::io("write", &target))
    }

    /// Writes one file from a reader, a buffer at a time: mode 0755 or 0644, of which the umask may take more.
    ///
    /// What the reader fails with is [`Error::Content`].
    pub fn write_from(&mut self, path: &str, from: &mut dyn Read, is_executable: bool) -> Result<(), Error> {
        let (target, mut file) = self.create(path, if is_executable { 0o755 } else { 0o644 })?;
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(source) => return Err(Error::Content { path: shortened(path), source }),
            };
            file.write_all(&buffer[..count]).map_err(Error::io("write", &target))?;
        }
    }

    /// Makes a directory that may stay empty, when all is committed. It may be staged as often as one likes.
    pub fn directory(&mut self, path: &str) -> Result<(), Error> {
        within::check(path)?;
        let new = self.half("new");
        for above in parents(path, self.directories.last().map_or("", String::as_str)) {
            within::is_directory(&new.join(above))?;
        }
        within::is_directory(&new.join(path)).map_err(|_| twice(path))?;
        self.directories.insert(path.to_owned());
        Ok(())
    }

    /// Creates a file among the new ones, and the directories above it.
    fn create(&mut self, path: &str, mode: u32) -> Result<(PathBuf, File), Error> {
        within::check(path)?;
        if self.is_directory(path) {
            return Err(twice(path));
        }
        let new = self.half("new");
        // Files come directory by directory, most of the time.
        for above in parents(path, self.files.last().map_or("", String::as_str)) {
            make(&new.join(above))?;
        }
        let target = new.join(path);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        with_mode(&mut options, mode);
        let file = match options.open(&target) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(twice(path)),
            outcome => outcome.map_err(Error::io("create", &target))?,
        };
        self.files.push(path.to_owned());
        Ok((target, file))
    }

    /// Whether a path is one of a directory that is made at the commit, or above one.
    fn is_directory(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let from = (Bound::Included(below.as_str()), Bound::Unbounded);
        let is_above = self.directories.range::<str, _>(from).next().is_some_and(|at| at.starts_with(&below));
        is_above || self.directories.contains(path)
    }

    /// Moves all files to their places, and makes the directories; files of the same names are replaced, directories
    /// and everything else stay.
    ///
    /// Everything is checked before the first file moves, and everything goes back if one cannot.
    pub fn commit(mut self) -> Result<(), Error> {
        self.each_directory(&mut |path| within::is_directory(&path).map(drop))?;
        let is_there = |path: &String| Ok(super::size(&self.directory.join(path))?.is_some());
        let replaces = self.files.iter().map(is_there).collect::<Result<Vec<bool>, Error>>()?;
        let mut steps = Vec::new();
        if let Err(failure) = self.move_all(&replaces, &mut steps) {
            return Err(self.undo(steps, failure));
        }
        self.made_directory = false;
        Ok(())
    }

    /// The directories that are needed, nearly always once each. One comes before those in it: what would be below a link
    /// is never looked at.
    fn each_directory(&self, visit: &mut dyn FnMut(PathBuf) -> Result<(), Error>) -> Result<(), Error> {
        let mut files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        files.sort_unstable();
        let mut before = "";
        for path in files {
            parents(path, before).try_for_each(|above| visit(self.directory.join(above)))?;
            before = path;
        }
        for path in &self.directories {
            parents(path, before).chain([path.as_str()]).try_for_each(|at| visit(self.directory.join(at)))?;
            before = path;
        }
        Ok(())
    }

    /// Makes the directories, and moves the files; of each it is known whether it replaces another.
    fn move_all(&self, replaces: &[bool], steps: &mut Vec<Step>) -> Result<(), Error> {
        let (new, old) = (self.half("new"), self.half("old"));
        self.each_directory(&mut |path| {
            if make(&path)? {
                steps.push(Step::Created(path));
            }
            Ok(())
        })?;
        for (number, (path, replaces)) in self.files.iter().zip(replaces).enumerate() {
            let target = self.directory.join(path);
            if *replaces {
                step(&target, old.join(number.to_string()), steps)?;
            }
            step(&new.join(path), target, steps)?;
        }
        Ok(())
    }

    /// Takes all steps back, the last first. What was there before is kept where even that fails.
    fn undo(&mut self, steps: Vec<Step>, failure: Error) -> Error {
        let mut is_undone = true;
        for step in steps.into_iter().rev() {
            is_undone &= match step {
                Step::Created(path) => fs::remove_dir(path).is_ok(),
                Step::Moved { from, to } => fs::rename(to, from).is_ok(),
            };
        }
        match self.stage.take_if(|_| !is_undone) {
            Some(stage) => Error::Undo { kept: stage.keep(), source: Box::new(failure) },
            None => failure,
        }
    }
}

/// The directories above a path, the outermost first, without those that are above the path before it too.
fn parents<'a>(path: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    let all = path.match_indices('/').map(|(at, _)| &path[..at]);
    all.filter(move |above| before.strip_prefix(above).is_none_or(|rest| !rest.starts_with('/')))
}

/// Makes a directory; tells whether it was not there. A link to one is in the way.
fn make(path: &Path) -> Result<bool, Error> {
    match fs::create_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => within::is_directory(path).map(|_| false),
        Err(error) => Err(Error::io("create", path)(error)),
    }
}

fn step(from: &Path, to: PathBuf, steps: &mut Vec<Step>) -> Result<(), Error> {
    fs::rename(from, &to).map_err(Error::io("create", &to))?;
    steps.push(Step::Moved { from: from.to_owned(), to });
    Ok(())
}

fn shortened(path: &str) -> String {
    path.chars().take(200).collect()
}

fn twice(path: &str) -> Error {
    Error::Twice { path: shortened(path) }
}

#[cfg(unix)]
fn with_mode(options: &mut OpenOptions, mode: u32) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode);
}

#[cfg(not(unix))]
fn with_mode(_: &mut OpenOptions, _: u32) {}

impl Drop for Staging {
    fn drop(&mut self) {
        drop(self.stage.take());
        if self.made_directory {
            // Fails where somebody else wrote into it meanwhile, and must.
            let _ = fs::remove_dir(&self.directory);
        }
    }
}

#[cfg(test)]
mod tests;
