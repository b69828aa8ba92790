//! How a flag stands in the store.

use handover_flags::rules::Rules;
use handover_flags::{Contents, FlagName, Held, Key};
use serde::Serialize;

use super::{known, words};

/// A flag as the store has it; also its `--json` form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Standing {
    pub(super) flag: FlagName,
    pub(super) gate: Gate,
    /// The document, where it can be read.
    pub(super) rules: Option<Rules>,
    /// What is wrong with gate or rules.
    pub(super) problems: Vec<String>,
    /// Whom it is on for while its gate is open, in a phrase.
    pub(super) summary: String,
}

/// What the gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Gate {
    On,
    Off,
    /// A text that is neither: off, as every reader has it.
    Malformed,
    /// No text at all: each process has its safe value.
    Unreadable,
    /// Nothing: each process has its safe value.
    NotSet,
}

impl Standing {
    pub(super) fn of(contents: &Contents, flag: &FlagName) -> Self {
        let gate = known::gate(contents, flag);
        let held = known::rules(contents, flag);
        let problems = [(Key::Gate(flag.clone()), gate), (Key::Rules(flag.clone()), held)];
        let problems = problems.iter().filter_map(|(key, held)| problem(key, *held));
        Self {
            flag: flag.clone(),
            gate: Gate::of(gate),
            rules: held.and_then(Held::text).and_then(|text| Rules::parse(text).ok()),
            problems: problems.collect(),
            summary: words::rules(held),
        }
    }

    /// The gate in a word, what is wrong in capitals.
    pub(super) fn word(&self) -> &'static str {
        self.gate.word()
    }
}

impl Gate {
    pub(super) fn of(held: Option<&Held>) -> Self {
        match held {
            None => Self::NotSet,
            Some(Held::Unreadable(_)) => Self::Unreadable,
            Some(Held::Text(text)) => match &**text {
                "true" => Self::On,
                "false" => Self::Off,
                _ => Self::Malformed,
            },
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Malformed => "MALFORMED",
            Self::Unreadable => "UNREADABLE",
            Self::NotSet => "not set",
        }
    }

    /// What processes make of a gate that says neither on nor off.
    pub(super) const fn consequence(self) -> Option<&'static str> {
        match self {
            Self::On | Self::Off => None,
            Self::Malformed => Some("every process has it off"),
            Self::Unreadable | Self::NotSet => Some("each process has the safe value that it declares"),
        }
    }
}

/// What is wrong with what stands there, if anything.
pub(super) fn problem(key: &Key, held: Option<&Held>) -> Option<String> {
    let of = |why: &str| match key {
        Key::Gate(_) => format!("its gate: {why}"),
        Key::Rules(_) => format!("its rules: {why}"),
        Key::Segment(name) => format!("segment {name}: {why}"),
    };
    match held? {
        Held::Unreadable(why) => Some(of(why)),
        Held::Text(text) => key.objection(text).map(|why| of(&why)),
    }
}
