//! How a layout behaves for a registry that serves it: what it keeps in mind, and how long things live.

use std::sync::Arc;
use std::time::Duration;

use super::{Gists, Indexes, Layout};
use crate::oci::{Manifest, Tag};
use crate::repository::{Error, Expect, Published};

/// How long a manifest lives under a tag, or without any.
pub type Lifetime = fn(Option<&Tag>) -> Duration;

/// What a registry that serves a layout wants of it.
#[derive(Clone, Default)]
pub struct Serving {
    /// What was read of manifests before, in this layout and others.
    pub gists: Arc<Gists>,
    /// What was read of indexes before.
    pub indexes: Arc<Indexes>,
    /// How long what is published lives; for ever where there is none.
    pub lifetime: Option<Lifetime>,
}

/// A manifest that is to be published.
pub struct Wish {
    /// It.
    pub manifest: Manifest,
    /// The tags that are to name it.
    pub tags: Vec<Tag>,
    /// What is expected of each of them.
    pub expect: Expect,
}

impl Layout {
    /// Publishes what can be published of several wishes in one step; an error of one is no error of the others.
    ///
    /// The answers stand in the order of the wishes. Where the layout itself fails, all do.
    pub fn publish_each(&self, wishes: &[Wish]) -> Result<Vec<Result<Published, Error>>, Error> {
        // What no collector takes until it is named.
        let _lease = self.blobs.begin_work()?;
        let manifests: Vec<&Manifest> = wishes.iter().map(|wish| &wish.manifest).collect();
        self.enter_all(&manifests, |index| {
            let enter = |wish: &Wish| self.enter(index, &wish.manifest, &wish.tags, &wish.expect);
            Ok(wishes.iter().map(enter).collect())
        })
    }

    /// Serves it: what a client wrote by its digest stays listed by it, also when a list names it afterwards, because
    /// the client may take the list away again.
    #[must_use]
    pub fn serving(mut self, serving: Serving) -> Self {
        self.index.keep_in(Arc::clone(&serving.indexes));
        self.serving = Some(serving);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::{ErrorKind, Repository as _};
    use crate::store::fixture::{bundle, list_of, record, tag};

    #[test]
    fn of_several_wishes_each_is_met_or_not_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::create_at(&dir.path().join("app")).unwrap();
        let layout = layout.recording(record("2026-01-01T00:00:00Z")).serving(Serving::default());
        let wish = |manifest: &Manifest, text: &str, expect: Expect| Wish {
            manifest: manifest.clone(),
            tags: vec![tag(text)],
            expect,
        };
        let [(first, blobs), (second, more), (hole, _)] = [b"1", b"2", b"3"].map(|layer| bundle(layer));
        layout.put_all(&blobs, 1).unwrap();
        layout.put_all(&more, 1).unwrap();
        let list = list_of(&[&first, &second]);
        let wishes = [
            wish(&first, "once", Expect::Absent),
            wish(&hole, "hole", Expect::Any),
            wish(&second, "once", Expect::Absent),
            wish(&second, "second", Expect::Any),
            wish(&list, "list", Expect::Any),
            wish(&list_of(&[&hole]), "holes", Expect::Any),
        ];
        let outcomes = layout.publish_each(&wishes).unwrap();
        let kinds: Vec<_> =
            outcomes.iter().map(|outcome| outcome.as_ref().err().map(|error| error.kind)).collect();
        let (missing, conflict) = (Some(ErrorKind::NotFound), Some(ErrorKind::Conflict));
        assert_eq!(kinds, [None, missing, conflict, None, None, missing]);
        assert_eq!(layout.tags().unwrap(), ["list", "once", "second"].map(tag));
        let at = crate::oci::Selector::Tag(tag("once"));
        assert_eq!(layout.resolve(&at).unwrap().unwrap().digest, *first.digest());
    }
}
