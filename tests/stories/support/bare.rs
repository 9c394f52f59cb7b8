//! A registry that keeps no lists of referrers and holds no conditions, as some do: torte's own, with that taken away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::{Registry, Wire};

/// The registry. Its threads live as long as the test process.
pub(crate) struct Bare {
    address: SocketAddr,
    /// What stands behind it, to be looked at.
    pub(crate) behind: Registry,
}

impl Bare {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let bare = Self { address: listener.local_addr().unwrap(), behind: Registry::open() };
        let host = bare.behind.host();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let host = host.clone();
                thread::spawn(move || pass_on(&stream, &host));
            }
        });
        bare
    }

    /// A repository of it, as a user writes it.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }
}

/// Passes requests on until the connection ends.
fn pass_on(stream: &TcpStream, host: &str) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    let mut wire = Wire::connect(host).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
        let request = line.trim_end().strip_suffix(" HTTP/1.1")?.to_owned();
        let (mut headers, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "host" | "if-match" | "if-none-match" => {}
                "content-length" => length = value.parse().ok()?,
                _ => headers.extend([name, ": ", value, "\r\n"]),
            }
        }
        let mut body = Vec::new();
        reader.by_ref().take(length).read_to_end(&mut body).ok()?;
        if request.contains("/referrers/") {
            write!(&*stream, "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n").ok()?;
            continue;
        }
        let answer = wire.send(&request, &headers, &body).ok()?;
        write!(&*stream, "HTTP/1.1 {} X\r\n", answer.status).ok()?;
        for (name, value) in answer.headers().filter(|(name, _)| !name.eq_ignore_ascii_case("oci-subject")) {
            write!(&*stream, "{name}: {value}\r\n").ok()?;
        }
        (&*stream).write_all(b"\r\n").ok()?;
        (&*stream).write_all(&answer.body).ok()?;
    }
}
