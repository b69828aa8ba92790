use super::chosen::Chosen;
use super::transactions::Transactions;
use crate::claim::Class;
use crate::ddl::Statement;
use crate::lines::Lines;
use crate::linter::fold::fold;
use crate::linter::{FileReport, Finding, StatementReport, allow};
use crate::replay::{Effects, World};
use crate::rules::{FileMoment, Moment};
use crate::{Age, Baseline, Layout, LintContext, Migration, MigrationSet, QualifiedName};

/// Which relations each earlier file of the release locked, in order.
type LockedBefore = Vec<(String, Vec<QualifiedName>)>;

/// Replays every file and judges those of the release.
pub(super) fn all(
    set: &MigrationSet,
    lowered: impl Iterator<Item = Vec<Statement>>,
    context: &LintContext,
) -> Vec<FileReport> {
    let rules = Chosen::of(context);
    let mut world = World::new(context);
    let mut locked = LockedBefore::new();
    let mut files = Vec::new();
    for (place, (migration, statements)) in set.migrations.iter().zip(lowered).enumerate() {
        world.begin_file(place);
        if is_applied(place, context.baseline) {
            for statement in &statements {
                replayed(&mut world, migration, statement);
            }
        } else {
            files.push(file((set.layout, migration), statements, &mut world, &rules, &mut locked));
        }
    }
    files
}

fn is_applied(place: usize, baseline: Baseline) -> bool {
    matches!(baseline, Baseline::From(first) if place < first)
}

/// A statement, what it does, and the transaction it runs in.
type Seen = (Statement, Effects, Option<usize>);

fn file(
    (layout, migration): (Layout, &Migration),
    statements: Vec<Statement>,
    world: &mut World<'_>,
    rules: &Chosen,
    locked: &mut LockedBefore,
) -> FileReport {
    let mut transactions = Transactions::new(migration.wrapping, statements.len());
    let mut findings = Vec::new();
    let mut seen: Vec<Seen> = Vec::with_capacity(statements.len());
    for statement in statements {
        let transaction = transactions.of(&statement);
        let before = Before { layout, migration, statement: &statement, transaction };
        let effects = one(&before, world, rules, &mut findings);
        seen.push((statement, effects, transaction));
    }
    for (rule, look) in &rules.file {
        let (context, catalog) = (world.context, &world.catalog);
        let moment =
            FileMoment { rule, context, migration, catalog, statements: &seen, locked_before: locked };
        look(&moment, &mut findings);
    }
    locked.push((migration.path.clone(), lock_order(&seen)));
    report(migration, seen, findings, world.context)
}

/// What is known of a statement before it is replayed.
struct Before<'a> {
    layout: Layout,
    migration: &'a Migration,
    statement: &'a Statement,
    transaction: Option<usize>,
}

fn one(before: &Before<'_>, world: &mut World<'_>, rules: &Chosen, findings: &mut Vec<Finding>) -> Effects {
    let effects = replayed(world, before.migration, before.statement);
    for (rule, look) in &rules.statement {
        let moment = Moment {
            rule,
            context: world.context,
            migration: before.migration,
            catalog: &world.catalog,
            path: &world.path,
            statement: before.statement,
            effects: &effects,
            transaction: before.transaction,
            layout: before.layout,
        };
        look(&moment, findings);
    }
    effects
}

/// What a statement does; what it may have done besides is held against what comes after it.
fn replayed(world: &mut World<'_>, migration: &Migration, statement: &Statement) -> Effects {
    let effects = world.run(statement);
    if !effects.opaque.is_empty() {
        let span = statement.span;
        world.doubt(migration.text.get(span.start..span.end).unwrap_or_default());
    }
    effects
}

/// The relations that a file locks so that others wait, in the order it locks them.
fn lock_order(seen: &[Seen]) -> Vec<QualifiedName> {
    let mut order: Vec<QualifiedName> = Vec::new();
    for claim in seen.iter().flat_map(|(_, effects, _)| &effects.claims) {
        if claim.age != Age::File && claim.lock.blocks() && !order.contains(&claim.relation) {
            order.push(claim.relation.clone());
        }
    }
    order
}

fn report(
    migration: &Migration,
    seen: Vec<Seen>,
    findings: Vec<Finding>,
    context: &LintContext,
) -> FileReport {
    let statements = seen.iter().map(|(statement, ..)| statement);
    let (mut findings, suppressed) = allow::split(migration, statements, findings, context);
    findings.sort_by(|one, other| (one.span, one.rule).cmp(&(other.span, other.rule)));
    let lines = Lines::of(&migration.text);
    FileReport {
        path: migration.path.clone(),
        text: migration.text.clone(),
        filled_in: migration.text != migration.raw,
        wrapping: migration.wrapping,
        statements: seen.into_iter().map(|seen| statement(seen, &lines)).collect(),
        findings: fold(findings),
        suppressed,
    }
}

fn statement((statement, effects, transaction): Seen, lines: &Lines) -> StatementReport {
    StatementReport {
        span: statement.span,
        line: lines.line(statement.span.start),
        class: Class::of(&effects.claims),
        in_transaction: transaction.is_some(),
        claims: effects.claims,
        changes: effects.changes,
    }
}
