use handover_flags::Context;

/// How many callers there are; their contexts stay in the nearer caches.
const CALLERS: usize = 1_000;

/// Who asks, as each of the rivals wants to be told.
pub(crate) struct Caller {
    pub(crate) ours: Context<'static>,
    pub(crate) unleash: unleash_yggdrasil::Context,
    pub(crate) openfeature: open_feature::EvaluationContext,
}

/// The same on every run.
pub(crate) fn callers() -> Vec<Caller> {
    let mut dice = fastrand::Rng::with_seed(7);
    (0..CALLERS)
        .map(|_| caller(&format!("user-{}", dice.u32(..)), if dice.bool() { "pro" } else { "free" }))
        .collect()
}

fn caller(user: &str, plan: &str) -> Caller {
    Caller {
        ours: Context::new().user(user.to_owned()).with("plan", plan.to_owned()),
        unleash: unleash_yggdrasil::Context {
            user_id: Some(user.to_owned()),
            properties: Some([("plan".to_owned(), plan.to_owned())].into()),
            ..unleash_yggdrasil::Context::default()
        },
        openfeature: open_feature::EvaluationContext::default()
            .with_targeting_key(user)
            .with_custom_field("plan", plan),
    }
}
