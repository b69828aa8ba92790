use std::time::Duration;

use handover_health::{Fleet as _, ProbeClass, RedisFleet, Standing, Tally};
use handover_testing::Redis;

fn tally(up: u32, down: u32) -> Tally {
    Tally { up, down }
}

#[tokio::test]
async fn instances_learn_from_one_another_through_redis() {
    let Some(redis) = Redis::start() else { return };
    let of = |service| RedisFleet::connect(&redis.url(), service).unwrap();
    let [first, second, third] = [(); 3].map(|()| of("shop"));
    assert_eq!(first.share("database", Standing::Down).await, Ok(tally(0, 1)));
    assert_eq!(second.share("database", Standing::Up).await, Ok(tally(1, 1)));
    assert_eq!(third.share("database", Standing::Starting).await, Ok(tally(1, 1)));
    assert_eq!(second.share("database", Standing::Down).await, Ok(tally(0, 2)));
    // Another check and another service are others.
    assert_eq!(first.share("queue", Standing::Up).await, Ok(tally(1, 0)));
    assert_eq!(of("mail").share("database", Standing::Up).await, Ok(tally(1, 0)));
}

#[tokio::test]
async fn who_is_gone_is_forgotten_and_strange_fields_are_removed() {
    let Some(redis) = Redis::start() else { return };
    let key = "handover:health:shop:database";
    redis.command(&["HSET", key, "long-gone", "up 1000", "strange", "\u{7}<b>"]);
    let fleet = RedisFleet::connect(&redis.url(), "shop").unwrap().with_fresh(Duration::from_mins(5));
    assert_eq!(fleet.share("database", Standing::Down).await, Ok(tally(0, 1)));
    assert_eq!(redis.command(&["HLEN", key]), ":1");
    let left = redis.command(&["PTTL", key]);
    assert!(left.trim_start_matches(':').parse::<u64>().unwrap() > 500_000, "{left}");
}

#[tokio::test]
async fn a_server_that_is_gone_or_of_another_kind_is_an_error() {
    let Some(mut redis) = Redis::start() else { return };
    let fleet = RedisFleet::connect(&redis.url(), "shop").unwrap();
    redis.command(&["SET", "handover:health:shop:database", "a string"]);
    assert_eq!(fleet.share("database", Standing::Down).await.unwrap_err().class(), ProbeClass::Rejected);
    redis.kill();
    assert_eq!(fleet.share("database", Standing::Down).await.unwrap_err().class(), ProbeClass::Refused);
    redis.revive();
    assert_eq!(fleet.share("database", Standing::Down).await, Ok(tally(0, 1)));
}
