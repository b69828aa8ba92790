use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::FlagName;
use crate::flags::shared::Shared;
use crate::hot::Exposure;

type Tell = Arc<dyn Fn(&[Exposure]) + Send + Sync>;

/// Who is told how often flags were read.
#[derive(Clone)]
pub(in crate::flags) struct OnExposures {
    pub(in crate::flags) every: Duration,
    pub(in crate::flags) tell: Tell,
}

impl fmt::Debug for OnExposures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnExposures").field("every", &self.every).finish_non_exhaustive()
    }
}

/// Tells from time to time what was read since the last time.
pub(in crate::flags) async fn count(on_exposures: OnExposures, shared: Arc<Shared>) {
    let mut told: HashMap<FlagName, [u64; 2]> = HashMap::new();
    loop {
        tokio::time::sleep(on_exposures.every).await;
        let news: Vec<_> = shared.exposures().into_iter().filter_map(|now| since(&mut told, now)).collect();
        if !news.is_empty() {
            (on_exposures.tell)(&news);
        }
    }
}

fn since(told: &mut HashMap<FlagName, [u64; 2]>, now: Exposure) -> Option<Exposure> {
    let [off, on] = told.insert(now.flag.clone(), [now.off, now.on]).unwrap_or_default();
    let news = Exposure { flag: now.flag, on: now.on.wrapping_sub(on), off: now.off.wrapping_sub(off) };
    (news.on + news.off > 0).then_some(news)
}
