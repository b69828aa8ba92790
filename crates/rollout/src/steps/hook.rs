use std::sync::Arc;

use async_trait::async_trait;
use handover_runbook::{Effect, Op, StepError};
use serde_json::{Value, json};

use super::{failed, refused};
use crate::{HookCall, HookEnd, Plan, World};

/// Runs a command of the operator's at a fixed place of the run.
#[derive(Debug)]
pub(crate) struct Hook {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
    pub(crate) name: &'static str,
    pub(crate) command: String,
    /// A failure is recorded by the runner and the run goes on.
    pub(crate) tolerant: bool,
}

#[async_trait]
impl Effect for Hook {
    fn want(&self) -> Value {
        json!({ "ended": true })
    }

    async fn observe(&self) -> Result<Value, StepError> {
        let ended = self.world.hooks.ended(&self.plan.run, &self.call()).await;
        let ended = ended.map_err(|e| failed(format!("could not look for hook {}", self.name), e))?;
        match ended {
            Some(end) => self.accept(&end).map(|()| json!({ "ended": true })),
            None => Ok(json!({ "ended": false })),
        }
    }

    async fn apply(&self, _: &Op) -> Result<(), StepError> {
        let ran = self.world.hooks.run(&self.plan.run, &self.call()).await;
        let end = ran.map_err(|e| failed(format!("could not run hook {}", self.name), e))?;
        self.accept(&end)
    }
}

impl Hook {
    fn call(&self) -> HookCall {
        let Plan { candidate, hooks, .. } = &*self.plan;
        let command = self.command.clone();
        let (release, folder) = (candidate.clone(), hooks.folder.clone());
        HookCall { name: self.name, command, folder, release, limit: hooks.limit, env: Vec::new() }
    }

    fn accept(&self, end: &HookEnd) -> Result<(), StepError> {
        if self.tolerant || end.code == Some(0) {
            return Ok(());
        }
        let how = end.code.map_or("was killed".into(), |code| format!("exited with {code}"));
        let last = end.tail.last().map(|line| format!("; it last said: {line}")).unwrap_or_default();
        Err(refused(format!("hook {} failed", self.name), format!("`{}` {how}{last}", self.command)))
    }
}
