//! Which `Authorization` a request carries: learnt from the first refusal, and shared by all threads.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderValue, WWW_AUTHENTICATE};

use super::Target;
use super::answer::Answer;
use super::call::Scope;
use super::challenge::{self, Challenge};
use super::credentials::{Credentials, CredentialsError, Login, Variables};
use super::endpoint::Endpoint;
use super::realm::{self, Realm};
use super::retry::Fault;
use super::secret::Secret;
use super::token::Token;
use crate::oci::{Host, Name};
use crate::repository::{Error, ErrorKind};

/// What one repository knows of its registry's wishes. One lock: while one thread asks for a token, the others wait
/// for that token.
pub(super) struct Auth {
    credentials: Credentials,
    host: Host,
    name: Name,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    wish: Wish,
    /// What was found when credentials were looked for, which happens once.
    login: Option<Login>,
    is_looked_for: bool,
    pub(super) will_write: bool,
    pub(super) tokens: HashMap<Scope, Token>,
    /// What a token server refused, and in which words: it is not asked again.
    pub(super) refused: HashMap<Scope, String>,
}

/// What a registry wants to see.
#[derive(Clone, Default)]
enum Wish {
    /// Nothing so far.
    #[default]
    Nothing,
    Basic(HeaderValue),
    Bearer(Bearer),
}

/// Where tokens come from.
#[derive(Clone)]
pub(super) struct Bearer {
    pub(super) realm: Realm,
    pub(super) service: Option<String>,
}

impl State {
    fn current(&self, scope: &Scope) -> Option<HeaderValue> {
        match &self.wish {
            Wish::Nothing => None,
            Wish::Basic(header) => Some(header.clone()),
            Wish::Bearer(_) => {
                let wider = (*scope == Scope::Pull).then_some(&Scope::Push);
                let held = [Some(scope), wider].into_iter().flatten().filter_map(|key| self.tokens.get(key));
                held.filter(|token| token.is_fresh()).map(|token| token.header.clone()).next()
            }
        }
    }

    pub(super) fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }
}

impl Auth {
    pub(super) fn new(credentials: Credentials, target: &Target) -> Self {
        let (host, name) = (target.host.clone(), target.name.clone());
        Self { credentials, host, name, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that requests will come that write.
    pub(super) fn will_write(&self) {
        self.state().will_write = true;
    }

    /// Whether the registry, or a token server of its own, has seen credentials; `None` if nobody has asked for any.
    pub(super) fn were_shown(&self) -> Option<bool> {
        match &self.state().wish {
            Wish::Nothing => None,
            Wish::Basic(_) => Some(true),
            Wish::Bearer(bearer) => Some(bearer.realm.is_trusted),
        }
    }

    /// The environment variables that the credentials came from, if any did.
    pub(super) fn variables(&self) -> Option<&Variables> {
        let given = self.credentials.given.as_ref()?;
        (!given.variables.0.is_empty()).then_some(&given.variables)
    }

    /// On whose behalf we speak, as an addition to an error; and why credentials were held back.
    pub(super) fn account(&self) -> String {
        let state = self.state();
        if let (Wish::Bearer(bearer), Some(_)) = (&state.wish, state.login())
            && !bearer.realm.is_trusted
        {
            return format!(", without credentials: {}", withheld(&bearer.realm));
        }
        match state.login() {
            Some(login) => format!(", as {}", login.account()),
            None => ", without credentials".to_owned(),
        }
    }
}

/// Why a token server is not shown credentials, and what to do about it.
pub(super) fn withheld(realm: &Realm) -> String {
    let host = realm.url.host_str().unwrap_or_default();
    format!(
        "its token server {host} is not known to belong to it; \
         if you trust that host with them, name it in TORTE_TRUSTED_REALMS"
    )
}

impl Endpoint {
    /// The header for a request of this scope, as far as the registry's wishes are known.
    pub(super) fn authorization(&self, scope: &Scope) -> Result<Option<HeaderValue>, Fault> {
        let mut state = self.auth.state();
        let Wish::Bearer(bearer) = &state.wish else { return Ok(state.current(scope)) };
        if let Some(header) = state.current(scope) {
            return Ok(Some(header));
        }
        let bearer = bearer.clone();
        self.fetch(&mut state, &bearer, scope).map(Some)
    }

    /// The header for the second try of a request that was refused with 401. There is no third.
    pub(super) fn renew(
        &self,
        answer: &Answer,
        scope: &Scope,
        used: Option<&HeaderValue>,
        about: &str,
    ) -> Result<HeaderValue, Fault> {
        let mut state = self.auth.state();
        // Another thread may have been here before.
        if let Some(header) = state.current(scope).filter(|header| Some(header) != used) {
            return Ok(header);
        }
        state.tokens.retain(|_, token| Some(&token.header) != used);
        let refused = |what: String| {
            self.error(
                ErrorKind::Unauthorized,
                format!("cannot {about}: the registry wants credentials: {what}"),
            )
        };
        let headers = answer.headers.get_all(WWW_AUTHENTICATE);
        let headers = headers.iter().filter_map(|value| value.to_str().ok());
        let challenge = challenge::choose(headers).map_err(|why| refused(why.to_string()))?;
        if !state.is_looked_for {
            state.login = self.find_login()?;
            state.is_looked_for = true;
        }
        match challenge {
            Challenge::Basic => {
                let header = match state.login() {
                    Some(Login::Password { user, password }) => basic(user, password),
                    Some(Login::IdentityToken { .. }) => {
                        let what = "a user name and a password, and only an identity token is at hand";
                        return Err(refused(what.to_owned()).into());
                    }
                    None => {
                        return Err(
                            refused("a user name and a password, and none are at hand".to_owned()).into()
                        );
                    }
                };
                let header = header.filter(|header| Some(header) != used);
                let Some(header) = header else {
                    drop(state);
                    return Err(self.refused(about, answer).into());
                };
                state.wish = Wish::Basic(header.clone());
                Ok(header)
            }
            Challenge::Bearer { realm, service } => {
                let trusted = &self.client.options().trusted_realms;
                let realm =
                    realm::judge(&realm, &self.base, trusted).map_err(|why| refused(why.to_string()))?;
                let bearer = Bearer { realm, service };
                state.wish = Wish::Bearer(bearer.clone());
                self.fetch(&mut state, &bearer, scope)
            }
        }
    }

    fn find_login(&self) -> Result<Option<Login>, Error> {
        let auth = &self.auth;
        auth.credentials.find(&auth.host, &auth.name).map_err(|error| {
            let is_helper = matches!(error, CredentialsError::Helper { .. });
            let error = error.at(&self.place);
            // Without the helper's answer the registry's question has none.
            Error { kind: if is_helper { ErrorKind::Unauthorized } else { error.kind }, ..error }
        })
    }
}

/// `None` where user or password cannot be sent.
pub(super) fn basic(user: &str, password: &Secret) -> Option<HeaderValue> {
    let pair = STANDARD.encode(format!("{user}:{}", password.expose()));
    let mut header = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}
