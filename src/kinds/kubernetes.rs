//! Manifests of Kubernetes, as Flux and Argo CD take them: a partition of files, whose paths and bytes never change.

pub mod object;
pub mod outline;
pub mod scope;
pub mod stream;
pub mod summary;
