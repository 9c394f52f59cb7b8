//! Entries that are more than plain files and directories, layers that do not go together, and bombs.

use super::{Row, blob, bundle, tar};
use crate::support::archive::{END, Header, Layer, entry, extended, file, gzip, link};

pub(super) fn types() -> Vec<Row> {
    let symlink = "it is a symbolic link";
    let hard = "it is a hard link";
    vec![
        tar("link up", &[link(b'2', "l", "../outside/kept")], symlink),
        tar("link to the root", &[link(b'2', "l", "/")], symlink),
        tar("link within", &[link(b'2', "l", "bystander")], "`l` is refused: it is a symbolic link"),
        tar("write through a link", &[link(b'2', "l", "../outside"), file("l/kept")], symlink),
        tar("link over a directory", &[link(b'2', "dir", "../outside"), file("dir/kept")], symlink),
        tar(
            "chain of links",
            &[link(b'2', "a", "b"), link(b'2', "b", ".."), file("a/b/outside/kept")],
            symlink,
        ),
        tar("link with content", &[Header::new(b'2', "l", 7).set(157, "x").with("hostile")], symlink),
        tar("hard link", &[link(b'1', "l", "bystander")], "`l` is refused: it is a hard link"),
        tar("hard link up", &[link(b'1', "l", "../outside/kept"), file("l")], hard),
        tar("hard link to the root", &[link(b'1', "l", "/etc/hostname")], hard),
        tar(
            "hard link with content",
            &[Header::new(b'1', "l", 7).set(157, "bystander").with("hostile")],
            hard,
        ),
        tar(
            "long link",
            &[entry(b'K', "././@LongLink", "../outside/kept\0"), link(b'2', "l", "x")],
            "a long target",
        ),
        tar("extended link", &[extended("linkpath", "../outside/kept"), file("l")], "the next entry a link"),
        tar(
            "character device",
            &[Header::new(b'3', "null", 0).set(329, "0000001\0").sealed()],
            "character device",
        ),
        tar("block device", &[Header::new(b'4', "sda", 0).sealed()], "block device"),
        tar("pipe", &[Header::new(b'6', "pipe", 0).sealed()], "named pipe"),
        tar("socket", &[Header::new(b's', "socket", 0).sealed()], "type is unknown"),
        tar("unknown type", &[entry(b'Z', "z", "hostile")], "`z` is refused: its type is unknown"),
        tar("type above ASCII", &[entry(0xff, "z", "hostile")], "type is unknown"),
        tar("GNU sparse file", &[Header::new(b'S', "s", 0).set(257, "ustar  \0").sealed()], "sparse file"),
        tar("sparse file 0.1", &[extended("GNU.sparse.map", "0,1"), file("s")], "a sparse file"),
        tar("sparse file 1.0", &[extended("GNU.sparse.major", "1"), file("s")], "a sparse file"),
        tar(
            "sparse file by another name",
            &[extended("GNU.sparse.name", "../x"), file("s")],
            "a sparse file",
        ),
        tar("sparse file of star", &[extended("SCHILY.realsize", "9999999"), file("s")], "a sparse file"),
        tar("several volumes", &[entry(b'M', "m", "hostile")], "type is unknown"),
        tar("volume label", &[entry(b'V', "label", "")], "type is unknown"),
        tar("GNU directory with its list", &[entry(b'D', "d", "Yx\0\0")], "type is unknown"),
        tar("Solaris extended header", &[entry(b'X', "x", "10 path=a\n"), file("b")], "type is unknown"),
        tar("Solaris access list", &[entry(b'A', "a", "acl"), file("b")], "type is unknown"),
        tar("directory with content", &[entry(b'5', "d", "hostile")], "a directory with content"),
        tar("old directory with content", &[entry(0, "d/", "hostile")], "a directory with content"),
    ]
}

fn image(entries: &[Vec<u8>]) -> Layer {
    Layer::image(gzip([entries.concat(), END.to_vec()].concat()))
}

fn directory(title: &str, entries: &[Vec<u8>]) -> Layer {
    Layer::oras(title, true, gzip([entries.concat(), END.to_vec()].concat()))
}

fn titled(title: &str) -> Layer {
    Layer::oras(title, false, b"hostile".to_vec())
}

