use std::time::Duration;

use handover_flags::openfeature::OpenFeatureProvider;
use handover_flags::{Contents, Flags, Safe};
use open_feature::{
    Client, EvaluationContext, EvaluationDetails, EvaluationError, EvaluationOptions, OpenFeature,
    StructValue, Value,
};

use crate::flags::script::Script;

/// What a scenario sees: as the specification has it, where the caller's default is part of the call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) value: Value,
    pub(super) reason: String,
    pub(super) variant: Option<String>,
    pub(super) code: Option<String>,
}

/// A client over flags whose store says what the test tells it to.
pub(super) struct World {
    pub(super) script: Script,
    pub(super) flags: Flags,
    pub(super) api: OpenFeature,
    pub(super) client: Client,
}

impl World {
    /// Nothing has been heard yet.
    pub(super) async fn silent() -> Self {
        let script = Script::new();
        let flags = Flags::builder(script.clone()).flag("declared", Safe::On);
        let flags = flags.start_within(Duration::ZERO).start().await;
        let mut api = OpenFeature::default();
        api.set_provider(OpenFeatureProvider::new(&flags)).await;
        let client = api.create_client();
        Self { script, flags, api, client }
    }

    pub(super) async fn with(contents: Contents) -> Self {
        let world = Self::silent().await;
        world.script.contents(contents).await;
        world
    }

    pub(super) async fn ask(&self, flag: &str, fallback: &Value, caller: &EvaluationContext) -> Seen {
        self.ask_with(flag, fallback, caller, None).await
    }

    /// Asks in the type of the fallback.
    pub(super) async fn ask_with(
        &self,
        flag: &str,
        fallback: &Value,
        caller: &EvaluationContext,
        options: Option<&EvaluationOptions>,
    ) -> Seen {
        let (client, caller) = (&self.client, Some(caller));
        match fallback {
            Value::Bool(_) => seen(client.get_bool_details(flag, caller, options).await, fallback),
            Value::Int(_) => seen(client.get_int_details(flag, caller, options).await, fallback),
            Value::Float(_) => seen(client.get_float_details(flag, caller, options).await, fallback),
            Value::String(_) => seen(client.get_string_details(flag, caller, options).await, fallback),
            Value::Struct(_) => {
                seen(client.get_struct_details::<StructValue>(flag, caller, options).await, fallback)
            }
            Value::Array(_) => panic!("no flag is a list"),
        }
    }
}

/// This client returns an error where the specification has it return the default, with the reason `ERROR` and a code.
fn seen<T: Into<Value>>(details: Result<EvaluationDetails<T>, EvaluationError>, fallback: &Value) -> Seen {
    match details {
        Ok(details) => Seen {
            value: details.value.into(),
            reason: details.reason.unwrap().to_string(),
            variant: details.variant,
            code: None,
        },
        Err(error) => Seen {
            value: fallback.clone(),
            reason: "ERROR".to_owned(),
            variant: None,
            code: Some(error.code.to_string()),
        },
    }
}
