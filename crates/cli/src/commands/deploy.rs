//! `handover deploy`: freeze, plan, seal, hand to the agent, watch.

use handover_core::Timestamp;
use handover_rollout::{Outcome, Plan, Story, flag_warnings};
use serde::Serialize;

use super::interruption::Interruption;
use crate::args::Deploy;
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::flags;
use crate::follow::{Followed, Patience, View, follow, view};
use crate::helm::Helm;
use crate::migrate::preflight;
use crate::output::short_duration;
use crate::report::Failure;
use crate::run::{self, Intent, Standing};
use crate::text::one_line;

/// The version of the result's JSON form.
const VERSION: u32 = 1;

/// What a deployment came to.
#[derive(Debug, Serialize)]
pub(crate) struct Deployed {
    version: u32,
    /// The run's name.
    pub(crate) run: String,
    /// The release it rolled out.
    pub(crate) release: String,
    /// How it stands.
    pub(crate) outcome: Outcome,
    /// Why it went back, if it did.
    pub(crate) why: Option<String>,
    /// From the sealed plan to the last record, in milliseconds.
    pub(crate) took_ms: u64,
    /// What the way back could not do about flags, and what to type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

/// Deploys as the settings say.
pub(super) async fn run(args: &Deploy, context: &Context) -> Result<Exit, Failure> {
    if args.dry_run {
        return super::plan::show(&args.what, &args.accepting, context).await;
    }
    let begun = begin(args, context).await?;
    Box::pin(conclude(begun, args.detach, context)).await
}

/// Leaves the run to the agent, or follows it and shows what it came to.
pub(crate) async fn conclude(begun: Begun, detach: bool, context: &Context) -> Result<Exit, Failure> {
    if detach {
        return Ok(begun.detach(context));
    }
    let mut view = view(context.output);
    let following = begun.follow(begun.patience(context), view.as_mut());
    let interruption = Interruption { helm: &begun.client, store: &begun.store, run: &begun.plan.run };
    let Some(followed) = interruption.unless_during(following, context).await? else {
        return Ok(Exit::Waiting);
    };
    Ok(finish(context, &followed))
}

/// Freezes, seals and starts; from here on the agent carries the run.
pub(crate) async fn begin(args: &Deploy, context: &Context) -> Result<Begun, Failure> {
    let settings = run::with_wishes(context.settings()?, &args.what);
    let state_dir = context.state_dir(&settings, Access::Write)?;
    let named = run::name_release(&settings, &args.what)?;
    let reached = run::ensure_agent(&settings, &state_dir, context.output).await?;
    refuse_detached(args.detach, &reached.client)?;
    run::refuse_busy(&reached.status, &named.id)?;
    reached.client.admit().await?;
    flags::look(flags::store_at(&settings).as_ref(), &flags::changes(&settings)).await?;
    let standing = Standing::of(&reached.client, &reached.status);
    let stable = standing.stable.as_ref().map(|(_, release)| release);
    let migrations = preflight(&settings, stable, named.source.as_ref(), &args.accepting, context).await?;
    if let Some(doubt) = reached.client.doubt().await.filter(|_| reached.status.stable.is_some()) {
        context.output.note(doubt);
    }
    if run::freeze(&state_dir, &settings, &named)?.is_some_and(|frozen| frozen.spec.in_place.is_some()) {
        context
            .output
            .note("warning: the release runs in place; going back to it is not real once its files change");
    }
    let adopted = reached.client.adopt().await;
    adopted.map_err(|e| Failure::of("could not take note of what serves now", Exit::Refused, &e))?;
    let run_id = run::new_run_id(Timestamp::now());
    let plan = run::plan(&settings, &standing, Intent::Deploy(named.id), run_id, run::who());
    let plan = Plan { migrations, ..plan };
    Begun::seal(plan, reached.client, &state_dir).await
}

/// Without an agent nobody would carry the run once this process has gone.
fn refuse_detached(detach: bool, helm: &Helm) -> Result<(), Failure> {
    if !detach || matches!(helm, Helm::Agent(_)) {
        return Ok(());
    }
    Err(Failure::new("could not leave the deployment to itself", Exit::Usage)
        .because("this backend has no agent: the command that deploys drives the run to its end")
        .hint("run it without `--detach`, in a job or a terminal multiplexer"))
}

/// A run that somebody carries.
pub(crate) struct Begun {
    plan: Plan,
    client: Helm,
    store: std::sync::Arc<handover_runbook::SqliteStore>,
}

impl Begun {
    /// Checks the plan against the backend, seals it and hands it over.
    pub(crate) async fn seal(plan: Plan, client: Helm, state_dir: &std::path::Path) -> Result<Self, Failure> {
        plan.check(&client.capabilities())
            .map_err(|e| Failure::of("could not plan the run", Exit::Refused, &e))?;
        let store = run::open_journal(state_dir).await?;
        run::seal_and_start(&store, &client, &plan).await?;
        Ok(Self { plan, client, store })
    }

