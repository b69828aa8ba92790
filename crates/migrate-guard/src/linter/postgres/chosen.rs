use crate::LintContext;
use crate::rules::{AtFile, AtStatement, Check, RULES, Rule};

/// The rules that have a say, by when they look.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) statement: Vec<(&'static Rule, AtStatement)>,
    pub(super) file: Vec<(&'static Rule, AtFile)>,
}

impl Chosen {
    pub(super) fn of(context: &LintContext) -> Self {
        let mut chosen = Self::default();
        for rule in RULES.iter().copied().filter(|rule| context.wants(rule)) {
            match rule.check {
                Check::Statement(look) => chosen.statement.push((rule, look)),
                Check::File(look) => chosen.file.push((rule, look)),
                Check::Elsewhere => {}
            }
        }
        chosen
    }
}
