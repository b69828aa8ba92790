mod buckets;
mod conformance;
mod differential;
mod generated;
mod notes;
mod oracle;
