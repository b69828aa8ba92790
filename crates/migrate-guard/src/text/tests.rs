use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::{Dialect, Markers, Prepared, Templates, prepare};

const ANY: Dialect = Dialect { templates: Templates::Any, markers: Markers::None };
const GO: Dialect = Dialect { templates: Templates::Go, markers: Markers::None };
const FLYWAY: Dialect = Dialect { templates: Templates::Flyway, markers: Markers::None };
const GOOSE: Dialect = Dialect { templates: Templates::Environment, markers: Markers::Goose };
const DBMATE: Dialect = Dialect { templates: Templates::Given, markers: Markers::Dbmate };

fn with(raw: &str, dialect: Dialect, values: &[(&str, &str)]) -> Prepared {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    prepare(&Arc::from(raw), dialect, &values)
}

/// The SQL, trailing spaces shown as dots, and what was said of it.
fn shown(prepared: &Prepared) -> String {
    let mut shown: String = prepared.sql.lines().map(line).collect();
    for (span, name) in &prepared.unfilled {
        writeln!(shown, "unfilled {name}: {}", &prepared.text[span.start..span.end]).unwrap();
    }
    for (span, what) in &prepared.left_out {
        writeln!(shown, "left out {what}: {:?}", &prepared.text[span.start..span.end]).unwrap();
    }
    shown
}

fn line(line: &str) -> String {
    let kept = line.trim_end_matches(' ');
    format!("{kept}{}\n", "·".repeat(line.len() - kept.len()))
}

fn sql(raw: &str) -> String {
    shown(&with(raw, ANY, &[]))
}

#[test]
fn a_file_without_anything_of_the_kind_is_taken_as_it_is() {
    let raw: Arc<str> = "create table a (b text default 'x'::text, c int[]);\r\n-- stdout: a\n".into();
    let prepared = prepare(&raw, GOOSE, &BTreeMap::new());
    assert!(Arc::ptr_eq(&raw, &prepared.text) && Arc::ptr_eq(&raw, &prepared.sql));
}

