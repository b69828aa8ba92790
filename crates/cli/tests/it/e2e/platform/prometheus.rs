use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::super::place::Place;
use super::super::wait::{say, until};

/// A real Prometheus, which scrapes four times a second.
pub(super) struct Prometheus {
    address: SocketAddr,
    process: Child,
}

impl Prometheus {
    /// Scrapes `/metrics` at this port of the machine. `None` where there is no Prometheus.
    pub(super) fn scraping(place: &Place, port: u16) -> Option<Self> {
        let programs = ["/usr/bin/prometheus", "/usr/local/bin/prometheus"];
        let Some(program) = programs.into_iter().find(|path| fs::metadata(path).is_ok()) else {
            assert!(std::env::var_os("HANDOVER_TEST_NO_SKIP").is_none(), "prometheus is not installed");
            say("skipped: prometheus is not installed");
            return None;
        };
        let config = format!(
            "global: {{scrape_interval: 250ms, scrape_timeout: 250ms}}\n\
             scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n"
        );
        place.write("prometheus.yml", &config);
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = fs::File::create(place.path("prometheus.log")).unwrap();
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", place.path("prometheus.yml").display()));
        command.arg(format!("--storage.tsdb.path={}", place.path("prometheus").display()));
        command.arg(format!("--web.listen-address={address}")).stdin(Stdio::null()).stdout(Stdio::null());
        let started = Self { address, process: command.stderr(log).spawn().unwrap() };
        until("Prometheus is ready", || started.is_ready().then_some(()));
        Some(started)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn is_ready(&self) -> bool {
        let Ok(mut socket) = TcpStream::connect(self.address) else { return false };
        let (mut answer, ask) = (String::new(), b"GET /-/ready HTTP/1.0\r\n\r\n");
        socket.write_all(ask).is_ok()
            && socket.read_to_string(&mut answer).is_ok()
            && answer.contains(" 200 ")
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
