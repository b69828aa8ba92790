//! What is there in a live database.

use handover_testing::Postgres;

use super::Place;
use super::place::{INDEX, sql};

#[test]
fn a_live_database_stands_for_the_migrations_that_made_it() {
    let Some(postgres) = Postgres::start() else { return };
    sql(&postgres, "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL, at timestamp)");
    let place = Place::with(&[INDEX, ("3_at", "ALTER TABLE orders ALTER COLUMN at TYPE date;\n")]);
    let mut command = place.command(&["catalog", "--from", "env:DATABASE_URL", "--output", "catalog.json"]);
    command.env("DATABASE_URL", postgres.url());
    let ran = place.ran(command).exits(0);
    insta::assert_snapshot!(ran.err, @"wrote DIR/catalog.json: 2 relations");
    let (_, report) = place.json(&["--catalog", "catalog.json"]);
    let claims = &report["files"][1]["statements"][0]["claims"];
    assert_eq!(claims[0]["evidence"], "decided", "{claims}");
    let shown = place.ran({
        let mut command = place.command(&["catalog", "--from", "env:DATABASE_URL"]);
        command.env("DATABASE_URL", postgres.url());
        command
    });
    assert_eq!(shown.exits(0).out, place.read("catalog.json"));
}

#[test]
fn a_file_that_is_no_catalog_is_refused() {
    let place = Place::with(&[INDEX]);
    place.write("catalog.json", "{}");
    insta::assert_snapshot!(place.run(&["lint", "--catalog", "catalog.json"]).exits(2).err, @"
    error: could not read the catalog DIR/catalog.json
      because: the catalog file is not right: missing field `format` at line 1 column 2

    hint: export it again rather than edit it
    ");
    insta::assert_snapshot!(place.run(&["lint", "--catalog", "nowhere.json"]).exits(2).err, @"
    error: could not read the catalog DIR/nowhere.json
      because: No such file or directory (os error 2)

    hint: `handover migrate catalog --from env:DATABASE_URL --output FILE` writes one
    ");
    place.run(&["catalog", "--from", "s3cret"]).exits(2);
}
