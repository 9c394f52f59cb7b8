//! What an address is: public, private, this machine, or one that no registry has a reason to name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// The class of the host in an address, as far as it can be told without asking for its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A name, or a literal address of the public network.
    Public,
    /// A literal address of a private network.
    Private,
    /// This machine.
    Loopback,
    /// Link-local, unspecified, multicast, or a cloud's metadata service.
    Forbidden,
}

/// The class of the address's host. The parser of addresses has put odd spellings of numbers into one form before.
pub(super) fn class(url: &Url) -> Class {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => class_v4(address),
        Ok(IpAddr::V6(address)) => class_v6(address),
        Err(_) => class_of_name(host.trim_end_matches('.')),
    }
}

fn class_of_name(name: &str) -> Class {
    match name {
        "localhost" => Class::Loopback,
        "metadata.google.internal" => Class::Forbidden,
        _ if name.ends_with(".localhost") => Class::Loopback,
        _ => Class::Public,
    }
}

/// Services that hand out the machine's own credentials, outside the link-local range.
const METADATA: [Ipv4Addr; 2] = [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

fn class_v4(address: Ipv4Addr) -> Class {
    let [first, second, ..] = address.octets();
    let is_carrier_grade = first == 100 && (64..128).contains(&second);
    if METADATA.contains(&address)
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || first == 0
    {
        Class::Forbidden
    } else if address.is_loopback() {
        Class::Loopback
    } else if address.is_private() || is_carrier_grade {
        Class::Private
    } else {
        Class::Public
    }
}

fn class_v6(address: Ipv6Addr) -> Class {
    if let Some(inner) = embedded(address) {
        return class_v4(inner);
    }
    if address == METADATA_V6
        || address.is_unicast_link_local()
        || address.is_multicast()
        || address.is_unspecified()
    {
        Class::Forbidden
    } else if address.is_loopback() {
        Class::Loopback
    } else if address.is_unique_local() {
        Class::Private
    } else {
        Class::Public
    }
}

/// The IPv4 address inside an IPv4-mapped one, or one of the translation prefix `64:ff9b::/96`.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

/// Whether scheme, host and port are the same.
pub(super) fn same_origin(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin()
}

/// Whether the hosts are the same, whatever the port.
pub(super) fn same_host(left: &Url, right: &Url) -> bool {
    left.host() == right.host()
}

/// Whether a connection to the address may leave the machine, so that a proxy has a part in it.
pub(super) fn is_loopback(url: &Url) -> bool {
    class(url) == Class::Loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_known_in_every_spelling() {
        for (host, expected) in [
            ("registry.example.com", Class::Public),
            ("8.8.8.8", Class::Public),
            ("10.1.2.3", Class::Private),
            ("172.16.0.1", Class::Private),
            ("100.64.0.1", Class::Private),
            ("[fd12::1]", Class::Private),
            ("127.1", Class::Loopback),
            ("0x7f000001", Class::Loopback),
            ("2130706433", Class::Loopback),
            ("127。0。0。1", Class::Loopback),
            ("[::1]", Class::Loopback),
            ("[::ffff:127.0.0.1]", Class::Loopback),
            ("LOCALHOST.", Class::Loopback),
            ("a.localhost", Class::Loopback),
            ("169.254.169.254", Class::Forbidden),
            ("[::ffff:169.254.169.254]", Class::Forbidden),
            ("[64:ff9b::a9fe:a9fe]", Class::Forbidden),
            ("[fe80::1]", Class::Forbidden),
            ("0.0.0.0", Class::Forbidden),
            ("[::]", Class::Forbidden),
            ("100.100.100.200", Class::Forbidden),
            ("[fd00:ec2::254]", Class::Forbidden),
            ("metadata.google.internal.", Class::Forbidden),
        ] {
            let url = format!("https://{host}/x").parse().unwrap();
            assert_eq!(class(&url), expected, "{host}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        assert!(same_origin(&url("https://a.example/x"), &url("https://A.example:443/y")));
        for other in ["http://a.example/", "https://a.example:444/", "https://b.example/"] {
            assert!(!same_origin(&url("https://a.example/"), &url(other)), "{other}");
        }
    }
}
