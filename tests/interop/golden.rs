//! Trees of files: written from `fixtures/golden/flux/cases`, read back from disk, and as the real Flux packed them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use torte::oci::Digest;

/// What stands at a path, as far as a bundle keeps it: of directories no mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Directory,
    File { mode: u32, digest: String },
}

/// Paths and what stands there.
pub(crate) type Tree = BTreeMap<String, Entry>;

/// A tree, what Flux is told of it, and what Flux packs then.
pub(crate) struct Case {
    name: &'static str,
    json: Value,
}

impl Case {
    /// The case of this file name.
    pub(crate) fn read(name: &'static str) -> Self {
        let file = format!("{}/fixtures/golden/flux/cases/{name}.json", env!("CARGO_MANIFEST_DIR"));
        Self { name, json: serde_json::from_slice(&fs::read(file).unwrap()).unwrap() }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Writes the tree. Only what is plain can be written: files with text, and directories.
    pub(crate) fn write(&self, folder: &Path) {
        let tree = self.json["tree"].as_object().unwrap();
        assert!(tree.keys().all(|key| matches!(key.as_str(), "files" | "empty_dirs")), "{}", self.name);
        for (path, file) in tree["files"].as_object().unwrap() {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, file["text"].as_str().unwrap()).unwrap();
            let mode = u32::from_str_radix(file["mode"].as_str().unwrap_or("0644"), 8).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        for path in tree.get("empty_dirs").and_then(Value::as_array).into_iter().flatten() {
            fs::create_dir_all(folder.join(path.as_str().unwrap())).unwrap();
        }
    }

    /// The flags of the case's first run, beside `--path` and `--output`.
    pub(crate) fn flags(&self) -> Vec<&str> {
        let all = self.json["runs"][0]["args"].as_array().unwrap();
        let all: Vec<_> = all.iter().map(|argument| argument.as_str().unwrap()).collect();
        let start = ["build", "artifact", "--path", "<CASE>/input", "--output", "<OUT>"];
        all.strip_prefix(&start).unwrap().to_vec()
    }

    /// What Flux packed in that run, and so what must come out in the end.
    pub(crate) fn packed(&self) -> Tree {
        let entries = self.json["runs"][0]["tar"].as_array().unwrap();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        let named = entries.iter().filter(|entry| entry["name"] != ".").map(|entry| {
            let mode = u32::from_str_radix(&text(entry, "mode"), 8).unwrap();
            let what = match text(entry, "type").as_str() {
                "5" => Entry::Directory,
                _ => Entry::File { mode, digest: format!("sha256:{}", text(entry, "sha256")) },
            };
            (text(entry, "name"), what)
        });
        named.collect()
    }
}

/// What stands in a folder on disk.
pub(crate) fn found(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if kind.is_dir() {
                tree.insert(name, Entry::Directory);
                open.push(path);
                continue;
            }
            assert!(kind.is_file(), "neither a file nor a directory: {name}");
            let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
            let digest = Digest::of(&fs::read(path).unwrap()).to_string();
            tree.insert(name, Entry::File { mode, digest });
        }
    }
    tree
}
