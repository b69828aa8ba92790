//! The published scenarios of flag evaluation, as a table.
//!
//! They are those of `specification/assets/gherkin/evaluation.feature` and `evaluation_v2.feature` of open-feature/spec at
//! 6fd4d54a9a7aff4e080545e7ddc37c69367cc65e (Apache-2.0), said in our words: an outline is one row for each of its examples.
//! Null cannot be in this client's context, so "a key with null value" is one that is left out.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context as Task, Poll, Waker};

use async_trait::async_trait;
use open_feature::provider::{FeatureProvider as _, ProviderStatus};
use open_feature::{
    EvaluationContext, EvaluationDetails, EvaluationError, EvaluationOptions, EvaluationReason, Hook,
    HookContext, HookHints, StructValue, Value,
};

use handover_flags::openfeature::OpenFeatureProvider;

use super::client::{Seen, World};
use super::fixture;

const OLD: usize = 13;
const NEW: usize = 82;

/// What cannot be said with this client (0.3) or these flags: scenario, how many, why.
const LEFT_OUT: [(&str, usize, &str); 4] = [
    (
        "Provider in fatal state error",
        5,
        "the client has no such state or code, and flags never fail for good",
    ),
    ("Flag metadata in evaluation details", 1, "flags hold no metadata"),
    ("CACHED reason", 2, "nothing is cached: a read is of what is known now"),
    ("Provider status accessibility", 2, "ERROR and FATAL: a start never fails, and the client has no FATAL"),
];

/// What holds but for the reason: a provider is not told the default and cannot return it, so the client gives an error,
/// and its code is the reason.
const REASON_IN_CODE: (&str, usize) = ("DISABLED reason, of values that are no booleans", 4);

#[derive(Debug, Default)]
struct Counted {
    old: usize,
    new: usize,
    in_code: usize,
}

/// What a scenario wants; nothing where it says nothing.
#[derive(Clone, Default)]
struct Wanted {
    value: Option<Value>,
    reason: Option<&'static str>,
    variant: Option<&'static str>,
    code: Option<&'static str>,
}

impl Wanted {
    fn value(value: &Value) -> Self {
        Self { value: Some(value.clone()), ..Self::default() }
    }

    fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    fn in_variant(self, variant: &'static str) -> Self {
        Self { variant: Some(variant), ..self }
    }

    fn failed(fallback: &Value, code: &'static str) -> Self {
        Self { code: Some(code), ..Self::value(fallback).because("ERROR") }
    }
}

#[track_caller]
fn holds(scenario: &str, key: &str, seen: &Seen, wanted: &Wanted) {
    let Wanted { value, reason, variant, code } = wanted;
    assert!(value.as_ref().is_none_or(|value| *value == seen.value), "{scenario}: {key}: {seen:?}");
    assert!(reason.is_none_or(|reason| reason == seen.reason), "{scenario}: {key}: {seen:?}");
    assert!(
        variant.is_none_or(|variant| Some(variant) == seen.variant.as_deref()),
        "{scenario}: {key}: {seen:?}"
    );
    assert_eq!(*code, seen.code.as_deref(), "{scenario}: {key}: {seen:?}");
}

fn text(text: &str) -> Value {
    Value::from(text)
}

fn empty() -> Value {
    Value::Struct(StructValue::default())
}

fn a_is_one() -> Value {
    Value::Struct(StructValue::default().with_field("a", 1))
}

fn template() -> Value {
    let pics = StructValue::default().with_field("showImages", true).with_field("imagesPerPage", 100);
    Value::Struct(pics.with_field("title", "Check out these pics!"))
}

fn nobody() -> EvaluationContext {
    EvaluationContext::default()
}

fn mail(address: &str) -> EvaluationContext {
    nobody().with_custom_field("email", address)
}

/// Key, fallback, value, variant: of the five types.
fn typed() -> [(&'static str, Value, Value, &'static str); 5] {
    [
        ("boolean-flag", false.into(), true.into(), "on"),
        ("string-flag", text("bye"), text("hi"), "greeting"),
        ("integer-flag", 1.into(), 10.into(), "ten"),
        ("float-flag", 0.1.into(), 0.5.into(), "half"),
        ("object-flag", empty(), template(), "template"),
    ]
}

