use super::scan::{Kind, Scanner};

/// As many words tell a statement's kind.
const ENOUGH: usize = 6;

/// The first words of each statement, in upper case and one space apart.
pub(crate) fn first_words(sql: &str) -> Vec<String> {
    let scanner = Scanner::new(sql);
    let (mut statements, mut words) = (Vec::new(), Vec::new());
    for piece in scanner.clone() {
        match piece.kind {
            Kind::Word if words.len() < ENOUGH => words.push(scanner.text(piece).to_ascii_uppercase()),
            Kind::Mark(b';') => statements.push(std::mem::take(&mut words).join(" ")),
            _ => {}
        }
    }
    statements.push(words.join(" "));
    statements.retain(|words| !words.is_empty());
    statements
}

#[cfg(test)]
mod tests {
    use super::first_words;

    #[test]
    fn a_statement_is_known_by_its_first_words() {
        let sql = "create  index\n-- a\nconcurrently \"i\" on t (a); vacuum full t; select 'a; b'";
        assert_eq!(first_words(sql), ["CREATE INDEX CONCURRENTLY ON T A", "VACUUM FULL T", "SELECT"]);
    }
}
