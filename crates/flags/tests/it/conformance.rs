//! The kit on every store of the crate that needs no server.

use handover_flags::testkit::Model;
use handover_flags::{EnvStore, Layered, MemoryStore};

mod memory {
    handover_flags::conformance_tests!(super::Model::new());
}

mod bare_memory {
    handover_flags::conformance_tests!(super::MemoryStore::new());
}

mod environment {
    handover_flags::conformance_tests!(super::EnvStore::with_prefix("CARGO_"));
}

mod environment_over_memory {
    handover_flags::conformance_tests!(super::environment_over_memory());
}

mod memory_over_environment {
    handover_flags::conformance_tests!(super::memory_over_environment());
}

fn environment_over_memory() -> Layered {
    Layered::on(MemoryStore::new()).below(EnvStore::with_prefix("CARGO_"))
}

fn memory_over_environment() -> Layered {
    Layered::on(EnvStore::with_prefix("CARGO_")).below(MemoryStore::new())
}
