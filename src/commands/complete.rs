//! What live completion scripts ask for: names, tags and namespaces for the value that is being typed.
//!
//! Local bundles are looked up in the store. A registry is asked for tags alone, once, and only where host and
//! repository are typed; then it has [`PATIENCE`] in all. Whatever fails, there is nothing to offer, and nothing is said.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::places::{manifest, target};
use super::unpack::image;
use crate::cli::values::Names;
use crate::cli::{self, Color, Door, Global};
use crate::completions::line::{Asked, Given, asked};
use crate::kinds::Kind;
use crate::oci::{Place, Reference, Tag};
use crate::registry::{Client, Remote};
use crate::repository::Repository;
use crate::settings::{self, Environment, Reach, Settings};
use crate::store::{Layout, Store};

/// How long a registry may take, from the first look for its address to the last tag; with torte's own start and end it
/// is less than 300 ms.
const PATIENCE: Duration = Duration::from_millis(280);
/// How many tags it is asked for.
const MOST_TAGS: u32 = 1000;

/// The candidates for the last of these words, each a whole word; `None` where it is no name that could be looked up,
/// and the fixed part of the script knows better.
pub fn candidates(words: &[OsString], environment: &Environment) -> Option<Vec<String>> {
    let asked = asked(words)?;
    if asked.names == Names::BundleOrDirectory && asked.typed.starts_with(['.', '/', '~']) {
        return None;
    }
    let global = Global {
        store: asked.given.last("store").map(|path| expanded(path, environment)),
        quiet: true,
        verbose: false,
        no_progress: true,
        color: Color::Never,
    };
    let settings = Settings::new(&global, environment).ok()?;
    let finder = Finder { store: Store::new(settings.store), asked: &asked, environment };
    let mut found = finder.found();
    found.retain(|candidate| candidate.starts_with(&asked.typed) && is_plain(candidate));
    Some(found.into_iter().map(|candidate| format!("{}{candidate}", asked.before)).collect())
}

/// Whether every shell reads a word as it stands. Names and tags are always so; what a bundle or another program calls
/// a namespace, or a directory, need not be, and would be run or garble the screen.
fn is_plain(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-:/@,+".contains(&byte);
    !word.starts_with('-') && word.bytes().all(is_plain)
}

/// A path that may begin with the user's home, which no shell has put in its place yet.
fn expanded(path: &str, environment: &Environment) -> PathBuf {
    let home = environment.directories.home.as_ref().zip(path.strip_prefix("~/"));
    home.map_or_else(|| PathBuf::from(path), |(home, rest)| home.join(rest))
}

/// Where the last `:` parts a reference's repository from its tag.
fn parted(typed: &str) -> Option<(&str, &str)> {
    let (repository, tag) = typed.rsplit_once(':')?;
    (!tag.contains('/') && !typed.contains('@')).then_some((repository, tag))
}

struct Finder<'a> {
    store: Store,
    asked: &'a Asked,
    environment: &'a Environment,
}

