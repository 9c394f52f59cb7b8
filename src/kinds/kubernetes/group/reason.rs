//! Why a file is in its group: slugs for the inventory, words for people.

/// Why a file is in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The user said so.
    Override,
    /// Its unit states the namespace.
    UnitNamespace,
    /// All that its unit holds is of the namespace.
    UnitContent,
    /// Its unit is of no namespace, or of several.
    UnitShared,
    /// All its objects are of the namespace.
    Namespace,
    /// It holds the namespace's own object, and nothing else.
    NamespaceObject,
    /// It holds cluster-scoped objects alone.
    Cluster,
    /// The other files of its directory are in the group.
    Directory,
    /// It does not say its namespace, and nor does its directory.
    Unscoped,
    /// Its objects are of several namespaces.
    SeveralNamespaces,
    /// It holds cluster-scoped objects beside others.
    MixedScopes,
    /// It holds no object.
    NotAManifest,
    /// It cannot be read.
    Unreadable,
    /// Directories are the groups, and it is below this one, or in the root.
    Dir,
    /// Directories are the groups, and the name of this one cannot be a group's.
    DirName,
    /// There are no groups.
    None,
}

/// Every reason with its slug, which never changes, and its words, which may.
const ALL: [(Reason, &str, &str); 16] = [
    (Reason::Override, "override", "a rule of `--group` or `.torte.yaml` says so"),
    (Reason::UnitNamespace, "unit-namespace", "the kustomization that it belongs to states this namespace"),
    (Reason::UnitContent, "unit-content", "all that its kustomization or chart holds is of this namespace"),
    (Reason::UnitShared, "unit-shared", "its kustomization or chart is of no namespace, or of several"),
    (Reason::Namespace, "namespace", "all its objects are of this namespace"),
    (Reason::NamespaceObject, "namespace-object", "it makes this namespace"),
    (Reason::Cluster, "cluster", "it holds cluster-scoped objects alone"),
    (Reason::Directory, "directory", "the files around it are in this group"),
    (Reason::Unscoped, "unscoped", "it does not say its namespace, and the files around it do not either"),
    (Reason::SeveralNamespaces, "several-namespaces", "its objects are of several namespaces"),
    (Reason::MixedScopes, "mixed-scopes", "it holds cluster-scoped objects beside others"),
    (Reason::NotAManifest, "not-a-manifest", "it holds no object, and the files around it do not agree"),
    (Reason::Unreadable, "unreadable", "it cannot be read as YAML or JSON"),
    (Reason::Dir, "dir", "it stands in this directory"),
    (Reason::DirName, "dir-name", "the name of its directory cannot be the name of a group"),
    (Reason::None, "none", "there are no groups"),
];

impl Reason {
    /// What stands for it in the inventory: a stable slug.
    pub fn slug(self) -> &'static str {
        ALL.iter().find(|(reason, ..)| *reason == self).map_or("", |(_, slug, _)| slug)
    }
}

/// What a slug means; one of a later torte means itself.
pub fn in_words(slug: &str) -> &str {
    ALL.iter().find(|(_, known, _)| *known == slug).map_or(slug, |(.., words)| words)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reason_has_a_slug_of_its_own_and_words() {
        let slugs: HashSet<_> = ALL.iter().map(|(reason, ..)| reason.slug()).collect();
        assert_eq!(slugs.len(), ALL.len());
        for (_, slug, words) in ALL {
            assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{slug}");
            assert_eq!(in_words(slug), words);
        }
        assert_eq!(in_words("of-a-later-torte"), "of-a-later-torte");
    }

    /// Inventories hold them, so that a bundle's digest depends on them.
    #[test]
    fn slugs_never_change() {
        let slugs: Vec<_> = ALL.iter().map(|(_, slug, _)| *slug).collect();
        let pinned = "override unit-namespace unit-content unit-shared namespace namespace-object cluster directory \
                      unscoped several-namespaces mixed-scopes not-a-manifest unreadable dir dir-name none";
        assert_eq!(slugs.join(" "), pinned);
    }
}
