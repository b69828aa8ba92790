//! The admin side as it is reached on a platform: over HTTPS, which something else ends.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::super::wait::{say, until};
use super::behind::Behind;

/// What ends TLS, with a certificate for `localhost` that an authority of this test's own has signed.
struct Ending {
    proxy: Child,
    address: String,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

impl Ending {
    /// `None` where a program for it is missing.
    fn before(shop: &Behind) -> Option<Self> {
        for program in ["/usr/sbin/haproxy", "/usr/bin/openssl"] {
            if !Path::new(program).exists() {
                assert!(std::env::var_os("HANDOVER_TEST_NO_SKIP").is_none(), "{program} is not there");
                say(&format!("skipped: {program} is not there"));
                return None;
            }
        }
        let certificate = certificate(shop);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "defaults\n mode http\n timeout connect 5s\n timeout client 1m\n timeout server 1m\n\
             listen admin\n bind 127.0.0.1:{port} ssl crt {certificate}\n server edge {}\n",
            shop.admin()
        );
        fs::write(shop.path("tls.cfg"), config).unwrap();
        let mut command = Command::new("/usr/sbin/haproxy");
        command.arg("-db").arg("-f").arg(shop.path("tls.cfg")).stdin(Stdio::null()).stderr(Stdio::null());
        let proxy = command.stdout(Stdio::null()).spawn().unwrap();
        let ending = Self { proxy, address: format!("https://localhost:{port}/") };
        until("TLS is ended", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        Some(ending)
    }
}

/// Makes `ca.pem`, and returns the file with certificate and key.
fn certificate(shop: &Behind) -> String {
    let path = |name: &str| shop.path(name).display().to_string();
    let openssl = |args: &str| {
        let made = Command::new("/usr/bin/openssl").args(args.split(' ')).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let (ca, ca_key, request, key) = (path("ca.pem"), path("ca.key"), path("tls.csr"), path("tls.key"));
    let (signed, names, both) = (path("tls.crt"), path("tls.ext"), path("tls.pem"));
    let new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!("req -x509 {new} -subj /CN=authority -days 2 -keyout {ca_key} -out {ca}"));
    openssl(&format!("req {new} -subj /CN=localhost -keyout {key} -out {request}"));
    fs::write(&names, "subjectAltName=DNS:localhost\n").unwrap();
    openssl(&format!(
        "x509 -req -in {request} -CA {ca} -CAkey {ca_key} -days 2 -extfile {names} -out {signed}"
    ));
    fs::write(&both, fs::read_to_string(&signed).unwrap() + &fs::read_to_string(&key).unwrap()).unwrap();
    both
}

#[test]
fn over_https_a_stranger_is_told_nothing_and_a_known_authority_is_enough() {
    let mut shop = Behind::serving("v1", "100ms");
    let Some(ending) = Ending::before(&shop) else { return };
    shop.administer_at(&ending.address);
    let refused = shop.run(&["deploy", "--release", "v2"]).exits(3).err;
    assert!(refused.contains("no edge answers at https://localhost"), "{refused}");
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    shop.set_env("SSL_CERT_FILE", shop.path("ca.pem").display().to_string());
    shop.deploy("v2").wait().exits(0);
    assert_eq!(shop.stable(), "v2");
}
