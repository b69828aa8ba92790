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

/// What begins an allowance, as people write it.
pub(super) const MARKS: [&str; 3] = ["handover:", "Handover:", "HANDOVER:"];

const HERE: &str = "allow";
const IN_FILE: &str = "allow-file";

/// Reads the allowance in a comment; `None` if it holds none.
pub(super) fn parse(comment: &str) -> Option<Result<Allowance, String>> {
    let comment = comment.trim_end_matches("*/");
    anywhere(comment).or_else(|| at_its_beginning(comment).map(Err))
}

fn anywhere(comment: &str) -> Option<Result<Allowance, String>> {
    comment.split(MARKS[0]).skip(1).find_map(|after| match directive(after) {
        (HERE, rest) => Some(allowance(false, rest)),
        (IN_FILE, rest) => Some(allowance(true, rest)),
        _ => None,
    })
}

/// What is wrong with a comment that begins as an allowance does; prose after a space is none.
fn at_its_beginning(comment: &str) -> Option<String> {
    let comment = comment.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '*'));
    let (mark, after) =
        MARKS.iter().find_map(|mark| comment.strip_prefix(mark).map(|after| (*mark, after)))?;
    let gap = if after.starts_with(char::is_whitespace) { " " } else { "" };
    let (word, _) = directive(after.trim_start());
    let is_meant = gap.is_empty() || [HERE, IN_FILE].contains(&word);
    is_meant.then(|| format!("there is no `{mark}{gap}{word}`; did you mean `handover:{}`?", nearest(word)))
}

/// The word that a text begins with, and what follows it.
fn directive(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(text.len());
    text.split_at(end)
}

/// There are two, and whoever means the file says so.
fn nearest(word: &str) -> &'static str {
    if word.to_lowercase().contains("file") { IN_FILE } else { HERE }
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
        insta::assert_snapshot!(read(r#"-- as agreed: handover:allow L01 reason="r""#), @r#"["L01"] false None r"#);
        insta::assert_snapshot!(read("-- nothing of the kind"), @"none");
    }

    #[test]
    fn a_mistyped_word_is_answered_with_the_nearest() {
        insta::assert_snapshot!(read(r#"-- handover:alow L01 reason="r""#), @"there is no `handover:alow`; did you mean `handover:allow`?");
        insta::assert_snapshot!(read("--handover:ignore L01"), @"there is no `handover:ignore`; did you mean `handover:allow`?");
        insta::assert_snapshot!(read("/*\n * handover:allow_file L01 */"), @"there is no `handover:allow_file`; did you mean `handover:allow-file`?");
        insta::assert_snapshot!(read("-- handover:allowed L01"), @"there is no `handover:allowed`; did you mean `handover:allow`?");
        insta::assert_snapshot!(read("-- handover: allow L01"), @"there is no `handover: allow`; did you mean `handover:allow`?");
        insta::assert_snapshot!(read("-- Handover:allow L01"), @"there is no `Handover:allow`; did you mean `handover:allow`?");
    }

    #[test]
    fn prose_is_no_allowance() {
        insta::assert_snapshot!(read("-- handover: the tables of the night shift"), @"none");
        insta::assert_snapshot!(read("-- see handover:alow"), @"none");
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
