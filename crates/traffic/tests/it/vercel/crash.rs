//! A driver that dies at any of its requests, and the next one with the same logbook.

use std::future::ready;
use std::path::Path;
use std::time::Duration;

use handover_traffic::logbook::{Logbook, Platform, WithLogbook};
use handover_traffic::testkit::standin::vercel::{VercelMishap, VercelOn};
use handover_traffic::vercel::{VercelPromote, VercelRolling};
use handover_traffic::{Split, SwitchError, TrafficSwitcher};
use tokio::time::{Instant, sleep};

use super::{LONG, POLL, Shop, change, client, green, seen};

/// More requests than any change here has.
const MOST: u32 = 120;

/// How a driver dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// The request is carried out, nobody hears of it.
    Unheard,
    /// The request never arrives.
    Unsent,
    /// The process is gone while the request is under way.
    Killed,
}

const DEATHS: [Death; 3] = [Death::Unheard, Death::Unsent, Death::Killed];

/// Prepares traffic, then makes one change that dies at each of its requests in turn, then resumes it.
struct Case {
    stages: bool,
    /// Splits that are brought about before, undisturbed.
    before: &'static [u16],
    to: u16,
    /// What the platform is asked for by that change, once each.
    writes: &'static [&'static str],
}

impl Case {
    async fn prove(&self) {
        for death in DEATHS {
            let mut at = 0;
            while self.dies(death, at).await {
                at += 1;
                assert!(at < MOST, "{death:?} at each of {MOST} requests");
            }
            assert!(at > 3, "it made only {at} requests");
        }
    }

    /// Whether there was a request of this number to die at.
    async fn dies(&self, death: Death, at: u32) -> bool {
        let (shop, folder) = (self.shop().await, tempfile::tempdir().unwrap());
        let file = folder.path().join("traffic.json");
        if self.stages {
            self.run(&shop, &file, death, at, |shop, book| Box::pin(rolling(shop, book))).await
        } else {
            self.run(&shop, &file, death, at, |shop, book| Box::pin(ready(promoting(shop, book)))).await
        }
    }

    async fn shop(&self) -> Shop {
        if self.stages { Shop::in_stages().await } else { Shop::open().await }
    }

    async fn run<P: Platform>(
        &self,
        shop: &Shop,
        file: &Path,
        death: Death,
        at: u32,
        connect: impl for<'a> Fn(&'a Shop, Logbook) -> Connecting<'a, P>,
    ) -> bool {
        let book = Logbook::in_file(file);
        shop.keep(&book).await;
        let traffic = connect(shop, book).await;
        for (number, percent) in self.before.iter().enumerate() {
            traffic.apply(&change(&format!("before {number}"), green(*percent))).await.unwrap();
        }
        let (deployments, _) = shop.standin.changes();
        let known = shop.writes().len();
        let died = die(shop, &traffic, death, at, green(self.to)).await;
        shop.standin.heal();
        let next = connect(shop, Logbook::in_file(file)).await;
        resume(&next, green(self.to)).await.unwrap_or_else(|error| panic!("{death:?} at {at}: {error:?}"));
        assert_eq!(seen(&next).await, green(self.to), "{death:?} at request {at}");
        let writes: Vec<_> = shop.writes().split_off(known).iter().map(|it| shape(it)).collect();
        assert_eq!(writes, self.writes, "{death:?} at request {at}");
        assert_eq!(shop.standin.changes().0, deployments, "nothing was built");
        died
    }
}

type Connecting<'a, P> = std::pin::Pin<Box<dyn Future<Output = WithLogbook<P>> + 'a>>;

fn promoting(shop: &Shop, book: Logbook) -> WithLogbook<VercelPromote> {
    WithLogbook::new(VercelPromote::new(client(&shop.standin)), book)
}

async fn rolling(shop: &Shop, book: Logbook) -> WithLogbook<VercelRolling> {
    WithLogbook::new(VercelRolling::connect(client(&shop.standin)).await.unwrap(), book)
}

/// Makes the change until its driver dies; whether it did.
async fn die<P: Platform>(shop: &Shop, traffic: &WithLogbook<P>, death: Death, at: u32, to: Split) -> bool {
    let change = change("the change", to);
    let asked = shop.standin.recorded().len();
    match death {
        Death::Unheard => shop.standin.strike(VercelOn::Nth(at), VercelMishap::LostAnswer),
        Death::Unsent => shop.standin.strike(VercelOn::Nth(at), VercelMishap::Reset),
        Death::Killed => {
            let reached = async {
                while shop.standin.recorded().len() <= asked + at as usize {
                    sleep(Duration::from_micros(50)).await;
                }
            };
            return tokio::select! {
                biased;
                () = reached => true,
                _ = traffic.apply(&change) => false,
            };
        }
    }
    let _ = traffic.apply(&change).await;
    !shop.standin.is_armed()
}

/// As a driver does: again while it is not known what happened, with the same name.
async fn resume<P: Platform>(traffic: &WithLogbook<P>, to: Split) -> Result<(), SwitchError> {
    let begun = Instant::now();
    loop {
        match traffic.apply(&change("the change", to)).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() > LONG => return Err(error),
            Err(_) => sleep(POLL).await,
        }
    }
}

/// `POST promote`, without names and versions.
fn shape(write: &str) -> String {
    let (method, path) = write.split_once(' ').unwrap();
    let verb = path.split('/').find(|part| {
        matches!(*part, "promote" | "rollback" | "start" | "approve-stage" | "complete" | "deployments")
    });
    format!("{method} {}", verb.unwrap_or(path))
}

#[tokio::test]
async fn a_promotion_that_dies_anywhere_is_resumed_without_a_second_one() {
    Case { stages: false, before: &[], to: 100, writes: &["POST promote"] }.prove().await;
}

#[tokio::test]
async fn a_rollback_that_dies_anywhere_is_resumed_without_a_second_one() {
    Case { stages: false, before: &[100], to: 0, writes: &["POST rollback"] }.prove().await;
}

#[tokio::test]
async fn the_beginning_of_a_rolling_release_that_dies_anywhere_is_resumed_at_its_stage() {
    Case { stages: true, before: &[], to: 5, writes: &["POST start"] }.prove().await;
}

#[tokio::test]
async fn the_next_stage_that_dies_anywhere_is_never_passed_over() {
    Case { stages: true, before: &[5], to: 50, writes: &["POST approve-stage"] }.prove().await;
}

#[tokio::test]
async fn a_rolling_release_from_nothing_to_all_that_dies_anywhere_is_completed_once() {
    Case { stages: true, before: &[], to: 100, writes: &["POST start", "POST complete"] }.prove().await;
}

#[tokio::test]
async fn an_abort_that_dies_anywhere_is_resumed_without_a_second_one() {
    Case { stages: true, before: &[5, 50], to: 0, writes: &["POST rollback"] }.prove().await;
}
