//! Programs that cargo does not bring: found where present, else installed, never silently.

mod clients;
mod deny;
mod grafana;
mod squawk;
mod system;

pub(crate) use clients::{DISCREET, RAILWAY, VERCEL, railway, vercel};
pub(crate) use deny::cargo_deny;
pub(crate) use grafana::grafana_schema;
pub(crate) use squawk::squawk;
pub(crate) use system::{
    CURL, GIT, HAPROXY, KUBECTL, NGINX, NODE, NPM, OPENSSL, POSTGRES, PROMETHEUS, PYTHON, REDIS, Tool,
    VALGRIND,
};
