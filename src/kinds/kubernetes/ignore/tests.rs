//! Patterns against what Go's own `filepath.Match`, `encoding/csv` and Flux's `pkg/sourceignore` v0.18 say of them.

use super::glob::Glob;
use super::*;

/// What Go 1.26 makes of a pattern and a name; `bad` is an error in the pattern.
const GLOBS: [(&str, &str, &str); 48] = [
    ("*a*a*b", "aaaaab", "yes"),
    ("*ab*c", "abxabc", "yes"),
    ("a*b?c*x", "abxbbxdbxebxczzx", "yes"),
    ("a*b?c*x", "abxbbxdbxebxczzy", "no"),
    ("[a-]", "a", "bad"),
    ("[-x]", "x", "bad"),
    ("[x-]", "-", "bad"),
    ("[a-b-c]", "a", "bad"),
    ("[", "a", "bad"),
    ("[^", "a", "bad"),
    ("[^bc", "a", "bad"),
    ("a[", "a", "bad"),
    ("a[", "ab", "bad"),
    ("a[", "x", "bad"),
    ("*x[", "ab", "bad"),
    ("[]a]", "]", "bad"),
    ("[\\]a]", "]", "yes"),
    ("[\\-]", "-", "yes"),
    ("[x\\-]", "-", "yes"),
    ("[x\\-]", "z", "no"),
    ("[\\-x]", "a", "no"),
    ("*[*]*", "a*b", "yes"),
    ("[^a-d]*", "é", "yes"),
    ("?", "é", "yes"),
    ("??", "é", "no"),
    ("*??", "é", "no"),
    ("[à-ü]", "é", "yes"),
    ("*[à-ü]x", "aéx", "yes"),
    ("a\\", "a", "bad"),
    ("\\a", "a", "yes"),
    ("\\*", "*", "yes"),
    ("\\*", "ab", "no"),
    ("[b-a]", "a", "no"),
    ("[[:digit:]]", "1", "no"),
    ("[[:digit:]]", "d", "no"),
    ("[[:digit:]]", ":]", "yes"),
    ("a]", "a]", "yes"),
    ("*.tar.gz", "x.tar.gz", "yes"),
    ("*.tar.gz", ".tar.gz", "yes"),
    ("a**b", "axb", "yes"),
    ("***", "x", "yes"),
    ("", "a", "no"),
    ("[!a]", "!", "yes"),
    ("[!a]", "b", "no"),
    // A `*` may end in the middle of a letter, whose rest then counts as U+FFFD.
    ("*[^x]y", "éy", "yes"),
    ("*[\u{fffd}]", "é", "yes"),
    ("[\u{fffd}]", "é", "no"),
    ("*[^à-ü]", "é", "yes"),
];

#[test]
fn names_fit_as_in_go() {
    for (pattern, name, expected) in GLOBS {
        let glob = Glob::new(pattern.as_bytes());
        let found = match glob {
            Glob::Malformed => "bad",
            _ if glob.fits(name) => "yes",
            _ => "no",
        };
        assert_eq!(found, expected, "{pattern:?} and {name:?}");
    }
}

#[test]
fn a_pattern_of_many_stars_takes_no_time() {
    // A matcher that tries all ways would need more than 10³⁰ steps.
    let glob = Glob::new("*a".repeat(100).as_bytes());
    assert!(glob.fits(&"a".repeat(255)));
    assert!(!glob.fits(&format!("{}b", "a".repeat(254))));
}

#[test]
fn a_list_is_one_record_of_comma_separated_values() {
    let taken: [(&str, &[&str]); 19] = [
        ("a,b", &["a", "b"]),
        ("a, b ", &["a", " b "]),
        (",", &["", ""]),
        ("a,", &["a", ""]),
        ("\"a,b\",c", &["a,b", "c"]),
        ("\"a\"\"b\"", &["a\"b"]),
        ("\n\na,b", &["a", "b"]),
        ("\r\n\r\na", &["a"]),
        ("a\r\n", &["a"]),
        ("a\r", &["a"]),
        ("\"a\nb\",c", &["a\nb", "c"]),
        ("\"a\r\nb\"", &["a\nb"]),
        ("\"a\"\r\n", &["a"]),
        ("\"\"", &[""]),
        ("a,\r", &["a", ""]),
        ("a\rb,c", &["a\rb", "c"]),
        ("\"a\"\r", &["a"]),
        ("'a,b'", &["'a", "b'"]),
        // pflag asks no reader where there is nothing.
        ("", &[]),
    ];
    for (list, expected) in taken {
        assert_eq!(list::entries(list).unwrap(), expected, "{list:?}");
    }
    for list in ["a\"b", "\"a\"b", "\"a", "\"a\" ,b", "a,\"b", "\""] {
        assert_eq!(list::entries(list), Err(IgnoreError::Quote), "{list:?}");
    }
    for list in ["\r", "\n", "\r\n", "\n\r\n"] {
        assert_eq!(list::entries(list), Err(IgnoreError::Blank), "{list:?}");
    }
    // Flux takes these, and drops what follows the line break; torte says so.
    for list in ["a\nb", "\"a\"\nb", " \nb", "a,b\r\n\r\nc"] {
        assert_eq!(list::entries(list), Err(IgnoreError::LineBreak), "{list:?}");
    }
}

