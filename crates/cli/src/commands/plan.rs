//! `handover plan`: every step a deployment would take, and every call it would make, without one.

use std::fmt::Write as _;

use handover_core::Timestamp;
use handover_rollout::{Outline, Plan, StepOutline};
use serde::Serialize;

use crate::args::{Accepting, What};
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::flags::{self, FlagsLook};
use crate::helm::Helm;
use crate::migrate::preflight;
use crate::report::Failure;
use crate::run::{self, Intent, Standing};

/// The version of the JSON form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    plan: &'a Plan,
    outline: &'a Outline,
    /// The flags of the plan as they are now, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<FlagsLook>,
}

/// Shows the plan of a deployment as things stand.
pub(super) async fn show(what: &What, accepting: &Accepting, context: &Context) -> Result<Exit, Failure> {
    let settings = run::with_wishes(context.settings()?, what);
    let state_dir = context.state_dir(&settings, Access::Write)?;
    let named = run::name_release(&settings, what)?;
    let client = Helm::of(&settings, &state_dir).await?;
    let standing = match (client.status().await, &client) {
        (Ok(status), _) => Standing::of(&client, &status),
        (Err(_), Helm::Agent(_)) => {
            context.output.note("no agent runs; this is the plan of a first deployment");
            Standing::empty()
        }
        (Err(error), Helm::Here(_)) => {
            return Err(Failure::of("could not see how things stand", Exit::Refused, &error));
        }
    };
    let stable = standing.stable.as_ref().map(|(_, release)| release);
    let migrations = preflight(&settings, stable, named.source.as_ref(), accepting, context).await?;
    let run_id = run::new_run_id(Timestamp::now());
    let plan = run::plan(&settings, &standing, Intent::Deploy(named.id), run_id, run::who());
    let plan = Plan { migrations, ..plan };
    let flags = flags::look(plan.flag_store.as_ref(), &plan.flags).await?;
    print(&plan, flags, &client, context)
}

/// Prints a plan, or why it cannot be carried out.
pub(super) fn check_and_print(plan: &Plan, client: &Helm, context: &Context) -> Result<Exit, Failure> {
    print(plan, None, client, context)
}

fn print(plan: &Plan, flags: Option<FlagsLook>, client: &Helm, context: &Context) -> Result<Exit, Failure> {
    plan.check(&client.capabilities())
        .map_err(|e| Failure::of("could not plan the run", Exit::Refused, &e))?;
    let outline = plan.outline();
    let mut text = text(plan, &outline);
    if let Some(flags) = &flags {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n\n{flags}");
    }
    context.output.result(text, &Shown { version: VERSION, plan, outline: &outline, flags });
    Ok(Exit::Done)
}

fn text(plan: &Plan, outline: &Outline) -> String {
    let over = plan.stable.as_ref().map_or("as the first release".into(), |stable| format!("over {stable}"));
    let mut text = format!("release {} in {}, {over}\n\nforward\n", plan.candidate, plan.slot);
    lines(&mut text, &outline.forward);
    text.push_str("\nback, after a verdict, an order or a failure\n");
    lines(&mut text, &outline.back);
    text.truncate(text.trim_end().len());
    text
}

fn lines(text: &mut String, steps: &[StepOutline]) {
    for step in steps {
        let only =
            step.only_after.as_ref().map(|after| format!(" (if {after} was begun)")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<18} {}{only}", step.name, step.does);
    }
}
