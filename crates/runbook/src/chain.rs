//! The laws of a chain of records, in one place for every journal: who may append, and what a hash covers.
//!
//! A hash covers the body as the text that is stored, not as the value it is read into: an edit that
//! changes no value is still an edit, and a field added in a later version does not break an old chain.

use handover_core::{Fence, RunId, Timestamp};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Body, FORMAT, JournalError, Record, RunSummary};

/// What somebody wants to append.
pub(crate) struct Draft<'a> {
    pub(crate) run: &'a RunId,
    pub(crate) next_seq: u64,
    pub(crate) fence: Fence,
    pub(crate) at: Timestamp,
    pub(crate) body: Body,
}

/// The record after `last`, and its body as text; or why it may not be appended.
pub(crate) fn next(last: Option<&Record>, draft: Draft<'_>) -> Result<(Record, String), JournalError> {
    let Draft { run, next_seq, fence, at, body } = draft;
    if next_seq != last.map_or(0, |last| last.seq + 1) {
        return Err(JournalError::Taken { run: run.clone(), seq: next_seq });
    }
    if let Some(last) = last {
        if matches!(last.body, Body::Ended { .. }) {
            return Err(JournalError::Over { run: run.clone() });
        }
        if fence < last.fence {
            return Err(JournalError::Fenced { run: run.clone(), fence, last: last.fence });
        }
    }
    let text = text(&body)?;
    let prev = last.map(|last| last.hash.clone()).unwrap_or_default();
    let mut record = Record {
        format: FORMAT,
        run: run.clone(),
        seq: next_seq,
        at,
        fence,
        body,
        prev,
        hash: String::new(),
    };
    record.hash = digest(&record, &text);
    Ok((record, text))
}

/// Checks that `record`, whose body was stored as `text`, follows `last` and is what was written.
pub(crate) fn check(last: Option<&Record>, record: &Record, text: &str) -> Result<(), JournalError> {
    check_alone(record, text)?;
    let seq = last.map_or(0, |last| last.seq + 1);
    let prev = last.map_or("", |last| last.hash.as_str());
    if record.seq != seq || record.prev != prev {
        return Err(JournalError::Corrupt { run: record.run.clone(), seq });
    }
    Ok(())
}

/// Checks that `record` is what was written, wherever it stands.
pub(crate) fn check_alone(record: &Record, text: &str) -> Result<(), JournalError> {
    if record.format > FORMAT {
        return Err(JournalError::Newer { found: record.format, known: FORMAT });
    }
    if record.hash != digest(record, text) {
        return Err(JournalError::Corrupt { run: record.run.clone(), seq: record.seq });
    }
    Ok(())
}

/// What a list shows of a chain; `None` for one without records.
pub(crate) fn summary(first: &Record, last: &Record) -> RunSummary {
    let plan = if let Body::Sealed { plan } = &first.body { plan.clone() } else { Value::Null };
    let ending = if let Body::Ended { ending } = &last.body { Some(ending.clone()) } else { None };
    RunSummary { run: first.run.clone(), began: first.at, last: last.at, ending, plan }
}

/// The body as JSON with the keys of every object sorted.
pub(crate) fn text(body: &Body) -> Result<String, JournalError> {
    let value = serde_json::to_value(body).map_err(|source| JournalError::Unavailable {
        attempted: "put a record into words".into(),
        source: source.into(),
    })?;
    let mut out = String::new();
    canonical(&value, &mut out);
    Ok(out)
}

/// Sorts by hand: whether serde's own maps are sorted depends on features of other people's crates.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            list(out, '{', entries, '}', |(key, value), out| {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(value, out);
            });
        }
        Value::Array(items) => list(out, '[', items, ']', canonical),
        plain => out.push_str(&plain.to_string()),
    }
}

fn list<T>(
    out: &mut String,
    open: char,
    items: impl IntoIterator<Item = T>,
    close: char,
    each: impl Fn(T, &mut String),
) {
    out.push(open);
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(close);
}

fn digest(record: &Record, text: &str) -> String {
    let Record { format, run, seq, at, fence, prev, .. } = record;
    let at = at.unix_millis();
    // No part before the body can hold a line end, so no two records share a text.
    let all = format!("{prev}\n{format}\n{run}\n{seq}\n{at}\n{fence}\n{text}");
    format!("{:x}", Sha256::digest(all))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn draft(run: &RunId, next_seq: u64, fence: u64, body: Body) -> Draft<'_> {
        Draft { run, next_seq, fence: Fence::new(fence), at: Timestamp::from_unix_millis(7), body }
    }

    fn noted(note: Value) -> Body {
        Body::Noted { step: crate::StepName::new("s"), note }
    }

    #[test]
    fn the_hash_of_a_known_record_never_changes() {
        let run = "r1".parse().unwrap();
        let body = Body::Sealed { plan: json!({ "b": [1.5, null], "a": "ä\n" }) };
        let (record, text) = next(None, draft(&run, 0, 0, body)).unwrap();
        insta::assert_snapshot!(text, @r#"{"kind":"sealed","plan":{"a":"ä\n","b":[1.5,null]}}"#);
        insta::assert_snapshot!(record.hash, @"3dd47f539b534833c5a15c08e3e3a02d2a780863ffbb1b0e4f8ee58d595404de");
    }

    #[test]
    fn every_part_of_a_record_is_covered_by_its_hash() {
        let run: RunId = "r1".parse().unwrap();
        let (first, _) = next(None, draft(&run, 0, 0, noted(json!(0)))).unwrap();
        let (good, text) = next(Some(&first), draft(&run, 1, 4, noted(json!(1)))).unwrap();
        check(Some(&first), &good, &text).unwrap();
        let edits: [fn(&mut Record); 6] = [
            |r| r.format = 0,
            |r| r.run = "r2".parse().unwrap(),
            |r| r.seq = 2,
            |r| r.at = r.at.plus(std::time::Duration::from_millis(1)),
            |r| r.fence = r.fence.next(),
            |r| r.prev = String::new(),
        ];
        for edit in edits {
            let mut bad = good.clone();
            edit(&mut bad);
            assert!(matches!(check(Some(&first), &bad, &text), Err(JournalError::Corrupt { .. })));
        }
        assert!(check(Some(&first), &good, &text.replace('1', "2")).is_err());
        assert!(check(None, &good, &text).is_err(), "a record before it was removed");
    }

    #[test]
    fn a_newer_record_is_refused_before_its_hash_is_looked_at() {
        let run = "r1".parse().unwrap();
        let (mut record, text) = next(None, draft(&run, 0, 0, noted(json!(0)))).unwrap();
        record.format = FORMAT + 1;
        assert!(matches!(check(None, &record, &text), Err(JournalError::Newer { found: 2, known: 1 })));
    }

    proptest! {
        #[test]
        fn a_body_reads_back_as_it_was_written(float: f64, text: String, keys in prop::collection::btree_map(".*", 0..9_u8, 0..5)) {
            let body = noted(json!({ "float": float, "text": text, "keys": keys }));
            let stored = super::text(&body).unwrap();
            let read: Body = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&read, &body);
            prop_assert_eq!(super::text(&read).unwrap(), stored);
        }
    }
}
