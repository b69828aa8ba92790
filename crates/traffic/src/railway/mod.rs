//! Railway, by its public GraphQL interface.
//!
//! Railway has no weights and no instant cutover. [`RailwayInPlace`] deploys into the one service that has the public
//! domain: Railway builds or pulls the release, checks its health, gives it the traffic and stops the old one. Going
//! back is a rollback to the old deployment's image, without a build while Railway keeps that. For shares in between,
//! an edge of one's own takes the domain and blue and green are private services behind it: [`Railway`] has the calls.
//!
//! Three things shape this code. A mutation's answer means accepted, not done, so each is followed to its end. No
//! mutation has an idempotence key, so what is not safe twice is written down before and looked for before it is done
//! again. And the smallest quota is a hundred requests an hour, so a step asks everything it needs in one document and
//! waits on a subscription.

mod artefact;
mod client;
mod documents;
mod domains;
mod examine;
mod graphql;
mod in_place;
mod options;
mod quota;
mod services;
mod socket;
mod standing;
mod wait;
mod wire;

pub use client::Railway;
pub use documents::{DOCUMENTS, Document};
pub use domains::{CustomDomain, DomainStatus, Domains, ServiceDomain};
pub use examine::{Mend, examine, mend};
pub use in_place::RailwayInPlace;
pub use options::{RailwayLimits, RailwayOptions, RailwayToken};
pub use services::{Lines, LogLine, ServiceFound};
pub use wire::{Deployment, Ended, Status};

/// How it calls itself in errors.
pub(crate) const NAME: &str = "railway";
