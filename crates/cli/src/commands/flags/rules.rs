//! `handover flags rules`: whom a flag is on for.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use handover_flags::rules::{Percentage, Rule, Rules};
use handover_flags::{Contents, FlagName, FlagStore, Held, Key};
use serde::Serialize;

use super::get::lines;
use super::{VERSION, change, known, opened, words};
use crate::args::FlagRules;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::text::{hostile, one_line};

const LOOK: &str = "could not show the rules";
const CHANGE: &str = "could not change the rules";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    flag: FlagName,
    dry_run: bool,
    /// The document that stands there, or would.
    rules: Option<Rules>,
    before: Option<Held>,
    revision: Option<u64>,
    changed: bool,
    #[serde(skip)]
    warning: Option<String>,
}

/// Shows or changes them.
pub(super) async fn run(args: &FlagRules, context: &Context) -> Result<Exit, Failure> {
    let wanted = Wanted::of(args, context)?;
    let attempted = if matches!(wanted, Wanted::Look) { LOOK } else { CHANGE };
    let flag = known::named(&args.flag, attempted)?;
    let store = opened::open(args.by.store.at.as_deref(), context)?;
    let contents = known::load(&store, attempted).await?;
    let changes = !matches!(wanted, Wanted::Look);
    if changes {
        change::takes_changes(&store, attempted)?;
    }
    exists(&store, &flag, &contents, args.create, attempted)?;
    let before = known::rules(&contents, &flag).cloned();
    if !changes {
        return look(flag, before, context);
    }
    let document = wanted.document(before.as_ref())?;
    let mut shown = Shown::planned(flag, document, before, args.by.dry_run);
    shown.warn(&contents);
    if !args.by.dry_run {
        shown.revision = shown.carry_out(&store, args).await?;
    }
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

fn exists(
    store: &dyn FlagStore,
    flag: &FlagName,
    contents: &Contents,
    create: bool,
    attempted: &str,
) -> Result<(), Failure> {
    if create || known::is_in(contents, flag) {
        return Ok(());
    }
    let missing = known::missing(attempted, flag, store, contents);
    Err(if attempted == CHANGE {
        missing.because("nothing changed; `--create` makes it all the same")
    } else {
        missing
    })
}

fn look(flag: FlagName, held: Option<Held>, context: &Context) -> Result<Exit, Failure> {
    let rules = match &held {
        None => None,
        Some(Held::Text(text)) => Some(Rules::parse(text).map_err(|error| {
            Failure::new(LOOK, Exit::Refused)
                .because_of(&error)
                .hint(format!("`handover flags rules '{flag}' --set FILE` writes others"))
        })?),
        Some(Held::Unreadable(why)) => {
            return Err(Failure::new(LOOK, Exit::Refused).because(&**why));
        }
    };
    // As it is given to `--set`.
    let text = match &rules {
        None => "no rules: on is on for everybody".to_owned(),
        Some(rules) => harmless(&serde_json::to_string_pretty(rules).unwrap_or_default()),
    };
    let shown = Shown { changed: false, ..Shown::planned(flag, rules, held, false) };
    context.output.result(text, &shown);
    Ok(Exit::Done)
}

/// JSON that says the same and cannot drive a terminal.
fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && hostile(c) {
            let mut units = [0; 2];
            safe.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// What is to become of the rules.
enum Wanted {
    Look,
    Set(Rules),
    Share(Percentage, Option<String>),
    Remove,
}

impl Wanted {
    fn of(args: &FlagRules, context: &Context) -> Result<Self, Failure> {
        if let Some(file) = &args.set {
            let text = read(&context.folder.join(file), file)?;
            return Rules::parse(&text).map(Self::Set).map_err(|error| unfit(&error));
        }
        if let Some(percent) = args.percentage {
            let share = Percentage::try_from(percent);
            let share = share.map_err(|error| Failure::new(CHANGE, Exit::Usage).because_of(&error))?;
            return Ok(Self::Share(share, args.stickiness.clone()));
        }
        Ok(if args.remove { Self::Remove } else { Self::Look })
    }

    /// What shall stand there.
    fn document(self, before: Option<&Held>) -> Result<Option<Rules>, Failure> {
        match self {
            Self::Set(rules) => Ok(Some(rules)),
            Self::Share(share, stickiness) => shared(before, share, stickiness).map(Some),
            Self::Look | Self::Remove => Ok(None),
        }
    }
}

/// The rules with another share: that of the only rule, which keeps everything else.
fn shared(before: Option<&Held>, share: Percentage, stickiness: Option<String>) -> Result<Rules, Failure> {
    let unclear = |why: String| {
        Failure::new(CHANGE, Exit::Refused).because(why).hint("`--set FILE` writes the rules as a whole")
    };
    let mut rules = match before {
        None => Rules::default(),
        Some(Held::Unreadable(why)) => return Err(unclear(why.to_string())),
        Some(Held::Text(text)) => Rules::parse(text)
            .map_err(|error| unclear(format!("what stands there cannot be read: {error}")))?,
    };
    if rules.rules.is_empty() {
        rules.rules.push(Rule::default());
    }
    let [only] = rules.rules.as_mut_slice() else {
        return Err(unclear(format!(
            "there are {} rules, and it is not clear whose share is meant",
            rules.rules.len()
        )));
    };
    only.percentage = Some(share);
    if stickiness.is_some() {
        only.stickiness = stickiness;
    }
    rules.check().map_err(|error| unfit(&error))?;
    Ok(rules)
}

fn unfit(error: &handover_flags::rules::RulesError) -> Failure {
    Failure::new(CHANGE, Exit::Usage).because_of(error)
}

/// A file, or standard input.
pub(super) fn read(path: &Path, typed: &Path) -> Result<String, Failure> {
    let text = if typed.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|error| {
        Failure::new(format!("could not read {}", typed.display()), Exit::Usage).because_of(&error)
    })
}

impl Shown {
    fn planned(flag: FlagName, rules: Option<Rules>, before: Option<Held>, dry_run: bool) -> Self {
        Self { version: VERSION, flag, dry_run, rules, before, revision: None, changed: true, warning: None }
    }

    /// Rules of a gate that is not open admit nobody yet.
    fn warn(&mut self, contents: &Contents) {
        let gate = known::gate(contents, &self.flag).and_then(Held::text);
        self.warning = (gate != Some("true"))
            .then(|| format!("its gate is not on: `handover flags enable '{}'` opens it", self.flag));
    }

    fn key(&self) -> Key {
        Key::Rules(self.flag.clone())
    }

    fn text(&self) -> Option<String> {
        self.rules.as_ref().map(|rules| serde_json::to_string(rules).unwrap_or_default())
    }

    /// Nothing is changed where somebody else changed the rules meanwhile.
    async fn carry_out(&self, store: &dyn FlagStore, args: &FlagRules) -> Result<Option<u64>, Failure> {
        let (key, text) = (self.key(), self.text());
        if let Some(why) = text.as_deref().and_then(|text| key.objection(text)) {
            return Err(Failure::new(CHANGE, Exit::Usage).because(why));
        }
        let change = change::by(&args.by, args.reason.as_deref()).only_if(self.before.clone());
        let made = change::make(store, (&key, text.as_deref()), &change, self.before.clone(), CHANGE).await?;
        Ok(made.revision.map(|revision| revision.0))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key();
        let after = self.text().map(|text| Held::from(text.as_str()));
        let verb = if self.dry_run { "would change" } else { "changed" };
        let step = words::step(&key, self.before.as_ref(), after.as_ref());
        write!(f, "{verb} the rules of {}: {}", one_line(self.flag.as_str()), one_line(&step))?;
        let lines = self.rules.iter().flat_map(lines);
        lines.chain(self.warning.clone()).try_for_each(|line| write!(f, "\n{}", one_line(&line)))
    }
}
