use std::fmt::Write;

use crate::ddl::{Condition, Ddl, Lookup, Step};
use crate::frontend::statements;

/// Each condition with what it asks, in a body with a few variables.
fn all(conditions: &[&str]) -> String {
    let mut out = String::new();
    for condition in conditions {
        let sql = format!(
            "CREATE FUNCTION f(p_table text) RETURNS void LANGUAGE plpgsql AS $f$
             DECLARE t_name text := 'users'; unset text; rec record; BEGIN IF {condition} THEN NULL; END IF; END $f$"
        );
        let statement = statements(&sql).remove(0);
        assert_eq!(statement.opaque, [], "{condition}");
        let Ddl::CreateFunction(function) = statement.ddl else { panic!("a function") };
        let Some(Step::Branch(arms)) = function.body.expect("a body").block().steps.last().cloned() else {
            panic!("a branch")
        };
        let _ = writeln!(out, "{condition}\n    {}", asked(&arms[0].0));
    }
    out
}

fn asked(condition: &Condition) -> String {
    match condition {
        Condition::Always => "always".to_owned(),
        Condition::Not(inner) => format!("not {}", asked(inner)),
        Condition::All(all) => format!("all({})", all.iter().map(asked).collect::<Vec<_>>().join(", ")),
        Condition::Any(any) => format!("any({})", any.iter().map(asked).collect::<Vec<_>>().join(", ")),
        Condition::Exists(lookup) => looked_up(lookup),
        Condition::Unknown { text, reads, calls } => {
            let reads: Vec<_> = reads.iter().map(|read| read.name.to_string()).collect();
            let calls: Vec<_> = calls.iter().map(|call| call.name.to_string()).collect();
            format!("? {text} | {} | {}", reads.join(", "), calls.join(", "))
        }
    }
}

fn looked_up(lookup: &Lookup) -> String {
    let equals: Vec<_> = lookup.equals.iter().map(|(column, value)| format!("{column}='{value}'")).collect();
    let variables = lookup.variables.iter().map(|(column, name)| format!("{column}={name}"));
    let equals: Vec<_> = equals.into_iter().chain(variables).collect();
    let partial = if lookup.partial { " …" } else { "" };
    format!("{}[{}{partial}]", lookup.relations.join("+"), equals.join(" "))
}

#[test]
fn rows_of_the_catalogs_are_asked_for() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')",
        "NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relname = 'T' AND c.relkind = 'r')",
        "EXISTS (SELECT * FROM information_schema.columns WHERE table_schema = 'public' AND 'users' = table_name AND column_name = 'a')",
        "EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k' AND conrelid = 'public.\"T\"'::regclass LIMIT 1)",
        "(EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'r'))", "(SELECT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'i'))",
        "EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relname = 'x'
           JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 's' AND c.conname = 'k')",
        "EXISTS (SELECT 1 FROM pg_enum e, pg_type t WHERE e.enumtypid = t.oid AND t.typname = 'mood' AND e.enumlabel = 'sad')",
        "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a' AND NOT attisdropped AND attnum > 0)",
        "EXISTS (SELECT 1 FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 's')",
        "EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = (SELECT oid FROM pg_class WHERE relname = 'x') AND tgname = 't')",
        "EXISTS (SELECT 1 FROM pg_enum WHERE enumtypid IN (SELECT oid FROM pg_type WHERE typname = 'm') AND enumlabel = 'a')",
        "'mood' IN (SELECT typname FROM pg_type)", "'a' NOT IN (SELECT enumlabel FROM pg_enum WHERE enumtypid = 'm'::regtype)",
    ]), @r#"
    EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')
        pg_type[typname='mood']
    NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relname = 'T' AND c.relkind = 'r')
        not pg_class[relname='T' relkind='r']
    EXISTS (SELECT * FROM information_schema.columns WHERE table_schema = 'public' AND 'users' = table_name AND column_name = 'a')
        columns[table_schema='public' table_name='users' column_name='a']
    EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k' AND conrelid = 'public."T"'::regclass LIMIT 1)
        pg_constraint[conname='k' conrelid='public."T"']
    (EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'r'))
        pg_roles[rolname='r']
    (SELECT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'i'))
        pg_indexes[indexname='i']
    EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relname = 'x'
               JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 's' AND c.conname = 'k')
        pg_constraint+pg_class+pg_namespace[relname='x' nspname='s' conname='k']
    EXISTS (SELECT 1 FROM pg_enum e, pg_type t WHERE e.enumtypid = t.oid AND t.typname = 'mood' AND e.enumlabel = 'sad')
        pg_enum+pg_type[typname='mood' enumlabel='sad']
    EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a' AND NOT attisdropped AND attnum > 0)
        pg_attribute[attrelid='t' attname='a' attisdropped='false']
    EXISTS (SELECT 1 FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 's')
        pg_class+pg_namespace[nspname='s']
    EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = (SELECT oid FROM pg_class WHERE relname = 'x') AND tgname = 't')
        pg_trigger+pg_class[relname='x' tgname='t']
    EXISTS (SELECT 1 FROM pg_enum WHERE enumtypid IN (SELECT oid FROM pg_type WHERE typname = 'm') AND enumlabel = 'a')
        pg_enum+pg_type[typname='m' enumlabel='a']
    'mood' IN (SELECT typname FROM pg_type)
        pg_type[typname='mood']
    'a' NOT IN (SELECT enumlabel FROM pg_enum WHERE enumtypid = 'm'::regtype)
        not pg_enum[enumtypid='m' enumlabel='a']
    "#);
}

