//! What a grouping is worth: a word to the user where most files are in no namespace's layer.

use super::name::is_for_all;
use super::reason::Reason;

/// Below so many files it does not matter.
const FEW: usize = 10;

/// What to tell of files by their groups and reasons, if most are in groups that everybody gets.
pub(super) fn note<'a>(files: impl Iterator<Item = (&'a str, Reason)>) -> Option<String> {
    let (mut all, mut shared, mut by_units) = (0, 0, 0);
    for (group, reason) in files {
        all += 1;
        // What the user put there needs no advice.
        if is_for_all(group) && reason != Reason::Override {
            shared += 1;
            by_units += usize::from(reason == Reason::UnitShared);
        }
    }
    if all < FEW || shared * 2 <= all {
        return None;
    }
    Some(if by_units * 2 > shared {
        format!("{by_units} of {all} files are shared by kustomize or Helm; `--profile flux` is smaller")
    } else {
        format!(
            "{shared} of {all} files are of no one namespace; `--group-by dir` may split them, `--profile flux` is smaller"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note_of(counts: &[(usize, &'static str, Reason)]) -> Option<String> {
        note(counts.iter().flat_map(|(count, group, reason)| std::iter::repeat_n((*group, *reason), *count)))
    }

    #[test]
    fn it_is_told_when_most_files_are_for_everybody() {
        let told = note_of(&[(27, "_shared", Reason::UnitShared), (3, "a", Reason::Namespace)]);
        let expected = "27 of 30 files are shared by kustomize or Helm; `--profile flux` is smaller";
        assert_eq!(told.as_deref(), Some(expected));
        let told = note_of(&[(10, "_unscoped", Reason::Unscoped), (1, "_shared", Reason::UnitShared)]);
        assert!(told.is_some_and(|told| told.starts_with("11 of 11 files are of no one namespace")));
    }

    #[test]
    fn it_is_not_told_else() {
        let half = [(15, "_shared", Reason::UnitShared), (15, "a", Reason::Namespace)];
        assert_eq!(note_of(&half), None, "not most");
        assert_eq!(note_of(&[(9, "_unscoped", Reason::Unscoped)]), None, "too few to matter");
        assert_eq!(note_of(&[(30, "_shared", Reason::Override)]), None, "as was wished");
        assert_eq!(note_of(&[(30, "_cluster", Reason::Cluster)]), None, "a layer of its own");
        assert_eq!(note_of(&[]), None);
    }
}
