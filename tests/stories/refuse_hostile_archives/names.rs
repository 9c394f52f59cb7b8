//! Names that lead out of a directory, that mislead whoever reads them, or that are another's under some system.

use super::{Row, tar};
use crate::support::archive::{Header, entry, extended, file, long};

/// Outside of every sandbox.
pub(super) const ABSOLUTE: &str = "/tmp/torte-hostile-absolute";

fn prefixed(prefix: &str, name: &str) -> Vec<u8> {
    Header::new(b'0', name, 0).set(345, prefix).sealed()
}

fn gnu_long(path: &str) -> Vec<u8> {
    let mut header = Header::new(b'L', "././@LongLink", path.len() + 1);
    header.set(257, "ustar  \0");
    [header.with([path.as_bytes(), b"\0"].concat()), file("short")].concat()
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        tar("up", &[file("../x")], "`../x` is refused: its path has `..`"),
        tar("up to the outside", &[file("../outside/kept")], "`../outside/kept` is refused"),
        tar("down and up", &[file("a/../../x")], "`a/../../x` is refused: its path has `..`"),
        tar("down and up within", &[file("dir/../bystander")], "`dir/../bystander` is refused"),
        tar("up itself", &[file("..")], "`..` is refused: its path has `..`"),
        tar("up at the end", &[entry(b'5', "a/..", "")], "`a/..` is refused: its path has `..`"),
        tar("up behind a dot", &[file("./../x")], "`./../x` is refused: its path has `..`"),
        tar("absolute", &[file(ABSOLUTE)], "its path is absolute"),
        tar("absolute directory", &[entry(b'5', ABSOLUTE, "")], "its path is absolute"),
        tar("share", &[file("//server/share")], "`//server/share` is refused: its path is absolute"),
        tar("backslash", &[file("\\x")], "has a backslash"),
        tar("backslash up", &[file("..\\x")], "has a backslash"),
        tar("backslash within", &[file("a\\..\\x")], "has a backslash"),
        tar("drive and backslash", &[file("C:\\x")], "has a backslash"),
        tar("device namespace", &[file("\\\\?\\x")], "has a backslash"),
        tar("drive", &[file("C:x")], "`C:x` is refused: its path has a drive"),
        tar("drive behind a dot", &[file("./C:x")], "its path has a drive"),
        tar("drive below", &[file("a/c:x")], "its path has a drive"),
        tar("no name", &[file("")], "`` is refused: it has no name"),
        tar("no name but a dot", &[file(".")], "it is a file without a name"),
        tar("a file like a directory", &[file("a/")], "name ends in `/`"),
        tar("line end", &[file("a\nb")], "a control character"),
        tar("escape code", &[file("a\x1b[2Jb")], "a control character"),
        tar("delete", &[file("a\x7fb")], "a control character"),
        tar("eight-bit escape code", &[file("a\u{9b}2Jb")], "a control character"),
        tar("other direction", &[file("a\u{202e}gpj.exe")], "turns the direction"),
        tar("isolated direction", &[file("a\u{2066}b")], "turns the direction"),
        tar("NUL", &[long("a\0b")], "a control character"),
        tar("not UTF-8", &[file(b"latin1-\xff")], "its name is not UTF-8"),
        tar("not UTF-8, extended", &[long(b"latin1-\xff")], "its name is not UTF-8"),
        tar("long component", &[long("c".repeat(256))], "longer than 255 bytes"),
        tar("long path", &[long("12345678/".repeat(456) + "x")], "longer than 4096 bytes"),
        tar("long GNU path", &[gnu_long(&("12345678/".repeat(456) + "x"))], "longer than 4096 bytes"),
        tar("deep", &[long("d/".repeat(64) + "f")], "more than 64 directories deep"),
        tar("up in the prefix", &[prefixed("..", "x")], "`../x` is refused"),
        tar("absolute in the prefix", &[prefixed("/tmp", "torte-hostile-absolute")], "its path is absolute"),
        tar("up in an extended header", &[long("../x")], "`../x` is refused"),
        tar("absolute in an extended header", &[long(ABSOLUTE)], "its path is absolute"),
        tar("up in a GNU name", &[gnu_long("../x")], "`../x` is refused"),
        tar("empty extended name", &[long("")], "it has no name"),
        tar(
            "up in an extended header of a directory",
            &[extended("path", ".."), entry(b'5', "d", "")],
            "`..`",
        ),
    ]
}

fn pair(name: &'static str, first: &str, second: &str) -> Row {
    tar(name, &[file(first), file(second)], "for the same name")
}

pub(super) fn pairs() -> Vec<Row> {
    vec![
        tar("twice", &[file("a"), file("a")], "`a` is refused: it stands there twice"),
        tar(
            "twice in other words",
            &[file("a/b"), file("./a//b")],
            "`a/b` is refused: it stands there twice",
        ),
        tar("twice, once extended", &[file("a"), long("a")], "it stands there twice"),
        pair("case", "README.md", "readme.md"),
        pair("case of a directory", "Team/a", "team/b"),
        pair("case beyond ASCII", "\u{c9}.yaml", "\u{e9}.yaml"),
        pair("composed and decomposed", "\u{e9}.yaml", "e\u{301}.yaml"),
        pair("composed and decomposed Hangul", "\u{ac00}", "\u{1100}\u{1161}"),
        pair("sharp s", "stra\u{df}e", "strasse"),
        pair("kelvin sign", "\u{212a}", "k"),
        pair("final sigma", "\u{3c2}", "\u{3c3}"),
        pair("invisible letter", ".git", ".g\u{200c}it"),
        tar("file and directory", &[file("x"), entry(b'5', "x", "")], "`x` is a file and a directory"),
        tar("directory and file", &[entry(b'5', "x", ""), file("x")], "`x` is a file and a directory"),
        tar("file and a file below", &[file("x"), file("x/y")], "`x` is a file and a directory"),
        tar("a file below and file", &[file("x/y"), file("x")], "`x` is a file and a directory"),
    ]
}
