use crate::claim::{Change, Claim};
use crate::{Evidence, Span};

/// How many conditions a claim shows, the outermost first.
const SHOWN: usize = 4;

/// Where in a statement the replay is.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that holds of all that is run inside")]
pub(super) struct Scope {
    /// The place in the file that what runs here is said of: a call, for the body of the function.
    pub(super) at: Option<Span>,
    /// The conditions that could not be decided, outermost first.
    pub(super) conditions: Vec<String>,
    /// How many functions, strings and blocks deep.
    pub(super) depth: u32,
    /// How many blocks, branches and loops deep, through functions too.
    pub(super) nesting: u32,
    /// Whether it is in a block that handles errors, so that one in a statement leads elsewhere.
    pub(super) handled: bool,
    /// Whether it is the body of a trigger, whose transition tables have names of their own.
    pub(super) in_trigger: bool,
    /// Whether what runs here is made of what is not known, as the day is.
    pub(super) guessed: bool,
    /// Whether nothing gives it rows: it runs for each row of what is taken to be empty.
    pub(super) rowless: bool,
    /// The variables that can be seen, innermost last; `None` where the value is not known.
    variables: Vec<(String, Option<String>)>,
}

impl Scope {
    /// Where something inside is said to be.
    pub(super) fn place(&self, span: Span) -> Span {
        self.at.unwrap_or(span)
    }

    /// What runs inside of something that stands at `span`: one deeper, with variables of its own.
    pub(super) fn inside(&self, span: Span) -> Self {
        Self {
            at: Some(self.place(span)),
            conditions: self.conditions.clone(),
            depth: self.depth + 1,
            nesting: self.nesting,
            guessed: self.guessed,
            rowless: self.rowless,
            ..Self::default()
        }
    }

    /// How many variables there are: what [`Scope::forget`] goes back to.
    pub(super) fn known(&self) -> usize {
        self.variables.len()
    }

    /// Forgets the variables of an inner block.
    pub(super) fn forget(&mut self, known: usize) {
        self.variables.truncate(known);
    }

    /// A new variable.
    pub(super) fn declare(&mut self, name: &str, value: Option<String>) {
        self.variables.push((name.to_owned(), value));
    }

    /// Another value for a variable.
    pub(super) fn assign(&mut self, name: &str, value: Option<String>) {
        match self.variables.iter_mut().rev().find(|(is, _)| is == name) {
            Some(variable) => variable.1 = value,
            None => self.declare(name, value),
        }
    }

    /// The value of a variable, if it is known.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.variables.iter().rev().find(|(is, _)| is == name)?.1.as_deref()
    }

    /// Puts place and conditions on a claim.
    pub(super) fn mark(&self, claim: &mut Claim) {
        claim.span = self.place(claim.span);
        self.condition(&mut claim.when, &mut claim.evidence);
    }

    /// Puts place and conditions on a change.
    pub(super) fn mark_change(&self, change: &mut Change) {
        change.span = self.place(change.span);
        self.condition(&mut change.when, &mut change.evidence);
    }

    /// Whether it is only taken to be run, or to be run so.
    pub(super) fn is_assumed(&self) -> bool {
        self.guessed || !self.conditions.is_empty()
    }

    fn condition(&self, when: &mut Option<String>, evidence: &mut Evidence) {
        if self.is_assumed() {
            *evidence = Evidence::Assumed;
        }
        if self.conditions.is_empty() {
            return;
        }
        let all = self.conditions.iter().take(SHOWN).chain(when.as_ref()).map(String::as_str);
        *when = Some(all.collect::<Vec<_>>().join(", "));
    }
}
