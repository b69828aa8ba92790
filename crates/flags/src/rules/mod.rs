//! Who gets a flag that is on.