/// Of each type a fallback and the zero value.
fn zeros() -> [(&'static str, Value, Value); 5] {
    [
        ("boolean", true.into(), false.into()),
        ("string", text("hi"), text("")),
        ("integer", 1.into(), 0.into()),
        ("float", 0.1.into(), 0.0.into()),
        ("object", a_is_one(), empty()),
    ]
}

/// Of each type a fallback that is a user's.
fn fallbacks() -> [(&'static str, Value); 5] {
    [
        ("boolean", false.into()),
        ("string", text("bye")),
        ("integer", 1.into()),
        ("float", 0.1.into()),
        ("object", a_is_one()),
    ]
}

#[tokio::test(start_paused = true)]
async fn the_published_scenarios_hold_but_for_those_that_cannot_be_said() {
    let mut counted = Counted::default();
    let world = World::with(fixture::all()).await;
    counted.old += evaluation(&world).await;
    counted.new +=
        values(&world).await + context(&world).await + errors(&world).await + details(&world).await;
    counted.new += not_ready().await + statuses().await;
    counted.new += hooks(&world).await + untouched(&world).await + without_waiting(&world);
    counted.in_code += disabled(&world, &mut counted.new).await;
    let left_out: usize =
        LEFT_OUT.iter().map(|(_, scenarios, why)| scenarios * usize::from(!why.is_empty())).sum();
    assert_eq!(counted.old, OLD);
    assert_eq!(counted.in_code, REASON_IN_CODE.1, "{}", REASON_IN_CODE.0);
    assert_eq!((counted.new, left_out), (68, 10));
    assert_eq!(counted.new + counted.in_code + left_out, NEW);
}

/// The older file.
async fn evaluation(world: &World) -> usize {
    let mut held = 0;
    for (key, fallback, value, variant) in typed() {
        let seen = world.ask(key, &fallback, &nobody()).await;
        holds("Resolves value", key, &seen, &Wanted::value(&value));
        let wanted = Wanted::value(&value).because("STATIC").in_variant(variant);
        holds("Resolves details", key, &seen, &wanted);
        held += 2;
    }
    let customer = nobody().with_custom_field("fn", "Sulisław").with_custom_field("ln", "Świętopełk");
    let customer = customer.with_custom_field("age", 29).with_custom_field("customer", "false");
    let fallback = text("EXTERNAL");
    let seen = world.ask("context-aware", &fallback, &customer).await;
    holds("Resolves based on context", "context-aware", &seen, &Wanted::value(&text("INTERNAL")));
    let seen = world.ask("context-aware", &fallback, &nobody()).await;
    holds("Resolves based on context", "context-aware", &seen, &Wanted::value(&fallback));
    let fallback = text("uh-oh");
    let seen = world.ask("missing-flag", &fallback, &nobody()).await;
    holds("Flag not found", "missing-flag", &seen, &Wanted::failed(&fallback, "FLAG_NOT_FOUND"));
    let seen = world.ask("wrong-flag", &13.into(), &nobody()).await;
    holds("Type error", "wrong-flag", &seen, &Wanted::failed(&13.into(), "TYPE_MISMATCH"));
    held + 3
}

async fn values(world: &World) -> usize {
    let mut held = 0;
    for (key, fallback, value, _) in typed() {
        let seen = world.ask(key, &fallback, &nobody()).await;
        holds("Resolve values", key, &seen, &Wanted::value(&value));
        held += 1;
    }
    let callers = [
        ("Resolves zero value", "zero-flag", nobody(), "STATIC"),
        (
            "Resolves zero value with targeting",
            "targeted-zero-flag",
            mail("ballmer@macrosoft.com"),
            "TARGETING_MATCH",
        ),
        (
            "Resolves zero value with targeting using default",
            "targeted-zero-flag",
            mail("ballmer@none.com"),
            "DEFAULT",
        ),
    ];
    for (scenario, key, caller, reason) in callers {
        held += zero(world, scenario, key, &caller, reason).await;
    }
    held
}

async fn zero(
    world: &World,
    scenario: &str,
    key: &str,
    caller: &EvaluationContext,
    reason: &'static str,
) -> usize {
    for (name, fallback, zero) in zeros() {
        let key = format!("{name}-{key}");
        let seen = world.ask(&key, &fallback, caller).await;
        holds(scenario, &key, &seen, &Wanted::value(&zero).because(reason));
    }
    zeros().len()
}

async fn context(world: &World) -> usize {
    let mut held = 0;
    for scenario in ["Empty evaluation context", "Null context values"] {
        held += zero(world, scenario, "targeted-zero-flag", &nobody(), "DEFAULT").await;
    }
    let caller =
        mail("ballmer@macrosoft.com").with_custom_field("role", "admin").with_custom_field("age", 65);
    let caller = caller.with_custom_field("customer", false);
    let seen = world.ask("complex-targeted", &text("default"), &caller).await;
    let wanted = Wanted::value(&text("INTERNAL")).because("TARGETING_MATCH");
    holds("Multiple context attributes targeting", "complex-targeted", &seen, &wanted);
    held + 1
}

async fn errors(world: &World) -> usize {
    let mut held = 0;
    for (_, fallback) in fallbacks() {
        let seen = world.ask("non-existent-flag", &fallback, &nobody()).await;
        holds(
            "Flag not found error",
            "non-existent-flag",
            &seen,
            &Wanted::failed(&fallback, "FLAG_NOT_FOUND"),
        );
        held += 1;
    }
    for (name, fallback) in fallbacks() {
        let key = if name == "boolean" { "string-flag" } else { "boolean-flag" };
        let seen = world.ask(key, &fallback, &nobody()).await;
        holds("Type mismatch error", key, &seen, &Wanted::failed(&fallback, "TYPE_MISMATCH"));
        held += 1;
    }
    held
}

async fn not_ready() -> usize {
    let world = World::silent().await;
    for (name, fallback) in fallbacks() {
        let key = format!("{name}-flag");
        let seen = world.ask(&key, &fallback, &nobody()).await;
        holds("Provider not ready error", &key, &seen, &Wanted::failed(&fallback, "PROVIDER_NOT_READY"));
    }
    fallbacks().len()
}

async fn details(world: &World) -> usize {
    let mut held = 0;
    for (key, fallback, value, variant) in typed() {
        let seen = world.ask(key, &fallback, &nobody()).await;
        let wanted = Wanted::value(&value).because("STATIC").in_variant(variant);
        holds("Complete evaluation details structure", key, &seen, &wanted);
        holds("Variant field population", key, &seen, &Wanted::default().in_variant(variant));
        held += 2;
    }
    let details = world.client.get_string_details("string-flag", None, None).await.unwrap();
    assert_eq!(details.flag_key, "string-flag", "the flag key is the one asked for");
    let seen = world.ask("object-flag", &empty(), &nobody()).await;
    holds("Structure flag evaluation", "object-flag", &seen, &Wanted::value(&template()).because("STATIC"));
    held + 1
}

/// How many hold but for the reason.
async fn disabled(world: &World, held: &mut usize) -> usize {
    let mut in_code = 0;
    for (name, fallback) in fallbacks() {
        let key = format!("{name}-disabled-flag");
        let seen = world.ask(&key, &fallback, &nobody()).await;
        if name == "boolean" {
            holds("DISABLED reason", &key, &seen, &Wanted::value(&fallback).because("DISABLED"));
            *held += 1;
        } else {
            holds("DISABLED reason", &key, &seen, &Wanted::failed(&fallback, "DISABLED"));
            in_code += 1;
        }
    }
    in_code
}

async fn statuses() -> usize {
    let world = World::silent().await;
    let provider = OpenFeatureProvider::new(&world.flags);
    assert_eq!(provider.status(), ProviderStatus::NotReady);
    world.script.contents(fixture::all()).await;
    assert_eq!(provider.status(), ProviderStatus::Ready);
    world.script.lose().await;
    assert_eq!(provider.status(), ProviderStatus::STALE);
    3
}

type Log = Arc<Mutex<Vec<String>>>;

/// Writes down what it is told, under its name.
struct Told(&'static str, Log);

impl Told {
    fn say(&self, what: &str) {
        self.1.lock().unwrap().push(format!("{} {what}", self.0));
    }
}

#[async_trait]
impl Hook for Told {
    async fn before<'a>(
        &self,
        _: &HookContext<'a>,
        _: Option<&'a HookHints>,
    ) -> Result<Option<EvaluationContext>, EvaluationError> {
        self.say("before");
        Ok(None)
    }

    async fn after<'a>(
        &self,
        _: &HookContext<'a>,
        details: &EvaluationDetails<Value>,
        _: Option<&'a HookHints>,
    ) -> Result<(), EvaluationError> {
        assert_eq!(details.reason, Some(EvaluationReason::Static));
        self.say("after");
        Ok(())
    }

    async fn error<'a>(&self, _: &HookContext<'a>, _: &EvaluationError, _: Option<&'a HookHints>) {
        self.say("error");
    }

    async fn finally<'a>(&self, _: &HookContext<'a>, _: &EvaluationDetails<Value>, _: Option<&'a HookHints>) {
        self.say("finally");
    }
}

