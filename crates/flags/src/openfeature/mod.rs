//! A provider for OpenFeature's client, over [`Flags`](crate::Flags).
//!
//! ```
//! use handover_flags::{Flags, openfeature::OpenFeatureProvider};
//! use open_feature::{EvaluationContext, OpenFeature};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let flags = Flags::fixed(&[("scan_creation", true)]);
//! let mut api = OpenFeature::singleton_mut().await;
//! api.set_provider(OpenFeatureProvider::new(&flags)).await;
//! let client = api.create_client();
//!
//! let caller = EvaluationContext::default().with_targeting_key("42").with_custom_field("plan", "pro");
//! let on = client.get_bool_value("scan_creation", Some(&caller), None).await.unwrap_or(false);
//! assert!(on);
//! # }
//! ```
//!
//! # What a flag is
//!
//! | asked for | answered |
//! |---|---|
//! | a boolean | whether the flag is on; where its variant has a payload, that: of type `boolean`, or `json` and a boolean |
//! | a string | the payload of the caller's variant, or the variant's name where it has none |
//! | an integer, a float | its payload of type `number`, or `json` and a number |
//! | a structure | its payload of type `json`, an object; fields that are `null` are left out |
//!
//! The caller's targeting key is the user (`userId`), each other field a field of that name; a structure among them is not
//! looked into.
//!
//! A flag that is off has no variant. As a boolean it is `false`; for everything else the client gives an error, whose code
//! says why in OpenFeature's word for it (`DISABLED`, `DEFAULT`), and the caller's own default serves. In this version of
//! the client that default is `unwrap_or`: a provider never sees it.
//!
//! | reason | |
//! |---|---|
//! | `STATIC` | everybody has it |
//! | `TARGETING_MATCH`, `SPLIT` | what is known of the caller; the caller's place in a rollout or among variants |
//! | `DEFAULT` | no rule admits the caller, or only the last, which admits everybody; or the safe value, where nothing is set |
//! | `DISABLED` | its gate is off |
//! | `STALE` | the store cannot be heard: the last value known |
//! | `ERROR` | what stands in the store makes no sense: off, or its safe value |
//! | `PREREQUISITE_FAILED` | a flag that it requires is not as required |
//!
//! Error codes: `FLAG_NOT_FOUND`, `TYPE_MISMATCH`, `PARSE_ERROR`, and `PROVIDER_NOT_READY` for a name that is not known while
//! nothing has been learned from anywhere.
//!
//! # Cost
//!
//! The client boxes, clones and awaits, and the provider looks at the status behind a lock: far more than a read of
//! [`Flags`](crate::Flags). The store is never waited for.

mod caller;
mod payload;
mod provider;
mod reason;

pub use provider::OpenFeatureProvider;
