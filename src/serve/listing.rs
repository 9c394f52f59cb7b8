//! Lists, page by page: the tags of a repository, and what refers to a manifest.

use std::io;

use hyper::StatusCode;
use hyper::header::{HeaderName, LINK};
use reqwest::Url;
use serde_json::json;

use super::reply::{Refusal, Reply, full, with};
use super::routes::Ask;
use crate::oci::{Descriptor, Digest, Index, Name, Tag, media_type};
use crate::repository::Repository as _;

/// The longest page of tags.
const LONGEST_PAGE: usize = 10_000;
/// The most bytes of a page of referrers, below what clients read of an index.
const LARGEST_PAGE: usize = 2 * 1024 * 1024;
const FILTERS: HeaderName = HeaderName::from_static("oci-filters-applied");

/// GET of the tags: sorted, from `last` on, at most `n`; `Link` says where to go on.
pub(super) async fn tags(ask: &Ask, name: Name) -> Result<Reply, Refusal> {
    let most = match ask.parameter("n").map(str::parse::<usize>) {
        None => LONGEST_PAGE,
        Some(Ok(most)) => most.min(LONGEST_PAGE),
        Some(Err(_)) => return Err(Refusal::bad("PAGINATION_NUMBER_INVALID", "expected a number as `n`")),
    };
    let last = ask.parameter("last").unwrap_or_default().to_owned();
    let wanted = name.clone();
    let found = ask.with_repository(name.clone(), move |repository| {
        let unknown = || Refusal::absent("NAME_UNKNOWN", format!("no repository `{wanted}`"));
        Ok(repository.ok_or_else(unknown)?.tags()?)
    });
    let mut tags: Vec<Tag> = found.await?;
    tags.retain(|tag| tag.as_str() > last.as_str());
    let has_more = tags.len() > most;
    tags.truncate(most);

    let body = json!({"name": name, "tags": tags});
    let reply = full(StatusCode::OK, "application/json", body.to_string());
    Ok(match tags.last().filter(|_| has_more) {
        Some(last) => next(
            reply,
            &format!("/v2/{name}/tags/list"),
            &[("n", &most.to_string()), ("last", last.as_str())],
        ),
        None => reply,
    })
}

/// GET of the referrers of a digest, as an index; empty where nothing is known, never 404.
///
/// A page ends where it would grow too large; `last` is the digest at the end of the one before.
pub(super) async fn referrers(ask: &Ask, name: Name, of: Digest) -> Result<Reply, Refusal> {
    // No media type has a blank in it, but many have a plus, which some clients forget to encode.
    let kind = ask.parameter("artifactType").map(|kind| kind.replace(' ', "+"));
    let last: Option<Digest> = ask.parameter("last").map(super::routes::digest_of).transpose()?;
    let path = format!("/v2/{name}/referrers/{of}");
    let filter = kind.clone();
    let found = ask.with_repository(name, move |repository| match repository {
        Some(repository) => Ok(repository.referrers(&of, filter.as_deref())?),
        None => Ok(Vec::new()),
    });
    let mut found: Vec<Descriptor> = found.await?;
    found.retain(|entry| last.as_ref().is_none_or(|last| entry.digest > *last));
    let has_more = cut(&mut found, LARGEST_PAGE);
    let last = found.last().map(|entry| entry.digest.to_string()).filter(|_| has_more);

    let mut index = Index::default();
    for manifest in found {
        index.push(manifest);
    }
    let body = index.to_bytes().map_err(io::Error::from)?;
    let mut reply = full(StatusCode::OK, media_type::INDEX, body);
    if let Some(last) = last {
        let kind = kind.iter().map(|kind| ("artifactType", kind.as_str()));
        reply = next(reply, &path, &kind.chain([("last", last.as_str())]).collect::<Vec<_>>());
    }
    Ok(if kind.is_some() { with(reply, FILTERS, "artifactType") } else { reply })
}

/// Leaves so many entries that they take at most so many bytes, and at least one; tells whether any were cut off.
fn cut(entries: &mut Vec<Descriptor>, most: usize) -> bool {
    let mut size = 0;
    let fits = |entry: &Descriptor| {
        size += serde_json::to_vec(entry).map_or(0, |bytes| bytes.len());
        size <= most
    };
    let count = entries.iter().map(fits).take_while(|fits| *fits).count().max(1);
    let has_more = entries.len() > count;
    entries.truncate(count);
    has_more
}

/// The answer with a link to the next page.
fn next(reply: Reply, path: &str, query: &[(&str, &str)]) -> Reply {
    let Ok(mut url) = Url::parse("http://localhost") else { return reply };
    url.query_pairs_mut().extend_pairs(query);
    with(reply, LINK, &format!("<{path}?{}>; rel=\"next\"", url.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_before_it_grows_too_large_and_has_at_least_one_entry() {
        let entries =
            |count: u8| -> Vec<_> { (0..count).map(|number| Descriptor::of("x/y", &[number])).collect() };
        let size = serde_json::to_vec(&entries(1)[0]).unwrap().len();
        for (count, most, left, has_more) in [
            (0, 0, 0, false),
            (1, 0, 1, false),
            (2, 0, 1, true),
            (5, size * 3, 3, true),
            (3, size * 3, 3, false),
        ] {
            let mut found = entries(count);
            assert_eq!((cut(&mut found, most), found.len()), (has_more, left), "{count} in {most}");
        }
    }
}
