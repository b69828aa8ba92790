//! What reading a text takes grows as the text does, and is bounded for each of its bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use crate::frontend::statements;

/// Counts what each thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn hold(bytes: isize) {
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its trait; it only counts and passes on")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        hold(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that is held at a time while a text is read, what is made of it included.
fn most(sql: &str) -> isize {
    let before = HELD.get();
    MOST.set(before);
    let found = statements(sql);
    assert!(!found.is_empty());
    MOST.get() - before
}

/// Texts that grow, and how much each of their bytes may take.
const TEXTS: &[(&str, &str, &str, isize)] = &[
    ("", "alter table t add column a int not null default 0;\n", "", 60),
    ("", ";", "select 1", 1),
    ("select ", "(", "1", 4),
    ("insert into t values ", "(1, 'a', now()),\n", "(1)", 12),
    ("select 1 from t where a in (", "12345, ", "1)", 12),
    ("insert into t values ", "(1, f('a') + 2),", "(1)", 12),
    ("select 1 from t where a", " or b = 1", "", 200),
    ("select ", "a + b * c, ", "1", 300),
    ("select 1 ", "union all select a from b ", "", 200),
    ("create type t as enum (", "'a', ", "'b')", 200),
    ("do $$ begin ", "perform 1; ", "end $$", 200),
    ("-- ", "comment ", "\nselect 1", 2),
    ("select '", "a ", "'", 20),
    ("create table t (", "a int,\n", "b)", 300),
    ("create tabl ", "\ncreate table t (a int)", ";", 200),
];

#[test]
fn memory_grows_as_the_text_does() {
    for (before, again, behind, per_byte) in TEXTS {
        let text = |bytes: usize| format!("{before}{}{behind}", again.repeat(bytes / again.len()));
        let (half, whole) = (most(&text(100_000)), most(&text(200_000)));
        let bound = 200_000 * per_byte + 100_000;
        assert!(whole < bound, "{again:?}: {whole} bytes for 200,000");
        assert!(whole < half * 9 / 4 + 100_000, "{again:?}: {half} bytes for half, {whole} for all");
    }
}