#[test]
fn where_a_session_is_asks_for_nothing() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 't')",
        "EXISTS (SELECT 1 FROM information_schema.tables WHERE table_catalog = current_database() AND table_name = 't')",
        "EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename = 't')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname = 't' AND pg_catalog.pg_table_is_visible(oid))",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname = 't' AND relkind IN ('r', 'p'))",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname::text = 't'::text AND (oid::regclass)::text = 'u')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname IN ('t') AND relrowsecurity IS TRUE AND relispartition = false AND true)",
    ]), @"
    EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 't')
        tables[table_name='t']
    EXISTS (SELECT 1 FROM information_schema.tables WHERE table_catalog = current_database() AND table_name = 't')
        tables[table_name='t']
    EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename = 't')
        pg_tables[tablename='t']
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 't' AND pg_catalog.pg_table_is_visible(oid))
        pg_class[relname='t']
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 't' AND relkind IN ('r', 'p'))
        pg_class[relname='t']
    EXISTS (SELECT 1 FROM pg_class WHERE relname::text = 't'::text AND (oid::regclass)::text = 'u')
        pg_class[relname='t' oid='u']
    EXISTS (SELECT 1 FROM pg_class WHERE relname IN ('t') AND relrowsecurity IS TRUE AND relispartition = false AND true)
        pg_class[relname='t' relrowsecurity='true' relispartition='false']
    ");
}

#[test]
fn what_is_not_understood_makes_a_question_partial() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM pg_class WHERE lower(relname) = 't')", "EXISTS (SELECT 1 FROM pg_class WHERE relname LIKE 't%')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' OR relname = 'b')", "EXISTS (SELECT 1 FROM pg_class WHERE relname <> 'a')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname IN ('a', 'b'))", "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' || 'b')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' GROUP BY relkind)", "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' OFFSET 1)",
        "EXISTS (SELECT 1 FROM pg_constraint c, unnest(c.conkey) k WHERE c.conname = 'k')",
        "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' AND relnatts = 3 AND reltuples > 10)",
        "EXISTS (SELECT 1 FROM pg_class c WHERE relname = 'a' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid))",
    ]), @"
    EXISTS (SELECT 1 FROM pg_class WHERE lower(relname) = 't')
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname LIKE 't%')
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' OR relname = 'b')
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname <> 'a')
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname IN ('a', 'b'))
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' || 'b')
        pg_class[ …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' GROUP BY relkind)
        pg_class[relname='a' …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' OFFSET 1)
        pg_class[relname='a' …]
    EXISTS (SELECT 1 FROM pg_constraint c, unnest(c.conkey) k WHERE c.conname = 'k')
        pg_constraint[conname='k' …]
    EXISTS (SELECT 1 FROM pg_class WHERE relname = 'a' AND relnatts = 3 AND reltuples > 10)
        pg_class[relname='a' relnatts='3' …]
    EXISTS (SELECT 1 FROM pg_class c WHERE relname = 'a' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid))
        pg_class[relname='a' …]
    ");
}

