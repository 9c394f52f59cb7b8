//! One header block of a tar archive, read strictly: nothing is taken that two readers read in two ways.

use tar::Header;

use super::BLOCK;

/// What a header says, before extended headers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// The path as it stands there.
    pub(super) path: Vec<u8>,
    /// In bytes.
    pub(super) size: u64,
    pub(super) is_executable: bool,
}

/// What follows a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// A file, or, as before POSIX, a directory if its name ends in a slash.
    Old,
    Directory,
    /// An extended header for the next entry.
    Extended,
    /// An extended header for all entries that follow.
    Global,
    /// GNU's way of a long path for the next entry.
    LongName,
    /// Something that is never unpacked, and what it is.
    Refused(&'static str),
}

/// Reads a header that is not all zeros, or says what is wrong with it.
pub(super) fn parse(bytes: &[u8; BLOCK]) -> Result<Block, &'static str> {
    if !has_checksum(bytes) {
        return Err("a header's checksum is wrong");
    }
    let header = Header::from_byte_slice(bytes);
    if is_ambiguous(bytes, header) {
        return Err("a header is of no known format, so that readers would take its name differently");
    }
    let size = number(&header.as_old().size).ok_or("a header has no valid size")?;
    let mode = number(&header.as_old().mode).ok_or("a header has no valid mode")?;
    let kind = kind(header.as_old().linkflag[0]);
    Ok(Block { kind, path: path(bytes, header), size, is_executable: mode & 0o111 != 0 })
}

/// Whether a block looks like a header at all.
pub(super) fn has_checksum(bytes: &[u8; BLOCK]) -> bool {
    let sum = bytes[..148].iter().chain(&bytes[156..]).map(|byte| u64::from(*byte)).sum::<u64>();
    // Its own eight bytes count as blanks.
    number(&bytes[148..156]) == Some(sum + 8 * u64::from(b' '))
}

/// Other formats than POSIX's, GNU's and that of the seventh Unix, and those that put something else where POSIX has the
/// beginning of the path.
fn is_ambiguous(bytes: &[u8; BLOCK], header: &Header) -> bool {
    if header.as_ustar().is_some() {
        // star keeps times behind a shorter prefix.
        return bytes[508..] == *b"tar\0" && !bytes[345..476].contains(&0);
    }
    if header.as_gnu().is_some() {
        // Go reads these times as a prefix where they are no numbers.
        return number(&bytes[345..357]).is_none() || number(&bytes[357..369]).is_none();
    }
    bytes[257..265] != [0; 8]
}

fn path(bytes: &[u8; BLOCK], header: &Header) -> Vec<u8> {
    let text = |field: &[u8]| field.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
    let (name, prefix) = (text(&bytes[..100]), text(&bytes[345..500]));
    if header.as_ustar().is_none() || prefix.is_empty() {
        return name;
    }
    [prefix.as_slice(), &name].join(&b'/')
}

fn kind(flag: u8) -> Kind {
    match flag {
        // POSIX wants a contiguous file read as a regular one where the system knows no such thing.
        b'0' | b'7' => Kind::File,
        0 => Kind::Old,
        b'1' => Kind::Refused("it is a hard link"),
        b'2' => Kind::Refused("it is a symbolic link"),
        b'3' => Kind::Refused("it is a character device"),
        b'4' => Kind::Refused("it is a block device"),
        b'5' => Kind::Directory,
        b'6' => Kind::Refused("it is a named pipe"),
        b'K' => Kind::Refused("it is a link with a long target"),
        b'L' => Kind::LongName,
        b'S' => Kind::Refused("it is a sparse file"),
        b'g' => Kind::Global,
        b'x' => Kind::Extended,
        _ => Kind::Refused("its type is unknown, and other readers may take it for a file"),
    }
}

