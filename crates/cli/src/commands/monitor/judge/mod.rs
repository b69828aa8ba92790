//! `handover monitor judge`: a team's own history, judged again.

mod line;
mod replay;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};

use handover_monitor::{DecisionMatrix, LimitError, SequentialLimits, ThresholdLimits};

use self::replay::{Refused, Replay};
use crate::args::{self, AnalysisName};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not judge every window";
/// A window with a whole histogram takes a few thousand characters.
const LONGEST: u64 = 1 << 20;

/// Answers each window on standard input with a line on standard output.
pub(super) fn run(args: &args::Judge, context: &Context) -> Result<Exit, Failure> {
    let mut replay = judge(args, context)?;
    let (input, output) = (BufReader::new(io::stdin().lock()), BufWriter::new(io::stdout().lock()));
    match answer_all(input, output, &mut replay) {
        Ok(()) => {}
        // A reader that has gone away (`| head`) is no error worth a word.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Done),
        Err(error) => return Err(Failure::new(ATTEMPTED, Exit::Refused).because_of(&error)),
    }
    match replay.refused() {
        None => Ok(Exit::Done),
        Some(Refused { lines, first, why }) => Err(Failure::new(ATTEMPTED, Exit::Usage)
            .because(format!("{lines} of {} lines were refused and left out", replay.lines()))
            .because(format!("line {first}: {why}"))
            .hint("`handover monitor judge --help` shows what a line looks like")),
    }
}

/// Line by line, each answered before the next is read, so that a pipe may be fed by hand.
fn answer_all<R: io::Read>(
    mut input: BufReader<R>,
    mut output: impl Write,
    replay: &mut Replay,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST;
        if !whole {
            input.skip_until(b'\n')?;
        }
        let Some(answer) = (if whole { replay.answer(&line) } else { Some(replay.too_long()) }) else {
            continue;
        };
        writeln!(output, "{answer}")?;
        // Whatever has come in already is answered in one go.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

fn judge(args: &args::Judge, context: &Context) -> Result<Replay, Failure> {
    let matrix = match &args.matrix {
        None => DecisionMatrix::default().with_limits(args.max_error_rate.share(), args.max_p95_ratio.get()),
        Some(path) => read_matrix(&context.folder.join(path))?,
    };
    match args.analysis {
        AnalysisName::Sequential => {
            let limits = sequential(args);
            limits.validate().map_err(|error| bad_limit(&error))?;
            Ok(Replay::sequential(limits, matrix))
        }
        AnalysisName::Threshold => {
            let limits = thresholds(args);
            limits.validate().map_err(|error| bad_limit(&error))?;
            Ok(Replay::threshold(limits))
        }
    }
}

fn sequential(args: &args::Judge) -> SequentialLimits {
    let mut limits = SequentialLimits::default();
    limits.alpha = args.alpha.share();
    limits.min_effect = args.min_effect.get();
    limits.max_error_rate = args.max_error_rate.share();
    limits.promote_error_rate = args.promote_error_rate.share();
    limits.max_p95 = args.max_p95.get();
    limits.max_p95_ratio = args.max_p95_ratio.get();
    limits.min_requests = args.min_requests;
    limits.error_cluster = args.error_cluster.get();
    limits.exact_share = !args.sticky;
    limits
}

fn thresholds(args: &args::Judge) -> ThresholdLimits {
    let mut limits = ThresholdLimits::default();
    limits.max_error_rate = args.max_error_rate.share();
    limits.max_p95 = args.max_p95.get();
    limits.max_p95_ratio = args.max_p95_ratio.get();
    limits.min_requests = args.min_requests;
    limits
}

fn bad_limit(error: &LimitError) -> Failure {
    Failure::new("could not judge by these limits", Exit::Usage)
        .because_of(error)
        .hint("`handover monitor judge --help` shows the defaults")
}

fn read_matrix(path: &std::path::Path) -> Result<DecisionMatrix, Failure> {
    let failed =
        || Failure::new(format!("could not read the decision matrix {}", path.display()), Exit::Usage);
    let hint = "`handover monitor matrix` prints the one that is used otherwise";
    let text = std::fs::read(path).map_err(|error| failed().because_of(&error).hint(hint))?;
    let matrix: DecisionMatrix =
        serde_json::from_slice(&text).map_err(|error| failed().because_of(&error).hint(hint))?;
    matrix.validate().map_err(|error| failed().because_of(&error).hint(hint))?;
    Ok(matrix)
}
