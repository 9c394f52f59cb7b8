//! Changes what stands under a tag, so that two who do it at once lose nothing.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use super::Attachment;
use crate::oci::{Digest, Manifest, Selector, Tag};
use crate::repository::{Error, ErrorKind, Expect, Repository};
use crate::runtime;

/// How often the change is made anew because of others.
const TRIES: u32 = 40;
/// How often a write may be refused as a conflict while the tag stays as it was: then it is no race, the tag cannot be
/// moved at all.
const REFUSALS: u32 = 3;
/// How long the write of another may take that was begun before ours and ends after it: as long as some of ours, and
/// within these bounds.
const WRITES: u32 = 4;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);
/// How long an interrupt may go unseen.
const NAP: Duration = Duration::from_millis(50);

/// What stands under a tag after it was amended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The manifest; `None` where there was none and none was wanted.
    pub now: Option<Manifest>,
    /// Whether anything had to be written.
    pub is_changed: bool,
}

/// Changes the manifest under a tag: `change` gets what stands there, and returns what should stand there in its place
/// and the blobs that this needs, or `None` where all is as it should be.
///
/// `change` must want nothing more of what it made itself. It is asked again whenever another writer was faster, and
/// always once more after a write to a registry: few registries hold a condition at the moment of the write, so that
/// the write of another who read before us may come after ours. What he took away is seen a moment later, and added
/// again. Two who each add to what they find both end with both.
pub fn amend(
    repository: &dyn Repository,
    tag: &Tag,
    change: impl FnMut(Option<&Manifest>) -> Result<Option<Attachment>, Error>,
) -> Result<Amended, Error> {
    amend_with(repository, tag, change, &wait_for_others)
}

/// As [`amend`], with the pause that follows a write which took so long.
pub(super) fn amend_with(
    repository: &dyn Repository,
    tag: &Tag,
    mut change: impl FnMut(Option<&Manifest>) -> Result<Option<Attachment>, Error>,
    pause: &dyn Fn(Duration),
) -> Result<Amended, Error> {
    let at = Selector::Tag(tag.clone());
    let mut there: HashSet<Digest> = HashSet::new();
    let mut is_changed = false;
    let mut refused: (Option<Digest>, u32) = (None, 0);
    for _ in 0..TRIES {
        let now = repository.manifest(&at)?;
        let Some(wanted) = change(now.as_ref())? else { return Ok(Amended { now, is_changed }) };
        for (blob, bytes) in &wanted.blobs {
            if !there.contains(&blob.digest) {
                repository.put(blob, bytes, &[])?;
                there.insert(blob.digest.clone());
            }
        }
        let before = now.map(|now| now.digest().clone());
        let expect = before.clone().map_or(Expect::Absent, Expect::Is);
        let begun = Instant::now();
        match repository.publish(&wanted.manifest, std::slice::from_ref(tag), &expect) {
            Ok(_) if repository.is_guarded() => {
                return Ok(Amended { now: Some(wanted.manifest), is_changed: true });
            }
            Ok(_) => is_changed = true,
            Err(error) if error.kind == ErrorKind::Conflict => {
                refused = if refused.0 == before { (before, refused.1 + 1) } else { (before, 1) };
                if refused.1 == REFUSALS {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
        pause(begun.elapsed());
        if runtime::interrupted().is_some() {
            let what = format!("interrupted while tag `{tag}` was changed");
            return Err(Error::new(ErrorKind::Interrupted, repository.place(), what));
        }
    }
    let what = format!("others keep changing tag `{tag}`; tried {TRIES} times");
    let hint = "try again when they are done";
    Err(Error::new(ErrorKind::Conflict, repository.place(), what).hinting(hint))
}

/// The pause after a write that took so long: who looked before it, and writes after it, has written by the end.
pub(super) fn wait_for_others(write: Duration) {
    let end = Instant::now() + (write * WRITES).clamp(SHORTEST, LONGEST);
    while runtime::interrupted().is_none() {
        match end.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => thread::sleep(left.min(NAP)),
            _ => return,
        }
    }
}
