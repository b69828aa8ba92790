use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::found::found;

/// For the server of a test: it names this machine, and vouches for itself.
const ASKED: &str = "[req]
prompt = no
distinguished_name = subject
x509_extensions = extensions
[subject]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, IP:127.0.0.1
basicConstraints = critical, CA:FALSE
";

/// A certificate for `localhost` and 127.0.0.1 with its key, made for one test. Nobody knows it, so nobody trusts it who is
/// not told to.
#[derive(Debug)]
pub struct Certificate {
    folder: TempDir,
}

impl Certificate {
    /// Makes one; none where OpenSSL is not installed.
    pub fn make() -> Option<Self> {
        let openssl = found("openssl")?;
        let made =
            Self { folder: tempfile::Builder::new().prefix("handover-certificate-").tempdir().unwrap() };
        std::fs::write(made.at("asked"), ASKED).unwrap();
        let mut command = Command::new(openssl);
        command.args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ]);
        command.arg("-config").arg(made.at("asked")).arg("-keyout").arg(made.key());
        let output = command.arg("-out").arg(made.chain()).output().unwrap();
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
        Some(made)
    }

    /// The file with the certificate, as PEM; to trust it as well.
    pub fn chain(&self) -> PathBuf {
        self.at("certificate.pem")
    }

    /// The file with the key, as PEM.
    pub fn key(&self) -> PathBuf {
        self.at("key.pem")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
