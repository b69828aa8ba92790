//! `handover demo`: the main job, for real, on a service of its own.
//!
//! Nothing here is played: the same agent, driver, releases and sockets as any deployment, in a temporary folder and on
//! a free port, under load from this process. What is printed was measured.

mod result;
mod scene;

use std::time::Duration;

use tokio::time::sleep;

use super::deploy;
use crate::args::{Accepting, Demo, Deploy, What};
use crate::context::Context;
use crate::exit::Exit;
use crate::follow::{Followed, Patience, view};
use crate::load::{Load, LoadOptions};
use crate::output::count;
use crate::report::Failure;
use result::Shown;
use scene::Scene;

/// Load before and after the releases move, so that both ends are seen to be quiet.
const QUIET: Duration = Duration::from_secs(1);

/// Shows a good release taking over and a bad one taken back.
pub(super) async fn run(args: &Demo, context: &Context) -> Result<Exit, Failure> {
    let scene = Scene::set(context.output)?;
    let played = tokio::select! {
        played = play(args, &scene) => played,
        _ = tokio::signal::ctrl_c() => Err(Failure::new("could not finish the demo", Exit::Waiting).because("it was interrupted")),
    };
    scene.strike().await;
    let shown = played?;
    context.output.result(shown.text(), &shown);
    Ok(shown.exit())
}

async fn play(args: &Demo, scene: &Scene) -> Result<Shown, Failure> {
    let output = scene.context.output;
    scene.start_agent().await?;
    output.note("v1 is the first release: it takes all the traffic");
    let mut acts = vec![release(scene, "v1").await?];
    output.note(format!("\nusers arrive: {} requests a second, until the end", count(u64::from(args.rate))));
    let load = start_load(args, scene)?;
    sleep(QUIET).await;
    output.note("\nv2 is good: 10 %, 50 %, 100 %");
    acts.push(release(scene, "v2").await?);
    output.note("\nv3 answers one request in five with an error: watch it go");
    acts.push(release(scene, "v3").await?);
    sleep(QUIET).await;
    let report = load.stop().await;
    Ok(Shown::of(&report, &acts))
}

fn start_load(args: &Demo, scene: &Scene) -> Result<Load, Failure> {
    let options = LoadOptions::new(scene.target()?).with_rate(args.rate);
    Load::start(options).map_err(|e| Failure::new("could not send requests", Exit::Bug).because_of(&e))
}

/// Deploys one release exactly as `handover deploy --release NAME --artifact FOLDER` does.
async fn release(scene: &Scene, name: &str) -> Result<Followed, Failure> {
    let release =
        name.parse().map_err(|e| Failure::new("could not name a release", Exit::Bug).because_of(&e))?;
    let artifact = Some(scene.artifact(name));
    let what = What { release: Some(release), artifact, commit: None, strategy: None };
    let args = Deploy { what, accepting: Accepting::default(), detach: false, dry_run: false };
    let begun = Box::pin(deploy::begin(&args, &scene.context)).await?;
    let mut view = view(scene.context.output);
    begun.follow(Patience::UntilEnd, view.as_mut()).await
}
