use std::collections::{BTreeMap, BTreeSet};

use super::edge::Edge;
use super::{shop, texts};

/// What an edge really exports: its metrics' names, each with the names of its labels.
fn exported() -> BTreeMap<String, BTreeSet<String>> {
    let edge = Edge::start();
    edge.ask();
    let mut names = BTreeMap::<_, BTreeSet<_>>::new();
    for line in edge.proxy.metrics_text().lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
        names.entry(name.to_owned()).or_default().extend(labels(rest));
    }
    names
}

/// The words before `=`.
fn labels(text: &str) -> impl Iterator<Item = String> {
    text.split(['{', ',']).filter_map(|part| part.split_once("=\"")).map(|(label, _)| label.to_owned())
}

/// The words after `by (`, and those before an operator in braces.
fn used_labels(query: &str) -> Vec<&str> {
    let by = query.split("by ").skip(1).filter_map(|rest| rest[1..].split([')', '}']).next());
    by.flat_map(|names| names.split(',')).map(str::trim).collect()
}

#[test]
fn every_query_for_grafana_asks_for_what_the_edge_exports() {
    let exported = exported();
    let dashboard = shop().grafana();
    let queries = texts(&dashboard, "expr");
    assert_eq!(queries.len(), 4);
    for query in queries {
        let names: Vec<_> = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let names: Vec<_> = names.into_iter().filter(|word| word.starts_with("handover_")).collect();
        assert!(!names.is_empty(), "{query}");
        for name in names {
            let known = exported.get(name).unwrap_or_else(|| panic!("{name} is not exported"));
            let used = used_labels(query);
            assert!(used.iter().all(|label| known.contains(*label)), "{query}: {used:?} of {known:?}");
            let matched = query.split(['{', ',', '}']).filter_map(|part| part.split_once(['=', '!']));
            let mut matched = matched.map(|(label, _)| label).filter(|label| *label != "job");
            assert!(matched.all(|label| known.contains(label)), "{query}: {known:?}");
        }
    }
}

#[test]
fn every_query_for_datadog_asks_for_what_its_agent_makes_of_that() {
    let exported = exported();
    // The Agent's rules: `_total` goes, a counter ends in `.count`, the buckets of a histogram become a distribution.
    let names: BTreeMap<_, _> = exported
        .iter()
        .map(|(name, labels)| {
            let plain = name.replacen("handover_edge_", "handover.edge.", 1);
            let plain = match plain.strip_suffix("_total") {
                Some(counter) => format!("{counter}.count"),
                None => plain.trim_end_matches("_bucket").to_owned(),
            };
            (plain, labels)
        })
        .collect();
    let dashboard = shop().datadog();
    let queries = texts(&dashboard, "query");
    assert_eq!(queries.len(), 5);
    for query in queries {
        let name = query.split([':', '{']).nth(1).unwrap();
        let known = names.get(name).unwrap_or_else(|| panic!("{name} is made of nothing: {query}"));
        assert!(used_labels(query).iter().all(|label| known.contains(*label)), "{query}: {known:?}");
        assert!(!query.contains("class") || known.contains("class"), "{query}");
    }
}

#[test]
fn the_classes_that_count_as_failed_are_the_edges_own() {
    let edge = Edge::start();
    edge.ask();
    let text = edge.proxy.metrics_text();
    let dashboard = shop().grafana();
    let errors = texts(&dashboard, "expr")[1];
    for class in ["5xx", "error", "cancelled"] {
        assert!(text.contains(&format!("class=\"{class}\"")) && errors.contains(class), "{class}: {errors}");
    }
    assert!(!errors.contains("4xx"), "a 4xx is the caller's mistake: {errors}");
}
