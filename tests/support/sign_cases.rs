//! What cosign and notation made and said: the cases below fixtures/sign, laid out on disk.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::Value;
use tempfile::TempDir;
use torte::oci::Digest;
use torte::signing::PublicKey;
use torte::signing::verify::{Claim, Policy, Quorum};
use torte::store::Layout;

/// One case: what was expected of it, and its layout.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) expect: Value,
    pub(crate) layout: Layout,
    _folder: Option<TempDir>,
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sign")
}

/// All cases of a set, and with `TORTE_SIGN_CASES` those of the folder of that name there too, each a folder with
/// `layout` and `expect.json`.
pub(crate) fn cases(set: &str) -> Vec<Case> {
    let mut all: Vec<_> = files(&fixtures().join(set)).iter().map(|file| packed(file)).collect();
    if let Some(more) = std::env::var_os("TORTE_SIGN_CASES") {
        all.extend(
            files(&Path::new(&more).join(set))
                .iter()
                .filter(|path| path.join("expect.json").is_file())
                .map(|path| open(path)),
        );
    }
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn packed(file: &Path) -> Case {
    let mut expect: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let folder = TempDir::with_prefix("torte-sign-").unwrap();
    let blobs = folder.path().join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    fs::write(folder.path().join("index.json"), expect["index"].take().to_string()).unwrap();
    for (hex, content) in expect["blobs"].take().as_object().unwrap() {
        let content = match content {
            Value::String(text) => text.as_bytes().to_vec(),
            other => base64::prelude::BASE64_STANDARD.decode(other["base64"].as_str().unwrap()).unwrap(),
        };
        assert_eq!(Digest::of(&content).hex(), hex, "{}", file.display());
        fs::write(blobs.join(hex), content).unwrap();
    }
    let layout = Layout::open_at(folder.path()).unwrap().unwrap();
    Case { name: name(file), expect, layout, _folder: Some(folder) }
}

fn open(path: &Path) -> Case {
    let mut expect: Value = serde_json::from_slice(&fs::read(path.join("expect.json")).unwrap()).unwrap();
    if expect.get("cosign").is_some() {
        expect["verify"] = expect["cosign"].take();
    }
    let layout = Layout::open_at(&path.join("layout")).unwrap().unwrap();
    Case { name: name(path), expect, layout, _folder: None }
}

impl Case {
    /// The digest that was signed.
    pub(crate) fn subject(&self) -> Digest {
        let subject = &self.expect["subject"];
        subject["digest"].as_str().or(subject.as_str()).unwrap().parse().unwrap()
    }
}

/// A public key of the fixtures.
pub(crate) fn key(file: &str) -> PublicKey {
    PublicKey::read(&fs::read(fixtures().join("keys").join(file)).unwrap()).unwrap()
}

/// What a command line of cosign asks for: the digest, where it names one, and the policy.
pub(crate) fn asked(command: &Value) -> (Option<Digest>, Policy) {
    let words: Vec<_> =
        command["argv"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    let after = |flags: &[&str]| -> Vec<&str> {
        let pairs = words.iter().zip(words.iter().skip(1));
        pairs.filter(|(flag, _)| flags.contains(flag)).map(|(_, value)| *value).collect()
    };
    let keys = after(&["--key"]).iter().map(|path| key(path.rsplit('/').next().unwrap())).collect();
    let annotations = after(&["-a", "--annotations"]);
    let annotations = annotations
        .iter()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(key, value)| (key.into(), value.into()));
    let claim = if words[1] == "verify-attestation" {
        let kind = after(&["--type"]).first().copied().unwrap_or("custom");
        Claim::Attestation(torte::signing::predicate_type(kind).unwrap_or(kind).to_owned())
    } else {
        Claim::Signature
    };
    let digest = words.last().unwrap().split_once('@').map(|(_, digest)| digest.parse().unwrap());
    (digest, Policy { keys, quorum: Quorum::All, annotations: annotations.collect(), claim })
}
