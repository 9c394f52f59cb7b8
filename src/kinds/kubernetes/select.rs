//! Which entries of a tree are packed: those that no pattern leaves out and that a reader of bundles takes.

use std::collections::HashSet;

use super::ignore::{self, Ignore, IgnoreError};
use super::parts::{self, Chosen};
use super::project::{self, Project};
use super::{Options, Profile, doubt};
use crate::kinds::fault::Fault;
use crate::source::{Entry, FileType, Tree};

/// The most entries that a tree may have: no reader of torte's takes more.
const MOST: usize = 200_000;

/// What is packed of a tree.
#[derive(Default)]
pub(super) struct Selected {
    /// The places of the files in the tree.
    pub(super) files: Vec<usize>,
    /// Directories that nothing which is packed lies in.
    pub(super) empty: Vec<String>,
    /// Directories and files in the order of the walk; a file by its place in `files`.
    order: Vec<Step>,
    /// What keeps the tree from being packed.
    pub(super) faults: Vec<Fault>,
    /// What is doubtful.
    pub(super) warnings: Vec<Fault>,
}

enum Step {
    Directory(String),
    File,
}

impl Selected {
    /// The entries in the order of the walk, with the files that were read.
    pub(super) fn in_order(self, files: Vec<Chosen>) -> Vec<parts::Entry> {
        let mut files = files.into_iter();
        let entry = |step| match step {
            Step::Directory(path) => Some(parts::Entry::Directory(path)),
            Step::File => files.next().map(parts::Entry::File),
        };
        self.order.into_iter().filter_map(entry).collect()
    }
}

/// Selects what is packed, and says what a reader or the cluster would make of it.
pub(super) fn select(tree: &Tree, options: &Options, project: &Project, profile: Profile) -> Selected {
    let mut selected = Selected::default();
    let (ignore, own) = match rules(tree, options, project, &mut selected.warnings) {
        Ok(rules) => rules,
        Err(fault) => {
            selected.faults.push(fault);
            return selected;
        }
    };
    // A link must not take in what is left out where it stands.
    let leads_to_ignored = |entry: &Entry<'_>| match entry {
        Entry::File(file) => file.target().is_some_and(|target| ignore.ignores(target, false)),
        Entry::Directory(_) => false,
    };
    let is_kept = |entry: &Entry<'_>| {
        let is_ignored = ignore.ignores(entry.path(), entry.is_directory());
        entry.path() != project::FILE && !is_ignored && !leads_to_ignored(entry)
    };
    let kept: Vec<Entry<'_>> = tree.entries().filter(is_kept).collect();
    if kept.len() > MOST {
        let message =
            format!("the directory has {} entries, and a bundle holds {MOST} at the most", kept.len());
        selected.faults.push(Fault::whole(".", "too-many-entries", message));
        return selected;
    }
    selected.judge(&kept, options, profile, &own);
    selected.take(tree, &kept);
    selected
}

/// A `.sourceignore` with its bytes.
type OwnRules = Vec<(String, Vec<u8>)>;

/// The patterns of what is left out, and the tree's own `.sourceignore` files.
fn rules(
    tree: &Tree,
    options: &Options,
    project: &Project,
    warnings: &mut Vec<Fault>,
) -> Result<(Ignore, OwnRules), Fault> {
    let own = tree.files().iter().filter(|file| file.path.rsplit('/').next() == Some(ignore::FILE));
    let read = |file| tree.read(file).map_err(|error| Fault::unreadable(&error));
    let own: OwnRules = own.map(|file| Ok((file.path.clone(), read(file)?))).collect::<Result<_, Fault>>()?;
    let wrong = |error: IgnoreError| Fault::whole(".", "ignore-pattern", error.to_string());
    let mut all = match &options.ignore {
        Some(list) => Ignore::of_list(list).map_err(wrong)?,
        None => Ignore::flux_defaults(),
    };
    let of_project = Ignore::of_patterns(&project.ignore)
        .map_err(|error| Fault::whole(project::FILE, "ignore-pattern", error.to_string()))?;
    warnings.extend(doubt::idle(project::FILE, &of_project));
    all.extend(of_project);
    if let Some(more) = &options.add_ignore {
        all.extend(Ignore::of_list(more).map_err(wrong)?);
    }
    if options.sourceignore {
        all.extend(Ignore::of_files(own.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))?);
    }
    Ok((all, own))
}

impl Selected {
    /// Says what of the entries cannot be packed, and what is doubtful of them.
    fn judge(&mut self, kept: &[Entry<'_>], options: &Options, profile: Profile, own: &OwnRules) {
        if !options.skips_links {
            self.faults.extend(doubt::symlinks(kept));
        }
        self.faults.extend(doubt::chart(kept));
        // Readers of torte's kind refuse a bundle with such names, and Flux takes it.
        let names = doubt::unreadable(kept).into_iter().chain(doubt::collisions(kept));
        if profile == Profile::Flux { &mut self.warnings } else { &mut self.faults }.extend(names);
        self.warnings.extend(doubt::not_files(kept));
        self.warnings.extend(doubt::unportable(kept));
        self.warnings.extend(doubt::strangers(kept));
        if profile != Profile::Argo {
            let own = own.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
            self.warnings.extend(doubt::dropped(kept, own));
        }
    }

    /// Takes the regular files, and the directories.
    fn take(&mut self, tree: &Tree, kept: &[Entry<'_>]) {
        let mut places = tree.files().iter().enumerate();
        let mut occupied: HashSet<&str> = HashSet::new();
        for entry in kept {
            match entry {
                Entry::Directory(path) => self.order.push(Step::Directory((*path).to_owned())),
                Entry::File(file) if file.file_type == FileType::Regular => {
                    // Both go in the order of the walk.
                    self.files
                        .extend(places.find(|(_, other)| std::ptr::eq(*other, *file)).map(|(at, _)| at));
                    self.order.push(Step::File);
                    occupied.extend(file.path.match_indices('/').map(|(at, _)| &file.path[..at]));
                }
                Entry::File(_) => {}
            }
        }
        let directories = kept.iter().filter(|entry| entry.is_directory()).map(|entry| entry.path());
        self.empty = directories.filter(|path| !occupied.contains(path)).map(str::to_owned).collect();
    }
}
