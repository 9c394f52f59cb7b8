//! What is wrong or doubtful in a tree of manifests, before any file is parsed: what cannot be packed, and what should not.
//!
//! Each function is given the entries that are to be packed, in the order of the tree. Whether what it finds stops a build
//! is the caller's to say.

use super::few::few;
use super::ignore::Ignore;
use crate::kinds::Fault;
use crate::source::{Entry, File, FileType};

mod cluster;
mod names;

pub use cluster::{dropped, idle};
pub use names::{collisions, unportable, unreadable, unreadable_name};

/// More bytes than manifests should have, all together.
pub const LARGE: u64 = 10 * 1024 * 1024;

/// What hardly ever belongs in a bundle, as lists of patterns.
const STRANGERS: [&str; 10] = [
    ".env",
    ".env.*",
    ".netrc",
    "kubeconfig",
    "id_rsa,id_ecdsa,id_ed25519",
    "*.tfstate",
    ".terraform/",
    "node_modules/",
    ".DS_Store",
    "*.swp",
];

/// Each symbolic link: no reader of a bundle takes one.
pub fn symlinks(entries: &[Entry<'_>]) -> Vec<Fault> {
    let fault = |file: &File| match &file.file_type {
        FileType::Link(target) => Some(Fault::whole(
            &file.path,
            "symlink",
            format!(
                "a symbolic link to `{target}`, which readers of a bundle drop; `--symlinks follow` packs what it means, \
                 `--symlinks skip` leaves it out"
            ),
        )),
        FileType::Regular | FileType::Other => None,
    };
    files(entries).filter_map(fault).collect()
}

/// Each pipe, socket and device, which is left out.
pub fn not_files(entries: &[Entry<'_>]) -> Vec<Fault> {
    let others = files(entries).filter(|file| file.file_type == FileType::Other);
    let message = "a pipe, socket or device, which is left out";
    others.map(|file| Fault::whole(&file.path, "not-a-file", message.to_owned())).collect()
}

/// The tree's size, where it is above [`LARGE`]; given the path and the size in bytes of each file.
pub fn large<'f>(sizes: impl IntoIterator<Item = (&'f str, u64)>) -> Option<Fault> {
    let (mut sum, mut largest) = (0_u64, ("", 0));
    for (path, size) in sizes {
        sum = sum.saturating_add(size);
        if size > largest.1 {
            largest = (path, size);
        }
    }
    let mebibytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let message = format!(
        "the files come to {} MiB, far more than manifests need; this is the largest, with {} MiB; \
         `--add-ignore-paths` leaves out what is no manifest",
        mebibytes(sum),
        mebibytes(largest.1)
    );
    (sum > LARGE).then(|| Fault::whole(largest.0, "large-tree", message))
}

/// A Helm chart at the root: such a bundle is one that only Helm can make.
pub fn chart(entries: &[Entry<'_>]) -> Option<Fault> {
    let file = files(entries).find(|file| file.path == "Chart.yaml")?;
    let message = "the directory is a Helm chart, which Flux and Argo CD take in Helm's own form only; run `helm package` and \
                   `helm push`, or name the directory of the rendered manifests";
    Some(Fault::whole(&file.path, "helm-chart", message.to_owned()))
}

/// Files that hardly ever belong in a bundle, all in one warning.
pub fn strangers(entries: &[Entry<'_>]) -> Option<Fault> {
    let all = patterns(&STRANGERS.join(","));
    let paths = files(entries).map(|file| file.path.as_str());
    let found: Vec<&str> = paths.filter(|path| all.ignores(path, false) && !is_sample(path)).collect();
    let first = found.first()?;
    let fits = |list: &&str| {
        let one = patterns(list);
        found.iter().any(|path| one.ignores(path, false))
    };
    let used: Vec<&str> = STRANGERS.into_iter().filter(fits).collect();
    let message = format!(
        "{} in a bundle: {}; `--add-ignore-paths '{}'` leaves them out",
        match found.len() {
            1 => "one file that hardly belongs".to_owned(),
            many => format!("{many} files that hardly belong"),
        },
        quoted(&found),
        used.join(",")
    );
    Some(Fault::whole(first, "stray-file", message))
}

fn patterns(list: &str) -> Ignore {
    Ignore::of_list(list).unwrap_or_default()
}

fn files<'t>(entries: &[Entry<'t>]) -> impl Iterator<Item = &'t File> {
    entries.iter().filter_map(|entry| match entry {
        Entry::File(file) => Some(*file),
        Entry::Directory(_) => None,
    })
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file only shows what another should look like.
fn is_sample(path: &str) -> bool {
    [".example", ".sample", ".template", ".dist"].iter().any(|end| path.ends_with(end))
}

/// The first paths, and how many more there are.
fn quoted(paths: &[&str]) -> String {
    few(paths.iter().map(|path| format!("`{path}`")))
}

/// How many there are, in words.
fn count(paths: &[&str]) -> String {
    match paths.len() {
        1 => "one file".to_owned(),
        many => format!("{many} files"),
    }
}

#[cfg(test)]
mod tests;
