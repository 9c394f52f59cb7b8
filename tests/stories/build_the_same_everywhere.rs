//! The same files give the same digests, whoever builds them, where, when, and in which language.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::Sandbox;

/// `uncompressed` follows from what the real flux recorded (`fixtures/expected/everywhere.py`); `pinned` is what torte's
/// encoder made of it once, and must make for ever.
const EXPECTED: &str = include_str!("../../fixtures/expected/everywhere.json");
const MANIFESTS: &str = include_str!("../../fixtures/golden/flux/cases/045-kustomize-base-overlays.json");
const FLAGS: &str = include_str!("../../fixtures/golden/flipt/cases/366-realistic-monorepo.json");

const PROFILES: [&str; 3] = ["hybrid", "flux", "argo"];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The files of a tree, by path.
fn files(files: &Value) -> Vec<(String, String)> {
    let text = |file: &Value| file.as_str().or(file["text"].as_str()).unwrap().to_owned();
    files.as_object().unwrap().iter().map(|(path, file)| (path.clone(), text(file))).collect()
}

fn manifests() -> Vec<(String, String)> {
    files(&json(MANIFESTS)["tree"]["files"])
}

fn flags() -> Vec<(String, String)> {
    files(&json(FLAGS)["files"])
}

/// Everything that a digest must not depend on.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing of its own")]
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    number: usize,
    umask: &'static str,
    /// Whether the files are made in the opposite order.
    reverse: bool,
    /// How the directory is named: in full, by a way round with a slash at its end, or as the place where one is.
    named: usize,
    /// Whether there is one processor only, and so one thread.
    alone: bool,
    /// Whether the directory lies on another file system.
    elsewhere: bool,
    time: &'static str,
    zone: &'static str,
    locale: &'static str,
    /// Whether the files belong to somebody else, who builds them.
    other_user: bool,
}

/// Every umask with every order, way to name the directory, number of processors and file system; the rest in turns.
fn all() -> Vec<Surroundings> {
    fn turn<T: Copy>(choices: &[T], number: usize) -> T {
        choices[number % choices.len()]
    }
    let surroundings = |number: usize| Surroundings {
        number,
        umask: turn(&["022", "077"], number),
        reverse: number / 2 % 2 == 1,
        alone: number / 4 % 2 == 1,
        elsewhere: number / 8 % 2 == 1,
        named: number / 16,
        time: turn(
            &["197001010000", "202611210800", "203802010000", "200002292359.59", "202611210800.01"],
            number,
        ),
        zone: turn(&["UTC", "Asia/Tokyo", "America/St_Johns", "XXX-13:37", "", "nowhere", "UTC"], number),
        locale: turn(
            &["C", "C.UTF-8", "tr_TR.UTF-8", "", "de_DE@euro", "ja_JP.eucJP", "POSIX", "C", "C", "xx", "C"],
            number,
        ),
        other_user: number % 3 == 1,
    };
    (0..48).map(surroundings).collect()
}

/// A file system other than that of a directory, where there is one.
fn elsewhere(here: &Path) -> Option<TempDir> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
        let choices = ["/dev/shm", env!("CARGO_TARGET_TMPDIR"), "/var/tmp"];
        let is_other = |path: &&str| device(Path::new(path)).is_some_and(|other| device(here) != Some(other));
        choices.into_iter().filter(is_other).find_map(|path| TempDir::new_in(path).ok())
    }
    #[cfg(not(unix))]
    {
        let _ = here;
        None
    }
}

/// What stands before a command to run it in other surroundings; empty where the machine has no such thing.
struct Means {
    one_processor: String,
    other_user: String,
    other_place: Option<TempDir>,
}

impl Means {
    fn of(sandbox: &Sandbox) -> Self {
        // Only root can become somebody else, who need not be let to torte's binary.
        let works = |words: &str| sandbox.shell(&format!("{words} torte --version")).code == Some(0);
        let if_it_works = |words: &str| if works(words) { words.to_owned() } else { String::new() };
        let other_place = elsewhere(&sandbox.path(""));
        if let Some(place) = &other_place {
            open(place.path());
        }
        Self {
            one_processor: if_it_works("taskset -c 0"),
            other_user: if_it_works("setpriv --reuid 65534 --regid 65534 --clear-groups"),
            other_place,
        }
    }
}

