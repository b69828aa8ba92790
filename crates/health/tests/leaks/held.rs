use std::fs;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// Long enough that only a broken test meets it.
const PLENTY: Duration = Duration::from_secs(30);
const MOMENT: Duration = Duration::from_millis(20);

/// What this process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    files: usize,
    tasks: usize,
    threads: usize,
    children: usize,
}

impl Held {
    fn now() -> Self {
        let count = |folder: &str| fs::read_dir(folder).unwrap().count();
        Self {
            files: count("/proc/self/fd"),
            tasks: Handle::current().metrics().num_alive_tasks(),
            threads: count("/proc/self/task"),
            children: children(),
        }
    }

    /// What is held once nothing changes any more.
    pub(crate) async fn settled() -> Self {
        let mut last = Self::now();
        for _ in 0..10 {
            sleep(MOMENT).await;
            let now = Self::now();
            if now == last {
                break;
            }
            last = now;
        }
        last
    }

    /// Waits until no more is held than this: what was dropped takes a moment to go.
    pub(crate) async fn is_all_again(self, kind: &str) {
        let settle = async {
            while !Self::now().is_within(self) {
                sleep(MOMENT).await;
            }
        };
        let settled = timeout(PLENTY, settle).await;
        assert!(settled.is_ok(), "{kind}: {:?} where there was {self:?}", Self::now());
    }

    fn is_within(self, before: Self) -> bool {
        self.files <= before.files
            && self.tasks <= before.tasks
            && self.threads <= before.threads
            && self.children <= before.children
    }
}

fn children() -> usize {
    let parent = format!(" {} ", std::process::id());
    let stats = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path().join("stat"));
    let stats = stats.filter_map(|file| fs::read_to_string(file).ok());
    // Behind the name in brackets there are a state and the parent.
    stats.filter(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest[2..].starts_with(&parent))).count()
}
