//! Why a file is in its group.

/// What a slug means.
pub fn in_words(slug: &str) -> &str {
    slug
}
