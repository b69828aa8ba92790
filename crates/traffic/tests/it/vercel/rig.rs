//! The stand-in with two releases, and switchers that move its traffic.

use std::fmt::Write as _;
use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_traffic::control::Token;
use handover_traffic::logbook::{Logbook, Platform, WithLogbook};
use handover_traffic::testkit::standin::vercel::{VercelSetup, VercelStandin};
use handover_traffic::vercel::{VercelClient, VercelOptions, VercelPromote, VercelRolling};
use handover_traffic::{Change, Expected, Route, Split, SwitchError};

pub(super) const TOKEN: &str = "standintoken";
/// Long enough for a loaded machine, never waited out where all is well.
pub(super) const LONG: Duration = Duration::from_secs(20);
pub(super) const POLL: Duration = Duration::from_millis(1);
/// How long a lost request is looked for.
pub(super) const SETTLE: Duration = Duration::from_millis(60);

pub(super) fn options(standin: &VercelStandin) -> VercelOptions {
    VercelOptions::new("shop", Token::new(TOKEN).unwrap())
        .with_base(standin.base())
        .with_team("my-team")
        .with_patience(LONG, POLL, LONG, SETTLE)
}

pub(super) fn client(standin: &VercelStandin) -> VercelClient {
    VercelClient::new(options(standin)).unwrap()
}

/// Two releases of `shop`: blue's has production, green's was never promoted.
pub(super) struct Shop {
    pub(super) standin: VercelStandin,
    pub(super) blue: String,
    pub(super) green: String,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::with(VercelSetup::default().with_delays(Duration::ZERO, Duration::from_millis(4))).await
    }

    pub(super) async fn with(setup: VercelSetup) -> Self {
        let standin = VercelStandin::start(setup.with_projects(["shop", "other"])).await.unwrap();
        let [blue, green] = ["r1", "r2"].map(|release| standin.deploy("shop", release));
        let other = standin.deploy("other", "r9");
        standin.settle("shop", &blue);
        standin.settle("other", &other);
        Self { standin, blue, green }
    }

    /// The same, with stages of 5 % and 50 %.
    pub(super) async fn in_stages() -> Self {
        let shop = Self::open().await;
        shop.standin.configure("shop", &[5.0, 50.0]);
        shop
    }

    pub(super) async fn keep(&self, logbook: &Logbook) {
        logbook.assign(Slot::Blue, Some(self.blue.clone())).await.unwrap();
        logbook.assign(Slot::Green, Some(self.green.clone())).await.unwrap();
    }

    pub(super) async fn promoting(&self, logbook: Logbook) -> WithLogbook<VercelPromote> {
        self.keep(&logbook).await;
        WithLogbook::new(VercelPromote::new(client(&self.standin)), logbook)
    }

    pub(super) async fn rolling(&self, logbook: Logbook) -> WithLogbook<VercelRolling> {
        self.keep(&logbook).await;
        WithLogbook::new(VercelRolling::connect(client(&self.standin)).await.unwrap(), logbook)
    }

    /// The writes that the stand-in carried out, as `METHOD /path`.
    pub(super) fn writes(&self) -> Vec<String> {
        let done = self.standin.recorded().into_iter().filter(|it| it.is_write() && it.status < 300);
        done.map(|it| format!("{} {}", it.method, it.path)).collect()
    }
}

pub(super) fn change(op: &str, split: Split) -> Change {
    let route = Route::serve(split);
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::ZERO }
}

pub(super) fn green(percent: u16) -> Split {
    Split::from_green_bps(percent * 100).unwrap()
}

/// What the runner shows with `--nocapture`: a skipped test that nobody hears of would pass for one that ran.
#[expect(clippy::print_stdout, reason = "a skip in silence is a lie")]
pub(super) fn say(what: &str) {
    println!("{what}");
}

/// An error with its causes, with what differs between runs filtered out.
pub(super) fn shown(error: &SwitchError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(because) = cause {
        write!(text, "\n  because: {because}").unwrap();
        cause = because.source();
    }
    text
}

pub(super) async fn seen<P: Platform>(traffic: &WithLogbook<P>) -> Split {
    handover_traffic::TrafficSwitcher::observe(traffic).await.unwrap().route.split
}
