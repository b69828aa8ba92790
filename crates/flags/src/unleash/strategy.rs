use super::segments::Names;
use super::variant::variants;
use super::wire::Strategy;
use crate::rules::{Constraint, Op, Percentage, Rule};

/// The rule that a strategy is, and what of it was left out. One that cannot be carried over admits nobody.
pub(super) fn rule(strategy: &Strategy, segments: &Names) -> (Rule, Vec<String>) {
    let mut notes = Vec::new();
    let rule = carried(strategy, segments, &mut notes).unwrap_or_else(|why| {
        notes.push(format!("strategy {:?} admits nobody: {why}", strategy.name));
        Rule::nobody()
    });
    (rule, notes)
}

fn carried(strategy: &Strategy, segments: &Names, notes: &mut Vec<String>) -> Result<Rule, String> {
    if strategy.disabled {
        return Err("it is disabled".into());
    }
    let mut rule = own(strategy, notes)?;
    for theirs in &strategy.constraints {
        let (ours, note) = super::constraint::constraint(theirs)?;
        rule.when.push(ours);
        notes.extend(note);
    }
    rule.segments = strategy.segments.iter().map(|id| segments.of(*id)).collect();
    rule.variants = variants(&strategy.variants, strategy.parameter("stickiness").or(Some("default")), notes);
    rule.group = strategy.parameter("groupId").map(str::to_owned);
    rule.name = strategy.title.clone().filter(|title| !title.is_empty());
    rule.check("it").map_err(|error| error.to_string())?;
    Ok(rule)
}

/// What the strategy itself asks for, by its name.
fn own(strategy: &Strategy, notes: &mut Vec<String>) -> Result<Rule, String> {
    match strategy.name.as_str() {
        "default" => Ok(Rule::default()),
        "userWithId" => Ok(when("userId", Op::In, list(strategy, "userIds")?)),
        "remoteAddress" => addresses(strategy, notes),
        "applicationHostname" => Ok(hosts(strategy, notes)),
        "flexibleRollout" => rollout(strategy, "rollout", strategy.parameter("stickiness")),
        "gradualRolloutUserId" => grouped(strategy, "userId"),
        "gradualRolloutSessionId" => grouped(strategy, "sessionId"),
        "gradualRolloutRandom" => rollout(strategy, "percentage", Some("random")),
        _ => Err("it is one of your own".into()),
    }
}

fn when(field: &str, op: Op, values: Vec<String>) -> Rule {
    let constraint = Constraint { values, ..Constraint::new(field, op, &[]) };
    Rule { when: vec![constraint], ..Rule::default() }
}

fn parameter<'a>(strategy: &'a Strategy, name: &str) -> Result<&'a str, String> {
    strategy.parameter(name).ok_or_else(|| format!("it has no `{name}`"))
}

fn list(strategy: &Strategy, name: &str) -> Result<Vec<String>, String> {
    Ok(parameter(strategy, name)?.split(',').map(|part| part.trim().to_owned()).collect())
}

fn addresses(strategy: &Strategy, notes: &mut Vec<String>) -> Result<Rule, String> {
    let fits = |value: &String| Constraint::new("remoteAddress", Op::Cidr, &[value]).check().is_ok();
    let (kept, gone): (Vec<_>, Vec<_>) = list(strategy, "IPs")?.into_iter().partition(fits);
    if !gone.is_empty() {
        notes.push(format!("left out of a list of networks: {}", gone.join(", ")));
    }
    if kept.is_empty() {
        Err("it lists no network".into())
    } else {
        Ok(when("remoteAddress", Op::Cidr, kept))
    }
}

fn hosts(strategy: &Strategy, notes: &mut Vec<String>) -> Rule {
    notes.push(
        "a list of host names looks at the context's field `hostname`, which the program must give".into(),
    );
    let mut rule = when("hostname", Op::In, list(strategy, "hostNames").unwrap_or_default());
    rule.when.iter_mut().for_each(|constraint| constraint.ignore_case = true);
    rule
}

/// The older rollouts are off without a group.
fn grouped(strategy: &Strategy, stickiness: &str) -> Result<Rule, String> {
    parameter(strategy, "groupId")?;
    rollout(strategy, "percentage", Some(stickiness))
}

fn rollout(strategy: &Strategy, name: &str, stickiness: Option<&str>) -> Result<Rule, String> {
    let text = parameter(strategy, name)?;
    let whole = text.parse::<u32>().ok().map(f64::from);
    let percentage = whole.and_then(|percent| Percentage::try_from(percent).ok());
    let percentage = percentage.ok_or_else(|| format!("{text:?} is not a whole percentage from 0 to 100"))?;
    Ok(Rule { percentage: Some(percentage), stickiness: stickiness.map(str::to_owned), ..Rule::default() })
}
