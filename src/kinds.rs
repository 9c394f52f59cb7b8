//! The kinds of bundle: each reads, checks and encodes the files of one format.

pub mod fault;
pub mod flipt;
pub mod yaml;
