use std::cmp::Ordering;

/// A semantic version (2.0.0 of that specification), borrowed from its text so that reading one allocates nothing.
///
/// Compared by precedence: what follows a `+` does not count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    numbers: [u64; 3],
    /// Empty for a release.
    pre: &'a str,
}

impl<'a> Version<'a> {
    /// `None` for what is no version, a leading `v` among it.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
        let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
        let fine = build.is_none_or(|build| parts_are(build, is_word))
            && pre.is_none_or(|pre| parts_are(pre, is_pre));
        let mut parts = core.split('.');
        let mut next = || parts.next().and_then(number);
        let numbers = [next()?, next()?, next()?];
        (fine && parts.next().is_none()).then_some(Self { numbers, pre: pre.unwrap_or("") })
    }

    pub(crate) fn precedence(&self, other: &Version<'_>) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre, other.pre) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (left, right) => pre_releases(left, right),
        })
    }
}

/// Part by part; of two that agree as far as the shorter goes, the longer is later.
fn pre_releases(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => return parts(left, right),
        }
    }
}

/// Numbers by size, which is by length first since none begins with a zero; before words, which go by their bytes.
fn parts(left: &str, right: &str) -> Ordering {
    match (digits(left), digits(right)) {
        (true, true) => left.len().cmp(&right.len()).then_with(|| left.cmp(right)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

fn parts_are(text: &str, so: fn(&str) -> bool) -> bool {
    text.split('.').all(so)
}

fn is_word(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_pre(part: &str) -> bool {
    is_word(part) && !(digits(part) && has_zero_in_front(part))
}

fn digits(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_zero_in_front(part: &str) -> bool {
    part.len() > 1 && part.starts_with('0')
}

fn number(part: &str) -> Option<u64> {
    let fine = digits(part) && !has_zero_in_front(part);
    fine.then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIKE_A_VERSION: &str = r"[0-9v]{0,2}\.[0-9]{1,2}\.[0-9]{1,2}(-[0-9a-c.-]{0,6})?(\+[0-9a-c.-]{0,4})?|[0-9.+-]{0,9}|\d{18,21}\.0\.0";

    #[test]
    fn numbers_of_a_pre_release_go_by_size_and_before_words() {
        let versions = ["1.0.0-2", "1.0.0-10", "1.0.0-10.0", "1.0.0-9a", "1.0.0-a.2", "1.0.0-a.10", "1.0.0"];
        for pair in versions.windows(2) {
            let [lower, higher] = [pair[0], pair[1]].map(|text| Version::read(text).unwrap());
            assert_eq!(lower.precedence(&higher), Ordering::Less, "{pair:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn versions_are_those_of_the_semver_crate(left in LIKE_A_VERSION, right in LIKE_A_VERSION) {
            let theirs = [semver::Version::parse(&left).ok(), semver::Version::parse(&right).ok()];
            let ours = [Version::read(&left), Version::read(&right)];
            prop_assert_eq!(theirs.each_ref().map(Option::is_some), ours.map(|it| it.is_some()));
            if let ([Some(left), Some(right)], [Some(ours), Some(other)]) = (&theirs, &ours) {
                prop_assert_eq!(left.cmp_precedence(right), ours.precedence(other));
            }
        }
    }
}
