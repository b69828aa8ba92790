//! The rules themselves.

use super::Place;

#[test]
fn a_rule_is_explained_by_its_id_or_its_name() {
    let place = Place::new();
    let by_id = place.run(&["explain", "l01"]).exits(0).out;
    insta::assert_snapshot!(by_id, @"
    L01 index-not-concurrent (error)

    sees
        An index is built on a table in use, and not concurrently.

    then
        Every write to the table waits until the index is built, which grows with the table.

    instead
        Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.

    bad
        -- earlier:
        CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
        -- this migration:
        CREATE INDEX orders_customer ON orders (customer_id);

    good
        -- earlier:
        CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
        -- this migration, outside a transaction:
        CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);

    source
        https://www.postgresql.org/docs/current/sql-createindex.html
    ");
    assert_eq!(place.run(&["explain", "index-not-concurrent"]).exits(0).out, by_id);
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    let place = Place::new();
    insta::assert_snapshot!(place.run(&["explain", "index-not-concurent"]).exits(2).err, @r#"
    error: could not explain a rule
      because: there is no rule "index-not-concurent"

    hint: did you mean L01 (index-not-concurrent)?
    "#);
    insta::assert_snapshot!(place.run(&["explain", "nonsense"]).exits(2).err, @r#"
    error: could not explain a rule
      because: there is no rule "nonsense"

    hint: `handover migrate rules` lists them
    "#);
    insta::assert_snapshot!(place.run(&["explain", "L1", "--json"]).exits(2).out, @r#"{"version":1,"error":{"attempted":"could not explain a rule","causes":["there is no rule \"L1\""],"hint":"did you mean L01 (index-not-concurrent)?"},"exit":2}"#);
}

#[test]
fn every_rule_is_listed_for_people_and_for_programs() {
    let place = Place::new();
    let table = place.run(&["rules"]).exits(0).out;
    let all: serde_json::Value = serde_json::from_str(&place.run(&["rules", "--json"]).exits(0).out).unwrap();
    let rules = all["rules"].as_array().unwrap();
    assert!(rules.len() > 50, "{}", rules.len());
    assert_eq!(table.lines().count(), rules.len() + 1);
    for rule in rules {
        for key in ["id", "name", "level", "condition", "effect", "workaround", "bad", "good", "source"] {
            assert!(rule[key].is_string(), "{rule}");
        }
        place_explains(&place, rule);
    }
}

fn place_explains(place: &Place, rule: &serde_json::Value) {
    let told = place.run(&["explain", rule["id"].as_str().unwrap()]).exits(0).out;
    for key in ["condition", "effect", "workaround", "source"] {
        assert!(told.contains(rule[key].as_str().unwrap()), "{key}: {told}");
    }
}
