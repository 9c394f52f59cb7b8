//! The registries that are measured, each a process with its content on the same disk, or said to be in memory.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::lab::Lab;

/// A registry that ends with its value.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) host: String,
    /// Whether it takes a blob in one request.
    pub(crate) takes_post: bool,
    process: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// One after the other, so that none costs another anything.
    pub(crate) fn all(lab: &Lab) -> impl Iterator<Item = Self> {
        let starts: [fn(&Lab) -> Self; 4] =
            [torte, distribution, |lab| olareg(lab, "dir"), |lab| olareg(lab, "mem")];
        starts.into_iter().map(move |start| start(lab))
    }

    /// The time that its process spent computing so far.
    pub(crate) fn computed(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).ok()?;
        // The fields after the name, which may have blanks in it: the 14th and the 15th are ticks of a hundredth.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(Duration::from_millis(ticks * 10))
    }

    /// The most memory that it took, in KiB.
    pub(crate) fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }
}

fn torte(lab: &Lab) -> Server {
    start(lab, "torte serve, on disk", "torte", true, |host| {
        let root = lab.text("torte-root");
        ["serve", "--quiet", "--listen", host, "--root", &root].map(str::to_owned).to_vec()
    })
}

fn distribution(lab: &Lab) -> Server {
    start(lab, "Distribution, on disk", "registry", false, |host| {
        let folder = lab.text("distribution-root");
        let config = format!(
            "version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    \
             rootdirectory: {folder}\nhttp:\n  addr: {host}\n  relativeurls: true\n"
        );
        let file = lab.write("distribution.yml", config);
        vec!["serve".into(), file.into_os_string().into_string().unwrap()]
    })
}

fn olareg(lab: &Lab, kind: &str) -> Server {
    let place = if kind == "dir" { "on disk" } else { "in memory" };
    start(lab, &format!("olareg, {place}"), "olareg", true, |host| {
        let folder = lab.text(&format!("olareg-{kind}"));
        std::fs::create_dir(&folder).unwrap();
        let port = host.rsplit(':').next().unwrap();
        let words = ["serve", "--addr", "127.0.0.1", "--port", port, "--store-type", kind, "--dir", &folder];
        words.map(str::to_owned).to_vec()
    })
}

fn start(lab: &Lab, name: &str, tool: &str, takes_post: bool, words: impl Fn(&str) -> Vec<String>) -> Server {
    let host = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let words = words(&host);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = lab.command(tool, &words);
    command.env_remove("REGISTRY_AUTH_FILE").stdout(Stdio::null()).stderr(Stdio::null());
    let process = command.spawn().unwrap();
    let begun = Instant::now();
    while TcpStream::connect(&host).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{tool} does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    Server { name: name.to_owned(), host, takes_post, process }
}
