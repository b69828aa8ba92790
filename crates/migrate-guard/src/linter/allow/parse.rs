use jiff::civil::Date;

/// What a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Which rules, by id.
    pub(super) rules: Vec<String>,
    /// In the whole file.
    pub(super) whole_file: bool,
    /// Until which day, that day included.
    pub(super) until: Option<Date>,
    /// Why.
    pub(super) reason: String,
}

/// The word that begins an allowance.
pub(super) const WORD: &str = "handover:allow";

/// Reads the allowance in a comment; `None` if it holds none.
pub(super) fn parse(comment: &str) -> Option<Result<Allowance, String>> {
    let (_, rest) = comment.split_once(WORD)?;
    let rest = rest.trim_end_matches("*/");
    let (whole_file, rest) = rest.strip_prefix("-file").map_or((false, rest), |rest| (true, rest));
    Some(allowance(whole_file, rest))
}

fn allowance(whole_file: bool, rest: &str) -> Result<Allowance, String> {
    let mut allowance = Allowance { rules: Vec::new(), whole_file, until: None, reason: String::new() };
    let mut rest = rest.trim();
    while !rest.is_empty() {
        rest = word(&mut allowance, rest)?.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    complete(allowance)
}

/// Takes one word off the rest, and says what is left.
fn word<'a>(allowance: &mut Allowance, rest: &'a str) -> Result<&'a str, String> {
    if let Some(value) = rest.strip_prefix("reason=") {
        let (reason, rest) = quoted(value)?;
        reason.trim().clone_into(&mut allowance.reason);
        return Ok(rest);
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    match word.split_once('=') {
        Some(("until", day)) => allowance.until = Some(date(day)?),
        Some((key, _)) => return Err(format!("`{key}` is not known here: there are `until` and `reason`")),
        None => allowance.rules.push(word.to_owned()),
    }
    Ok(rest)
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("`until={text}` is not a day such as 2027-01-31"))
}

fn quoted(value: &str) -> Result<(&str, &str), String> {
    let open = value.strip_prefix('"').ok_or("the reason must stand in double quotes")?;
    open.split_once('"').ok_or_else(|| "the reason's closing quote is missing".to_owned())
}

fn complete(allowance: Allowance) -> Result<Allowance, String> {
    if allowance.rules.is_empty() {
        return Err("it names no rule".to_owned());
    }
    if allowance.reason.is_empty() {
        return Err("it gives no reason".to_owned());
    }
    Ok(allowance)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn read(comment: &str) -> String {
        match parse(comment) {
            None => "none".to_owned(),
            Some(Ok(it)) => format!("{:?} {} {:?} {}", it.rules, it.whole_file, it.until, it.reason),
            Some(Err(why)) => why,
        }
    }

    #[test]
    fn an_allowance_names_rules_a_day_and_a_reason() {
        let all = r#"-- handover:allow L01, C02 until=2027-01-01 reason="empty table, see #12""#;
        insta::assert_snapshot!(read(all), @r#"["L01", "C02"] false Some(2027-01-01) empty table, see #12"#);
        insta::assert_snapshot!(read(r#"/* handover:allow-file L01 reason="r" */"#), @r#"["L01"] true None r"#);
        insta::assert_snapshot!(read("-- nothing of the kind"), @"none");
    }

    #[test]
    fn what_is_missing_is_said() {
        insta::assert_snapshot!(read("-- handover:allow"), @"it names no rule");
        insta::assert_snapshot!(read("-- handover:allow L01"), @"it gives no reason");
        insta::assert_snapshot!(read(r#"-- handover:allow L01 reason="  ""#), @"it gives no reason");
        insta::assert_snapshot!(read("-- handover:allow L01 reason=because"), @"the reason must stand in double quotes");
        insta::assert_snapshot!(read(r#"-- handover:allow L01 reason="because"#), @"the reason's closing quote is missing");
        insta::assert_snapshot!(read(r#"-- handover:allow L01 until=tomorrow reason="r""#), @"`until=tomorrow` is not a day such as 2027-01-31");
        insta::assert_snapshot!(read(r#"-- handover:allow L01 till=2027-01-01 reason="r""#), @"`till` is not known here: there are `until` and `reason`");
    }
}
