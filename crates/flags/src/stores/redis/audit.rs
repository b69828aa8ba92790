//! The audit: a stream with a line for each change.

use super::link::Link;
use super::trouble::Trouble;
use super::{held, keys};
use crate::store::{AuditEntry, Key, Revision};

type Fields = Vec<(String, Vec<u8>)>;

/// The newest lines of the audit, newest first; what is no line of ours is left out.
pub(super) async fn newest(link: &mut Link, lines: usize) -> Result<Vec<AuditEntry>, Trouble> {
    let mut question = redis::cmd("XREVRANGE");
    question.arg(keys::AUDIT).arg("+").arg("-").arg("COUNT").arg(lines);
    let found: Vec<(String, Fields)> = link.ask(&question).await?;
    Ok(found.iter().filter_map(|(id, fields)| entry(id, fields)).collect())
}

fn entry(id: &str, fields: &[(String, Vec<u8>)]) -> Option<AuditEntry> {
    let bytes = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| &value[..]);
    let text = |name: &str| bytes(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Some(AuditEntry {
        at_ms: id.split('-').next()?.parse().ok()?,
        key: Key::parse(&text("key")?)?.ok()?,
        before: held::held(bytes("before")?),
        after: held::held(bytes("after")?),
        actor: text("actor")?,
        reason: text("reason"),
        run: text("run"),
        revision: text("revision").and_then(|text| Some(Revision(text.parse().ok()?))),
    })
}
