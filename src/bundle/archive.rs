//! Archives as they travel in a layer: tar within gzip, written so that their bytes depend on nothing but the content.
//!
//! A blob is gzip members of whole tar entries, then one constant end member; so the members of several blobs can be put
//! together to another archive without compressing a byte again. What comes from elsewhere is read as strictly as can be.

mod block;
mod fault;
mod fold;
mod gzip;
mod header;
mod limits;
mod members;
mod name;
mod pax;
mod read;
mod register;
mod tape;
mod write;

pub use fault::{Error, Stopped};
pub use fold::fold;
pub use gzip::{Compressor, compress, end_member};
pub use limits::{Budget, Limits};
pub use name::{components, unportable};
pub use read::{Found, read, read_file};
pub use write::{Entry, append, is_piece};

/// The size of a tar block in bytes.
const BLOCK: usize = 512;

/// The uncompressed bytes of an archive's end: two blocks of zeros.
pub const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];
