//! What the names of files say.

/// The folders a path stands in, and its last part.
pub(super) fn split(path: &str) -> (Option<&str>, &str) {
    path.rsplit_once('/').map_or((None, path), |(folder, name)| (Some(folder), name))
}

/// The name without `.sql`, in whatever case that is written.
pub(super) fn without_sql(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    extension.eq_ignore_ascii_case("sql").then_some(stem)
}

/// Whether a name ends so, to the letter.
pub(super) fn ends(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some()
}

/// The digits a name begins with, and what follows them.
pub(super) fn digits(name: &str) -> (&str, &str) {
    name.split_at(name.bytes().take_while(u8::is_ascii_digit).count())
}

/// The number before the first `_`, and what follows that.
pub(super) fn numbered(name: &str) -> Option<(&str, &str)> {
    let (digits, rest) = digits(name);
    let rest = rest.strip_prefix('_')?;
    (!digits.is_empty()).then_some((digits, rest))
}

/// A number as a 64-bit column has it: without leading zeros. `None` if it does not fit.
pub(super) fn integer(digits: &str) -> Option<String> {
    digits.parse::<i64>().ok().map(|number| number.to_string())
}

/// Whether a name, `.sql` taken off, is that of a way back.
pub(super) fn is_down(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    ["down", "undo", "rollback", "revert"].iter().any(|word| {
        stem.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with(['.', '_', '-']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_told_by_its_last_word() {
        for stem in ["001_users.down", "001_users_down", "down", "x.ROLLBACK", "x-undo"] {
            assert!(is_down(stem), "{stem}");
        }
        for stem in ["001_shutdown", "001_users.up", "001_down_payments"] {
            assert!(!is_down(stem), "{stem}");
        }
    }

    #[test]
    fn a_number_is_as_a_column_has_it() {
        assert_eq!(integer("0001").as_deref(), Some("1"));
        assert_eq!(integer("99999999999999999999"), None);
        assert_eq!(numbered("20230101_a_b"), Some(("20230101", "a_b")));
        assert_eq!(numbered("a_b"), None);
    }
}
