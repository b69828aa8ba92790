use super::World;
use crate::TimeZone;
use crate::catalog::{Mark, SearchPath};
use crate::ddl::{Setting, Transaction};

/// What the session of a runner has set, as far as a verdict depends on it, and where it may go back to.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    set: Settings,
    /// What holds until the transaction ends.
    local: Option<Settings>,
    begun: Option<Point>,
    savepoints: Vec<(String, Point)>,
}

/// Settings of a session; `None` is what it came with.
#[derive(Clone, Debug, Default)]
struct Settings {
    path: Option<SearchPath>,
    time_zone: Option<TimeZone>,
}

/// A moment that can be gone back to.
#[derive(Clone, Debug)]
struct Point {
    set: Settings,
    local: Option<Settings>,
    catalog: Mark,
}

impl World<'_> {
    /// A session of its own, as each file has. Its runner may have begun a transaction in it.
    pub(super) fn new_session(&mut self) {
        self.forget_points();
        self.session = Session::default();
        self.begin();
        self.settle();
    }

    /// `SET`, `RESET`, `set_config`.
    pub(super) fn set(&mut self, setting: &Setting) {
        let session = &mut self.session;
        if setting.local {
            session.local.get_or_insert_with(|| session.set.clone()).change(setting);
        } else {
            session.set.change(setting);
            session.local.iter_mut().for_each(|local| local.change(setting));
        }
        self.settle();
    }

    /// `BEGIN`, `COMMIT`, `ROLLBACK` and savepoints.
    pub(super) fn transact(&mut self, transaction: &Transaction) {
        match transaction {
            Transaction::Begin => self.begin(),
            Transaction::Commit => self.end(),
            Transaction::Rollback => self.roll_back(),
            Transaction::Savepoint(name) => {
                let point = self.point();
                self.session.savepoints.push((name.clone(), point));
            }
            Transaction::Release(name) => {
                let kept = self.savepoint(name).unwrap_or(usize::MAX);
                self.forget_savepoints(kept);
            }
            Transaction::RollbackTo(name) => self.roll_back_to(name),
            Transaction::Other => {}
        }
    }

    fn begin(&mut self) {
        self.forget_points();
        self.session.begun = Some(self.point());
    }

    fn end(&mut self) {
        self.forget_points();
        self.session.local = None;
        self.settle();
    }

    fn roll_back(&mut self) {
        self.forget_savepoints(0);
        if let Some(point) = self.session.begun.clone() {
            self.go_back(point);
        }
        self.end();
    }

    fn roll_back_to(&mut self, name: &str) {
        let Some(at) = self.savepoint(name) else { return };
        self.forget_savepoints(at + 1);
        if let Some((_, point)) = self.session.savepoints.last().cloned() {
            self.go_back(point);
        }
    }

    fn savepoint(&self, name: &str) -> Option<usize> {
        self.session.savepoints.iter().rposition(|(is, _)| is == name)
    }

    fn point(&mut self) -> Point {
        Point {
            set: self.session.set.clone(),
            local: self.session.local.clone(),
            catalog: self.catalog.mark(),
        }
    }

    fn go_back(&mut self, point: Point) {
        self.session.set = point.set;
        self.session.local = point.local;
        self.catalog.roll_back(point.catalog);
        self.settle();
    }

    fn forget_points(&mut self) {
        self.forget_savepoints(0);
        if let Some(point) = self.session.begun.take() {
            self.catalog.release(point.catalog);
        }
    }

    fn forget_savepoints(&mut self, kept: usize) {
        while self.session.savepoints.len() > kept {
            if let Some((_, point)) = self.session.savepoints.pop() {
                self.catalog.release(point.catalog);
            }
        }
    }

    /// Makes what is looked at what was set.
    fn settle(&mut self) {
        let settings = self.session.local.as_ref().unwrap_or(&self.session.set);
        self.path = settings.path.clone().unwrap_or_default();
        self.time_zone = settings.time_zone.unwrap_or(self.context.time_zone);
    }
}

impl Settings {
    fn change(&mut self, setting: &Setting) {
        match setting.name.as_str() {
            "search_path" => self.path = setting.value.as_deref().map(path_of),
            "timezone" | "time zone" => self.time_zone = setting.value.as_deref().map(time_zone_of),
            _ => {}
        }
    }
}

/// The schemas of a `search_path`, less those that are searched anyway or are nobody's.
fn path_of(value: &str) -> SearchPath {
    let parts = value.split(',').map(|part| part.trim().trim_matches('"').trim_matches('\''));
    let named = parts.filter(|part| !matches!(*part, "" | "$user" | "pg_catalog" | "pg_temp"));
    SearchPath(named.map(ToOwned::to_owned).collect())
}

/// Whether a time zone never differs from UTC: `TimestampTimestampTzRequiresRewrite` asks the same.
fn time_zone_of(value: &str) -> TimeZone {
    const UTC: [&str; 14] = [
        "utc",
        "etc/utc",
        "gmt",
        "etc/gmt",
        "uct",
        "etc/uct",
        "zulu",
        "etc/zulu",
        "universal",
        "etc/universal",
        "greenwich",
        "etc/greenwich",
        "0",
        "+00",
    ];
    let folded = value.to_ascii_lowercase();
    if UTC.contains(&folded.as_str()) { TimeZone::Utc } else { TimeZone::Other }
}
