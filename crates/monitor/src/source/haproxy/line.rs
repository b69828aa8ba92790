//! One line of the log: one request.

use std::time::Duration;

use serde::Deserialize;

use crate::series::Outcome;

/// A longer datagram is none of ours: HAProxy's names are short, and nothing else in a line can grow.
pub(super) const LONGEST: usize = 1_024;
/// Nobody waits longer for an answer.
const SLOWEST_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The process that wrote it.
    pub(super) pid: u32,
    pub(super) backend: &'a str,
    /// `<NOSRV>` where no server was asked.
    pub(super) server: &'a str,
    /// It is no user's request: it is counted, and not judged.
    pub(super) skip: bool,
    pub(super) took: Duration,
    pub(super) outcome: Outcome,
}

/// The fields of `HAPROXY_LOG_FORMAT`, all numbers and configured names: no part of a line is a client's choice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    pid: u32,
    be: &'a str,
    srv: &'a str,
    /// Status, -1 where there was none.
    st: i32,
    /// Milliseconds from the request's first byte to the end of the answer.
    ta: i64,
    /// Milliseconds that the request itself took to come in.
    tr: i64,
    /// Milliseconds that the server took to begin its answer.
    rt: i64,
    ts: &'a str,
    skip: &'a str,
}

impl<'a> Line<'a> {
    /// Reads a datagram.
    pub(super) fn parse(datagram: &'a [u8]) -> Result<Self, String> {
        if datagram.len() > LONGEST {
            return Err("it is too long".to_owned());
        }
        let wire: Wire<'a> = serde_json::from_slice(datagram).map_err(|why| why.to_string())?;
        let outcome = outcome(wire.ts, wire.st)?;
        for (name, time) in [("ta", wire.ta), ("tr", wire.tr), ("rt", wire.rt)] {
            if !(-1..=SLOWEST_MS).contains(&time) {
                return Err(format!("`{name}` is {time} ms"));
            }
        }
        let Wire { pid, be: backend, srv: server, .. } = wire;
        let skip = !matches!(wire.skip, "" | "-");
        Ok(Self { pid, backend, server, skip, took: took(&wire), outcome })
    }
}

