//! `torte serve` as a process of its own, and a connection to it that takes nothing from torte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Sandbox;

/// A registry that is killed with its value, unless it ended before.
pub(crate) struct Served {
    child: Child,
    address: String,
    said: Arc<Mutex<String>>,
    listening: Option<JoinHandle<()>>,
}

impl Served {
    /// `torte serve` on a free port, with further flags.
    pub(crate) fn start(sandbox: &Sandbox, flags: &[&str]) -> Self {
        let port: &[&str] = if flags.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut command = sandbox.command(&[&["serve"], port, flags].concat());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let listening = listen(child.stderr.take().unwrap(), Arc::clone(&said));
        assert!(address.ends_with('\n'), "it does not start: {}", said.lock().unwrap());
        Self { child, address: address.trim_end().to_owned(), said, listening: Some(listening) }
    }

    /// Host and port.
    pub(crate) fn host(&self) -> &str {
        &self.address
    }

    /// A repository of it, as a user writes it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it said on standard error so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// A connection of a client's own.
    pub(crate) fn connect(&self) -> io::Result<Wire> {
        Wire::connect(&self.address)
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        if let Some(listening) = self.listening.take() {
            listening.join().unwrap();
        }
        status
    }

    /// Ends it without a warning.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(stderr: ChildStderr, said: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            said.lock().unwrap().extend([&line, "\n"]);
        }
    })
}

/// One connection, kept open from request to request.
pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

impl Wire {
    pub(crate) fn connect(host: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(2)))?;
        Ok(Self { stream: BufReader::new(stream), host: host.to_owned() })
    }

    /// Sends one request and reads its answer.
    pub(crate) fn send(&mut self, request: &str, headers: &str, body: &[u8]) -> io::Result<Answer> {
        self.begin(request, headers, body.len() as u64)?;
        self.stream.get_mut().write_all(body)?;
        self.answer(request)
    }

    /// Sends the head of a request; the body is for [`Wire::write`].
    pub(crate) fn begin(&mut self, request: &str, headers: &str, length: u64) -> io::Result<()> {
        let host = &self.host;
        let head = format!("{request} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n{headers}\r\n");
        self.stream.get_mut().write_all(head.as_bytes())
    }

    /// Sends bytes of a body, or of whatever else.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Reads the head of an answer, and how long its body is.
    pub(crate) fn head(&mut self) -> io::Result<(Answer, u64)> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        let answer = Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok((answer, length))
    }

    /// The bytes that come.
    pub(crate) fn reader(&mut self) -> &mut impl Read {
        &mut self.stream
    }

    /// Reads an answer.
    pub(crate) fn answer(&mut self, request: &str) -> io::Result<Answer> {
        let (mut answer, length) = self.head()?;
        if !request.starts_with("HEAD ") {
            let read = self.stream.by_ref().take(length).read_to_end(&mut answer.body)?;
            if read as u64 != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(answer)
    }
}
