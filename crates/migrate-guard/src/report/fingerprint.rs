use std::collections::HashMap;

/// Gives each finding a name that stays the same while lines move: what it says of which words, and for the same words
/// said twice, which time it is.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u128, u32>,
}

impl Fingerprints {
    /// The name of a finding of `rule` about `words` in `path`.
    pub(super) fn of(&mut self, rule: &str, path: &str, words: &str) -> String {
        let folded: Vec<&str> = words.split_whitespace().collect();
        let name = hash(&[rule, path, &folded.join(" ")]);
        let times = self.seen.entry(name).or_default();
        *times += 1;
        let last = if *times == 1 { name } else { hash(&[&name.to_string(), &times.to_string()]) };
        format!("{last:032x}")
    }
}

/// FNV-1a of 128 bits: it need be stable, not secret.
fn hash(parts: &[&str]) -> u128 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;

    #[test]
    fn a_name_stays_while_lines_move_and_differs_for_the_same_words() {
        let mut names = Fingerprints::default();
        let first = names.of("L01", "a.sql", "create  index\n on t");
        assert_eq!(Fingerprints::default().of("L01", "a.sql", "create index on t"), first);
        assert_ne!(names.of("L01", "a.sql", "create index on t"), first);
        assert_ne!(Fingerprints::default().of("L01", "b.sql", "create index on t"), first);
        assert_eq!(first.len(), 32);
    }
}
