use jiff::ToSpan;
use jiff::civil::Date;

use super::known::Known;

/// The day that a text means.
pub(super) fn date(text: &str, known: &Known<'_>) -> Option<String> {
    parse(text, known).map(|day| day.to_string())
}

/// Days, weeks, months or years added to a date.
pub(super) fn add(date: &str, interval: &str, sign: i64, known: &Known<'_>) -> Option<String> {
    let day = parse(date, known)?;
    let (count, unit) = match interval.trim().split_once(' ') {
        Some((count, unit)) => (count.parse::<i64>().ok()?, unit.trim()),
        None => (interval.trim().parse::<i64>().ok()?, "day"),
    };
    let count = count.checked_mul(sign).filter(|count| count.abs() <= 10_000)?;
    let span = match unit.trim_end_matches('s') {
        "day" => count.days(),
        "week" => count.weeks(),
        "month" | "mon" => count.months(),
        "year" => count.years(),
        _ => return None,
    };
    Some(day.checked_add(span).ok()?.to_string())
}

/// The first day of a date's week, month or year; hours are not known of.
pub(super) fn trunc(unit: &str, date: &str, known: &Known<'_>) -> Option<String> {
    let day = parse(date, known)?;
    let first = match unit.to_lowercase().as_str() {
        "day" => day,
        "week" => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?,
        "month" => day.first_of_month(),
        "year" => day.first_of_year(),
        _ => return None,
    };
    Some(first.to_string())
}

/// `to_char` of a date, with `YYYY`, `MM`, `DD` and what stands between.
pub(super) fn to_char(date: &str, pattern: &str, known: &Known<'_>) -> Option<String> {
    let day = parse(date, known)?;
    let mut made = String::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let (part, length) = match rest {
            _ if rest.starts_with("YYYY") => (format!("{:04}", day.year()), 4),
            _ if rest.starts_with("MM") => (format!("{:02}", day.month()), 2),
            _ if rest.starts_with("DD") => (format!("{:02}", day.day()), 2),
            _ => (plain(rest)?, 1),
        };
        made.push_str(&part);
        rest = rest.get(length..)?;
    }
    Some(made)
}

/// What stands in a pattern for itself.
fn plain(rest: &str) -> Option<String> {
    let first = rest.chars().next()?;
    matches!(first, '_' | '-' | '/' | '.' | ' ').then(|| first.to_string())
}

fn parse(text: &str, known: &Known<'_>) -> Option<Date> {
    match text {
        "today" | "now" => Some(known.today()),
        "tomorrow" => known.today().tomorrow().ok(),
        "yesterday" => known.today().yesterday().ok(),
        other => other.get(..10)?.parse().ok(),
    }
}
