//! What was found of one object, on its way into the outline; whoever reads a file, this decides what it says.

use crate::kinds::kubernetes::object::{Object, Outline, Scope, Stated};
use crate::kinds::kubernetes::scope;
use crate::kinds::yaml::{Mark, Problem, Resolved, Scalar, brief};

/// The values of one mapping that an outline is made of; none where the mapping does not have them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Draft<'t> {
    /// Where the mapping begins.
    pub(super) mark: Mark,
    pub(super) api_version: Option<Scalar<'t>>,
    pub(super) kind: Option<Scalar<'t>>,
    /// `metadata.name` and `metadata.namespace`, and where the latter stands.
    pub(super) name: Option<Scalar<'t>>,
    pub(super) namespace: Option<Written<'t>>,
    pub(super) namespace_mark: Mark,
    /// `spec.group`, `spec.names.kind` and `spec.scope`, which say something in definitions of custom resources.
    pub(super) group: Option<Scalar<'t>>,
    pub(super) defined: Option<Scalar<'t>>,
    pub(super) scope: Option<Scalar<'t>>,
}

/// A namespace as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'t> {
    Scalar(Scalar<'t>),
    /// A collection that is one placeholder of a template, such as `{{ .Values.namespace }}`: what stands in it.
    Template(&'t str),
    /// Any other collection.
    Collection,
}

impl<'t> Draft<'t> {
    /// Its `apiVersion` and `kind`, if it is an object.
    pub(super) fn kind(&self) -> Option<(&'t str, &'t str)> {
        let api_version = self.api_version.and_then(text)?;
        let kind = self.kind.and_then(text)?;
        Some((api_version, kind))
    }

    /// Writes the object into the outline; whether it is one.
    pub(super) fn write(&self, outline: &mut Outline) -> bool {
        let Some((api_version, kind)) = self.kind() else {
            return false;
        };
        let object = Object {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            name: self.name.filter(|name| !name.is_null()).map_or("", |name| name.text).to_owned(),
            namespace: self.stated(),
            mark: self.mark,
        };
        if object.group() == "apiextensions.k8s.io" && kind == "CustomResourceDefinition" {
            outline.scopes.extend(self.definition());
        }
        if object.namespace != Stated::Absent && scope::built_in(&object) == Some(true) {
            let message = format!(
                "a {kind} belongs to the whole cluster, and so its namespace is ignored; leave it out"
            );
            outline.doubts.push(Problem::new(self.namespace_mark, "namespace-on-cluster-object", message));
        }
        outline.objects.push(object);
        true
    }

    fn stated(&self) -> Stated {
        match self.namespace {
            None => Stated::Absent,
            Some(Written::Scalar(scalar)) => match scalar.resolve() {
                Ok(Resolved::Null) => Stated::Absent,
                Ok(Resolved::Text(text)) => Stated::of(text),
                // A number, say, which the API server refuses.
                _ => Stated::Unusable(scalar.text.to_owned()),
            },
            Some(Written::Template(inner)) => Stated::Unusable(format!("{{{{ {} }}}}", brief(inner))),
            Some(Written::Collection) => Stated::Unusable("…".to_owned()),
        }
    }

    /// What a definition of a custom resource says; `Namespaced` where it says nothing, as in `v1beta1`.
    fn definition(&self) -> Option<Scope> {
        let is_cluster = match self.scope.filter(|scope| !scope.is_null()).map(text) {
            None | Some(Some("Namespaced")) => false,
            Some(Some("Cluster")) => true,
            Some(_) => return None,
        };
        let (group, kind) = (self.group.and_then(text)?, self.defined.and_then(text)?);
        Some(Scope { group: group.to_owned(), kind: kind.to_owned(), is_cluster })
    }
}

/// A scalar's text where it is one, and not empty.
fn text(scalar: Scalar<'_>) -> Option<&str> {
    match scalar.resolve() {
        Ok(Resolved::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}
