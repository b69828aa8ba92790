use handover_migrate_guard::PgVersion;

use super::case::read;

/// What a statement did, by version.
#[derive(Debug)]
pub(super) struct Judged {
    /// The number of its case, and its text.
    pub(super) name: String,
    groups: Vec<(Vec<u16>, Vec<String>)>,
}

impl Judged {
    /// What a version did, one relation after another; nothing where it refused.
    pub(super) fn seen(&self, pg: PgVersion) -> Option<String> {
        let of = |(versions, _): &&(Vec<u16>, _)| versions.is_empty() || versions.contains(&pg.major());
        let (_, lines) = self.groups.iter().find(of)?;
        let refused = lines.iter().any(|line| line.starts_with("ERROR"));
        let unseen = lines.iter().any(|line| line.contains(" -") || line == "OUTSIDE");
        (!refused && !unseen).then(|| lines.join(", "))
    }
}

/// What the statements of a family did, in order.
pub(super) fn truths(family: &str) -> Vec<Judged> {
    let mut truths: Vec<Judged> = Vec::new();
    for line in read(family, "truth").lines() {
        if line.starts_with('[') {
            truths.push(Judged { name: line.to_owned(), groups: vec![(Vec::new(), Vec::new())] });
        } else if let Some(judged) = truths.last_mut() {
            add(judged, line.trim());
        }
    }
    truths
}

fn add(judged: &mut Judged, line: &str) {
    match line.strip_prefix('@') {
        Some(versions) => {
            judged.groups.retain(|(versions, _)| !versions.is_empty());
            let versions = versions.split(',').map(|version| version.parse().unwrap()).collect();
            judged.groups.push((versions, Vec::new()));
        }
        None => judged.groups.last_mut().unwrap().1.push(line.to_owned()),
    }
}
