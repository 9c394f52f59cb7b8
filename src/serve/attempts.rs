//! Who proved lately who they are, and who tried too often.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::tokens;
use crate::oci::Digest;

/// How long good credentials need no new proof.
const REMEMBERED: Duration = Duration::from_mins(5);
const MOST_REMEMBERED: usize = 1024;
/// Wrong credentials that one address may show within [`WINDOW`].
const WRONG: u32 = 10;
const WINDOW: Duration = Duration::from_mins(1);
const MOST_ADDRESSES: usize = 4096;

/// Good and bad attempts to get in.
pub(super) struct Attempts {
    /// So that what is remembered is of no use to anybody who could read it.
    salt: String,
    good: Mutex<HashMap<Digest, Instant>>,
    bad: Mutex<HashMap<IpAddr, Failures>>,
}

struct Failures {
    count: u32,
    since: Instant,
}

impl Attempts {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { salt: tokens::secret()?, good: Mutex::default(), bad: Mutex::default() })
    }

    /// What stands for credentials here.
    pub(super) fn key(&self, user: &str, password: &str) -> Digest {
        // Digests are compared, so that the time taken says nothing of how far they were right.
        Digest::of(format!("{} {} {user}{password}", self.salt, user.len()).as_bytes())
    }

    fn good(&self) -> MutexGuard<'_, HashMap<Digest, Instant>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bad(&self) -> MutexGuard<'_, HashMap<IpAddr, Failures>> {
        self.bad.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether these were good lately.
    pub(super) fn knows(&self, key: &Digest) -> bool {
        self.good().get(key).is_some_and(|since| since.elapsed() < REMEMBERED)
    }

    /// These are good.
    pub(super) fn succeeded(&self, key: Digest) {
        let mut good = self.good();
        if good.len() >= MOST_REMEMBERED {
            good.retain(|_, since| since.elapsed() < REMEMBERED);
        }
        if good.len() >= MOST_REMEMBERED {
            good.clear();
        }
        good.insert(key, Instant::now());
    }

    /// All must prove who they are anew.
    pub(super) fn forget(&self) {
        self.good().clear();
    }

    /// How long an address must wait before it may try again, if it must.
    pub(super) fn wait(&self, from: IpAddr) -> Option<Duration> {
        let bad = self.bad();
        let failures = bad.get(&network(from)).filter(|failures| failures.count >= WRONG)?;
        WINDOW.checked_sub(failures.since.elapsed())
    }

    /// An address showed wrong credentials.
    pub(super) fn failed(&self, from: IpAddr) {
        let mut bad = self.bad();
        if bad.len() >= MOST_ADDRESSES {
            bad.retain(|_, failures| failures.since.elapsed() < WINDOW);
        }
        if bad.len() >= MOST_ADDRESSES {
            bad.clear();
        }
        let failures = bad.entry(network(from)).or_insert(Failures { count: 0, since: Instant::now() });
        if failures.since.elapsed() >= WINDOW {
            *failures = Failures { count: 0, since: Instant::now() };
        }
        failures.count += 1;
    }
}

/// Whom an address stands for: of version 6, one client has as many as it likes below one prefix of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_credentials_are_remembered_until_all_are_forgotten() {
        let attempts = Attempts::new().unwrap();
        let key = attempts.key("ann", "secret");
        assert!(!attempts.knows(&key));
        attempts.succeeded(key.clone());
        assert!(attempts.knows(&attempts.key("ann", "secret")));
        assert!(!attempts.knows(&attempts.key("ann", "other")));
        assert!(!attempts.knows(&attempts.key("anns", "ecret")), "the border counts");
        assert_ne!(Attempts::new().unwrap().key("ann", "secret"), key, "each registry has its own salt");
        attempts.forget();
        assert!(!attempts.knows(&key));
    }

    #[test]
    fn an_address_that_fails_too_often_waits_and_others_do_not() {
        let attempts = Attempts::new().unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for _ in 0..WRONG {
            assert_eq!(attempts.wait(address("192.0.2.1")), None);
            attempts.failed(address("192.0.2.1"));
            attempts.failed(address("2001:db8::1"));
        }
        for waiting in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::2"] {
            assert!(attempts.wait(address(waiting)).unwrap() <= WINDOW, "{waiting}");
        }
        for other in ["192.0.2.2", "2001:db8:0:1::1"] {
            assert_eq!(attempts.wait(address(other)), None, "{other}");
        }
    }

    #[test]
    fn what_is_remembered_does_not_grow_without_end() {
        let attempts = Attempts::new().unwrap();
        for number in 0..=u32::try_from(MOST_ADDRESSES).unwrap() {
            attempts.failed(IpAddr::V4(number.into()));
            attempts.succeeded(attempts.key("ann", &number.to_string()));
        }
        assert!(attempts.bad().len() <= MOST_ADDRESSES && attempts.good().len() <= MOST_REMEMBERED);
    }
}
