use std::borrow::Cow;

/// One next step an operator can type, carried by the error as data.
///
/// The library never prints it; the command line shows it under the error, and tests snapshot it beside
/// the variant. `None` where no step is better than reading the message.
pub trait Hint {
    /// The hint: a lower-case fragment without a full stop, commands in backticks.
    fn hint(&self) -> Option<Cow<'static, str>>;
}
