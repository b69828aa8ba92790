//! The stand-in and a switcher that moves its traffic.

use std::path::PathBuf;
use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_traffic::control::Token;
use handover_traffic::logbook::{Logbook, WithLogbook};
use handover_traffic::railway::{Railway, RailwayInPlace, RailwayLimits, RailwayOptions, RailwayToken};
use handover_traffic::testkit::standin::railway::{
    ENVIRONMENT, PROJECT, PROJECT_TOKEN, Pace, RailwayStandIn, SERVICE, Setup,
};
use handover_traffic::{Change, Expected, Route, Split};

/// The image that blue runs from the start, and the one that green is to run.
pub(super) const BLUE: &str = "ghcr.io/acme/shop:1";
pub(super) const GREEN: &str = "ghcr.io/acme/shop:2";

/// A second of the platform's, in tests.
pub(super) const SECOND: Duration = Duration::from_millis(4);

pub(super) type InPlace = WithLogbook<RailwayInPlace>;

/// The folder of contracts, if it is there.
pub(super) fn contract() -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    std::fs::read_to_string(shared.join("contracts/railway/schema.graphql")).ok()
}

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(super) fn skipped(because: &str) {
    println!("skipped: {because}");
}

/// Fast; and strict where the schema is there to be strict by.
pub(super) fn setup() -> Setup {
    let setup = Setup::default().with_pace(Pace::default().with_second(SECOND));
    match contract() {
        Some(schema) => setup.with_schema(schema),
        None => setup,
    }
}

pub(super) async fn standin() -> RailwayStandIn {
    RailwayStandIn::start(setup()).await.unwrap()
}

pub(super) fn limits() -> RailwayLimits {
    let mut limits = RailwayLimits::default();
    limits.request = Duration::from_secs(2);
    limits.deploy = Duration::from_secs(20);
    limits.poll = Duration::from_millis(10);
    limits.settle = Duration::from_secs(1);
    limits
}

pub(super) fn token(text: &str) -> RailwayToken {
    RailwayToken::Project(Token::new(text).unwrap())
}

pub(super) fn options(standin: &RailwayStandIn) -> RailwayOptions {
    let options = RailwayOptions::new(PROJECT, ENVIRONMENT, SERVICE, token(PROJECT_TOKEN));
    options.with_base(standin.base()).with_limits(limits())
}

pub(super) fn client(standin: &RailwayStandIn) -> Railway {
    Railway::new(options(standin)).unwrap()
}

/// A logbook in which blue runs and green is to be deployed.
pub(super) async fn logbook() -> Logbook {
    assigned(Logbook::in_memory()).await
}

pub(super) async fn assigned(logbook: Logbook) -> Logbook {
    logbook.assign(Slot::Blue, Some("deployment:dep-1".into())).await.unwrap();
    logbook.assign(Slot::Green, Some(format!("image:{GREEN}"))).await.unwrap();
    logbook
}

pub(super) fn in_place(client: Railway, logbook: Logbook) -> InPlace {
    WithLogbook::new(RailwayInPlace::new(client, SECOND * 5), logbook)
}

pub(super) async fn switcher(standin: &RailwayStandIn) -> InPlace {
    in_place(client(standin), logbook().await)
}

pub(super) fn change(slot: Slot, op: &str) -> Change {
    let route = Route::serve(Split::all(slot));
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

/// An error as an operator reads it.
pub(super) fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(because) = cause {
        text = format!("{text}\n  because: {because}");
        cause = because.source();
    }
    text
}
