//! What an image layout calls its own files and folders.

/// The file that makes a directory a layout (image specification, `image-layout.md`).
pub const MARKER: &str = "oci-layout";
/// The file that names its manifests.
pub const INDEX: &str = "index.json";
/// The folder of its content.
pub const BLOBS: &str = "blobs";
/// The folder for files that are being written, as Flipt and containerd have it.
pub const INGEST: &str = "ingest";

/// All of them: no layout below this one may have such a name.
pub const OWN: [&str; 4] = [BLOBS, INDEX, INGEST, MARKER];
