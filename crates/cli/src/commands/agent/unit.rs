//! The systemd unit of an agent, as text.

use std::path::Path;

use crate::exit::Exit;

/// Where systemd keeps the state of system services.
const STATE: &str = "/var/lib";

/// Which systemd starts the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manager {
    /// The machine's.
    System,
    /// One user's own.
    User,
}

/// What the unit names.
#[derive(Debug, Clone)]
pub(super) struct Unit<'a> {
    /// The service's name.
    pub(super) service: &'a str,
    /// The handover binary.
    pub(super) program: &'a Path,
    /// `handover.toml`.
    pub(super) config: &'a Path,
    /// The state directory.
    pub(super) state_dir: &'a Path,
    /// The account to run as; the manager's own where absent.
    pub(super) user: Option<&'a str>,
    /// Who starts it.
    pub(super) manager: Manager,
}

impl Unit<'_> {
    /// The unit's file name.
    pub(super) fn file_name(&self) -> String {
        Self::file_name_of(self.service)
    }

    /// The file name of a service's unit.
    pub(super) fn file_name_of(service: &str) -> String {
        format!("handover-{service}.service")
    }

    /// Whether systemd itself makes the state directory, for the account it runs the agent as.
    pub(super) fn makes_state_dir(&self) -> bool {
        self.manager == Manager::System
            && self.state_dir == Path::new(STATE).join("handover").join(self.service)
    }

    /// The whole file.
    ///
    /// `KillMode=process`: stopping or restarting the agent must not stop the releases, which it re-attaches to.
    /// `Restart=always`: a killed agent is back in the time the manager takes, and traffic with it; a start limit would
    /// leave users without an answer for good. Only settings that cannot be read wait for a person.
    pub(super) fn text(&self) -> String {
        let (after, wanted_by) = match self.manager {
            Manager::System => {
                ("Wants=network-online.target\nAfter=network-online.target\n", "multi-user.target")
            }
            // A user's manager knows no network target.
            Manager::User => ("", "default.target"),
        };
        format!(
            "[Unit]\n\
             Description=handover agent for {service}\n\
             {after}StartLimitIntervalSec=0\n\
             \n\
             [Service]\n\
             Type=exec\n\
             ExecStart={program} --config {config} --state-dir {state} agent run\n\
             {account}\
             Restart=always\n\
             RestartSec=100ms\n\
             RestartPreventExitStatus={settings}\n\
             KillMode=process\n\
             LimitNOFILE=65536\n\
             \n\
             [Install]\n\
             WantedBy={wanted_by}\n",
            service = self.service,
            program = quoted(self.program),
            config = quoted(self.config),
            state = quoted(self.state_dir),
            account = self.account(),
            settings = Exit::Usage.code(),
        )
    }

    fn account(&self) -> String {
        let user = self.user.map(|user| format!("User={user}\n"));
        let state = || format!("StateDirectory=handover/{}\nStateDirectoryMode=0700\n", self.service);
        user.unwrap_or_default() + &self.makes_state_dir().then(state).unwrap_or_default()
    }
}

/// A path as one word of `ExecStart`: quoted, with systemd's own specifiers and variables made literal.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let literal = text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    let literal = literal.replace('\n', "\\n");
    format!("\"{literal}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(user: Option<&str>, manager: Manager) -> Unit<'_> {
        Unit {
            service: "shop",
            program: Path::new("/usr/local/bin/handover"),
            config: Path::new("/etc/shop 100%/$x \"y\"\n/handover.toml"),
            state_dir: Path::new("/var/lib/handover/shop"),
            user,
            manager,
        }
    }

    #[test]
    fn the_unit_keeps_releases_alive_and_escapes_its_paths() {
        insta::assert_snapshot!(unit(Some("deploy"), Manager::System).text(), @r#"
        [Unit]
        Description=handover agent for shop
        Wants=network-online.target
        After=network-online.target
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        ExecStart="/usr/local/bin/handover" --config "/etc/shop 100%%/$$x \"y\"\n/handover.toml" --state-dir "/var/lib/handover/shop" agent run
        User=deploy
        StateDirectory=handover/shop
        StateDirectoryMode=0700
        Restart=always
        RestartSec=100ms
        RestartPreventExitStatus=2
        KillMode=process
        LimitNOFILE=65536

        [Install]
        WantedBy=multi-user.target
        "#);
    }

    #[test]
    fn a_users_own_unit_names_no_account_and_no_target_that_is_not_there() {
        insta::assert_snapshot!(unit(None, Manager::User).text(), @r#"
        [Unit]
        Description=handover agent for shop
        StartLimitIntervalSec=0

        [Service]
        Type=exec
        ExecStart="/usr/local/bin/handover" --config "/etc/shop 100%%/$$x \"y\"\n/handover.toml" --state-dir "/var/lib/handover/shop" agent run
        Restart=always
        RestartSec=100ms
        RestartPreventExitStatus=2
        KillMode=process
        LimitNOFILE=65536

        [Install]
        WantedBy=default.target
        "#);
    }

    #[test]
    fn roots_own_agent_starts_with_the_machine_too() {
        let text = unit(None, Manager::System).text();
        assert!(text.contains("WantedBy=multi-user.target") && !text.contains("User="), "{text}");
    }
}
