//! Whether a program can be run at all, and is the one the journal tells of.

use std::collections::BTreeSet;

use handover_core::RunId;

use crate::position::Position;
use crate::{EngineError, Program};

pub(super) fn check(run: &RunId, program: &Program, position: &Position) -> Result<(), EngineError> {
    if !position.sealed {
        return Err(EngineError::Unsealed { run: run.clone() });
    }
    let fault = fault(program, position);
    fault.map_or(Ok(()), |because| Err(EngineError::Program { run: run.clone(), because }))
}

fn fault(program: &Program, position: &Position) -> Option<String> {
    let mut names = BTreeSet::new();
    for step in program.forward.iter().chain(&program.back) {
        if !names.insert(&step.name) {
            return Some(format!("two steps are called `{}`", step.name));
        }
    }
    let forward: BTreeSet<_> = program.forward.iter().map(|step| &step.name).collect();
    for step in &program.back {
        if let Some(undone) = step.undoes.as_ref().filter(|undone| !forward.contains(undone)) {
            return Some(format!("`{}` undoes `{undone}`, which is no step of the way forward", step.name));
        }
    }
    let unknown = position.named().find(|name| !names.contains(name))?;
    Some(format!("its journal names the step `{unknown}`, which the program does not have"))
}
