//! Ctrl-C, or a job that is cancelled, while a run is followed.
//!
//! With an agent that ends the watching and nothing else. Where this process drives the run itself, leaving it would leave
//! a candidate with traffic and nobody to judge it: so it is asked first whether to take it back or to pause, and where
//! nobody can be asked it is taken back.

use std::io::{BufRead as _, IsTerminal as _};

use handover_core::RunId;
use handover_runbook::{Order, Orders as _, SqliteStore};
use tokio::signal::unix::{SignalKind, signal};

use crate::context::Context;
use crate::exit::Exit;
use crate::follow::Followed;
use crate::helm::Helm;
use crate::report::Failure;
use crate::run;

/// What was typed stops at, and of what.
pub(super) struct Interruption<'a> {
    pub(super) helm: &'a Helm,
    pub(super) store: &'a SqliteStore,
    pub(super) run: &'a RunId,
}

/// What is to become of a run whose driver is asked to stop.
enum Wish {
    TakeBack,
    PauseAndLeave,
    GoOn,
}

impl Interruption<'_> {
    /// What `following` comes to; `None` where the process is to end before.
    pub(super) async fn unless_during(
        &self,
        following: impl Future<Output = Result<Followed, Failure>>,
        context: &Context,
    ) -> Result<Option<Followed>, Failure> {
        tokio::pin!(following);
        let mut going_back = false;
        loop {
            tokio::select! {
                followed = &mut following => return followed.map(Some),
                () = asked_to_stop() => {}
            }
            if !self.helm.drives_here() {
                context.output.note(format!(
                    "\nrun {} goes on without this terminal; `handover status --watch` follows it, `handover abort` takes it back",
                    self.run
                ));
                return Ok(None);
            }
            if going_back {
                context
                    .output
                    .note(format!("\nleft run {} in the middle; `handover resume` goes on", self.run));
                return Ok(None);
            }
            let wish = tokio::select! {
                followed = &mut following => return followed.map(Some),
                wish = wish(context, self.run) => wish,
            };
            match wish {
                Wish::GoOn => {}
                Wish::TakeBack => {
                    self.order(Order::TurnBack { verb: "abort".into(), reason: Some("interrupted".into()) })
                        .await?;
                    context.output.note("taking the candidate back; once more ends at once");
                    going_back = true;
                }
                Wish::PauseAndLeave => {
                    self.order(Order::Pause).await?;
                    context.output.note(format!(
                        "run {} is paused and nobody judges it: traffic stays where it is until `handover resume` or `handover abort`",
                        self.run
                    ));
                    return Ok(None);
                }
            }
        }
    }

    async fn order(&self, order: Order) -> Result<(), Failure> {
        let given = self.store.give(self.run, order, &run::who()).await;
        given.map(drop).map_err(|e| Failure::of("could not give the order", Exit::Refused, &e))
    }
}

async fn asked_to_stop() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        drop(tokio::signal::ctrl_c().await);
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

/// Asks, where somebody is there to be asked.
async fn wish(context: &Context, run: &RunId) -> Wish {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Wish::TakeBack;
    }
    context.output.note(format!(
        "\nthis process drives run {run}: type b to take the candidate back, p to pause and leave, Enter to go on"
    ));
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    match line.await {
        Ok(Ok(line)) => match line.trim() {
            "p" => Wish::PauseAndLeave,
            "b" => Wish::TakeBack,
            _ => Wish::GoOn,
        },
        _ => Wish::TakeBack,
    }
}