pub(super) fn bundles() -> Vec<Row> {
    vec![
        bundle("title up", vec![titled("ok"), titled("../outside/kept")], "`../outside/kept` is refused"),
        bundle("title absolute", vec![titled(super::names::ABSOLUTE)], "its path is absolute"),
        bundle("title with a backslash", vec![titled("..\\x")], "has a backslash"),
        bundle("title with escape codes", vec![titled("a\u{1b}[2J")], "a control character"),
        bundle("title that is none", vec![titled("")], "it has no name"),
        bundle("title of the tree itself", vec![titled(".")], "a file without a name"),
        bundle("title of a directory, for a file", vec![titled("a/")], "name ends in `/`"),
        bundle("title twice", vec![titled("a"), titled("a")], "it stands there twice"),
        bundle("titles but for case", vec![titled("a"), titled("A")], "for the same name"),
        bundle("title below a title", vec![titled("a"), titled("a/b")], "`a` is a file and a directory"),
        bundle("title of a directory up", vec![directory("..", &[file("x")])], "does not lie in `..`"),
        bundle(
            "entry beside its directory",
            vec![directory("a", &[file("a/x"), file("b/x")])],
            "not lie in `a`",
        ),
        bundle("entry above its directory", vec![directory("a/b", &[file("a/x")])], "does not lie in `a/b`"),
        bundle(
            "link in a directory",
            vec![directory("a", &[link(b'2', "a/l", "..")])],
            "it is a symbolic link",
        ),
        bundle(
            "directory that is none",
            vec![Layer::oras("a", true, b"hostile".to_vec())],
            "begins with `hostile`",
        ),
        bundle("whiteout", vec![image(&[file("a")]), image(&[file("d/.wh.a")])], "`d/.wh.a` is refused"),
        bundle("opaque whiteout", vec![image(&[file(".wh..wh..opq")])], "takes away what lower layers have"),
        bundle("layers but for case", vec![image(&[file("a")]), image(&[file("A")])], "for the same name"),
        bundle(
            "file over a directory",
            vec![image(&[file("a/b")]), image(&[file("a")])],
            "a file and a directory",
        ),
        bundle(
            "directory over a file",
            vec![image(&[file("a")]), image(&[file("a/b")])],
            "a file and a directory",
        ),
        bundle(
            "twice in the lower layer",
            vec![image(&[file("a"), file("a")]), image(&[file("b")])],
            "stands there twice",
        ),
        bundle("hostile lower layer", vec![image(&[file("../x")]), image(&[file("b")])], "`../x` is refused"),
        bundle(
            "more than is read",
            vec![Layer { size: Some(1 << 31), ..image(&[]) }],
            "is larger than 1073741824 bytes",
        ),
        bundle("size that is a lie", vec![Layer { size: Some(1000), ..image(&[]) }], "1000 bytes long"),
    ]
}

/// A file of which so many bytes are there, of the size that its header says.
fn zeros(says: usize, members: usize) -> Vec<u8> {
    let mebibyte = gzip(vec![0; 1 << 20]);
    [gzip(Header::new(b'0', "zeros", says).sealed()), mebibyte.repeat(members)].concat()
}

/// Directories within each other, 62 deep, so many of them.
fn deep_directories(count: usize) -> Vec<u8> {
    let path = |number: usize| format!("{number:04}/{}x", "d/".repeat(61));
    let all = (0..count).map(|number| [extended("path", path(number)), entry(b'5', "d", "")].concat());
    all.collect::<Vec<_>>().concat()
}

pub(super) fn bombs() -> Vec<Row> {
    let huge = "more than 1073741824 bytes";
    let base256 = |bytes: &[u8; 12]| Header::new(b'0', "huge", 0).set(124, bytes).sealed();
    let directory = "n".repeat(200) + "/";
    let names = (0..8_850).map(|number| {
        [extended("path", format!("{}{number}", directory.repeat(19))), entry(b'5', "d", "")].concat()
    });
    vec![
        blob("a gigabyte of zeros", zeros(1023 << 20, 1023), "more than 200 times larger"),
        blob(
            "zeros behind the end",
            [gzip([file("a"), END.to_vec()].concat()), zeros_only(1023)].concat(),
            "200 times",
        ),
        blob("zeros alone", zeros_only(1023), "more than 200 times larger"),
        tar("a size above the limit", &[Header::new(b'0', "huge", 1 << 30).sealed()], huge),
        tar("the largest octal size", &[Header::new(b'0', "huge", (8 << 30) - 1).sealed()], huge),
        tar("the largest size", &[base256(b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff")], huge),
        tar("a size beyond 64 bits", &[base256(b"\x80\0\0\x01\0\0\0\0\0\0\0\0")], "no valid size"),
        tar(
            "a size below zero",
            &[base256(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")],
            "no valid size",
        ),
        tar("a huge extended header", &[Header::new(b'x', "x", 1 << 29).sealed()], "more than 1048576 bytes"),
        tar("a huge long name", &[Header::new(b'L', "x", 1 << 29).sealed()], "more than 1048576 bytes"),
        tar("a huge global header", &[Header::new(b'g', "x", 1 << 29).sealed()], "more than 1048576 bytes"),
        blob(
            "nested directories",
            [deep_directories(3200), END.to_vec()].concat(),
            "more than 200000 files and",
        ),
        blob("empty members", gzip(b"").repeat(200_002), "more than 200000 gzip members"),
        blob("a library of names", names.collect::<Vec<_>>().concat(), "longer than 33554432 bytes"),
    ]
}

fn zeros_only(mebibytes: usize) -> Vec<u8> {
    gzip(vec![0; 1 << 20]).repeat(mebibytes)
}
