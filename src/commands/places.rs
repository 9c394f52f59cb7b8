//! From a reference to the repository that it names.

use anyhow::Context as _;

use super::Context;
use crate::oci::{Host, Manifest, Name, Place, Reference, ReferenceError, Scheme, Selector, Side, Tag};
use crate::registry::{Remote, Target};
use crate::repository::{self, ErrorKind, Memory, Repository};
use crate::runtime;
use crate::settings::{self, Reach, Usage};
use crate::store::{Layout, Record, Store};

/// What is to be known where a name is that of a bundle, and a directory is called so too.
pub(super) fn beside_directory(name: &str) -> Option<String> {
    let is_both = std::path::Path::new(name).is_dir();
    is_both.then(|| format!("`{name}` is the bundle of that name; the directory is written `./{name}`"))
}

/// A registry's repository or a layout on disk, with what only one of them can do.
pub(super) enum Opened {
    Layout(Box<Layout>),
    /// A bundle that was made and stands in no store.
    Memory(Memory),
    Remote(Remote),
}

impl Opened {
    pub(super) fn repository(&self) -> &dyn Repository {
        match self {
            Self::Layout(layout) => layout.as_ref(),
            Self::Memory(memory) => memory,
            Self::Remote(remote) => remote,
        }
    }

    /// The same, for one who will write.
    pub(super) fn for_writing(self) -> Self {
        match self {
            Self::Remote(remote) => Self::Remote(remote.for_writing()),
            local @ (Self::Layout(_) | Self::Memory(_)) => local,
        }
    }

    pub(super) fn layout(&self) -> Option<&Layout> {
        match self {
            Self::Layout(layout) => Some(layout),
            Self::Memory(_) | Self::Remote(_) => None,
        }
    }

    pub(super) fn remote(&self) -> Option<&Remote> {
        match self {
            Self::Layout(_) | Self::Memory(_) => None,
            Self::Remote(remote) => Some(remote),
        }
    }
}

/// Reads a reference.
pub(super) fn reference(text: &str) -> anyhow::Result<Reference> {
    text.parse().with_context(|| format!("`{text}` is not a reference"))
}

/// Reads the name of a repository, for a verb that takes no bundle.
pub(super) fn repository(text: &str, verb: &str) -> anyhow::Result<Place> {
    let reference: Reference = match text.parse() {
        Err(error @ (ReferenceError::Page(..) | ReferenceError::NoRepository(_))) => return Err(error.into()),
        Err(error) => {
            let hint = if text.starts_with(['.', '/', '~']) {
                "a layout on disk is written `ocidir://DIR`, and the folder of all is named with `--store DIR`"
            } else {
                "a repository is written as `app` or `registry.example.com/org/app`"
            };
            return Err(Usage::new(format!("`{text}` names no repository: {error}"), hint).into());
        }
        Ok(reference) => reference,
    };
    let Some(selector) = reference.selector else { return Ok(reference.place) };
    let place = reference.place;
    let what = format!("`torte {verb}` takes a repository, and `{text}` names a bundle");
    let bundle = format!("write `torte {verb} {place}`, or `torte inspect {place}{selector}`");
    let is_port = |tag: &Tag| tag.as_str().parse::<u16>().is_ok();
    match (&place, &selector) {
        (Place::Local(name), Selector::Tag(tag)) if is_port(tag) && !name.as_str().contains('/') => {
            let host = format!("name a repository too, as in `{text}/NAME`");
            if is_like_a_host(name.as_str()) {
                let what = format!("`{text}` names a registry without a repository");
                return Err(Usage::new(what, host).into());
            }
            Err(Usage::new(what, format!("{bundle}; of a registry {host}")).into())
        }
        _ => Err(Usage::new(what, bundle).into()),
    }
}

fn is_like_a_host(name: &str) -> bool {
    name.contains('.') || name == "localhost"
}

