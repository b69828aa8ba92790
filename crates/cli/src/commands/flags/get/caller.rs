//! What a flag is for one caller, by the code that services run.

use handover_flags::{Contents, Context, FlagName, Flags, MemoryStore, Reason};
use serde::Serialize;

use super::ATTEMPTED;
use crate::exit::Exit;
use crate::report::Failure;

/// Short names of a context's fields.
const SHORT: [(&str, &str); 6] = [
    ("user", "userId"),
    ("session", "sessionId"),
    ("address", "remoteAddress"),
    ("env", "environment"),
    ("app", "appName"),
    ("time", "currentTime"),
];

/// What it is; also its `--json` form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Evaluated {
    /// Absent where it is each process's own safe value.
    pub(super) on: Option<bool>,
    pub(super) variant: Option<String>,
    pub(super) reason: Reason,
    pub(super) caller: Vec<(String, String)>,
}

/// The caller that was typed, if any.
///
/// # Errors
///
/// [`Exit::Usage`]: a field without a name or a value.
pub(super) fn read(typed: &[String]) -> Result<Option<Vec<(String, String)>>, Failure> {
    let fields: Result<Vec<_>, _> = typed.iter().map(|field| one(field)).collect();
    Ok(Some(fields?).filter(|fields| !fields.is_empty()))
}

fn one(typed: &str) -> Result<(String, String), Failure> {
    let wrong = |why: &str| {
        Failure::new(ATTEMPTED, Exit::Usage)
            .because(format!("`{typed}` {why}"))
            .hint("`--for user=42 --for plan=pro` gives a caller's id and plan")
    };
    let (name, value) = typed.split_once('=').ok_or_else(|| wrong("is no NAME=VALUE"))?;
    let name = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| *long);
    match name {
        "" => Err(wrong("has no name")),
        "currentTime" if value.parse::<handover_flags::rules::Moment>().is_err() => {
            Err(wrong("is no date such as 2026-01-31T13:00:00Z"))
        }
        name => Ok((name.to_owned(), value.to_owned())),
    }
}

/// What the flag is for this caller.
pub(super) async fn evaluate(
    contents: &Contents,
    flag: &FlagName,
    caller: Vec<(String, String)>,
) -> Evaluated {
    let flags = Flags::builder(MemoryStore::of(contents.clone())).start().await;
    let context = caller.iter().fold(Context::new(), |context, (name, value)| context.with(name, value));
    let evaluation = flags.evaluate(flag.as_str(), &context);
    let reason = evaluation.reason;
    let own =
        matches!(reason, Reason::Unset | Reason::Unknown | Reason::Unreadable | Reason::RulesUnreadable);
    let variant = evaluation.variant.as_ref().map(|variant| variant.name.clone());
    Evaluated { on: (!own).then_some(evaluation.value), variant, reason, caller }
}

impl Evaluated {
    /// In a sentence.
    pub(super) fn sentence(&self) -> String {
        let value = match self.on {
            Some(true) => "on",
            Some(false) => "off",
            None => "the safe value that each process declares",
        };
        let variant = self.variant.as_ref().map(|name| format!(", variant {name}")).unwrap_or_default();
        let fields = self.caller.iter().map(|(name, value)| format!("{name}={value}"));
        let caller = fields.collect::<Vec<_>>().join(", ");
        format!("for {caller}: {value}{variant}: {}", why(self.reason))
    }
}

fn why(reason: Reason) -> String {
    match reason {
        Reason::Gate => "the gate says so, and there are no rules".into(),
        Reason::Rule(index) => format!("rule {} lets them in", u32::from(index) + 1),
        Reason::Everybody => "the rules let everybody in".into(),
        Reason::NoRule => "no rule lets them in".into(),
        Reason::Prerequisite => "a flag that it requires is not as required".into(),
        Reason::Malformed => "the gate is neither true nor false".into(),
        Reason::Unreadable => "the gate cannot be read".into(),
        Reason::RulesUnreadable => "the rules cannot be read".into(),
        Reason::Unset | Reason::Unknown => "the gate is not set".into(),
        other => format!("{other:?}"),
    }
}
