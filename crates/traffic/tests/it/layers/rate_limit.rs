use tokio::time::Instant;

use super::*;

fn limited(burst: u32, patience: Duration) -> RateLimit<InMemory> {
    RateLimit::new(InMemory::new(), TokenBucket::new(burst, SECOND)).with_patience(patience)
}

#[tokio::test(start_paused = true)]
async fn a_burst_goes_through_at_once_and_the_rest_at_the_rate() {
    let (traffic, begun) = (limited(3, 10 * SECOND), Instant::now());
    let mut at = Vec::new();
    for _ in 0..6 {
        traffic.observe().await.unwrap();
        at.push(begun.elapsed().as_secs());
    }
    assert_eq!(at, [0, 0, 0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn an_idle_bucket_fills_up_and_no_further() {
    let traffic = limited(2, 10 * SECOND);
    traffic.observe().await.unwrap();
    tokio::time::sleep(60 * SECOND).await;
    let begun = Instant::now();
    for _ in 0..3 {
        traffic.observe().await.unwrap();
    }
    assert_eq!(begun.elapsed(), SECOND, "two at once, the third a second later");
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_too_long_is_told_how_long_and_takes_nobodys_turn() {
    let (traffic, begun) = (limited(1, SECOND), Instant::now());
    let calls = [to_green("first"), to_green("second"), to_green("third")];
    let (first, second, third) =
        tokio::join!(traffic.observe(), traffic.apply(&calls[1]), traffic.apply(&calls[2]));
    let said = third.unwrap_err();
    insta::assert_snapshot!(said, @"the rate limit asks to wait 2s");
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(traffic.inner().received(), 1, "what was throttled was not sent");
    traffic.observe().await.unwrap();
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn two_switchers_share_one_quota() {
    let quota = TokenBucket::new(1, SECOND);
    let pair = [(); 2].map(|()| RateLimit::new(InMemory::new(), quota.clone()));
    let begun = Instant::now();
    for traffic in &pair {
        traffic.drain(Slot::Green, SECOND).await.unwrap();
    }
    assert_eq!(begun.elapsed(), SECOND);
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_window_sees_more_than_its_burst_and_rate(
            burst in 1..5u32, pauses in proptest::collection::vec(0..3_000u64, 1..40),
        ) {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            let at = runtime.unwrap().block_on(async {
                let (traffic, begun) = (limited(burst, Duration::MAX), Instant::now());
                let mut at = Vec::new();
                for pause in pauses {
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    traffic.observe().await.unwrap();
                    at.push(begun.elapsed());
                }
                at
            });
            for (first, from) in at.iter().enumerate() {
                for (last, to) in at.iter().enumerate().skip(first) {
                    let allowed = u128::from(burst) + to.abs_diff(*from).as_millis() / 1_000;
                    prop_assert!((last - first + 1) as u128 <= allowed, "{at:?}");
                }
            }
        }
    }
}
