//! Which blobs a registry has.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use reqwest::{Method, StatusCode};

use super::address;
use super::call::{Call, Scope};
use super::endpoint::Endpoint;
use crate::oci::{Descriptor, Digest};
use crate::repository::{Error, Known, in_parallel};

impl Endpoint {
    /// One HEAD for each blob of which `known` says nothing.
    pub(super) fn missing(&self, blobs: &[Descriptor], known: &Known) -> Result<Vec<Descriptor>, Error> {
        if matches!(known, Known::Empty) {
            return Ok(blobs.to_vec());
        }
        let there = known.blobs();
        let unknown: Vec<_> = blobs.iter().filter(|blob| !there.contains(&blob.digest)).collect();
        let present = Mutex::new(HashSet::new());
        in_parallel(&unknown, self.client.options().concurrency, |blob| {
            if self.has(&blob.digest)? {
                present.lock().unwrap_or_else(PoisonError::into_inner).insert(blob.digest.clone());
            }
            Ok(())
        })?;
        let present = present.into_inner().unwrap_or_else(PoisonError::into_inner);
        let is_there = |blob: &Digest| there.contains(blob) || present.contains(blob);
        Ok(blobs.iter().filter(|blob| !is_there(&blob.digest)).cloned().collect())
    }

    fn has(&self, digest: &Digest) -> Result<bool, Error> {
        let about = format!("ask for blob {digest}");
        let call = Call::new(Method::HEAD, self.url(&format!("blobs/{digest}")), Scope::Pull, about);
        let answer = self.ask(&call, 0)?;
        let is_foreign = !address::same_origin(&answer.url, &self.base);
        match answer.status {
            status if status.is_success() => Ok(true),
            // A registry that cannot be asked can still be written to; so can one whose storage takes no HEAD.
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Ok(false),
            status if is_foreign && status.is_client_error() => Ok(false),
            _ => Err(self.refused(&call.about, &answer)),
        }
    }
}
