//! The one retry layer: what is tried again, how often, and after which pause.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::bridge;
use crate::repository::Error;

/// How one try failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// A later try may work; the registry may have said when.
    Passing { error: Error, wait: Option<Duration> },
    /// No later try will help.
    Final(Error),
}

impl Fault {
    pub(super) fn passing(error: Error) -> Self {
        Self::Passing { error, wait: None }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// How often and after which pause a request is made again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// Tries beyond the first.
    pub(super) retries: u32,
    /// The longest first pause; it doubles with each try.
    pub(super) pause: Duration,
}

/// The longest pause of our own choice.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The longest pause that a registry may ask for.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// The longest time from the first try to the beginning of the last.
const BUDGET: Duration = Duration::from_mins(2);

impl Policy {
    /// All tries, none of them used.
    pub(super) fn tries(self) -> Tries {
        Tries { policy: self, used: 0, begun: Instant::now() }
    }

    /// A pause between nothing and the doubled base, so that many clients do not come back together.
    fn backoff(self, tried: u32) -> Duration {
        let longest = self.pause.saturating_mul(1 << tried.min(16)).min(LONGEST_PAUSE);
        let span = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX).saturating_add(1);
        Duration::from_micros(RandomState::new().hash_one(tried) % span)
    }
}

/// The tries of one piece of work, which may take several requests.
pub(super) struct Tries {
    policy: Policy,
    used: u32,
    begun: Instant,
}

impl Tries {
    /// Works until it succeeds, fails for good, or the tries are used up. `note` hears of each pause.
    pub(super) fn run<T>(
        &mut self,
        note: impl Fn(&str),
        mut work: impl FnMut() -> Result<T, Fault>,
    ) -> Result<T, Error> {
        loop {
            match work() {
                Ok(done) => return Ok(done),
                Err(fault) => self.pause(fault, &note)?,
            }
        }
    }

    /// Waits before the next try; the error where none is left, or none will help.
    pub(super) fn pause(&mut self, fault: Fault, note: impl Fn(&str)) -> Result<(), Error> {
        let (error, wait) = match fault {
            Fault::Final(error) => return Err(error),
            Fault::Passing { error, wait } => (error, wait.unwrap_or_default()),
        };
        if wait > LONGEST_WAIT {
            return Err(with(error, &format!("it asks to come back in {} s", wait.as_secs())));
        }
        if self.used >= self.policy.retries {
            let tried = self.used + 1;
            return Err(if tried == 1 { error } else { with(error, &format!("tried {tried} times")) });
        }
        // The registry may ask for more patience than ours, not for less.
        let pause = wait.max(self.policy.backoff(self.used));
        let tried_for = self.begun.elapsed();
        if tried_for + pause > BUDGET {
            return Err(with(error, &format!("tried for {} s", tried_for.as_secs())));
        }
        self.used += 1;
        note(&format!("{}; again in {} ms", error.what, pause.as_millis()));
        bridge::sleep(pause).map_err(|_| bridge::interrupted(&error.place))
    }

    /// Says that the work came forward, so that a long one is not taken for one that is stuck.
    pub(super) fn came_forward(&mut self) {
        self.begun = Instant::now();
    }
}

fn with(mut error: Error, more: &str) -> Error {
    error.what = format!("{} ({more})", error.what);
    error
}

/// Whether an answer of this status may be another one later.
pub(super) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 499 | 500 | 502 | 503 | 504 | 522)
}

/// The pause that a registry asks for: seconds, or a date, which is read against the registry's own clock.
pub(super) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = |text: &str| -> Option<SystemTime> { httpdate::parse_http_date(text).ok() };
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    Some(date(text)?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::ErrorKind;

    fn fault(wait: Option<u64>) -> Fault {
        let error = Error::new(ErrorKind::Unavailable, "r", "busy");
        Fault::Passing { error, wait: wait.map(Duration::from_secs) }
    }

    fn run(retries: u32, work: impl FnMut() -> Result<u32, Fault>) -> Result<u32, Error> {
        Policy { retries, pause: Duration::from_micros(1) }.tries().run(|_| (), work)
    }

    #[test]
    fn what_passes_is_tried_again_until_the_tries_are_used_up() {
        let mut left = 4;
        let outcome = run(4, || {
            left -= 1;
            if left == 0 { Ok(7) } else { Err(fault(None)) }
        });
        assert_eq!(outcome.unwrap(), 7);

        let mut tries = 0;
        let error = run(4, || {
            tries += 1;
            Err(fault(None))
        });
        assert_eq!((tries, error.unwrap_err().what.as_str()), (5, "busy (tried 5 times)"));
    }

    #[test]
    fn a_long_wait_is_not_waited_for() {
        let mut tries = 0;
        let error = run(4, || {
            tries += 1;
            Err(fault(Some(100_000)))
        });
        assert_eq!((tries, error.unwrap_err().what.as_str()), (1, "busy (it asks to come back in 100000 s)"));
    }

    #[test]
    fn a_registry_cannot_take_the_pauses_away() {
        let mut tries = Policy { retries: 100, pause: Duration::from_micros(500) }.tries();
        let begun = Instant::now();
        for _ in 0..10 {
            tries.pause(fault(Some(0)), |_| ()).unwrap();
        }
        // The last five pauses lie between nothing and 16 to 256 ms: all of them short is next to impossible.
        assert!(begun.elapsed() > Duration::from_millis(2), "{:?}", begun.elapsed());
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        let policy = Policy { retries: 4, pause: Duration::from_millis(250) };
        for tried in 0..70 {
            assert!(policy.backoff(tried) <= LONGEST_PAUSE);
        }
        assert!((0..50).all(|_| policy.backoff(0) <= Duration::from_millis(250)));
        assert!((0..50).any(|_| policy.backoff(3) > Duration::from_millis(250)));
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let wait_of = |retry: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, retry.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            wait(&headers).map(|wait| wait.as_secs())
        };
        let now = Some("Fri, 21 Nov 2025 10:00:00 GMT");
        assert_eq!(wait_of("1", None), Some(1));
        assert_eq!(wait_of("100000", None), Some(100_000));
        assert_eq!(wait_of("99999999999999999999999", None), Some(u64::MAX));
        assert_eq!(wait_of("Fri, 21 Nov 2025 10:00:30 GMT", now), Some(30));
        assert_eq!(wait_of("Fri, 21 Nov 2025 09:00:00 GMT", now), Some(0));
        assert_eq!(wait_of("Fri, 21 Nov 2025 10:00:30 GMT", None), None);
        for garbage in ["", "soon", "-1", "1.5"] {
            assert_eq!(wait_of(garbage, now), None);
        }
    }
}
