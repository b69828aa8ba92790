use std::borrow::Cow;
use std::time::SystemTime;

use super::value::Moment;

/// Who asks for a flag, as far as it is known.
///
/// Nothing is read from it but what a rule names. It borrows what it is given, so that making one for a request
/// costs no allocation but for [`with`](Self::with), whose fields are kept in a list.
///
/// # Examples
///
/// ```
/// use handover_flags::rules::Context;
///
/// let context = Context::new().user("42").session("b1946ac9").with("plan", "pro");
/// assert_eq!(context.get("plan"), Some("pro"));
/// assert_eq!(context.get("userId"), Some("42"));
/// assert_eq!(context.get("country"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context<'a> {
    user: Option<Cow<'a, str>>,
    session: Option<Cow<'a, str>>,
    address: Option<Cow<'a, str>>,
    environment: Option<Cow<'a, str>>,
    app: Option<Cow<'a, str>>,
    time: Time,
    others: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// What time it is for the caller.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Time {
    /// What the system's clock says when a rule asks.
    #[default]
    Clock,
    At(Moment),
    /// It was given as a text that is no date.
    Unreadable,
}

impl<'a> Context<'a> {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Who the user is (`userId`): what a rollout sticks to by default.
    #[must_use]
    pub fn user(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.user = Some(id.into());
        self
    }

    /// Which session it is (`sessionId`): what a rollout sticks to where the user is not known.
    #[must_use]
    pub fn session(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.session = Some(id.into());
        self
    }

    /// From which IP address the request comes (`remoteAddress`), such as `10.0.0.7` or `2001:db8::1`.
    #[must_use]
    pub fn remote_address(mut self, address: impl Into<Cow<'a, str>>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// In which environment the program runs (`environment`), such as `production`.
    #[must_use]
    pub fn environment(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.environment = Some(name.into());
        self
    }

    /// Which program asks (`appName`).
    #[must_use]
    pub fn app(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.app = Some(name.into());
        self
    }

    /// What time it is (`currentTime`). Otherwise the system's clock is asked, if a rule asks.
    #[must_use]
    pub fn at(mut self, time: SystemTime) -> Self {
        self.time = Time::At(Moment::from(time));
        self
    }

    /// Any other field. One of the names above sets that field instead, `currentTime` from an RFC 3339 date; of
    /// two values for one name the later counts.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        let (name, value) = (name.into(), value.into());
        match Field::of(&name) {
            Field::User => self.user = Some(value),
            Field::Session => self.session = Some(value),
            Field::Address => self.address = Some(value),
            Field::Environment => self.environment = Some(value),
            Field::App => self.app = Some(value),
            Field::Time => self.time = value.parse().map_or(Time::Unreadable, Time::At),
            Field::Other(_) => self.others.push((name, value)),
        }
        self
    }

    /// The value of a field by its name in rules. `None` where it is not known, and for `currentTime`, which is
    /// no text.
    pub fn get(&self, name: &str) -> Option<&str> {
        match Field::of(name) {
            Field::Other(_) => self.other(name),
            field => self.text(&field),
        }
    }

    /// The text of a field; the time has none.
    #[inline]
    pub(super) fn text(&self, field: &Field) -> Option<&str> {
        match field {
            Field::User => self.user.as_deref(),
            Field::Session => self.session.as_deref(),
            Field::Address => self.address.as_deref(),
            Field::Environment => self.environment.as_deref(),
            Field::App => self.app.as_deref(),
            Field::Time => None,
            Field::Other(name) => self.other(name),
        }
    }

    /// The same, borrowing nothing.
    #[cfg(feature = "testing")]
    pub(crate) fn to_static(&self) -> Context<'static> {
        let owned = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
        Context {
            user: self.user.as_ref().map(owned),
            session: self.session.as_ref().map(owned),
            address: self.address.as_ref().map(owned),
            environment: self.environment.as_ref().map(owned),
            app: self.app.as_ref().map(owned),
            time: self.time,
            others: self.others.iter().map(|(name, value)| (owned(name), owned(value))).collect(),
        }
    }

    fn other(&self, name: &str) -> Option<&str> {
        self.others.iter().rev().find(|(known, _)| same(known, name)).map(|(_, value)| value.as_ref())
    }

    /// What time it is; `None` where it was given and is no date.
    pub(super) fn time(&self) -> Option<Moment> {
        match self.time {
            Time::Clock => Some(Moment::from(SystemTime::now())),
            Time::At(moment) => Some(moment),
            Time::Unreadable => None,
        }
    }
}

/// Names are short: to compare them here takes less time than to call for it.
#[inline]
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).all(|(one, other)| one == other)
}

/// A field of the context, looked up once instead of at each read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    User,
    Session,
    Address,
    Environment,
    App,
    Time,
    Other(Box<str>),
}

impl Field {
    /// The field that rules call `name`; the empty name is one that nobody has.
    pub(super) fn named(name: &str) -> Self {
        match Self::of(name) {
            Self::Other(_) => Self::Other(name.into()),
            known => known,
        }
    }

    /// As [`named`](Self::named), without a copy of the name.
    fn of(name: &str) -> Self {
        match name {
            "userId" => Self::User,
            "sessionId" => Self::Session,
            "remoteAddress" => Self::Address,
            "environment" => Self::Environment,
            "appName" => Self::App,
            "currentTime" => Self::Time,
            _ => Self::Other(Box::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_known_field_sets_that_field() {
        let context = Context::new()
            .with("userId", "1")
            .with("sessionId", "2")
            .with("remoteAddress", "3")
            .with("environment", "4")
            .with("appName", "5")
            .with("currentTime", "2026-01-31T13:00:00Z");
        let at = "2026-01-31T13:00:00Z".parse::<Moment>().unwrap();
        let typed = Context::new().user("1").session("2").remote_address("3").environment("4").app("5");
        assert_eq!(context, Context { time: Time::At(at), ..typed });
        assert_eq!(context.get("currentTime"), None);
    }

    #[test]
    fn of_two_values_the_later_counts() {
        let context = Context::new().with("plan", "free").with("plan", "pro");
        assert_eq!(context.get("plan"), Some("pro"));
    }

    #[test]
    fn a_time_that_is_no_date_is_not_taken_for_now() {
        assert_eq!(Context::new().with("currentTime", "soon").time(), None);
        assert!(Context::new().time().is_some());
    }
}
