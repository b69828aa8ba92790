//! Runs that are watched from outside: who may take a release back, and who may not.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{RunId, Slot};
use handover_health::{ProbeClass, ProbeError, Quorum, Schedule, Standing, View, Views, probe_fn};
use handover_monitor::Pairs;
use handover_monitor::source::{Answer, SourceError};
use handover_rollout::{Outcome, Outlook, Plan, Story, ViewsSpec, WindowSource, World, view_lines};
use handover_runbook::{Body, Order};
use handover_traffic::{Capabilities, Change, Drained, Observed, Split, SwitchError, TrafficSwitcher};

use crate::carried_out::Run;
use crate::sim::{Candidate, Sim, blue_green, canary};

const NAMES: [&str; 3] = ["http://a/", "http://b/", "http://c/"];

/// What the views meet, whoever serves; else they meet what the release does.
#[derive(Debug, Clone, Default)]
struct Sky {
    /// Views that fail, and how.
    bad: Arc<Mutex<BTreeMap<&'static str, ProbeClass>>>,
    /// The same where the candidate serves.
    bad_at_candidate: Arc<Mutex<BTreeMap<&'static str, ProbeClass>>>,
    /// Whether this machine reaches nobody.
    cut_off: Arc<AtomicBool>,
    /// Good answers in a row until a view is up.
    rise: u32,
}

impl Sky {
    fn fail(&self, views: &[usize], class: ProbeClass) {
        self.bad.lock().unwrap().extend(views.iter().map(|view| (NAMES[*view], class)));
    }

    fn fail_at_candidate(self, views: &[usize], class: ProbeClass) -> Self {
        self.bad_at_candidate.lock().unwrap().extend(views.iter().map(|view| (NAMES[*view], class)));
        self
    }

    fn clear(&self) {
        self.bad.lock().unwrap().clear();
        self.cut_off.store(false, Ordering::Relaxed);
    }

    fn cut_off(&self) {
        self.cut_off.store(true, Ordering::Relaxed);
    }

    fn says(&self, name: &'static str, candidate: bool) -> Result<(), ProbeError> {
        let of = |map: &Mutex<BTreeMap<&str, ProbeClass>>| map.lock().unwrap().get(name).copied();
        let cut_off = self.cut_off.load(Ordering::Relaxed).then_some(ProbeClass::Timeout);
        let class =
            cut_off.or_else(|| of(&self.bad)).or_else(|| of(&self.bad_at_candidate).filter(|_| candidate));
        class.map_or(Ok(()), |class| Err(ProbeError::new(class, "scripted")))
    }

    /// Two of three views are needed; each is bad after three bad answers in a row.
    fn views(&self, sim: &Sim) -> Views {
        let view = |name| {
            let (sky, sim) = (self.clone(), sim.clone());
            View::new(
                name,
                probe_fn(move || {
                    let says = sky.says(name, sim.split_now() > 0);
                    async { says }
                }),
            )
        };
        let schedule = Schedule::default()
            .with_period(Duration::from_secs(2))
            .with_jitter(0.0)
            .with_rise_fall(self.rise, 3);
        Views::spawn(Quorum::new(NAMES.map(view), 2).unwrap(), schedule)
    }

    fn world(&self, sim: &Sim) -> World {
        let traffic = Arc::new(Reached { sky: self.clone(), traffic: sim.traffic.clone() });
        let windows = Arc::new(Counted { sky: self.clone(), windows: sim.world().windows });
        World { traffic, windows, outlook: Some(Arc::new(Outlook::new(self.views(sim), &[]))), ..sim.world() }
    }
}

/// A backend that is out of reach while the machine is cut off.
#[derive(Debug)]
struct Reached {
    sky: Sky,
    traffic: Arc<dyn TrafficSwitcher>,
}

impl Reached {
    fn check(&self) -> Result<(), SwitchError> {
        if self.sky.cut_off.load(Ordering::Relaxed) {
            return Err(SwitchError::Unreachable { backend: "sim", source: "no route to host".into() });
        }
        Ok(())
    }
}

#[async_trait]
impl TrafficSwitcher for Reached {
    fn capabilities(&self) -> Capabilities {
        self.traffic.capabilities()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        self.check()?;
        self.traffic.observe().await
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check()?;
        self.traffic.apply(change).await
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        self.check()?;
        self.traffic.drain(slot, limit).await
    }
}

/// Whoever counts is out of reach as well then.
#[derive(Debug)]
struct Counted {
    sky: Sky,
    windows: Arc<dyn WindowSource>,
}

