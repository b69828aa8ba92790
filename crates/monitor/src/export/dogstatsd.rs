//! Distributions for the Datadog Agent, and those that listen as it does.
//!
//! A distribution is rebuilt on the other side from values, so it is sent as the middles of codes: those that
//! occurred equally often share a line, `name:v:v:v|d|@rate|#tags`, whose sample rate says how often. The receiver
//! counts each value 1/rate times, to the sample; nothing is left to chance. Its own sketch adds 1 % (that of a `DDSketch`) to
//! the 0.79 % of a code.
//!
//! Several values in a line need an Agent of 6.25 or 7.25, or newer.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::metric::{Labels, Metric, seconds};
use crate::histogram::Histogram;
use crate::interval::wide;

/// The most a packet holds: what passes through an Ethernet without being cut.
pub const PACKET: usize = 1_432;

/// The longest name, and the longest tag.
const LONGEST: usize = 200;

/// The labels of a series leave no room for a value in a packet. Nothing was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLong {
    metric: String,
    length: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, length } = self;
        write!(
            f,
            "a line of {metric} would have {length} bytes for its tags alone, and a packet has {PACKET}"
        )
    }
}

impl std::error::Error for TooLong {}

/// The packets that send this metric's samples, in seconds: send each as one datagram, once.
///
/// The receiver adds up what it gets, so hand it a difference, such as a slice, never a total.
///
/// # Errors
///
/// [`TooLong`] where a series has more labels than fit.
pub fn packets(metric: &Metric) -> Result<Vec<String>, TooLong> {
    let (name, mut packets) = (name(metric.name()), Packets::default());
    for (labels, latencies) in metric.series() {
        let tags = tags(labels);
        for (count, values) in by_count(latencies) {
            packets.lines(&name, &format!("|d{}{tags}", rate(count)), &values)?;
        }
    }
    Ok(packets.finish())
}

/// The middles of codes, by how often each occurred.
fn by_count(latencies: &Histogram) -> BTreeMap<u64, Vec<f64>> {
    let mut by_count = BTreeMap::<_, Vec<_>>::new();
    for (code, count) in latencies.iter() {
        by_count.entry(count).or_default().push(seconds(code.value()));
    }
    by_count
}

/// The rate of which the receiver makes `count` again, whether it rounds 1/rate or cuts it off.
fn rate(count: u64) -> String {
    if count == 1 {
        return String::new();
    }
    let (count, rate) = (wide(count), 1.0 / wide(count));
    format!("|@{}", if 1.0 / rate < count { rate.next_down() } else { rate })
}

/// Lines, packed into packets.
#[derive(Debug, Default)]
struct Packets {
    full: Vec<String>,
    open: String,
}

impl Packets {
    /// As many lines as it takes for these values.
    fn lines(&mut self, name: &str, rest: &str, values: &[f64]) -> Result<(), TooLong> {
        let mut line = name.to_owned();
        for value in values {
            let value = format!(":{value}");
            if name.len() + value.len() + rest.len() > PACKET {
                return Err(TooLong { metric: name.to_owned(), length: name.len() + rest.len() });
            }
            if line.len() + value.len() + rest.len() > PACKET {
                self.line(&line, rest);
                line.truncate(name.len());
            }
            line.push_str(&value);
        }
        self.line(&line, rest);
        Ok(())
    }

    fn line(&mut self, line: &str, rest: &str) {
        if !self.open.is_empty() && self.open.len() + 1 + line.len() + rest.len() > PACKET {
            self.full.push(std::mem::take(&mut self.open));
        }
        let newline = if self.open.is_empty() { "" } else { "\n" };
        _ = write!(self.open, "{newline}{line}{rest}");
    }

    fn finish(mut self) -> Vec<String> {
        if !self.open.is_empty() {
            self.full.push(self.open);
        }
        self.full
    }
}

/// Letters, digits, `_` and `.`, beginning with a letter.
fn name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
    let name: String = name.chars().map(plain).take(LONGEST).collect();
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well { name } else { format!("m{}", name.chars().take(LONGEST - 1).collect::<String>()) }
}

/// `|#a:1,b:2`
fn tags(labels: &Labels) -> String {
    let tag = |(name, value): (&String, &String)| {
        let name = name.chars().map(|c| if c == ':' { '_' } else { c });
        let tag = name.chain([':']).chain(value.chars()).map(|c| if separates(c) { '_' } else { c });
        tag.take(LONGEST).collect::<String>()
    };
    let tags: Vec<_> = labels.iter().map(tag).collect();
    if tags.is_empty() { String::new() } else { format!("|#{}", tags.join(",")) }
}

/// What would end a tag, a line, or stand for something else.
fn separates(c: char) -> bool {
    c.is_control() || c.is_whitespace() || matches!(c, ',' | '|' | '#' | '@')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_that_occurred_equally_often_share_a_line() {
        let mut metric = Metric::new("http.server.request.duration", "");
        let millis = [3, 3, 3, 40, 40, 40, 7, 9, 11];
        let latencies = millis.into_iter().map(Duration::from_millis).collect();
        metric.add([("release", "v1"), ("endpoint", "GET /users/{id}")], &latencies);
        insta::assert_snapshot!(packets(&metric).unwrap().join("\n---\n"), @"
http.server.request.duration:0.006979584:0.008978432:0.010944512|d|#endpoint:GET_/users/{id},release:v1
http.server.request.duration:0.002998272:0.040108032|d|@0.3333333333333333|#endpoint:GET_/users/{id},release:v1
");
        assert_eq!(packets(&Metric::new("nothing", "")), Ok(vec![]));
    }

    #[test]
    fn hostile_names_and_tags_stay_within_their_line() {
        let mut metric = Metric::new("9:evil|name@x\n", "");
        let one = [Duration::from_secs(1)].into_iter().collect();
        metric.add([("a:b|c", "1,admin:true|@0.1\nfake:1|c"), ("ä", "ö#")], &one);
        insta::assert_snapshot!(packets(&metric).unwrap().join("\n---\n"), @"m9_evil_name_x_:1.002438656|d|#a_b_c:1_admin:true__0.1_fake:1_c,ä:ö_");
        let mut metric = Metric::new("m", "");
        let labels: Vec<_> = (0..9).map(|n| (n.to_string(), "x".repeat(300))).collect();
        metric.add(labels.iter().map(|(name, value)| (&name[..], &value[..])), &one);
        insta::assert_snapshot!(packets(&metric).unwrap_err(), @"a line of m would have 1813 bytes for its tags alone, and a packet has 1432");
    }

    proptest! {
        #[test]
        fn a_count_comes_back_of_its_rate_whether_rounded_or_cut_off(count in 2u64..1 << 40, shift in 0u32..39) {
            let count = (count >> shift).max(2);
            let rate: f64 = rate(count).strip_prefix("|@").expect("a rate").parse().expect("a number");
            prop_assert!(rate > 0.0 && rate < 1.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what a receiver does")]
            let (cut, rounded) = ((1.0 / rate) as u64, (1.0 / rate).round() as u64);
            prop_assert_eq!((cut, rounded), (count, count));
        }
    }
}
