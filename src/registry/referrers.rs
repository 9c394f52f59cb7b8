//! Referrers: the registry's own list, or the index under the fallback tag where it keeps none.

use reqwest::header::ACCEPT;
use reqwest::{Method, StatusCode};

use super::answer::Answer;
use super::call::{Call, Scope};
use super::endpoint::Endpoint;
use crate::oci::{Descriptor, Digest, Manifest, Selector, media_type};
use crate::repository::attach::fallback_tag;
use crate::repository::{Error, ErrorKind};

/// The most pages of one list.
const MOST_PAGES: usize = 1000;
/// The most referrers of one manifest, and the most bytes of their list.
const MOST_REFERRERS: usize = 10_000;
const LARGEST_LIST: usize = 32 * 1024 * 1024;

impl Endpoint {
    /// A registry that does not know the request keeps no list: it answers 404 (distribution specification), 400 or 406,
    /// or with something that is no index, which is what cosign takes for it too. Any other refusal is an error, so that
    /// nobody takes an outage for "there are no signatures".
    pub(super) fn referrers(&self, of: &Digest, kind: Option<&str>) -> Result<Vec<Descriptor>, Error> {
        let about = format!("list what refers to {of}");
        let first = self.first_page(of, kind, &about);
        let mut found: Option<Vec<Descriptor>> = None;
        let mut bytes = 0;
        self.pages(first, MOST_PAGES, &mut |answer| {
            if found.is_none() && is_no_list(answer) {
                return Ok(());
            }
            if !answer.status.is_success() {
                return Err(self.refused(&about, answer));
            }
            let all = found.get_or_insert_default();
            all.extend(self.page(&about, answer)?);
            bytes += answer.body.len();
            if all.len() > MOST_REFERRERS || bytes > LARGEST_LIST {
                let what =
                    format!("cannot {about}: there are more than {MOST_REFERRERS}, or they say too much");
                return Err(self.error(ErrorKind::Refused, what));
            }
            Ok(())
        })?;
        let mut found = match found {
            Some(found) => found,
            None => self.fallback(of, &about)?,
        };
        // A registry need not filter, and the fallback tag cannot.
        found.retain(|one| kind.is_none_or(|kind| one.artifact_type.as_deref() == Some(kind)));
        Ok(found)
    }

    /// Whether the registry keeps lists of referrers, asked once for a repository that has a manifest.
    ///
    /// Where that cannot be known it is an error: a fallback tag beside a list would hide what is listed. So 404 and 400
    /// count here, as with cosign, and nothing else does.
    pub(super) fn lists_referrers(&self, of: &Digest) -> Result<bool, Error> {
        if let Some(known) = self.lists_referrers.get() {
            return Ok(*known);
        }
        let about = format!("list what refers to {of}");
        let answer = self.ask(&self.first_page(of, None, &about), super::pages::LARGEST)?;
        let is_able = match answer.status {
            StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => false,
            status if status.is_success() => {
                self.page(&about, &answer)?;
                true
            }
            _ => return Err(self.refused(&about, &answer)),
        };
        Ok(*self.lists_referrers.get_or_init(|| is_able))
    }

    fn first_page(&self, of: &Digest, kind: Option<&str>, about: &str) -> Call<'static> {
        let mut url = self.url(&format!("referrers/{of}"));
        if let Some(kind) = kind {
            url.query_pairs_mut().append_pair("artifactType", kind);
        }
        Call::new(Method::GET, url, Scope::Pull, about).header(ACCEPT, media_type::INDEX)
    }

    /// What a page lists, and that the registry keeps lists. Whatever cannot be read in it is an error, so that nobody
    /// takes it for less than there is.
    fn page(&self, about: &str, answer: &Answer) -> Result<Vec<Descriptor>, Error> {
        let index = Manifest::parse(answer.body.clone(), Some(media_type::INDEX)).ok();
        let Some(index) = index.filter(|index| index.schema_version() == Some(2)) else {
            return Err(self.nonsense(about, answer, "an image index"));
        };
        let _ = self.lists_referrers.set(true);
        Ok(index.manifests().to_vec())
    }

    /// What the index under the fallback tag lists (distribution specification, "Referrers Tag Schema").
    fn fallback(&self, of: &Digest, about: &str) -> Result<Vec<Descriptor>, Error> {
        let Some(tag) = fallback_tag(of) else { return Ok(Vec::new()) };
        let Some(manifest) = self.manifest(&Selector::Tag(tag.clone()))? else { return Ok(Vec::new()) };
        if manifest.media_type() != media_type::INDEX {
            let what =
                format!("cannot {about}: tag `{tag}` should hold an OCI index and holds something else");
            return Err(self.error(ErrorKind::Refused, what));
        }
        Ok(manifest.manifests().to_vec())
    }
}

/// Whether an answer to the request for a list says that there are none here.
fn is_no_list(answer: &Answer) -> bool {
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST | StatusCode::NOT_ACCEPTABLE => true,
        status => status.is_success() && answer.media_type() != Some(media_type::INDEX),
    }
}
