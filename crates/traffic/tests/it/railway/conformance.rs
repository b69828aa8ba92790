//! The kit on Railway in place.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_traffic::TrafficSwitcher;
use handover_traffic::railway::Railway;
use handover_traffic::testkit::standin::railway::{DEAF_TOKEN, Fault, RailwayStandIn, SERVICE};
use handover_traffic::testkit::{OpenRequest, Opened, Subject, report};

use super::{GREEN, InPlace, client, in_place, logbook, options, standin, token};

handover_traffic::conformance_tests!(Shop::open().await);

/// The stand-in, a switcher, and another one that never hears what became of its orders.
pub(crate) struct Shop {
    standin: RailwayStandIn,
    switcher: InPlace,
    deaf: Arc<InPlace>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (standin, logbook) = (standin().await, logbook().await);
        let switcher = in_place(client(&standin), logbook.clone());
        let mut unheard = options(&standin);
        unheard.token = token(DEAF_TOKEN);
        let deaf = Arc::new(in_place(Railway::new(unheard).unwrap(), logbook));
        Self { standin, switcher, deaf }
    }
}

#[async_trait]
impl Subject for Shop {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    async fn open_request(&self) -> Opened {
        match self.standin.serving(SERVICE) {
            Some(image) if image == GREEN => Opened::At(OpenRequest::new(Slot::Green, ())),
            Some(_) => Opened::At(OpenRequest::new(Slot::Blue, ())),
            None => Opened::Nowhere("no deployment is active".into()),
        }
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::clone(&self.deaf) as Arc<dyn TrafficSwitcher>)
    }

    async fn sent(&self) -> Option<u64> {
        Some(self.standin.writes())
    }

    async fn foreign(&self) -> Option<String> {
        Some(self.standin.others())
    }

    /// One of the next requests to the control plane goes wrong, or its answer does.
    async fn strike(&self, number: u64) -> Option<String> {
        let (before, fault) = (number % 6, &FAULTS[usize::try_from(number / 6 % 8).unwrap()]);
        (0..before).for_each(|_| self.standin.strike("*", Fault::Pass));
        self.standin.strike("*", fault.clone());
        Some(format!("{fault:?} after {before} requests"))
    }

    async fn calm(&self) {
        self.standin.calm();
    }
}

/// What becomes of a request; all but silence, which takes the caller's whole patience.
const FAULTS: [Fault; 8] = [
    Fault::LostAnswer,
    Fault::Reset,
    Fault::Throttled(Duration::from_secs(1)),
    Fault::Html,
    Fault::Empty,
    Fault::Truncated,
    Fault::BadGateway,
    Fault::Vague,
];

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the table is what is asked for")]
async fn all_ten_points_on_one_subject() {
    let shop = Shop::open().await;
    let report = report(&shop).await;
    println!("{report}");
    assert!(report.is_sound(), "{report}\n{:#?}", shop.standin.deployments(SERVICE));
}
