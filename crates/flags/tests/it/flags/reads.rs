//! What a read costs, in allocations; and that it waits for nobody.

use handover_flags::{Change, Context, FlagStore as _, Flags, MemoryStore, Safe};

use super::{gate, rules};
use crate::allocations;

const RULES: &str = r#"{"rules":[
    {"when":[{"field":"plan","op":"in","values":["pro","team"]}],"percentage":50},
    {"when":[{"field":"userId","op":"in","values":["7"]}]}],
  "variants":[{"name":"a","weight":1},{"name":"b","weight":1}]}"#;

async fn started() -> Flags {
    let store = MemoryStore::with(&[("plain", true), ("ruled", true)]);
    store.put(&rules("ruled"), RULES, &Change::by("me")).await.unwrap();
    store.put(&gate("odd"), "1", &Change::by("me")).await.unwrap();
    Flags::builder(store).flag("unset", Safe::On).start().await
}

#[tokio::test(start_paused = true)]
async fn no_kind_of_read_allocates() {
    let flags = started().await;
    let names = ["plain", "ruled", "odd", "unset"];
    let handles = names.map(|name| flags.handle(name));
    let contexts = ["7", "8"].map(|id| Context::new().user(id).with("plan", "pro"));
    let reads = || {
        let mut on = 0;
        for (name, handle) in names.iter().zip(&handles) {
            on += usize::from(flags.is_enabled(name)) + usize::from(handle.get());
            for context in &contexts {
                on +=
                    usize::from(flags.is_enabled_for(name, context)) + usize::from(handle.is_on_for(context));
                on += usize::from(flags.evaluate(name, context).value);
                on += usize::from(handle.evaluate(context).variant.is_some());
            }
        }
        on
    };
    // This thread's counters, and what it keeps for arc-swap.
    let warm = reads();
    assert!(warm > 10, "{warm}");
    assert_eq!(allocations::during(|| assert_eq!(reads(), warm)), 0);
    assert!(allocations::during(|| drop(Box::new(1))) > 0, "the allocator counts");
}

#[test]
fn readers_on_other_threads_see_a_change_without_any_runtime() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let store = MemoryStore::with(&[("x", true)]);
    let flags = runtime.block_on(Flags::builder(store.clone()).start());
    let handle = flags.handle("x");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| while handle.get() {});
        }
        runtime.block_on(store.put(&gate("x"), "false", &Change::by("me"))).unwrap();
    });
    assert!(!flags.is_enabled("x"));
}
