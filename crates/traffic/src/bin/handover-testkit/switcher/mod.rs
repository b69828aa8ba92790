//! A switcher program, as `docs/exec.md` has it: what `examples/exec_switcher/switcher.py` is, on the same folder, and
//! some ten times as fast. Thousands of schedules start it thousands of times each.

mod router;
mod wire;

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use handover_traffic::BoxError;

use self::router::Router;
use self::wire::{Answer, Call, Complaint, Request, VERSION};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where the router keeps itself: `state.json`, and a file per request in `in-flight/blue` and `in-flight/green`. A
    /// file named `mishap` with one of these words spoils the next call, and is gone: `before` and `after` it is done,
    /// the program dies; `half` of the answer comes; `html` comes instead.
    folder: PathBuf,
}

/// Answers the one request on standard input.
pub(crate) async fn answer(arguments: Arguments) -> Result<(), BoxError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let request: Request = serde_json::from_str(&text)?;
    let mishap = taken(&arguments).unwrap_or_default();
    if mishap == "before" {
        return Err("dying before anything was done".into());
    }
    let said = match done(request, &arguments).await {
        Ok(ok) => Answer::Ok(ok),
        Err(complaint) => Answer::Error(complaint),
    };
    let said = serde_json::to_string(&said.versioned())?;
    let said = match mishap.as_str() {
        "after" => return Err("dying after it was done".into()),
        "half" => said[..said.len() / 2].to_owned(),
        "html" => "<html></html>".to_owned(),
        _ => said,
    };
    std::io::stdout().write_all(said.as_bytes())?;
    Ok(())
}

/// The mishap that waits for a call; it strikes once.
fn taken(arguments: &Arguments) -> Option<String> {
    let file = arguments.folder.join("mishap");
    let word = std::fs::read_to_string(&file).ok()?;
    std::fs::remove_file(&file).ok()?;
    Some(word.trim().to_owned())
}

async fn done(request: Request, arguments: &Arguments) -> Result<serde_json::Value, Complaint> {
    if request.handover != VERSION {
        return Err(Complaint::refused(format!("this program speaks version {VERSION}")));
    }
    let router = Router::open(&arguments.folder)?;
    match request.call {
        Call::Capabilities => Ok(serde_json::to_value(router::capabilities())?),
        Call::Observe => Ok(serde_json::to_value(router.observe()?)?),
        Call::Apply { change } => Ok(serde_json::to_value(router.apply(&change)?)?),
        Call::Drain { slot, limit } => Ok(serde_json::to_value(router.drain(slot, limit).await?)?),
    }
}
