use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::invalid::InvalidQuorum;
use super::need::Need;
use super::view::View;
use crate::guarded::guarded;
use crate::{HealthProbe, Healthy, ProbeClass, ProbeError, Standing};

/// Several views of one service, of which so many have to find it well.
///
/// As a probe it asks all of them at once, each in a task of its own, and answers as soon as the outcome is certain
/// either way; whoever has not answered by then is dropped. A failure's class is the commonest among the views that
/// failed, and its detail names them.
///
/// ```
/// # use handover_health::{InvalidQuorum, Quorum, View, probe_fn};
/// # fn main() -> Result<(), InvalidQuorum> {
/// let home = View::new("home", probe_fn(|| async { Ok(()) }));
/// let away = View::new("away", probe_fn(|| async { Ok(()) }));
/// let either = Quorum::new([home, away], 1)?;
/// # let _ = either; Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Quorum {
    pub(super) views: Vec<View>,
    pub(super) need: Need,
}

/// The views that failed, by their place in the list.
type Failures = Vec<(usize, ProbeError)>;

impl Quorum {
    /// Well where `need` of these views find it well.
    ///
    /// # Errors
    ///
    /// No view, one without a name, two of one name, or `need` is not from 1 to the number of views.
    pub fn new(views: impl IntoIterator<Item = View>, need: usize) -> Result<Self, InvalidQuorum> {
        let views: Vec<View> = views.into_iter().collect();
        check_names(&views)?;
        let of = views.len();
        if need == 0 || need > of {
            return Err(InvalidQuorum::Need { need, of });
        }
        Ok(Self { views, need: Need { need, of } })
    }

    /// Well where more than half of these views find it well.
    ///
    /// # Errors
    ///
    /// As [`Quorum::new`].
    pub fn majority(views: impl IntoIterator<Item = View>) -> Result<Self, InvalidQuorum> {
        let views: Vec<View> = views.into_iter().collect();
        let need = views.len() / 2 + 1;
        Self::new(views, need)
    }

    /// Who is asked, in the order given.
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// How many of them are needed.
    pub const fn need(&self) -> usize {
        self.need.need
    }

    fn ask_all(&self, deadline: Duration) -> JoinSet<(usize, Result<Healthy, ProbeError>)> {
        let mut asked = JoinSet::new();
        for (index, view) in self.views.iter().enumerate() {
            let probe = view.probe.clone();
            let answer = guarded(async move { probe.check(deadline).await }, deadline);
            asked.spawn(async move { (index, answer.await) });
        }
        asked
    }

    /// Why it is not well, by the views that say so.
    fn failed(&self, mut failures: Failures) -> ProbeError {
        // In the order of the views, whoever was faster: the same failures make the same message.
        failures.sort_by_key(|(index, _)| *index);
        let said = |(index, error): &(usize, ProbeError)| {
            format!("{}: {error} ({})", self.views[*index].name, error.detail())
        };
        let names: Vec<_> = failures.iter().map(said).collect();
        let Need { need, of } = self.need;
        let detail = format!("{need} of {of} views are needed, and these failed: {}", names.join("; "));
        ProbeError::new(commonest(&failures), detail)
    }
}

#[async_trait]
impl HealthProbe for Quorum {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let begun = Instant::now();
        // Dropped at the end of this, with everybody whose answer is no longer needed.
        let mut asked = self.ask_all(deadline);
        let (mut well, mut failures) = (0, Failures::new());
        while let Some(answer) = asked.join_next().await {
            match answer {
                Ok((_, Ok(_))) => well += 1,
                Ok((index, Err(error))) => failures.push((index, error)),
                // Only where the runtime itself ends: what panics does so further in.
                Err(_) => continue,
            }
            match self.need.standing(well, failures.len()) {
                Standing::Up => return Ok(Healthy::after(begun.elapsed())),
                Standing::Down => break,
                Standing::Starting => {}
            }
        }
        Err(self.failed(failures))
    }
}

fn check_names(views: &[View]) -> Result<(), InvalidQuorum> {
    let mut seen = BTreeSet::new();
    for (number, view) in (1..).zip(views) {
        if view.name.is_empty() {
            return Err(InvalidQuorum::Nameless { number });
        }
        if !seen.insert(&view.name) {
            return Err(InvalidQuorum::Twice(view.name.to_string()));
        }
    }
    if views.is_empty() { Err(InvalidQuorum::Empty) } else { Ok(()) }
}

/// The class of most failures; of several as common, that of the first view.
fn commonest(failures: &[(usize, ProbeError)]) -> ProbeClass {
    let count = |class| failures.iter().filter(|(_, error)| error.class() == class).count();
    let classes = failures.iter().map(|(_, error)| error.class());
    // `max_by_key` prefers the last of equals.
    classes.rev().max_by_key(|class| count(*class)).unwrap_or(ProbeClass::Other)
}
