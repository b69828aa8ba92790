//! `[migrate]` of handover.toml.

use super::Place;
use super::place::{INDEX, ORDERS};

#[test]
fn a_file_with_nothing_but_migrations_is_enough() {
    let place = Place::with(&[ORDERS, INDEX]);
    place.write("sub/x", "");
    place.write("handover.toml", "[migrate]\npaths = [\"migrations\"]\nlevels = { L01 = \"off\" }\n");
    assert!(place.found(&[]).is_empty());
    assert_eq!(place.found(&["--rule", "L01=error"]).len(), 1, "what is typed stands above it");
    place.write("handover.toml", "[migrate]\nlevel = { L01 = \"off\" }\n");
    insta::assert_snapshot!(place.run(&["lint"]).exits(2).err, @"
    error: could not read the settings
      because: DIR/handover.toml:2: unknown key `migrate.level`

    hint: did you mean `levels`?
    ");
}

#[test]
fn what_is_applied_may_be_said_there() {
    let place = Place::with(&[ORDERS, INDEX]);
    place.write("handover.toml", "[migrate]\nsince = \"main\"\n");
    place.commit_as_main();
    assert!(place.found(&[]).is_empty());
    assert_eq!(place.found(&["--all"]).len(), 1);
}

#[test]
fn a_database_that_is_not_at_hand_is_asked_for_unless_a_commit_is_named_too() {
    let place = Place::with(&[ORDERS, INDEX]);
    place.write("handover.toml", "[migrate]\nhistory_env = \"DATABASE_URL\"\n");
    insta::assert_snapshot!(place.run(&["lint"]).exits(2).err, @"
    error: could not tell which database to ask
      because: DATABASE_URL is not set in the environment, and is to hold its address

    hint: `export DATABASE_URL=postgres://…`
    ");
    place.write("handover.toml", "[migrate]\nhistory_env = \"DATABASE_URL\"\nsince = \"main\"\n");
    place.commit_as_main();
    assert!(place.found(&[]).is_empty());
}

#[test]
fn a_time_zone_that_nobody_knows_is_an_error() {
    let place = Place::with(&[ORDERS]);
    let ran = place.run(&["lint", "--time-zone", "Europ/Berlin"]).exits(2);
    insta::assert_snapshot!(ran.err.lines().next().unwrap(), @r#"error: invalid value 'Europ/Berlin' for '--time-zone <ZONE>': "Europ/Berlin" is no time zone that PostgreSQL knows; did you mean "Europe/Berlin"?"#);
    place.write("handover.toml", "[migrate]\ntime_zone = \"Berlin\"\n");
    insta::assert_snapshot!(place.run(&["lint"]).exits(2).err, @r#"
    error: could not read the settings
      because: DIR/handover.toml:2: migrate.time_zone: "Berlin" is no time zone that PostgreSQL knows; did you mean "Europe/Berlin"?
    "#);
}