impl WindowSource for Counted {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        self.windows.begin(run, candidate, limit)
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        if self.sky.cut_off.load(Ordering::Relaxed) {
            let error = SourceError::Unreachable { what: "sim".into(), source: "no route to host".into() };
            return Box::pin(std::future::ready(Err(error)));
        }
        self.windows.after(seq, wait)
    }
}

fn watched(plan: Plan) -> Plan {
    let views = ViewsSpec {
        addresses: NAMES.map(str::to_owned).to_vec(),
        need: 2,
        interval: Duration::from_secs(2),
        timeout: Duration::from_secs(1),
        rise: 1,
        fall: 3,
    };
    Plan { views: Some(views), ..plan }
}

/// Watched for so long that whatever a view makes of the release comes out.
fn long(plan: Plan) -> Plan {
    Plan { bake: Duration::from_mins(1), ..plan }
}

async fn run(plan: Plan, sky: &Sky) -> (Outcome, Story) {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(watched(plan)).await;
    let outcome = run.drive_in(&sky.world(&sim)).await;
    let wanted = if outcome == Outcome::Promoted { Split::ALL_GREEN } else { Split::ALL_BLUE };
    assert_eq!(sim.split().await, wanted);
    (outcome, run.story().await)
}

/// What was told in these steps, without times.
fn told(story: &Story, steps: &[&str]) -> String {
    let of_steps = story
        .chapters
        .iter()
        .filter(|chapter| chapter.step.as_deref().is_some_and(|step| steps.contains(&step)));
    without_times(&of_steps.map(|chapter| chapter.what.clone()).collect::<Vec<_>>().join("\n"))
}