#[test]
fn rows_of_copy_are_not_sql() {
    insta::assert_snapshot!(sql("copy a from stdin; copy b from stdin;\n1\t;\n\\.\n2\n\\.\r\nselect 1;"), @"
    copy a from stdin; copy b from stdin;
    ···
    ··
    ·
    ··
    select 1;
    ");
    insta::assert_snapshot!(sql("\\set x y\ncopy a from stdin;\n1\n\\.x\nselect"), @r#"
    ········
    copy a from stdin;
    1
    ···
    select
    left out the rows of COPY, whose end `\.` is missing; what follows is judged as SQL: ""
    "#);
    insta::assert_snapshot!(sql("\\copy a from stdin\n'\n\\.\nselect 1;"), @r#"
    ··················
    ·
    ··
    select 1;
    left out `\copy` moves rows between a table and a file: "\\copy a from stdin"
    "#);
}

#[test]
fn commands_of_psql_are_painted_over_and_said_where_they_matter() {
    let raw = "\\set ON_ERROR_STOP on\n\\connect shop\nselect 1 \\gset \nselect 2 \\gexec\n\\if :x\n\\i other.sql\n\\endif\n\
               select 3 \\; select 4;\nselect $$ \\q $$, '\\q';\n\\echo hi \\\\ select 5;";
    insta::assert_snapshot!(sql(raw), @r#"
    ·····················
    ·············
    select 1 ;·····
    select 2 ;·····
    ······
    ············
    ······
    select 3 ;  select 4;
    select $$ \q $$, '\q';
                select 5;
    left out `\connect` goes on in another database or as another role: "\\connect shop"
    left out `\gexec` runs what the query before it returns: "\\gexec"
    left out `\if` decides what is run; all of it is judged: "\\if :x"
    left out `\i` runs another file: "\\i other.sql"
    "#);
}

#[test]
fn variables_of_psql_become_what_they_stand_for() {
    let raw = "create table :schema.:\"t\" (a int default :n, b text default :'b', c :{?t});\n\
               select a[1:n], a[b:c], 'x'::text, ':no', $$ :no $$ -- :no";
    insta::assert_snapshot!(sql(raw), @r#"
    create table  schema. "t" (a int default  n, b text default  'b', c true );
    select a[1:n], a[b:c], 'x'::text, ':no', $$ :no $$ -- :no
    unfilled schema: :schema
    unfilled t: :"t"
    unfilled n: :n
    unfilled b: :'b'
    unfilled t: :{?t}
    "#);
    let filled = with(raw, ANY, &[("schema", "auth"), ("t", "u")]);
    insta::assert_snapshot!(shown(&filled), @r#"
    create table auth."u" (a int default  n, b text default  'b', c true);
    select a[1:n], a[b:c], 'x'::text, ':no', $$ :no $$ -- :no
    unfilled n: :n
    unfilled b: :'b'
    "#);
}

#[test]
fn a_byte_order_mark_and_control_characters_are_blank() {
    insta::assert_snapshot!(sql("\u{feff}select\u{1} 1; select 'a\0b';"), @r#"
       select  1; select 'a b';
    left out the control character U+0001, which the server refuses: "\u{1}"
    left out a NUL, at which the server stops reading: "\0"
    "#);
}

#[test]
fn a_comment_ends_at_a_carriage_return() {
    insta::assert_snapshot!(sql("-- a\rselect 1;\r-- b\r\nselect 2;"), @"-- a\nselect 1;\r-- b\nselect 2;");
}

#[test]
fn values_of_go_s_templates_are_filled_in_everywhere() {
    let raw = "-- {{ .Namespace }}\ncreate table \"{{ index .Options \"Namespace\" }}\".users (a text default '{{ .A.B }}');\n\
               {{- if .Debug }}\nselect 1;\n{{ end }}{{/* note */}}";
    insta::assert_snapshot!(shown(&with(raw, GO, &[])), @r#"
    -- {{ .Namespace }}
    create table "___index__Options__Namespace____".users (a text default '____A_B___');
    ················
    select 1;
    ·······················
    unfilled Namespace: {{ index .Options "Namespace" }}
    unfilled A.B: {{ .A.B }}
    left out `{{- if .Debug }}` of the template: all of its ways are judged: "{{- if .Debug }}"
    "#);
    let given = with(raw, GO, &[("Namespace", "auth"), ("B", "x")]);
    insta::assert_snapshot!(given.text, @r#"
    -- auth
    create table "auth".users (a text default 'x');
    {{- if .Debug }}
    select 1;
    {{ end }}{{/* note */}}
    "#);
    insta::assert_snapshot!(shown(&given), @r#"
    -- auth
    create table "auth".users (a text default 'x');
    ················
    select 1;
    ·······················
    left out `{{- if .Debug }}` of the template: all of its ways are judged: "{{- if .Debug }}"
    "#);
}

#[test]
fn placeholders_of_flyway_know_no_case() {
    let raw = "create table ${Schema}.${prefix}users (a text default '${a}'); -- ${b}";
    insta::assert_snapshot!(shown(&with(raw, FLYWAY, &[("schema", "auth")])), @"
    create table auth.__prefix_users (a text default '__a_'); -- ${b}
    unfilled prefix: ${prefix}
    unfilled a: ${a}
    ");
}

#[test]
fn an_unknown_runner_s_values_are_looked_for_outside_of_strings() {
    let raw =
        "create table {{schema}}.${t} (a int[] default '{{1,2},{3}}', b text default '${b}'); {% if x %}";
    insta::assert_snapshot!(shown(&with(raw, ANY, &[])), @r#"
    create table __schema__.__t_ (a int[] default '{{1,2},{3}}', b text default '${b}');···········
    unfilled schema: {{schema}}
    unfilled t: ${t}
    left out `{% if x %}` of the template: all of its ways are judged: "{% if x %}"
    "#);
    insta::assert_snapshot!(with(raw, ANY, &[("b", "z")]).text, @"create table {{schema}}.${t} (a int[] default '{{1,2},{3}}', b text default 'z'); {% if x %}");
}

#[test]
fn goose_puts_in_the_environment_where_it_is_told_to() {
    let raw = "-- +goose Up\nselect $a, ${b}, $$x$$;\n-- +goose ENVSUB ON\nselect $a, ${b:-2}, ${c}, $1, '$d';\n\
               -- +goose ENVSUB OFF\nselect $a;\n-- +goose Down\nselect ${e}, :f;";
    insta::assert_snapshot!(shown(&with(raw, GOOSE, &[("a", "7")])), @"
    -- +goose Up
    select $a, ${b}, $$x$$;
    -- +goose ENVSUB ON
    select 7, 2, __c_, $1, '_d';
    -- +goose ENVSUB OFF
    select $a;
    ··············
    ················
    unfilled c: ${c}
    unfilled d: $d
    ");
}

#[test]
fn the_way_down_is_blank() {
    let raw = "-- migrate:up\nselect 1;\n-- migrate:down\ndrop table a;\n\\!x\n-- migrate:up\nselect 2;\n";
    insta::assert_snapshot!(shown(&with(raw, DBMATE, &[])), @"
    -- migrate:up
    select 1;
    ···············
    ·············
    ···
    -- migrate:up
    select 2;
    ");
}

#[test]
fn templates_that_are_not_the_runner_s_are_left_alone() {
    let raw = "select '{{1,2}}', '${x}', {{ y }};";
    assert_eq!(&*with(raw, DBMATE, &[]).sql, raw);
    assert_eq!(&*with(raw, DBMATE, &[("y", "3")]).sql, "select '{{1,2}}', '${x}', 3;");
}

/// Whatever is said over and over again takes no longer than it is long: were one of these quadratic, this would not end.
#[test]
fn no_mark_is_looked_for_twice() {
    let marks = [
        "{{",
        "{{ a",
        "{% ",
        "${",
        "$a",
        "$a$",
        "$$",
        ":a",
        "\\a \\\\",
        "\\;",
        "\\",
        "'",
        "\"",
        "e'\\",
        "/*",
        "*/",
        "[",
        "(",
        "\n",
        "\r",
        "\0",
        "\u{1}",
        "copy a from stdin;\n",
        "copy a from stdin;",
        "\\copy a from stdin\n",
        "\\.\n",
        "\\set a :a:a\n",
        "-- +goose Sideways\n",
        "-- +goose ENVSUB ON\n$a\n-- +goose ENVSUB OFF\n",
        "-- migrate:up\n-- migrate:down\n:a\n",
        "é",
    ];
    for mark in marks {
        let raw = mark.repeat(100_000 / mark.len());
        for dialect in [ANY, GO, FLYWAY, GOOSE, DBMATE] {
            let made = with(&raw, dialect, &[("b", "c")]);
            assert_eq!(made.text.len(), made.sql.len(), "{mark:?}");
            assert!(
                made.text.len() <= 5 * raw.len() && made.left_out.len() + made.unfilled.len() <= 6_000,
                "{mark:?}"
            );
        }
    }
}

mod laws {
    use super::*;

    proptest::proptest! {
        /// Whatever the file says, the SQL is as long as the text, with the same lines.
        #[test]
        fn offsets_hold(raw in "[-a\\\\:'\"${}%é;\0\r\n \\[\\]+]{0,80}", dialect in 0_usize..5) {
            let dialect = [ANY, GO, FLYWAY, GOOSE, DBMATE][dialect];
            let raw = raw.replace('+', "-- +goose ").replace('%', "copy a from stdin;\n");
            let made = with(&raw, dialect, &[("a", "é")]);
            proptest::prop_assert_eq!(made.text.len(), made.sql.len());
            let breaks = |text: &str| text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect::<Vec<_>>();
            let (mut before, after) = (breaks(&made.text), breaks(&made.sql));
            before.extend(made.text.match_indices('\r').map(|(at, _)| at));
            proptest::prop_assert!(after.iter().all(|at| before.contains(at)));
            for (span, _) in made.unfilled.iter().chain(&made.left_out) {
                proptest::prop_assert!(made.text.get(span.start..span.end).is_some());
            }
        }
    }
}
