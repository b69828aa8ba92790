//! Answers 503 in place of a `tower` service while a flag is off.
//!
//! The flag is found once, when the layer is made; a request costs one read of it, and nothing is boxed or allocated
//! while it is on. What is said while it is off is made beforehand:
//!
//! ```text
//! HTTP/1.1 503 Service Unavailable
//! content-type: application/json
//! cache-control: no-store
//!
//! {"error":"Feature temporarily disabled","message":"Scan creation is currently unavailable"}
//! ```
//!
//! Around the routes of axum, where it lets paths that match none be 404 as before:
//!
//! ```
//! use axum::Router;
//! use axum::routing::post;
//! use handover_flags::{Context, Flags, tower::require_flag};
//!
//! let flags = Flags::fixed(&[("scan_creation", true)]);
//! let app: Router = Router::new()
//!     .route("/scans", post(async || "queued"))
//!     .route_layer(require_flag(&flags, "scan_creation").context(|parts| {
//!         let user = parts.headers.get("x-user").and_then(|user| user.to_str().ok());
//!         user.map_or_else(Context::new, |user| Context::new().user(user))
//!     }));
//! ```

mod answer;
mod body;
mod future;
mod layer;

pub use body::GateBody;
pub use future::GateFuture;
pub use layer::{Gated, Nobody, RequireFlag, Who, require_flag};