/// From the whole request to the end of the answer: how slowly a client sends is not the release's doing. An upgraded
/// connection lives on, and took as long as its answer took to begin.
fn took(wire: &Wire<'_>) -> Duration {
    let millis = if wire.st == 101 { wire.rt } else { wire.ta - wire.tr.max(0) };
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// The first letter of the termination state says who ended it.
fn outcome(state: &str, status: i32) -> Result<Outcome, String> {
    let by_status = match status {
        500..=599 => Ok(Outcome::Error),
        100..=499 => Ok(Outcome::Ok),
        _ => Err(format!("there is no status {status}")),
    };
    let mut letters = state.chars();
    let first = letters.next().unwrap_or(' ');
    if !(2..=4).contains(&state.len()) || !letters.all(|c| c.is_ascii_alphabetic() || c == '-') {
        return Err(format!("there is no termination state `{}`", state.escape_debug()));
    }
    match first {
        _ if status != -1 && by_status.is_err() => by_status,
        // The client, or waiting for the client.
        'C' | 'c' => Ok(Outcome::Cancelled),
        // The server, waiting for the server, or a server that was found dead meanwhile: also behind a good status,
        // since the body broke off.
        'S' | 's' | 'D' => Ok(Outcome::Error),
        '-' | 'P' | 'R' | 'I' | 'L' | 'U' | 'K' => by_status,
        _ => Err(format!("there is no termination state `{}`", state.escape_debug())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(status: i32, state: &str) -> String {
        format!(
            r#"{{"pid":7,"be":"app","srv":"blue","st":{status},"ta":130,"tr":30,"rt":20,"ts":"{state}","skip":"-"}}"#
        )
    }

    fn outcome_of(status: i32, state: &str) -> Result<Outcome, String> {
        Line::parse(line(status, state).as_bytes()).map(|line| line.outcome)
    }

    #[test]
    fn a_failed_request_is_the_servers_and_never_the_clients() {
        for (status, state, wanted) in [
            (200, "--", Outcome::Ok),
            (404, "--", Outcome::Ok),
            (429, "PR", Outcome::Ok),
            (500, "--", Outcome::Error),
            (503, "SC", Outcome::Error),
            (504, "sH", Outcome::Error),
            (200, "SD", Outcome::Error),
            (200, "sD", Outcome::Error),
            (200, "DD", Outcome::Error),
            (502, "PH", Outcome::Error),
            (-1, "CH", Outcome::Cancelled),
            (200, "CD", Outcome::Cancelled),
            (408, "cR", Outcome::Cancelled),
            (500, "CD", Outcome::Cancelled),
            (200, "--NN", Outcome::Ok),
        ] {
            assert_eq!(outcome_of(status, state), Ok(wanted), "{status} {state}");
        }
    }

    #[test]
    fn the_time_is_from_the_whole_request_to_the_end_and_to_the_headers_of_an_upgrade() {
        let text = line(200, "--");
        assert_eq!(Line::parse(text.as_bytes()).unwrap().took, Duration::from_millis(100));
        let text = line(101, "--");
        assert_eq!(Line::parse(text.as_bytes()).unwrap().took, Duration::from_millis(20));
        let text = line(-1, "CR").replace("130", "-1");
        assert_eq!(Line::parse(text.as_bytes()).unwrap().took, Duration::ZERO);
    }

    #[test]
    fn what_haproxy_does_not_write_is_refused_with_a_reason() {
        let good = line(200, "--");
        let refused: Vec<_> = [
            String::new(),
            "<134>Nov 24 haproxy[7]: hello".to_owned(),
            good.replace(r#""st":200"#, r#""st":99"#),
            good.replace(r#""st":200"#, r#""st":"200""#),
            good.replace("--", "XY"),
            good.replace("--", "-\\u001b"),
            good.replace("130", "-2"),
            good.replace("130", "9e9"),
            good.replace("130", "99999999999"),
            good.replace(r#""pid":7"#, r#""pid":-7"#),
            good.replace(r#","skip":"-""#, ""),
            good.replace('}', r#","n":1}"#),
            format!("{good}{good}"),
            good.replace("blue", &"b".repeat(LONGEST)),
        ]
        .iter()
        .map(|text| Line::parse(text.as_bytes()).unwrap_err())
        .collect();
        insta::assert_snapshot!(refused.join("\n"), @r#"
        EOF while parsing a value at line 1 column 0
        expected value at line 1 column 1
        there is no status 99
        invalid type: string "200", expected i32 at line 1 column 43
        there is no termination state `XY`
        invalid type: string "-\u{1b}", expected a borrowed string at line 1 column 81
        `ta` is -2 ms
        invalid type: floating point `9000000000.0`, expected i64 at line 1 column 50
        `ta` is 99999999999 ms
        invalid value: integer `-7`, expected u32 at line 1 column 9
        missing field `skip` at line 1 column 77
        unknown field `n`, expected one of `pid`, `be`, `srv`, `st`, `ta`, `tr`, `rt`, `ts`, `skip` at line 1 column 91
        trailing characters at line 1 column 89
        it is too long
        "#);
        assert!(Line::parse(&[0xff, 0xfe, b'{']).is_err());
        assert!(Line::parse(format!("{good}\n").as_bytes()).is_ok(), "HAProxy ends a line");
    }

    proptest! {
        #[test]
        fn no_datagram_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Line::parse(&bytes);
        }

        #[test]
        fn no_number_in_a_line_makes_it_panic(st: i32, ta: i64, tr: i64, rt: i64) {
            let text = format!(r#"{{"pid":7,"be":"a","srv":"b","st":{st},"ta":{ta},"tr":{tr},"rt":{rt},"ts":"--","skip":""}}"#);
            let _ = Line::parse(text.as_bytes());
        }
    }
}
