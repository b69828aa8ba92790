//! Flags that tests set, and fixed ones: without runtime or store.

use std::panic::{AssertUnwindSafe, catch_unwind};

use handover_flags::rules::Rules;
use handover_flags::testing::FakeFlags;
use handover_flags::{Context, Flags, Reason, Source, Standing, Started};

const PRO: &str = r#"{"rules":[{"when":[{"field":"plan","op":"in","value":"pro"}]}],
    "variants":[{"name":"blue","weight":1}]}"#;

#[test]
fn fixed_flags_answer_every_kind_of_read_outside_a_runtime() {
    let flags = Flags::fixed(&[("x", true), ("y", false)]);
    let (x, y) = (flags.handle("x"), flags.handle("y"));
    assert!(x.get() && !y.get() && flags.is_enabled("x") && !flags.is_enabled("y"));
    let why = flags.evaluate("x", &Context::new());
    assert_eq!((why.value, why.reason, why.source), (true, Reason::Gate, Source::Store));
    assert_eq!(why.age(), Some(std::time::Duration::ZERO));
    assert_eq!(flags.evaluate("z", &Context::new()).reason, Reason::Unknown);
    let status = flags.status();
    assert_eq!((status.standing, status.started, status.flags), (Standing::Live, Started::Store, 2));
    assert!(*flags.subscribe("x").borrow());
}

#[test]
fn a_change_is_in_force_when_the_call_returns() {
    let fake = FakeFlags::new(&[("x", true)]);
    let flags = fake.flags().clone();
    let (x, later, followed) = (flags.handle("x"), flags.handle("later"), flags.subscribe("x"));
    let mut events = flags.events();
    fake.set("x", false);
    fake.set("later", true);
    assert!(!x.get() && later.get() && !flags.is_enabled("x") && !*followed.borrow());
    assert!(events.try_recv().is_ok() && events.try_recv().is_ok());
    let revisions = ["x", "later"].map(|flag| flags.evaluate(flag, &Context::new()).revision);
    assert_eq!(revisions, [1, 2]);
    fake.remove("later");
    assert_eq!(flags.evaluate("later", &Context::new()).reason, Reason::Unknown);
}

#[test]
fn rules_decide_as_they_do_with_a_store() {
    let fake = FakeFlags::new(&[("x", true)]);
    fake.set_rules("x", PRO);
    let [pro, free] =
        ["pro", "free"].map(|plan| fake.flags().evaluate("x", &Context::new().with("plan", plan)));
    assert_eq!((pro.value, pro.reason), (true, Reason::Rule(0)));
    assert_eq!((free.value, free.reason), (false, Reason::NoRule));
    fake.set("x", false);
    assert!(!fake.flags().is_enabled_for("x", &Context::new().with("plan", "pro")));
}

#[test]
fn what_is_held_for_a_while_goes_above_rules_and_ends_with_them_back() {
    let fake = FakeFlags::new(&[("x", false)]);
    fake.set_rules("x", PRO);
    let x = fake.flags().handle("x");
    assert!(fake.with_flag("x", true, || x.get() && fake.with_flag("x", false, || !x.get()) && x.get()));
    let failed = catch_unwind(AssertUnwindSafe(|| fake.with_flag("new", true, || panic!("a test failed"))));
    assert!(failed.is_err());
    assert_eq!(fake.flags().evaluate("new", &Context::new()).reason, Reason::Unknown);
    assert!(!x.get());
    fake.set("x", true);
    assert_eq!(fake.flags().evaluate("x", &Context::new()).reason, Reason::NoRule, "its rules are back");
    let held = fake.hold("x", true);
    assert!(x.get());
    drop(held);
    assert!(!x.get());
}

#[test]
fn what_was_read_is_remembered_with_who_asked_and_what_was_said() {
    let fake = FakeFlags::new(&[("x", true)]);
    fake.set_rules("x", PRO);
    let pro = || Context::new().user("7").with("plan", "pro");
    fake.flags().evaluate("x", &pro());
    fake.flags().handle("x").get();
    fake.flags().is_enabled_for("x", &pro());
    fake.flags().is_enabled("nobody");
    let record = fake.record();
    let said: Vec<_> = record.iter().map(|read| (&*read.flag, read.on, read.variant.as_deref())).collect();
    assert_eq!(
        said,
        [("x", true, Some("blue")), ("x", false, None), ("x", true, None), ("nobody", false, None)]
    );
    assert_eq!([&record[0].context, &record[1].context], [&pro(), &Context::new()]);
    fake.forget();
    assert!(fake.record().is_empty());
}

#[test]
fn tests_beside_each_other_have_flags_of_their_own() {
    let [one, other] = [(); 2].map(|()| FakeFlags::new(&[("x", true)]));
    one.set("x", false);
    assert!(other.flags().is_enabled("x") && one.record().is_empty());
}

#[test]
fn a_document_that_makes_no_sense_is_the_tests_mistake() {
    assert!(Rules::parse("{").is_err());
    let fake = FakeFlags::new(&[]);
    assert!(catch_unwind(AssertUnwindSafe(|| fake.set_rules("x", "{"))).is_err());
    assert!(catch_unwind(|| Flags::fixed(&[("no\nname", true)])).is_err());
}
