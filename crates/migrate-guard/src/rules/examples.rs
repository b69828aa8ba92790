//! Each rule's own examples, looked at by the linter: what is bad is seen, what is good is not.

use std::fmt::Write as _;

use super::{Check, RULES, Rule};
use crate::linter::{Finding, Level, MigrationLinter, PostgresLinter};
use crate::{Baseline, Layout, LintContext, Migration, MigrationSet, Wrapping};

/// The migrations of an example, and how many were applied long before.
fn read(example: &str) -> (MigrationSet, usize) {
    let mut migrations: Vec<Migration> = Vec::new();
    let mut earlier = 0;
    for part in example.split("-- ").filter(|part| !part.is_empty()) {
        let (title, sql) = part.split_once('\n').unwrap_or((part, ""));
        earlier += usize::from(title == "earlier:");
        let wrapping = match title {
            "this migration, outside a transaction:" => Wrapping::None,
            _ => Wrapping::Transaction,
        };
        migrations.push(Migration { wrapping, ..Migration::new(format!("{}.sql", migrations.len()), sql) });
    }
    (MigrationSet::new(Layout::Plain, migrations), earlier)
}

fn findings(example: &str) -> Vec<Finding> {
    let (set, earlier) = read(example);
    let context = LintContext {
        baseline: Baseline::From(earlier),
        least: Level::Note,
        today: jiff::civil::date(2026, 1, 1),
        ..LintContext::default()
    };
    PostgresLinter::new().lint(&set, &context).files.into_iter().flat_map(|file| file.findings).collect()
}

fn own<'a>(rule: &Rule, findings: &'a [Finding]) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| finding.rule == rule.id).collect()
}

fn looked_at() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| !matches!(rule.check, Check::Elsewhere))
}

#[test]
fn what_is_bad_is_seen() {
    let missed: Vec<_> = looked_at().filter(|rule| own(rule, &findings(rule.bad)).is_empty()).collect();
    let missed: Vec<_> = missed.iter().map(|rule| rule.id).collect();
    assert!(missed.is_empty(), "not seen in their own bad example: {missed:?}");
}

#[test]
fn what_is_good_is_not_seen() {
    let seen: Vec<_> = looked_at().filter(|rule| !own(rule, &findings(rule.good)).is_empty()).collect();
    let seen: Vec<_> = seen.iter().map(|rule| rule.id).collect();
    assert!(seen.is_empty(), "seen in their own good example: {seen:?}");
}

