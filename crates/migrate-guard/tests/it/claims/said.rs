use std::collections::BTreeMap;

use handover_migrate_guard::claim::{Cause, Claim, RelationKind, Work, Works};
use handover_migrate_guard::replay::World;
use handover_migrate_guard::{Age, LintContext, Lock, PgVersion, TimeZone};

use super::case::Case;

/// What is said of each judged statement of a case, as the truth spells it.
pub(super) fn said(case: &Case, pg: PgVersion) -> Vec<String> {
    let mut context = LintContext::default();
    context.pg = pg;
    context.time_zone = TimeZone::Utc;
    let mut world = World::new(&context);
    world.begin_file(0);
    for statement in &case.history {
        world.run(statement);
    }
    world.begin_file(1);
    case.judged.iter().map(|statement| line(&world.run(statement).claims)).collect()
}

/// The strongest lock and all work of each relation that was there before.
fn line(claims: &[Claim]) -> String {
    let mut relations: BTreeMap<String, (Lock, Works)> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.age != Age::File) {
        let Some(kind) = letter(claim.kind) else { continue };
        let name = format!("{}({kind})", claim.relation);
        let (lock, work) = relations.entry(name).or_insert((claim.lock, Works::NONE));
        *lock = claim.lock.max(*lock);
        *work = work.and(counted(claim));
    }
    relations.iter().map(|(name, (lock, work))| spell(name, *lock, *work)).collect::<Vec<_>>().join(", ")
}

/// The truth looks at files: an index that keeps its file is not built, and that of a partitioned table has none.
fn counted(claim: &Claim) -> Works {
    let partitioned = claim.kind == RelationKind::Partitioned;
    if partitioned || matches!(claim.cause, Cause::KeepIndex) { Works::NONE } else { claim.work }
}

fn letter(kind: RelationKind) -> Option<char> {
    match kind {
        RelationKind::Table => Some('r'),
        RelationKind::Partitioned => Some('p'),
        RelationKind::Foreign => Some('f'),
        RelationKind::View => Some('v'),
        RelationKind::MaterializedView => Some('m'),
        _ => None,
    }
}

/// A scan is part of a rewrite, and of an index that is built.
fn spell(name: &str, lock: Lock, work: Works) -> String {
    let more = work.has(Work::Rewrite) || work.has(Work::Index);
    let words =
        [(Work::Dml, "dml"), (Work::Index, "index"), (Work::Rewrite, "rewrite"), (Work::Scan, "scan")];
    let said = words.iter().filter(|(kind, _)| work.has(*kind) && !(more && *kind == Work::Scan));
    let said: Vec<_> = said.map(|(_, word)| *word).collect();
    format!("{name} {} {}", short(lock), said.join("+")).trim_end().to_owned()
}

fn short(lock: Lock) -> &'static str {
    match lock {
        Lock::AccessShare => "AS",
        Lock::RowShare => "RS",
        Lock::RowExclusive => "RX",
        Lock::ShareUpdateExclusive => "SUX",
        Lock::Share => "S",
        Lock::ShareRowExclusive => "SRX",
        Lock::Exclusive => "X",
        Lock::AccessExclusive => "AX",
    }
}
