//! Writes a blob: mounted, in one request, or in two.

mod probe;

use std::io::Read;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Method, StatusCode, Url};

pub(super) use probe::Probe;

use self::probe::Ability;
use super::answer::Answer;
use super::call::{Call, Payload, Scope};
use super::endpoint::Endpoint;
use super::redirect;
use super::reply::Refusal;
use super::retry::Fault;
use crate::oci::{Descriptor, Name, Verifying, media_type};
use crate::repository::{Body, Error, ErrorKind, Moved};

/// The largest blob that is sent in one request, and held in memory for it, in bytes.
const SMALL: u64 = 1024 * 1024;
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 64 * 1024;
/// How often an upload begins anew because the registry lost it.
const MOST_SESSIONS: u32 = 3;

/// A blob on its way.
struct Parcel<'a> {
    blob: &'a Descriptor,
    body: &'a dyn Body,
    /// The verified content of a small blob.
    bytes: Option<Bytes>,
    about: String,
}

impl Parcel<'_> {
    fn payload(&self) -> Payload<'_> {
        match &self.bytes {
            Some(bytes) => Payload::Bytes(bytes.clone()),
            None => Payload::Stream { body: self.body, blob: self.blob },
        }
    }
}

impl Endpoint {
    pub(super) fn put(&self, blob: &Descriptor, body: &dyn Body, mounts: &[Name]) -> Result<Moved, Error> {
        let about = format!("write blob {}", blob.digest);
        let session = match self.mount(blob, mounts, &about)? {
            Mount::Done => return Ok(Moved::Mounted),
            Mount::Session(url) => Some(url),
            Mount::No => None,
        };
        let bytes = if blob.size <= SMALL { Some(self.read_small(blob, body)?) } else { None };
        let parcel = Parcel { blob, body, bytes, about };
        self.upload(&parcel, session)?;
        Ok(Moved::Sent)
    }

    fn read_small(&self, blob: &Descriptor, body: &dyn Body) -> Result<Bytes, Error> {
        let mut bytes = Vec::new();
        let mut reader = Verifying::new(body.open()?, blob.digest.clone(), blob.size);
        reader.read_to_end(&mut bytes).map_err(|error| self.unreadable(blob, error))?;
        Ok(bytes.into())
    }

    /// Sends the parcel until it arrives. Each try has a session of its own; the first may be one that a mount left.
    fn upload(&self, parcel: &Parcel<'_>, mut session: Option<Url>) -> Result<(), Error> {
        let mut sessions = 0;
        self.attempts(|| {
            loop {
                let at = match session.take() {
                    Some(url) => url,
                    None => match self.begin(parcel)? {
                        Begin::Arrived => return Ok(()),
                        Begin::Session(url) => url,
                    },
                };
                sessions += 1;
                let answer = self.ask_once(&Self::put_call(parcel, at), LONGEST)?;
                if answer.status.is_success() {
                    return self.arrived(parcel, &answer);
                }
                let refusal = Refusal::of(&answer);
                if !is_lost(&refusal) || sessions >= MOST_SESSIONS {
                    return Err(self.not_taken(parcel, &answer, &refusal).into());
                }
                self.trace("the registry lost the upload; beginning another");
            }
        })
    }

    fn begin(&self, parcel: &Parcel<'_>) -> Result<Begin, Fault> {
        let Some(bytes) = &parcel.bytes else { return self.begin_session(parcel) };
        match self.whole_uploads.ability() {
            Ability::Unable => self.begin_session(parcel),
            Ability::Able => self.post_whole(parcel, bytes).map(|(begun, _)| begun),
            Ability::Ask(question) => {
                let (begun, takes_one) = self.post_whole(parcel, bytes)?;
                question.answered(takes_one);
                Ok(begun)
            }
        }
    }

    /// The first of two requests.
    fn begin_session(&self, parcel: &Parcel<'_>) -> Result<Begin, Fault> {
        let call = Call::new(Method::POST, self.url("blobs/uploads/"), Scope::Push, &parcel.about);
        let answer = self.ask_once(&call, LONGEST)?;
        match answer.status {
            StatusCode::ACCEPTED => Ok(Begin::Session(self.session(&parcel.about, &answer)?)),
            _ => Err(self.not_taken(parcel, &answer, &Refusal::of(&answer)).into()),
        }
    }

    /// The whole upload in one request; and whether this is a registry that takes them.
    fn post_whole(&self, parcel: &Parcel<'_>, bytes: &Bytes) -> Result<(Begin, bool), Fault> {
        let mut url = self.url("blobs/uploads/");
        url.query_pairs_mut().append_pair("digest", &parcel.blob.digest.to_string());
        let call = Call::new(Method::POST, url, Scope::Push, &parcel.about)
            .header(CONTENT_TYPE, media_type::OCTETS)
            .payload(Payload::Bytes(bytes.clone()));
        let answer = self.ask_once(&call, LONGEST)?;
        match answer.status.as_u16() {
            201 => {
                self.arrived(parcel, &answer)?;
                Ok((Begin::Arrived, true))
            }
            // It threw the body away, and began an ordinary upload.
            202 => Ok((Begin::Session(self.session(&parcel.about, &answer)?), false)),
            // It does not know this kind of request, and says so in one of many ways.
            400 | 404 | 405 | 411 | 415 | 422 | 501 => Ok((self.begin_session(parcel)?, false)),
            _ => Err(self.not_taken(parcel, &answer, &Refusal::of(&answer)).into()),
        }
    }

