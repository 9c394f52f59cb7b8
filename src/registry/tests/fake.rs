//! A server that answers what a script says, down to broken connections, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// `GET /v2/app/manifests/v1`
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    pub(super) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.target.split('?').next() == Some(path)
    }
}

/// What the script answers.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
}

#[derive(Clone, Debug)]
enum Ending {
    /// As it should be.
    Whole,
    /// The length is announced, and so many bytes of it come.
    Cut(usize),
    /// Chunked, and after so many bytes the connection ends.
    CutChunks(usize),
    /// These bytes in place of an answer, and the end.
    Raw(Vec<u8>),
    /// The head, and then nothing for a while.
    Stall,
    /// Nothing for a while.
    Hang,
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), ending: Ending::Whole }
    }

    pub(super) fn ok(body: &[u8]) -> Self {
        Self::status(200).body(body)
    }

    pub(super) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    pub(super) fn cut(self, bytes: usize) -> Self {
        self.ending(Ending::Cut(bytes))
    }

    pub(super) fn cut_chunks(self, bytes: usize) -> Self {
        self.ending(Ending::CutChunks(bytes))
    }

    pub(super) fn raw(bytes: &[u8]) -> Self {
        Self::status(0).ending(Ending::Raw(bytes.to_vec()))
    }

    pub(super) fn reset() -> Self {
        Self::raw(b"")
    }

    pub(super) fn stall(self) -> Self {
        self.ending(Ending::Stall)
    }

    pub(super) fn hang() -> Self {
        Self::status(0).ending(Ending::Hang)
    }
}

type Script = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// The server. Its threads live as long as the test process.
pub(super) struct Fake {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Seen>>>,
}

/// How long a server that says nothing says nothing.
const SILENCE: Duration = Duration::from_secs(20);

impl Fake {
    /// Answers by a script, which gets the request and its number, from 0.
    pub(super) fn new(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = Self { address: listener.local_addr().unwrap(), log: Arc::default() };
        let (log, script): (_, Arc<Script>) = (Arc::clone(&fake.log), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                thread::spawn(move || serve(&stream, &log, script.as_ref()));
            }
        });
        fake
    }

    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    /// What was asked, as lines.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

fn serve(stream: &TcpStream, log: &Mutex<Vec<Seen>>, script: &Script) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(seen) = read_request(&mut reader) {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(seen.clone());
            log.len() - 1
        };
        let reply = script(&seen, number);
        if write_reply(stream, &seen, &reply).is_none() {
            return;
        }
    }
}

/// `None` at the end of the connection.
fn read_request(reader: &mut impl BufRead) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut seen = Seen { method, target, headers, body: Vec::new() };
    let length = seen.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let has_all = reader.take(length).read_to_end(&mut seen.body).is_ok_and(|read| read as u64 == length);
    has_all.then_some(seen)
}

/// `None` where the connection ends after it.
fn write_reply(mut stream: &TcpStream, seen: &Seen, reply: &Reply) -> Option<()> {
    match &reply.ending {
        Ending::Raw(bytes) => {
            stream.write_all(bytes).ok()?;
            return None;
        }
        Ending::Hang => {
            thread::sleep(SILENCE);
            return None;
        }
        _ => {}
    }
    let mut head = format!("HTTP/1.1 {} X\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    let has_length = reply.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    if let Ending::CutChunks(bytes) = reply.ending {
        head += "Transfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(format!("{bytes:x}\r\n").as_bytes()).ok()?;
        stream.write_all(&reply.body[..bytes]).ok()?;
        stream.write_all(b"\r\n").ok()?;
        return None;
    }
    if !has_length {
        head.extend(["Content-Length: ", &reply.body.len().to_string(), "\r\n"]);
    }
    stream.write_all((head + "\r\n").as_bytes()).ok()?;
    if seen.method == "HEAD" {
        return Some(());
    }
    match reply.ending {
        Ending::Cut(bytes) => {
            stream.write_all(&reply.body[..bytes]).ok()?;
            None
        }
        Ending::Stall => {
            thread::sleep(SILENCE);
            None
        }
        _ => stream.write_all(&reply.body).ok(),
    }
}
