//! A connection to a registry that takes nothing from torte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

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
    /// Its headers, in order.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.lines().filter_map(|line| line.split_once(": "))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
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