#[test]
fn a_variable_is_no_column() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM pg_tables WHERE tablename = t_name)", "EXISTS (SELECT 1 FROM pg_tables WHERE tablename = unset)",
        "EXISTS (SELECT 1 FROM pg_tables WHERE tablename = p_table)", "EXISTS (SELECT 1 FROM pg_tables WHERE tablename = rec.tablename)",
        "EXISTS (SELECT 1 FROM pg_tables WHERE tablename = $1)", "EXISTS (SELECT 1 FROM pg_tables WHERE unset)",
    ]), @"
    EXISTS (SELECT 1 FROM pg_tables WHERE tablename = t_name)
        pg_tables[tablename='users']
    EXISTS (SELECT 1 FROM pg_tables WHERE tablename = unset)
        pg_tables[tablename=unset]
    EXISTS (SELECT 1 FROM pg_tables WHERE tablename = p_table)
        pg_tables[tablename=p_table]
    EXISTS (SELECT 1 FROM pg_tables WHERE tablename = rec.tablename)
        pg_tables[tablename=rec.tablename]
    EXISTS (SELECT 1 FROM pg_tables WHERE tablename = $1)
        pg_tables[ …]
    EXISTS (SELECT 1 FROM pg_tables WHERE unset)
        pg_tables[ …]
    ");
}

