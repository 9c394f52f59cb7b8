//! The little of DER (X.690) that key files need: definite, shortest lengths, one tag at a time.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;
/// The tag `[1]` around something.
pub(super) const CONTEXT_1: u8 = 0xa1;
/// The tag `[0]` around something.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// Reads values one after the other.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A reader of what is inside one value with this tag, which must be all that there is.
    pub(super) fn only(bytes: &'a [u8], tag: u8) -> Option<Self> {
        let mut outer = Self(bytes);
        let inner = outer.take(tag)?;
        outer.is_at_end().then_some(Self(inner))
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// The content of the next value, if it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_first_chunk::<2>()?;
        if head[0] != tag {
            return None;
        }
        let (length, rest) = match head[1] {
            short @ 0..=0x7f => (usize::from(short), rest),
            0x81 => {
                let (length, rest) = rest.split_first()?;
                (usize::from(*length), rest)
            }
            0x82 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            _ => return None,
        };
        let is_shortest = match head[1] {
            0x81 => length >= 0x80,
            0x82 => length >= 0x100,
            _ => true,
        };
        if !is_shortest {
            return None;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }

    /// A whole number that is not negative, without the zero that may stand before it.
    pub(super) fn natural(&mut self) -> Option<&'a [u8]> {
        match self.take(INTEGER)? {
            [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => None,
            [0, rest @ ..] if !rest.is_empty() => Some(rest),
            all => Some(all),
        }
    }

    /// A string of whole bytes.
    pub(super) fn bits(&mut self) -> Option<&'a [u8]> {
        self.take(BIT_STRING)?.strip_prefix(&[0])
    }
}

/// One value. The content is below 64 KiB.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let mut all = match content.len() {
        0..=0x7f => vec![tag, low],
        0x80..=0xff => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    all.extend_from_slice(content);
    all
}

/// A whole number that is not negative, from its bytes, the largest first.
pub(super) fn natural(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut content = bytes[start..].to_vec();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    value(INTEGER, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x1234] {
            let content = vec![7; length];
            let bytes = value(OCTET_STRING, &content);
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.take(OCTET_STRING), Some(content.as_slice()));
            assert!(reader.is_at_end());
        }
        for number in [&[][..], &[0], &[1], &[0x7f], &[0x80], &[0, 0, 0xff, 1]] {
            let bytes = natural(number);
            let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
            let shown = if start == number.len() { &[0][..] } else { &number[start..] };
            assert_eq!(Reader::new(&bytes).natural(), Some(shown), "{number:?}");
        }
    }

    #[test]
    fn longer_forms_wrong_tags_and_cuts_are_refused() {
        for bad in [
            &[][..],
            &[4],
            &[4, 1],
            &[4, 0x80],
            &[4, 0x81, 1, 7],
            &[4, 0x82, 0, 1, 7],
            &[4, 0x83, 0, 0, 1, 7],
        ] {
            assert_eq!(Reader::new(bad).take(OCTET_STRING), None, "{bad:?}");
        }
        assert_eq!(Reader::new(&[2, 1, 7]).take(OCTET_STRING), None);
        for bad in [&[2, 0][..], &[2, 1, 0x80], &[2, 2, 0, 1], &[2, 3, 0, 0, 0x80]] {
            assert_eq!(Reader::new(bad).natural(), None, "{bad:?}");
        }
        assert_eq!(Reader::new(&[3, 2, 1, 0x80]).bits(), None);
        assert!(Reader::only(&[0x30, 0, 0], SEQUENCE).is_none());
    }
}
