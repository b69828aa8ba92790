//! `handover edge`: an edge that stands alone.

use handover_core::BySlot;
use handover_edge::AdminToken;
use handover_edge::standalone::{StandaloneEdge, StandaloneOptions};

use super::serving;
use crate::args::EdgeArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::state_dir;

/// Where the token is, if not in a file.
pub(crate) const TOKEN: &str = "HANDOVER_EDGE_TOKEN";

/// Runs the edge until it is told to stop. Whatever is behind it runs on.
pub(super) async fn run(args: EdgeArgs, context: &Context) -> Result<Exit, Failure> {
    let options = options(args, context)?;
    serving::log_to_stderr(context.output.json);
    let attempted = "could not run the edge";
    let stop =
        serving::told_to_stop().map_err(|error| Failure::new(attempted, Exit::Refused).because_of(&error))?;
    let failed = |error| Failure::of(attempted, Exit::Refused, &error);
    let edge = StandaloneEdge::open(options).await.map_err(failed)?;
    edge.run(stop).await.map(|()| Exit::Done).map_err(failed)
}

fn options(args: EdgeArgs, context: &Context) -> Result<StandaloneOptions, Failure> {
    let dir = context.given_state_dir().map_err(|_| {
        Failure::new("could not run the edge", Exit::Usage)
            .because("`--state-dir` is missing: the folder in which its route is kept")
            .hint("name a folder that outlives the process, such as `--state-dir /data`")
    })?;
    state_dir::create(&dir)
        .map_err(|error| Failure::of("could not use the state folder", Exit::Refused, &error))?;
    let token = token(&args, context)?;
    let proxy = serving::proxy(&args.passing.settings(), &dir);
    let upstreams = BySlot { blue: args.blue, green: args.green };
    Ok(StandaloneOptions::new(args.listen, args.admin, upstreams, token, dir)
        .with_begin(args.begin)
        .with_recover(args.recover)
        .with_proxy(proxy))
}

fn token(args: &EdgeArgs, context: &Context) -> Result<AdminToken, Failure> {
    let file = args.token_file.as_ref().map(|file| context.folder.join(file));
    let found = match (&file, std::env::var(TOKEN)) {
        (Some(file), _) => AdminToken::from_file(file),
        (None, Ok(text)) => AdminToken::new(&text),
        (None, Err(_)) => {
            return Err(Failure::new("could not run the edge", Exit::Usage)
                .because(format!("it has no token: neither `--token-file` nor `{TOKEN}` is there"))
                .hint("`openssl rand -hex 32 > token` makes one"));
        }
    };
    found.map_err(|error| {
        Failure::new("could not run the edge", Exit::Usage)
            .because_of(&error)
            .hint("`openssl rand -hex 32` makes a good one")
    })
}
