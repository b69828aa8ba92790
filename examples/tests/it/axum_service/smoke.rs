use sqlx::{Connection as _, PgConnection, Row as _};

use super::World;

fn rows(world: &World, sql: &'static str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(&world.postgres.url()).await.unwrap();
        let row = sqlx::query(sql).fetch_one(&mut connection).await.unwrap();
        row.get(0)
    })
}

const COUNT: &str = "SELECT count(*) FROM scans";
const FORGOTTEN: &str = "WITH made AS (INSERT INTO scans (url, tag, created_at) VALUES
    ('https://example.com', 'handover-smoke-old', now() - interval '1 hour'),
    ('https://example.com', 'handover-smoke-new', now()),
    ('https://example.com', NULL, now() - interval '1 hour') RETURNING 1) SELECT count(*) FROM made";

#[test]
fn the_smoke_test_goes_a_users_way_and_leaves_nothing_but_what_is_not_its() {
    let Some(world) = World::start() else { return };
    let service = world.ready();
    assert_eq!(rows(&world, FORGOTTEN), 3);
    let answer = service.ask("POST /smoke-test").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["status"], "smoke_test_passed");
    let names: Vec<_> =
        body["tests"].as_array().unwrap().iter().map(|test| test["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["create_scan", "query_scan", "delete_scan"]);
    // The forgotten one is reaped; a user's, and one that may still run, are not.
    assert_eq!(rows(&world, COUNT), 2);
    // A crawler runs nothing.
    assert_eq!(service.get("/smoke-test").status, 405);
}

#[test]
fn a_step_that_cannot_be_taken_fails_in_time_and_says_no_more_than_its_class() {
    let Some(world) = World::start() else { return };
    let service = world.ready();
    assert_eq!(rows(&world, "WITH gone AS (SELECT 1) SELECT count(*) FROM gone"), 1);
    world.postgres.freeze();
    let answer = service.ask("POST /smoke-test").unwrap();
    world.postgres.thaw();
    assert_eq!(answer.status, 500);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["status"], "smoke_test_failed");
    assert_eq!(
        body["tests"][0],
        serde_json::json!({ "name": "create_scan", "status": "fail", "error": "timeout" })
    );
}
