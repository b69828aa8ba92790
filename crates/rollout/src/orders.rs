use handover_runbook::Order;

/// An order in the words in which an operator gives it.
pub fn order_words(order: &Order) -> String {
    match order {
        Order::Advance => "promote".into(),
        Order::AdvanceAll => "promote --full".into(),
        Order::Pause => "pause".into(),
        Order::Continue => "resume".into(),
        Order::Approve => "approve".into(),
        Order::TurnBack { verb, reason: None } => verb.clone(),
        Order::TurnBack { verb, reason: Some(reason) } => format!("{verb} ({reason})"),
        // An order of a newer runbook: its own name is better than none.
        other => format!("{other:?}").to_lowercase(),
    }
}
