//! Asking allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use super::super::{Compiled, Context, NoOthers, Op};
use super::compiled;

/// Counts the allocations of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its trait; it only counts and passes on")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    run();
    ALLOCATIONS.with(Cell::get) - before
}

/// Each operator in a rule of its own, each with and without regard to case where it has any.
fn every_operator() -> Compiled {
    let value = |op: Op| match op {
        Op::DateAfter | Op::DateBefore => "2026-01-01T00:00:00Z",
        Op::Cidr => "10.0.0.0/8",
        Op::SemverEq | Op::SemverGt | Op::SemverGte | Op::SemverLt | Op::SemverLte => {
            "1.2.3-alpha.beta.gamma"
        }
        _ => "123456",
    };
    let rule = |op: Op| {
        let fold = op.knows_case();
        format!(
            r#"{{"when": [{{"field": "a", "op": "{op}", "value": "{}", "ignore_case": {fold}}}]}}"#,
            value(op)
        )
    };
    let rules: Vec<_> = Op::all().map(rule).collect();
    compiled(&format!(r#"{{"rules": [{}]}}"#, rules.join(",")))
}

#[test]
fn asking_allocates_nothing_whatever_the_operator_and_the_value() {
    let rules = every_operator();
    let values =
        ["1.2.3-alpha.beta.gamma.delta+build", "2026-13-99T00:00:00Z", "ÄÖÜ İ", "10.1.2.3.4", "1e5", "soon"];
    let callers: Vec<_> = values.into_iter().map(|value| Context::new().user("1").with("a", value)).collect();
    let ask = || callers.iter().filter(|context| rules.decide(context, &NoOthers).on).count();
    // A regular expression makes room for its work the first time that a thread asks it.
    assert_eq!(ask(), 2, "a version and a number");
    assert_eq!(allocations(|| assert_eq!((0..100).map(|_| ask()).sum::<usize>(), 200)), 0);
    assert!(allocations(|| drop(Box::new(1))) > 0, "the allocator counts");
}

#[test]
fn shares_schedules_variants_and_the_context_itself_allocate_nothing() {
    let rules = compiled(
        r#"{"rules": [{"percentage": 10, "stickiness": "random"}, {"percentage": 50, "until": "2400-01-01T00:00:00Z"}, {}],
            "variants": [{"name": "a", "weight": 1, "overrides": [{"field": "userId", "values": ["1"]}]},
                {"name": "b", "weight": 1}]}"#,
    );
    let asked = |id: &str| rules.decide(&Context::new().user(id).session("s"), &NoOthers).variant.is_some();
    assert!(asked("1"));
    assert_eq!(allocations(|| ["1", "2", "3", "4"].iter().for_each(|id| assert!(asked(id)))), 0);
}