/// What is left out of these paths; one with a `/` at its end is a directory.
fn dropped<'p>(ignore: &Ignore, paths: &[&'p str]) -> Vec<&'p str> {
    let is_out = |path: &&&str| ignore.ignores(path.trim_end_matches('/'), path.ends_with('/'));
    paths.iter().filter(is_out).copied().collect()
}

#[test]
fn each_file_of_patterns_holds_for_its_own_directory() {
    let files: [(&str, &[u8]); 7] = [
        ("c/.git/.sourceignore", b"*\n"),
        ("a/b/.sourceignore", b"*.md\n!z.txt\n"),
        (".a/.sourceignore", b"!x.md\n"),
        (".sourceignore", b"# comment\n*.md\n/only-root\n!keep.md\n"),
        (".git/.sourceignore", b"*\n"),
        ("a/.sourceignore", b"!*.md\n/here\nb/*.txt\r\n  \n"),
        ("a/not.sourceignore", b"*\n"),
    ];
    let mut ignore = Ignore::built_in(&[VCS]);
    ignore.extend(Ignore::of_files(files).unwrap());
    let paths = [
        ".a/",
        ".a/x.md",
        ".a/y.md",
        ".git/",
        ".git/x",
        "a/",
        "a/b/",
        "a/b/c/x.txt",
        "a/b/here",
        "a/b/x.md",
        "a/b/x.txt",
        "a/b/z.txt",
        "a/here",
        "a/only-root",
        "a/x.md",
        "a/y.md/",
        "a/y.md/x",
        "a.md/",
        "a.md/x",
        "b/x.txt",
        "c/",
        "c/.git/",
        "c/x",
        "here",
        "keep.md",
        "only-root",
        "x.md",
    ];
    // As `sourceignore.LoadIgnorePatterns` and a matcher of Flux's have it, for this very tree.
    let expected = [
        ".a/y.md",
        ".git/",
        ".git/x",
        "a/b/x.md",
        "a/b/x.txt",
        "a/here",
        "a.md/",
        "a.md/x",
        "c/.git/",
        "only-root",
        "x.md",
    ];
    assert_eq!(dropped(&ignore, &paths), expected);
}

#[test]
fn what_flux_leaves_out_by_itself() {
    let paths = [
        ".git",
        ".git/",
        ".git/HEAD",
        ".gitignore",
        "sub/.gitattributes",
        "x.png",
        "a.tar.gz",
        "a.tgz",
        ".github/",
        ".github/ci.yaml",
        ".travis.yml",
        "deep/.sops.yaml",
        ".flux.yaml",
        "app.yaml",
        ".env",
    ];
    // A file named `.git` stays: the pattern has a `/` at its end.
    let by_command = [".git/", ".git/HEAD", ".gitignore", "sub/.gitattributes", "x.png", "a.tar.gz"];
    assert_eq!(dropped(&Ignore::flux_defaults(), &paths), by_command);
    let beside = [".github/", ".github/ci.yaml", ".travis.yml", "deep/.sops.yaml", ".flux.yaml"];
    assert_eq!(dropped(&Ignore::controller_defaults(), &paths), [&by_command[..], &beside].concat());
}

#[test]
fn patterns_of_its_own_leave_only_those_for_version_control_of_the_built_in_list() {
    let paths = [".git/", ".gitignore", "x.png", ".github/", "a.md"];
    let controller = |text: &'static [u8]| Ignore::controller(Ignore::of_files([(FILE, text)]).unwrap());
    assert_eq!(dropped(&controller(b"*.md\n"), &paths), [".git/", ".gitignore", "a.md"]);
    assert_eq!(dropped(&controller(b"!.gitignore\n"), &paths), [".git/"]);
    // A file without a pattern changes nothing.
    assert_eq!(dropped(&controller(b"# none\n\n"), &paths), [".git/", ".gitignore", "x.png", ".github/"]);
}

#[test]
fn later_patterns_win_and_the_root_stays() {
    let mut ignore = Ignore::of_list("*").unwrap();
    ignore.extend(Ignore::of_list("!keep,!/a/b").unwrap());
    let paths = ["keep", "a/", "a/b/", "a/b/c", "a/c", "x/keep"];
    assert_eq!(dropped(&ignore, &paths), ["a/", "a/c"]);
    assert!(!ignore.ignores(".", true) && !ignore.ignores("", true));
}

#[test]
fn patterns_that_fit_nothing_are_told() {
    let ignore = Ignore::of_list("[,a**b,x/a**b,x/[a-]/y,!tmp[,# [,ok").unwrap();
    assert_eq!(ignore.idle(), ["[", "x/a**b", "x/[a-]/y", "!tmp["]);
}

#[test]
fn what_flux_would_pass_over_is_refused() {
    let long = format!("{}\n*.md\n", "a".repeat(65_536));
    let fault = Ignore::of_files([("a/.sourceignore", long.as_bytes())]).unwrap_err();
    assert_eq!((fault.path.as_str(), fault.rule), ("a/.sourceignore", "ignore-file"));
    assert!(Ignore::of_list(&"a".repeat(65_535)).is_ok());
    assert_eq!(Ignore::of_list(&"a".repeat(65_536)).unwrap_err(), IgnoreError::LongLine);
    assert_eq!(Ignore::of_list(&"a,".repeat(10_001)).unwrap_err(), IgnoreError::TooMany);
}
