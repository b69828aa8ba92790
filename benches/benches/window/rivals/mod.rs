//! What others offer.

mod buckets;
mod hdr;
mod opentelemetry;
mod prometheus;
mod sketch;

use crate::subject::Subject;

pub(crate) fn subjects() -> Vec<Box<dyn Subject>> {
    let mut all = hdr::subjects();
    all.extend(sketch::subjects());
    all.extend(prometheus::subjects());
    all.extend(opentelemetry::subjects());
    all
}
