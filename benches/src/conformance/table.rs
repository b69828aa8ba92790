use std::fmt;

use handover_traffic::testkit::{Outcome, POINTS, Point, Report};

/// Promises down, backends across; below it, in words, whatever is not `held`. A promise that a backend does not claim is
/// a dash: there are many columns, and a line of a README is only so wide.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
}

/// One backend.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    /// An error is why it could not be run.
    pub(crate) found: Result<Report, String>,
}

impl Table {
    /// How many promises are broken, over all backends.
    pub(crate) fn broken(&self) -> usize {
        self.reports()
            .flat_map(|(_, report)| report.lines())
            .filter(|(_, outcome)| outcome.is_broken())
            .count()
    }

    /// Those that ran.
    fn reports(&self) -> impl Iterator<Item = (&'static str, &Report)> {
        self.columns.iter().filter_map(|column| Some((column.name, column.found.as_ref().ok()?)))
    }

    fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| promise |")?;
        self.reports().try_for_each(|(name, _)| write!(f, " {name} |"))?;
        write!(f, "\n|---|")?;
        self.reports().try_for_each(|_| write!(f, "---|"))?;
        writeln!(f)
    }

    fn row(&self, f: &mut fmt::Formatter<'_>, point: Point) -> fmt::Result {
        write!(f, "| {} {} |", point.number(), point.promise())?;
        for outcome in self.reports().filter_map(|(_, report)| of(report, point)) {
            write!(f, " {} |", cell(outcome))?;
        }
        writeln!(f)
    }

    /// Why, for each that is not held; backends of which the same is to be said share a line.
    fn notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for point in POINTS {
            for (outcome, names) in self.unheld(point) {
                writeln!(f, "- {}, {}: {outcome}", point.number(), names.join(", "))?;
            }
        }
        for (name, why) in self.columns.iter().filter_map(|one| Some((one.name, one.found.as_ref().err()?))) {
            writeln!(f, "- {name} was not run: {why}")?;
        }
        Ok(())
    }

    /// What is said of a promise instead of `held`, and of which backends, in the order of the columns.
    fn unheld(&self, point: Point) -> Vec<(&Outcome, Vec<&'static str>)> {
        let mut said: Vec<(&Outcome, Vec<&'static str>)> = Vec::new();
        let all = self.reports().filter_map(|(name, report)| Some((name, of(report, point)?)));
        for (name, outcome) in all.filter(|(_, outcome)| **outcome != Outcome::Held) {
            match said.iter_mut().find(|(other, _)| *other == outcome) {
                Some((_, names)) => names.push(name),
                None => said.push((outcome, vec![name])),
            }
        }
        said
    }

    fn has_notes(&self) -> bool {
        let sound = |report: &Report| report.lines().all(|(_, outcome)| *outcome == Outcome::Held);
        !self.columns.iter().all(|column| column.found.as_ref().is_ok_and(sound))
    }
}

fn of(report: &Report, point: Point) -> Option<&Outcome> {
    report.lines().find(|(other, _)| other.number() == point.number()).map(|(_, outcome)| outcome)
}

const fn cell(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Held => "held",
        Outcome::NotClaimed(_) => "–",
        Outcome::Broken(_) => "**broken**",
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        POINTS.into_iter().try_for_each(|point| self.row(f, point))?;
        if self.has_notes() {
            writeln!(f)?;
        }
        self.notes(f)
    }
}

#[cfg(test)]
mod tests {
    use handover_traffic::InMemory;
    use handover_traffic::testkit::{Model, report};

    use super::*;

    #[tokio::test]
    async fn what_is_not_held_is_told_in_words_below_the_table() {
        let bare = Column { name: "bare", found: Ok(report(&InMemory::new()).await) };
        let model = Column { name: "model", found: Ok(report(&Model::new()).await) };
        let absent = Column { name: "absent", found: Err("it is not installed".into()) };
        let table = Table { columns: vec![bare, model, absent] };
        assert_eq!(table.broken(), 0);
        insta::assert_snapshot!(table, @"
        | promise | bare | model |
        |---|---|---|
        | 1 read your change | held | held |
        | 2 all or nothing | held | held |
        | 3 compare and set | held | held |
        | 4 refuse early | – | – |
        | 5 say what is not known | – | held |
        | 6 once | held | held |
        | 7 fence | held | held |
        | 8 the way back is open | held | held |
        | 9 clean is clean | – | held |
        | 10 others' things stay | – | held |

        - 4, bare, model: not claimed: a limit: it expresses every route
        - 5, bare: not claimed: a path without answers
        - 9, bare: not claimed: a user's request that stays open (an idle slot is clean)
        - 10, bare: not claimed: a sight of what belongs to others
        - absent was not run: it is not installed
        ");
    }
}
