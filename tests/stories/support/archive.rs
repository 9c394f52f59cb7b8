//! Archives by hand, block by block, so that anything can be wrong with them; and layouts that hold them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use torte::oci::Digest;

/// The two blocks of zeros at an archive's end.
pub(crate) const END: [u8; 1024] = [0; 1024];

/// One tar header that is being made.
#[derive(Clone)]
pub(crate) struct Header([u8; 512]);

impl Header {
    /// A sound header of POSIX's format.
    pub(crate) fn new(kind: u8, name: impl AsRef<[u8]>, size: usize) -> Self {
        let mut header = Self([0; 512]);
        header.set(0, name).set(100, "0000644\0").set(108, "0000000\0").set(116, "0000000\0");
        header.set(124, format!("{size:011o}\0")).set(136, "00000000000\0").set(156, [kind]);
        header.set(257, "ustar\x0000");
        header
    }

    /// Writes bytes at an offset.
    pub(crate) fn set(&mut self, at: usize, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Its block, with a checksum that is right.
    pub(crate) fn sealed(&self) -> Vec<u8> {
        let mut block = self.0;
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block.to_vec()
    }

    /// Its block and content behind it, filled up.
    pub(crate) fn with(&self, content: impl AsRef<[u8]>) -> Vec<u8> {
        let mut bytes = self.sealed();
        bytes.extend_from_slice(content.as_ref());
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

/// An entry of any type.
pub(crate) fn entry(kind: u8, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Vec<u8> {
    Header::new(kind, name, content.as_ref().len()).with(content)
}

/// A regular file.
pub(crate) fn file(name: impl AsRef<[u8]>) -> Vec<u8> {
    entry(b'0', name, "hostile")
}

/// A link of this type.
pub(crate) fn link(kind: u8, name: &str, target: &str) -> Vec<u8> {
    Header::new(kind, name, 0).set(157, target).sealed()
}

/// The record of an extended header, with its right length.
pub(crate) fn record(key: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    let value = value.as_ref();
    let rest = key.len() + value.len() + 3;
    let length = (rest..rest + 20).find(|length| rest + length.to_string().len() == *length).unwrap();
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

/// An extended header with one record.
pub(crate) fn extended(key: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    entry(b'x', "PaxHeaders.0/x", record(key, value))
}

/// A file whose path stands in an extended header.
pub(crate) fn long(path: impl AsRef<[u8]>) -> Vec<u8> {
    [extended("path", path), file("short")].concat()
}

/// One gzip member.
pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    torte::bundle::archive::compress(bytes.as_ref())
}

/// A layer: its media type, its annotations, its bytes.
pub(crate) struct Layer {
    pub(crate) media_type: &'static str,
    pub(crate) annotations: Value,
    pub(crate) bytes: Vec<u8>,
    /// What the manifest says of its size, if not the truth.
    pub(crate) size: Option<u64>,
}

impl Layer {
    /// Flux's only layer.
    pub(crate) fn flux(bytes: Vec<u8>) -> Self {
        Self { media_type: "application/vnd.cncf.flux.content.v1.tar+gzip", ..Self::image(bytes) }
    }

    /// A layer of an image.
    pub(crate) fn image(bytes: Vec<u8>) -> Self {
        let media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
        Self { media_type, annotations: json!({}), bytes, size: None }
    }

    /// A file as oras pushes it, or a directory.
    pub(crate) fn oras(title: &str, is_directory: bool, bytes: Vec<u8>) -> Self {
        let mut annotations = json!({"org.opencontainers.image.title": title});
        if is_directory {
            annotations["io.deis.oras.content.unpack"] = json!("true");
        }
        Self { annotations, ..Self::image(bytes) }
    }
}

/// Writes a layout with one bundle, `v1`.
pub(crate) fn write_layout(at: &Path, layers: &[Layer]) {
    let blobs = at.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let put = |bytes: &[u8]| {
        let digest = Digest::of(bytes);
        fs::write(blobs.join(digest.hex()), bytes).unwrap();
        digest
    };
    let described: Vec<_> = layers
        .iter()
        .map(|layer| {
            let size = layer.size.unwrap_or(layer.bytes.len() as u64);
            json!({"mediaType": layer.media_type, "digest": put(&layer.bytes), "size": size,
                "annotations": layer.annotations})
        })
        .collect();
    let config =
        json!({"mediaType": "application/vnd.oci.image.config.v1+json", "digest": put(b"{}"), "size": 2});
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    let manifest =
        json!({"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": described})
            .to_string();
    let entry = json!({"mediaType": media_type, "digest": put(manifest.as_bytes()), "size": manifest.len(),
        "annotations": {"org.opencontainers.image.ref.name": "v1"}});
    fs::write(at.join("index.json"), json!({"schemaVersion": 2, "manifests": [entry]}).to_string()).unwrap();
    fs::write(at.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}
