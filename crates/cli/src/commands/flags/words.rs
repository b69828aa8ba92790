//! What is held, in words: one phrase for a table, a few lines for a page.

use std::fmt::Write as _;
use std::time::Duration;

use handover_core::Timestamp;
use handover_flags::rules::{Constraint, Requirement, Rule, Rules, Segment, Variant};
use handover_flags::{AuditEntry, Held, Key};

use super::standing::Gate;

/// How much of a strange value is shown, in characters.
const SHOWN: usize = 40;

/// What stands under a key, in a phrase.
pub(super) fn held(key: &Key, held: Option<&Held>) -> String {
    match key {
        Key::Gate(_) => gate(held),
        Key::Rules(_) if held.is_none() => "none".into(),
        Key::Rules(_) => rules(held),
        Key::Segment(_) => segment(held),
    }
}

fn gate(held: Option<&Held>) -> String {
    match (Gate::of(held), held) {
        (Gate::On, _) => "on".into(),
        (Gate::Off, _) => "off".into(),
        (_, Some(Held::Text(text))) => format!("MALFORMED {}", quoted(text)),
        (_, Some(Held::Unreadable(why))) => format!("UNREADABLE ({why})"),
        (_, None) => "not set".into(),
    }
}

/// Whom rules let in, in a phrase; `-` where there are none.
pub(super) fn rules(held: Option<&Held>) -> String {
    match held {
        None => "-".into(),
        Some(Held::Unreadable(why)) => format!("UNREADABLE ({why})"),
        Some(Held::Text(text)) => match Rules::parse(text) {
            Ok(rules) => summary(&rules),
            Err(_) => "MALFORMED".into(),
        },
    }
}

fn segment(held: Option<&Held>) -> String {
    match held {
        None => "not there".into(),
        Some(Held::Unreadable(why)) => format!("UNREADABLE ({why})"),
        Some(Held::Text(text)) => match Segment::parse(text) {
            Ok(segment) => all_of(&segment.when),
            Err(_) => "MALFORMED".into(),
        },
    }
}

fn summary(rules: &Rules) -> String {
    let who = match rules.rules.as_slice() {
        [] => "everybody".into(),
        [only] => rule(only),
        several => format!("{} rules", several.len()),
    };
    let mut parts = vec![who];
    match rules.variants.len() {
        0 => {}
        1 => parts.push("1 variant".into()),
        several => parts.push(format!("{several} variants")),
    }
    if !rules.requires.is_empty() {
        let needed = rules.requires.iter().map(requirement).collect::<Vec<_>>();
        parts.push(format!("requires {}", needed.join(" and ")));
    }
    parts.join(", ")
}

pub(super) fn requirement(needed: &Requirement) -> String {
    let off = if needed.enabled { "" } else { " off" };
    match needed.variants.as_slice() {
        [] => format!("{}{off}", needed.flag),
        variants => format!("{} as {}", needed.flag, variants.join(" or ")),
    }
}

/// Whom one rule lets in, in a phrase.
pub(super) fn rule(rule: &Rule) -> String {
    let share = rule.percentage.map(|share| match &rule.stickiness {
        Some(field) => format!("{share} by {field}"),
        None => share.to_string(),
    });
    let when = rule.when.iter().map(constraint);
    let segments = rule.segments.iter().map(|name| format!("segment {name}"));
    let from = rule.from.map(|from| format!("from {from}"));
    let until = rule.until.map(|until| format!("until {until}"));
    let conditions = when.chain(segments).chain(from).chain(until).collect::<Vec<_>>().join(" and ");
    match (share, conditions.as_str()) {
        (None, "") => "everybody".into(),
        (Some(share), "") => share,
        (None, conditions) => format!("if {conditions}"),
        (Some(share), conditions) => format!("{share} if {conditions}"),
    }
}

/// A constraint as one would say it, with the first few of its values.
pub(super) fn constraint(constraint: &Constraint) -> String {
    const FEW: usize = 3;
    let Constraint { field, op, values, not, .. } = constraint;
    let not = if *not { "not " } else { "" };
    let mut shown = values.iter().take(FEW).map(|value| cut(value)).collect::<Vec<_>>().join(", ");
    if values.len() > FEW {
        let _ = write!(shown, " and {} more", values.len() - FEW);
    }
    format!("{field} {not}{op} {shown}")
}

