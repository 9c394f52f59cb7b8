//! Manifests that want to fill the machine: what is read of one takes a small multiple of its own size.

#![cfg(target_os = "linux")]

use torte::oci::Digest;

use crate::support::Sandbox;

/// The largest manifest that is read, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// So many zeros in a list that a text of the largest size has room for them beside 1 KiB.
fn zeros() -> String {
    format!("[{}0]", "0,".repeat((LARGEST - 1024) / 2))
}

/// Writes a layout with one manifest, `v1`, and the blob `{}`; returns how `ocidir` names it.
fn layout(sandbox: &Sandbox, kind: &str, manifest: &str) -> String {
    let put = |text: &str| {
        let digest = Digest::of(text.as_bytes());
        sandbox.write(&format!("bundle/blobs/sha256/{}", digest.hex()), text);
        digest
    };
    put("{}");
    let (digest, size) = (put(manifest), manifest.len());
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{kind}","digest":"{digest}","size":{size},"annotations":{{"org.opencontainers.image.ref.name":"v1"}}}}]}}"#
    );
    sandbox.write("bundle/index.json", index);
    sandbox.write("bundle/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    "ocidir://bundle:v1".to_owned()
}

/// What starts torte with 96 MiB of addresses, of which an idle one takes a good part.
const BOUNDED: [&str; 4] = ["sh", "-c", "ulimit -v 98304 && exec \"$@\"", "sh"];

#[test]
fn what_torte_does_not_know_in_a_manifest_takes_no_memory() {
    let empty = Digest::of(b"{}");
    let described = |more: &str| format!(r#"{{"mediaType":"m","digest":"{empty}","size":2{more}}}"#);
    let zeros = zeros();
    let more = format!(r#","x":{zeros}"#);
    let platform = format!(r#","platform":{{"os":"linux","x":{zeros}}}"#);
    let image = "application/vnd.oci.image.manifest.v1+json";
    let index = "application/vnd.oci.image.index.v1+json";
    for (kind, fields) in [
        (image, format!(r#""x":{zeros}"#)),
        (image, format!(r#""config":{}"#, described(&more))),
        (image, format!(r#""layers":[{}]"#, described(&more))),
        (image, format!(r#""subject":{}"#, described(&more))),
        (index, format!(r#""manifests":[{}]"#, described(&more))),
        (index, format!(r#""manifests":[{}]"#, described(&platform))),
    ] {
        let sandbox = Sandbox::new();
        let manifest = format!(r#"{{"schemaVersion":2,"mediaType":"{kind}",{fields}}}"#);
        assert!(manifest.len() <= LARGEST);
        let at = layout(&sandbox, kind, &manifest);
        let digest = format!("{}\n", Digest::of(manifest.as_bytes()));
        sandbox.run_through(&BOUNDED, &["resolve", &at]).succeeds().prints(&digest);
        sandbox.run_through(&BOUNDED, &["inspect", &at, "--manifest"]).succeeds();
    }
}
