//! Whether several voices name the same group.

/// What a number of voices say together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Agreement<'a> {
    /// There was no voice.
    #[default]
    Nothing,
    /// All name this.
    One(&'a str),
    /// They differ.
    Many,
}

impl<'a> Agreement<'a> {
    /// Hears one more voice.
    pub(super) fn hear(&mut self, name: &'a str) {
        self.join(Self::One(name));
    }

    /// Hears what others say together.
    pub(super) fn join(&mut self, other: Self) {
        *self = match (*self, other) {
            (Self::Nothing, other) => other,
            (own, Self::Nothing) => own,
            (Self::One(own), Self::One(name)) if own == name => Self::One(own),
            _ => Self::Many,
        };
    }
}
