//! Units: directories that a kustomization or a Helm chart holds together.

use super::Item;
use super::directories::Directories;
use super::root::Root;
use crate::kinds::kubernetes::object::Stated;

/// All units of a tree.
#[derive(Debug)]
pub(super) struct Units<'a> {
    pub(super) all: Vec<Unit<'a>>,
    /// The unit that each directory belongs to: the deepest, but a chart has all that is below it.
    owners: Vec<Option<usize>>,
    /// The files of each directory that begin a unit, or would, were it not inside a chart.
    roots: Vec<Vec<usize>>,
}

/// One unit.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    /// The file that begins it.
    pub(super) file: usize,
    pub(super) is_chart: bool,
    /// The namespace that it states, where that can be used.
    pub(super) namespace: Option<&'a str>,
    /// The files that begin it: one, but for a chart that is a kustomization too, and by mistake.
    pub(super) roots: Vec<usize>,
    /// Kustomizations inside of a chart.
    pub(super) inner: Vec<usize>,
    /// All its files.
    pub(super) files: Vec<usize>,
}

impl<'a> Units<'a> {
    pub(super) fn of(items: &[Item<'a>], directories: &Directories<'a>) -> Self {
        let mut roots = vec![Vec::new(); directories.len()];
        for (at, item) in items.iter().enumerate() {
            if item.root.is_some() {
                roots[directories.home(at)].push(at);
            }
        }
        let mut found = Self { all: Vec::new(), owners: Vec::with_capacity(directories.len()), roots };
        for directory in 0..directories.len() {
            let above = directories.parent(directory).and_then(|parent| found.owners[parent]);
            let owner = found.owner(directory, above, items);
            found.owners.push(owner);
        }
        for at in 0..items.len() {
            if let Some(unit) = found.owners[directories.home(at)] {
                found.all[unit].files.push(at);
            }
        }
        found
    }

    fn owner(&mut self, directory: usize, above: Option<usize>, items: &[Item<'a>]) -> Option<usize> {
        let mut roots = self.roots[directory].clone();
        if roots.is_empty() {
            return above;
        }
        roots.sort_by_key(|at| items[*at].path);
        if let Some(chart) = above.filter(|unit| self.all[*unit].is_chart) {
            self.all[chart].inner.extend(roots);
            return Some(chart);
        }
        let is_chart = roots.iter().any(|at| is_chart(&items[*at]));
        let namespace = roots.iter().find_map(|at| namespace(&items[*at]));
        let (inner, files) = (Vec::new(), Vec::new());
        self.all.push(Unit { file: roots[0], is_chart, namespace, roots, inner, files });
        Some(self.all.len() - 1)
    }

    /// The unit that a directory belongs to.
    pub(super) fn owner_of(&self, directory: usize) -> Option<usize> {
        self.owners[directory]
    }

    /// The files of a directory that begin a unit, or would, were it not inside a chart.
    pub(super) fn roots(&self, directory: usize) -> &[usize] {
        &self.roots[directory]
    }
}

fn is_chart(item: &Item<'_>) -> bool {
    item.root.is_some_and(Root::is_chart)
}

fn namespace<'a>(item: &Item<'a>) -> Option<&'a str> {
    match &item.root?.namespace {
        Stated::Literal(name) => Some(name),
        Stated::Absent | Stated::Unusable(_) => None,
    }
}
