use jiff::civil::Date;
use serde::Serialize;

/// What a flag is when nothing is known of it.
///
/// Unknown is not the same as off: for a flag that guards a safety check, on is the safe side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Safe {
    /// Off.
    #[default]
    Off,
    /// On.
    On,
}

impl Safe {
    /// Whether the flag is on then.
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// A flag as the program's code declares it: a constant that says all there is to know of it in one place.
///
/// ```
/// use handover_flags::{Flag, Safe};
///
/// const SCAN_CREATION: Flag = Flag::new("scan_creation", Safe::On).about("customers may start scans");
/// const NEW_CHECKOUT: Flag = Flag::new("new_checkout", Safe::Off).until(2027, 3, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    pub(crate) name: &'static str,
    pub(crate) safe: Safe,
    pub(crate) about: Option<&'static str>,
    pub(crate) until: Option<(i16, i8, i8)>,
}

impl Flag {
    /// A flag with its safe value.
    pub const fn new(name: &'static str, safe: Safe) -> Self {
        Self { name, safe, about: None, until: None }
    }

    /// What it is for.
    #[must_use]
    pub const fn about(self, about: &'static str) -> Self {
        Self { about: Some(about), ..self }
    }

    /// The day by which it is to be out of the code; after it, the report names it as stale.
    #[must_use]
    pub const fn until(self, year: i16, month: i8, day: i8) -> Self {
        Self { until: Some((year, month, day)), ..self }
    }

    /// The flag's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn last_day(&self) -> Option<Date> {
        let (year, month, day) = self.until?;
        Date::new(year, month, day).ok()
    }
}
