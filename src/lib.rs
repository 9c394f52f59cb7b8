//! torte packs feature flags into OCI bundles and moves them between a local store and any registry.
//!
//! The library exists for the binary and its tests; it makes no promise of a stable interface.

pub mod bundle;
pub mod kinds;
pub mod oci;
pub mod progress;
pub mod repository;
pub mod runtime;
