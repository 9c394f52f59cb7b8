//! Lists: the tags of a repository, page by page, and what refers to a manifest.

use hyper::StatusCode;
use hyper::header::{HeaderName, LINK};
use serde_json::json;

use super::reply::{Refusal, Reply, full, with};
use super::routes::Ask;
use crate::oci::{Digest, Index, Name, Tag, media_type};

/// The longest page of tags.
const LONGEST_PAGE: usize = 10_000;
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
        Some(last) => {
            with(reply, LINK, &format!("</v2/{name}/tags/list?n={most}&last={last}>; rel=\"next\""))
        }
        None => reply,
    })
}

/// GET of the referrers of a digest, as an index; empty where nothing is known, never 404.
pub(super) async fn referrers(ask: &Ask, name: Name, of: Digest) -> Result<Reply, Refusal> {
    let kind = ask.parameter("artifactType").map(str::to_owned);
    let is_filtered = kind.is_some();
    let found = ask.with_repository(name, move |repository| match repository {
        Some(repository) => Ok(repository.referrers(&of, kind.as_deref())?),
        None => Ok(Vec::new()),
    });
    let mut index = Index::default();
    found.await?.into_iter().for_each(|manifest| index.push(manifest));
    let reply = full(StatusCode::OK, media_type::INDEX, index.to_bytes());
    Ok(if is_filtered { with(reply, FILTERS, "artifactType") } else { reply })
}
