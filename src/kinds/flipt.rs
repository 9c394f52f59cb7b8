//! Feature-flag documents of Flipt v1: read, checked and encoded as Flipt itself would encode them.

pub mod document;
mod encode;
mod literal;
pub mod number;
pub mod outline;
pub mod patterns;
pub mod references;
mod schema;
mod shape;
mod text;
