//! The report of build, push, pull, copy and tag: a digest, and what it cost.

use serde_json::{Value, json};

use super::inspected::Attachments;
use super::json_text;
use crate::cli::Format;
use crate::kinds::Kind;
use crate::oci::{Digest, Manifest, Place, Reference, Scheme, Selector, Tag};
use crate::output::table::{count, size};
use crate::output::{Answer, Data, Exit};

/// A bundle was built, moved or named.
#[derive(Clone, Debug)]
pub struct Transferred {
    /// What was done.
    pub verb: Verb,
    /// Where the bundle is now.
    pub place: Place,
    /// Its digest.
    pub digest: Digest,
    /// The manifest's media type.
    pub media_type: String,
    /// The manifest's size in bytes.
    pub size: u64,
    /// What the bundle holds, where torte knows.
    pub kind: Option<&'static str>,
    /// The tags that it has got.
    pub tags: Vec<Tag>,
    /// The digests of its layers.
    pub layers: Vec<Digest>,
    /// What happened to its blobs.
    pub blobs: Blobs,
    /// Bytes of blobs that were written.
    pub bytes: u64,
    /// What became of that which is attached, where that was looked at.
    pub attachments: Option<Attachments>,
    /// HTTP requests.
    pub requests: u64,
    /// Tags that pointed elsewhere before, and where.
    pub moved: Vec<(Tag, Digest)>,
    /// What should be looked at.
    pub warnings: Vec<String>,
    /// Other things to know.
    pub notes: Vec<String>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `build`.
    Built,
    /// `build --dry-run`.
    WouldBuild,
    /// `push`.
    Pushed,
    /// `pull`.
    Pulled,
    /// `copy`.
    Copied,
    /// `share`.
    Shared,
    /// `tag`.
    Tagged,
}

/// Counts of blobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blobs {
    /// Written.
    pub sent: u64,
    /// There already.
    pub present: u64,
    /// Taken by the registry from another of its repositories.
    pub mounted: u64,
    /// Made of others that were there.
    pub joined: u64,
}

impl Verb {
    const fn word(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::WouldBuild => "would build",
            Self::Pushed => "pushed",
            Self::Pulled => "pulled",
            Self::Copied => "copied",
            Self::Shared => "shared",
            Self::Tagged => "tagged",
        }
    }

    /// How a written blob is called: one goes out, comes in, or is new in the store.
    const fn moved(self) -> &'static str {
        match self {
            Self::Pulled => "received",
            Self::Pushed | Self::Copied | Self::Shared => "sent",
            Self::Built | Self::WouldBuild | Self::Tagged => "new",
        }
    }
}

impl Transferred {
    /// What is known of a bundle before anything is counted.
    pub fn of(verb: Verb, place: &Place, manifest: &Manifest, tags: &[Tag]) -> Self {
        Self {
            verb,
            place: place.clone(),
            digest: manifest.digest().clone(),
            media_type: manifest.media_type().to_owned(),
            size: manifest.bytes().len() as u64,
            kind: Kind::of(manifest).map(Kind::name),
            tags: tags.to_vec(),
            layers: manifest.layers().iter().map(|layer| layer.digest.clone()).collect(),
            blobs: Blobs::default(),
            bytes: 0,
            attachments: None,
            requests: 0,
            moved: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Ready to be printed.
    pub fn answer(self, format: Format) -> Answer {
        let text = match format {
            Format::Text => format!("{}\n", self.digest),
            Format::Reference => format!("{}\n", self.pinned()),
            Format::Json => json_text(&self.json()),
        };
        Answer {
            data: Data::Text(text),
            summary: Some(self.summary()),
            warnings: self.warnings,
            notes: self.notes,
            exit: Exit::Done,
        }
    }

    pub(super) fn pinned(&self) -> Reference {
        Reference { place: self.place.clone(), selector: Some(Selector::Digest(self.digest.clone())) }
    }

    /// One reference that can be used as it is.
    pub(super) fn first(&self) -> String {
        match self.tags.first() {
            None => self.pinned().to_string(),
            Some(tag) => format!("{}:{tag}", self.place),
        }
    }

    fn named(&self) -> String {
        match self.tags.split_first() {
            None => self.pinned().to_string(),
            Some((first, more)) => {
                let more: String = more.iter().flat_map(|tag| [",", tag.as_str()]).collect();
                format!("{}:{first}{more}", self.place)
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let Blobs { sent, present, mounted, joined } = self.blobs;
        let mut object = json!({
            "reference": self.first(),
            "digest": self.digest,
            "mediaType": self.media_type,
            "size": self.size,
            "kind": self.kind,
            "tags": self.tags,
            "layers": self.layers,
            "blobs": {"sent": sent, "present": present, "mounted": mounted, "joined": joined},
            "bytes": self.bytes,
            "referrers": self.attachments.as_ref().map(Attachments::json),
            "requests": self.requests,
            "warnings": self.warnings,
        });
        if let (Verb::Pushed, Place::Remote { host, name, .. }) = (self.verb, &self.place) {
            object["url"] = json!(format!("oci://{host}/{name}@{}", self.digest));
            object["repository"] = json!(format!("{host}/{name}"));
            object["tag"] = json!(self.tags.first());
        }
        object
    }

    /// `pushed ghcr.io/org/flags:v8 · 1 layer, 731 B sent, 40 already there · 4 requests`
    fn summary(&self) -> String {
        let mut parts = vec![format!("{} {}", self.verb.word(), self.named())];
        if self.verb != Verb::Tagged {
            let mut moved = Vec::new();
            let Blobs { sent, present, mounted, joined } = self.blobs;
            if sent > 0 {
                moved.push(format!("{}, {} {}", count(sent, "blob"), size(self.bytes), self.verb.moved()));
            }
            if mounted > 0 {
                moved.push(format!("{mounted} mounted"));
            }
            if joined > 0 {
                moved.push(format!("{joined} made of them"));
            }
            if present > 0 {
                moved.push(format!("{present} already there"));
            }
            if moved.is_empty() {
                moved.push("nothing to move".to_owned());
            }
            parts.push(moved.join(", "));
        }
        if let Some(attached) = self.attachments.as_ref().filter(|attached| attached.taken_count > 0) {
            parts.push(format!("with {}", attached.taken));
        }
        if self.requests > 0 {
            parts.push(count(self.requests, "request"));
        }
        for (tag, before) in &self.moved {
            parts.push(format!("`{tag}` was {}", before.short()));
        }
        parts.join(" · ")
    }
}

/// Whether two remote places are of one registry, so that blobs can be mounted.
pub(crate) fn same_registry(left: &Place, right: &Place) -> bool {
    let host = |place: &Place| match place {
        Place::Remote { scheme, host, .. } => Some((*scheme == Scheme::Http, host.clone())),
        Place::Local(_) | Place::Layout(_) => None,
    };
    host(left).is_some() && host(left) == host(right)
}
