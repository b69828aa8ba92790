use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::flags::shared::Shared;
use crate::rules::{Context, Variant};

/// More reads than a test looks at.
const MOST: usize = 100_000;

/// One read of a flag.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Which flag, as the reader called it.
    pub flag: String,
    /// For whom it was asked; nothing where it was asked for nobody in particular, or its name is unknown.
    pub context: Context<'static>,
    /// Whether it was on.
    pub on: bool,
    /// The name of the variant, where one was asked for and given.
    pub variant: Option<String>,
}

/// What was read, in order.
#[derive(Debug, Default)]
pub(in crate::flags) struct Recorder(Mutex<Vec<Recorded>>);

impl Recorder {
    fn reads(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cold]
    fn add(&self, flag: &str, context: &Context<'_>, on: bool, variant: Option<&Arc<Variant>>) {
        let mut reads = self.reads();
        if reads.len() < MOST {
            let variant = variant.map(|variant| variant.name.clone());
            reads.push(Recorded { flag: flag.to_owned(), context: context.to_static(), on, variant });
        }
    }
}

impl Shared {
    /// Begins to remember what is read.
    pub(super) fn record_reads(&self) {
        self.recorder.get_or_init(Recorder::default);
    }

    #[inline]
    pub(in crate::flags) fn record(
        &self,
        flag: &str,
        context: &Context<'_>,
        on: bool,
        variant: Option<&Arc<Variant>>,
    ) {
        if let Some(recorder) = self.recorder.get() {
            recorder.add(flag, context, on, variant);
        }
    }

    pub(super) fn recorded(&self) -> Vec<Recorded> {
        self.recorder.get().map(|recorder| recorder.reads().clone()).unwrap_or_default()
    }

    pub(super) fn forget_recorded(&self) {
        self.recorder.get().into_iter().for_each(|recorder| recorder.reads().clear());
    }
}