/// What is well done makes nobody wait and does not fail. It may still break old code: a required column does.
#[test]
fn what_is_good_is_clean() {
    let is_bad = |finding: &Finding| finding.level == Level::Error && !finding.rule.starts_with('C');
    let errors = |rule: &Rule| findings(rule.good).into_iter().filter(is_bad);
    let told: Vec<_> = looked_at()
        .flat_map(|rule| errors(rule).map(|it| format!("{}: {} {}", rule.id, it.rule, it.message)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn messages_name_what_they_are_about() {
    let mut all = String::new();
    for rule in looked_at() {
        for finding in own(rule, &findings(rule.bad)) {
            writeln!(all, "{}: {}", rule.id, finding.message).unwrap();
        }
    }
    insta::assert_snapshot!(all, @"
    L01: an index is built on public.orders while every write to it waits
    L02: every row of public.orders is checked while all its readers and writers wait
    L03: every row of public.orders is looked up in the table it references, while writes to both wait
    L04: a unique index is built on public.users while all its readers and writers wait
    L05: the primary key's index is built on public.events while all its readers and writers wait
    L06: an exclusion constraint's index is built on public.bookings while all its readers and writers wait
    L07: every row of public.users is read while all its readers and writers wait
    L08: public.orders is written anew, a column going from int4 to int8, while all its readers and writers wait
    L09: indexes or constraints of public.users are built or proven anew while all its readers and writers wait
    L10: every row of public.users is written anew, since gen_random_uuid is computed for each, while all its readers and writers wait
    L11: every row of public.users is written anew for an identity column, while all its readers and writers wait
    L12: indexes of public.users are rebuilt while every write to it waits
    L13: public.per_day is filled anew while all its readers wait
    L14: SET LOGGED writes public.sessions anew while all its readers and writers wait
    L15: public.sessions is emptied while the running release uses it
    L16: every row of public.logs_2026 is read, to prove that it is in the right partition, while all its readers and writers wait
    L17: a partition is detached while all readers and writers of public.logs wait
    L18: rows of public.users are written without a bound, and stay locked to the end of the transaction
    L18: rows of public.users are locked without a bound, and stay locked to the end of the transaction
    L19: whether public.users is locked here shows only when it runs, if current_setting('server_version_num')::int > 140000
    L20: this SQL is made at run time
    L21: every row of public.orders is read while all its writers wait
    B01: the wait for this lock has no bound
    B01: the wait for this lock has no bound
    B02: public.users stays locked (ACCESS EXCLUSIVE) while this runs
    B02: public.users stays locked (ACCESS EXCLUSIVE) while this runs
    B03: public.a is locked after public.b, and 1.sql locks them the other way round
    B04: writes to public.users wait for a moment, since a new table references it
    B05: all readers and writers of public.users wait for a moment, since a foreign key to it goes away
    B06: all readers and writers of public.users wait for a moment, since a table that references it goes away
    B07: a trigger of public.users changes: its writers wait for a moment
    B08: all readers and writers of public.users wait for a moment while its index is dropped
    B09: public.users is locked (ACCESS EXCLUSIVE) for a moment
    B10: `adult` is validated under the lock that added it
    B11: `CREATE INDEX CONCURRENTLY` fails, since this file runs in a transaction
    B11: `CREATE INDEX CONCURRENTLY` fails, since a block or a function always runs in a transaction
    B12: this build gives up after lock_timeout = 2s, and leaves an invalid index
    B13: an invalid `users_email` from an earlier try would be kept
    B14: 'fine' is used in the transaction that adds it
    B15: this transaction is never committed
    B16: this fails: `total` of public.orders gets no other type: the view public.totals uses it
    B16: this fails: no index is built concurrently on public.events, which is partitioned
    C01: the running release breaks where it names `name` of public.users
    C02: the running release breaks where it names `name` of public.users
    C03: the running release breaks where it names public.people, which gets another name
    C04: `at` of public.orders gets another type, timestamp to timestamptz, which the running release does not expect
    C05: `email` of public.users is required and has no default: this fails on a table with rows, and inserts of the running release fail after it
    C06: writes of the running release that leave `email` of public.users null fail
    C07: the running release breaks where it names public.everybody, which goes away
    C08: the running release breaks where it uses bad, which gets another name
    C09: writes of the running release to public.users that do not meet the new constraint fail
    C10: inserts of the running release that leave `created` of public.users out fail
    C11: `SELECT *` on public.users gets another shape: statements prepared before fail once
    C12: what the running release may do with public.users changes
    C13: no index of public.notes begins with (user_id)
    C14: `payload` is json, which cannot be compared
    C15: `id` runs out at two thousand million
    C15: `at` has no time zone
    C16: readers of the running release may meet a null in `email` of public.users
    ");
}

#[test]
fn rewrites_can_be_pasted() {
    let mut all = String::new();
    for rule in looked_at() {
        for rewrite in
            own(rule, &findings(rule.bad)).into_iter().filter_map(|finding| finding.rewrite.as_ref())
        {
            writeln!(all, "## {}\n{rewrite}", rule.id).unwrap();
        }
    }
    insta::assert_snapshot!(all, @"
    ## L01
    -- in a file of its own; without `BEGIN`, `--single-transaction` or the like around it
    CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
    ## L02
    ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;
    -- in a later transaction:
    ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;
    ## L03
    ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
    -- in a later transaction:
    ALTER TABLE orders VALIDATE CONSTRAINT orders_customer;
    ## L04
    -- outside a transaction:
    CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);
    -- and then:
    ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;
    ## L05
    -- outside a transaction:
    CREATE UNIQUE INDEX CONCURRENTLY events_pkey ON events (id);
    -- and then:
    ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;
    ## L07
    ALTER TABLE users ADD CONSTRAINT email_not_null CHECK (email IS NOT NULL) NOT VALID;
    -- in a later transaction:
    ALTER TABLE users VALIDATE CONSTRAINT email_not_null;
    -- and then:
    ALTER TABLE users ALTER COLUMN email SET NOT NULL;
    ALTER TABLE users DROP CONSTRAINT email_not_null;
    ## L10
    ALTER TABLE users ADD COLUMN token uuid;
    ALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();
    -- then fill the old rows in batches, each in a transaction of its own
    ## L17
    -- in a file of its own; without `BEGIN`, `--single-transaction` or the like around it
    ALTER TABLE logs DETACH PARTITION logs_2025 CONCURRENTLY;
    ## B11
    -- in a file of its own; without `BEGIN`, `--single-transaction` or the like around it
    CREATE INDEX CONCURRENTLY users_email ON users (email);
    ");
}

#[test]
fn ids_and_names_are_each_their_own() {
    let mut ids: Vec<_> = RULES.iter().flat_map(|rule| [rule.id, rule.name]).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
