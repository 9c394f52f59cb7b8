//! The records of extended headers (POSIX.1-2001, pax), read strictly: where two readers could see two things, none does.

use std::collections::HashSet;

/// What an extended header says of the entry after it, as far as it matters here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extension {
    /// `path`.
    pub(super) path: Option<Vec<u8>>,
    /// `size`, in bytes.
    pub(super) size: Option<u64>,
}

/// What describes a sparse file in the ways of GNU tar and star, whose size is not its size.
const SPARSE: [&[u8]; 3] = [b"GNU.sparse.", b"SCHILY.realsize", b"SCHILY.filetype"];

/// Reads the records for the next entry.
pub(super) fn local(data: &[u8]) -> Result<Extension, String> {
    let mut extension = Extension::default();
    for (key, value) in records(data)? {
        match key {
            b"path" => extension.path = Some(value.to_vec()),
            b"size" => extension.size = Some(decimal(value).ok_or("an extended header has no valid `size`")?),
            _ => harmless(key, value)?,
        }
    }
    Ok(extension)
}

/// Reads the records for all entries that follow; they may say nothing of what is unpacked. `git archive` puts the commit
/// there, as a comment.
pub(super) fn global(data: &[u8]) -> Result<(), String> {
    for (key, value) in records(data)? {
        if key == b"path" || key == b"size" {
            let key = String::from_utf8_lossy(key);
            return Err(format!("a global extended header gives all entries one `{key}`"));
        }
        harmless(key, value)?;
    }
    Ok(())
}

/// Owners, times, comments and the like change nothing here; a link or a sparse file would.
fn harmless(key: &[u8], value: &[u8]) -> Result<(), String> {
    if key == b"linkpath" {
        return Err("an extended header makes the next entry a link".into());
    }
    if SPARSE.iter().any(|prefix| key.starts_with(prefix)) {
        return Err("an extended header makes the next entry a sparse file".into());
    }
    if key == b"hdrcharset" && value != b"ISO-IR 10646 2000 UTF-8" {
        return Err("an extended header has names in another encoding than UTF-8".into());
    }
    Ok(())
}

type Record<'a> = (&'a [u8], &'a [u8]);

/// The records, `LENGTH KEY=VALUE\n`, each key once.
fn records(mut data: &[u8]) -> Result<Vec<Record<'_>>, String> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    while !data.is_empty() {
        let (record, rest) =
            split(data).ok_or("an extended header has a record that is not `LENGTH KEY=VALUE`")?;
        if !seen.insert(record.0) {
            let key: String = String::from_utf8_lossy(record.0).chars().take(80).collect();
            return Err(format!("an extended header has `{key}` twice"));
        }
        found.push(record);
        data = rest;
    }
    Ok(found)
}

fn split(data: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let blank = data.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(&data[..blank])?).ok()?;
    let record = data.get(blank + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=').filter(|at| *at > 0)?;
    Some(((&record[..equals], &record[equals + 1..]), &data[length..]))
}

/// A number of digits alone.
fn decimal(text: &[u8]) -> Option<u64> {
    let text = str::from_utf8(text).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records with their right lengths.
    fn written(pairs: &[&str]) -> Vec<u8> {
        let record = |pair: &&str| {
            let length = (1..10_000).find(|length| format!("{length} {pair}\n").len() == *length).unwrap();
            format!("{length} {pair}\n").into_bytes()
        };
        pairs.iter().flat_map(record).collect()
    }

    #[test]
    fn only_path_and_size_matter() {
        let data = written(&[
            "path=a/b\nc/d=e.f",
            "size=7",
            "mtime=123.456789",
            "comment=",
            "SCHILY.xattr.user.x=\0",
        ]);
        let expected = Extension { path: Some(b"a/b\nc/d=e.f".to_vec()), size: Some(7) };
        assert_eq!(local(&data).unwrap(), expected);
        assert_eq!(local(b"").unwrap(), Extension::default());
        let long = format!("path={}", "a/".repeat(2000));
        assert_eq!(local(&written(&[&long])).unwrap().path.unwrap(), &long.as_bytes()[5..]);
        assert_eq!(global(&written(&["comment=0123456789012345678901234567890123456789"])), Ok(()));
        // Literally, so that the helper is checked too.
        assert_eq!(local(b"11 path=ab\n").unwrap().path.unwrap(), b"ab");
    }

    #[test]
    fn whatever_two_readers_could_read_in_two_ways_is_refused() {
        for (pairs, why) in [
            (&["path=a", "path=b"][..], "`path` twice"),
            (&["comment=", "size=1", "comment="], "`comment` twice"),
            (&["size=-"], "`size`"),
            (&["size=+1"], "`size`"),
            (&["size=0x1"], "`size`"),
            (&["size=1 "], "`size`"),
            (&["size="], "`size`"),
            (&["size=18446744073709551616"], "`size`"),
            (&["linkpath=a"], "a link"),
            (&["GNU.sparse.major=1"], "sparse"),
            (&["GNU.sparse.name=a"], "sparse"),
            (&["SCHILY.realsize=1"], "sparse"),
            (&["hdrcharset=BINARY"], "UTF-8"),
        ] {
            let error = local(&written(pairs)).unwrap_err();
            assert!(error.contains(why), "{pairs:?}: {error}");
        }
        for data in [
            &b"8 path=a\n"[..],
            b"11 path=a\n",
            b"9 path=a",
            b"+9 path=a\n",
            b"-9 path=a\n",
            b" 9 path=a\n",
            b"9path=ab\n",
            b"9999999999999999999999 path=a\n",
            b"18446744073709551615 path=a\n",
            b"0 path=a\n",
            b"2 \n",
            b"4 =\n",
            b"4 a\n",
            b"7 path\n",
            b"\0\0\0\0",
        ] {
            let error = local(data).unwrap_err();
            assert!(error.contains("not `LENGTH"), "{:?}: {error}", data.escape_ascii().to_string());
        }
        for (pair, why) in [("path=a", "global"), ("size=1", "global"), ("linkpath=a", "a link")] {
            let error = global(&written(&[pair])).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
