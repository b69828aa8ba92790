use super::rolling::{may_roll, shares};
use super::wire::Project;
use super::{VercelClient, VercelOptions};
use crate::doctor::Finding;
use crate::{Split, SwitchError};

/// Looks at all that a deployment of this project needs. Nothing is changed.
///
/// `wanted` are the newcomer's shares that a plan has, in basis points; all at once is none of them.
///
/// # Cancellation
///
/// It only reads.
pub async fn examine(options: &VercelOptions, wanted: &[u16]) -> Vec<Finding> {
    let client = match VercelClient::new(options.clone()) {
        Ok(client) => client,
        Err(error) => return vec![unreadable("address", &error)],
    };
    let who = match client.who_am_i().await {
        Ok(user) => Finding::ok("token", format!("it is {}'s ({})", user.username, user.email)),
        Err(error) => return vec![unreadable("token", &error)],
    };
    let project = match client.project().await {
        Ok(project) => project,
        Err(error) => return vec![who, unreadable("project", &error)],
    };
    let mut found = vec![who, named(&project), domains(&project)];
    found.extend(rolling(&client, &project, wanted).await);
    found
}

/// Sets what [`examine`] refuses, where it can be set from here: that a production build takes all traffic by itself. Looks
/// again after that.
///
/// # Errors
///
/// The setting was refused, or its answer is not known; setting it again does no harm.
pub async fn mend(options: &VercelOptions, wanted: &[u16]) -> Result<Vec<Finding>, SwitchError> {
    let client = VercelClient::new(options.clone())?;
    if client.project().await?.assigns_by_itself() {
        client.assign_domains_by_itself(false).await?;
    }
    Ok(examine(options, wanted).await)
}

fn unreadable(name: &'static str, error: &SwitchError) -> Finding {
    let because = std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"));
    Finding::refuse(name, format!("{error}{because}"), "set a token of this team, and the project's name")
}

fn named(project: &Project) -> Finding {
    let serves = project.production().map_or_else(
        || "production serves nothing yet".to_owned(),
        |production| format!("production serves {}", production.id),
    );
    Finding::ok("project", format!("{} ({}): {serves}", project.name, project.id))
}

fn domains(project: &Project) -> Finding {
    const NAME: &str = "auto-assign";
    if project.assigns_by_itself() {
        let found = "each production build takes all traffic at once, before anybody has looked at it";
        return Finding::refuse(
            NAME,
            found,
            "set autoAssignCustomDomains to false, so that builds are staged",
        );
    }
    Finding::ok(NAME, "production builds are staged until they are promoted")
}

async fn rolling(client: &VercelClient, project: &Project, wanted: &[u16]) -> Vec<Finding> {
    let needed = !wanted.is_empty();
    let billing = match client.rolling_billing().await {
        Ok(billing) => billing,
        Err(error) => return vec![unreadable("plan", &error)],
    };
    if let Err(because) = may_roll(&billing, &project.id) {
        return vec![lacking("plan", because, needed)];
    }
    let plan = Finding::ok("plan", format!("rolling releases: {}", billing.reason));
    vec![plan, stages(client, wanted).await]
}

async fn stages(client: &VercelClient, wanted: &[u16]) -> Finding {
    const NAME: &str = "stages";
    let config = match client.rolling_config().await {
        Ok(config) => config,
        Err(error) => return unreadable(NAME, &error),
    };
    let shares = match shares(config.as_ref()) {
        Ok(shares) => shares,
        Err(because) => return lacking(NAME, because, !wanted.is_empty()),
    };
    let lacks: Vec<_> = wanted.iter().filter(|bps| **bps != Split::WHOLE && !shares.contains(bps)).collect();
    let has = format!("the project's stages are {}", percents(&shares));
    if !lacks.is_empty() {
        let next = format!("configure stages of {}, or plan with those there are", percents(wanted));
        return Finding::refuse(NAME, format!("{has}; the plan has {}", percents(wanted)), next);
    }
    match config.and_then(|config| config.canary_response_header) {
        Some(true) => Finding::ok(NAME, has),
        _ => Finding::warn(
            NAME,
            format!("{has}; the newcomer's answers do not say that they are the newcomer's"),
            "set canaryResponseHeader to true, so that the share can be measured from outside",
        ),
    }
}

fn lacking(name: &'static str, found: String, needed: bool) -> Finding {
    if needed {
        return Finding::refuse(name, found, "plan without shares, all at once");
    }
    Finding::warn(name, found, "nothing, as long as releases go out all at once")
}

fn percents(shares: &[u16]) -> String {
    let shares: Vec<_> = shares.iter().map(|bps| format!("{} %", f64::from(*bps) / 100.0)).collect();
    if shares.is_empty() { "all at once".to_owned() } else { shares.join(", ") }
}
