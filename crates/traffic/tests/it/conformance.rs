//! The kit on the reference model, with everything and with less, and behind layers.

use std::sync::Arc;
use std::time::Duration;

use handover_traffic::layers::Fault;
use handover_traffic::testkit::Model;
use handover_traffic::{Capabilities, DrainSupport, InMemory, TrafficSwitcher, Weights};

mod in_memory {
    handover_traffic::conformance_tests!(super::Model::new());
}

mod bare_in_memory {
    handover_traffic::conformance_tests!(super::InMemory::new());
}

mod in_memory_behind_a_layer {
    handover_traffic::conformance_tests!(super::behind_a_layer());
}

mod in_memory_all_or_nothing {
    handover_traffic::conformance_tests!(super::Model::with(super::least()));
}

mod in_memory_in_stages {
    handover_traffic::conformance_tests!(super::Model::with(super::in_stages()));
}

fn behind_a_layer() -> Fault<Arc<dyn TrafficSwitcher>> {
    Fault::new(Arc::new(InMemory::new()))
}

fn least() -> Capabilities {
    Capabilities::new(Weights::AllOrNothing)
}

fn in_stages() -> Capabilities {
    Capabilities::new(Weights::Stages { shares: vec![500, 5_000] })
        .with_read_back()
        .with_drain(DrainSupport::Timed { bound: Duration::from_millis(20) })
}
