//! Statement by statement: what is claimed beside what was done.

use std::collections::{BTreeMap, BTreeSet};

use crate::Failed;
use crate::lint::{Said, SaidStatement, lint};
use crate::project::Project;
use crate::tally::{RuleTally, Tally};
use crate::truth::{Class, File, Stmt, blocks};

/// A project with its figures.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) name: String,
    pub(crate) files: usize,
    pub(crate) tally: Tally,
    /// The same of DO blocks alone.
    pub(crate) blocks: Tally,
    /// Findings that are shown unless somebody asks for more.
    pub(crate) findings: usize,
    pub(crate) rules: BTreeMap<String, RuleTally>,
    pub(crate) said: Vec<Said>,
    pub(crate) mismatches: Vec<Mismatch>,
}

/// A statement of which something else is claimed than it did.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// The place of its file in the project.
    pub(crate) file: usize,
    pub(crate) line: usize,
    pub(crate) bytes: std::ops::Range<usize>,
    /// What differs: what was done, and what is claimed.
    pub(crate) differences: Vec<String>,
}

impl Compared {
    pub(crate) fn of(project: &Project) -> Result<Self, Failed> {
        let mut compared = Self {
            name: project.name.clone(),
            files: project.truth.len(),
            tally: Tally::default(),
            blocks: Tally::default(),
            findings: 0,
            rules: BTreeMap::new(),
            said: lint(&project.set, project.day)?,
            mismatches: Vec::new(),
        };
        let said = std::mem::take(&mut compared.said);
        let nothing = Said::default();
        for (place, file) in project.truth.iter().enumerate() {
            let said = said.get(place).unwrap_or(&nothing);
            compared.file(place, file, said, &project.set.migrations[place].sql);
        }
        compared.said = said;
        Ok(compared)
    }

    fn file(&mut self, place: usize, file: &File, said: &Said, sql: &str) {
        for stmt in &file.stmts {
            let differences = self.statement(stmt, said, sql);
            if !differences.is_empty() {
                let bytes = stmt.o0..stmt.o1;
                self.mismatches.push(Mismatch { file: place, line: stmt.l0, bytes, differences });
            }
        }
        for finding in &said.findings {
            self.findings += 1;
            let stmts = finding.places().filter_map(|at| file.stmts.iter().find(|stmt| holds(stmt, at)));
            self.rules.entry(finding.rule.clone()).or_default().add(of_rule(stmts));
        }
    }

    fn statement(&mut self, stmt: &Stmt, said: &Said, sql: &str) -> Vec<String> {
        let mut tally = Tally { statements: 1, ..Tally::default() };
        let differences = match (stmt.truth, matching(stmt, &said.statements)) {
            (None, _) => Vec::new(),
            (Some(truth), Some(said)) => compare(&mut tally, stmt, truth, said),
            (Some(truth), None) => unseen(&mut tally, stmt, truth),
        };
        let words = sql.get(stmt.o0..stmt.o1).unwrap_or_default();
        if words.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("do ")) {
            self.blocks.add(&tally);
        }
        self.tally.add(&tally);
        differences
    }
}

fn holds(stmt: &Stmt, at: usize) -> bool {
    stmt.o0 <= at && at < stmt.o1
}

fn of_rule<'a>(stmts: impl Iterator<Item = &'a Stmt>) -> RuleTally {
    let mut tally = RuleTally { findings: 1, ..RuleTally::default() };
    for stmt in stmts {
        tally.long += usize::from(stmt.truth == Some(Class::Long));
        tally.brief += usize::from(stmt.truth == Some(Class::Brief));
        tally.contract += usize::from(!stmt.contract.is_empty());
    }
    tally
}

/// The statement that the linter sees there: one that begins at the same byte, else one that shares some.
fn matching<'a>(stmt: &Stmt, said: &'a [SaidStatement]) -> Option<&'a SaidStatement> {
    let same = said.iter().find(|said| said.start == stmt.o0);
    same.or_else(|| said.iter().find(|said| said.start < stmt.o1 && stmt.o0 < said.end))
}

fn unseen(tally: &mut Tally, stmt: &Stmt, truth: Class) -> Vec<String> {
    tally.unseen = 1;
    let nothing = SaidStatement::nothing(stmt.o0, stmt.o1);
    let mut differences = compare(tally, stmt, truth, &nothing);
    differences.insert(0, "not seen".to_owned());
    differences
}