#[test]
fn counts_and_nulls_say_whether_there_are_rows() {
    insta::assert_snapshot!(all(&[
        "(SELECT count(*) FROM pg_type WHERE typname = 'm') > 0", "(SELECT count(1) FROM pg_type WHERE typname = 'm') = 0",
        "0 < (SELECT count(*) FROM pg_type WHERE typname = 'm')", "(SELECT COUNT(*) FROM pg_type WHERE typname = 'm') >= 1",
        "1 > (SELECT count(*) FROM pg_type WHERE typname = 'm')", "(SELECT count(*) FROM pg_type WHERE typname = 'm') <> 0",
        "(SELECT count(*) FROM pg_type WHERE typname = 'm') = 1", "(SELECT count(*) > 0 FROM pg_type WHERE typname = 'm')",
        "(SELECT oid FROM pg_type WHERE typname = 'm') IS NULL", "(SELECT 1 FROM pg_type WHERE typname = 'm') IS NOT NULL",
        "(SELECT column_default FROM information_schema.columns WHERE column_name = 'c') IS NULL",
        "(SELECT max(oid) FROM pg_type WHERE typname = 'm') IS NULL", "EXISTS (SELECT count(*) FROM pg_type WHERE typname = 'm')",
        "to_regclass('public.t') IS NULL", "to_regtype('m') IS NOT NULL", "pg_catalog.to_regclass('t'::text) IS NULL",
        "to_regclass(t_name) IS NULL", "count(*) = 0 FROM pg_type WHERE typname = 'm'",
        "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') IS FALSE", "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') = true",
        "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') IS NOT TRUE",
        "(SELECT data_type FROM information_schema.columns WHERE column_name = 'c') = 'text'",
        "(SELECT data_type FROM information_schema.columns WHERE column_name = 'c') <> 'text'",
        "(SELECT name FROM users) = 'x'", "unset = 'x'",
    ]), @"
    (SELECT count(*) FROM pg_type WHERE typname = 'm') > 0
        pg_type[typname='m']
    (SELECT count(1) FROM pg_type WHERE typname = 'm') = 0
        not pg_type[typname='m']
    0 < (SELECT count(*) FROM pg_type WHERE typname = 'm')
        pg_type[typname='m']
    (SELECT COUNT(*) FROM pg_type WHERE typname = 'm') >= 1
        pg_type[typname='m']
    1 > (SELECT count(*) FROM pg_type WHERE typname = 'm')
        not pg_type[typname='m']
    (SELECT count(*) FROM pg_type WHERE typname = 'm') <> 0
        pg_type[typname='m']
    (SELECT count(*) FROM pg_type WHERE typname = 'm') = 1
        ? (SELECT count(*) FROM pg_type WHERE typname = 'm') = 1 | pg_type | count
    (SELECT count(*) > 0 FROM pg_type WHERE typname = 'm')
        pg_type[typname='m']
    (SELECT oid FROM pg_type WHERE typname = 'm') IS NULL
        not pg_type[typname='m']
    (SELECT 1 FROM pg_type WHERE typname = 'm') IS NOT NULL
        pg_type[typname='m']
    (SELECT column_default FROM information_schema.columns WHERE column_name = 'c') IS NULL
        ? (SELECT column_default FROM information_schema.columns WHERE column_name = 'c') IS NULL | information_schema.columns | 
    (SELECT max(oid) FROM pg_type WHERE typname = 'm') IS NULL
        ? (SELECT max(oid) FROM pg_type WHERE typname = 'm') IS NULL | pg_type | max
    EXISTS (SELECT count(*) FROM pg_type WHERE typname = 'm')
        ? EXISTS (SELECT count(*) FROM pg_type WHERE typname = 'm') | pg_type | count
    to_regclass('public.t') IS NULL
        not pg_class[oid='public.t']
    to_regtype('m') IS NOT NULL
        pg_type[oid='m']
    pg_catalog.to_regclass('t'::text) IS NULL
        not pg_class[oid='t']
    to_regclass(t_name) IS NULL
        not pg_class[oid='users']
    count(*) = 0 FROM pg_type WHERE typname = 'm'
        not pg_type[typname='m']
    EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') IS FALSE
        not pg_type[typname='m']
    EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') = true
        pg_type[typname='m']
    EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') IS NOT TRUE
        not pg_type[typname='m']
    (SELECT data_type FROM information_schema.columns WHERE column_name = 'c') = 'text'
        columns[column_name='c' data_type='text']
    (SELECT data_type FROM information_schema.columns WHERE column_name = 'c') <> 'text'
        ? (SELECT data_type FROM information_schema.columns WHERE column_name = 'c') <> 'text' | information_schema.columns | 
    (SELECT name FROM users) = 'x'
        ? (SELECT name FROM users) = 'x' | users | 
    unset = 'x'
        ? unset = 'x' |  |
    ");
}

#[test]
fn what_is_not_a_question_to_the_catalogs_keeps_its_text() {
    insta::assert_snapshot!(all(&[
        "a > 1 -- why\n AND f(b)", "EXISTS (SELECT 1 FROM users WHERE name = 'x')", "true", "false", "NOT true", "NULL",
        "EXISTS (SELECT 1 FROM pg_class JOIN users ON true)", "EXISTS (SELECT 1 FROM (SELECT * FROM pg_class) x)",
        "EXISTS (SELECT 1 FROM information_schemas.tables)", "current_setting('server_version_num')::int >= 120000",
        "EXISTS (SELECT 1 FROM pg_type UNION SELECT 1 FROM pg_class)", "unset", "unset IS NULL", "FOUND",
        "EXISTS (WITH x AS (SELECT 1 FROM pg_class) SELECT 1 FROM x)", "(SELECT 1 FROM users) IS NULL",
    ]), @"
    a > 1 -- why
     AND f(b)
        all(? a > 1 |  | , ? f(b) |  | f)
    EXISTS (SELECT 1 FROM users WHERE name = 'x')
        ? EXISTS (SELECT 1 FROM users WHERE name = 'x') | users | 
    true
        always
    false
        not always
    NOT true
        not always
    NULL
        not always
    EXISTS (SELECT 1 FROM pg_class JOIN users ON true)
        ? EXISTS (SELECT 1 FROM pg_class JOIN users ON true) | pg_class, users | 
    EXISTS (SELECT 1 FROM (SELECT * FROM pg_class) x)
        ? EXISTS (SELECT 1 FROM (SELECT * FROM pg_class) x) | pg_class | 
    EXISTS (SELECT 1 FROM information_schemas.tables)
        ? EXISTS (SELECT 1 FROM information_schemas.tables) | information_schemas.tables | 
    current_setting('server_version_num')::int >= 120000
        ? current_setting('server_version_num')::int >= 120000 |  | current_setting
    EXISTS (SELECT 1 FROM pg_type UNION SELECT 1 FROM pg_class)
        ? EXISTS (SELECT 1 FROM pg_type UNION SELECT 1 FROM pg_class) | pg_type, pg_class | 
    unset
        ? unset |  | 
    unset IS NULL
        ? unset IS NULL |  | 
    FOUND
        ? FOUND |  | 
    EXISTS (WITH x AS (SELECT 1 FROM pg_class) SELECT 1 FROM x)
        ? EXISTS (WITH x AS (SELECT 1 FROM pg_class) SELECT 1 FROM x) | pg_class | 
    (SELECT 1 FROM users) IS NULL
        ? (SELECT 1 FROM users) IS NULL | users |
    ");
}

#[test]
fn and_or_and_not_are_kept() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') AND NOT (f(x) OR NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'b')) AND c",
        "NOT (NOT a)", "NOT a", "a OR b OR (c AND (d AND e))",
    ]), @"
    EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') AND NOT (f(x) OR NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'b')) AND c
        all(pg_type[typname='a'], not any(? f(x) |  | f, not pg_type[typname='b']), ? c |  | )
    NOT (NOT a)
        ? NOT (NOT a) |  | 
    NOT a
        ? NOT a |  | 
    a OR b OR (c AND (d AND e))
        any(? a |  | , ? b |  | , all(? c |  | , ? d |  | , ? e |  | ))
    ");
}
