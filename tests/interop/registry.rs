//! The registries to talk to: CNCF Distribution in four guises, olareg, and torte's own, as a library and as a program.

use std::any::Any;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use torte::serve::{self, Auth, Login, Options};
use torte::store::Store;

use crate::certificate;
use crate::lab::Lab;
use crate::token::{ISSUER, SERVICE, TokenServer};

/// The login of the registries that want one.
pub(crate) const USER: &str = "ann";
pub(crate) const PASSWORD: &str = "a secret";
/// `USER` and `PASSWORD` as htpasswd writes them with bcrypt.
const HTPASSWD: &str = "ann:$2y$05$KmWtpEeqR.UF39wdY77AY.mLMkfEjK5NsiZjNLvmgEnwBgWZS8afO\n";

/// A registry on loopback, ended with its value.
pub(crate) struct Registry {
    /// Host and port.
    pub(crate) host: String,
    /// Whether it speaks TLS, by an authority that the lab trusts.
    pub(crate) tls: bool,
    /// Where its tokens come from.
    pub(crate) tokens: Option<TokenServer>,
    /// What ends it when it is dropped.
    _alive: Box<dyn Any>,
}

/// A child that ends with its value.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Those that need no login: what they can do differs, what torte does with them must not.
pub(crate) fn open_ones(lab: &Lab) -> [Registry; 3] {
    [distribution(lab), olareg(lab), torte_serve(lab)]
}

/// CNCF Distribution, plain.
pub(crate) fn distribution(lab: &Lab) -> Registry {
    start_distribution(lab, "", "", false)
}

/// CNCF Distribution with TLS, by an authority made for it, which all tools of the lab trust.
pub(crate) fn distribution_with_tls(lab: &Lab) -> Registry {
    let tls = certificate::tls(lab);
    lab.trust(&std::fs::read(&tls.authority).unwrap());
    let lines = format!("  tls:\n    certificate: {}\n    key: {}\n", tls.certificate, tls.key);
    start_distribution(lab, &lines, "", true)
}

/// CNCF Distribution that wants Basic authentication.
pub(crate) fn distribution_with_basic(lab: &Lab) -> Registry {
    let file = lab.write("htpasswd", HTPASSWD);
    let lines = format!("auth:\n  htpasswd:\n    realm: interop\n    path: {}\n", file.display());
    start_distribution(lab, "", &lines, false)
}

/// CNCF Distribution that wants a token of a token server.
pub(crate) fn distribution_with_tokens(lab: &Lab) -> Registry {
    let signer = certificate::signer(lab);
    let tokens = TokenServer::start(signer.clone(), USER, PASSWORD);
    // By name: crane follows no realm to an address of loopback.
    let port = tokens.address.port();
    let lines = format!(
        "auth:\n  token:\n    realm: http://localhost:{port}/token\n    service: {SERVICE}\n    issuer: {ISSUER}\n    \
         rootcertbundle: {}\n",
        signer.certificate
    );
    let mut registry = start_distribution(lab, "", &lines, false);
    registry.tokens = Some(tokens);
    registry
}

/// torte's own registry, over a store in the lab, in this process.
pub(crate) fn own(lab: &Lab, auth: fn(Login) -> Auth) -> Registry {
    let login = Login { user: USER.into(), password: PASSWORD.into() };
    let usual = Options::new("127.0.0.1:0".parse().unwrap(), torte::settings::clock());
    let running =
        serve::start(Store::new(lab.path("served")), Options { auth: auth(login), ..usual }).unwrap();
    let host = running.address().to_string();
    Registry { host, tls: false, tokens: None, _alive: Box::new(running) }
}

fn start_distribution(lab: &Lab, http: &str, auth: &str, tls: bool) -> Registry {
    start(lab, "registry", tls, |port| {
        let folder = lab.text(&format!("distribution-{port}"));
        let config = format!(
            "version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  delete:\n    \
             enabled: true\n  filesystem:\n    rootdirectory: {folder}\nhttp:\n  addr: 127.0.0.1:{port}\n  \
             relativeurls: true\n{http}{auth}"
        );
        let file = lab.write(&format!("distribution-{port}.yml"), config);
        vec!["serve".into(), file.into_os_string().into_string().unwrap()]
    })
}

