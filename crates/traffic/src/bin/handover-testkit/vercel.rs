use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use handover_traffic::BoxError;
use handover_traffic::testkit::standin::vercel::{Plan, VercelSetup, VercelStandin};

use crate::until::told_to_stop;

/// The token where no file holds one: it opens nothing but this stand-in.
const TOKEN: &str = "standintoken";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where it listens; port 0 is any free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A project's name; may be given several times.
    #[arg(long = "project", default_value = "shop")]
    projects: Vec<String>,
    /// The team's slug; an empty one is a personal account.
    #[arg(long, default_value = "my-team")]
    team: String,
    /// The file that holds the one token it knows; without one it is `standintoken`.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// `hobby`, `pro` (rolling releases for one project) or `enterprise`.
    #[arg(long, default_value = "enterprise", value_parser = ["hobby", "pro", "enterprise"])]
    plan: String,
    /// How long a build takes, in milliseconds.
    #[arg(long, default_value_t = 3_000)]
    build_ms: u64,
    /// How long a job takes that moves aliases, in milliseconds.
    #[arg(long, default_value_t = 1_000)]
    job_ms: u64,
    /// How many requests a minute, beyond which it answers 429.
    #[arg(long)]
    quota: Option<u32>,
    /// Percentages of a rolling release, configured for each project; 100 is added.
    #[arg(long, value_delimiter = ',')]
    stages: Vec<f64>,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn serve(arguments: Arguments) -> Result<(), BoxError> {
    let mut standin = VercelStandin::start(arguments.setup()?).await?;
    println!("vercel stand-in at {}", standin.base());
    for project in &arguments.projects {
        arguments.fill(&standin, project);
    }
    tokio::select! {
        () = standin.serve() => Err("the stand-in ended by itself".into()),
        told = told_to_stop() => Ok(told?),
    }
}

impl Arguments {
    fn setup(&self) -> Result<VercelSetup, BoxError> {
        let mut setup = VercelSetup::default()
            .with_projects(self.projects.clone())
            .with_plan(match self.plan.as_str() {
                "hobby" => Plan::Hobby,
                "pro" => Plan::Pro { slots: 1 },
                _ => Plan::Enterprise,
            })
            .with_delays(Duration::from_millis(self.build_ms), Duration::from_millis(self.job_ms));
        setup.listen = self.listen;
        setup.quota = self.quota;
        setup.team = Some(self.team.clone()).filter(|team| !team.is_empty());
        setup.token = match &self.token_file {
            Some(file) => {
                let read = std::fs::read_to_string(file);
                let text = read.map_err(|e| format!("could not read {}: {e}", file.display()))?;
                text.trim().to_owned()
            }
            None => TOKEN.to_owned(),
        };
        Ok(setup)
    }

    /// Gives a project two deployments, of which the first has production.
    fn fill(&self, standin: &VercelStandin, project: &str) {
        let [first, second] = ["r1", "r2"].map(|release| standin.deploy(project, release));
        standin.settle(project, &first);
        if !self.stages.is_empty() {
            standin.configure(project, &self.stages);
        }
        println!(
            "project {project}: {first} (r1) has production at http://{project}.example, {second} (r2) is staged"
        );
    }
}
