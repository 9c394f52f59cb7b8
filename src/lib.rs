//! torte packs feature flags into OCI bundles and moves them between a local store and any registry.

pub mod kinds;