/// Makes the tree in these surroundings and builds it with these words, each with a name of its own; returns the digests.
fn build(
    sandbox: &Sandbox,
    means: &Means,
    tree: &[(String, String)],
    surroundings: &Surroundings,
    words: &[String],
) -> Vec<String> {
    let Surroundings { number, umask, reverse, named, alone, elsewhere, time, zone, locale, other_user } =
        *surroundings;
    let top = match &means.other_place {
        Some(place) if elsewhere => place.path().join(format!("{number}")),
        _ => sandbox.path(&format!("{number}")),
    };
    let root = top.join("tree");
    write(&root, tree, reverse);
    let is_other = other_user && !means.other_user.is_empty();
    let owner = if is_other { "chown -R 65534:65534 ." } else { ":" };
    let (from, name): (PathBuf, String) = match named {
        0 => (sandbox.path(""), root.display().to_string()),
        1 => (top.clone(), ".//tree/../tree/".to_owned()),
        _ => (root, ".".to_owned()),
    };
    let before = format!(
        "{} {}",
        if alone { means.one_processor.as_str() } else { "" },
        if is_other { means.other_user.as_str() } else { "" }
    );
    let mut script = format!(
        "cd {}\nfind . -type f -exec chmod $(printf %o $((0666 & ~{umask}))) {{}} +\n\
         find . -type d -exec chmod $(printf %o $((0777 & ~{umask}))) {{}} +\n\
         find . -exec touch -t {time} {{}} +\nmkdir store\n{owner}\ncd {}\n\
         umask {umask}\nexport TZ={zone} LC_ALL={locale} LANG={locale} TORTE_STORE={}\n",
        top.display(),
        from.display(),
        top.join("store").display(),
    );
    for words in words {
        script.extend([before.as_str(), " torte build ", words, " ", &name, " --quiet\n"]);
    }
    let done = sandbox.shell(&script).succeeds();
    done.stdout.lines().map(str::to_owned).collect()
}

fn write(root: &Path, tree: &[(String, String)], reverse: bool) {
    let write = |(path, text): &(String, String)| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    if reverse { tree.iter().rev().for_each(write) } else { tree.iter().for_each(write) }
}

/// Lets others than its owner enter a directory.
fn open(directory: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = directory;
}

/// Builds a tree in all surroundings; each word of the list gives the digest beside it.
fn gives_the_same(tree: &[(String, String)], builds: &[(String, String)]) {
    let sandbox = Sandbox::new();
    let work = sandbox.path("");
    open(&work);
    open(work.parent().unwrap());
    let means = Means::of(&sandbox);
    let (words, expected): (Vec<_>, Vec<_>) = builds.iter().cloned().unzip();
    let all = all();
    assert!(all.len() >= 40);
    for surroundings in &all {
        assert_eq!(build(&sandbox, &means, tree, surroundings, &words), expected, "{surroundings:?}");
    }
}

#[cfg(unix)]
#[test]
fn manifests_have_one_digest_in_each_profile() {
    let expected = json(EXPECTED);
    let build = |profile| {
        let digest = expected["pinned"][profile]["digest"].as_str().unwrap();
        (format!("app:{profile} --profile {profile}"), digest.to_owned())
    };
    gives_the_same(&manifests(), &PROFILES.map(build));
}

#[cfg(unix)]
#[test]
fn flags_have_the_digest_that_flipt_gives_them() {
    let expect = &json(FLAGS)["expect"];
    let created = expect["created"].as_str().unwrap();
    let digest = expect["digest"].as_str().unwrap();
    gives_the_same(&flags(), &[(format!("flags:v1 --created {created}"), digest.to_owned())]);
}

#[test]
fn the_archives_of_manifests_are_those_that_follow_from_flux_and_their_compressed_bytes_stay() {
    let sandbox = Sandbox::new();
    write(&sandbox.path("tree"), &manifests(), false);
    let expected = json(EXPECTED);
    for profile in PROFILES {
        sandbox.run(&format!("build app:{profile} tree --profile {profile}")).succeeds();
        let shown = sandbox.run(&format!("inspect app:{profile} --format json")).succeeds().json();
        let digests = shown["layers"].as_array().unwrap().iter().map(|layer| &layer["digest"]);
        let uncompressed: Vec<_> = digests.clone().map(|digest| uncompressed(&sandbox, digest)).collect();
        assert_eq!(expected["uncompressed"][profile], serde_json::json!(uncompressed), "{profile}");
        let layers: Vec<_> = digests.collect();
        assert_eq!(expected["pinned"][profile]["layers"], serde_json::json!(layers), "{profile}");
    }
    let golden = json(MANIFESTS)["runs"][0]["uncompressed_sha256"].as_str().unwrap().to_owned();
    assert_eq!(expected["uncompressed"]["flux"][0], format!("sha256:{golden}"));
}

/// The digest of what a layer of `app` holds, decompressed by another reader than torte's.
fn uncompressed(sandbox: &Sandbox, digest: &Value) -> String {
    let hex = digest.as_str().unwrap().trim_start_matches("sha256:");
    let blob = fs::read(sandbox.store().join("app/blobs/sha256").join(hex)).unwrap();
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(blob.as_slice()).read_to_end(&mut bytes).unwrap();
    torte::oci::Digest::of(&bytes).to_string()
}
