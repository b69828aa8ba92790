//! A backend without an agent: whether it answers, what it can and cannot do, and who serves from it.

use handover_rollout::ProbeAnswer;
use handover_traffic::{Capabilities, DrainSupport, SwitchError, Weights};

use super::check::Check;
use crate::exit::Exit;
use crate::helm::{Helm, Hosted};
use crate::output::{percent_bps, short_duration};
use crate::report::Failure;
use crate::settings::{Backend, Haproxy, Settings};

/// Everything that can be looked at from here.
pub(super) async fn examine(settings: &Settings, helm: Result<&Helm, &Failure>, fix: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    match helm {
        Ok(Helm::Here(hosted)) => {
            checks.push(split(hosted).await);
            checks.push(Check::ok("can", abilities(&hosted.traffic().capabilities())));
            checks.push(answers(hosted).await);
            checks.extend(platform(hosted, fix).await);
        }
        Ok(Helm::Agent(_)) => {}
        Err(failure) => {
            checks.push(Check::failed("backend", failure, "mend what it says, then `handover doctor` again"));
        }
    }
    let judged_elsewhere = settings.prometheus.is_some();
    checks.extend(settings.haproxy.iter().flat_map(|section| haproxy(section, judged_elsewhere)));
    checks.extend(counted(settings));
    checks
}

/// What the platform's own settings are like, once they were mended where that was asked for.
async fn platform(hosted: &Hosted, fix: bool) -> Vec<Check> {
    let mended = if fix { hosted.mend().await } else { Ok(None) };
    match mended {
        Ok(mended) => {
            let found = match mended {
                Some(found) => found,
                None => hosted.inspect().await,
            };
            found.into_iter().map(Check::from).collect()
        }
        Err(failure) => vec![Check::failed("platform", &failure, "`handover doctor` looks again")],
    }
}

const TAKE_BACK: &str = "`handover traffic shift --stable --now` gives all traffic to the stable release";

async fn split(hosted: &Hosted) -> Check {
    let seen = hosted.traffic().observe().await;
    let stray = hosted.brief().await.ok().and_then(|brief| brief.stray(seen.as_ref()));
    match seen {
        Ok(seen) if stray.is_some() => Check::fail(
            "backend",
            format!("{} answers: {}; somebody else has moved the traffic", hosted.name(), seen.route.split),
            TAKE_BACK,
        ),
        Ok(seen) => Check::ok("backend", format!("{} answers: {}", hosted.name(), seen.route.split)),
        Err(error @ SwitchError::Elsewhere { .. }) => Check::fail("backend", error.to_string(), TAKE_BACK),
        Err(error) => {
            let failure = Failure::of("could not read the split", Exit::Refused, &error);
            Check::failed("backend", &failure, "see whether it runs, and whether this user may ask it")
        }
    }
}

/// What a plan may ask of it, in words.
fn abilities(can: &Capabilities) -> String {
    let shares = match &can.weights {
        Weights::Any { step } => format!("any share in steps of {}", percent_bps(*step)),
        Weights::Stages { shares } => {
            let shares: Vec<_> = shares.iter().map(|share| percent_bps(*share)).collect();
            format!("the stages {} and no other share", shares.join(", "))
        }
        Weights::AllOrNothing => "all or nothing, no share between".to_owned(),
    };
    let drain = match can.drain {
        DrainSupport::Counted => "counts what is left in a slot".to_owned(),
        DrainSupport::Timed { bound } => format!("a slot counts as idle after {}", short_duration(bound)),
        DrainSupport::None => "cannot tell when a slot is idle".to_owned(),
    };
    let mut words = vec![shares, drain];
    words.push(
        if can.pin { "a smoke test reaches a slot without traffic" } else { "no smoke test before traffic" }
            .into(),
    );
    words.push(if can.hold { "holds requests" } else { "holds no requests" }.into());
    words.push(
        if can.keeps_state { "keeps its route over a restart" } else { "forgets its route over a restart" }
            .into(),
    );
    if can.stops_old {
        words.push("stops the old release itself".into());
    }
    words.join("; ")
}

/// Whether answers say who they are from: without that no cutover can be proven.
async fn answers(hosted: &Hosted) -> Check {
    match hosted.probe().await {
        ProbeAnswer::Release(release) => {
            Check::ok("public", format!("{} is answered by {release}", hosted.address()))
        }
        ProbeAnswer::Nobody(why) => Check::fail(
            "public",
            format!("{}: {why}", hosted.address()),
            "set `[service] public` to where users arrive, and `release_headers` to what names a release there",
        ),
    }
}

/// Whether anybody counts the requests of a platform that does not tell.
fn counted(settings: &Settings) -> Option<Check> {
    let backend = settings.traffic.backend;
    if matches!(backend, Backend::Edge | Backend::RemoteEdge | Backend::Haproxy) {
        return None;
    }
    Some(match &settings.prometheus {
        Some(prometheus) => Check::ok("judged by", format!("the counters in {}", prometheus.url)),
        None => Check::warn(
            "judged by",
            "nobody: no request is counted, so a bake sees only that traffic and release stay, and a stage goes by `on_no_data`",
            "set `[prometheus]` to where the service's own counters are",
        ),
    })
}

fn haproxy(section: &Haproxy, judged_elsewhere: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    if section.state_file.is_none() {
        checks.push(Check::warn(
            "state file",
            "none: a reload of HAProxy undoes a cutover",
            "set `[haproxy] state_file` to HAProxy's `server-state-file`",
        ));
    }
    if section.log.is_none() && !judged_elsewhere {
        checks.push(Check::warn(
            "log",
            "none: no request is counted, so `on_no_data` decides alone",
            "set `[haproxy] log` to where HAProxy's `log` line sends, with handover's `log-format`",
        ));
    }
    let missing = section
        .pins
        .iter()
        .flat_map(|folder| ["pin-blue", "pin-green", "pin-probe"].map(|name| folder.join(name)));
    for file in missing.filter(|file| std::fs::read(file).is_err()) {
        checks.push(Check::fail(
            "pins",
            format!("{} cannot be read", file.display()),
            "write a secret into it, and restart HAProxy, which reads it too",
        ));
    }
    checks
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_a_backend_can_and_cannot_do_is_said_in_words() {
        let haproxy =
            Capabilities::new(Weights::Any { step: 50 }).with_drain(DrainSupport::Counted).with_pin();
        let railway = Capabilities::new(Weights::AllOrNothing)
            .with_drain(DrainSupport::Timed { bound: Duration::from_secs(40) })
            .with_kept_state()
            .with_old_stopped();
        let stages = Capabilities::new(Weights::Stages { shares: vec![1_000, 5_000] });
        let all = [haproxy, railway, stages].map(|can| abilities(&can)).join("\n");
        insta::assert_snapshot!(all, @"
        any share in steps of 0.5 %; counts what is left in a slot; a smoke test reaches a slot without traffic; holds no requests; forgets its route over a restart
        all or nothing, no share between; a slot counts as idle after 40s; no smoke test before traffic; holds no requests; keeps its route over a restart; stops the old release itself
        the stages 10 %, 50 % and no other share; cannot tell when a slot is idle; no smoke test before traffic; holds no requests; forgets its route over a restart
        ");
    }
}
