//! Lists that come in pages: tags, and the `Link` header that leads from one page to the next.

use std::collections::HashSet;

use reqwest::header::LINK;
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;

use super::address;
use super::answer::Answer;
use super::call::{Call, Scope};
use super::endpoint::Endpoint;
use super::{reply, secret};
use crate::oci::Tag;
use crate::repository::{Error, ErrorKind};

/// The largest page, in bytes, and the most pages and tags of one list.
pub(super) const LARGEST: u64 = 8 * 1024 * 1024;
const MOST_PAGES: usize = 1000;
const MOST_TAGS: usize = 1_000_000;
/// How many tags a page should have; some registries refuse to be asked for more.
const PAGE: u32 = 1000;

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

impl Endpoint {
    /// All tags, over all pages.
    pub(super) fn tags(&self) -> Result<Vec<Tag>, Error> {
        self.read_tags(PAGE, MOST_PAGES)
    }

    /// The tags of the first page.
    pub(super) fn some_tags(&self, most: u32) -> Result<Vec<Tag>, Error> {
        self.read_tags(most, 1)
    }

    fn read_tags(&self, page: u32, most_pages: usize) -> Result<Vec<Tag>, Error> {
        let mut url = self.url("tags/list");
        url.query_pairs_mut().append_pair("n", &page.to_string());
        let mut tags: Vec<Tag> = Vec::new();
        let mut is_first = true;
        let first = Call::new(Method::GET, url, Scope::Pull, "list the tags");
        self.pages(first, most_pages, &mut |answer| {
            // A repository that nobody has written to is unknown to most registries.
            let is_new = std::mem::take(&mut is_first) && answer.status == StatusCode::NOT_FOUND;
            if is_new && !reply::is_html(answer) {
                return Ok(());
            }
            if !answer.status.is_success() {
                return Err(self.refused("list the tags", answer));
            }
            let list: TagList = serde_json::from_slice(&answer.body)
                .map_err(|_| self.nonsense("list the tags", answer, "a list of tags"))?;
            // What is not a tag by the specification cannot be asked for either.
            tags.extend(list.tags.unwrap_or_default().iter().filter_map(|text| text.parse().ok()));
            if tags.len() > MOST_TAGS {
                let what = format!("cannot list the tags: there are more than {MOST_TAGS}");
                return Err(self.error(ErrorKind::Refused, what));
            }
            Ok(())
        })?;
        tags.sort_unstable();
        tags.dedup();
        Ok(tags)
    }

    /// Takes page after page, as long as each names a next one that is new and of the same origin.
    pub(super) fn pages(
        &self,
        mut call: Call<'_>,
        most: usize,
        take: &mut dyn FnMut(&Answer) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut seen = HashSet::new();
        for _ in 0..most {
            if !seen.insert(call.url.clone()) {
                let what = format!("cannot {}: the registry's pages lead in a circle", call.about);
                return Err(self.error(ErrorKind::Refused, what));
            }
            let answer = self.ask(&call, LARGEST)?;
            take(&answer)?;
            let Some(next) = next_page(&answer) else { return Ok(()) };
            let next = answer.url.join(&next).ok().filter(|next| address::same_origin(next, &self.base));
            let Some(next) = next else {
                let shown = secret::shown(&answer.url);
                let what = format!("cannot {}: the page after {shown} is not at the registry", call.about);
                return Err(self.error(ErrorKind::Refused, what));
            };
            call.url = clean(next);
        }
        if most == 1 {
            return Ok(());
        }
        let what = format!("cannot {}: there are more than {most} pages", call.about);
        Err(self.error(ErrorKind::Refused, what))
    }
}

/// Without what an address of a page has no use for: a user, a password, a fragment.
fn clean(mut url: Url) -> Url {
    // These fail for addresses without a host only.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}

/// The target of the link with `rel="next"` (RFC 8288).
fn next_page(answer: &Answer) -> Option<String> {
    let headers = answer.headers.get_all(LINK);
    headers.iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

fn next_of(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        // The parameters end where the next target begins.
        let end = after.find('<').unwrap_or(after.len());
        let (parameters, next) = after.split_at(end);
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let Some((key, value)) = parameter.split_once('=') else { return false };
            let value = value.trim().trim_matches('"');
            key.trim().eq_ignore_ascii_case("rel")
                && value.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.to_owned());
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_header_breaks_the_reader(header in "(<|>|;|,|rel=next|\\PC){0,12}") {
            let _ = next_of(&header);
        }
    }

    #[test]
    fn the_next_link_is_found_in_every_spelling() {
        for (header, expected) in [
            (r#"</v2/a/tags/list?n=2&last=b>; rel="next""#, Some("/v2/a/tags/list?n=2&last=b")),
            ("<https://r.example/x>;rel=next", Some("https://r.example/x")),
            (r#"<a>; rel="prev", <b>; title="x"; REL="last next""#, Some("b")),
            (r#"<a>; rel="prev""#, None),
            ("/v2/x; rel=next", None),
            ("<unclosed; rel=next", None),
            ("", None),
        ] {
            assert_eq!(next_of(header).as_deref(), expected, "{header}");
        }
    }
}
