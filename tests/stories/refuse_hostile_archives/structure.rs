//! Archives whose parts contradict each other, so that two readers see two things; and what is broken, or no archive.

use super::{Row, blob, tar};
use crate::support::archive::{END, Header, entry, extended, file, gzip, record};

/// A file whose content is itself an archive, which a reader that gets the size wrong would read.
fn smuggled(says: &str) -> Vec<u8> {
    let inner = file("smuggled");
    [extended("size", says), entry(b'0', "outer", inner)].concat()
}

fn ends(tail: &[Vec<u8>]) -> Vec<u8> {
    [file("a"), tail.concat()].concat()
}

pub(super) fn differentials() -> Vec<Row> {
    let in_a_row = "followed by no entry";
    let format = "of no known format";
    let pax = |data: Vec<u8>| entry(b'x', "x", data);
    let gnu_prefix = Header::new(b'0', "x", 0).set(257, "ustar  \0").set(345, "dir").sealed();
    let star = Header::new(b'0', "x", 0).set(345, "p".repeat(131)).set(508, "tar\0").sealed();
    let twice = [record("path", "a"), record("path", "b")].concat();
    vec![
        tar("extended size below the other", &[smuggled("0")], "different sizes"),
        tar("extended size above the other", &[smuggled("1536")], "different sizes"),
        tar(
            "extended size of a directory",
            &[extended("size", "1024"), entry(b'5', "d", "")],
            "different sizes",
        ),
        tar("path twice in one header", &[pax(twice), file("c")], "`path` twice"),
        tar("two extended headers", &[extended("path", "a"), extended("path", "b"), file("c")], in_a_row),
        tar(
            "extended header and GNU name",
            &[extended("path", "a"), entry(b'L', "l", "b\0"), file("c")],
            in_a_row,
        ),
        tar(
            "GNU name and extended header",
            &[entry(b'L', "l", "b\0"), extended("path", "a"), file("c")],
            in_a_row,
        ),
        tar("two GNU names", &[entry(b'L', "l", "a\0"), entry(b'L', "l", "b\0"), file("c")], in_a_row),
        tar(
            "extended and global",
            &[extended("path", "a"), entry(b'g', "g", record("comment", "c"))],
            in_a_row,
        ),
        blob("extended header before the end", gzip(ends(&[extended("path", "a"), END.to_vec()])), in_a_row),
        blob("extended header at the end", gzip(ends(&[extended("path", "a")])), in_a_row),
        tar("global path", &[entry(b'g', "g", record("path", "all"))], "one `path`"),
        tar("global size", &[entry(b'g', "g", record("size", "0"))], "one `size`"),
        tar("global link", &[entry(b'g', "g", record("linkpath", "../x"))], "a link"),
        tar("names in another encoding", &[extended("hdrcharset", "BINARY"), file("c")], "than UTF-8"),
        tar("record shorter than it says", &[pax(b"99 path=a\n".to_vec())], "not `LENGTH KEY=VALUE`"),
        tar("record longer than it says", &[pax(b"5 path=abc\n".to_vec())], "not `LENGTH KEY=VALUE`"),
        tar("record of no length", &[pax(b"path=a\n".to_vec())], "not `LENGTH KEY=VALUE`"),
        tar(
            "record of a length beyond 64 bits",
            &[pax(b"99999999999999999999 a=b\n".to_vec())],
            "not `LENGTH",
        ),
        tar("record of zeros", &[pax(vec![0; 20])], "not `LENGTH KEY=VALUE`"),
        tar("size with a sign", &[extended("size", "-7"), file("c")], "no valid `size`"),
        tar("size with a plus", &[extended("size", "+7"), file("c")], "no valid `size`"),
        tar(
            "a magic of no version",
            &[Header::new(b'0', "x", 0).set(263, "99").set(345, "dir").sealed()],
            format,
        ),
        tar("an unknown magic", &[Header::new(b'0', "x", 0).set(257, "magic!00").sealed()], format),
        tar("GNU's magic with a prefix", &[gnu_prefix], format),
        tar("star's shorter prefix", &[star], format),
        tar(
            "a size that is no number",
            &[Header::new(b'0', "x", 0).set(124, "0000000009\0\0").sealed()],
            "valid size",
        ),
        tar(
            "a size with more behind",
            &[Header::new(b'0', "x", 0).set(124, "000\x007777\0\0\0\0").sealed()],
            "valid size",
        ),
        tar(
            "a mode that is no number",
            &[Header::new(b'0', "x", 0).set(100, "rw-r--r-").sealed()],
            "valid mode",
        ),
        blob(
            "entry behind the end",
            gzip(ends(&[END.to_vec(), file("b"), END.to_vec()])),
            "something follows its end",
        ),
        blob(
            "entry behind one block of zeros",
            gzip(ends(&[vec![0; 512], file("b")])),
            "follows a block of zeros",
        ),
        blob(
            "text behind the end",
            gzip(ends(&[END.to_vec(), b"hostile".to_vec()])),
            "something follows its end",
        ),
        blob("a second archive", gzip(ends(&[END.to_vec()])).repeat(2), "something follows its end"),
        blob("a second plain archive", ends(&[END.to_vec()]).repeat(2), "something follows its end"),
        blob(
            "text behind the gzip",
            [gzip(ends(&[END.to_vec()])), b"hostile".to_vec()].concat(),
            "nor zeros",
        ),
        blob(
            "text behind padding",
            [gzip(ends(&[END.to_vec()])), vec![0; 9], b"x".to_vec()].concat(),
            "nor zeros",
        ),
    ]
}

