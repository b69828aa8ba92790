use std::fmt;
use std::str::FromStr;

use handover_core::ReleaseId;

/// Where the release's name goes.
const HOLE: &str = "{release}";

/// What a release is at Railway, such as `image:ghcr.io/acme/shop:{release}` or `commit:{release}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// A template that names no release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// It is neither of an image nor of a commit.
    #[error("`{0}` does not begin with `image:` or `commit:`")]
    Kind(String),
    /// Every release would be the same.
    #[error("`{0}` has no `{HOLE}` in it, so every release would be the same")]
    Fixed(String),
}

impl Template {
    /// What the logbook is to have for this release.
    pub fn target(&self, release: &ReleaseId) -> String {
        self.0.replace(HOLE, release.as_str())
    }

    /// The release that this text of the logbook is of.
    pub(crate) fn release(&self, target: &str) -> Option<ReleaseId> {
        let (before, after) = self.0.split_once(HOLE)?;
        target.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
    }

    /// The image of this release, where releases are images.
    pub(crate) fn image(&self, release: &ReleaseId) -> Option<String> {
        self.target(release).strip_prefix("image:").map(str::to_owned)
    }

    /// The commit of this release, where releases are commits.
    pub(crate) fn commit(&self, release: &ReleaseId) -> Option<String> {
        self.target(release).strip_prefix("commit:").map(str::to_owned)
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        if !text.starts_with("image:") && !text.starts_with("commit:") {
            return Err(TemplateError::Kind(text.to_owned()));
        }
        if !text.contains(HOLE) {
            return Err(TemplateError::Fixed(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_put_into_its_place() {
        let template: Template = "image:ghcr.io/acme/shop:{release}".parse().unwrap();
        let release = "v7".parse().unwrap();
        assert_eq!(template.target(&release), "image:ghcr.io/acme/shop:v7");
        assert_eq!(template.image(&release).as_deref(), Some("ghcr.io/acme/shop:v7"));
        assert_eq!(template.commit(&release), None);
        assert_eq!(template.release(&template.target(&release)), Some(release));
        assert_eq!(template.release("image:ghcr.io/acme/mail:v7"), None);
    }

    #[test]
    fn a_template_that_names_no_release_is_refused() {
        let said = ["shop:{release}", "image:ghcr.io/acme/shop:latest"]
            .map(|text| text.parse::<Template>().unwrap_err().to_string());
        insta::assert_snapshot!(said.join("\n"), @"
        `shop:{release}` does not begin with `image:` or `commit:`
        `image:ghcr.io/acme/shop:latest` has no `{release}` in it, so every release would be the same
        ");
    }
}
