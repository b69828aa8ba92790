use std::fmt;

use handover_edge::AgentClient;

/// How what is asked from outside is told from users' requests, so that the judge does not count it.
#[derive(Clone)]
pub(crate) enum Mark {
    /// By the agent's secret, asked for anew each time: an agent that was started again has another.
    Agent(AgentClient),
    /// By this secret.
    Secret(String),
    /// Not at all: this backend counts whatever comes, or nothing.
    Nothing,
}

impl Mark {
    /// By this secret, where there is one.
    pub(crate) fn of_secret(secret: Option<String>) -> Self {
        secret.map_or(Self::Nothing, Self::Secret)
    }

    /// The secret as it is now. An agent that does not answer has none: then nobody counts either.
    pub(super) async fn secret(&self) -> Option<String> {
        match self {
            Self::Agent(client) => Some(client.secrets().await.ok()?.probe),
            Self::Secret(secret) => Some(secret.clone()),
            Self::Nothing => None,
        }
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent(_) => "Agent",
            Self::Secret(_) => "Secret(…)",
            Self::Nothing => "Nothing",
        })
    }
}
