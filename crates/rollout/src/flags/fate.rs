use std::collections::BTreeMap;

use handover_flags::FlagName;
use handover_runbook::{Body, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::spec::is_step_back;

/// What became of a flag in a step of a run.
///
/// Values are gates' texts: `true`, `false`, or what else somebody wrote; `None` is a flag that is not set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagFate {
    /// The run set it.
    Set {
        /// What it was.
        from: Option<String>,
        /// What it is.
        to: String,
    },
    /// It was as the run wants it before the run came to it, so it is not the run's to put back.
    Already {
        /// What it is.
        is: String,
    },
    /// Somebody else changed it, so it stays as they made it.
    Left {
        /// What it is.
        found: Option<String>,
    },
    /// It is what it was before the run.
    Restored {
        /// What it is.
        to: Option<String>,
    },
    /// It stays as the run set it, since the plan says so.
    Kept {
        /// What the run set it to.
        at: String,
    },
    /// It was turned off, since the run went back.
    Killed {
        /// What it was.
        from: Option<String>,
    },
    /// It was off when the run went back.
    Off,
}

impl FlagFate {
    /// In words.
    pub fn told(&self, flag: &FlagName) -> String {
        match self {
            Self::Set { from, to } => format!("{flag} is {to} now, {} before", value_words(from.as_deref())),
            Self::Already { is } => format!("{flag} was {is} already"),
            Self::Left { found } => {
                format!(
                    "{flag} is {}: somebody else changed it, so it is left",
                    value_words(found.as_deref())
                )
            }
            Self::Restored { to } => format!("{flag} is {}, as before", value_words(to.as_deref())),
            Self::Kept { at } => format!("{flag} stays {at}, as the plan says"),
            Self::Killed { from } => {
                format!("{flag} is turned off, {} before", value_words(from.as_deref()))
            }
            Self::Off => format!("{flag} was off already"),
        }
    }
}

/// A gate's value in words.
pub(crate) fn value_words(value: Option<&str>) -> String {
    match value {
        None => "not set".into(),
        Some(text @ ("true" | "false")) => text.into(),
        Some(odd) => {
            let shown: String = odd.chars().take(40).flat_map(char::escape_debug).collect();
            let more = if odd.chars().nth(40).is_some() { "…" } else { "" };
            format!("`{shown}{more}`")
        }
    }
}

/// What a step of flags recorded, in words; `None` for what is not such a record.
pub(crate) fn told(proof: &Value) -> Option<String> {
    let fates = FlagFate::all_in(proof)?;
    let told: Vec<_> = fates.iter().map(|(flag, fate)| fate.told(flag)).collect();
    Some(if told.is_empty() { "no flag had been changed".into() } else { told.join("; ") })
}

impl FlagFate {
    pub(crate) fn all_in(proof: &Value) -> Option<BTreeMap<FlagName, Self>> {
        serde_json::from_value(proof.get("flags")?.clone()).ok()
    }

    pub(crate) fn proof(fates: &BTreeMap<FlagName, Self>) -> Value {
        json!({ "flags": fates })
    }
}

/// What last became of each flag of a run.
pub fn flag_fates(records: &[Record]) -> BTreeMap<FlagName, FlagFate> {
    let mut fates = BTreeMap::new();
    for record in records {
        if let Body::Verified { proof, .. } = &record.body {
            fates.extend(FlagFate::all_in(proof).into_iter().flatten());
        }
    }
    fates
}

/// What the way back of a run could not do about flags, each with what to type.
pub fn flag_warnings(records: &[Record]) -> Vec<String> {
    let of_flags = records.iter().filter_map(|record| match &record.body {
        Body::Failed { step, causes } if is_step_back(step) => Some(causes),
        _ => None,
    });
    of_flags.map(|causes| causes.join(": ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fate_is_told_in_words() {
        let value = |text: &str| Some(text.to_owned());
        let fates = [
            FlagFate::Set { from: None, to: "true".into() },
            FlagFate::Already { is: "false".into() },
            FlagFate::Left { found: value("o\nn") },
            FlagFate::Restored { to: None },
            FlagFate::Kept { at: "true".into() },
            FlagFate::Killed { from: value("true") },
            FlagFate::Off,
        ];
        let flag = FlagName::new("new checkout").unwrap();
        let told: Vec<_> = fates.iter().map(|fate| fate.told(&flag)).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        new checkout is true now, not set before
        new checkout was false already
        new checkout is `o\nn`: somebody else changed it, so it is left
        new checkout is not set, as before
        new checkout stays true, as the plan says
        new checkout is turned off, true before
        new checkout was off already
        ");
    }
}