/// olareg, plain, in memory.
pub(crate) fn olareg(lab: &Lab) -> Registry {
    start(lab, "olareg", false, |port| {
        // It would also show what lies in the directory where it runs.
        let nothing = lab.text(&format!("olareg-{port}"));
        std::fs::create_dir(&nothing).unwrap();
        let port = port.to_string();
        let words =
            ["serve", "--addr", "127.0.0.1", "--port", &port, "--store-type", "mem", "--dir", &nothing];
        words.into_iter().chain(["--api-delete", "--api-blob-delete"]).map(str::to_owned).collect()
    })
}

/// `torte serve`, the program, with what it serves kept in the lab.
pub(crate) fn torte_serve(lab: &Lab) -> Registry {
    start_torte(lab, &[], false)
}

/// `torte serve` that wants Basic authentication, by a file that htpasswd wrote.
pub(crate) fn torte_serve_with_basic(lab: &Lab) -> Registry {
    lab.write("htpasswd", HTPASSWD);
    start_torte(lab, &["--auth", &lab.text("htpasswd")], false)
}

/// `torte serve` with TLS, by an authority made for it, which all tools of the lab trust.
pub(crate) fn torte_serve_with_tls(lab: &Lab) -> Registry {
    let tls = certificate::tls(lab);
    lab.trust(&std::fs::read(&tls.authority).unwrap());
    start_torte(lab, &["--tls-cert", &tls.certificate, "--tls-key", &tls.key], true)
}

fn start_torte(lab: &Lab, flags: &[&str], tls: bool) -> Registry {
    start(lab, "torte", tls, |port| {
        let (listen, root) = (format!("127.0.0.1:{port}"), lab.text(&format!("torte-{port}")));
        let words = ["serve", "--listen", &listen, "--root", &root];
        words.iter().chain(flags).map(|word| (*word).to_owned()).collect()
    })
}

fn start(lab: &Lab, tool: &str, tls: bool, arguments: impl Fn(u16) -> Vec<String>) -> Registry {
    let mut said = String::new();
    // Another process may take the port all the same: then with the next.
    for _ in 0..5 {
        let port = free_port();
        let arguments = arguments(port);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let mut command = lab.command(tool, &arguments);
        // Distribution would take the clients' variable for a part of its own configuration.
        command.env_remove("REGISTRY_AUTH_FILE");
        let log = lab.path(&format!("{tool}-{port}.log"));
        command.stdout(Stdio::null()).stderr(std::fs::File::create(&log).unwrap());
        let mut process = Process(command.spawn().unwrap());
        let host = format!("127.0.0.1:{port}");
        if comes_up(&mut process.0, &host) {
            return Registry { host, tls, tokens: None, _alive: Box::new(process) };
        }
        said = std::fs::read_to_string(log).unwrap_or_default();
    }
    panic!("{tool} does not start: {said}");
}

/// A port of loopback that nobody has, below those that a system gives to whoever asks for any: a port of theirs could
/// go to another test's registry between the choice and the use, and this test would then talk to that one.
fn free_port() -> u16 {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    loop {
        // Other test programs that run at the same time begin elsewhere.
        let number = std::process::id().wrapping_mul(64).wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + u16::try_from(number % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn comes_up(process: &mut Child, host: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(host).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

impl Registry {
    /// The same registry, by another address.
    pub(crate) fn behind(host: String) -> Self {
        Self { host, tls: false, tokens: None, _alive: Box::new(()) }
    }

    /// How torte writes a place here.
    pub(crate) fn place(&self, name: &str) -> String {
        if self.tls { format!("https://{}/{name}", self.host) } else { format!("{}/{name}", self.host) }
    }
}
