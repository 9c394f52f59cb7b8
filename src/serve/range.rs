//! Ranges: which bytes of a blob are asked for, and which bytes a chunk brings.

use std::ops::Range;

/// What a `Range` header asks of content of a given size.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it, because there is no header or one that a server may ignore (RFC 9110 §14.2).
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Beyond,
}

/// Reads a `Range` header against a size in bytes. Several ranges at once count as none.
pub(super) fn asked(header: Option<&str>, size: u64) -> Asked {
    let Some((first, last)) = header.and_then(|text| text.strip_prefix("bytes=")?.split_once('-')) else {
        return Asked::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let start = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Err(_), Ok(count)) if first.is_empty() => {
            return if count == 0 || size == 0 {
                Asked::Beyond
            } else {
                Asked::Part(size.saturating_sub(count)..size)
            };
        }
        (Ok(start), Ok(_)) => start,
        (Ok(start), Err(_)) if last.is_empty() => start,
        _ => return Asked::Whole,
    };
    let end = last.parse::<u64>().map_or(size, |last| last.saturating_add(1).min(size));
    if start < end { Asked::Part(start..end) } else { Asked::Beyond }
}

/// The first and the last byte that a chunk brings, as its `Content-Range` says it: `0-1023`.
pub(super) fn chunk(header: &str) -> Option<(u64, u64)> {
    let (first, last) = header.trim().split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last))
}

/// How much of an upload is there, as `Range` says it; `0-0` stands for nothing too, as the specification has it.
pub(super) fn received(bytes: u64) -> String {
    format!("0-{}", bytes.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_at_the_end_and_refused_beyond_it() {
        let of_2048 = |text| asked(Some(text), 2048);
        assert_eq!(of_2048("bytes=500-1499"), Asked::Part(500..1500));
        assert_eq!(of_2048("bytes=500-"), Asked::Part(500..2048));
        assert_eq!(of_2048("bytes=-500"), Asked::Part(1548..2048));
        assert_eq!(of_2048("bytes=-5000"), Asked::Part(0..2048));
        assert_eq!(of_2048("bytes=2000-5000"), Asked::Part(2000..2048));
        assert_eq!(of_2048("bytes=0-18446744073709551615"), Asked::Part(0..2048));
        for beyond in ["bytes=500-0", "bytes=5000-10000", "bytes=2048-", "bytes=-0"] {
            assert_eq!(of_2048(beyond), Asked::Beyond, "{beyond}");
        }
        for ignored in
            ["bytes=", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=0-1,4-5", "bytes=99999999999999999999-"]
        {
            assert_eq!(of_2048(ignored), Asked::Whole, "{ignored}");
        }
        assert_eq!(asked(Some("bytes=0-"), 0), Asked::Beyond);
        assert_eq!(asked(None, 7), Asked::Whole);
    }

    #[test]
    fn a_chunk_says_where_it_begins_and_ends() {
        assert_eq!(chunk("0-1023"), Some((0, 1023)));
        for bad in ["", "5", "5-4", "a-b", "bytes 0-3", "-1-2"] {
            assert_eq!(chunk(bad), None, "{bad}");
        }
    }
}
