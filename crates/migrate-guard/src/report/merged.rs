use std::collections::BTreeMap;

use serde::Serialize;

use crate::claim::{Claim, RelationKind, Works};
use crate::linter::StatementReport;
use crate::{Age, Evidence, Lock, QualifiedName};

/// All that a statement does to one relation.
#[derive(Debug, Serialize)]
pub(super) struct MergedClaim<'a> {
    relation: &'a QualifiedName,
    kind: RelationKind,
    /// The strongest.
    lock: Lock,
    /// All of it.
    work: Works,
    /// When it holds, if not always.
    when: Option<String>,
    evidence: Evidence,
}

/// The claims about tables, views and their like that were there before the file, one for each, by name.
pub(super) fn claims(statement: &StatementReport) -> Vec<MergedClaim<'_>> {
    let mut relations: BTreeMap<&QualifiedName, Vec<&Claim>> = BTreeMap::new();
    for claim in statement.claims.iter().filter(|claim| counts(claim)) {
        relations.entry(&claim.relation).or_default().push(claim);
    }
    relations.into_iter().filter_map(|(relation, claims)| merged(relation, &claims)).collect()
}

/// An index or a sequence is locked with its table; nobody waits for it alone.
fn counts(claim: &Claim) -> bool {
    let alone = matches!(claim.kind, RelationKind::Index | RelationKind::Sequence | RelationKind::Composite);
    claim.age != Age::File && !alone
}

fn merged<'a>(relation: &'a QualifiedName, claims: &[&Claim]) -> Option<MergedClaim<'a>> {
    let lock = claims.iter().map(|claim| claim.lock).max()?;
    let work = claims.iter().fold(Works::NONE, |all, claim| all.and(claim.work));
    Some(MergedClaim {
        relation,
        kind: claims.first()?.kind,
        lock,
        work,
        when: condition(claims, lock, work),
        evidence: claims.iter().map(|claim| claim.evidence).min().unwrap_or_default(),
    })
}

/// Conditions under which it is less: none, if one claim holds always and says it all.
fn condition(claims: &[&Claim], lock: Lock, work: Works) -> Option<String> {
    let always = claims.iter().filter(|claim| claim.when.is_none());
    let sure = always
        .fold((None, Works::NONE), |(most, all), claim| (most.max(Some(claim.lock)), all.and(claim.work)));
    if sure == (Some(lock), work) {
        return None;
    }
    let mut conditions: Vec<&str> = claims.iter().filter_map(|claim| claim.when.as_deref()).collect();
    conditions.dedup();
    Some(conditions.join("; ")).filter(|joined| !joined.is_empty())
}

/// What changes for code on what was there before the file: `["drop_column", "email"]`.
pub(super) fn contract(statement: &StatementReport) -> Vec<(&'static str, &str)> {
    let changes = statement.changes.iter();
    let old = changes.filter(|change| change.age != Age::File && change.kind.is_contract());
    let mut contract: Vec<_> = old.map(|change| (change.kind.code(), change.name.as_str())).collect();
    contract.sort_unstable();
    contract.dedup();
    contract
}
