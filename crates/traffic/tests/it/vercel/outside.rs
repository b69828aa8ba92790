//! The platform's own command-line client, on the stand-in.
//!
//! `HANDOVER_VERCEL_CLI` names it, such as `node_modules/.bin/vercel` where `npm install vercel@64.0.2` has run.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use handover_traffic::testkit::standin::vercel::VercelSetup;

use super::contract::Published;
use super::{Shop, TOKEN, say};

/// The client, in a home of its own.
struct Outside {
    program: OsString,
    home: tempfile::TempDir,
    base: String,
}

impl Outside {
    /// Runs it to its end; what it printed, if it ended well.
    async fn run(&self, words: &str) -> String {
        let mut command = self.command(words);
        let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let [out, error] =
            [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(ended.status.success(), "vercel {words}: {}\n{out}{error}", ended.status);
        say(&format!("vercel {words}: ok"));
        out + &error
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(&self.program);
        let home = self.home.path();
        command.args(words.split(' ')).args(["--api", &self.base, "--token", TOKEN, "--scope", "my-team"]);
        command.arg("--global-config").arg(home).current_dir(home).stdin(Stdio::null());
        command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let told = [("VERCEL_ORG_ID", "team_standin"), ("VERCEL_PROJECT_ID", "prj_shop")];
        let quiet = [("VERCEL_TELEMETRY_DISABLED", "1"), ("NO_UPDATE_NOTIFIER", "1"), ("NO_COLOR", "1")];
        command.envs(told).envs(quiet);
        command
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_platforms_own_client_promotes_rolls_back_lists_and_rolls_out() {
    let Some(program) = std::env::var_os("HANDOVER_VERCEL_CLI") else {
        say("skipped: HANDOVER_VERCEL_CLI names no client");
        return;
    };
    let setup = VercelSetup::default().with_delays(Duration::ZERO, Duration::from_millis(300));
    let shop = Shop::with(setup).await;
    let program = std::fs::canonicalize(PathBuf::from(program)).unwrap().into_os_string();
    let client = Outside { program, home: tempfile::tempdir().unwrap(), base: shop.standin.base() };
    promotes_and_rolls_back(&shop, &client).await;
    rolls_out(&shop, &client).await;
    let Some(published) = Published::read() else { return };
    let recorded = shop.standin.recorded();
    let wrong: Vec<_> = recorded.iter().flat_map(|it| published.faults_of_reply(it)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    say(&format!("the client made {} requests", recorded.len()));
}

async fn promotes_and_rolls_back(shop: &Shop, client: &Outside) {
    let (blue, green) = (&shop.blue, &shop.green);
    assert!(client.run("whoami").await.contains("standin"));
    let listed = client.run("ls").await;
    assert!(listed.contains("https://shop-00000001.example"), "{listed}");
    let said = client.run(&format!("promote {green} --yes")).await;
    assert!(said.contains("Success! shop was promoted"), "{said}");
    assert_eq!(shop.standin.production("shop").as_ref(), Some(green));
    assert!(client.run("promote status").await.contains("Success!"));
    let said = client.run(&format!("rollback {blue} --yes")).await;
    assert!(said.contains("Success! shop was rolled back"), "{said}");
    assert_eq!(shop.standin.production("shop").as_ref(), Some(blue));
    assert!(client.run("rollback status").await.contains("Success!"));
}

async fn rolls_out(shop: &Shop, client: &Outside) {
    let (blue, green) = (&shop.blue, &shop.green);
    let rr = async |words: &str| client.run(&format!("rolling-release {words}")).await;
    rr("configure --enable --advancement-type=manual-approval --stage=10 --stage=50").await;
    rr(&format!("start --dpl={green}")).await;
    for (stage, state) in [(0, "ACTIVE"), (1, "COMPLETE")] {
        rr(&format!("approve --currentStageIndex={stage} --dpl={green}")).await;
        let shown = rr("fetch").await;
        assert!(shown.contains(&format!("\"state\": \"{state}\"")), "after stage {stage}: {shown}");
    }
    assert_eq!(shop.standin.production("shop").as_ref(), Some(green));
    rr(&format!("start --dpl={blue}")).await;
    rr(&format!("abort --dpl={green}")).await;
    assert!(rr("inspect").await.contains("\"state\": \"ABORTED\""));
    shop.standin.pass(Duration::from_secs(1));
    assert_eq!(shop.standin.production("shop").as_ref(), Some(green));
    rr(&format!("start --dpl={blue}")).await;
    rr(&format!("complete --dpl={blue}")).await;
    assert_eq!(shop.standin.production("shop").as_ref(), Some(blue));
    rr("configure --disable").await;
}
