//! A switcher of one's own, whole: `switcher.rs` is the backend, `kit.rs` runs the conformance kit on it.
//!
//! The balancer it moves (`router.rs`) is started here, so that the kit can be its users too. `cargo run -p
//! handover-examples --bin custom_switcher` moves traffic once and prints the kit's report; `cargo test -p
//! handover-examples --bin custom_switcher` runs the kit's ten tests.

#![expect(clippy::print_stdout, reason = "the report is the program's result")]

mod kit;
mod router;
mod switcher;

use std::io;

use async_trait::async_trait;
use handover_core::OpId;
use handover_traffic::testkit::{OpenRequest, Opened, Subject, report, schedules};
use handover_traffic::{BoxError, Split, TrafficSwitcher, TrafficSwitcherExt};

use self::router::Router;
use self::switcher::Balancer;

/// The balancer, and the switcher under examination.
#[derive(Debug)]
struct Lab {
    switcher: Balancer,
    router: Router,
}

impl Lab {
    async fn start() -> io::Result<Self> {
        let router = Router::start().await?;
        Ok(Self { switcher: Balancer::at(router.control), router })
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let lab = Lab::start().await?;
    let seen = lab.switcher.shift_to(Split::from_green_bps(1_000)?, OpId::new("a first tenth")).await?;
    println!("{}\n\n{}", seen.route.split, report(&lab).await);
    println!("{}", schedules(&lab, 0..20).await);
    Ok(())
}
