use std::io;
use std::path::Path;

use handover_monitor::Dashboard;
use serde::Serialize;
use serde_json::Value;

use crate::args::{self, System};
use crate::commands::init::replace;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::Settings;

/// The `--json` form.
#[derive(Serialize)]
struct Made<'a> {
    version: u32,
    file: Option<&'a Path>,
    dashboard: &'a Value,
}

/// Prints the dashboard, or writes it to a file.
pub(super) fn run(args: &args::Dashboard, context: &Context) -> Result<Exit, Failure> {
    let dashboard = described(args, context.settings_if_any()?.as_ref())?;
    let dashboard = match args.system {
        System::Datadog => dashboard.datadog(),
        System::Grafana => dashboard.grafana(),
    };
    let text = format!("{dashboard:#}");
    let file = args.output.as_ref().map(|path| context.folder.join(path));
    if let Some(file) = &file {
        replace(file, format!("{text}\n")).map_err(|error| not_written(file, &error))?;
    }
    let said = file.as_ref().map_or(text, |file| format!("wrote {}", file.display()));
    context.output.result(said, &Made { version: 1, file: file.as_deref(), dashboard: &dashboard });
    Ok(Exit::Done)
}

/// What was typed stands above the settings; without either there is no service to show.
fn described(args: &args::Dashboard, settings: Option<&Settings>) -> Result<Dashboard, Failure> {
    let named = args.service.as_ref().or_else(|| settings.map(|settings| &settings.service.name));
    let Some(service) = named else {
        return Err(Failure::new("could not tell which service to show", Exit::Usage)
            .because("neither `--service` nor a handover.toml names one")
            .hint("`handover monitor dashboard grafana --service NAME`"));
    };
    let mut dashboard = Dashboard::new(service.clone());
    if let Some(judge) = settings.map(|settings| &settings.judge) {
        dashboard = dashboard.with_limits(judge.max_error_rate.share(), judge.max_p95.get());
    }
    Ok(match &args.title {
        Some(title) => dashboard.with_title(title),
        None => dashboard,
    })
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("could not write {}", file.display()), Exit::Refused)
        .because_of(error)
        .hint("leave `--output` out to see the dashboard")
}
