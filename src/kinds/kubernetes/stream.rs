//! A rendered stream of manifests, cut into files.

use crate::kinds::yaml::Problem;

/// The files of a stream.
pub fn split(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Vec<Problem>> {
    Ok(vec![("stream.yaml".to_owned(), bytes.to_vec())])
}