/// A number in octal digits, or in GNU's way for large ones; nothing else stands in its field but blanks and NULs.
fn number(field: &[u8]) -> Option<u64> {
    if field.first() == Some(&0x80) {
        let (high, low) = field.split_at(field.len() - 8.min(field.len() - 1));
        let is_small = high[1..].iter().all(|byte| *byte == 0);
        return is_small.then(|| low.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte)));
    }
    let begin = field.iter().position(|byte| *byte != b' ').unwrap_or(field.len());
    let field = &field[begin..];
    let end = field.iter().position(|byte| matches!(byte, b' ' | 0)).unwrap_or(field.len());
    let (digits, rest) = field.split_at(end);
    let is_octal = digits.iter().all(|byte| matches!(byte, b'0'..=b'7'));
    let is_clean = rest.iter().all(|byte| matches!(byte, b' ' | 0));
    // At most eleven or twelve digits: that fits.
    (is_octal && is_clean).then(|| digits.iter().fold(0, |value, byte| (value << 3) | u64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header as another writer makes it.
    fn written(change: impl Fn(&mut Header)) -> [u8; BLOCK] {
        let mut header = Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_path("a/b").unwrap();
        header.set_size(5);
        header.set_mode(0o644);
        change(&mut header);
        header.set_cksum();
        *header.as_bytes()
    }

    #[test]
    fn numbers_are_octal_or_gnus_and_nothing_else() {
        for (field, value) in [
            (&b"0000644\0"[..], 0o644),
            (b"   644 \0", 0o644),
            (b"00000000005 ", 5),
            (b"77777777777\0", 0o77_777_777_777),
            (b"\0\0\0\0", 0),
            (b"\x80\0\0\0\0\0\0\0\0\0\x01\x02", 0x102),
            (b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 0x7fff_ffff_ffff_ffff),
            (b"\x80\0\0\0\0\0\x01\x02", 0x102),
        ] {
            assert_eq!(number(field), Some(value), "{field:?}");
        }
        for field in [
            &b"0000648\0"[..],
            b"+000644\0",
            b"-000644\0",
            b"0x1f\0\0\0\0",
            b"64 4\0\0\0\0",
            b"644\x005\0\0\0",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x81\0\0\0\0\0\0\0\0\0\0\0",
            b"\x80\0\0\x01\0\0\0\0\0\0\0\0",
        ] {
            assert_eq!(number(field), None, "{field:?}");
        }
    }

    #[test]
    fn what_other_writers_write_is_read() {
        let block = parse(&written(|_| ())).unwrap();
        let expected = Block { kind: Kind::File, path: b"a/b".to_vec(), size: 5, is_executable: false };
        assert_eq!(block, expected);
        assert!(parse(&written(|header| header.set_mode(0o100_755))).unwrap().is_executable);
        let long = format!("{}/{}", "d".repeat(150), "f".repeat(90));
        assert_eq!(parse(&written(|header| header.set_path(&long).unwrap())).unwrap().path, long.as_bytes());
        for mut header in [Header::new_gnu(), Header::new_old()] {
            header.set_path("a/b").unwrap();
            header.set_size(5);
            header.set_mode(0o644);
            header.set_cksum();
            let block = parse(header.as_bytes()).unwrap();
            assert_eq!((block.path.as_slice(), block.size), (&b"a/b"[..], 5));
        }
    }

    #[test]
    fn what_readers_take_differently_is_refused() {
        let mut flipped = written(|_| ());
        flipped[0] ^= 1;
        assert!(parse(&flipped).unwrap_err().contains("checksum"));
        let refused = |change: &dyn Fn(&mut Header)| parse(&written(change)).unwrap_err();
        assert!(refused(&|header| header.as_old_mut().size[3] = b'9').contains("size"));
        assert!(refused(&|header| header.as_old_mut().mode[3] = b'x').contains("mode"));
        // A version that is none: some readers ignore it and the prefix, some ignore only it.
        assert!(refused(&|header| header.as_mut_bytes()[263] = b'9').contains("format"));
        assert!(
            refused(&|header| header.as_mut_bytes()[257..265].copy_from_slice(b"unknown\0"))
                .contains("format")
        );
        let gnu_with_prefix = |header: &mut Header| {
            header.as_mut_bytes()[257..265].copy_from_slice(b"ustar  \0");
            header.as_mut_bytes()[345..351].copy_from_slice(b"prefix");
        };
        assert!(refused(&gnu_with_prefix).contains("format"));
        let star = |header: &mut Header| {
            header.as_mut_bytes()[345..476].fill(b'p');
            header.as_mut_bytes()[508..].copy_from_slice(b"tar\0");
        };
        assert!(refused(&star).contains("format"));
    }
}
