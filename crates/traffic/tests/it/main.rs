//! What the crate promises, through its public face.

mod conformance;
