use crate::ddl::OpaqueReason;
use crate::frontend::statements;

/// What can be said again and again: before it, itself, behind as many of it.
const NESTS: &[(&str, &str, &str)] = &[
    ("select ", "(", ")"),
    ("select ", "f(", ")"),
    ("select ", "array[", "]"),
    ("select ", "case when ", " end"),
    ("select ", "not ", ""),
    ("select ", "- ", ""),
    ("select ", "+", ""),
    ("select ", "@ ", ""),
    ("select ", "a || ", ""),
    ("select ", "a = ", ""),
    ("select ", "= , ", ""),
    ("select ", "a in ", ""),
    ("select ", "operator(+) ", ""),
    ("select ", "operator(+) and ", ""),
    ("select ", "x between ", ""),
    ("select ", "x between 1 and ", ""),
    ("select ", "case a.end when ", ""),
    ("select ", "collation for ", ""),
    ("select * from ", "a cross join ", ""),
    ("select * from ", "a natural join ", ""),
    ("select ", "lateral full ", ""),
    ("select * from ", "(", ")"),
    ("select ", "exists(select ", ")"),
    ("", "with a as (", ")"),
    ("", "with , ", ""),
    ("", "( with ) ", ""),
    ("", "explain ", ""),
    ("", "prepare p as ", ""),
    ("", "declare c cursor for ", ""),
    ("", "create view v as ", ""),
    ("", "create schema s ", ""),
    ("", "create function f() begin atomic ", ""),
    ("select a", " and b", ""),
    ("select a", " + b", ""),
    ("select a", ".b", ""),
    ("select a", "[1]", ""),
    ("select a", "::int", ""),
    ("select a", " is null", ""),
    ("select 1 ", "union select 1 ", ""),
    ("create table t (a int", "[]", ")"),
    ("", "do $$ begin execute 'select 1'; end $$; ", ""),
    ("do $$ begin ", "if a then ", "end if; "),
    ("do $$ begin ", "begin ", "end; "),
    ("do $$ begin ", "execute $$ ", ""),
];

/// A thread of the standard library has two megabytes; the test asks for less.
fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(3 << 19).spawn(run).unwrap();
    thread.join().unwrap()
}

#[test]
fn nothing_nests_so_deep_that_the_stack_overflows() {
    for count in [64, 190, 260, 3000] {
        for (before, again, behind) in NESTS {
            let sql = format!("{before}{}a{}", again.repeat(count), behind.repeat(count));
            assert!(!on_a_small_stack(move || statements(&sql)).is_empty(), "{again}");
        }
    }
}

#[test]
fn what_people_write_is_never_too_deep() {
    let columns = "a timestamp with time zone not null default now(), ".repeat(400);
    let conditions = " or (a = 1 and b in (1, 2) and c || d like 'x%')".repeat(150);
    let arms = " when a = 1 and b not in (2) then 'x' || c".repeat(200);
    for sql in [
        format!("create table t ({columns} b int check (b between 1 and 2))"),
        format!("delete from t where b is null{conditions}"),
        format!("select case{arms} end"),
        format!("select 1 from a{}", " left outer join b on a.x = b.x and a.y = b.y".repeat(100)),
        format!(
            "insert into t values {} (1)",
            "(1, -2, 'a' || 'b', now() - interval '1 day'), ".repeat(2000)
        ),
        format!("select 1{}", " union all select 1".repeat(100)),
        format!("alter table t {} add x int", "add column if not exists a int not null, ".repeat(400)),
    ] {
        let found = statements(&sql);
        assert_eq!(found.len(), 1);
        assert!(found[0].opaque.iter().all(|opaque| opaque.reason != OpaqueReason::TooDeep), "{sql:.60}");
    }
}
