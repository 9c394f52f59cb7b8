//! Many files that appear in a directory together, or not at all.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Error, within};

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
        let mut staging =
            Self { directory: directory.to_owned(), made_directory, stage: None, files: Vec::new() };
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
        let components = within::components(path)?;
        let target = within::place(&self.half("new"), &components)?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&target) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Error::Twice { path: path.chars().take(200).collect() });
            }
            outcome => outcome.map_err(Error::io("create", &target))?,
        };
        file.write_all(bytes).map_err(Error::io("write", &target))?;
        self.files.push(path.to_owned());
        Ok(())
    }

    /// Moves all files to their places; files of the same names are replaced, all others stay.
    ///
    /// Everything is checked before the first file moves, and everything goes back if one cannot.
    pub fn commit(mut self) -> Result<(), Error> {
        for path in &self.files {
            let target = within::place(&self.directory, &within::components(path)?)?;
            super::size(&target)?;
        }
        let mut steps = Vec::new();
        if let Err(failure) = self.move_all(&mut steps) {
            return Err(self.undo(steps, failure));
        }
        self.made_directory = false;
        Ok(())
    }

    fn move_all(&self, steps: &mut Vec<Step>) -> Result<(), Error> {
        let (new, old) = (self.half("new"), self.half("old"));
        for (number, path) in self.files.iter().enumerate() {
            let components = within::components(path)?;
            let target = within::place(&self.directory, &components)?;
            for depth in 1..components.len() {
                let above = within::place(&self.directory, &components[..depth])?;
                match fs::create_dir(&above) {
                    Ok(()) => steps.push(Step::Created(above)),
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(Error::io("create", &above)(error)),
                }
            }
            if super::size(&target)?.is_some() {
                step(&target, old.join(number.to_string()), steps)?;
            }
            step(&within::place(&new, &components)?, target, steps)?;
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

fn step(from: &Path, to: PathBuf, steps: &mut Vec<Step>) -> Result<(), Error> {
    fs::rename(from, &to).map_err(Error::io("create", &to))?;
    steps.push(Step::Moved { from: from.to_owned(), to });
    Ok(())
}

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
mod tests {
    use super::*;

    /// All files below a directory with their content, and all directories.
    fn tree(directory: &Path) -> Vec<(String, String)> {
        let mut found: Vec<_> = walkdir::WalkDir::new(directory)
            .min_depth(1)
            .into_iter()
            .map(|entry| {
                let path = entry.unwrap().into_path();
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
                (name, fs::read_to_string(&path).unwrap_or_else(|_| "/".into()))
            })
            .collect();
        found.sort();
        found
    }

    fn pair(name: &str, content: &str) -> (String, String) {
        (name.into(), content.into())
    }

    #[test]
    fn all_files_appear_at_once_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("kept"), "mine").unwrap();
        fs::write(dir.path().join("a"), "old").unwrap();
        let mut staging = Staging::begin(dir.path()).unwrap();
        staging.write("a", b"new").unwrap();
        staging.write("d/e/f", b"deep").unwrap();
        staging.write("d/e/g", b"too").unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("a")).unwrap(), "old");
        assert!(!dir.path().join("d").exists());
        staging.commit().unwrap();
        let expected = [
            pair("a", "new"),
            pair("d", "/"),
            pair("d/e", "/"),
            pair("d/e/f", "deep"),
            pair("d/e/g", "too"),
            pair("kept", "mine"),
        ];
        assert_eq!(tree(dir.path()), expected);
    }

    #[test]
    fn without_a_commit_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let fresh = dir.path().join("x/fresh");
        let mut staging = Staging::begin(&fresh).unwrap();
        staging.write("a", b"new").unwrap();
        drop(staging);
        assert!(!fresh.exists());
        assert!(matches!(Staging::begin(&fresh).unwrap().write("../b", b""), Err(Error::Outside { .. })));
        assert_eq!(tree(dir.path()), [pair("x", "/")]);
    }

    #[test]
    fn what_is_in_the_way_is_found_before_anything_moves() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("z")).unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        let before = tree(dir.path());
        for path in ["z", "file/below"] {
            let mut staging = Staging::begin(dir.path()).unwrap();
            staging.write("a", b"new").unwrap();
            staging.write(path, b"new").unwrap();
            assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
            assert_eq!(tree(dir.path()), before, "{path}");
        }
    }

    #[test]
    fn a_failure_half_way_puts_everything_back() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "old").unwrap();
        let mut staging = Staging::begin(dir.path()).unwrap();
        staging.write("a", b"new").unwrap();
        staging.write("d/b", b"new").unwrap();
        staging.write("d/c", b"new").unwrap();
        // The last file is gone when its turn comes.
        fs::remove_file(staging.half("new").join("d/c")).unwrap();
        assert!(matches!(staging.commit(), Err(Error::Io { .. })));
        assert_eq!(tree(dir.path()), [pair("a", "old")]);
    }

    #[test]
    fn a_path_is_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut staging = Staging::begin(dir.path()).unwrap();
        staging.write("a", b"1").unwrap();
        assert!(matches!(staging.write("a", b"2"), Err(Error::Twice { .. })));
        assert!(matches!(staging.write("a/b", b"2"), Err(Error::InTheWay { .. })));
        staging.write("d/b", b"1").unwrap();
        assert!(matches!(staging.write("d", b"2"), Err(Error::Twice { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_written_through_or_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (target, elsewhere) = (dir.path().join("target"), dir.path().join("elsewhere"));
        fs::create_dir(&target).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, target.join("link")).unwrap();
        for path in ["link", "link/x"] {
            let mut staging = Staging::begin(&target).unwrap();
            staging.write(path, b"new").unwrap();
            assert!(matches!(staging.commit(), Err(Error::InTheWay { .. })), "{path}");
        }
        assert_eq!(tree(&elsewhere), []);
    }
}
