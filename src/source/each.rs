//! The directories that a pattern such as `envs/*` means.

use std::fs;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;

/// Why a pattern cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum EachError {
    /// Not a pattern.
    #[error("it is not a pattern: {0}")]
    Pattern(#[from] globset::Error),
    /// It would look into all directories, however deep.
    #[error("`**` is not followed")]
    Deep,
    /// A directory on the way cannot be listed.
    #[error("cannot list `{path}`: {cause}", path = .path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

/// The directories that a pattern means, sorted; `*`, `?`, `[…]` and `{…}` stand for parts of one name, as in a shell.
///
/// A name that begins with a dot is only meant by a part that does so too.
pub fn directories(pattern: &str) -> Result<Vec<PathBuf>, EachError> {
    let mut found = vec![if pattern.starts_with('/') { PathBuf::from("/") } else { PathBuf::new() }];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for directory in &found {
            step(directory, part, &mut next)?;
        }
        found = next;
    }
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}

fn step(directory: &Path, part: &str, next: &mut Vec<PathBuf>) -> Result<(), EachError> {
    if part.contains("**") {
        return Err(EachError::Deep);
    }
    if !part.contains(['*', '?', '[', '{']) {
        next.push(directory.join(part));
        return Ok(());
    }
    let matcher = GlobBuilder::new(part).literal_separator(true).build()?.compile_matcher();
    let listed = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    if !listed.is_dir() {
        return Ok(());
    }
    let failed = |cause| EachError::Io { path: listed.to_owned(), cause };
    for entry in fs::read_dir(listed).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        if matcher.is_match(&name) && (!is_hidden || part.starts_with('.')) {
            next.push(directory.join(name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_found_part_by_part() {
        let root = tempfile::tempdir().unwrap();
        for directory in ["envs/staging/flags", "envs/production/flags", "envs/.hidden", "other"] {
            fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        fs::write(root.path().join("envs/file"), "").unwrap();
        let find = |pattern: &str| {
            let all = directories(&format!("{}/{pattern}", root.path().display())).unwrap();
            all.iter()
                .map(|path| path.strip_prefix(root.path()).unwrap().display().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(find("envs/*"), ["envs/production", "envs/staging"]);
        assert_eq!(find("envs/*/flags"), ["envs/production/flags", "envs/staging/flags"]);
        assert_eq!(find("envs/{staging,nothing}"), ["envs/staging"]);
        assert_eq!(find("envs/.h*"), ["envs/.hidden"]);
        assert_eq!(find("envs/staging"), ["envs/staging"]);
        assert_eq!(find("nothing/*"), Vec::<String>::new());
        assert!(matches!(directories("a/**"), Err(EachError::Deep)));
        assert!(matches!(directories("a/[x"), Err(EachError::Pattern(_))));
    }
}
