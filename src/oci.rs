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

pub(crate) use descriptor::null_is_default;
pub use descriptor::{Descriptor, Platform};
pub use digest::{Digest, DigestError, Hasher, VerifyError, Verifying};
pub use index::{Index, IndexError, Listed};
pub use manifest::{LARGEST as LARGEST_MANIFEST, Manifest, ManifestError};
pub use name::{DOCKER_HUB, Host, Name, NameError, Tag};
pub use reference::{Place, Reference, ReferenceError, Scheme, Selector, Side};
pub use version::{Range, RangeError, Version};