impl Context<'_> {
    pub(super) fn store(&self) -> Store {
        Store::new(self.settings.store.clone())
    }

    /// Opens a repository to be read; a local one that does not exist is an error.
    pub(super) fn open(&mut self, place: &Place, reach: &Reach) -> anyhow::Result<Opened> {
        match place {
            Place::Local(name) => {
                let layout = self.store().open(name)?.ok_or_else(|| no_repository(place))?;
                Ok(Opened::Layout(Box::new(layout)))
            }
            Place::Layout(path) => {
                let layout = Layout::open_at(path)?.ok_or_else(|| no_repository(place))?;
                Ok(Opened::Layout(Box::new(layout)))
            }
            Place::Remote { scheme, host, name } => self.remote(*scheme, host, name, reach),
        }
    }

    /// Opens a repository to be written; a local one is made where it does not exist.
    pub(super) fn create(
        &mut self,
        place: &Place,
        reach: &Reach,
        origin: Option<String>,
    ) -> anyhow::Result<Opened> {
        // What comes without a tag was asked for by its digest, and stays until it is removed.
        runtime::watch_interrupts()?;
        let record = Record { now: self.settings.now.clone(), origin, pinned: true };
        match place {
            Place::Local(name) => Ok(Opened::Layout(Box::new(self.store().create(name)?.recording(record)))),
            Place::Layout(path) => Ok(Opened::Layout(Box::new(Layout::create_at(path)?.recording(record)))),
            Place::Remote { .. } => Ok(self.open(place, reach)?.for_writing()),
        }
    }

    /// Opens the layout of a local name to be written, and makes it where it does not exist.
    pub(super) fn create_layout(&mut self, place: &Place) -> anyhow::Result<Layout> {
        runtime::watch_interrupts()?;
        let layout = match place {
            Place::Local(name) => self.store().create(name)?,
            Place::Layout(path) => Layout::create_at(path)?,
            Place::Remote { .. } => unreachable!("a remote place has no layout"),
        };
        let record = Record { now: self.settings.now.clone(), origin: None, pinned: false };
        Ok(layout.recording(record))
    }

    fn remote(&mut self, scheme: Scheme, host: &Host, name: &Name, reach: &Reach) -> anyhow::Result<Opened> {
        runtime::watch_interrupts()?;
        let access = settings::access(reach, self.environment, self.stdin, self.trace.clone())?;
        let target = target(scheme, host, name, access.plain_http);
        let client = self.clients.get(access.options);
        Ok(Opened::Remote(Remote::open(&target, &access.credentials, &client)?))
    }
}

/// The repository of a registry; `plain_http` where no scheme says otherwise.
pub(super) fn target(scheme: Scheme, host: &Host, name: &Name, plain_http: bool) -> Target {
    let plain_http = match scheme {
        Scheme::Http => true,
        Scheme::Https => false,
        Scheme::Unsaid => plain_http || host.is_loopback(),
    };
    Target { host: host.clone(), name: name.clone(), plain_http }
}

pub(super) fn no_repository(place: &Place) -> repository::Error {
    let name = place.to_string();
    let (what, hint) = if let Place::Layout(path) = place {
        let what = format!("there is no image layout in {}", path.display());
        (what, "name the directory that has `oci-layout` and `index.json` in it".to_owned())
    } else {
        let registry = format!("; if it is a registry, name a repository too, as in `{name}/NAME`");
        let registry = if is_like_a_host(&name) { registry } else { String::new() };
        let what = format!("there is no repository `{name}` in the store");
        (what, format!("`torte list` shows what the store has{registry}"))
    };
    repository::Error::new(ErrorKind::NotFound, name, what).hinting(hint)
}

/// The manifest under a selector, or an error that names both.
pub(super) fn manifest(repository: &dyn Repository, at: &Selector) -> anyhow::Result<Manifest> {
    Ok(repository.manifest(at)?.ok_or_else(|| absent(repository, at))?)
}

/// Nothing stands under a selector.
pub(super) fn absent(repository: &dyn Repository, at: &Selector) -> repository::Error {
    let place = repository.place();
    let what = match at {
        Selector::Tag(tag) => format!("there is no tag `{tag}` in {place}"),
        Selector::Digest(digest) => format!("there is no bundle {digest} in {place}"),
    };
    let hint = forgotten(&place).unwrap_or_else(|| format!("`torte list {place}` shows its tags"));
    repository::Error::new(ErrorKind::NotFound, place, what).hinting(hint)
}

/// The registry that forgets whatever it takes.
pub(super) const TTL_SH: &str = "ttl.sh";

/// What to do where something is not there any more, because its registry forgets.
fn forgotten(place: &str) -> Option<String> {
    let is_there = place.split('/').next() == Some(TTL_SH);
    is_there.then(|| {
        "ttl.sh forgets everything within a day: its time may be over, so let it be shared again".into()
    })
}

/// The tags of a repository; that there are none is an error.
pub(super) fn tags(repository: &dyn Repository) -> Result<Vec<Tag>, repository::Error> {
    let tags = repository.tags()?;
    if !tags.is_empty() {
        return Ok(tags);
    }
    let what = format!("{} has no tags, or does not exist", repository.place());
    let usual = "check the name; a private repository may want credentials first";
    let hint = forgotten(&repository.place()).unwrap_or_else(|| usual.to_owned());
    Err(repository::Error::new(ErrorKind::NotFound, repository.place(), what).hinting(hint))
}

/// Fails unless a reference is remote, with the ways to say it.
pub(super) fn demand_remote(reference: &Reference, text: &str, verb: &str) -> Result<(), Usage> {
    if reference.side() == Side::Remote {
        return Ok(());
    }
    let hint = match &reference.place {
        Place::Local(name) if name.as_str().contains('/') => {
            format!("for Docker Hub write `docker.io/{name}`; to copy locally use `torte copy`")
        }
        _ => "write it as `registry.example.com/NAME`; to copy locally use `torte copy`".to_owned(),
    };
    Err(Usage::new(format!("`torte {verb}` needs a remote name, and `{text}` is a local one"), hint))
}