/// "Evaluation options with hooks".
async fn hooks(world: &World) -> usize {
    let log = Log::default();
    let [one, two] = ["one", "two"].map(|name| Told(name, log.clone()));
    let options = EvaluationOptions::default().with_hook(one).with_hook(two);
    let seen = world.ask_with("boolean-flag", &false.into(), &nobody(), Some(&options)).await;
    assert_eq!(seen.value, true.into());
    let told = log.lock().unwrap().join(", ");
    assert_eq!(told, "one before, two before, two after, one after, two finally, one finally");
    1
}

/// "Evaluation context immutability".
async fn untouched(world: &World) -> usize {
    let caller = mail("a@example.com").with_targeting_key("7");
    let before = caller.clone();
    let seen = world.ask("boolean-flag", &false.into(), &caller).await;
    assert_eq!((seen.value, caller), (true.into(), before));
    1
}

/// "Asynchronous flag evaluation": the answer is there when it is first asked for.
fn without_waiting(world: &World) -> usize {
    for (key, fallback, value, _) in typed() {
        let nobody = nobody();
        let asking = pin!(world.ask(key, &fallback, &nobody));
        let Poll::Ready(seen) = asking.poll(&mut Task::from_waker(Waker::noop())) else {
            panic!("{key} waits")
        };
        holds("Asynchronous flag evaluation", key, &seen, &Wanted::value(&value));
    }
    typed().len()
}
