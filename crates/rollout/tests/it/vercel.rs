//! Releases as Vercel's deployments, on the stand-in.

use std::time::Duration;

use handover_core::{Fence, Retry, Slot};
use handover_rollout::hosted::{HostedLauncher, Roster};
use handover_rollout::vercel::{Origin, VercelHost};
use handover_rollout::{Launcher, Occupant, WorldError};
use handover_traffic::control::Token;
use handover_traffic::logbook::Logbook;
use handover_traffic::testkit::standin::vercel::{VercelMishap, VercelOn, VercelSetup, VercelStandin};
use handover_traffic::vercel::{Source, VercelClient, VercelOptions};

/// How long a build takes: the tests let it pass.
const BUILD: Duration = Duration::from_mins(30);
const LONG: Duration = Duration::from_secs(20);

struct Place {
    standin: VercelStandin,
    logbook: Logbook,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let setup = VercelSetup::default().with_delays(BUILD, Duration::ZERO);
        let standin = VercelStandin::start(setup).await.unwrap();
        Self { standin, logbook: Logbook::in_memory(), folder: tempfile::tempdir().unwrap() }
    }

    fn launcher(&self, origin: Origin) -> HostedLauncher<VercelHost> {
        let options = VercelOptions::new("shop", Token::new("standintoken").unwrap())
            .with_base(self.standin.base())
            .with_team("my-team")
            .with_patience(LONG, Duration::from_millis(1), LONG, Duration::from_millis(30));
        let client = VercelClient::new(options).unwrap();
        let host = VercelHost::new(client, self.logbook.clone(), origin);
        let host = host.with_patience(Duration::from_millis(50));
        HostedLauncher::new(host, Roster::in_file(self.folder.path().join("roster.json")))
    }

    fn building(&self) -> HostedLauncher<VercelHost> {
        let source = Source::Commit { sha: "4f".repeat(20), reference: "main".to_owned() };
        self.launcher(Origin::Build(source))
    }

    async fn green(&self) -> Option<String> {
        self.logbook.targets().await.unwrap().green
    }

    fn built(&self) -> usize {
        self.standin.changes().0
    }
}

async fn launch(launcher: &HostedLauncher<VercelHost>, release: &str, run: &str) -> Result<(), WorldError> {
    launcher.launch(Slot::Green, &release.parse().unwrap(), &run.parse().unwrap(), Fence::ZERO).await
}

async fn look(launcher: &HostedLauncher<VercelHost>) -> Occupant {
    launcher.look(Slot::Green).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_release_is_built_once_and_ready_when_the_platform_says_so() {
    let place = Place::new().await;
    let launcher = place.building();
    launch(&launcher, "r1", "run-1").await.unwrap();
    let queued = look(&launcher).await;
    assert_eq!((queued.ready, queued.failure), (false, None), "{}", queued.summary);
    launch(&place.building(), "r1", "run-1").await.unwrap();
    launch(&place.building(), "r1", "run-2").await.unwrap();
    assert_eq!(place.built(), 1);
    place.standin.pass(BUILD);
    let ready = look(&launcher).await;
    assert!(ready.ready, "{}", ready.summary);
    insta::assert_snapshot!(ready.summary, @"deployment dpl_00000001 (shop-00000001.example) is READY");
}

#[tokio::test]
async fn a_launch_whose_answer_was_lost_is_found_and_not_made_twice() {
    let place = Place::new().await;
    place.standin.strike(VercelOn::Path("/v13/deployments"), VercelMishap::LostAnswer);
    launch(&place.building(), "r1", "run-1").await.unwrap();
    assert_eq!((place.built(), place.green().await.is_some()), (1, true));
}

#[tokio::test]
async fn a_launch_that_never_arrived_is_unknown_and_then_made() {
    let place = Place::new().await;
    place.standin.strike(VercelOn::Path("/v13/deployments"), VercelMishap::Reset);
    let lost = launch(&place.building(), "r1", "run-1").await.unwrap_err();
    assert_eq!(lost.retry, Retry::AfterReadBack, "{lost}");
    assert!(!look(&place.building()).await.ready);
    launch(&place.building(), "r1", "run-1").await.unwrap();
    assert_eq!(place.built(), 1);
}

#[tokio::test]
async fn a_deployment_that_is_there_is_taken_and_a_preview_is_not() {
    let place = Place::new().await;
    let [made, preview] = [place.standin.deploy("shop", "r1"), place.standin.preview("shop", "r2")];
    launch(&place.launcher(Origin::Existing(made.clone())), "r1", "run-1").await.unwrap();
    assert_eq!((place.green().await, place.built()), (Some(made), 2));
    let refused = launch(&place.launcher(Origin::Existing(preview)), "r2", "run-2").await.unwrap_err();
    insta::assert_snapshot!(refused, @"deployment dpl_00000002 (shop-00000002.example) was not built for production: have one built that is");
}

#[tokio::test]
async fn a_failed_build_tells_why_and_is_built_anew_by_the_next_run_only() {
    let place = Place::new().await;
    let launcher = place.building();
    place.standin.fail_next_build();
    launch(&launcher, "r1", "run-1").await.unwrap();
    place.standin.pass(BUILD);
    let (cause, log) = look(&launcher).await.failure.unwrap();
    insta::assert_snapshot!(format!("{cause}\n{}", log.join("\n")), @r#"
    deployment dpl_00000001 (shop-00000001.example) is ERROR: Command "npm run build" exited with 1
    Cloning the repository
    Running "npm run build"
    error: module not found: ./cart
    Command "npm run build" exited with 1
    "#);
    launch(&launcher, "r1", "run-1").await.unwrap();
    assert_eq!(place.built(), 1, "the same run does not try again by itself");
    launch(&launcher, "r1", "run-2").await.unwrap();
    assert_eq!(place.built(), 2);
}

#[tokio::test]
async fn what_was_in_the_slot_before_is_not_taken_for_the_newcomer() {
    let place = Place::new().await;
    let old = place.standin.deploy("shop", "r0");
    launch(&place.launcher(Origin::Existing(old.clone())), "r0", "run-0").await.unwrap();
    assert!(look(&place.building()).await.ready);
    place.standin.strike(VercelOn::Path("/v13/deployments"), VercelMishap::Reset);
    launch(&place.building(), "r1", "run-1").await.unwrap_err();
    // As after a crash between the two files.
    place.logbook.assign(Slot::Green, Some(old)).await.unwrap();
    let now = look(&place.building()).await;
    assert_eq!((now.release.as_str(), now.ready), ("r1", false), "{}", now.summary);
}

#[tokio::test]
async fn an_unknown_state_is_not_ready_and_a_stop_keeps_the_deployment() {
    let place = Place::new().await;
    let made = place.standin.deploy("shop", "r1");
    let launcher = place.launcher(Origin::Existing(made.clone()));
    launch(&launcher, "r1", "run-1").await.unwrap();
    place.standin.pretend(&made, "BLOCKED");
    let blocked = look(&launcher).await;
    assert_eq!((blocked.ready, blocked.failure), (false, None), "{}", blocked.summary);
    launcher.stop(Slot::Green, &"r1".parse().unwrap(), Fence::ZERO).await.unwrap();
    assert_eq!((launcher.look(Slot::Green).await.unwrap(), place.built()), (None, 1));
}
