use handover_flags::{Contents, FlagName, Flags, Held, Key, MemoryStore};
use tokio::runtime::Runtime;

use crate::callers::Caller;
use crate::subject::{ASKED, FLAGS, Subject, flag, on};

/// On for half of the users.
pub(crate) const HALF: &str = r#"{"rules":[{"percentage":50,"stickiness":"userId","group":"half"}]}"#;

/// Nine rules that admit nobody of the callers, and one for half of them.
fn ten() -> String {
    let miss =
        |number| format!(r#"{{"when":[{{"field":"plan","op":"in","values":["plan-{number}","other"]}}]}}"#);
    let misses: Vec<_> = (0..9).map(miss).collect();
    format!(
        r#"{{"rules":[{},{{"when":[{{"field":"plan","op":"in","values":["pro"]}}]}}]}}"#,
        misses.join(",")
    )
}

/// Flags that nothing changes any more, with a runtime that lives as long.
pub(crate) fn flags(count: bool) -> Flags {
    let runtime = Box::leak(Box::new(Runtime::new().expect("a runtime")));
    let name = |text: &str| FlagName::new(text).expect("a name");
    let gates = (0..FLAGS)
        .map(|number| Key::Gate(name(&flag(number))))
        .chain(["half", "ten"].map(|text| Key::Gate(name(text))));
    let mut values: std::collections::BTreeMap<_, _> = gates.map(|key| (key, Held::from("true"))).collect();
    values.insert(Key::Rules(name("half")), Held::from(HALF));
    values.insert(Key::Rules(name("ten")), Held::from(&*ten()));
    let store = MemoryStore::of(Contents { values, ..Contents::default() });
    runtime.block_on(Flags::builder(store).count_exposures(count).start())
}

pub(crate) fn subjects() -> Vec<Subject> {
    let (bare, counted) = (flags(false), flags(true));
    let [handle, counting] = [&bare, &counted].map(|flags| flags.handle(ASKED));
    let (by_name, plain, half, ten) = (counted.clone(), counted.clone(), counted.clone(), counted.clone());
    let half_handle = counted.handle("half");
    vec![
        row("handle, no counters", "1", move |callers| on(callers, |_| handle.get())),
        row("handle", "3", move |callers| on(callers, |_| counting.get())),
        row("by name", "10", move |callers| on(callers, |_| by_name.is_enabled(ASKED))),
        row("by name, evaluated: reason, source, revision, age", "10", move |callers| {
            on(callers, |caller| plain.evaluate(ASKED, &caller.ours).value)
        }),
        row("50 % of users, by name, evaluated", "50", move |callers| {
            on(callers, |caller| half.evaluate("half", &caller.ours).value)
        }),
        row("50 % of users, handle, evaluated", "", move |callers| {
            on(callers, |caller| half_handle.evaluate(&caller.ours).value)
        }),
        row("ten rules, by name, evaluated", "150", move |callers| {
            on(callers, |caller| ten.evaluate("ten", &caller.ours).value)
        }),
    ]
}

fn row(name: &'static str, asked: &'static str, read: impl Fn(&[Caller]) -> usize + 'static) -> Subject {
    Subject { name, asked, read: Box::new(read) }
}