impl Finder<'_> {
    fn found(&self) -> Vec<String> {
        match self.asked.names {
            Names::Bundle | Names::BundleOrDirectory | Names::LocalBundle | Names::RemoteBundle => {
                self.bundles()
            }
            Names::LocalName => self.names_to_build(),
            Names::Namespace => self.namespaces(),
            Names::Repository => self.local_names(),
            Names::Tag => self.further_tags(),
        }
    }

    /// Bundles by their tags: repositories first, and the tags of the one that is typed or meant.
    fn bundles(&self) -> Vec<String> {
        if let Some((repository, _)) = parted(&self.asked.typed) {
            return self.tagged(repository);
        }
        let names = self.local_names();
        match names.as_slice() {
            [only] => self.tagged(only),
            _ => names.iter().map(|name| format!("{name}:")).collect(),
        }
    }

    /// A repository with each of its tags.
    fn tagged(&self, repository: &str) -> Vec<String> {
        self.tags(repository).iter().map(|tag| format!("{repository}:{tag}")).collect()
    }

    /// The names of the local repositories that begin as is typed, in the spelling that means them.
    fn local_names(&self) -> Vec<String> {
        if self.asked.names == Names::RemoteBundle {
            return Vec::new();
        }
        let scheme = ["local://", "flipt://local/", "flipt://"];
        let scheme = scheme.into_iter().find(|scheme| self.asked.typed.starts_with(scheme));
        let names = self.store.names().into_iter().map(|name| match scheme {
            Some(scheme) => format!("{scheme}{name}"),
            None => Place::Local(name).to_string(),
        });
        let is_meant =
            |name: &String| name.starts_with(&self.asked.typed) && name.parse::<Reference>().is_ok();
        names.filter(is_meant).collect()
    }

    /// A name for what is built or pulled: one that is there, and after it the tags that it has, which may move.
    fn names_to_build(&self) -> Vec<String> {
        let typed = &self.asked.typed;
        let Some((repository, tags)) = parted(typed) else { return self.local_names() };
        let before = tags.rfind(',').map_or("", |comma| &tags[..=comma]);
        self.tags(repository).iter().map(|tag| format!("{repository}:{before}{tag}")).collect()
    }

    /// Tags of the repository that the bundle before is in, but for those that are typed already.
    fn further_tags(&self) -> Vec<String> {
        let given = &self.asked.given;
        let Some(reference) = given.last("reference").and_then(|text| text.parse::<Reference>().ok()) else {
            return Vec::new();
        };
        let is_new = |tag: &Tag| given.all(&self.asked.argument).all(|other| other != tag.as_str());
        self.tags_of(&reference.place).iter().filter(|tag| is_new(tag)).map(Tag::to_string).collect()
    }

    /// The namespaces of the local bundles that the line names, but for those that are typed already.
    fn namespaces(&self) -> Vec<String> {
        let given = &self.asked.given;
        let bundles = ["reference", "from", "to"].into_iter().filter_map(|argument| given.last(argument));
        let found: BTreeSet<String> = bundles.filter_map(|text| self.namespaces_of(text)).flatten().collect();
        let is_new = |name: &String| given.all(&self.asked.argument).all(|other| other != name);
        found.into_iter().filter(is_new).collect()
    }

    fn namespaces_of(&self, text: &str) -> Option<Vec<String>> {
        let reference: Reference = text.parse().ok()?;
        let layout = self.layout(&reference.place)?;
        let found = manifest(&layout, &reference.selector_or_latest()).ok()?;
        let found = image(&layout, found).ok()?;
        let kind = Kind::of(&found)?;
        Some(found.layers().iter().filter_map(|layer| kind.namespace(layer)).collect())
    }

    /// The tags of a repository that is typed whole, where the argument may be on its side.
    fn tags(&self, repository: &str) -> Vec<Tag> {
        let Ok(Reference { place, selector: None }) = repository.parse::<Reference>() else {
            return Vec::new();
        };
        let is_remote = matches!(place, Place::Remote { .. });
        let is_meant = match self.asked.names {
            Names::LocalBundle | Names::LocalName => !is_remote,
            Names::RemoteBundle => is_remote,
            _ => true,
        };
        if is_meant { self.tags_of(&place) } else { Vec::new() }
    }

    fn tags_of(&self, place: &Place) -> Vec<Tag> {
        let tags = match place {
            Place::Remote { .. } => self.remote(place).and_then(in_time),
            Place::Local(_) | Place::Layout(_) => self.layout(place).and_then(|layout| layout.tags().ok()),
        };
        tags.unwrap_or_default()
    }

    fn layout(&self, place: &Place) -> Option<Layout> {
        match place {
            Place::Local(name) => self.store.open(name).ok()?,
            Place::Layout(path) => Layout::open_at(path).ok()?,
            Place::Remote { .. } => None,
        }
    }

    fn remote(&self, place: &Place) -> Option<Remote> {
        let Place::Remote { scheme, host, name } = place else { return None };
        let reach = Reach::only(&self.door_flags());
        let access = settings::access(&reach, self.environment, &mut io::empty(), None).ok()?;
        let mut credentials = access.credentials;
        credentials.is_silent = true;
        let target = target(*scheme, host, name, access.plain_http);
        Remote::open(&target, &credentials, &Client::new(access.options)).ok()
    }

    /// The flags by which the registry of this argument is reached; nothing is read from standard input for them.
    fn door_flags(&self) -> cli::Remote {
        let given: &Given = &self.asked.given;
        let has_from = ["copy", "diff"].contains(&self.asked.verb.as_str()) && self.asked.argument == "from";
        let named = |flag: &str| if has_from { format!("from_{flag}") } else { flag.to_owned() };
        let file = |flag: &str| given.last(&named(flag)).map(|path| expanded(path, self.environment));
        cli::Remote {
            door: Door {
                plain_http: given.has(&named("plain_http")),
                insecure: given.has(&named("insecure")),
                ca_file: file("ca_file"),
                concurrency: Some(1),
                timeout: "1s".to_owned(),
                retries: 0,
            },
            authfile: file("authfile"),
            username: None,
            password_stdin: false,
            identity_token_stdin: false,
        }
    }
}

/// The tags of a remote repository, if they come in time. Who is late is left behind; the process ends without it.
fn in_time(remote: Remote) -> Option<Vec<Tag>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(remote.some_tags(MOST_TAGS).ok()));
    receiver.recv_timeout(PATIENCE).ok().flatten()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_what_every_shell_reads_as_it_stands_is_offered() {
        for good in ["app:v1", "127.0.0.1:5000/team/app:1.0.0-rc.1", "_shared", "a,b", "ocidir:///x/y:v1"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in [
            "$(touch x)",
            "`x`",
            "a b",
            "a\nb",
            "\u{1b}[31m",
            "-x",
            "--y",
            "a;b",
            "a'b",
            "*",
            "a|b",
            "é",
            "{a,b}",
        ] {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn a_colon_before_a_slash_is_a_port() {
        assert_eq!(parted("app:v1"), Some(("app", "v1")));
        assert_eq!(parted("localhost:5000/app:"), Some(("localhost:5000/app", "")));
        assert_eq!(parted("build:a,b"), Some(("build", "a,b")));
        for none in ["app", "localhost:5000/app", "https://ghcr.io/app", "app@sha256:ab", ""] {
            assert_eq!(parted(none), None, "{none}");
        }
    }

    #[test]
    fn a_home_is_put_in_its_place() {
        let mut environment = Environment::of_process();
        environment.directories.home = Some("/home/me".into());
        assert_eq!(expanded("~/store", &environment), Path::new("/home/me/store"));
        assert_eq!(expanded("~you/store", &environment), Path::new("~you/store"));
    }
}
