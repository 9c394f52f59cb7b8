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
    fn commands(&self, pinned: &str) -> Vec<String> {
        let mut commands = vec![format!("torte pull {pinned} shared:v1")];
        let (Place::Remote { scheme, host, name }, Some(tag)) = (&self.moved.place, self.moved.tags.first())
        else {
            return commands;
        };
        match self.kind {
            Some(Kind::Flipt) => {
                let is_plain = *scheme == Scheme::Http || host.is_loopback();
                let scheme = if is_plain { "http" } else { "https" };
                commands.push(format!("flipt bundle pull {scheme}://{host}/{name}:{tag}"));
            }
            Some(Kind::Kubernetes) => commands.push(format!(
                "mkdir shared && flux pull artifact oci://{host}/{name}@{} --output shared",
                self.moved.digest
            )),
            None => {}
        }
        commands
    }
}
