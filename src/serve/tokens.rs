//! Bearer tokens: opaque, short-lived, each good for the scopes that it was given for.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::oci::Name;

/// How long a token lives.
pub(super) const LIFETIME: Duration = Duration::from_mins(5);

/// What may be done in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Pull,
    Push,
    Delete,
}

impl Action {
    const ALL: [Self; 3] = [Self::Pull, Self::Push, Self::Delete];

    /// As scopes spell it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        }
    }
}

/// Some actions in one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    repository: Name,
    actions: Vec<Action>,
}

impl Scope {
    /// Reads `repository:NAME:pull,push`; other types and unknown actions give nothing. `*` is every action.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, actions) = text.strip_prefix("repository:")?.rsplit_once(':')?;
        let is_asked = |action: &Action| actions.split(',').any(|word| word == action.name() || word == "*");
        let actions = Action::ALL.into_iter().filter(is_asked).collect();
        Some(Self { repository: name.parse().ok()?, actions })
    }

    /// The scope without anything but reading.
    pub(super) fn reading(mut self) -> Self {
        self.actions.retain(|action| *action == Action::Pull);
        self
    }

    /// Whether it covers an action in a repository.
    pub(super) fn covers(&self, repository: &Name, action: Action) -> bool {
        self.repository == *repository && self.actions.contains(&action)
    }
}

struct Issued {
    scopes: Vec<Scope>,
    until: Instant,
}

/// The tokens that are good now.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<String, Issued>>);

impl Tokens {
    fn issued(&self) -> MutexGuard<'_, HashMap<String, Issued>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new token for these scopes.
    pub(super) fn issue(&self, scopes: Vec<Scope>) -> io::Result<String> {
        let token = secret()?;
        let now = Instant::now();
        let mut issued = self.issued();
        issued.retain(|_, token| token.until > now);
        issued.insert(token.clone(), Issued { scopes, until: now + LIFETIME });
        Ok(token)
    }

    /// What a token is good for, or `None` if it is unknown or too old.
    pub(super) fn scopes(&self, token: &str) -> Option<Vec<Scope>> {
        let issued = self.issued();
        let found = issued.get(token).filter(|token| token.until > Instant::now())?;
        Some(found.scopes.clone())
    }

    /// Ends all tokens, as if their time had come.
    pub(super) fn expire(&self) {
        self.issued().clear();
    }
}

/// 32 hex digits that nobody can guess.
pub(super) fn secret() -> io::Result<String> {
    let mut bytes = [0; 16];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random bytes"))?;
    Ok(hex::encode(bytes))
}
