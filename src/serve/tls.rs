//! A certificate and its key, for clients that come from elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::disk;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What TLS is spoken with.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no such file.
    #[error("there is no file `{}`", .0.display())]
    Absent(PathBuf),
    /// It cannot be read.
    #[error("cannot read the certificate or its key")]
    Read(#[from] disk::Error),
    /// It is not what it should be.
    #[error("`{}` holds no {expected} in PEM form", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
        /// What is wrong with it; nothing where there is none at all.
        #[source]
        cause: Option<pem::Error>,
    },
    /// The key is that of another certificate.
    #[error("the key is not that of the certificate, or of the first one where there are several")]
    Mismatch,
    /// The two are of no use.
    #[error("the certificate and the key cannot be used together")]
    Unusable(#[source] rustls::Error),
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        match error {
            rustls::Error::InconsistentKeys(_) => Self::Mismatch,
            other => Self::Unusable(other),
        }
    }
}

impl Tls {
    /// Reads a chain of certificates, the server's first, and its key.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let wrong = |path: &Path, expected| {
            let path = path.to_owned();
            move |cause| {
                let cause = Some(cause).filter(|cause| !matches!(cause, pem::Error::NoItemsFound));
                TlsError::Pem { path, expected, cause }
            }
        };
        let chain = CertificateDer::pem_slice_iter(&bytes(certificate)?).collect::<Result<Vec<_>, _>>();
        let chain =
            chain.and_then(|chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) });
        let chain = chain.map_err(wrong(certificate, "certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(&bytes(key)?).map_err(wrong(key, "private key"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsError> {
    disk::read_named(path, LARGEST)?.ok_or_else(|| TlsError::Absent(path.to_owned()))
}
