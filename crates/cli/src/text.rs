//! Text from releases, logs and files, made safe to print.

/// The longest line shown of foreign text; a log line of a megabyte is not an explanation.
const LONGEST: usize = 2_000;

/// `foreign` as one line that cannot move the cursor, change colours, or turn the reading direction around.
///
/// Control and formatting characters become escapes such as `\u{1b}`; a tab stays a tab.
pub(crate) fn one_line(foreign: &str) -> String {
    let mut safe = String::with_capacity(foreign.len().min(LONGEST));
    for (count, c) in foreign.chars().enumerate() {
        if count == LONGEST {
            safe.push('…');
            break;
        }
        if hostile(c) { safe.extend(c.escape_default()) } else { safe.push(c) }
    }
    safe
}

/// Whether a terminal may do something else with `c` than show it.
pub(crate) fn hostile(c: char) -> bool {
    let formats = matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    (c.is_control() && c != '\t') || formats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_drive_the_terminal() {
        assert_eq!(one_line("\u{1b}[31mred\r\nnext\u{202e}"), r"\u{1b}[31mred\r\nnext\u{202e}");
        assert_eq!(one_line("\u{9b}2J"), r"\u{9b}2J");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let text = "Grüße, 日本\t→ 10 %";
        assert_eq!(one_line(text), text);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        assert_eq!(one_line(&"x".repeat(1_000_000)).chars().count(), LONGEST + 1);
    }
}
