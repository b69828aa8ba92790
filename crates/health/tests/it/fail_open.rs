//! Several instances that lose a dependency together, on a clock that is held still.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{Check, Event, Fleet, Health, ProbeClass, ProbeError, Standing, State, Tally};
use tokio::time::sleep;

use crate::scripted::{Behaviour, Dependency};

const SECOND: Duration = Duration::from_secs(1);

/// What each instance said last.
type Board = Arc<Mutex<BTreeMap<u32, Standing>>>;

#[derive(Debug)]
struct Member {
    number: u32,
    board: Board,
    cut_off: Arc<Mutex<bool>>,
}

#[async_trait]
impl Fleet for Member {
    async fn share(&self, check: &str, standing: Standing) -> Result<Tally, ProbeError> {
        assert_eq!(check, "database");
        if *self.cut_off.lock().unwrap() {
            return Err(ProbeError::new(ProbeClass::Refused, ""));
        }
        // The others are not asked in no time.
        sleep(SECOND / 10).await;
        let mut board = self.board.lock().unwrap();
        board.insert(self.number, standing);
        let count = |wanted| board.values().filter(|said| **said == wanted).count().try_into().unwrap();
        Ok(Tally { up: count(Standing::Up), down: count(Standing::Down) })
    }
}

struct Instance {
    database: Arc<Dependency>,
    health: Health,
    cut_off: Arc<Mutex<bool>>,
}

fn fleet(instances: u32) -> Vec<Instance> {
    let board = Board::default();
    let instance = |number| {
        let (database, cut_off) = (Dependency::that(Behaviour::Well), Arc::new(Mutex::new(false)));
        let member = Member { number, board: board.clone(), cut_off: cut_off.clone() };
        let check = Check::new("database", database.clone()).every(SECOND).fall(2).fail_open(member, 2);
        Instance { health: Health::builder("shop", "2.0.0").check(check).start().unwrap(), database, cut_off }
    };
    (0..instances).map(instance).collect()
}

fn states(fleet: &[Instance]) -> Vec<State> {
    fleet.iter().map(|instance| instance.health.report().state).collect()
}

fn all_lose_it(fleet: &[Instance]) {
    for instance in fleet {
        instance.database.now(DOWN);
    }
}

const DOWN: Behaviour = Behaviour::Fails(ProbeClass::Refused);

#[tokio::test(start_paused = true)]
async fn who_alone_lost_the_dependency_takes_no_traffic() {
    let fleet = fleet(3);
    sleep(2 * SECOND).await;
    fleet[0].database.now(DOWN);
    sleep(10 * SECOND).await;
    assert_eq!(states(&fleet), [State::Unready, State::Ready, State::Ready]);
}

#[tokio::test(start_paused = true)]
async fn when_everybody_lost_it_everybody_stays_and_one_that_has_it_back_shuts_the_others() {
    let fleet = fleet(3);
    sleep(2 * SECOND).await;
    let mut events = fleet[0].health.subscribe();
    all_lose_it(&fleet);
    sleep(10 * SECOND).await;
    assert_eq!(states(&fleet), [State::Degraded; 3]);
    // Not for a moment was it without traffic while the others were asked.
    while let Ok(event) = events.try_recv() {
        assert!(!matches!(event, Event::State { to: State::Unready, .. }), "{event:?}");
    }
    let check = fleet[0].health.report().checks[0].clone();
    assert!(check.failing_open && check.class() == Some(ProbeClass::Refused));
    fleet[1].database.now(Behaviour::Well);
    sleep(10 * SECOND).await;
    assert_eq!(states(&fleet), [State::Unready, State::Ready, State::Unready]);
}

#[tokio::test(start_paused = true)]
async fn who_cannot_ask_the_others_does_not_call_itself_everybody() {
    let fleet = fleet(3);
    sleep(2 * SECOND).await;
    all_lose_it(&fleet);
    *fleet[2].cut_off.lock().unwrap() = true;
    sleep(10 * SECOND).await;
    assert_eq!(states(&fleet)[2], State::Unready);
}

#[tokio::test(start_paused = true)]
async fn a_lonely_instance_is_not_everybody() {
    let fleet = fleet(1);
    sleep(2 * SECOND).await;
    fleet[0].database.now(DOWN);
    sleep(10 * SECOND).await;
    assert_eq!(states(&fleet), [State::Unready]);
}
