//! Which stages a project has, and whether it may have any: no I/O here.

use crate::Split;
use crate::vercel::wire::{Billing, BillingReason, ConfigStage, RollingConfig};

/// The shares that a configuration gives a newcomer before it has everything, or why they are of no use.
pub(crate) fn shares(config: Option<&RollingConfig>) -> Result<Vec<u16>, String> {
    let stages = config.and_then(|config| config.stages.as_deref()).unwrap_or_default();
    if stages.is_empty() {
        return Err(
            "the project has no rolling release configured: add stages that wait for approval, such as \
                    `vercel rolling-release configure --cfg` writes them"
                .to_owned(),
        );
    }
    if let Some(stage) = stages.iter().find(|stage| !stage.waits()) {
        return Err(format!("{}: set `requireApproval` on every stage, without a shift", unruly(stage)));
    }
    let shares = stages.iter().map(ConfigStage::share);
    Ok(shares.filter(|share| (1..Split::WHOLE).contains(share)).collect())
}

fn unruly(stage: &ConfigStage) -> String {
    let percent = f64::from(stage.share()) / 100.0;
    match stage.lasts() {
        _ if stage.linear_shift == Some(true) => format!("the stage of {percent} % shifts bit by bit"),
        Some(after) => {
            format!("the stage of {percent} % moves on by itself after {} min", after.as_secs() / 60)
        }
        None => format!("the stage of {percent} % moves on by itself"),
    }
}

/// Whether the plan lets this project have a rolling release.
pub(crate) fn may_roll(billing: &Billing, project_id: &str) -> Result<(), String> {
    let words = &billing.message;
    match &billing.reason {
        BillingReason::AvailableSlots | BillingReason::UnlimitedSlots => Ok(()),
        BillingReason::NoAvailableSlots if billing.enabled_projects.iter().any(|id| id == project_id) => {
            Ok(())
        }
        BillingReason::NoAvailableSlots => Err(format!(
            "the plan's slots for rolling releases are taken by {} ({words}): free one, or promote at once",
            billing.enabled_projects.join(", ")
        )),
        BillingReason::PlanNotSupported => Err(format!(
            "the plan has no rolling releases ({words}): choose Pro or Enterprise, or promote at once"
        )),
        BillingReason::Unknown(word) => Err(format!("rolling releases are said to be {word} ({words})")),
    }
}
