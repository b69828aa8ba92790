//! The truth held against the server that is here, if one is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::OnceLock;

use handover_migrate_guard::claim::Change;
use handover_migrate_guard::replay::World;
use handover_migrate_guard::{Age, Evidence, LintContext, PgVersion, TimeZone};
use handover_testing::Postgres;
use handover_testing::truth::{Observed, Touched, Tracer, split};

use super::FAMILIES;
use super::case::{Case, cases};
use super::truth::truths;

/// Of a statement that is to be run outside of a transaction.
const OUTSIDE: &str = "cannot run inside a transaction block";

/// Where what is said differs, and why.
const OTHERWISE: [(&str, &str); 2] = [
    ("DEFAULT NULL::varchar", "the server keeps it as a default, and it gives nothing"),
    ("DROP EXTENSION", "which types an extension has is not known"),
];

/// What the server here did, family by family, and its version.
struct Live {
    pg: PgVersion,
    families: Vec<Vec<Observed>>,
}

#[test]
fn the_truth_is_what_the_server_here_does() {
    let Some(live) = live() else { return };
    let mut told = String::new();
    for (family, observed) in FAMILIES.iter().zip(&live.families) {
        for (judged, observed) in truths(family).iter().zip(observed) {
            // Not every server can do what those did that the truth is of: a role, an extension is missing.
            let skipped = observed.outside || observed.error.is_some();
            let (Some(written), false) = (judged.seen(live.pg), skipped) else { continue };
            let seen = line(observed);
            if written != seen {
                writeln!(told, "{family} {}\n   truth {written}\n   seen  {seen}", judged.name).unwrap();
            }
        }
    }
    assert!(told.is_empty(), "PostgreSQL {}:\n{told}", live.pg);
}

#[test]
fn what_is_said_to_change_for_code_is_what_the_server_here_changes() {
    let Some(live) = live() else { return };
    let mut told = String::new();
    for (family, observed) in FAMILIES.iter().zip(&live.families) {
        let said = cases(family).into_iter().flat_map(|case| said_to_change(&case, live.pg));
        for ((sql, said), observed) in said.zip(observed).filter(|(_, observed)| observed.error.is_none()) {
            let seen = changed(observed);
            let otherwise = OTHERWISE.iter().any(|(part, _)| sql.contains(part));
            if said != seen && !otherwise {
                let (seen, said) = (&seen - &said, &said - &seen);
                writeln!(told, "{family} {sql}\n   seen {seen:?}\n   said {said:?}").unwrap();
            }
        }
    }
    assert!(told.is_empty(), "PostgreSQL {}:\n{told}", live.pg);
}

/// Runs every case once, for whoever asks.
fn live() -> Option<&'static Live> {
    static LIVE: OnceLock<Option<Live>> = OnceLock::new();
    LIVE.get_or_init(run).as_ref()
}

fn run() -> Option<Live> {
    let server = Postgres::start()?;
    let mut tracer = Tracer::connect(&server.url());
    let pg = PgVersion::new(tracer.major()).unwrap();
    let families = FAMILIES.iter().map(|family| run_family(&mut tracer, family)).collect();
    Some(Live { pg, families })
}

fn run_family(tracer: &mut Tracer, family: &str) -> Vec<Observed> {
    let mut there = None;
    let mut observed = Vec::new();
    for case in cases(family) {
        let prepared =
            if there.as_ref() == Some(&case.history_sql) { Ok(()) } else { prepare(tracer, &case) };
        let undone = match prepared {
            Ok(()) => run_case(tracer, &case, &mut observed),
            Err(why) => {
                let failed = Observed { error: Some(why), ..Observed::default() };
                observed.extend(case.judged.iter().map(|_| failed.clone()));
                false
            }
        };
        there = undone.then_some(case.history_sql);
    }
    observed
}

fn prepare(tracer: &mut Tracer, case: &Case) -> Result<(), String> {
    tracer.reset();
    split(&case.history_sql).into_iter().try_for_each(|range| tracer.prepare(&case.history_sql[range]))
}

/// Runs the statements of a case; whether nothing is left of it.
fn run_case(tracer: &mut Tracer, case: &Case, observed: &mut Vec<Observed>) -> bool {
    tracer.begin_file();
    let statements = split(&case.judged_sql);
    if let [one] = &statements[..] {
        let done = tracer.try_out(&case.judged_sql[one.clone()]);
        if done.error.as_ref().is_none_or(|error| !error.contains(OUTSIDE)) {
            observed.push(done);
            return true;
        }
    }
    observed.extend(statements.into_iter().map(|range| tracer.run(&case.judged_sql[range])));
    false
}

/// What was observed, as the truth spells it.
fn line(observed: &Observed) -> String {
    let told = observed.touched.iter().filter(|(_, touched)| "rpfvm".contains(touched.kind));
    told.map(|(name, touched)| spell(name, touched)).collect::<Vec<_>>().join(", ")
}

fn spell(name: &str, touched: &Touched) -> String {
    // An index of a partitioned table has no file.
    let of_file = |work: &str| work != "index" || touched.kind != 'p';
    let more = touched.work.iter().any(|work| matches!(*work, "index" | "rewrite"));
    let work = touched.work.iter().filter(|work| of_file(work) && !(more && **work == "scan"));
    let lock = touched.lock.map_or_else(|| "-".to_owned(), letters);
    format!("{name}({}) {lock} {}", touched.kind, work.copied().collect::<Vec<_>>().join("+"))
        .trim_end()
        .to_owned()
}

/// The first letters of the words in it, those of `Lock` left out.
fn letters(lock: &str) -> String {
    let name = lock.strip_suffix("Lock").unwrap_or(lock).replace("Exclusive", "X");
    name.chars().filter(char::is_ascii_uppercase).collect()
}

fn changed(observed: &Observed) -> BTreeSet<(&str, String)> {
    observed.contract.iter().map(|(kind, name)| (*kind, name.clone())).collect()
}

/// What each judged statement is said to change.
fn said_to_change(case: &Case, pg: PgVersion) -> Vec<(String, BTreeSet<(&'static str, String)>)> {
    let mut context = LintContext::default();
    context.pg = pg;
    context.time_zone = TimeZone::Utc;
    let mut world = World::new(&context);
    world.begin_file(0);
    case.history.iter().for_each(|statement| drop(world.run(statement)));
    world.begin_file(1);
    let mut said = |statement| {
        let changes = world.run(statement).changes;
        let told = |change: &Change| change.age != Age::File && change.evidence == Evidence::Decided;
        let old = changes.into_iter().filter(|change| told(change) && change.kind.is_contract());
        old.map(|change| (change.kind.code(), change.name)).collect()
    };
    let sql = |statement: &handover_migrate_guard::ddl::Statement| {
        case.judged_sql[statement.span.start..statement.span.end].to_owned()
    };
    case.judged.iter().map(|statement| (sql(statement), said(statement))).collect()
}
