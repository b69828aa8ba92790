//! Migrations that go with a deployment: looked at before anything is launched.

use std::fs;
use std::process::Command;

use handover_testing::Postgres;
use serde_json::Value;

use super::{Config, Service};
use crate::migrate::sql;

const SINCE_MAIN: &str = "\n[migrate]\npaths = [\"migrations\"]\nlayout = \"sqlx\"\nsince = \"main\"\n";
const OF_STABLE: &str = "\n[migrate]\npaths = [\"migrations\"]\nlayout = \"sqlx\"\n";
const OF_DATABASE: &str =
    "\n[migrate]\npaths = [\"migrations\"]\nlayout = \"sqlx\"\nhistory_env = \"DATABASE_URL\"\n";
const ORDERS: &str = "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL);\n";
const INDEX: &str = "CREATE INDEX orders_total ON orders (total);\n";

fn git(service: &Service, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(service.path(""))
        .args(["-c", "user.name=x", "-c", "user.email=x@localhost"])
        .args(args);
    let done = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

fn migration(service: &Service, name: &str, text: &str) {
    fs::create_dir_all(service.path("migrations")).unwrap();
    fs::write(service.path("migrations").join(name), text).unwrap();
}

/// A repository whose `main` has a table, and a release that serves.
fn serving(config: &'static str) -> Service {
    let service = Service::serving(&Config::blue_green("1s"));
    migration(&service, "1_orders.sql", ORDERS);
    git(&service, &["init", "--quiet", "--initial-branch=main"]);
    git(&service, &["add", "migrations"]);
    git(&service, &["commit", "--quiet", "--message=x"]);
    service.configure(&Config::blue_green("1s").with(config));
    service.write_release("v2", "");
    service
}

/// What was said, without what differs from run to run.
fn plain(service: &Service, text: &str) -> String {
    service.plain(text)
}

const FILTERS: [(&str, &str); 5] = [
    (r"\d{8}-\d{6}-[a-z]{4}", "RUN"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", "DATE"),
    (r"by [a-z_0-9]+@[^: ,]+", "by WHO"),
    (r"\b[0-9a-f]{10}\b", "COMMIT"),
    (r"handover-migrate-guard \d+\.\d+\.\d+", "handover-migrate-guard X"),
];

fn deploy<'a>(accept: &'a [&'a str]) -> Vec<&'a str> {
    [&["deploy", "--release", "v2", "--artifact", "v2"], accept].concat()
}

#[test]
fn a_finding_refuses_the_deployment_before_anything_is_done() {
    let service = serving(SINCE_MAIN);
    migration(&service, "2_index.sql", INDEX);
    let ran = service.run(&deploy(&[])).exits(3);
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(plain(&service, &ran.err), @"
        error: could not let the pending migrations pass
          because: migrations/2_index.sql:1: L01 index-not-concurrent: an index is built on public.orders while every write to it waits

        hint: `handover migrate lint` shows what to write instead; `--accept L01=REASON` lets it pass, and keeps the reason
        ");
    });
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    let history: Value = serde_json::from_str(&service.run(&["history", "--json"]).exits(0).out).unwrap();
    assert_eq!(history["runs"].as_array().unwrap().len(), 1, "no run was sealed");
    assert!(!service.state("releases/v2").exists(), "nothing was frozen");
    let ran = service.run(&["plan", "--release", "v2", "--artifact", "v2"]).exits(3);
    assert!(ran.err.contains("could not let the pending migrations pass"), "{}", ran.err);
}

#[test]
fn what_is_accepted_goes_out_and_the_journal_knows_who_let_it_pass_and_why() {
    let service = serving(SINCE_MAIN);
    migration(&service, "2_index.sql", INDEX);
    let ran =
        service.run(&deploy(&["--accept", "L01=orders has 200 rows", "--accept", "C01=not there"])).exits(0);
    assert!(ran.err.contains("`--accept C01` was not needed"), "{}", ran.err);
    assert_eq!(service.stable(), ("v2".to_owned(), true));
    let told = |args: &[&str]| plain(&service, &service.run(args).exits(0).out);
    let line = |text: String, needle: &str| {
        text.lines().find(|line| line.contains(needle)).unwrap_or_default().to_owned()
    };
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(line(told(&["log"]), " migrations ").split_once("  migrations").unwrap().1.trim().to_owned(), @"1 pending migration, judged by handover-migrate-guard X: 1 error, 1 warning; L01 accepted by WHO: orders has 200 rows");
        insta::assert_snapshot!(line(told(&["status"]), "accepted"), @"accepted DATE: L01 accepted by WHO: orders has 200 rows");
        insta::assert_snapshot!(line(told(&["history"]), "L01").split_once("promoted").unwrap().1.trim().to_owned(), @"L01 accepted by WHO: orders has 200 rows");
        let explained = told(&["explain"]);
        let section: Vec<_> = explained.lines().skip_while(|line| *line != "migrations").take_while(|line| !line.is_empty()).collect();
        insta::assert_snapshot!(section.join("\n"), @"
        migrations
          1 pending migration, judged by handover-migrate-guard X: 1 error, 1 warning
          applied before: what was there at COMMIT, where this branch left main
          L01 accepted by WHO: orders has 200 rows, DATE
            migrations/2_index.sql:1: L01 index-not-concurrent: an index is built on public.orders while every write to it waits
        ");
    });
    let history: Value = serde_json::from_str(&service.run(&["history", "--json"]).exits(0).out).unwrap();
    let accepted = &history["runs"][0]["accepted"][0];
    assert_eq!((&accepted["rule"], &accepted["reason"]), (&"L01".into(), &"orders has 200 rows".into()));
}

#[test]
fn without_a_base_of_its_own_it_is_the_commit_of_the_stable_release() {
    let service = serving(OF_STABLE);
    let ran = service.run(&deploy(&[])).exits(3);
    assert!(ran.err.contains("the stable release is not named after a commit"), "{}", ran.err);
    let commit = git(&service, &["rev-parse", "--short=10", "HEAD"]);
    service.configure(&Config::blue_green("1s"));
    service.write_release(&commit, "");
    service.run(&["deploy", "--release", &commit, "--artifact", &commit]).exits(0);
    service.configure(&Config::blue_green("1s").with(OF_STABLE));
    migration(&service, "2_index.sql", INDEX);
    let ran = service.run(&deploy(&[])).exits(3);
    assert!(
        ran.err.contains("2_index.sql:1: L01") && ran.err.contains(&format!("--since {commit}")),
        "{}",
        ran.err
    );
    fs::remove_file(service.path("migrations/2_index.sql")).unwrap();
    service.run(&deploy(&[])).exits(0);
}

#[test]
fn a_database_says_what_is_applied() {
    let Some(postgres) = Postgres::start() else { return };
    let service = serving(OF_DATABASE).with_env("DATABASE_URL", postgres.url());
    migration(&service, "2_index.sql", INDEX);
    sql(
        &postgres,
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text, installed_on timestamptz DEFAULT now(), \
         success boolean, checksum bytea, execution_time bigint)",
    );
    let record = |version: u32, text: &str| {
        sql(
            &postgres,
            &format!(
                "INSERT INTO _sqlx_migrations VALUES ({version}, 'x', now(), true, sha384('{text}'), 1)"
            ),
        );
    };
    record(1, ORDERS);
    let ran = service.run(&deploy(&[])).exits(3);
    assert!(ran.err.contains("migrations/2_index.sql:1: L01"), "{}", ran.err);
    let looked = service.run(&["doctor", "--json"]).out;
    let checks: Value = serde_json::from_str(&looked).unwrap();
    let check =
        checks["checks"].as_array().unwrap().iter().find(|check| check["name"] == "migrations").unwrap();
    assert_eq!(check["finding"], "fail", "{check}");
    record(2, INDEX);
    service.run(&deploy(&[])).exits(0);
    let unreachable = service.with_env("DATABASE_URL", "postgres://x:s3cret@127.0.0.1:1/x".into());
    unreachable.write_release("v3", "");
    let ran = unreachable.run(&["deploy", "--release", "v3", "--artifact", "v3"]).exits(3);
    assert!(
        ran.err.contains("could not reach the database of DATABASE_URL") && !ran.err.contains("s3cret"),
        "{}",
        ran.err
    );
}

#[test]
fn going_back_asks_nobody() {
    let service = serving(SINCE_MAIN);
    service.run(&deploy(&[])).exits(0);
    migration(&service, "2_index.sql", INDEX);
    service.run(&["rollback"]).exits(0);
    assert_eq!(service.stable(), ("v1".to_owned(), true));
}

#[test]
fn to_accept_what_nobody_looks_at_is_a_mistake() {
    let service = Service::serving(&Config::blue_green("1s"));
    service.write_release("v2", "");
    let ran = service.run(&deploy(&["--accept", "all=fine"])).exits(2);
    assert!(ran.err.contains("no migration is looked at"), "{}", ran.err);
}
