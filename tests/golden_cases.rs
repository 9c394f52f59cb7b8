//! Holds `build` against what the real Flipt made of the same directories: layers, namespaces, manifest digest, refusals.
//! The directories hold links, and names that are not UTF-8, which only Unix lets a test make.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use serde_json::Value;
use torte::bundle::{ManifestVersion, Stamp, pack};
use torte::kinds::{self, Check, Error, Kind, Options};
use torte::source::{Links, Tree};

/// What torte refuses and Flipt takes, with `--check schema`, and why.
const STRICTER: [(&str, &str); 2] = [
    ("101-namespace-object-no-key", "`namespace.key` is missing"),
    ("102-namespace-object-empty", "`namespace.key` is missing"),
];

fn lay_out(case: &Value, root: &Path) {
    for (name, content) in case["files"].as_object().unwrap() {
        let path = root.join(native(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(text) = content.as_str() {
            fs::write(path, text).unwrap();
        } else if let Some(text) = content["b64"].as_str() {
            fs::write(path, base64::prelude::BASE64_STANDARD.decode(text).unwrap()).unwrap();
        } else if let Some(target) = content["link"].as_str() {
            std::os::unix::fs::symlink(target, path).unwrap();
        } else {
            assert!(!content["dir"].is_null(), "{content}");
            fs::create_dir_all(path).unwrap();
        }
    }
}

/// A name that begins with `b64:` is not UTF-8.
fn native(name: &str) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt;
    match name.strip_prefix("b64:") {
        Some(text) => std::ffi::OsString::from_vec(base64::prelude::BASE64_STANDARD.decode(text).unwrap()),
        None => name.into(),
    }
}

/// What is wrong with torte's answer, if anything.
fn compare(case: &Value, root: &Path) -> Result<(), String> {
    let expect = &case["expect"];
    let mut tree = Tree::of_directory(root, Links::Keep).map_err(|error| error.to_string())?;
    let options = Options::new(Check::Schema, 2);
    let read = kinds::read(Kind::Flipt, &mut tree, &options);
    let name = case["name"].as_str().unwrap();
    let reading = match (read, expect["ok"].as_bool().unwrap()) {
        (Err(_), false) => return Ok(()),
        (Ok(_), false) => return Err(format!("taken, and Flipt says {}", expect["error"])),
        (Err(Error::Empty { .. }), true) => {
            let layers = expect["layers"].as_array().unwrap();
            let is_empty =
                layers.iter().all(|layer| layer["payload"] == "{}" && layer["namespace"].is_null());
            return if is_empty { Ok(()) } else { Err("empty, and Flipt found layers".into()) };
        }
        (Err(error), true) => {
            let why = STRICTER.iter().find(|(known, _)| *known == name).map(|(_, why)| *why);
            let is_known = matches!((&error, why), (Error::Faults { faults, .. }, Some(why))
                if faults.len() == 1 && faults[0].message == why);
            return if is_known { Ok(()) } else { Err(format!("refused: {error:?}")) };
        }
        (Ok(reading), true) => reading,
    };

    let is_1_0 = case["env"]["FLIPT_STORAGE_OCI_MANIFEST_VERSION"] == "1.0";
    let stamp = Stamp {
        created: expect["created"].as_str().unwrap().to_owned(),
        version: if is_1_0 { ManifestVersion::V1_0 } else { ManifestVersion::V1_1 },
        annotations: BTreeMap::new(),
    };
    let namespaces: Vec<_> = reading
        .content
        .layers
        .iter()
        .map(|layer| layer.annotations["io.flipt.features.namespace"].clone())
        .collect();
    let payloads: Vec<_> =
        reading.content.layers.iter().map(|layer| String::from_utf8(layer.body.clone()).unwrap()).collect();
    let bundle = pack(reading.content, &stamp).map_err(|error| error.to_string())?;
    let layers = expect["layers"].as_array().unwrap();
    let wanted =
        |key: &str| layers.iter().map(|layer| layer[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    if payloads != wanted("payload") {
        return Err(format!("payloads differ:\n  torte {payloads:?}\n  flipt {:?}", wanted("payload")));
    }
    if namespaces != wanted("namespace") {
        return Err(format!("namespaces differ: torte {namespaces:?}, flipt {:?}", wanted("namespace")));
    }
    if bundle.manifest.digest().to_string() != expect["digest"] {
        return Err(format!("the manifest differs: {}", String::from_utf8_lossy(bundle.manifest.bytes())));
    }
    Ok(())
}

#[test]
fn every_case_is_built_or_refused_as_flipt_does() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flipt/cases");
    let mut names: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 217);
    let mut wrong = Vec::new();
    for path in &names {
        let case: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("input");
        fs::create_dir(&root).unwrap();
        lay_out(&case, &root);
        if let Err(why) = compare(&case, &root) {
            wrong.push(format!("{}: {why}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), names.len(), wrong.join("\n"));
}
