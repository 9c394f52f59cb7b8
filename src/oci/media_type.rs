//! The media types and annotation keys of the image specification, and those of others that more than one room knows.

/// An image manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// An image index.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Docker's manifest, schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Docker's manifest list.
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// The config of a bundle that has none: the two bytes `{}`.
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// The config of Flux's bundles (`fluxcd/pkg`, `oci/globals.go`), by which they are known.
pub const FLUX_CONFIG: &str = "application/vnd.cncf.flux.config.v1+json";
/// Flux's one content layer, the complete tree.
pub const FLUX_CONTENT: &str = "application/vnd.cncf.flux.content.v1.tar+gzip";

/// Every media type under which a manifest or an index may be asked for.
pub const MANIFESTS: [&str; 4] = [MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_LIST];

/// What the media types of layers begin with that clients get from elsewhere, and that a registry need not have: those
/// of the image specification (`layer.md`, "Non-Distributable Layers"), and Docker's foreign layers.
const FOREIGN: [&str; 2] =
    ["application/vnd.oci.image.layer.nondistributable.", "application/vnd.docker.image.rootfs.foreign."];

/// Whether a layer of this media type may be missing where its manifest is.
pub fn is_foreign(layer: &str) -> bool {
    FOREIGN.iter().any(|start| layer.starts_with(start))
}

/// Annotation: when a bundle was made.
pub const CREATED: &str = "org.opencontainers.image.created";
/// Annotation of an index entry: its tag.
pub const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// Annotation: where the source of a bundle is kept.
pub const SOURCE: &str = "org.opencontainers.image.source";
/// Annotation: which revision of the source a bundle holds.
pub const REVISION: &str = "org.opencontainers.image.revision";
