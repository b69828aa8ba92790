//! Every message a wrong `handover.toml` can cause, as its user sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::*;
use crate::exit::Exit;
use crate::report::Failure;

const SMALLEST: &str = r#"
[service]
name = "shop"
listen = "0.0.0.0:8080"
[release]
artifact = "dist"
command = "./server --port $PORT"
"#;

/// The example that the design document promises to understand.
const FULL: &str = r#"
[service]
name = "shop"
listen = "0.0.0.0:8080"
[release]
launcher = "local"
artifact = "dist"
command = "./server --port $PORT"
env_file = "/etc/shop.env"
grace = "30s"
[health]
path = "/health/ready"
[[smoke]]
path = "/smoke-test"
expect = 200
[strategy]
kind = "canary"
steps = [{ weight = "10%", min_time = "5m", min_requests = 500 }, { weight = "50%", min_time = "5m" }]
bake = "15m"
retain = "24h"
drain = "30s"
[judge]
max_error_rate = "5%"
max_p95 = "500ms"
max_p95_ratio = 2.0
on_no_data = "wait"
"#;

fn read(text: &str) -> Result<Settings, SettingsError> {
    Settings::read(&SourceFile::in_memory("/etc/handover.toml".into(), text.to_owned()))
}

/// What is shown for this text.
fn said(text: &str) -> String {
    shown(&read(text).unwrap_err())
}

fn shown(error: &SettingsError) -> String {
    Failure::of("could not read the settings", Exit::Usage, error).to_string()
}

/// The smallest settings and this.
fn with(more: &str) -> String {
    format!("{SMALLEST}{more}")
}

/// The cause of the error that this section causes in otherwise good settings.
fn cause(more: &str) -> String {
    read(&with(more)).unwrap_err().to_string()
}

#[test]
fn the_smallest_file_has_documented_defaults() {
    let settings = read(SMALLEST).unwrap();
    assert_eq!(settings.health, Health::default());
    assert_eq!(settings.strategy.kind, Kind::Canary);
    let weights: Vec<u16> = settings.strategy.stages().iter().map(|step| step.weight.bps()).collect();
    assert_eq!(weights, [1_000, 5_000]);
    assert_eq!(settings.release.grace.get(), Duration::from_secs(30));
    assert_eq!(settings.agent.lease_ttl.get(), Duration::from_secs(15));
    assert_eq!(settings.edge.sticky, Sticky::None);
}

#[test]
fn the_documented_example_is_understood() {
    let settings = read(FULL).unwrap();
    let stages = settings.strategy.stages().into_owned();
    assert_eq!((stages[0].weight.bps(), stages[0].min_requests), (1_000, 500));
    assert_eq!((stages[1].weight.bps(), stages[1].min_time.get()), (5_000, Duration::from_mins(5)));
    assert_eq!(settings.smoke[0].label(), "/smoke-test");
    assert_eq!(settings.judge, Judge::default());
    assert_eq!(settings.release.launcher, Launcher::Local);
}

#[test]
fn relative_paths_start_at_the_file() {
    let settings =
        read(&SMALLEST.replace("[release]", "state_dir = \"state\"\n[release]\nenv_file = \"../x.env\""))
            .unwrap();
    assert_eq!(settings.release.source(), Some(Source::Artifact(Path::new("/etc/dist"))));
    assert_eq!(settings.release.env_file, Some(PathBuf::from("/etc/../x.env")));
    assert_eq!(settings.service.state_dir, Some(PathBuf::from("/etc/state")));
    assert_eq!(read(FULL).unwrap().release.env_file, Some(PathBuf::from("/etc/shop.env")));
}

