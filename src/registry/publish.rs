//! The last write: a manifest under its tags, held against what is expected of them.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderName, IF_MATCH, IF_NONE_MATCH};
use reqwest::{Method, StatusCode};

use super::call::{Call, Payload, Scope};
use super::endpoint::Endpoint;
use super::manifests;
use super::reply::Refusal;
use crate::oci::{Digest, Manifest, Selector, Tag};
use crate::repository::{Error, ErrorKind, Expect, Published};

/// The registry says by this that it lists the manifest among the referrers of its subject.
const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
/// Codes by which registries say, or may mean, that the manifest names something that is not here.
const UNKNOWN_BLOB: [&str; 3] = ["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_INVALID"];

/// The error, with the tags that are set all the same: a registry takes them one by one.
fn after(mut error: Error, written: &[Tag]) -> Error {
    if !written.is_empty() {
        let names: Vec<_> = written.iter().map(|tag| format!("`{tag}`")).collect();
        error.what.extend(["; already set: ", &names.join(", ")]);
    }
    error
}

impl Endpoint {
    /// What the tags pointed at before is known, and told, only where something is expected of them.
    ///
    /// A registry that does not say that it lists the manifest under its subject is asked whether it keeps such lists.
    pub(super) fn publish(
        &self,
        manifest: &Manifest,
        tags: &[Tag],
        expect: &Expect,
    ) -> Result<Published, Error> {
        let mut published = Published::default();
        if *expect != Expect::Any {
            for tag in tags {
                let now = self.resolve(&Selector::Tag(tag.clone()))?.map(|found| found.digest);
                expect.hold(&self.place, tag, now.as_ref())?;
                let old = now.filter(|old| old != manifest.digest());
                published.moved.extend(old.map(|old| (tag.clone(), old)));
            }
        }
        if tags.is_empty() {
            let at = Selector::Digest(manifest.digest().clone());
            published.subject_listed = self.put_manifest(manifest, &at, &Expect::Any)?;
        }
        for (at, tag) in tags.iter().enumerate() {
            let outcome = self.put_manifest(manifest, &Selector::Tag(tag.clone()), expect);
            published.subject_listed = outcome.map_err(|error| after(error, &tags[..at]))?;
        }
        if let Some(subject) = manifest.subject()
            && !published.subject_listed
        {
            published.subject_listed = self.lists_referrers(&subject.digest)?;
        }
        Ok(published)
    }

    /// Whether the registry lists the manifest under its subject.
    fn put_manifest(&self, manifest: &Manifest, at: &Selector, expect: &Expect) -> Result<bool, Error> {
        let about = format!("write {}", manifests::named(at));
        let url = self.url(&format!("manifests/{}", manifests::bare(at)));
        let mut call = Call::new(Method::PUT, url, Scope::Push, about)
            .header(CONTENT_TYPE, manifest.media_type())
            .payload(Payload::Bytes(Bytes::copy_from_slice(manifest.bytes())));
        call = match expect {
            Expect::Any => call,
            Expect::Absent => call.header(IF_NONE_MATCH, "*"),
            Expect::Is(digest) => call.header(IF_MATCH, &format!("\"{digest}\"")),
        };
        let answer = self.ask(&call, super::pages::LARGEST)?;
        match answer.status {
            StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => {
                let is_other =
                    |given: &Digest| given != manifest.digest() && !given.matches(manifest.bytes());
                if let Some(digest) = answer.digest().filter(is_other) {
                    let what = format!(
                        "cannot {}: the registry stored it as {digest}, not as {}",
                        call.about,
                        manifest.digest()
                    );
                    return Err(self.error(ErrorKind::Corrupt, what));
                }
                Ok(answer.headers.contains_key(SUBJECT))
            }
            StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => {
                // The tag is immutable, or was set meanwhile: by another, or by a try of ours whose answer was lost.
                let now = self.resolve(at)?.map(|found| found.digest);
                if now.as_ref() == Some(manifest.digest()) {
                    return Ok(answer.headers.contains_key(SUBJECT));
                }
                let mut error = self.refused(&call.about, &answer);
                if let Some(now) = now {
                    error.what = format!("{} (it points at {now})", error.what);
                }
                Err(error)
            }
            _ => {
                let refusal = Refusal::of(&answer);
                let mut error = self.refused_by(&call.about, &answer, &refusal);
                // A 404 means that already, whatever its code: a manifest may be written where none is.
                let may_lack_a_blob = UNKNOWN_BLOB.iter().any(|code| refusal.has(code));
                if answer.status == StatusCode::BAD_REQUEST && may_lack_a_blob {
                    error.kind = ErrorKind::NotFound;
                }
                Err(error)
            }
        }
    }
}