fn compare(tally: &mut Tally, stmt: &Stmt, truth: Class, said: &SaidStatement) -> Vec<String> {
    let mut differences = Vec::new();
    tally.judged = 1;
    tally.long.count(said.class == Class::Long, truth == Class::Long);
    tally.brief_or_long.count(said.class != Class::None, truth != Class::None);
    tally.class.count(said.class == truth);
    if said.class != truth {
        differences.push(format!("class {truth:?}, claimed {:?}", said.class));
    }
    differences.extend(locks(tally, stmt, said));
    differences.extend(work(tally, stmt, said));
    differences.extend(contract(tally, stmt, said));
    differences
}

fn locks(tally: &mut Tally, stmt: &Stmt, said: &SaidStatement) -> Option<String> {
    if !stmt.tabs.values().all(|tab| tab.lock.is_some()) {
        return None;
    }
    let done: BTreeSet<_> =
        stmt.tabs.iter().map(|(name, tab)| (&name[..], tab.lock.as_deref().unwrap_or_default())).collect();
    let tables = said.tables();
    let all = tables.iter().map(|(name, claim)| (*name, &claim.lock[..]));
    let told: BTreeSet<_> = all.filter(|(name, lock)| is_told(stmt, name, lock)).collect();
    tally.literal.count(said.locks() == done);
    tally.exact.count(told == done);
    if told == done {
        return None;
    }
    tally.inexact_assumed.count(said.is_assumed());
    let only = |of: &BTreeSet<(&str, &str)>, not: &BTreeSet<(&str, &str)>| format!("{:?}", of - not);
    let assumed = if said.is_assumed() { " (assumed)" } else { "" };
    Some(format!("locks {}, claimed {}{assumed}", only(&done, &told), only(&told, &done)))
}

/// Whether the corpora would have a claim if it is right: they leave out what has nobody wait and no work.
fn is_told(stmt: &Stmt, name: &str, lock: &str) -> bool {
    blocks(lock) || stmt.tabs.contains_key(name)
}

/// Only work under a lock that somebody waits for: the corpora tell of no other scans, and rows that are written depend on
/// the rows that are there.
fn work(tally: &mut Tally, stmt: &Stmt, said: &SaidStatement) -> Option<String> {
    if stmt.notx {
        return None;
    }
    let done: BTreeMap<_, BTreeSet<_>> = stmt
        .tabs
        .iter()
        .filter(|(_, tab)| tab.lock.as_deref().is_some_and(is_waited_for))
        .map(|(name, tab)| (&name[..], tab.work.iter().map(|work| &work[..]).collect()))
        .collect();
    let tables = said.tables();
    let told =
        tables.iter().filter(|(name, claim)| is_told(stmt, name, &claim.lock) && is_waited_for(&claim.lock));
    let claimed: BTreeMap<_, BTreeSet<_>> =
        told.map(|(name, claim)| (*name, claim.work.iter().map(|work| &work[..]).collect())).collect();
    tally.work.count(done == claimed);
    // A relation that is only in one of the two was told of with the locks.
    let differs = done.iter().any(|(name, work)| claimed.get(name).is_some_and(|claimed| claimed != work));
    differs.then(|| format!("work {done:?}, claimed {claimed:?}"))
}

/// Whether it is one that not everybody may hold at the same time, be they readers or writers.
fn is_waited_for(lock: &str) -> bool {
    blocks(lock) || lock == "ShareUpdateExclusiveLock"
}

fn contract(tally: &mut Tally, stmt: &Stmt, said: &SaidStatement) -> Option<String> {
    let done: BTreeSet<_> = stmt.contract.iter().cloned().collect();
    tally.contract.count(!said.contract.is_empty(), !done.is_empty());
    for change in done.union(&said.contract) {
        let hits = tally.contract_kinds.entry(change.0.clone()).or_default();
        hits.count(said.contract.contains(change), done.contains(change));
    }
    let (done, claimed) = (&done - &said.contract, &said.contract - &done);
    let differs = !done.is_empty() || !claimed.is_empty();
    differs.then(|| format!("contract {done:?}, claimed {claimed:?}"))
}
