//! What verbs report: plain values, from which text, JSON and summary are all made.

pub mod built;
mod checked;
mod collected;
mod diffed;
mod inspected;
mod linted;
mod listed;
mod logged;
mod removed;
mod resolved;
mod shared;
mod signed;
mod transferred;

pub use checked::{Checked, CheckedFault};
pub use collected::Collected;
pub use diffed::{Cost, Diffed, Differing, Named};
pub use inspected::{
    AttachedLine, Attachments, Child, Contents, FileLine, Flag, GroupLine, Inspected, LayerLine, about,
    in_words,
};
pub use linted::{FaultLine, Linted};
pub use listed::{Counts, Entry, Listed, RemoteTags, RepositoryLine};
pub use logged::{Keeper, LoggedIn, LoggedOut};
pub use removed::{Left, Removed, RemovedLine};
pub use resolved::Resolved;
pub use shared::Shared;
pub use signed::{SignatureLine, Signed};
pub(crate) use transferred::same_registry;
pub use transferred::{Blobs, Transferred, Verb};

/// One JSON object and a line end, as scripts read it.
pub(crate) fn json_text(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
