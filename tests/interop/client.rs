//! The clients beside torte, each by the commands that its users type.

use std::collections::BTreeMap;

use serde_json::Value;
use torte::oci::Digest;

use crate::lab::Lab;
use crate::registry::Registry;

/// One of the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    Crane,
    Oras,
    Regctl,
    Skopeo,
}

impl Client {
    pub(crate) const ALL: [Self; 4] = [Self::Crane, Self::Oras, Self::Regctl, Self::Skopeo];
    /// Their programs.
    pub(crate) const TOOLS: [&str; 4] = ["crane", "oras", "regctl", "skopeo"];

    /// The client's name in small letters, as a part of repository names.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crane => "crane",
            Self::Oras => "oras",
            Self::Regctl => "regctl",
            Self::Skopeo => "skopeo",
        }
    }

    fn run(self, lab: &Lab, registry: &Registry, arguments: &[&str]) -> Vec<u8> {
        // Everything but TLS is said once here, and as each client wants it said.
        let tls = format!("reg={},tls=disabled", registry.host);
        let mut all = Vec::new();
        if self == Self::Regctl && !registry.tls {
            all.extend(["--host", &tls]);
        }
        all.extend(arguments);
        lab.run(self.name(), &all)
    }

    /// The exact bytes of a manifest in a registry.
    pub(crate) fn manifest(self, lab: &Lab, registry: &Registry, name: &str) -> Vec<u8> {
        let reference = format!("{}/{name}", registry.host);
        let docker = format!("docker://{reference}");
        let verify = format!("--tls-verify={}", registry.tls);
        let plain = format!("--plain-http={}", !registry.tls);
        let arguments = match self {
            Self::Crane => vec!["manifest", &reference],
            Self::Oras => vec!["manifest", "fetch", &plain, &reference],
            Self::Regctl => vec!["manifest", "get", "--format", "raw-body", &reference],
            Self::Skopeo => vec!["inspect", "--raw", &verify, &docker],
        };
        self.run(lab, registry, &arguments)
    }

    /// The bytes of all blobs of a bundle in a registry, by digest.
    pub(crate) fn blobs(self, lab: &Lab, registry: &Registry, name: &str) -> BTreeMap<String, Vec<u8>> {
        if self == Self::Skopeo {
            let folder =
                format!("skopeo-{}", Digest::of(format!("{}{name}", registry.host).as_bytes()).short());
            self.pull(lab, registry, name, &folder);
            return digests(&self.manifest(lab, registry, name))
                .into_iter()
                .map(|digest| {
                    let file = format!("{folder}/blobs/{}", digest.replace(':', "/"));
                    (digest, std::fs::read(lab.path(&file)).unwrap())
                })
                .collect();
        }
        let (repository, _) = name.rsplit_once([':', '@']).unwrap();
        let repository = format!("{}/{repository}", registry.host);
        let plain = format!("--plain-http={}", !registry.tls);
        let blob = |digest: &String| {
            let at = format!("{repository}@{digest}");
            let arguments = match self {
                Self::Crane => vec!["blob", &at],
                Self::Oras => vec!["blob", "fetch", &plain, "--output", "-", &at],
                _ => vec!["blob", "get", &repository, digest],
            };
            self.run(lab, registry, &arguments)
        };
        digests(&self.manifest(lab, registry, name))
            .into_iter()
            .map(|digest| (digest.clone(), blob(&digest)))
            .collect()
    }

    /// Copies a bundle from a layout on disk, which must hold no other, to a registry.
    pub(crate) fn push(self, lab: &Lab, layout: &str, tag: &str, registry: &Registry, name: &str) {
        let reference = format!("{}/{name}", registry.host);
        let docker = format!("docker://{reference}");
        let verify = format!("--dest-tls-verify={}", registry.tls);
        let plain = format!("--to-plain-http={}", !registry.tls);
        let tagged = format!("{layout}:{tag}");
        let (ocidir, oci) = (format!("ocidir://{tagged}"), format!("oci:{tagged}"));
        let arguments = match self {
            Self::Crane => vec!["push", layout, &reference],
            Self::Oras => vec!["cp", "--from-oci-layout", &tagged, &plain, &reference],
            Self::Regctl => vec!["image", "copy", &ocidir, &reference],
            Self::Skopeo => {
                vec!["--insecure-policy", "copy", "--preserve-digests", &verify, &oci, &docker]
            }
        };
        self.run(lab, registry, &arguments);
    }

    /// Copies a bundle from a registry to a layout on disk, under the tag `v1`.
    pub(crate) fn pull(self, lab: &Lab, registry: &Registry, name: &str, layout: &str) {
        let reference = format!("{}/{name}", registry.host);
        let docker = format!("docker://{reference}");
        let verify = format!("--src-tls-verify={}", registry.tls);
        let plain = format!("--from-plain-http={}", !registry.tls);
        let tagged = format!("{layout}:v1");
        let (ocidir, oci) = (format!("ocidir://{tagged}"), format!("oci:{tagged}"));
        let arguments = match self {
            Self::Crane => vec!["pull", "--format=oci", &reference, layout],
            Self::Oras => vec!["cp", &plain, &reference, "--to-oci-layout", &tagged],
            Self::Regctl => vec!["image", "copy", &reference, &ocidir],
            Self::Skopeo => {
                vec!["--insecure-policy", "copy", "--preserve-digests", &verify, &docker, &oci]
            }
        };
        self.run(lab, registry, &arguments);
    }

    /// The exact bytes of a manifest in a layout on disk; crane cannot show one.
    pub(crate) fn manifest_on_disk(self, lab: &Lab, layout: &str, tag: &str) -> Option<Vec<u8>> {
        let tagged = format!("{layout}:{tag}");
        let (ocidir, oci) = (format!("ocidir://{tagged}"), format!("oci:{tagged}"));
        let arguments = match self {
            Self::Crane => return None,
            Self::Oras => vec!["manifest", "fetch", "--oci-layout", &tagged],
            Self::Regctl => vec!["manifest", "get", "--format", "raw-body", &ocidir],
            Self::Skopeo => vec!["inspect", "--raw", &oci],
        };
        Some(lab.run(self.name(), &arguments))
    }
}

/// The digests of config and layers.
pub(crate) fn digests(manifest: &[u8]) -> Vec<String> {
    let json: Value = serde_json::from_slice(manifest).unwrap();
    let layers = json["layers"].as_array().unwrap();
    let all = std::iter::once(&json["config"]).chain(layers);
    all.map(|blob| blob["digest"].as_str().unwrap().to_owned()).collect()
}
