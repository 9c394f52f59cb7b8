//! A token server as a registry with `auth: token` wants it: one login gets all that it asks for, nobody else anything.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::certificate::Signer;

/// What the tokens say of who made them and whom they are for; the registry is told the same.
pub(crate) const ISSUER: &str = "torte interop";
pub(crate) const SERVICE: &str = "registry";

/// A token server that lives as long as the test's process.
pub(crate) struct TokenServer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TokenServer {
    /// Starts it for one login.
    pub(crate) fn start(signer: Signer, user: &str, password: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let login = BASE64_STANDARD.encode(format!("{user}:{password}"));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away in the middle is its own affair.
                let _ = answer(&stream, &signer, &login, &log);
            }
        });
        Self { address, asked }
    }

    /// The request lines so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: &TcpStream,
    signer: &Signer,
    login: &str,
    log: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut is_known = false;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let given = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        is_known |= given.is_some_and(|(_, value)| value == format!("Basic {login}"));
    }
    log.lock().unwrap().push(request.clone());
    let target = request.split(' ').nth(1).unwrap_or("/");
    let (status, body) = if !request.starts_with("GET ") {
        // Some clients try POST first and then GET, as the protocol's older form has it.
        ("405 Method Not Allowed", json!({}))
    } else if is_known {
        let token = token(signer, target);
        ("200 OK", json!({"token": token, "access_token": token, "expires_in": 300}))
    } else {
        ("401 Unauthorized", json!({"errors": [{"code": "UNAUTHORIZED", "message": "wrong login"}]}))
    };
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn token(signer: &Signer, target: &str) -> String {
    let url = reqwest::Url::parse(&format!("http://localhost{target}")).unwrap();
    let scopes = url.query_pairs().filter(|(key, _)| key == "scope").map(|(_, value)| value.into_owned());
    let access: Vec<Value> = scopes.flat_map(|text| text.split(' ').map(grant).collect::<Vec<_>>()).collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let header = json!({"typ": "JWT", "alg": "RS256", "x5c": [signer.certificate_base64()]});
    let claims = json!({
        "iss": ISSUER, "aud": SERVICE, "sub": "tester", "jti": now.to_string(),
        "iat": now, "nbf": now - 10, "exp": now + 300, "access": access,
    });
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signer.sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// `repository:org/app:pull,push` as the claim that grants it.
fn grant(scope: &str) -> Value {
    let (kind, rest) = scope.split_once(':').unwrap_or((scope, ""));
    let (name, actions) = rest.rsplit_once(':').unwrap_or((rest, ""));
    json!({"type": kind, "name": name, "actions": actions.split(',').collect::<Vec<_>>()})
}
