//! Folders and files that mean no good, or that nobody can read.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use super::Place;
use super::place::{INDEX, ORDERS};

/// What no terminal may be sent.
fn odd(c: char) -> bool {
    (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c)
}

#[test]
fn what_is_not_there_or_holds_nothing_says_what_to_do() {
    let place = Place::new();
    insta::assert_snapshot!(place.run(&["lint"]).exits(2).err, @"
    error: could not read the migrations
      because: no migrations are in DIR

    hint: name the folder that holds them; looked for were `prisma/migrations`, `migrations`, `db/migrations`, `db/migrate`, `database/migrations`, `sql/migrations`, `internal/db/migrations`, `src/main/resources/db/migration`, `supabase/migrations`, `drizzle`, `flyway/sql`
    ");
    insta::assert_snapshot!(place.run(&["lint", "nowhere"]).exits(2).err, @"
    error: could not read the migrations
      because: DIR/nowhere is not there

    hint: name the folder that holds the migrations
    ");
    place.write("empty/readme.txt", "");
    insta::assert_snapshot!(place.run(&["lint", "empty"]).exits(2).err, @"
    error: could not read the migrations
      because: no migrations are in DIR/empty

    hint: name the folder that holds them; looked for were `prisma/migrations`, `migrations`, `db/migrations`, `db/migrate`, `database/migrations`, `sql/migrations`, `internal/db/migrations`, `src/main/resources/db/migration`, `supabase/migrations`, `drizzle`, `flyway/sql`
    ");
    insta::assert_snapshot!(place.run(&["lint", "nowhere", "--json"]).exits(2).out, @r#"{"version":1,"error":{"attempted":"could not read the migrations","causes":["DIR/nowhere is not there"],"hint":"name the folder that holds the migrations"},"exit":2}"#);
}

#[test]
fn a_file_that_nobody_can_read_is_named_and_the_rest_is_judged() {
    let place = Place::with(&[ORDERS, INDEX]);
    place.write("migrations/3_bytes.sql", b"SELECT 1;\n\xff\xfe");
    symlink("/nowhere/at/all", place.path("migrations/4_link.sql")).unwrap();
    let ran = place.run(&["lint"]).exits(2);
    insta::assert_snapshot!(ran.out, @"
    error[S02 not-utf-8]: `migrations/3_bytes.sql` is not UTF-8 from byte 10 on
     --> migrations/3_bytes.sql
      = effect: It is not judged, and what the server makes of its bytes hangs on the session's encoding.
      = instead: Save it as UTF-8, as in `iconv -f LATIN1 -t UTF-8`.

    error[S01 unreadable]: `migrations/4_link.sql` cannot be read: it is a link to what is not there
     --> migrations/4_link.sql
      = effect: It is applied all the same and is not judged, and what later ones say of its tables is guessed.
      = instead: Make it readable, and look again.

    error[L01 index-not-concurrent]: an index is built on public.orders while every write to it waits
     --> migrations/2_index.sql:1:1
      |
    1 | CREATE INDEX orders_total ON orders (total);
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = effect: Every write to the table waits until the index is built, which grows with the table.
      = instead: Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.
          -- in a file of its own; its first line must be `-- no-transaction`
          CREATE INDEX CONCURRENTLY orders_total ON orders (total);

    2 files, 2 statements: 3 errors; 1 long, 0 brief
    ");
}

#[test]
fn names_and_sql_cannot_drive_the_terminal() {
    let place = Place::with(&[ORDERS]);
    let evil = "CREATE INDEX \"\u{1b}]0;x\u{7}\" ON orders (\"\u{202e}\"); -- \u{9b}2J\n";
    place.write("migrations/2_\u{1b}[31m\n\u{202e}.sql", evil);
    fs::write(place.path("migrations").join(OsStr::from_bytes(b"3_\xff\x1b.sql")), evil).unwrap();
    for form in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let ran = place.run(&["lint", "--level", "note", "--format", form]).exits(3);
        let for_people = matches!(form, "text" | "github");
        let unsafe_there = |c: char| if for_people { odd(c) } else { c.is_control() && c != '\n' };
        assert!(
            !ran.out.contains(unsafe_there) && !ran.err.contains(odd),
            "{form}: {:?} {:?}",
            ran.out,
            ran.err
        );
    }
    for args in [&["lint", "\u{1b}[2J"][..], &["explain", "\u{1b}[2J"], &["lint", "--since", "\u{1b}x"]] {
        let ran = place.run(args).exits(2);
        assert!(!ran.err.contains(odd), "{args:?}: {:?}", ran.err);
    }
}

#[test]
fn a_folder_of_two_runners_is_not_guessed_at() {
    let place = Place::new();
    place.write("migrations/1_a.sql", "-- +goose Up\nSELECT 1;\n");
    place.write("migrations/2_b/migration.sql", "SELECT 2;\n");
    insta::assert_snapshot!(place.run(&["lint"]).exits(2).err, @"
    error: could not read the migrations
      because: DIR/migrations holds migrations of prisma (migrations/2_b/migration.sql) and of goose (migrations/1_a.sql)

    hint: put one of them elsewhere, or say `--layout prisma` to leave the others out
    ");
}

#[test]
fn what_is_no_folder_is_not_waited_for() {
    let place = Place::new();
    let fifo = std::process::Command::new("mkfifo").arg(place.path("pipe.sql")).status().unwrap();
    assert!(fifo.success());
    place.run(&["lint", "pipe.sql"]).exits(2);
    place.run(&["lint", "/dev/zero"]).exits(2);
}

#[test]
fn what_does_not_go_together_is_a_usage_error() {
    let place = Place::with(&[ORDERS]);
    insta::assert_snapshot!(place.run(&["lint", "--json", "--format", "sarif"]).exits(2).out, @r#"{"version":1,"error":{"attempted":"could not tell how to show it","causes":["`--json` and `--format` ask for two different forms"],"hint":"leave one of the two out"},"exit":2}"#);
    place.run(&["lint", "--sinse", "x"]).exits(2);
    insta::assert_snapshot!(place.run(&["lint", "--fix"]).exits(2).err, @"
    error: could not edit migrations
      because: nothing says which of them are applied, and one that is applied must stay as it is

    hint: `--since origin/main`, or `--applied-from env:DATABASE_URL`
    ");
    place.run(&["lint", "--history-table", "x"]).exits(2);
    insta::assert_snapshot!(place.run(&["lint", "--since", "main"]).exits(2).err, @"
    error: could not tell which migrations are new
      because: DIR/migrations is in no git repository

    hint: leave `--since` out, or ask the database: `--applied-from env:DATABASE_URL`
    ");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::with(&[ORDERS, INDEX]);
    let mut command = place.command(&["lint"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}
