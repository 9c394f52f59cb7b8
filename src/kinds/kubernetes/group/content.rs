//! What the objects of one file say of the group that the file belongs to.

use super::agreement::Agreement;
use crate::kinds::kubernetes::object::{Object, Outline, Stated};
use crate::kinds::kubernetes::scope::Scopes;
use crate::kinds::yaml::Mark;

/// What is counted of a file's objects.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Content<'a> {
    /// The namespaces that objects state, and those that the file makes.
    pub(super) names: Agreement<'a>,
    /// The namespaces that objects state.
    stated: Agreement<'a>,
    /// Whether there is a cluster-scoped object beside those that make namespaces.
    has_cluster: bool,
    /// Whether there is an object whose namespace, or whose need of one, is not known.
    has_open: bool,
    has_objects: bool,
    /// Where the second namespace comes up.
    second: Option<Mark>,
}

/// What a file says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// There is no object.
    NotAManifest,
    /// All objects are of this namespace, which the file may make too.
    Namespace(&'a str),
    /// It makes this namespace, and nothing else.
    NamespaceObject(&'a str),
    /// All objects are cluster-scoped.
    Cluster,
    /// Some object leaves its namespace open; the others are of this one, if there are any.
    Open(Option<&'a str>),
    /// Its objects are of several namespaces, and here the second comes up.
    Several(Mark),
    /// Cluster-scoped objects stand beside others.
    Mixed,
}

impl<'a> Content<'a> {
    pub(super) fn of(outline: &'a Outline, scopes: &Scopes) -> Self {
        let mut content = Self { has_objects: !outline.objects.is_empty(), ..Self::default() };
        for object in &outline.objects {
            content.take(object, scopes);
        }
        content
    }

    fn take(&mut self, object: &'a Object, scopes: &Scopes) {
        if is_namespace(object) {
            if super::name::is_label(&object.name) {
                self.name(&object.name, object.mark);
            } else {
                self.has_cluster = true;
            }
            return;
        }
        match (scopes.is_cluster(object), &object.namespace) {
            // A namespace that is stated there means nothing.
            (Some(true), _) => self.has_cluster = true,
            (_, Stated::Literal(name)) => {
                self.stated.hear(name);
                self.name(name, object.mark);
            }
            (_, Stated::Absent | Stated::Unusable(_)) => self.has_open = true,
        }
    }

    fn name(&mut self, name: &'a str, mark: Mark) {
        self.names.hear(name);
        if self.names == Agreement::Many && self.second.is_none() {
            self.second = Some(mark);
        }
    }

    pub(super) fn verdict(&self) -> Verdict<'a> {
        let makes_alone = self.stated == Agreement::Nothing && !self.has_open;
        match (self.names, self.stated) {
            _ if !self.has_objects => Verdict::NotAManifest,
            (_, Agreement::Many) => self.several(),
            _ if self.has_cluster && makes_alone => Verdict::Cluster,
            _ if self.has_cluster => Verdict::Mixed,
            (Agreement::Many, _) if makes_alone => Verdict::Cluster,
            (Agreement::Many, _) => self.several(),
            (Agreement::One(name), _) if self.has_open => Verdict::Open(Some(name)),
            (Agreement::One(name), Agreement::Nothing) => Verdict::NamespaceObject(name),
            (Agreement::One(name), _) => Verdict::Namespace(name),
            (Agreement::Nothing, _) => Verdict::Open(None),
        }
    }

    fn several(&self) -> Verdict<'a> {
        Verdict::Several(self.second.unwrap_or_default())
    }
}

fn is_namespace(object: &Object) -> bool {
    object.kind == "Namespace" && object.group().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kubernetes::group::tests::object;

    /// Objects as `Kind` or `Kind@namespace`; a `Namespace` is `Namespace:name`.
    fn verdict(objects: &str) -> String {
        let read = |(at, text): (usize, &str)| {
            let (text, namespace) =
                text.split_once('@').map_or((text, None), |(kind, name)| (kind, Some(name)));
            let (kind, name) = text.split_once(':').unwrap_or((text, "n"));
            let mut object = object(kind, name, namespace);
            object.mark.line = u32::try_from(at + 1).expect("few objects");
            object
        };
        let objects = objects.split_whitespace().enumerate().map(read).collect();
        let outline = Outline { objects, ..Outline::default() };
        format!("{:?}", Content::of(&outline, &Scopes::default()).verdict())
    }

    #[test]
    fn a_file_says_where_it_belongs() {
        let several = |line| format!("Several(Mark {{ line: {line}, column: 1 }})");
        let table = [
            ("", "NotAManifest".to_owned()),
            ("Pod@a", "Namespace(\"a\")".to_owned()),
            ("Pod@a Secret@a", "Namespace(\"a\")".to_owned()),
            ("Namespace:a Pod@a", "Namespace(\"a\")".to_owned()),
            ("Pod@a Namespace:a", "Namespace(\"a\")".to_owned()),
            // An unknown kind with a namespace is namespaced.
            ("Widget@a", "Namespace(\"a\")".to_owned()),
            ("Namespace:a", "NamespaceObject(\"a\")".to_owned()),
            ("Namespace:a Namespace:a", "NamespaceObject(\"a\")".to_owned()),
            ("Namespace:a Namespace:b", "Cluster".to_owned()),
            ("Namespace:${ns}", "Cluster".to_owned()),
            ("ClusterRole", "Cluster".to_owned()),
            ("ClusterRole@a", "Cluster".to_owned()),
            ("ClusterRole Namespace:a", "Cluster".to_owned()),
            ("Pod", "Open(None)".to_owned()),
            ("Pod@${ns}", "Open(None)".to_owned()),
            ("Widget", "Open(None)".to_owned()),
            ("Pod Pod@a", "Open(Some(\"a\"))".to_owned()),
            ("Namespace:a Pod", "Open(Some(\"a\"))".to_owned()),
            ("Pod@a Pod@b", several(2)),
            ("Pod@a Pod Pod@b Pod@c", several(3)),
            ("ClusterRole Pod@a Pod@b", several(3)),
            ("Namespace:b Pod@a", several(2)),
            ("Namespace:a Namespace:b Pod", several(2)),
            ("ClusterRole Pod@a", "Mixed".to_owned()),
            ("ClusterRole Pod", "Mixed".to_owned()),
            ("ClusterRole Widget", "Mixed".to_owned()),
        ];
        for (objects, expected) in table {
            assert_eq!(verdict(objects), expected, "{objects}");
        }
    }
}