/// Times on the wall clock pass as they like here.
fn without_times(text: &str) -> String {
    let words = text.split(' ').scan(false, |after_for, word| {
        let time =
            std::mem::replace(after_for, word == "for") && word.starts_with(|c: char| c.is_ascii_digit());
        Some(if time {
            "TIME".to_owned() + &word[word.find([',', ')', '\n']).unwrap_or(word.len())..]
        } else {
            word.to_owned()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn a_release_that_two_of_three_views_lose_is_taken_back_though_users_are_answered_well() {
    let sky = Sky::default().fail_at_candidate(&[0, 2], ProbeClass::Status(503));
    let (outcome, story) = run(blue_green(), &sky).await;
    assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    insta::assert_snapshot!(told(&story, &["views", "bake"]), @"
    3 of 3 outside views see the service well
    the former release: nothing left in flight
    view http://a/ is down (answered 503), after being up for TIME
    view http://c/ is down (answered 503), after being up for TIME
    from outside the service is down; down: http://a/, http://c/
    ");
    insta::assert_snapshot!(without_times(story.why.as_deref().unwrap()), @"2 of 3 outside views lost the service after the switch, and 1 may: http://a/ (answered 503, for TIME), http://c/ (answered 503, for TIME)");
    let lines = story.evidence.unwrap()["views"].clone();
    assert_eq!(
        (&lines[0]["standing"], &lines[0]["class"]["status"], &lines[1]["standing"]),
        (&"down".into(), &503.into(), &"up".into())
    );
}

#[tokio::test(start_paused = true)]
async fn a_release_that_one_of_three_views_loses_stays_and_that_is_told() {
    let sky = Sky::default().fail_at_candidate(&[1], ProbeClass::Refused);
    let (outcome, story) = run(long(blue_green()), &sky).await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    insta::assert_snapshot!(told(&story, &["views", "bake"]), @"
    3 of 3 outside views see the service well
    the former release: nothing left in flight
    view http://b/ is down (connection refused), after being up for TIME
    the limits hold, proven: 0 of 12000 candidate requests failed (0.0 %), p95 5.0 ms
    ");
}

/// A view that stable could not satisfy either says nothing about the candidate.
#[tokio::test(start_paused = true)]
async fn views_that_failed_before_the_switch_do_not_count() {
    for bad_before in [vec![0, 1, 2], vec![0, 1]] {
        let sky = Sky::default().fail_at_candidate(&[2], ProbeClass::Reset);
        sky.fail(&bad_before, ProbeClass::Dns);
        let (outcome, story) = run(long(blue_green()), &sky).await;
        assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
        let warned = told(&story, &["views"]);
        assert!(warned.contains("warning: too few to decide anything"), "{warned}");
    }
}

/// One may be lost of three, also where only two count: that leaves it to both of them, never to one.
#[tokio::test(start_paused = true)]
async fn with_one_view_left_out_both_others_have_to_lose_it() {
    for (lost, wanted) in [(vec![1], Outcome::Promoted), (vec![1, 2], Outcome::RolledBack)] {
        let sky = Sky::default().fail_at_candidate(&lost, ProbeClass::Timeout);
        sky.fail(&[0], ProbeClass::Tls);
        let (outcome, story) = run(long(blue_green()), &sky).await;
        assert_eq!(outcome, wanted, "{lost:?} {story:#?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(told(&story, &["views"]), @"2 of 3 outside views see the service well; what did not before the switch does not count: http://a/ (no TLS session came about)");
        }
        if let Some(why) = &story.why {
            insta::assert_snapshot!(without_times(why), @"2 of 3 outside views lost the service after the switch, and 1 may: http://b/ (no answer in time, for TIME), http://c/ (no answer in time, for TIME), 1 more did not see it before the switch either");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn trouble_that_ends_before_a_view_is_down_is_nothing() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let (run, sky) =
        (Run::sealed(watched(Plan { bake: Duration::from_secs(30), ..blue_green() })).await, Sky::default());
    let flickers = async {
        run.until_watching("bake").await;
        sky.fail(&[0, 1, 2], ProbeClass::Status(503));
        // Two answers of each at most, and three make it down.
        tokio::time::sleep(Duration::from_millis(3_900)).await;
        sky.clear();
    };
    let world = sky.world(&sim);
    let (outcome, ()) = tokio::join!(run.drive_in(&world), flickers);
    let story = run.story().await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    assert!(!told(&story, &["bake"]).contains("view"), "{story:#?}");
}

/// The views are asked every two seconds, and the bake is over in one: nothing goes on before they had their say.
#[tokio::test(start_paused = true)]
async fn a_short_bake_ends_when_the_views_have_seen_the_release_and_not_before() {
    let bake = Duration::from_secs(1);
    let sky = Sky::default().fail_at_candidate(&[0, 1], ProbeClass::Status(500));
    let (outcome, story) = run(Plan { bake, ..blue_green() }, &sky).await;
    assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    let (outcome, story) = run(Plan { bake, ..blue_green() }, &Sky::default()).await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_quorum_goes_back_from_the_first_share_on() {
    let sky = Sky::default().fail_at_candidate(&[0, 1, 2], ProbeClass::Status(502));
    let (outcome, story) = run(canary(), &sky).await;
    assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    assert!(!story.chapters.iter().any(|chapter| chapter.step.as_deref() == Some("shift-50")), "{story:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_cut_off_waits_says_so_once_and_blames_nobody() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let (run, sky) = (Run::sealed(watched(blue_green())).await, Sky::default());
    let cut_off = async {
        run.until_watching("bake").await;
        sky.cut_off();
        // Longer than any step may go on failing.
        tokio::time::sleep(Duration::from_mins(10)).await;
        assert_eq!(run.outcome().await, Outcome::Unfinished, "{:#?}", run.story().await);
        assert_eq!(sim.split().await, Split::ALL_GREEN);
        sky.clear();
    };
    let world = sky.world(&sim);
    let (outcome, ()) = tokio::join!(run.drive_in(&world), cut_off);
    let story = run.story().await;
    assert_eq!(outcome, Outcome::Promoted, "{story:#?}");
    insta::assert_snapshot!(told(&story, &["bake"]), @"
    the former release: nothing left in flight
    no view is answered (no answer in time), and the backend does not answer either: this machine is cut off, so the run waits
    view http://a/ is down (no answer in time), after being up for TIME
    view http://b/ is down (no answer in time), after being up for TIME
    from outside the service is down; down: http://a/, http://b/
    view http://c/ is down (no answer in time), after being up for TIME
    the former release: nothing left in flight
    view http://a/ is up, after being down for TIME 56s
    view http://b/ is up, after being down for TIME 56s
    from outside the service is up; down: http://c/
    view http://c/ is up, after being down for TIME 56s
    the limits hold, proven: 0 of 2000 candidate requests failed (0.0 %), p95 5.0 ms
    ");
}

/// With a network that is back, a view answers well before it counts as up: that is no loss any more.
#[tokio::test(start_paused = true)]
async fn views_that_rise_slowly_after_a_cut_blame_nobody() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let run = Run::sealed(watched(blue_green())).await;
    let sky = Sky { rise: 5, ..Sky::default() };
    let cut_off = async {
        run.until_watching("bake").await;
        sky.cut_off();
        tokio::time::sleep(Duration::from_secs(30)).await;
        sky.clear();
    };
    let world = sky.world(&sim);
    let (outcome, ()) = tokio::join!(run.drive_in(&world), cut_off);
    assert_eq!(outcome, Outcome::Promoted, "{:#?}", run.story().await);
}

/// The backend answers again and the views are still down: then it is the release.
#[tokio::test(start_paused = true)]
async fn views_that_stay_down_when_the_network_is_back_take_the_release_back() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let (run, sky) = (Run::sealed(watched(blue_green())).await, Sky::default());
    let cut_off = async {
        run.until_watching("bake").await;
        sky.cut_off();
        tokio::time::sleep(Duration::from_mins(1)).await;
        sky.fail(&[0, 1, 2], ProbeClass::Timeout);
        sky.cut_off.store(false, Ordering::Relaxed);
    };
    let world = sky.world(&sim);
    let (outcome, ()) = tokio::join!(run.drive_in(&world), cut_off);
    assert_eq!(outcome, Outcome::RolledBack);
}

/// All the views fail alike, but somebody answered them, or the backend can be asked: that is no network of ours.
#[tokio::test(start_paused = true)]
async fn all_views_down_alike_take_a_release_back_where_the_backend_answers() {
    for class in [ProbeClass::Timeout, ProbeClass::Status(503)] {
        let (outcome, story) = run(blue_green(), &Sky::default().fail_at_candidate(&[0, 1, 2], class)).await;
        assert_eq!(outcome, Outcome::RolledBack, "{story:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_deployment_is_only_told_of() {
    let sim = Sim::empty(Candidate::default());
    let plan = Plan { stable: None, slot: Slot::Green, ..blue_green() };
    let (run, sky) = (Run::sealed(watched(plan)).await, Sky::default());
    sky.fail(&[0, 1, 2], ProbeClass::Refused);
    let outcome = run.drive_in(&sky.world(&sim)).await;
    assert_eq!(outcome, Outcome::Promoted, "{:#?}", run.story().await);
}

/// What was so before the switch is in the records: the next driver, which comes after it, goes by them.
#[tokio::test(start_paused = true)]
async fn a_driver_that_takes_over_in_the_bake_knows_which_views_count() {
    for (bad_before, wanted) in [(vec![], Outcome::RolledBack), (vec![0, 1], Outcome::Promoted)] {
        let sim = Sim::with_stable(Candidate::default()).await;
        let (run, sky) = (Run::sealed(watched(blue_green())).await, Sky::default());
        sky.fail(&bad_before, ProbeClass::Dns);
        let world = sky.world(&sim);
        tokio::select! {
            _ = run.drive_in(&world) => panic!("it was to be killed"),
            () = run.until_watching("bake") => {}
        }
        sky.fail(&[0, 1], ProbeClass::Dns);
        // Its lease runs out.
        tokio::time::sleep(Duration::from_mins(1)).await;
        let outlook = Some(Arc::new(Outlook::new(sky.views(&sim), &run.records().await)));
        let outcome = run.drive_in(&World { outlook, ..sky.world(&sim) }).await;
        assert_eq!(outcome, wanted, "{:#?}", run.story().await);
    }
}

#[tokio::test(start_paused = true)]
async fn the_records_say_how_each_view_stood_last() {
    let sim = Sim::with_stable(Candidate::default()).await;
    let plan = watched(Plan { bake: Duration::from_mins(10), ..blue_green() });
    let (run, sky) = (Run::sealed(plan).await, Sky::default().fail_at_candidate(&[1], ProbeClass::Refused));
    let looks = async {
        run.until_watching("bake").await;
        tokio::time::sleep(Duration::from_secs(30)).await;
        let lines = view_lines(&run.records().await);
        let standings: Vec<_> = lines.iter().map(|line| (line.standing, line.class, line.counts)).collect();
        let well = (Standing::Up, None, true);
        assert_eq!(standings, [well, (Standing::Down, Some(ProbeClass::Refused), true), well]);
        run.order(Order::Advance).await;
    };
    let world = sky.world(&sim);
    let (outcome, ()) = tokio::join!(run.drive_in(&world), looks);
    assert_eq!(outcome, Outcome::Promoted);
    let kept = run
        .records()
        .await
        .into_iter()
        .filter(|r| matches!(&r.body, Body::Noted { note, .. } if note.get("view").is_some()));
    assert_eq!(kept.count(), 1);
}

#[test]
fn the_outline_says_who_is_asked_and_only_where_somebody_would_act() {
    let step = |plan: Plan| plan.outline().forward.into_iter().find(|step| step.name.as_str() == "views");
    insta::assert_snapshot!(step(watched(canary())).unwrap().does, @"ask from outside, where 2 of 3 have to see it: http://a/, http://b/, http://c/");
    let nobody = [
        Plan { stable: None, ..watched(canary()) },
        Plan { bake: Duration::ZERO, ..watched(blue_green()) },
        canary(),
    ];
    assert!(nobody.into_iter().all(|plan| step(plan).is_none()));
}
