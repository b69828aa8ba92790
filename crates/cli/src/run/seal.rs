//! From settings and what the agent says now to a plan.

use std::time::Duration;

use handover_core::{BySlot, ReleaseId, RunId, Slot, Timestamp};
use handover_edge::api::AgentStatus;
use handover_rollout::{
    AnalysisKind, Hooks, JudgeSpec, Kind, OnNoData, Plan, SmokeMethod, SmokeSpec, Stage, ViewsSpec,
};

use crate::flags;
use crate::helm::Helm;
use crate::settings::{self, Settings};

/// What a run is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Roll out this release as the strategy says.
    Deploy(ReleaseId),
    /// Give all traffic to this release at once: an operator goes back.
    GoBack(ReleaseId),
}

/// What runs where, as far as a plan needs it.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The release that has the traffic, and its slot.
    pub(crate) stable: Option<(Slot, ReleaseId)>,
    /// What each slot holds.
    pub(crate) slots: BySlot<Option<ReleaseId>>,
    /// The slot for a first release.
    pub(crate) first: Slot,
}

impl Standing {
    /// As the agent says. Without a stable release, one that a stuck run left with all the traffic counts as such.
    pub(crate) fn of(helm: &Helm, status: &AgentStatus) -> Self {
        let slots = status.slots.clone().map(|_, view| view.release);
        let left_with_all = || {
            let slot = status.route.route.split.sole()?;
            slots[slot].clone().map(|release| (slot, release))
        };
        let first = helm.first_slot(status);
        Self { stable: status.stable.clone().or_else(left_with_all), slots, first }
    }

    /// Nothing was ever deployed.
    pub(crate) fn empty() -> Self {
        Self { stable: None, slots: BySlot::from_fn(|_| None), first: Slot::Blue }
    }
}

/// The plan of a run on the service as it stands.
pub(crate) fn plan(settings: &Settings, standing: &Standing, intent: Intent, run: RunId, by: String) -> Plan {
    let stable = standing.stable.clone();
    let slot = stable.as_ref().map_or(standing.first, |(slot, _)| slot.other());
    let there = standing.slots[slot].clone();
    let (candidate, back) = match intent {
        Intent::Deploy(release) => (release, false),
        Intent::GoBack(release) => (release, true),
    };
    let warm = back && there.as_ref() == Some(&candidate);
    Plan {
        format: Plan::FORMAT,
        service: settings.service.name.clone(),
        run,
        kind: if warm { Kind::Return } else { Kind::Deploy },
        candidate,
        slot,
        stable: stable.map(|(_, release)| release),
        evict: if warm { None } else { there },
        stages: if back { Vec::new() } else { stages(&settings.strategy) },
        start_limit: settings.health.start_limit.get(),
        bake: if back { Duration::ZERO } else { settings.strategy.bake.get() },
        retain: settings.strategy.retain.get(),
        drain: settings.strategy.drain.get(),
        smoke: settings.smoke.iter().map(smoke).collect(),
        views: if back { None } else { views(&settings.health) },
        // Going back by hand changes no flag: those of a run that is over are the service's.
        flags: if back { Vec::new() } else { flags::changes(settings) },
        flag_store: if back { None } else { flags::store_at(settings) },
        // Whoever deploys has them judged; going back brings no migration.
        migrations: None,
        judge: judge(settings),
        hooks: hooks(settings),
        by,
    }
}

fn stages(strategy: &settings::Strategy) -> Vec<Stage> {
    let stage = |step: &settings::Step| Stage {
        weight_bps: step.weight.bps(),
        min_time: step.min_time.get(),
        min_requests: step.min_requests,
        max_time: step.max_time.get(),
    };
    strategy.stages().iter().map(stage).collect()
}

fn smoke(test: &settings::Smoke) -> SmokeSpec {
    SmokeSpec {
        name: test.label().to_owned(),
        path: test.path.as_str().to_owned(),
        method: match test.method {
            settings::Method::Get => SmokeMethod::Get,
            settings::Method::Post => SmokeMethod::Post,
        },
        expect: test.expect.get(),
        timeout: test.timeout.get(),
    }
}

fn views(health: &settings::Health) -> Option<ViewsSpec> {
    let spec = ViewsSpec {
        addresses: health.views.iter().map(ToString::to_string).collect(),
        need: health.needed(),
        interval: health.interval.get(),
        timeout: health.timeout.get(),
        rise: health.rise.get(),
        fall: health.fall.get(),
    };
    (!spec.addresses.is_empty()).then_some(spec)
}

/// Twice the mean number of failures of one client, as long as nobody knows it better.
const STICKY_CLUSTER: f64 = 2.0;

fn judge(settings: &Settings) -> JudgeSpec {
    let (judge, sticky) = (&settings.judge, settings.edge.sticky != settings::Sticky::None);
    JudgeSpec {
        analysis: match judge.analysis {
            settings::Analysis::Sequential => AnalysisKind::Sequential,
            settings::Analysis::Threshold => AnalysisKind::Threshold,
        },
        max_error_rate: judge.max_error_rate.share(),
        max_p95: judge.max_p95.get(),
        max_p95_ratio: judge.max_p95_ratio.get(),
        min_requests: judge.min_requests,
        min_errors: judge.min_errors,
        // One client that sticks to a release fails there again and again.
        error_cluster: judge
            .error_cluster
            .map_or(if sticky { STICKY_CLUSTER } else { 1.0 }, settings::Ratio::get),
        // A Prometheus scrapes the two releases at different moments.
        exact_share: !sticky && settings.prometheus.is_none(),
        on_no_data: match judge.on_no_data {
            settings::OnNoData::Wait => OnNoData::Wait,
            settings::OnNoData::Promote => OnNoData::Promote,
            settings::OnNoData::Rollback => OnNoData::Rollback,
        },
    }
}

fn hooks(settings: &Settings) -> Hooks {
    let hooks = &settings.hooks;
    let text = |command: &Option<settings::Command>| command.as_ref().map(|c| c.as_str().to_owned());
    Hooks {
        before_launch: text(&hooks.before_launch),
        before_shift: text(&hooks.before_shift),
        after_promote: text(&hooks.after_promote),
        on_rollback: text(&hooks.on_rollback),
        on_failure: text(&hooks.on_failure),
        folder: settings.folder().to_owned(),
        limit: hooks.timeout.get(),
    }
}

/// A name that sorts by time and that two operators will not pick at once: `20261123-142501-k3f9`.
pub(crate) fn new_run_id(now: Timestamp) -> RunId {
    let millis = i64::try_from(now.unix_millis()).unwrap_or(i64::MAX);
    let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    let tail: String = std::iter::repeat_with(|| fastrand::char('a'..='z')).take(4).collect();
    let name = format!("{}-{tail}", at.strftime("%Y%m%d-%H%M%S"));
    name.parse().unwrap_or_else(|_| unreachable!("digits, letters and dashes are a run's name"))
}
