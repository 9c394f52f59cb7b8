//! The recorded runs of the real flux in `fixtures/golden/flux/cases`: their trees, laid out on disk, and what came out.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of what flux did.
pub(crate) fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden/flux")
}

/// All cases, by name.
pub(crate) fn cases() -> Vec<Case> {
    let files = fs::read_dir(golden().join("cases")).unwrap();
    let mut cases: Vec<_> = files.map(|file| Case::of(&file.unwrap().path())).collect();
    cases.sort_by(|one, other| one.name().cmp(other.name()));
    cases
}

/// A tree, and the runs of flux on it.
pub(crate) struct Case(Value);

impl Case {
    /// The case of this name.
    pub(crate) fn named(name: &str) -> Self {
        Self::of(&golden().join("cases").join(name).with_extension("json"))
    }

    fn of(path: &Path) -> Self {
        Self(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }

    pub(crate) fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    pub(crate) fn tree(&self) -> &Value {
        &self.0["tree"]
    }

    /// All runs.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.0["runs"].as_array().unwrap().iter().map(Run)
    }

    /// The runs on a directory or a file; the others read standard input.
    pub(crate) fn runs_on_disk(&self) -> impl Iterator<Item = Run<'_>> {
        self.runs().filter(|run| !run.args().contains(&"-"))
    }

    /// Makes the tree, and what stands beside it.
    pub(crate) fn lay_out(&self, root: &Path) {
        let tree = self.tree();
        for (name, file) in object(&tree["files"]) {
            let path = root.join(name);
            write(&path, file["text"].as_str().unwrap());
            let mode = file["mode"].as_str().or(tree["default_file"].as_str()).unwrap_or("0644");
            fs::set_permissions(path, fs::Permissions::from_mode(octal(mode))).unwrap();
        }
        for (name, file) in object(&tree["files_hex"]) {
            write(&root.join(hex_name(name)), file["text"].as_str().unwrap());
        }
        for (name, text) in object(&tree["outside"]) {
            write(&root.parent().unwrap().join(name), text.as_str().unwrap());
        }
        for name in strings(&tree["empty_dirs"]) {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        for (name, target) in object(&tree["symlinks"]) {
            symlink(target.as_str().unwrap(), root.join(name)).unwrap();
        }
        for name in strings(&tree["fifos"]) {
            assert!(std::process::Command::new("mkfifo").arg(root.join(name)).status().unwrap().success());
        }
    }
}

/// One run of flux.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a>(&'a Value);

impl<'a> Run<'a> {
    pub(crate) fn args(self) -> Vec<&'a str> {
        strings(&self.0["args"]).collect()
    }

    /// The value of `--ignore-paths`, as flux was given it.
    pub(crate) fn ignore_paths(self) -> Option<&'a str> {
        let args = self.args();
        let at = args.iter().position(|arg| arg.starts_with("--ignore-paths"))?;
        Some(args[at].strip_prefix("--ignore-paths=").unwrap_or_else(|| args[at + 1]))
    }

    /// Whether it was told to follow links; else it left them out.
    pub(crate) fn follows_links(self) -> bool {
        self.args().contains(&"--resolve-symlinks")
    }

    /// What it packed, when the tree is here: the directory, or a file of it.
    pub(crate) fn input(self, root: &Path) -> PathBuf {
        let args = self.args();
        let path = args[args.iter().position(|arg| *arg == "--path").unwrap() + 1];
        match path.strip_prefix("<CASE>/input").unwrap() {
            "" => root.to_owned(),
            file => root.join(&file[1..]),
        }
    }

    /// What it read from standard input.
    pub(crate) fn stdin(self) -> Vec<u8> {
        hex::decode(self.0["stdin_hex"].as_str().unwrap_or_default()).unwrap()
    }

    pub(crate) fn succeeded(self) -> bool {
        self.0["ok"].as_bool().unwrap()
    }

    /// The entries of its archive, in order.
    pub(crate) fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        self.0["tar"].as_array().into_iter().flatten().map(Entry)
    }

    /// The size of the archive, uncompressed.
    pub(crate) fn size(self) -> u64 {
        self.0["uncompressed_size"].as_u64().unwrap()
    }

    /// The SHA-256 of the archive, uncompressed.
    pub(crate) fn sha256(self) -> &'a str {
        self.0["uncompressed_sha256"].as_str().unwrap()
    }
}

/// One entry of an archive of flux.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a>(&'a Value);

impl<'a> Entry<'a> {
    /// Its name as it is recorded; `hex:` stands before one that is not UTF-8.
    pub(crate) fn name(self) -> &'a str {
        self.0["name"].as_str().unwrap()
    }

    /// Its name as it is in the archive.
    pub(crate) fn native_name(self) -> OsString {
        self.name().strip_prefix("hex:").map_or_else(|| self.name().into(), hex_name)
    }

    pub(crate) fn is_directory(self) -> bool {
        match self.0["type"].as_str().unwrap() {
            "0" => false,
            "5" => true,
            other => panic!("type {other}"),
        }
    }

    pub(crate) fn mode(self) -> u32 {
        octal(self.0["mode"].as_str().unwrap())
    }

    /// Whether it has a mode that torte writes.
    pub(crate) fn is_usual(self) -> bool {
        if self.is_directory() { self.mode() == 0o755 } else { [0o644, 0o755].contains(&self.mode()) }
    }

    /// The SHA-256 of a file's content.
    pub(crate) fn sha256(self) -> &'a str {
        self.0["sha256"].as_str().unwrap_or_default()
    }
}

/// The fields of an object, none where there is none.
pub(crate) fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The texts of a list, none where there is none.
pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap())
}

fn octal(text: &str) -> u32 {
    u32::from_str_radix(text, 8).unwrap()
}

fn hex_name(text: &str) -> OsString {
    OsString::from_vec(hex::decode(text).unwrap())
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
