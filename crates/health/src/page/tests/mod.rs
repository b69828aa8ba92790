//! What the pages look like, and the laws of the formats over every state there is.

mod golden;
mod laws;
mod samples;
