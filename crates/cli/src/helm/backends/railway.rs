//! Railway, in place: one service that has the domain, deployed into and rolled back.

use std::sync::Arc;
use std::time::Duration;

use handover_rollout::railway::{RailwayHost, Template};
use handover_traffic::layers::Cached;
use handover_traffic::logbook::WithLogbook;
use handover_traffic::railway::{Railway, RailwayInPlace, RailwayLimits, RailwayOptions, RailwayToken};

use super::super::inspect::Inspector;
use super::super::token;
use super::{Parts, Place, copied, counted, front, section};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Backend, TokenKind};

/// Beside the file, where the token may be, in the order in which they count.
const VARIABLES: [&str; 2] = ["RAILWAY_TOKEN", "RAILWAY_API_TOKEN"];

/// What was seen so lately is not asked for again: the smallest quota is a hundred requests an hour.
const A_LOOK_SERVES: Duration = Duration::from_secs(5);

/// The service of these settings; before the first deployment, what serves becomes the way back.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let section = section(place.settings.railway.as_ref(), Backend::Railway)?;
    let options = options(section)?;
    let railway = Railway::new(options.clone());
    let railway = railway
        .map_err(|error| Failure::new("could not use Railway", Exit::Usage).because(error.to_string()))?;
    let reached = |e| Failure::of("could not ask Railway for the service", Exit::Refused, &e);
    let platform = RailwayInPlace::open(railway.clone()).await.map_err(reached)?;
    let logbook = place.logbook();
    let found = platform.examine().await.map_err(reached)?;
    platform.adopt(&logbook).await.map_err(reached)?;
    let host = RailwayHost::new(railway, logbook.clone(), template(section)?);
    let bare = WithLogbook::new(platform.clone(), copied(&logbook).await);
    let path = place.settings.health.path.as_str().to_owned();
    let inspector = Inspector::Railway { found, options, path };
    Ok(Parts {
        traffic: Arc::new(Cached::new(WithLogbook::new(platform, logbook), A_LOOK_SERVES)),
        bare_traffic: Arc::new(bare),
        host: Arc::new(host),
        front: Arc::new(front::front(place.settings, place.roster(), None, Arc::new(front::NoDoors))?),
        probe: None,
        windows: counted(place.settings)?,
        inspector,
    })
}

/// What a release is there.
pub(super) fn template(section: &settings::Railway) -> Result<Template, Failure> {
    let template = section.release.as_str().parse();
    template
        .map_err(|error| Failure::new("could not use `[railway] release`", Exit::Usage).because_of(&error))
}

/// What the client is told of the section.
pub(super) fn options(section: &settings::Railway) -> Result<RailwayOptions, Failure> {
    let (token, variable) = token::token(section.token_file.as_deref(), &VARIABLES, "[railway] token_file")?;
    let account = match variable {
        Some(at) => at == 1,
        None => section.token_kind == TokenKind::Account,
    };
    let token = if account { RailwayToken::Account(token) } else { RailwayToken::Project(token) };
    let (project, environment) = (section.project.as_str(), section.environment.as_str());
    let options = RailwayOptions::new(project, environment, section.service.as_str(), token);
    let mut limits = RailwayLimits::default();
    (limits.deploy, limits.poll) = (section.deploy_limit.get(), section.poll.get());
    let options = options.with_limits(limits);
    Ok(match &section.base {
        Some(base) => options.with_base(base.to_string()),
        None => options,
    })
}
