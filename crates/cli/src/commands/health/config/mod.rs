//! `handover health config`: a platform's own probes, as the settings have them.

mod compose;
mod container;
mod docker;
mod document;
mod file;
mod kubernetes;
mod merge;
mod numbers;
mod railway;

use std::path::Path;

use serde::Serialize;

use self::document::Node;
use self::numbers::Numbers;
use crate::args::{HealthConfig, Target};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Settings, UrlPath};

/// What a health endpoint of the strategy's is called, where nothing else is said.
const LIVE: &str = "/health/live";
const STARTUP: &str = "/health/startup";

/// What was made for a platform.
struct Made {
    platform: &'static str,
    /// As it is written into a file.
    text: String,
    /// The same for programs.
    config: Node,
    /// What one should know of it.
    notes: Vec<String>,
}

/// The `--json` form.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    platform: &'a str,
    file: Option<&'a Path>,
    config: &'a Node,
    text: &'a str,
    notes: &'a [String],
}

/// Prints it, or writes it to a file.
pub(super) fn run(args: &HealthConfig, context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let numbers = Numbers::of(&settings);
    let (mut made, target) = match args {
        HealthConfig::Railway(args) => (railway::made(&settings, numbers), &args.target),
        HealthConfig::Kubernetes(args) => (kubernetes::made(&settings, numbers, args)?, &args.target),
        HealthConfig::Docker(args) => (docker::made(&settings, numbers, args)?, &args.target),
        HealthConfig::Compose(args) => (compose::made(&settings, numbers, args)?, &args.target),
    };
    show(&mut made, target, context)?;
    Ok(Exit::Done)
}

fn show(made: &mut Made, target: &Target, context: &Context) -> Result<(), Failure> {
    let file = target.output.as_ref().map(|path| context.folder.join(path));
    if let Some(file) = &file {
        file::write(file, made, target.force)?;
    }
    let Made { platform, text, config, notes } = made;
    if !context.output.json {
        for note in &*notes {
            context.output.note(format_args!("note: {note}"));
        }
    }
    let said =
        file.as_ref().map_or_else(|| text.trim_end().to_owned(), |file| format!("wrote {}", file.display()));
    context.output.result(said, &Shown { version: 1, platform, file: file.as_deref(), config, text, notes });
    Ok(())
}

/// The path asked for liveness. A restart mends no dependency, so readiness must be asked elsewhere.
fn live(typed: Option<&UrlPath>, settings: &Settings) -> Result<String, Failure> {
    let path = typed.map_or(LIVE, UrlPath::as_str);
    if bare(path) != bare(settings.health.path.as_str()) {
        return Ok(path.to_owned());
    }
    Err(Failure::new("could not tell liveness from readiness", Exit::Usage)
        .because(format!("both would ask {}", bare(path)))
        .because("a dependency that is down would then restart every replica, instead of keeping requests away")
        .hint("name the path that asks no dependency with `--live`, or the one that does with `health.path` in handover.toml"))
}

/// Without the query, a slash at the end, and segments that are empty or a dot: what a service tells paths apart by.
fn bare(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let segments = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    format!("/{}", segments.collect::<Vec<_>>().join("/"))
}

/// What is worth a word about the paths.
fn path_notes(settings: &Settings) -> Vec<String> {
    let root = settings.health.path.as_str() == "/";
    let note = "readiness asks /, since handover.toml has no other `health.path`: a path that checks dependencies says more";
    root.then(|| note.to_owned()).into_iter().collect()
}

/// The port of `[service] listen`, where there is one.
fn listened(settings: &Settings) -> Option<u16> {
    settings.service.listen.map(|listen| listen.get().port()).filter(|port| *port > 0)
}