#[test]
fn a_mistyped_key_is_named_with_its_line_and_the_nearest_one() {
    insta::assert_snapshot!(said(&SMALLEST.replace("listen", "lisen")), @r"
    error: could not read the settings
      because: /etc/handover.toml:4: unknown key `service.lisen`

    hint: did you mean `listen`?
    ");
    insta::assert_snapshot!(said(&with("[helth]\npath = \"/\"\n")), @r"
    error: could not read the settings
      because: /etc/handover.toml:8: unknown key `helth`

    hint: did you mean `health`?
    ");
    insta::assert_snapshot!(said(&with("[strategy]\nsteps = [\n  { weight = \"10%\" },\n  { wieght = \"50%\" },\n]\n")), @r"
    error: could not read the settings
      because: /etc/handover.toml:11: unknown key `strategy.steps[1].wieght`

    hint: did you mean `weight`?
    ");
}

#[test]
fn a_key_in_the_wrong_section_is_sent_home() {
    insta::assert_snapshot!(said(&with("[health]\nbake = \"5m\"\n")), @r"
    error: could not read the settings
      because: /etc/handover.toml:9: unknown key `health.bake`

    hint: `bake` belongs to `strategy`
    ");
    insta::assert_snapshot!(said(&with("[release.hooks]\nbefore_launch = \"x\"\n")), @r"
    error: could not read the settings
      because: /etc/handover.toml:8: unknown key `release.hooks`

    hint: `hooks` is a section of its own
    ");
}

#[test]
fn a_key_like_no_other_is_answered_with_the_list() {
    insta::assert_snapshot!(said(&with("[agent]\ncolour = \"red\"\n")), @r"
    error: could not read the settings
      because: /etc/handover.toml:9: unknown key `agent.colour`

    hint: the keys here are `lease_ttl`, `metrics`
    ");
}

#[test]
fn a_hostile_key_cannot_drive_the_terminal() {
    let shown = said("\"\\u001b[2J\" = 1\n");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn absurd_weights_are_refused_by_name() {
    let weight = |weight: &str| cause(&format!("[strategy]\nsteps = [{{ weight = {weight} }}]\n"));
    insta::assert_snapshot!(weight("\"0%\""), @r#"/etc/handover.toml:9: strategy.steps[0].weight: "0%" would send nothing; the smallest weight is "0.01%""#);
    insta::assert_snapshot!(weight("\"150%\""), @r#"/etc/handover.toml:9: strategy.steps[0].weight: "150%" is more than the whole"#);
    insta::assert_snapshot!(weight("\"ten\""), @r#"/etc/handover.toml:9: strategy.steps[0].weight: "ten" is not a percentage such as "10%""#);
    insta::assert_snapshot!(weight("10"), @r#"/etc/handover.toml:9: strategy.steps[0].weight: invalid type: integer `10`, expected a share such as "10%""#);
}

#[test]
fn steps_must_ascend_and_leave_time() {
    insta::assert_snapshot!(cause("[strategy]\nsteps = [\n{ weight = \"50%\" },\n{ weight = \"10%\" },\n]\n"), @"/etc/handover.toml:11: strategy.steps[1].weight: 10% is not above the 50% of the step before");
    insta::assert_snapshot!(cause("[strategy]\nsteps = [{ weight = \"10%\" }, { weight = \"10%\" }]\n"), @"/etc/handover.toml:9: strategy.steps[1].weight: 10% is not above the 10% of the step before");
    insta::assert_snapshot!(cause("[strategy]\nsteps = []\n"), @r#"/etc/handover.toml:9: strategy.steps: is empty; a canary needs a step, or choose kind "blue-green""#);
    insta::assert_snapshot!(cause("[strategy]\nkind = \"blue-green\"\nsteps = [{ weight = \"10%\" }]\n"), @r#"/etc/handover.toml:10: strategy.steps: mean nothing to kind "blue-green", which moves everything at once"#);
    insta::assert_snapshot!(cause("[strategy]\nsteps = [{ weight = \"10%\", min_time = \"2h\" }]\n"), @"/etc/handover.toml:9: strategy.steps[0].max_time: 30m is below the step's min_time of 2h");
    insta::assert_snapshot!(cause("[strategy]\nkind = \"yolo\"\n"), @"/etc/handover.toml:9: strategy.kind: unknown variant `yolo`, expected `canary` or `blue-green`");
}

#[test]
fn absurd_times_are_refused_by_name() {
    let grace = |grace: &str| {
        read(&SMALLEST.replace("[release]", &format!("[release]\ngrace = {grace}"))).unwrap_err().to_string()
    };
    insta::assert_snapshot!(grace("\"0s\""), @r#"/etc/handover.toml:6: release.grace: "0s" is no time at all"#);
    insta::assert_snapshot!(grace("\"-5s\""), @r#"/etc/handover.toml:6: release.grace: "-5s" is negative"#);
    insta::assert_snapshot!(grace("\"45d\""), @r#"/etc/handover.toml:6: release.grace: "45d" is longer than 30 days"#);
    insta::assert_snapshot!(grace("\"30\""), @r#"/etc/handover.toml:6: release.grace: "30" has no unit; "30s", "5m" and "250ms" have one"#);
    insta::assert_snapshot!(grace("30"), @r#"/etc/handover.toml:6: release.grace: invalid type: integer `30`, expected a duration such as "30s""#);
    insta::assert_snapshot!(cause("[agent]\nlease_ttl = \"1s\"\n"), @"/etc/handover.toml:9: agent.lease_ttl: 1s is not between 3s and 5m");
}

#[test]
fn every_other_absurd_value_is_refused_by_name() {
    insta::assert_snapshot!(said(&SMALLEST.replace("./server --port $PORT", "  ")), @r#"
    error: could not read the settings
      because: /etc/handover.toml:7: release.command: "  " is an empty command
    "#);
    insta::assert_snapshot!(read(&SMALLEST.replace("\"shop\"", "\"Shop!\"")).unwrap_err(), @"/etc/handover.toml:3: service.name: service name `Shop!` may hold only a-z, 0-9 and -, and starts with a letter or digit");
    insta::assert_snapshot!(read(&SMALLEST.replace("0.0.0.0:8080", "8080")).unwrap_err(), @r#"/etc/handover.toml:4: service.listen: "8080" is not an address with a port, such as "0.0.0.0:8080" or "[::]:80""#);
    insta::assert_snapshot!(cause("[[smoke]]\npath = \"smoke\"\n"), @r#"/etc/handover.toml:9: smoke[0].path: "smoke" is not a path: it must begin with "/""#);
    insta::assert_snapshot!(cause("[[smoke]]\npath = \"/\"\nmethod = \"PUT\"\n"), @"/etc/handover.toml:10: smoke[0].method: unknown variant `PUT`, expected `GET` or `POST`");
    insta::assert_snapshot!(cause("[[smoke]]\npath = \"/\"\nexpect = 99\n"), @"/etc/handover.toml:10: smoke[0].expect: 99 is not a final HTTP status, 200 to 599");
    insta::assert_snapshot!(cause("[judge]\nmax_p95_ratio = 0.5\n"), @"/etc/handover.toml:9: judge.max_p95_ratio: 0.5 is not a factor between 1 and 100");
    insta::assert_snapshot!(cause("[judge]\nmax_p95_ratio = nan\n"), @"/etc/handover.toml:9: judge.max_p95_ratio: NaN is not a factor between 1 and 100");
    insta::assert_snapshot!(cause("[judge]\nmax_error_rate = \"100%\"\n"), @r#"/etc/handover.toml:9: judge.max_error_rate: "100%" can never be exceeded, so nothing would be judged"#);
    insta::assert_snapshot!(cause("[judge]\nmin_requests = -1\n"), @"/etc/handover.toml:9: judge.min_requests: invalid value: integer `-1`, expected u64");
    insta::assert_snapshot!(cause("[health]\nrise = 0\n"), @"/etc/handover.toml:9: health.rise: invalid value: integer `0`, expected a nonzero u32");
    insta::assert_snapshot!(cause("[edge]\nsticky = \"header:\"\n"), @r#"/etc/handover.toml:9: edge.sticky: "header:" does not name a header; "header:x-user" would"#);
    insta::assert_snapshot!(cause("[edge]\nsticky = \"ip\"\n"), @r#"/etc/handover.toml:9: edge.sticky: "ip" is none of "none", "cookie" and "header:NAME""#);
    insta::assert_snapshot!(cause("[edge]\nbody_limit = \"ten\"\n"), @r#"/etc/handover.toml:9: edge.body_limit: "ten" is not a size such as "64KB", "10MB" or "1GiB""#);
    insta::assert_snapshot!(cause("[hooks]\nbefore_launch = \"\"\n"), @r#"/etc/handover.toml:9: hooks.before_launch: "" is an empty command"#);
}

#[test]
fn a_release_has_exactly_one_source() {
    let source =
        |source: &str| read(&SMALLEST.replace("artifact = \"dist\"", source)).unwrap_err().to_string();
    insta::assert_snapshot!(source(""), @r#"/etc/handover.toml:5: release: says neither where the files are (`artifact = "FOLDER"`) nor `archive = "git"`"#);
    insta::assert_snapshot!(source("artifact = \"dist\"\narchive = \"git\""), @"/etc/handover.toml:7: release.archive: stands beside `artifact`; keep one of the two");
    insta::assert_snapshot!(source("artifact = \"\""), @"/etc/handover.toml:6: release.artifact: is empty");
    insta::assert_snapshot!(source("archive = \"git\"\nin_place = true"), @"/etc/handover.toml:7: release.in_place: needs `artifact`: an archive is always a copy");
    insta::assert_snapshot!(source("artifact = \"dist\"\ninstances = 999"), @"/etc/handover.toml:7: release.instances: 999 is more than 256");
    assert_eq!(
        read(&SMALLEST.replace("artifact = \"dist\"", "archive = \"git\"")).unwrap().release.source(),
        Some(Source::Git)
    );
}

#[test]
fn missing_keys_and_sections_are_named() {
    insta::assert_snapshot!(said(""), @r"
    error: could not read the settings
      because: /etc/handover.toml:1: `service` is missing

    hint: `handover init --dry-run` shows a complete example
    ");
    insta::assert_snapshot!(read(&SMALLEST.replace("name = \"shop\"", "")).unwrap_err(), @"/etc/handover.toml:2: `service.name` is missing");
    insta::assert_snapshot!(cause("[[smoke]]\nexpect = 200\n"), @"/etc/handover.toml:8: `smoke[0].path` is missing");
    insta::assert_snapshot!(cause("[strategy]\nsteps = [{ min_time = \"5m\" }]\n"), @"/etc/handover.toml:9: `strategy.steps[0].weight` is missing");
}

#[test]
fn a_section_that_is_no_table_is_named() {
    insta::assert_snapshot!(read("service = 5\n[release]\ncommand = \"x\"\n").unwrap_err(), @"/etc/handover.toml:1: service: invalid type: integer `5`, expected struct Service");
    insta::assert_snapshot!(cause("[smoke]\npath = \"/\"\n"), @"/etc/handover.toml:8: smoke: invalid type: map, expected a sequence");
}

#[test]
fn a_file_cut_short_is_refused() {
    for end in 1..FULL.trim_end().len() {
        // A cut between two complete sections may leave good settings; it must never panic or name a line beyond the end.
        if let Err(error) = read(&FULL[..end]) {
            assert!(!error.to_string().is_empty());
        }
    }
    insta::assert_snapshot!(read("[service]\nname = \"sho").unwrap_err(), @r#"/etc/handover.toml:2: invalid basic string, expected `"`"#);
    insta::assert_snapshot!(read("[service]\nname = \"shop\"\nname = \"shop\"\n").unwrap_err(), @"/etc/handover.toml:3: duplicate key");
}

fn opened(config: Option<&Path>, folder: &Path) -> String {
    let error = Settings::load(config, folder).unwrap_err();
    shown(&error).replace(&folder.display().to_string(), "DIR")
}

#[test]
fn a_file_that_is_no_settings_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    insta::assert_snapshot!(opened(Some(Path::new("absent.toml")), dir), @r"
    error: could not read the settings
      because: DIR/absent.toml does not exist

    hint: `handover init` writes one
    ");
    insta::assert_snapshot!(opened(Some(dir), dir), @r"
    error: could not read the settings
      because: DIR is a folder, not a file

    hint: name the file itself with `--config`
    ");
    fs::write(dir.join(FILE_NAME), b"[service]\nname = \"\xff\"\n").unwrap();
    insta::assert_snapshot!(opened(None, dir), @r"
    error: could not read the settings
      because: DIR/handover.toml:2: this line is not UTF-8 text

    hint: save the file as UTF-8
    ");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    if rustix::process::geteuid().is_root() {
        return; // Root may read everything.
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE_NAME);
    fs::write(&file, SMALLEST).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    insta::assert_snapshot!(opened(None, folder.path()), @r"
    error: could not read the settings
      because: DIR/handover.toml cannot be read
      because: Permission denied (os error 13)

    hint: check the owner and the mode of the file
    ");
}

#[test]
fn the_nearest_file_above_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    fs::write(folder.path().join(FILE_NAME), SMALLEST).unwrap();
    let settings = Settings::load(None, &below).unwrap();
    assert_eq!(settings.folder(), folder.path());
    assert_eq!(settings.release.artifact, Some(folder.path().join("dist")));
}

#[test]
fn where_there_is_no_file_the_search_says_where_it_began() {
    // The root folder of the machine has none; neither has its /proc.
    insta::assert_snapshot!(shown(&Settings::load(None, Path::new("/proc/self")).unwrap_err()), @r"
    error: could not read the settings
      because: there is no handover.toml in /proc/self or above it

    hint: `handover init` writes one; `--config FILE` names one elsewhere
    ");
}

#[test]
fn what_is_written_as_json_is_read_back_the_same() {
    let settings = read(FULL).unwrap();
    let mut again: Settings = serde_json::from_value(serde_json::to_value(&settings).unwrap()).unwrap();
    again.file.clone_from(&settings.file);
    assert_eq!(again, settings);
}

#[test]
fn views_are_addresses_once_each_and_no_more_are_needed_than_there_are() {
    let views = |lines: &str| format!("[health]\n{lines}\n");
    let three = r#"views = ["http://10.0.0.5:8080/ready", "https://shop.example.com/", "http://[::1]/"]"#;
    let needed = |lines: &str| read(&with(&views(lines))).unwrap().health.needed();
    assert_eq!((needed(three), needed(&format!("{three}\nviews_needed = 3"))), (2, 3));
    let said = [
        "views_needed = 1".to_owned(),
        format!("{three}\nviews_needed = 4"),
        format!("{three}\nviews_needed = 0"),
        r#"views = ["http://a/", "http://b/", "http://a/"]"#.to_owned(),
        r#"views = ["https://shop.example.com/?token=abc"]"#.to_owned(),
        r#"views = ["10.0.0.5:8080"]"#.to_owned(),
    ];
    insta::assert_snapshot!(said.map(|lines| cause(&views(&lines))).join("\n"), @r#"
    /etc/handover.toml:9: health.views_needed: needs `views`: the addresses that are asked
    /etc/handover.toml:10: health.views_needed: 4 is more than the 3 of `views`
    /etc/handover.toml:10: health.views_needed: invalid value: integer `0`, expected a nonzero u32
    /etc/handover.toml:9: health.views[2]: is there twice: one view would count for two
    /etc/handover.toml:9: health.views[0]: has a query, which the journal would keep: leave it out
    /etc/handover.toml:9: health.views[0]: "10.0.0.5:8080" is not an address such as "https://shop.example.com/"
    "#);
}

#[test]
fn flags_have_a_place_and_each_is_set_once() {
    let flags = |lines: &str| format!("[flags]\n{lines}\n");
    let set = |more: &str| {
        format!("[[flags.set]]\nflag = \"new_checkout\"\nto = true\nat = \"before-shift\"\n{more}")
    };
    let redis = "store = \"redis://cache:6379\"\n";
    let good = read(&with(&flags(&format!("store_file = \"url\"\n{}", set("on_rollback = \"kill\"")))));
    let good = good.unwrap().flags.unwrap();
    assert_eq!(good.store_file.as_deref(), Some(Path::new("/etc/url")));
    assert_eq!((good.set[0].name().as_str(), good.set[0].on_rollback), ("new_checkout", OnRollback::Kill));
    let said = [
        flags(&set("")),
        flags(&format!("{redis}store_env = \"REDIS_URL\"")),
        flags(&format!("{redis}{}{}", set(""), set(""))),
        flags("store = \"redis://:hunter2@cache:6379\""),
        flags("store = \"unix:///run/redis.sock?pass=hunter2\""),
        flags("store = \"hunter2@cache\""),
        flags("store = \"env:\""),
        flags("stor = \"redis://cache\""),
        flags(&format!("{redis}{}", set("on_rollbak = \"kill\""))),
        flags(&format!("{redis}{}", set("on_rollback = \"off\""))),
        flags(&format!("{redis}{}", set("").replace("before-shift", "later"))),
        flags(&format!("{redis}{}", set("").replace("at = \"before-shift\"\n", ""))),
        flags(&format!("{redis}{}", set("").replace("new_checkout", " x"))),
    ];
    insta::assert_snapshot!(said.map(|lines| cause(&lines)).join("\n"), @r#"
    /etc/handover.toml:8: flags: `set` needs to know where flags are kept: `store = "redis://HOST:6379/0"`, or `store_env = "REDIS_URL"`
    /etc/handover.toml:10: flags.store_env: stands beside `store`; keep one of the two
    /etc/handover.toml:15: flags.set[1].flag: is set twice: a deployment sets each flag once
    /etc/handover.toml:9: flags.store: "redis://…" holds a user or a password, and this file is no place for one: name a variable with `store_env`
    /etc/handover.toml:9: flags.store: "unix:///…" holds a user or a password, and this file is no place for one: name a variable with `store_env`
    /etc/handover.toml:9: flags.store: "…" is not an address such as redis://HOST:6379/0 or file:flags.json
    /etc/handover.toml:9: flags.store: "…" is not an address such as redis://HOST:6379/0 or file:flags.json
    /etc/handover.toml:9: unknown key `flags.stor`
    /etc/handover.toml:14: unknown key `flags.set[0].on_rollbak`
    /etc/handover.toml:14: flags.set[0].on_rollback: unknown variant `off`, expected one of `restore`, `keep`, `kill`
    /etc/handover.toml:13: flags.set[0].at: unknown variant `later`, expected one of `before-launch`, `before-shift`, `at-full`, `after-bake`
    /etc/handover.toml:10: `flags.set[0].at` is missing
    /etc/handover.toml:11: flags.set[0].flag: " x" is no name of a flag: 1 to 200 bytes on one line, no space at either end
    "#);
}

#[test]
fn the_example_of_flags_in_a_deployment_is_read() {
    let page = include_str!("../../../../docs/flags-in-a-run.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let flags = read(&with(example)).unwrap().flags.unwrap();
    assert_eq!(flags.set.len(), 2);
    for moment in handover_rollout::FlagMoment::ALL {
        assert!(page.contains(&format!("| `{moment}` |")), "the page does not explain {moment}");
    }
}

#[test]
fn the_published_schema_is_current() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../handover.schema.json");
    let current = schema_text();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&published, &current).unwrap();
    }
    let told = "run this test with UPDATE_SCHEMA=1";
    assert!(fs::read_to_string(&published).is_ok_and(|published| published == current), "{told}");
}

/// Settings for an edge of one's own, with these lines in its section.
fn behind(launcher: &str, section: &str) -> String {
    format!(
        "[service]\nname = \"shop\"\nlisten = \"0.0.0.0:8080\"\n[traffic]\nbackend = \"remote-edge\"\n{section}\n\
         [release]\nlauncher = \"{launcher}\"\nlaunch = \"true\"\n"
    )
}

#[test]
fn an_edge_of_ones_own_needs_its_address_and_what_launches_the_releases() {
    let edge = "[remote_edge]\naddress = \"https://edge.example.com/\"\ntoken_file = \"token\"\n";
    let at = |blue: &str, green: &str| format!("addresses = {{ blue = \"{blue}\", green = \"{green}\" }}");
    let good = read(&(behind("command", edge) + &at("10.0.0.5:3000", "10.0.0.6:3000")));
    let section = good.unwrap().remote_edge.unwrap();
    assert_eq!(section.token_file.as_deref(), Some(Path::new("/etc/token")));
    let railway = |more: &str| {
        let section = "[railway]\nproject = \"p\"\nenvironment = \"e\"\nservice = \"s\"\nrelease = \"image:shop:{release}\"";
        behind("railway", &format!("{edge}{section}\n{more}"))
    };
    let services = "services = { blue = \"shop-blue\", green = \"shop-green\" }";
    assert!(read(&railway(services)).is_ok());
    let all = [
        behind("command", ""),
        behind("command", edge),
        behind("command", edge) + &at("10.0.0.5:3000", "10.0.0.5:3000"),
        behind("command", "[remote_edge]\naddress = \"edge.example.com\""),
        behind("local", edge),
        behind("vercel", edge),
        behind("railway", edge),
        railway(""),
        railway(&services.replace("green\" }", "blue\" }")),
    ];
    insta::assert_snapshot!(all.map(|text| said(&text)).join("\n"), @r#"
    error: could not read the settings
      because: /etc/handover.toml:5: traffic.backend: "remote-edge" needs a section `[remote_edge]` with `address`
    error: could not read the settings
      because: /etc/handover.toml:10: release: `addresses` is missing: where the release of each slot listens
    error: could not read the settings
      because: /etc/handover.toml:13: release.addresses.green: is blue's: one release would be stopped for the other
    error: could not read the settings
      because: /etc/handover.toml:7: remote_edge.address: "edge.example.com" is not an address such as "https://shop.example.com/"
    error: could not read the settings
      because: /etc/handover.toml:11: release.launcher: "local" needs the agent, which the backend "remote-edge" has not: set `launcher = "command"`
    error: could not read the settings
      because: /etc/handover.toml:11: release.launcher: "vercel" does not go with the backend "remote-edge": set `launcher = "command"`
    error: could not read the settings
      because: /etc/handover.toml:11: release.launcher: "railway" needs a section `[railway]` with `project`, `environment`, `service`, `services` and `release`
    error: could not read the settings
      because: /etc/handover.toml:9: railway: `services` is missing: the names of the private services behind the edge
    error: could not read the settings
      because: /etc/handover.toml:14: railway.services.green: is blue's: one release would be replaced by the other
    "#);
}

fn hosted(backend: &str, launcher: &str, rest: &str) -> String {
    format!(
        "[service]\nname = \"shop\"\npublic = \"https://shop.example.com/\"\n[traffic]\nbackend = \"{backend}\"\n\
         [release]\nlauncher = \"{launcher}\"\nlaunch = \"true\"\n{rest}"
    )
}

const AT_RAILWAY: &str =
    "[railway]\nproject = \"p\"\nenvironment = \"e\"\nservice = \"s\"\nrelease = \"image:shop:{release}\"\n";
const AT_ONCE: &str = "[strategy]\nkind = \"blue-green\"\n";

#[test]
fn a_platform_needs_its_names_and_a_strategy_that_it_can_carry_out() {
    let read = |text: &str| read(&hosted("railway", "railway", text)).unwrap();
    let railway = read(&format!("{AT_RAILWAY}token_file = \"t\"\n{AT_ONCE}")).railway.unwrap();
    assert_eq!(railway.token_file.as_deref(), Some(Path::new("/etc/t")));
    let vercel = |more: &str| hosted("vercel", "vercel", &format!("[vercel]\nproject = \"shop\"\n{more}"));
    let all = [
        hosted("railway", "railway", ""),
        hosted("railway", "local", AT_RAILWAY),
        hosted("railway", "railway", AT_RAILWAY),
        hosted("railway", "railway", &format!("{AT_RAILWAY}{AT_ONCE}[[smoke]]\npath = \"/\"\n")),
        hosted("railway", "railway", &AT_RAILWAY.replace(":{release}", "")),
        hosted("railway", "railway", &AT_RAILWAY.replace("image:", "tarball:")),
        vercel(""),
        vercel("release = \"branch:{release}\"\n"),
        vercel("address = \"{deployment}\"\nmode = \"rolling\"\n"),
        vercel("mode = \"slowly\"\n"),
        vercel("mode = \"rolling\"\n[prometheus]\nurl = \"http://localhost:9090\"\nrequests = \"up\"\n"),
        format!(
            "{SMALLEST}[prometheus]\nurl = \"http://localhost:9090\"\nrequests = \"a{{slot}}\"\nerrors = \"b{{slot}}\"\nbuckets = \"c{{slot}}\"\n"
        ),
    ];
    insta::assert_snapshot!(all.map(|text| said(&text)).join("\n"), @r#"
    error: could not read the settings
      because: /etc/handover.toml:5: traffic.backend: "railway" needs a section `[railway]` with `project`, `environment`, `service` and `release`
    error: could not read the settings
      because: /etc/handover.toml:7: release.launcher: "local" needs the agent, which the backend "railway" has not: set `launcher = "railway"`
    error: could not read the settings
      because: /etc/handover.toml:1: strategy.kind: Railway gives a release all of the traffic or none: set `kind = "blue-green"`
    error: could not read the settings
      because: /etc/handover.toml:16: smoke: nothing reaches a release at Railway before it has the traffic: let its health check path do these tests
    error: could not read the settings
      because: /etc/handover.toml:13: railway.release: "image:shop" has no place for a name: `{release}`, or `{deployment}` in an address
    error: could not read the settings
      because: /etc/handover.toml:13: railway.release: does not begin with `image:` or `commit:`
    error: could not read the settings
      because: /etc/handover.toml:1: strategy.kind: a promotion moves everything at once: set `kind = "blue-green"`, or `[vercel] mode = "rolling"`
    error: could not read the settings
      because: /etc/handover.toml:11: vercel.release: does not begin with `deployment:` or `commit:`
    error: could not read the settings
      because: /etc/handover.toml:11: vercel.address: is not an address such as "https://{deployment}/"
    error: could not read the settings
      because: /etc/handover.toml:11: vercel.mode: unknown variant `slowly`, expected `promote` or `rolling`
    error: could not read the settings
      because: /etc/handover.toml:12: `prometheus.errors` is missing

    hint: `handover init --dry-run` shows a complete example
    error: could not read the settings
      because: /etc/handover.toml:8: prometheus: stands beside a backend that counts its requests itself; keep one of the two
    "#);
}

#[test]
fn a_program_needs_a_command_and_a_composite_two_members() {
    let addresses = "addresses = { blue = \"127.0.0.1:1\", green = \"127.0.0.1:2\" }\n";
    let exec =
        |command: &str| hosted("exec", "command", &format!("{addresses}[exec]\ncommand = {command}\n"));
    assert!(read(&exec("[\"./switch\"]")).is_ok());
    let composite = |members: &str| {
        hosted("composite", "command", &format!("{addresses}[composite]\nmembers = [{members}]\n"))
    };
    let member = |name: &str| format!("{{ name = \"{name}\", exec = {{ command = [\"./switch\"] }} }}");
    let two = composite(&format!("{}, {}", member("east"), member("west")));
    assert!(read(&two).is_ok());
    let all = [
        exec("[]"),
        hosted("exec", "command", "[exec]\ncommand = [\"./switch\"]\n"),
        composite(&member("east")),
        composite(&format!("{}, {}", member("east"), member("east"))),
        composite(&format!("{}, {{ name = \"west\" }}", member("east"))),
        two.replace("public = \"https://shop.example.com/\"", ""),
    ];
    insta::assert_snapshot!(all.map(|text| said(&text)).join("\n"), @r#"
    error: could not read the settings
      because: /etc/handover.toml:11: exec.command: is empty: the program, then its arguments
    error: could not read the settings
      because: /etc/handover.toml:6: release: `addresses` is missing: where the release of each slot listens
    error: could not read the settings
      because: /etc/handover.toml:11: composite.members: has fewer than two: name the one backend itself
    error: could not read the settings
      because: /etc/handover.toml:11: composite.members[1].name: `east` is called twice
    error: could not read the settings
      because: /etc/handover.toml:11: composite.members[1]: is not one backend: give it `haproxy = { … }` or `exec = { … }`
    error: could not read the settings
      because: /etc/handover.toml:1: service: `public` is missing: where users arrive, such as "https://shop.example.com/"
    "#);
}

const MIGRATE: &str = r#"
[migrate]
paths = ["prisma/migrations"]
layout = "prisma"
pg = 16
time_zone = "UTC"
lock_timeout = "5s, set for the role"
vars = { Namespace = "auth" }
levels = { L01 = "warning", drop-column = "off" }
catalog = "catalog.json"
history_env = "DATABASE_URL"
history_table = "public._prisma_migrations"
since = "origin/main"
"#;

#[test]
fn migrations_are_understood_with_or_without_a_service() {
    let migrate = read(&with(MIGRATE)).unwrap().migrate.unwrap();
    assert_eq!(migrate.paths, [PathBuf::from("/etc/prisma/migrations")]);
    assert_eq!(migrate.catalog.as_deref(), Some(Path::new("/etc/catalog.json")));
    assert!(migrate.preflight);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(FILE_NAME);
    let alone = || Settings::load_migrate(None, dir.path());
    fs::write(&file, MIGRATE).unwrap();
    assert_eq!(alone().unwrap().unwrap().levels, migrate.levels);
    fs::write(&file, "[release]\n").unwrap();
    assert_eq!(alone().unwrap(), None);
    fs::write(&file, "[migrat]\n").unwrap();
    assert!(alone().is_err(), "a mistyped section is no missing one");
}

#[test]
fn migrations_that_cannot_be_judged_so_are_refused_with_the_key() {
    let all = [
        "pg = 11",
        "pg = \"15\"",
        "layout = \"knex\"",
        "path = \"m\"",
        "time_zone = \"UTC; DROP\"",
        "lock_timeout = \"0\"",
        "lock_timeout = \"the role's\"",
        "levels = { L99 = \"off\" }",
        "levels = { index-not-concurent = \"off\" }",
        "levels = { L01 = \"loud\" }",
        "levels = { L01 = \"off\", index-not-concurrent = \"off\" }",
        "vars = { \"a b\" = \"x\" }",
        "history_env = \"postgres://u:p@h/d\"",
        "history_table = \"a; drop table b\"",
        "since = \"--output=x\"",
        "since = \"main..dev\"",
        "paths = [\"m\", \"m\"]",
        "paths = [\"\"]",
    ];
    let said: Vec<_> = all.iter().map(|line| cause(&format!("[migrate]\n{line}\n"))).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    /etc/handover.toml:9: migrate.pg: 11 is not a version of PostgreSQL that is known, 12 to 18
    /etc/handover.toml:9: migrate.pg: invalid type: string "15", expected i64
    /etc/handover.toml:9: migrate.layout: unknown variant `knex`, expected one of `prisma`, `sqlx`, `diesel`, `goose`, `golang-migrate`, `flyway`, `dbmate`, `pop`, `rails`, `plain`
    /etc/handover.toml:9: unknown key `migrate.path`
    /etc/handover.toml:9: migrate.time_zone: "UTC; DROP" is not the name of a time zone such as "UTC" or "Europe/Berlin"
    /etc/handover.toml:9: migrate.lock_timeout: "0" bounds nothing: to PostgreSQL 0 is no limit
    /etc/handover.toml:9: migrate.lock_timeout: "the role's" does not begin with a time, as "5s" and "5s, set for the role" do
    /etc/handover.toml:9: migrate.levels.L99: there is no rule "L99"; did you mean L09 (type-reindex)?
    /etc/handover.toml:9: migrate.levels.index-not-concurent: there is no rule "index-not-concurent"; did you mean L01 (index-not-concurrent)?
    /etc/handover.toml:9: migrate.levels.L01: unknown variant `loud`, expected one of `off`, `note`, `warning`, `error`
    /etc/handover.toml:9: migrate.levels.L01: is the same rule as `index-not-concurrent`; keep one of the two
    /etc/handover.toml:9: migrate.vars: "a b" is not the name of a value: letters, digits, `_` and `.`
    /etc/handover.toml:9: migrate.history_env: "…" is not the name of a variable such as "DATABASE_URL": its value belongs in the environment, not in this file
    /etc/handover.toml:9: migrate.history_table: "a; drop table b" is not the name of a table such as "auth.schema_migrations"
    /etc/handover.toml:9: migrate.since: "--output=x" is not a commit such as "origin/main", a tag or a hash
    /etc/handover.toml:9: migrate.since: "main..dev" is a range: name the one commit to begin from
    /etc/handover.toml:9: migrate.paths[1]: is there twice
    /etc/handover.toml:9: migrate.paths[0]: is empty
    "#);
}
