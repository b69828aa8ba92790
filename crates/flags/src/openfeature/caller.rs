use open_feature::{EvaluationContext, EvaluationContextFieldValue};

use crate::Context;

/// Who asks, in our words. A field `userId` goes above the targeting key.
pub(super) fn caller(context: &EvaluationContext) -> Context<'_> {
    let known = context.targeting_key.iter().fold(Context::new(), Context::user);
    context.custom_fields.iter().fold(known, |known, (name, value)| with(known, name, value))
}

fn with<'a>(known: Context<'a>, name: &'a str, value: &'a EvaluationContextFieldValue) -> Context<'a> {
    use EvaluationContextFieldValue as Field;
    match value {
        Field::String(text) => known.with(name, text),
        Field::Bool(truth) => known.with(name, if *truth { "true" } else { "false" }),
        Field::Int(number) => known.with(name, number.to_string()),
        Field::Float(number) => known.with(name, number.to_string()),
        Field::DateTime(moment) => match jiff::Timestamp::from_nanosecond(moment.unix_timestamp_nanos()) {
            Ok(moment) => known.with(name, moment.to_string()),
            Err(_) => known,
        },
        // It may be of any type.
        Field::Struct(_) => known,
    }
}
