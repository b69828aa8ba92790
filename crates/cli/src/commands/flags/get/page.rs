use std::fmt;

use handover_flags::rules::Rules;
use handover_flags::{Key, Revision};

use super::super::audit::table;
use super::super::words::{self, counted};
use super::Shown;
use crate::output::Table;
use crate::text::one_line;

/// How many instances are named.
const NAMED: usize = 20;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standing = &self.standing;
        write!(f, "{}  {}", one_line(standing.flag.as_str()), standing.word())?;
        if let Some(consequence) = standing.gate.consequence() {
            write!(f, ": {consequence}")?;
        }
        standing.problems.iter().try_for_each(|problem| write!(f, "\nWRONG: {}", one_line(problem)))?;
        let evaluated = self.evaluated.iter().map(super::Evaluated::sentence);
        let blocks = [
            self.rules(),
            evaluated.map(|sentence| one_line(&sentence)).collect::<Vec<_>>().join("\n"),
            self.changed(),
            self.instances(),
        ];
        blocks.iter().filter(|block| !block.is_empty()).try_for_each(|block| write!(f, "\n\n{block}"))
    }
}

impl Shown {
    fn rules(&self) -> String {
        let Some(rules) = &self.standing.rules else {
            return if self.standing.summary == "-" {
                "no rules: on is on for everybody".into()
            } else {
                String::new()
            };
        };
        let mut lines = lines(rules);
        for (name, held) in &self.segments {
            let held = words::held(&Key::Segment(name.clone()), held.as_ref());
            lines.push(format!("segment {name}: {held}"));
        }
        lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n")
    }

    fn changed(&self) -> String {
        match self.changes.as_deref() {
            None => "this store keeps no audit".into(),
            Some([]) => "no change is written down".into(),
            Some(changes) => table(changes).to_string(),
        }
    }

    /// The newest change of the flag that was counted.
    fn changed_at(&self) -> Option<Revision> {
        self.changes.iter().flatten().find_map(|entry| entry.revision)
    }

    fn instances(&self) -> String {
        let Some(seen) = &self.seen else { return String::new() };
        if seen.is_empty() {
            return "no process has said that it listens".into();
        }
        let wanted = self.changed_at().unwrap_or_default();
        let there = seen.iter().filter(|seen| seen.revision >= wanted).count();
        let has = if there == 1 { "has" } else { "have" };
        let line = format!("{there} of {} {has} its last change", counted(seen.len(), "instance"));
        let mut table = Table::new(["INSTANCE", "REVISION", ""]);
        let (mut shown, behind) = (seen.clone(), |revision| if revision < wanted { "BEHIND" } else { "" });
        shown.sort_by_key(|seen| seen.revision);
        for seen in shown.iter().take(NAMED) {
            table.row([
                seen.instance.to_string(),
                seen.revision.to_string(),
                behind(seen.revision).to_owned(),
            ]);
        }
        let more = shown.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("\nand {more} more") } else { String::new() };
        format!("{line}\n\n{table}{more}")
    }
}

/// Rules, a line each.
pub(in super::super) fn lines(rules: &Rules) -> Vec<String> {
    let mut lines: Vec<_> = rules
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let name = rule.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            let group = rule.group.as_ref().map(|group| format!(", group {group}")).unwrap_or_default();
            format!("rule {}{name}: {}{group}{}", index + 1, words::rule(rule), variants(&rule.variants))
        })
        .collect();
    if lines.is_empty() {
        lines.push(format!("rules: everybody{}", variants(&rules.variants)));
    } else if !rules.variants.is_empty() {
        lines.push(format!("variants: {}", words::variants(&rules.variants)));
    }
    lines.extend(rules.requires.iter().map(|needed| format!("requires: {}", words::requirement(needed))));
    lines
}

fn variants(variants: &[handover_flags::rules::Variant]) -> String {
    if variants.is_empty() { String::new() } else { format!(", variants {}", words::variants(variants)) }
}
