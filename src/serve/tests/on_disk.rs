//! A store served: what is pushed stands in its layouts, what stands there is served.

use super::*;
use crate::oci::{Name, Selector};
use crate::repository::Repository as _;

fn serve(folder: &Path) -> Sandbox {
    Sandbox::of_store(folder, |_| {})
}

#[test]
fn a_tag_is_kept_with_the_time_at_which_it_was_set() {
    let folder = TempDir::new().unwrap();
    serve(folder.path()).bundle("app", "v1", b"layer");
    let layout = Store::new(folder.path()).open(&"app".parse().unwrap()).unwrap().unwrap();
    let entry = layout.tagged(&"v1".parse().unwrap()).unwrap().unwrap();
    assert_eq!(entry.descriptor.annotations[crate::store::TAGGED], "2026-01-31T12:00:00Z");
}

#[test]
fn what_is_pushed_outlives_the_registry() {
    let folder = TempDir::new().unwrap();
    let bytes = serve(folder.path()).bundle("org/app", "v1", b"layer");
    let name: Name = "org/app".parse().unwrap();
    let layout = Store::new(folder.path()).open(&name).unwrap().unwrap();
    let at = Selector::Tag("v1".parse().unwrap());
    assert_eq!(layout.manifest(&at).unwrap().unwrap().bytes(), bytes);

    let again = serve(folder.path());
    assert_eq!(again.get("/v2/org/app/manifests/v1").body, bytes);
    assert_eq!(again.get(&format!("/v2/org/app/blobs/{}", Digest::of(b"layer"))).body, b"layer");
    assert_eq!(again.get("/v2/org/app/tags/list").json()["tags"], serde_json::json!(["v1"]));
    assert_eq!(again.get("/v2/org/tags/list").status, 404);
}

#[test]
fn large_blobs_pass_through_and_wrong_ones_leave_nothing() {
    let folder = TempDir::new().unwrap();
    let sandbox = serve(folder.path());
    let body = vec![7; 3_000_000];
    let digest = sandbox.blob("app", &body);
    assert_eq!(Digest::of(&sandbox.get(&format!("/v2/app/blobs/{digest}")).body), digest);
    let wrong = Digest::of(b"promised");
    let answer = sandbox.send("POST", &format!("/v2/app/blobs/uploads/?digest={wrong}"), &[], &body);
    assert_eq!(answer.refusal(), (400, "DIGEST_INVALID".into()));
    let files = walkdir::WalkDir::new(folder.path()).into_iter().flatten();
    let large = files.filter(|file| file.metadata().unwrap().len() == 3_000_000).count();
    assert_eq!(large, 1);
}

#[test]
fn a_blob_that_rotted_is_an_error_and_never_a_wrong_answer() {
    let folder = TempDir::new().unwrap();
    let sandbox = serve(folder.path());
    let digest = sandbox.blob("app", b"content");
    let file = folder.path().join("app/blobs/sha256").join(digest.hex());
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, b"cOntent").unwrap();
    let answer = sandbox.get(&format!("/v2/app/blobs/{digest}"));
    assert_eq!(answer.status, 500);
}

#[test]
fn a_manifest_whose_content_is_gone_is_an_error_and_not_absent() {
    let folder = TempDir::new().unwrap();
    let sandbox = serve(folder.path());
    let bytes = sandbox.bundle("app", "v1", b"layer");
    let file = folder.path().join("app/blobs/sha256").join(Digest::of(&bytes).hex());
    for spoilt in [Some(&b"{}"[..]), None] {
        std::fs::remove_file(&file).unwrap();
        if let Some(spoilt) = spoilt {
            std::fs::write(&file, spoilt).unwrap();
        }
        for method in ["GET", "HEAD"] {
            assert_eq!(sandbox.send(method, "/v2/app/manifests/v1", &[], b"").status, 500);
        }
    }
}

#[test]
fn a_directory_that_is_no_layout_is_left_alone() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("app")).unwrap();
    std::fs::write(folder.path().join("app/notes.txt"), "mine").unwrap();
    let sandbox = serve(folder.path());
    let path = format!("/v2/app/blobs/uploads/?digest={}", Digest::of(b"x"));
    assert_eq!(sandbox.send("POST", &path, &[], b"x").refusal(), (400, "NAME_INVALID".into()));
    assert_eq!(sandbox.get("/v2/app/tags/list").refusal(), (400, "NAME_INVALID".into()));
    assert_eq!(std::fs::read_dir(folder.path().join("app")).unwrap().count(), 1);
}

#[test]
fn a_name_that_a_layout_needs_for_itself_is_refused() {
    let folder = TempDir::new().unwrap();
    let sandbox = serve(folder.path());
    let path = format!("/v2/app/blobs/blobs/uploads/?digest={}", Digest::of(b"x"));
    assert_eq!(sandbox.send("POST", &path, &[], b"x").status, 400);
    assert_eq!(sandbox.get("/v2/app/index.json/tags/list").status, 400);
}
