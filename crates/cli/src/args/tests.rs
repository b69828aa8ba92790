use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::*;

/// Every verb whose arguments are laid out, whether or not it can be typed yet.
#[derive(Debug, Parser)]
struct Every {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    verb: EveryVerb,
}

#[derive(Debug, Subcommand)]
enum EveryVerb {
    Demo(Demo),
    Deploy(Deploy),
    Plan(Plan),
    Promote(Steer),
    Rollback(Rollback),
    Status(Status),
    History(History),
    Log(Log),
    Explain(Explain),
    Logs(Logs),
    #[command(subcommand)]
    Agent(Agent),
    #[command(subcommand)]
    Releases(Releases),
    #[command(subcommand)]
    Traffic(Traffic),
    #[command(subcommand)]
    Monitor(Monitor),
    #[command(subcommand)]
    Health(Health),
    #[command(subcommand)]
    Flags(Box<Flags>),
    #[command(subcommand)]
    Migrate(Migrate),
    #[command(subcommand)]
    Lease(Lease),
}

fn parsed(line: &str) -> Result<EveryVerb, String> {
    let matches = Every::command().try_get_matches_from(line.split_whitespace());
    let every = matches.and_then(|matches| Every::from_arg_matches(&matches));
    every
        .map(|every| every.verb)
        .map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

#[test]
fn every_verb_is_well_formed() {
    Cli::command().debug_assert();
    Every::command().debug_assert();
}

#[test]
fn what_belongs_together_is_accepted_and_what_does_not_is_refused() {
    for good in [
        "handover deploy --release v42 --strategy blue-green --json",
        "handover rollback --to v41 --why slow",
        "handover traffic shift --stable --now",
        "handover traffic shift --candidate 25%",
        "handover traffic drain green --limit 1m",
        "handover status --watch --every 2s --state-dir x",
        "handover logs -f -n 5",
        "handover monitor dashboard grafana --service shop -o x.json",
        "handover health check",
        "handover health check 10.0.0.1:80 https://x --need 1 --expect 2xx --header a:b --token-env T --timeout 3s",
        "handover health check --watch --every 5s -n 3 --rise 2 --fall 4",
        "handover health config railway -o railway.json --force",
        "handover health config kubernetes --port 3000 --live /livez --startup /readyz --pre-stop 5s",
        "handover health config docker --ask ready --with wget",
        "handover flags list --store env: --json",
        "handover flags get x --for user=1 --for plan=pro",
        "handover flags enable x --for 10m --wait --timeout 3s --create --reason r --actor a --dry-run",
        "handover flags kill x --reason r --wait --timeout 3s",
        "handover flags kill x --reason r --no-wait",
        "handover flags rules x --percentage 12.5 --stickiness userId --reason r",
        "handover flags rules x --set - --create",
        "handover flags watch x y -n 3",
        "handover flags import unleash state.json --dry-run --force",
        "handover migrate lint",
        "handover migrate lint a b --since origin/main --pg 15.4 --time-zone Etc/UTC --lock-timeout 5s --layout golang-migrate",
        "handover migrate lint --var Namespace=auth --var x=a=b --rule L01=off --rule set-not-null=warning --level note",
        "handover migrate lint --applied-from env:DATABASE_URL --history-table auth.schema_migrations --format sarif -o x.sarif",
        "handover migrate lint --all --json --today 2027-01-31",
        "handover migrate lint --since HEAD --fix --dry-run",
        "handover migrate explain L01",
        "handover migrate rules --json",
        "handover migrate catalog --from env:DATABASE_URL -o catalog.json",
        "handover deploy --accept L01=small --accept all=known",
    ] {
        assert!(parsed(good).is_ok(), "{good}: {:?}", parsed(good));
    }
    for bad in [
        "handover deploy --release ../etc",
        "handover deploy --artifact dist --commit HEAD",
        "handover traffic shift",
        "handover traffic shift --candidate 25% --stable",
        "handover traffic shift --candidate 25% --now",
        "handover traffic shift --candidate 150%",
        "handover traffic drain red",
        "handover demo --rate 0",
        "handover history -n 0",
        "handover monitor dashboard kibana",
        "handover health check --need 0",
        "handover health check --expect 99",
        "handover health check --timeout 0s",
        "handover health check -n 3",
        "handover health check --rise 3",
        "handover health config nomad",
        "handover health config kubernetes --port 0",
        "handover health config kubernetes --live livez",
        "handover health config railway --port 3000",
        "handover health config railway --force",
        "handover flags kill x",
        "handover flags kill x --reason r --wait --no-wait",
        "handover flags kill x --reason r --timeout 0s",
        "handover flags disable x --timeout 3s",
        "handover flags enable x --for 0s",
        "handover flags rules x --stickiness userId",
        "handover flags rules x --reason r",
        "handover flags rules x --create",
        "handover flags rules x --percentage 1 --remove",
        "handover flags remove x",
        "handover flags accept",
        "handover flags audit -n 0",
        "handover flags stale --days 0",
        "handover migrate",
        "handover migrate lint --since a --applied-from b",
        "handover migrate lint --since --all",
        "handover migrate lint --since -x",
        "handover migrate lint --all --since a",
        "handover migrate lint --pg 11",
        "handover migrate lint --pg 19",
        "handover migrate lint --layout knex",
        "handover migrate lint --var x",
        "handover migrate lint --var =x",
        "handover migrate lint --rule L99=off",
        "handover migrate lint --rule L01=loud",
        "handover migrate lint --level off",
        "handover migrate lint --format html",
        "handover migrate lint --lock-timeout 0",
        "handover migrate lint --today 2027-02-31",
        "handover migrate lint --dry-run",
        "handover migrate lint --history-table a.b.c",
        "handover migrate catalog",
        "handover deploy --accept L01",
        "handover deploy --accept L01=",
        "handover deploy --accept L99=small",
    ] {
        assert!(parsed(bad).is_err(), "{bad} was accepted");
    }
    insta::assert_snapshot!(parsed("h migrate lint --rule L1=off").unwrap_err(), @r#"error: invalid value 'L1=off' for '--rule <RULE=LEVEL>': there is no rule "L1"; did you mean L01 (index-not-concurrent)?"#);
    insta::assert_snapshot!(parsed("h migrate lint --rule index-not-concurent=off").unwrap_err(), @r#"error: invalid value 'index-not-concurent=off' for '--rule <RULE=LEVEL>': there is no rule "index-not-concurent"; did you mean L01 (index-not-concurrent)?"#);
    insta::assert_snapshot!(parsed("h deploy --accept L01=").unwrap_err(), @"error: invalid value 'L01=' for '--accept <RULE=REASON>': has no reason: whoever reads the journal will want one");
    insta::assert_snapshot!(parsed("h traffic shift --candidate 150%").unwrap_err(), @r#"error: invalid value '150%' for '--candidate <WEIGHT>': "150%" is more than the whole"#);
}
