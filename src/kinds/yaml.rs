//! YAML and JSON as Go's `yaml.v3` and `encoding/json` read them, with a position for every value.
//!
//! The scanner is granit-parser's; what that reads otherwise than `yaml.v3` does is refused or repaired
//! here. Nothing in this room knows what the documents mean.

mod builder;
mod decimal;
mod decode;
mod json;
mod measure;
mod merge;
mod place;
mod quirks;
mod read;
mod repair;
mod rewritten;
mod scalar;
mod tabs;
mod timestamp;
mod tree;
mod unify;
mod words;

pub use decimal::Decimal;
pub use decode::{Decoded, decode};
pub use json::read_json;
pub use merge::BadMerge;
pub use read::{Parsed, Source};
pub use scalar::{Mismatch, Resolved};
pub use timestamp::Timestamp;
pub use tree::{Entries, Mapping, Mark, NodeId, Problem, Scalar, Sequence, Shape, Style, Tag, Tree, Value};
pub use words::brief;
pub(super) use words::small;

/// How many problems of one document are kept, about: whoever has more will not read them.
const MAX_PROBLEMS: usize = 20_000;
/// How deep values may nest, aliases expanded.
pub const MAX_DEPTH: usize = 512;
/// How many bytes of text a document may hold once its aliases are expanded.
pub const MAX_EXPANDED: u64 = 64 << 20;
/// How many values of a document may come of aliases, as in CUE's reader of YAML.
pub const MAX_ALIASED: u64 = 50_000;
