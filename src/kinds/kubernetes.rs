//! Manifests of Kubernetes, as Flux and Argo CD take them: a partition of files, whose paths and bytes never change.

pub mod group;
pub mod object;
pub mod project;
