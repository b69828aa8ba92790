//! What a slot stands for, and which deployment is of it.

use std::fmt;

use super::Deployment;

/// What a slot stands for, as the logbook has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A commit that is not deployed yet.
    Commit(String),
    /// An image that is not deployed yet.
    Image(String),
    /// This deployment, or a later one of the same artefact.
    Deployment(String),
}

impl Target {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let name = Some(name).filter(|name| !name.is_empty())?.to_owned();
        match kind {
            "commit" => Some(Self::Commit(name)),
            "image" => Some(Self::Image(name)),
            "deployment" => Some(Self::Deployment(name)),
            _ => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(sha) => write!(f, "commit:{sha}"),
            Self::Image(image) => write!(f, "image:{image}"),
            Self::Deployment(id) => write!(f, "deployment:{id}"),
        }
    }
}

/// What a deployment runs, as far as Railway tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Artefact {
    commit: Option<String>,
    image: Option<String>,
}

impl Artefact {
    pub(super) fn of(deployment: &Deployment) -> Self {
        let text = |key: &str| deployment.meta.get(key)?.as_str().map(str::to_owned);
        Self { commit: text("commitHash"), image: text("image") }
    }

    /// What a target that is not deployed yet asks for.
    pub(super) fn wanted(target: &Target) -> Option<Self> {
        match target {
            Target::Commit(sha) => Some(Self { commit: Some(sha.clone()), image: None }),
            Target::Image(image) => Some(Self { commit: None, image: Some(image.clone()) }),
            Target::Deployment(_) => None,
        }
    }

    /// Whether it says anything at all.
    pub(super) const fn is_known(&self) -> bool {
        self.commit.is_some() || self.image.is_some()
    }

    /// Whether both run the same, as far as both say.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.commit, &other.commit) {
            (Some(ours), Some(theirs)) => is_abbreviated(ours, theirs) || is_abbreviated(theirs, ours),
            _ => self.image.is_some() && self.image == other.image,
        }
    }
}

/// Railway names commits in full; people and release names use the beginning, of which Git wants seven digits.
fn is_abbreviated(whole: &str, short: &str) -> bool {
    whole == short || (short.len() >= 7 && whole.starts_with(short))
}

impl fmt::Display for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.image, &self.commit) {
            (Some(image), _) => f.write_str(image),
            (None, Some(commit)) => write!(f, "commit {commit}"),
            (None, None) => f.write_str("an unnamed artefact"),
        }
    }
}
