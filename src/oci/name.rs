//! Names of repositories, tags and hosts, parsed at the edge so that nothing below holds a bad one.

use std::fmt;
use std::str::FromStr;

/// What is wrong with a name, a tag or a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not `host` or `host:port`.
    #[error("`{0}` is not a host; expected `host` or `host:port`")]
    Host(String),
    /// Not a repository name.
    #[error(
        "`{0}` is not a repository name; expected lower-case letters and digits, joined by `.`, `_`, `__` or `-`, in parts joined by `/`"
    )]
    Repository(String),
    /// Not a tag.
    #[error(
        "`{0}` is not a tag; expected up to 128 letters, digits, `_`, `.` and `-`, not beginning with `.` or `-`"
    )]
    Tag(String),
}

/// All hosts that mean Docker Hub: as it is called, as it was, and the one that serves it.
pub const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

const LONGEST_NAME: usize = 255;
const LONGEST_TAG: usize = 128;

macro_rules! text {
    ($type:ident, $error:path, $is_valid:path, $kept:path) => {
        impl $type {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                if $is_valid(text) {
                    Ok(Self($kept(text).into()))
                } else {
                    Err($error(text.chars().take(300).collect()))
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

/// The name of a repository, as the distribution specification has it; never empty, never leaves a directory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);
text!(Name, NameError::Repository, is_name, str::to_owned);

/// A tag, as the distribution specification has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(Box<str>);
text!(Tag, NameError::Tag, is_tag, str::to_owned);

/// A registry's host and, where it is not the scheme's own, its port; in small letters, since case says nothing in it
/// (RFC 3986 §3.2.2, RFC 4343).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Box<str>);
text!(Host, NameError::Host, is_host, str::to_ascii_lowercase);

impl Tag {
    /// The tag that is meant where something is read or built without one.
    pub fn latest() -> Self {
        Self("latest".into())
    }
}

impl Name {
    /// The parts between the slashes.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl Host {
    /// The host without its port and without the brackets of an IPv6 address.
    pub fn name(&self) -> &str {
        if let Some(rest) = self.0.strip_prefix('[') {
            return rest.split(']').next().unwrap_or(rest);
        }
        self.0.split(':').next().unwrap_or(&self.0)
    }

    /// Whether it names this machine, so that plain HTTP is assumed.
    pub fn is_loopback(&self) -> bool {
        let name = self.name();
        name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether a first path component that looks like this is taken for a host (Docker's rule).
    pub(super) fn is_meant_by(component: &str) -> bool {
        component.eq_ignore_ascii_case("localhost") || component.contains(['.', ':'])
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` in each part.
fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME && text.split('/').all(is_name_part)
}

fn is_name_part(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    if !bytes.first().copied().is_some_and(is_word) || !bytes.last().copied().is_some_and(is_word) {
        return false;
    }
    part.split(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        .all(|joint| matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= LONGEST_TAG
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-')
}

fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, after)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
                ("v6", (!after.is_empty()).then(|| after.strip_prefix(':').unwrap_or("?")))
            }
            _ => return false,
        },
        None => match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        },
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    name.len() <= 253 && name.split('.').all(is_label) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_distribution_specification() {
        for good in ["a", "app", "org/app", "a.b_c__d-e---f", "0/1/2", "index.json"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "A", "a/", "/a", "a//b", ".a", "a.", "a..b", "a___b", "a._b", "../a", "a b", "é"] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
        assert!("a".repeat(256).parse::<Name>().is_err());
    }

    #[test]
    fn tags_follow_the_distribution_specification() {
        for good in ["v1", "_", "1.0.0-rc.1_x", "LATEST"] {
            assert!(good.parse::<Tag>().is_ok(), "{good}");
        }
        for bad in ["", ".a", "-a", "a b", "a/b", "a+b", "ä"] {
            assert!(bad.parse::<Tag>().is_err(), "{bad}");
        }
        assert!("a".repeat(128).parse::<Tag>().is_ok());
        assert!("a".repeat(129).parse::<Tag>().is_err());
    }

    #[test]
    fn hosts_have_labels_and_a_port() {
        for good in
            ["ghcr.io", "localhost", "localhost:5000", "127.0.0.1:1", "[::1]:5000", "[::1]", "my_host:80"]
        {
            assert!(good.parse::<Host>().is_ok(), "{good}");
        }
        for bad in
            ["", "a:", "a:0", "a:99999", "a:b", "user@host", "-a.b", "a..b", "[::1", "[x]:1", "[::1]5", "a/b"]
        {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
        for (text, kept) in [("Example.COM:5000", "example.com:5000"), ("[::FFFF]", "[::ffff]")] {
            assert_eq!(text.parse::<Host>().unwrap().as_str(), kept);
        }
        assert!("LocalHost:5000".parse::<Host>().unwrap().is_loopback());
        assert!("[::1]:5000".parse::<Host>().unwrap().is_loopback());
        assert!("127.8.9.1".parse::<Host>().unwrap().is_loopback());
        assert!(!"127.0.0.1.example.com".parse::<Host>().unwrap().is_loopback());
    }
}
