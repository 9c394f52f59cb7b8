//! Token servers: credentials, or nothing, for a token of one scope (Docker's token and OAuth 2 protocols).

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;

use super::answer::Answer;
use super::auth::{self, Bearer, State};
use super::call::{Call, Payload, Scope};
use super::credentials::Login;
use super::endpoint::Endpoint;
use super::reply::Refusal;
use super::retry::{self, Fault};
use super::secret::Secret;
use crate::repository::{Error, ErrorKind};

/// The longest answer of a token server that is read, in bytes.
const LONGEST: u64 = 64 * 1024;
/// How long a token lives that does not say so, or says less (the protocol's own floor).
const SHORTEST_LIFE: Duration = Duration::from_mins(1);
/// How long a token is used at the most, whatever its server says.
const LONGEST_LIFE: Duration = Duration::from_hours(24);
/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(5);
/// Who we are to an OAuth 2 server.
const CLIENT_ID: &str = "torte";

/// A token, as the header that carries it. Its life is counted on our own clock from before it was asked for.
pub(super) struct Token {
    pub(super) header: HeaderValue,
    ends: Instant,
}

impl Token {
    pub(super) fn is_fresh(&self) -> bool {
        Instant::now() < self.ends
    }
}

#[derive(Deserialize)]
struct Reply {
    token: Option<String>,
    access_token: Option<String>,
    #[serde(default)]
    expires_in: serde_json::Value,
}

impl Endpoint {
    /// Asks for a token of this scope, and keeps it. The caller holds the lock, so that only one thread asks.
    pub(super) fn fetch(
        &self,
        state: &mut State,
        bearer: &Bearer,
        scope: &Scope,
    ) -> Result<HeaderValue, Fault> {
        // Who will write asks for all of it at once, and saves a second token.
        let scope = if *scope == Scope::Pull && state.will_write { &Scope::Push } else { scope };
        if let Some(words) = state.refused.get(scope) {
            return Err(self.error(ErrorKind::Unauthorized, words.clone()).into());
        }
        let login = state.login().filter(|_| bearer.realm.is_trusted);
        let is_withheld = login.is_none() && state.login().is_some();
        let begun = Instant::now();
        let answer = self.ask_token_server(bearer, login, scope)?;
        if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            let error = self.token_refused(&answer, bearer, login, is_withheld);
            state.refused.insert(scope.clone(), error.what.clone());
            return Err(error.into());
        }
        let (header, life) = self.read_token(&answer)?;
        let life = life.unwrap_or_default().clamp(SHORTEST_LIFE, LONGEST_LIFE);
        let token = Token { header: header.clone(), ends: begun + life.saturating_sub(MARGIN) };
        state.tokens.insert(scope.clone(), token);
        Ok(header)
    }

    fn ask_token_server(
        &self,
        bearer: &Bearer,
        login: Option<&Login>,
        scope: &Scope,
    ) -> Result<Answer, Fault> {
        let realm = &bearer.realm.url;
        let about = format!("get a token from {}", realm.host_str().unwrap_or_default());
        let scopes = scope.texts(&self.name);
        let service = bearer.service.as_deref();
        let (call, authorization) = match login {
            Some(Login::IdentityToken { token }) => {
                let form = form(realm, token, service, &scopes);
                let call = Call::new(Method::POST, realm.clone(), scope.clone(), about)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .payload(Payload::Bytes(Bytes::from(form)));
                (call, None)
            }
            Some(Login::Password { user, password }) => {
                let url = query(realm, service, &scopes, Some(user));
                (Call::new(Method::GET, url, scope.clone(), about), auth::basic(user, password))
            }
            None => {
                let url = query(realm, service, &scopes, None);
                (Call::new(Method::GET, url, scope.clone(), about), None)
            }
        };
        let opened = self.exchange(&call, &call.url, authorization.as_ref())?;
        if opened.status.is_success() {
            return opened.read(LONGEST);
        }
        let wait = retry::wait(&opened.headers);
        let answer = opened.read_error();
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Ok(answer),
            status => {
                let refusal = Refusal::of(&answer);
                let what = format!("cannot {}: the token server answered {refusal}", call.about);
                let error = self.error(refusal.kind(), what);
                Err(if retry::is_passing(status) { Fault::Passing { error, wait } } else { error.into() })
            }
        }
    }

    fn token_refused(
        &self,
        answer: &Answer,
        bearer: &Bearer,
        login: Option<&Login>,
        is_withheld: bool,
    ) -> Error {
        let host = bearer.realm.url.host_str().unwrap_or_default();
        let refusal = Refusal::of(answer);
        let what = match login {
            Some(login) => format!("the token server {host} refused {}: {refusal}", login.account()),
            None if is_withheld => format!(
                "the token server {host} gives no token without credentials ({refusal}), \
                 and the registry's were held back: {}",
                auth::withheld(&bearer.realm)
            ),
            None => format!("the token server {host} gives no token without credentials: {refusal}"),
        };
        self.error(ErrorKind::Unauthorized, what)
    }

    /// The header with the token, and how long it lives if the server says so.
    fn read_token(&self, answer: &Answer) -> Result<(HeaderValue, Option<Duration>), Error> {
        let nonsense = || self.nonsense("get a token", answer, "a token");
        let reply: Reply = serde_json::from_slice(&answer.body).map_err(|_| nonsense())?;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let token = given(&reply.token).or_else(|| given(&reply.access_token)).ok_or_else(nonsense)?;
        let mut header = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| nonsense())?;
        header.set_sensitive(true);
        Ok((header, reply.expires_in.as_u64().map(Duration::from_secs)))
    }
}

fn query(realm: &Url, service: Option<&str>, scopes: &[String], account: Option<&str>) -> Url {
    let mut url = realm.clone();
    let mut pairs = url.query_pairs_mut();
    pairs.extend_pairs(service.map(|service| ("service", service)));
    pairs.extend_pairs(scopes.iter().map(|scope| ("scope", scope)));
    pairs.extend_pairs(account.map(|account| ("account", account)));
    drop(pairs);
    url
}

/// The body of a refresh request. An address without a query is the encoder at hand.
fn form(realm: &Url, token: &Secret, service: Option<&str>, scopes: &[String]) -> String {
    let mut encoder = realm.clone();
    encoder.set_query(None);
    let mut pairs = encoder.query_pairs_mut();
    pairs.append_pair("grant_type", "refresh_token");
    pairs.append_pair("client_id", CLIENT_ID);
    pairs.extend_pairs(service.map(|service| ("service", service)));
    pairs.extend_pairs((!scopes.is_empty()).then(|| ("scope", scopes.join(" "))));
    pairs.append_pair("refresh_token", token.expose());
    drop(pairs);
    encoder.query().unwrap_or_default().to_owned()
}
