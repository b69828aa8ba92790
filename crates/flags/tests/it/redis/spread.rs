//! How long it takes until all know.

use tokio::time::Instant;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_watchers_hear_of_a_plain_set() {
    let Some(redis) = Redis::start() else { return };
    let count = std::env::var("HANDOVER_WATCHERS").ok().and_then(|count| count.parse().ok()).unwrap_or(100);
    let begun = Instant::now();
    let beginning: Vec<_> =
        (0..count).map(|_| tokio::spawn(Told::begun(store(&redis.url()).watch()))).collect();
    let mut all = Vec::new();
    for told in beginning {
        all.push(told.await.unwrap());
    }
    println!("{count} watchers began in {:?}", begun.elapsed());
    let mut took = Vec::new();
    for round in 0..20 {
        let text: &str = &round.to_string();
        let waiting: Vec<_> = all
            .drain(..)
            .map(|mut told| {
                let held = Held::from(text);
                tokio::spawn(async move {
                    told.until_is(&gate("kill"), Some(&held)).await;
                    (Instant::now(), told)
                })
            })
            .collect();
        let set = Instant::now();
        redis.command(&["SET", "feature:kill", text]);
        let mut last = set;
        for waiting in waiting {
            let (known, told) = waiting.await.unwrap();
            last = last.max(known);
            all.push(told);
        }
        took.push(last - set);
    }
    took.sort_unstable();
    println!("until all {count} knew: median {:?}, worst {:?}", took[took.len() / 2], took[took.len() - 1]);
    assert!(all.iter().all(|told| told.contents == 1 && told.noticed.is_empty()));
}