    fn put_call<'a>(parcel: &'a Parcel<'_>, mut session: Url) -> Call<'a> {
        if !session.query_pairs().any(|(key, _)| key == "digest") {
            session.query_pairs_mut().append_pair("digest", &parcel.blob.digest.to_string());
        }
        Call::new(Method::PUT, session, Scope::Push, &parcel.about)
            .header(CONTENT_TYPE, media_type::OCTETS)
            .payload(parcel.payload())
    }

    /// Where a session is, by the rules for such addresses.
    fn session(&self, about: &str, answer: &Answer) -> Result<Url, Error> {
        let Some(location) = answer.header(LOCATION) else {
            let what = format!(
                "cannot {about}: the registry violates the specification: it began an upload without a `Location`"
            );
            return Err(self.error(ErrorKind::Refused, what));
        };
        redirect::session(&answer.url, location, &self.base).map_err(|why| {
            let what = format!("cannot {about}: the registry's upload address is not followed: {why}");
            self.error(ErrorKind::Refused, what)
        })
    }

    /// Holds what the registry says that it stored against what was sent.
    fn arrived(&self, parcel: &Parcel<'_>, answer: &Answer) -> Result<(), Fault> {
        let digest = &parcel.blob.digest;
        match answer.digest().filter(|stored| stored.algorithm() == digest.algorithm() && stored != digest) {
            None => Ok(()),
            Some(stored) => {
                let what = format!("cannot {}: the registry stored it as {stored}", parcel.about);
                Err(self.error(ErrorKind::Corrupt, what).into())
            }
        }
    }

    fn not_taken(&self, parcel: &Parcel<'_>, answer: &Answer, refusal: &Refusal) -> Error {
        let mut error = self.refused_by(&parcel.about, answer, refusal);
        if answer.status == StatusCode::PAYLOAD_TOO_LARGE {
            error.what = format!(
                "{}: the blob's {} bytes are more than the registry, or a proxy before it, takes at once",
                error.what, parcel.blob.size
            );
        }
        if refusal.has("DIGEST_INVALID") {
            error.kind = ErrorKind::Corrupt;
        }
        error
    }

    /// Asks the registry to take the blob from one of these repositories of its own. No refusal stops the upload.
    ///
    /// A registry that did not take the first blob so is not asked again: it cannot, or it may not.
    fn mount(&self, blob: &Descriptor, mounts: &[Name], about: &str) -> Result<Mount, Error> {
        if mounts.is_empty() {
            return Ok(Mount::No);
        }
        match self.mounts.ability() {
            Ability::Unable => Ok(Mount::No),
            Ability::Able => self.mount_one_of(blob, mounts, about),
            Ability::Ask(question) => {
                let outcome = self.mount_one_of(blob, mounts, about)?;
                question.answered(matches!(outcome, Mount::Done));
                Ok(outcome)
            }
        }
    }

    fn mount_one_of(&self, blob: &Descriptor, mounts: &[Name], about: &str) -> Result<Mount, Error> {
        let mut session = Mount::No;
        for from in mounts {
            let mut url = self.url("blobs/uploads/");
            url.query_pairs_mut()
                .append_pair("mount", &blob.digest.to_string())
                .append_pair("from", from.as_str());
            let call = Call::new(Method::POST, url, Scope::Mount(from.clone()), about);
            let answer = match self.ask(&call, LONGEST) {
                Ok(answer) => answer,
                // Whoever may not read there may still write here.
                Err(error) if error.kind == ErrorKind::Unauthorized => continue,
                Err(error) => return Err(error),
            };
            match answer.status {
                StatusCode::CREATED => return Ok(Mount::Done),
                StatusCode::ACCEPTED => session = Mount::Session(self.session(about, &answer)?),
                _ => {}
            }
        }
        Ok(session)
    }
}

/// What became of the first request of an upload.
enum Begin {
    Arrived,
    Session(Url),
}

/// What became of the wish to mount.
enum Mount {
    Done,
    Session(Url),
    No,
}

/// Whether the registry no longer knows the session, or no longer where it stood.
fn is_lost(refusal: &Refusal) -> bool {
    let is_unknown = || ["BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID"].iter().any(|code| refusal.has(code));
    match refusal.status.as_u16() {
        404 => !refusal.has("NAME_UNKNOWN"),
        416 => true,
        400 => is_unknown(),
        _ => false,
    }
}