/// Everything that must hold.
pub(super) fn all_of(when: &[Constraint]) -> String {
    match when {
        [] => "everybody".into(),
        when => when.iter().map(constraint).collect::<Vec<_>>().join(" and "),
    }
}

/// Variants with their weights.
pub(super) fn variants(variants: &[Variant]) -> String {
    let sum: u64 = variants.iter().map(|variant| u64::from(variant.weight)).sum();
    let one = |variant: &Variant| format!("{} {} of {sum}", variant.name, variant.weight);
    variants.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What was changed, for a line about the whole store.
pub(super) fn subject(key: &Key) -> String {
    match key {
        Key::Gate(flag) => flag.to_string(),
        Key::Rules(flag) => format!("{flag} rules"),
        Key::Segment(name) => format!("segment {name}"),
    }
}

/// From what to what.
pub(super) fn step(key: &Key, before: Option<&Held>, after: Option<&Held>) -> String {
    format!("{} → {}", held(key, before), held(key, after))
}

/// Who did it; what was noticed only was done past handover.
pub(super) fn actor(entry: &AuditEntry) -> &str {
    if entry.actor == AuditEntry::OUTSIDE { "outside handover" } else { &entry.actor }
}

/// Who, and why.
pub(super) fn by(entry: &AuditEntry) -> String {
    match &entry.reason {
        Some(reason) => format!("{}: {reason}", actor(entry)),
        None => actor(entry).to_owned(),
    }
}

/// A moment by the store's clock.
pub(super) fn at(ms: u64) -> Timestamp {
    Timestamp::from_unix_millis(ms)
}

/// `31 ms`, `1.3s`.
pub(super) fn delay(time: Duration) -> String {
    match time.as_millis() {
        ms @ 0..1_000 => format!("{ms} ms"),
        _ => crate::output::short_duration(time),
    }
}

/// `1 instance`, `2 instances`.
pub(super) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    }
}

/// As much of a strange text as fits into a line.
fn quoted(text: &str) -> String {
    format!("`{}`", cut(&text.escape_debug().to_string()))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(document: &str) -> String {
        rules(Some(&Held::from(document)))
    }

    #[test]
    fn rules_are_said_in_a_phrase() {
        let all = [
            "{}",
            r#"{"rules":[{"percentage":50,"stickiness":"userId"}],"variants":[{"name":"a","weight":1},{"name":"b","weight":1}],"requires":[{"flag":"x"}]}"#,
            r#"{"rules":[{"when":[{"field":"plan","op":"in","values":["pro","team","x","y"]}],"segments":["staff"]}]}"#,
            r#"{"rules":[{"percentage":12.5},{"until":"2026-01-31T13:00:00Z"}]}"#,
            r#"{"rules":[{"when":[{"field":"age","op":"num_gt","value":18,"not":true}]}],"requires":[{"flag":"x","enabled":false},{"flag":"y","variants":["a"]}]}"#,
            r#"{"rules":[{"percentage":120}]}"#,
        ];
        insta::assert_snapshot!(all.map(phrase).join("\n"), @"
        everybody
        50 % by userId, 2 variants, requires x
        if plan in pro, team, x and 1 more and segment staff
        2 rules
        if age not num_gt 18, requires x off and y as a
        MALFORMED
        ");
        assert_eq!(rules(None), "-");
    }

    #[test]
    fn a_gate_that_is_neither_on_nor_off_is_loud() {
        let said = [
            gate(Some(&Held::from("TRUE\n"))),
            gate(Some(&Held::from("x".repeat(1_000).as_str()))),
            gate(Some(&Held::Unreadable("a list".into()))),
            gate(None),
        ];
        insta::assert_snapshot!(said.join("\n"), @r"
        MALFORMED `TRUE\n`
        MALFORMED `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`
        UNREADABLE (a list)
        not set
        ");
    }
}