    /// A run that is driven from here is stayed with, through gates and pauses.
    fn patience(&self, context: &Context) -> Patience {
        if self.client.drives_here() { Patience::UntilEnd } else { Patience::of(context.output) }
    }

    fn detach(&self, context: &Context) -> Exit {
        let line = format!("run {} has begun; `handover status --watch` follows it", self.plan.run);
        let object = serde_json::json!({ "version": VERSION, "run": self.plan.run, "detached": true });
        context.output.result(line, &object);
        Exit::Waiting
    }

    /// Follows the run, as far as `patience` goes.
    pub(crate) async fn follow(&self, patience: Patience, view: &mut dyn View) -> Result<Followed, Failure> {
        follow(self.store.as_ref(), &self.client, &self.plan.run, patience, view).await
    }
}

/// Shows what became of a run and tells the exit code.
pub(crate) fn finish(context: &Context, followed: &Followed) -> Exit {
    let exit = show(context, followed);
    if followed.outcome == Outcome::Refused || followed.outcome == Outcome::Stuck {
        context.output.failure(&explain(followed));
    }
    exit
}

/// Shows what became of a run, whatever it was meant to become.
pub(crate) fn show(context: &Context, followed: &Followed) -> Exit {
    let deployed = Deployed::of(followed);
    context.output.result(deployed.sentence(), &deployed);
    for warning in &deployed.warnings {
        context.output.note(format!("warning: {}", one_line(warning)));
    }
    run::exit_of(followed.outcome)
}

impl Deployed {
    /// Reads what a followed run came to.
    pub(crate) fn of(followed: &Followed) -> Self {
        let (first, last) = (followed.records.first(), followed.records.last());
        let took = first.zip(last).map(|(first, last)| last.at.since(first.at)).unwrap_or_default();
        Self {
            version: VERSION,
            run: followed.plan.run.to_string(),
            release: followed.plan.candidate.to_string(),
            outcome: followed.outcome,
            why: Story::of(&followed.records).why,
            warnings: flag_warnings(&followed.records),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn sentence(&self) -> String {
        let took = short_duration(std::time::Duration::from_millis(self.took_ms));
        let why = self.why.as_deref().map(one_line).unwrap_or_default();
        match self.outcome {
            Outcome::Promoted => format!("release {} is stable, after {took}", self.release),
            Outcome::RolledBack => format!("release {} was taken back, after {took}: {why}", self.release),
            Outcome::Refused => format!("release {} got no traffic", self.release),
            Outcome::Stuck => format!("run {} is stuck: {why}", self.run),
            Outcome::Unfinished => {
                format!("run {} waits for a person; `handover status` says for what", self.run)
            }
        }
    }
}

/// The error form of a run that did not reach its end: the cause, and what the release logged last.
fn explain(followed: &Followed) -> Failure {
    let story = Story::of(&followed.records);
    let log = story.evidence.as_ref().and_then(|e| e.get("log")).and_then(|log| log.as_array());
    let lines = log.into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned));
    let hint = match followed.outcome {
        Outcome::Stuck => "`handover status` shows what serves; `handover explain` tells how it came to this",
        _ => "`handover explain` tells the run from its beginning",
    };
    Failure::new(
        format!("could not deploy release {}", followed.plan.candidate),
        run::exit_of(followed.outcome),
    )
    .because(story.why.unwrap_or_else(|| "the run ended without a reason".into()))
    .log(lines)
    .hint(hint)
}