pub(super) fn broken() -> Vec<Row> {
    let whole = ends(&[entry(b'0', "b", [b'x'; 2000]), END.to_vec()]);
    let sound = gzip(&whole);
    let cut = |at: usize| gzip(&whole[..at]);
    let changed = |from_the_end: usize| {
        let mut bytes = sound.clone();
        let at = bytes.len() - from_the_end;
        bytes[at] ^= 1;
        bytes
    };
    let flipped = {
        let mut tar = whole.clone();
        tar[1024] ^= 1;
        tar
    };
    let endless_name = [b"\x1f\x8b\x08\x08\0\0\0\0\0\xff".to_vec(), vec![b'n'; 1 << 20]].concat();
    let unreadable = "its gzip cannot be read";
    vec![
        blob("wrong checksum of a header", gzip(&flipped), "a header's checksum is wrong"),
        blob("wrong checksum of gzip", changed(8), unreadable),
        blob("wrong length of gzip", changed(1), unreadable),
        blob("gzip cut", sound[..sound.len() / 2].to_vec(), unreadable),
        blob("gzip cut within its end", sound[..sound.len() - 3].to_vec(), unreadable),
        blob("gzip with a header alone", sound[..10].to_vec(), unreadable),
        blob("gzip of an unknown method", b"\x1f\x8b\x09\0\0\0\0\0\0\xff".to_vec(), unreadable),
        blob("gzip with an endless name", endless_name, unreadable),
        blob("cut within a header", cut(1024 + 100), "in the middle of a block"),
        blob("cut within a file", cut(2048), "in the middle of a file"),
        blob("cut before a file", cut(1536), "in the middle of a file"),
        blob("cut within the padding", cut(1536 + 2000 + 10), "in the middle of an entry"),
        blob("second member cut", [sound.clone(), sound[..15].to_vec()].concat(), unreadable),
        blob("gzip in gzip", gzip(&sound), "what its gzip holds looks like gzip"),
        blob("zstd", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00".to_vec(), "compressed with zstd"),
        blob("bzip2", b"BZh91AY&SY".to_vec(), "looks like bzip2"),
        blob("xz", b"\xfd7zXZ\0\0\x04".to_vec(), "looks like xz"),
        blob("zip", b"PK\x03\x04\x14\0".to_vec(), "looks like a zip file"),
        blob("JSON", b"{\"groups\": []}".to_vec(), "looks like JSON"),
        blob("JSON in gzip", gzip("{\"groups\": []}"), "what its gzip holds looks like JSON"),
        blob("escape codes", b"\x1b[2Jhostile".to_vec(), r"begins with `\x1b[2Jhostile`"),
        blob("nothing", Vec::new(), "it is empty"),
        blob("nothing in gzip", gzip(""), "what its gzip holds is empty"),
    ]
}
