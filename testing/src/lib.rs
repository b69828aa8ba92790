//! Real servers and a broken network, for tests and benches.
