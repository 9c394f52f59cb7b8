//! Which paths of an archive are taken, and what they are without their `.` and doubled `/`.

/// The most bytes of a path and of one of its components, and the most components.
const LONGEST: usize = 4096;
const LONGEST_COMPONENT: usize = 255;
const DEEPEST: usize = 64;

/// The plain components of a path, none for the tree itself; or why it is refused.
pub fn components(raw: &[u8]) -> Result<Vec<&str>, &'static str> {
    if raw.is_empty() {
        return Err("it has no name");
    }
    if raw.len() > LONGEST {
        return Err("its path is longer than 4096 bytes");
    }
    let path = str::from_utf8(raw).map_err(|_| "its name is not UTF-8")?;
    if path.contains(misleads) {
        return Err("its name has a control character in it, or one that turns the direction of writing");
    }
    if path.contains('\\') {
        return Err("its name has a backslash in it, which some systems take for `/`");
    }
    if path.starts_with('/') {
        return Err("its path is absolute");
    }
    let components: Vec<_> = path.split('/').filter(|component| !["", "."].contains(component)).collect();
    if components.contains(&"..") {
        return Err("its path has `..` in it, and may lead out of the directory");
    }
    if components.iter().any(|component| has_drive(component)) {
        return Err("its path has a drive in it");
    }
    if components.iter().any(|component| component.len() > LONGEST_COMPONENT) {
        return Err("a component of its path is longer than 255 bytes");
    }
    if components.len() > DEEPEST {
        return Err("its path is more than 64 directories deep");
    }
    Ok(components)
}

/// On Windows `c:x` leads to another drive, wherever it stands in a path.
fn has_drive(component: &str) -> bool {
    let bytes = component.as_bytes();
    bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
}

/// Controls, and what makes a terminal or an editor show another name than there is.
fn misleads(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// What Windows would make of a component, if not a file of that name.
pub fn unportable(component: &str) -> Option<&'static str> {
    if component.ends_with(['.', ' ']) {
        return Some("Windows drops the dot or the blank at its end");
    }
    if component.contains(['<', '>', ':', '"', '|', '?', '*']) {
        return Some("Windows allows none of < > : \" | ? * in a name");
    }
    let stem = component.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = stem.strip_prefix("COM").or(stem.strip_prefix("LPT")).map(str::parse::<char>);
    let is_device = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || matches!(port, Some(Ok('0'..='9' | '¹' | '²' | '³')));
    is_device.then_some("Windows takes it for a device")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_could_leave_the_directory_or_mislead_are_refused() {
        let refused: [&[u8]; 24] = [
            b"",
            b"/abs",
            b"//server/share",
            b"..",
            b"../x",
            b"a/../../x",
            b"a/..",
            b"a/../b",
            b"./..",
            b"\\x",
            b"a\\..\\x",
            b"C:\\x",
            b"C:x",
            b"c:",
            b"./C:x",
            b"a/C:x",
            b"\\\\?\\x",
            b"a\0b",
            b"a\nb",
            b"a\x1b[2J",
            b"a\x7f",
            b"\xff",
            "a\u{202e}gpj".as_bytes(),
            "a\u{9b}b".as_bytes(),
        ];
        for raw in refused {
            assert!(components(raw).is_err(), "{:?}", String::from_utf8_lossy(raw));
        }
        assert!(components("a".repeat(256).as_bytes()).is_err());
        assert!(components("a/".repeat(65).as_bytes()).is_err());
        assert!(components("a/".repeat(2049).as_bytes()).is_err());
    }

    #[test]
    fn plain_paths_are_taken_without_what_means_nothing() {
        let taken: [(&str, &[&str]); 9] = [
            ("a", &["a"]),
            ("./a", &["a"]),
            (".", &[]),
            ("./", &[]),
            ("x/./y//z/", &["x", "y", "z"]),
            ("..a/...", &["..a", "..."]),
            ("ab:c", &["ab:c"]),
            ("ä/日本", &["ä", "日本"]),
            (".git/config", &[".git", "config"]),
        ];
        for (raw, expected) in taken {
            assert_eq!(components(raw.as_bytes()).unwrap(), expected, "{raw}");
        }
        assert_eq!(components("a/".repeat(64).as_bytes()).unwrap().len(), 64);
        assert_eq!(components("a".repeat(255).as_bytes()).unwrap().len(), 1);
    }

    /// The names are those of Microsoft's page "Naming Files, Paths, and Namespaces".
    #[test]
    fn what_windows_takes_for_something_else_is_known() {
        for component in [
            "aux",
            "NUL",
            "nul.txt",
            "Con.tar.gz",
            "com1.txt",
            "LPT9",
            "com¹",
            "prn ",
            "a.",
            "a ",
            "a:b",
            "a?",
            "CONIN$",
        ] {
            assert!(unportable(component).is_some(), "{component}");
        }
        for component in ["auxiliary", "com", "com10", "comx", "null", ".aux", "a.aux", "lpt", "console.yaml"]
        {
            assert!(unportable(component).is_none(), "{component}");
        }
    }
}
