//! The OCI words that everything else speaks: digests, descriptors, manifests, indexes, references, versions. Pure.

mod descriptor;
mod digest;
mod index;
pub mod layout;
mod manifest;
pub mod media_type;
mod name;
mod reference;
mod version;

pub use descriptor::Descriptor;
pub use digest::{Digest, DigestError, Hasher, VerifyError, Verifying};
pub use index::{Index, IndexError};
pub use manifest::{LARGEST as LARGEST_MANIFEST, Manifest, ManifestError};
pub use name::{Host, Name, NameError, Tag};
pub use reference::{Place, Reference, ReferenceError, Scheme, Selector, Side};
pub use version::{Range, RangeError, Version};
