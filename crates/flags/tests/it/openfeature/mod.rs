//! Flags through OpenFeature's client.

mod client;
mod fixture;
mod provider;
mod scenarios;
