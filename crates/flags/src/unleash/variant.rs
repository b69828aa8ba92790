use super::wire;
use crate::rules::{Override, Payload, Variant};

/// The variants of a list. All stick to what the first does, as in Unleash; a strategy's to `stickiness`.
pub(super) fn variants(
    theirs: &[wire::Variant],
    stickiness: Option<&str>,
    notes: &mut Vec<String>,
) -> Vec<Variant> {
    let of_list = theirs.first().and_then(|variant| variant.stickiness.as_deref());
    let all = stickiness.or(of_list);
    if stickiness.is_none() && theirs.iter().any(|variant| variant.stickiness.as_deref() != of_list) {
        notes.push(
            "variants stick to different fields; as in Unleash they all stick to the first one's".into(),
        );
    }
    let of_flag = stickiness.is_none();
    theirs.iter().map(|variant| one(variant, all, of_flag, notes)).collect()
}

fn one(theirs: &wire::Variant, stickiness: Option<&str>, of_flag: bool, notes: &mut Vec<String>) -> Variant {
    let mut ours = Variant::new(&theirs.name, 0);
    match u32::try_from(theirs.weight) {
        Ok(weight) => ours.weight = weight,
        Err(_) => {
            notes.push(format!("variant {:?} has a weight of {}, read as 0", theirs.name, theirs.weight));
        }
    }
    ours.stickiness = stickiness.map(str::to_owned);
    ours.payload = theirs.payload.as_ref().map(|payload| Payload::new(&payload.kind, &payload.value.0));
    let overrides = theirs.overrides.iter().filter(|_| of_flag);
    ours.overrides = overrides.map(fixed).collect();
    ours
}

fn fixed(theirs: &wire::Override) -> Override {
    Override::new(&theirs.context_name, theirs.values.iter().map(|text| text.0.clone()).collect())
}
