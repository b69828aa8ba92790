use std::time::Duration;

/// Records the samples of a slice, one by one.
pub(crate) type Writer<'a> = Box<dyn FnMut(&[Duration]) + Send + 'a>;

/// Something that samples are recorded with and a p95 is read from.
pub(crate) trait Subject: Sync {
    fn name(&self) -> &'static str;

    /// All that one series needs, empty.
    fn series(&self) -> Box<dyn Recording>;

    /// How many samples a timed run records: fewer where each takes long.
    fn samples(&self) -> usize {
        100_000
    }
}

pub(crate) trait Recording: Sync {
    /// For one thread.
    fn writer(&self) -> Writer<'_>;

    /// A second has passed; there is no writer now.
    fn second(&mut self) {}

    /// The p95 of the last minute, or of what the rival keeps instead; `None` where it cannot tell.
    fn p95(&mut self) -> Option<Duration> {
        None
    }
}

/// A subject of a name and a way to make a series.
struct Named<F> {
    name: &'static str,
    samples: usize,
    make: F,
}

impl<F: Fn() -> Box<dyn Recording> + Sync> Subject for Named<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn series(&self) -> Box<dyn Recording> {
        (self.make)()
    }

    fn samples(&self) -> usize {
        self.samples
    }
}

pub(crate) fn subject<R: Recording + 'static>(
    name: &'static str,
    make: impl Fn() -> R + Sync + 'static,
) -> Box<dyn Subject> {
    Box::new(Named { name, samples: 100_000, make: move || Box::new(make()) as Box<dyn Recording> })
}

/// For what takes microseconds and more.
pub(crate) fn slow_subject<R: Recording + 'static>(
    name: &'static str,
    samples: usize,
    make: impl Fn() -> R + Sync + 'static,
) -> Box<dyn Subject> {
    Box::new(Named { name, samples, make: move || Box::new(make()) as Box<dyn Recording> })
}

/// A writer that does the same for every sample, compiled as one loop.
pub(crate) fn each<'a>(mut record: impl FnMut(Duration) + Send + 'a) -> Writer<'a> {
    Box::new(move |samples| {
        for took in samples {
            record(*took);
        }
    })
}
