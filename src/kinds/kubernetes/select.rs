//! Which entries of a tree are packed: those that no pattern leaves out and that a reader of bundles takes.

use std::collections::HashSet;

use super::ignore::{self, Ignore, IgnoreError};
use super::project::{self, Project};
use super::{Options, Profile, doubt};
use crate::kinds::fault::Fault;
use crate::source::{Entry, File, FileType, Tree};

/// The most entries that a tree may have: no reader of torte's takes more.
const MOST: usize = 200_000;

/// What is packed of a tree.
#[derive(Default)]
pub(super) struct Selected<'t> {
    /// The files.
    pub(super) files: Vec<&'t File>,
    /// Directories that nothing which is packed lies in.
    pub(super) empty: Vec<&'t str>,
    /// All that no pattern leaves out, in the order of the walk.
    entries: Vec<Entry<'t>>,
    /// The tree's own `.sourceignore` files.
    own: OwnRules,
    /// What keeps the tree from being packed.
    pub(super) faults: Vec<Fault>,
    /// What is doubtful.
    pub(super) warnings: Vec<Fault>,
}

/// What is said of what is selected.
#[derive(Default)]
pub(super) struct Judgement {
    /// What keeps the tree from being packed.
    pub(super) faults: Vec<Fault>,
    /// What is doubtful.
    pub(super) warnings: Vec<Fault>,
}

impl<'t> Selected<'t> {
    /// The directories and files that are packed, in the order of the walk.
    pub(super) fn packed(&self) -> impl Iterator<Item = Entry<'t>> {
        let is_packed = |entry: &&Entry<'t>| match entry {
            Entry::Directory(_) => true,
            Entry::File(file) => is_packed(file),
        };
        self.entries.iter().filter(is_packed).copied()
    }
}

/// Whether what is selected is packed: a link is followed by whoever lists a tree, or else left out.
fn is_packed(file: &File) -> bool {
    file.file_type == FileType::Regular
}

/// Selects what is packed.
pub(super) fn select<'t>(tree: &'t Tree, options: &Options, project: &Project) -> Selected<'t> {
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
    selected.own = own;
    selected.take(kept);
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

impl<'t> Selected<'t> {
    /// Says what a reader or the cluster would make of what is packed.
    pub(super) fn judge(&self, options: &Options, profile: Profile) -> Judgement {
        let Self { entries, own, .. } = self;
        let mut said = Judgement::default();
        if !options.skips_links {
            said.faults.extend(doubt::symlinks(entries));
        }
        said.faults.extend(doubt::chart(entries));
        // Readers of torte's kind refuse a bundle with such names, and Flux takes it.
        let names = doubt::unreadable(entries).into_iter().chain(doubt::collisions(entries));
        if profile == Profile::Flux { &mut said.warnings } else { &mut said.faults }.extend(names);
        said.warnings.extend(doubt::not_files(entries));
        said.warnings.extend(doubt::unportable(entries));
        said.warnings.extend(doubt::strangers(entries));
        if profile != Profile::Argo {
            let own = own.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
            said.warnings.extend(doubt::dropped(entries, own));
        }
        said
    }

    fn take(&mut self, kept: Vec<Entry<'t>>) {
        let mut occupied: HashSet<&str> = HashSet::new();
        for entry in &kept {
            if let Entry::File(file) = entry
                && is_packed(file)
            {
                self.files.push(*file);
                // Where a directory is known, so are those above it.
                let mut path = file.path.as_str();
                while let Some((above, _)) = path.rsplit_once('/')
                    && occupied.insert(above)
                {
                    path = above;
                }
            }
        }
        let directories = kept.iter().filter(|entry| entry.is_directory()).map(|entry| entry.path());
        self.empty = directories.filter(|path| !occupied.contains(path)).collect();
        self.entries = kept;
    }
}
