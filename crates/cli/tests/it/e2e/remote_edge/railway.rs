//! Releases in private services at Railway, on the stand-in: what it says is deployed the test runs, at the addresses that
//! the edge was told.

use std::fs;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use handover_traffic::control::Token;
use handover_traffic::railway::{Railway, RailwayOptions, RailwayToken};
use handover_traffic::testkit::standin::railway::{
    ENVIRONMENT, PROJECT, PROJECT_TOKEN, Pace, RailwayStandIn, SERVICE, Setup,
};
use tokio::runtime::Runtime;

use super::super::place::short;
use super::behind::Behind;
use crate::handover::handover;

/// An edge, the stand-in, and what runs in the two private services.
struct AtRailway {
    shop: Behind,
    standin: Arc<RailwayStandIn>,
    machines: Option<Machines>,
    _runtime: Runtime,
}

impl AtRailway {
    fn new(min_time: &str) -> Self {
        let mut shop = Behind::idle(min_time);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let quick = Pace::default().with_second(Duration::from_millis(20));
        let standin = runtime.block_on(RailwayStandIn::start(Setup::default().with_pace(quick))).unwrap();
        let standin = Arc::new(standin);
        shop.set_env("RAILWAY_TOKEN", PROJECT_TOKEN.to_owned());
        fs::write(shop.path("handover.toml"), settings(&shop, &standin, min_time)).unwrap();
        let machines = Some(Machines::watch(&shop, Arc::clone(&standin), &runtime));
        Self { shop, standin, machines, _runtime: runtime }
    }
}

impl Drop for AtRailway {
    fn drop(&mut self) {
        if let Some(machines) = self.machines.take() {
            machines.over.store(true, Ordering::Relaxed);
            let _ = machines.thread.join();
        }
    }
}

/// The machines of the platform: one per private service, with whatever is deployed there.
struct Machines {
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Machines {
    fn watch(shop: &Behind, standin: Arc<RailwayStandIn>, runtime: &Runtime) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (folder, ports) = (shop.path(""), [shop.port(2), shop.port(3)]);
        let (ended, handle) = (Arc::clone(&over), runtime.handle().clone());
        let token = RailwayToken::Project(Token::new(PROJECT_TOKEN).unwrap());
        let options = RailwayOptions::new(PROJECT, ENVIRONMENT, SERVICE, token).with_base(standin.base());
        let client = Railway::new(options).unwrap();
        let thread = std::thread::spawn(move || {
            let mut running: [Option<(String, Child)>; 2] = [None, None];
            while !ended.load(Ordering::Relaxed) {
                let services = handle.block_on(client.services()).unwrap_or_default();
                for (at, name) in ["shop-blue", "shop-green"].into_iter().enumerate() {
                    let found = services.iter().find(|service| service.name == name);
                    let image = found.and_then(|service| standin.serving(&service.id));
                    let wanted = image.and_then(|image| image.rsplit(':').next().map(str::to_owned));
                    if running[at].as_ref().map(|(release, _)| release) == wanted.as_ref() {
                        continue;
                    }
                    if let Some((_, mut old)) = running[at].take() {
                        let _ = old.kill();
                        let _ = old.wait();
                    }
                    running[at] = wanted.map(|release| {
                        let flags = fs::read_to_string(folder.join(&release)).unwrap_or_default();
                        let mut command = handover(&folder);
                        command.args(["sample-service", "--release", &release]);
                        command.args(["--port", &ports[at].to_string()]).args(flags.split_whitespace());
                        let child = command.stderr(Stdio::null()).spawn().unwrap();
                        (release, child)
                    });
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            for (_, mut child) in running.into_iter().flatten() {
                let _ = child.kill();
                let _ = child.wait();
            }
        });
        Self { over, thread }
    }
}

fn settings(shop: &Behind, standin: &RailwayStandIn, min_time: &str) -> String {
    let (users, admin, base) = (shop.port(0), shop.admin(), standin.base());
    let head = format!(
        r#"
[service]
name = "shop"
public = "http://127.0.0.1:{users}/"
state_dir = "s"

[traffic]
backend = "remote-edge"

[remote_edge]
address = "http://{admin}/"
token_file = "token"

[railway]
project = "{PROJECT}"
environment = "{ENVIRONMENT}"
service = "{SERVICE}"
services = {{ blue = "shop-blue", green = "shop-green" }}
release = "image:ghcr.io/acme/shop:{{release}}"
base = "{base}"
poll = "50ms"

[release]
launcher = "railway"

"#
    );
    head + &short(min_time)
}

#[test]
fn a_release_at_railway_gets_any_share_and_a_bad_one_is_taken_back_and_removed() {
    let at = AtRailway::new("500ms");
    let shop = &at.shop;
    assert_eq!(shop.deploy("v1").wait().exits(0).result()["outcome"], "promoted");
    let users = shop.users(200);
    let ran = shop.deploy("v2").wait().exits(0);
    let steps =
        ["launch", "health", "smoke", "shift-10", "verify-10", "judge-10", "shift-100", "verify-100", "bake"];
    let done = ran.steps();
    assert!(steps.iter().all(|step| done.iter().any(|done| done == step)), "{done:?}");
    assert_eq!(shop.stable(), "v2");
    let report = users.leave();
    assert_eq!((report.harmed, report.failed), (0, 0), "{report:?}");
    assert!(report.releases["v1"].ok > 0 && report.releases["v2"].ok > 0, "{report:?}");

    shop.write("bad", "--fail-share 0.5");
    fs::write(shop.path("handover.toml"), settings(shop, &at.standin, "20s")).unwrap();
    let users = shop.users(200);
    let ran = shop.deploy("bad").wait().exits(5);
    assert_eq!(ran.result()["outcome"], "rolled_back");
    assert_eq!((shop.stable(), shop.candidate_bps()), ("v2".to_owned(), 0));
    let report = users.leave();
    assert_eq!((report.failed, report.releases["v2"].harmed), (0, 0), "{report:?}");
    assert!(!shop.is_running("bad"), "its deployment was removed");
    // The service with the public domain is the edge's own: nothing was deployed into it.
    assert_eq!(at.standin.deployments(SERVICE).len(), 1);
}
