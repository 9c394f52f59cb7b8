//! The report of share: where the bundle is, when it ends, and how somebody else gets it.

use super::{Transferred, json_text};
use crate::cli::Format;
use crate::kinds::Kind;
use crate::oci::{Place, Scheme};
use crate::output::{Answer, Data};

/// A bundle was shared.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What was moved, and what it cost.
    pub moved: Transferred,
    /// When it ends, in RFC 3339; unknown where it was shared before.
    pub ends: Option<String>,
    /// What it holds.
    pub kind: Option<Kind>,
    /// Whether the registry is spoken to without TLS.
    pub is_plain: bool,
}

impl Shared {
    /// Ready to be printed: the reference by digest on standard output, the way to it on standard error.
    pub fn answer(self, format: Format) -> Answer {
        let pinned = self.moved.pinned().to_string();
        let commands = self.commands(&pinned);
        let text = match format {
            Format::Text | Format::Reference => format!("{pinned}\n"),
            Format::Json => {
                let mut object = self.moved.json();
                object["pinned"] = pinned.clone().into();
                object["ends"] = self.ends.clone().into();
                object["commands"] = commands.clone().into();
                json_text(&object)
            }
        };
        let ends = self.ends.as_ref().map(|ends| format!(" · ends about {ends}")).unwrap_or_default();
        let mut answer = self.moved.answer(Format::Text);
        answer.data = Data::Text(text);
        answer.summary = answer.summary.map(|summary| format!("{summary}{ends}"));
        answer.notes.extend(commands.iter().map(|command| format!("on the other side: {command}")));
        answer
    }

    /// How the other side gets it: with torte, and with what reads bundles of its kind otherwise.
    ///
    /// torte's own name for it is that of its content, so that one that was pulled before is in nobody's way.
    fn commands(&self, pinned: &str) -> Vec<String> {
        let digest = &self.moved.digest;
        let (Place::Remote { scheme, host, name }, Some(tag)) = (&self.moved.place, self.moved.tags.first())
        else {
            return Vec::new();
        };
        // On loopback nobody needs to be told, and where the reference says it, torte neither.
        let is_plain = self.is_plain && !host.is_loopback();
        let flag = if is_plain && *scheme == Scheme::Unsaid { "--plain-http " } else { "" };
        let mut commands = vec![format!("torte pull {flag}{pinned} shared:{}", digest.short())];
        match self.kind {
            Some(Kind::Flipt) => {
                let scheme = if self.is_plain { "http" } else { "https" };
                commands.push(format!("flipt bundle pull {scheme}://{host}/{name}:{tag}"));
            }
            Some(Kind::Kubernetes) => {
                let flag = if is_plain { "--insecure-registry " } else { "" };
                commands.push(format!(
                    "mkdir shared && flux pull artifact {flag}oci://{host}/{name}@{digest} --output shared"
                ));
            }
            None => {}
        }
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::{Digest, Manifest, media_type};
    use crate::output::report::Verb;

    /// What is told of a bundle at this address, after the part that all have.
    fn told(address: &str, kind: Kind, is_plain: bool) -> Vec<String> {
        let config = crate::oci::Descriptor::of(media_type::EMPTY, b"{}");
        let json = serde_json::json!({"schemaVersion": 2, "config": config, "layers": []}).to_string();
        let manifest = Manifest::parse(json.into_bytes(), Some(media_type::MANIFEST)).unwrap();
        let place = address.parse::<crate::oci::Reference>().unwrap().place;
        let tags = ["30m".parse().unwrap()];
        let moved = Transferred::of(Verb::Shared, &place, &manifest, &tags);
        let digest: Digest = manifest.digest().clone();
        let shared = Shared { moved, ends: None, kind: Some(kind), is_plain };
        let commands = shared.commands(&shared.moved.pinned().to_string());
        let shorten =
            |command: String| command.replace(&digest.to_string(), "DIGEST").replace(digest.short(), "SHORT");
        commands.into_iter().map(shorten).collect()
    }

    #[test]
    fn flipt_is_told_the_scheme_and_torte_what_it_does_not_know() {
        for (address, is_plain, torte, flipt) in [
            ("ttl.sh/x", false, "ttl.sh/x@DIGEST", "https://ttl.sh/x:30m"),
            ("localhost:5000/x", true, "localhost:5000/x@DIGEST", "http://localhost:5000/x:30m"),
            ("https://localhost/x", false, "https://localhost/x@DIGEST", "https://localhost/x:30m"),
            ("lan.example/x", true, "--plain-http lan.example/x@DIGEST", "http://lan.example/x:30m"),
            ("http://lan.example/x", true, "http://lan.example/x@DIGEST", "http://lan.example/x:30m"),
        ] {
            let expected = [format!("torte pull {torte} shared:SHORT"), format!("flipt bundle pull {flipt}")];
            assert_eq!(told(address, Kind::Flipt, is_plain), expected);
        }
    }

    #[test]
    fn flux_is_told_of_a_registry_without_tls_where_it_would_try_with() {
        for (address, is_plain, flux) in [
            ("ttl.sh/x", false, "oci://ttl.sh/x@DIGEST"),
            ("127.0.0.1:5000/x", true, "oci://127.0.0.1:5000/x@DIGEST"),
            ("lan.example/x", true, "--insecure-registry oci://lan.example/x@DIGEST"),
        ] {
            let command = format!("mkdir shared && flux pull artifact {flux} --output shared");
            assert_eq!(told(address, Kind::Kubernetes, is_plain)[1], command);
        }
    }
}
