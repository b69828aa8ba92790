use serde_json::{Value, json};

use super::super::server::{Server, nobody};
use super::{JSON, check, filters};

const READY: &str = r#"{"status":"ready","checks":{"api":"ok","database":"ok"},"timestamp":"x"}"#;
const DOWN: &str = r#"{"status":"not_ready","checks":{"api":"ok","database":"error","redis":"unknown"}}"#;
const STARTING: &str = r#"{"status":"not_ready","checks":{"database":"unknown"}}"#;

fn shop() -> Server {
    Server::with(&[
        ("/health/ready", 200, JSON, READY),
        ("/health/live", 200, JSON, r#"{"status":"alive","pid":7}"#),
        ("/down", 503, JSON, DOWN),
        ("/starting", 503, JSON, STARTING),
        ("/", 200, "text/html", "<h1>hello</h1>"),
        ("/throttled", 429, "text/plain", "slow down"),
        ("/made", 204, "text/plain", ""),
    ])
}

#[test]
fn an_address_without_a_path_is_asked_for_readiness_and_its_parts_are_shown() {
    let (shop, _filters) = (shop(), filters());
    for typed in ["", "/"] {
        let (code, out, err) = check(&[&shop.url(typed)]);
        assert_eq!((code, err.as_str()), (0, ""));
        insta::allow_duplicates! { insta::assert_snapshot!(out, @"
        ASKED                                VERDICT  STATUS  TIME  WHY
        http://127.0.0.1:PPPPP/health/ready  well     200  T
          api                                ok
          database                           ok
        "); }
    }
    assert!(shop.asked().iter().all(|head| head.starts_with("GET /health/ready HTTP/1.1\r\n")));
    let (code, out, _) = check(&["--path", "/health/live", &shop.url("")]);
    assert!(code == 0 && out.contains("/health/live "), "{out}");
    let (code, out, _) = check(&["--path", "/", &shop.url("")]);
    assert!(code == 0 && shop.asked().last().unwrap().starts_with("GET / "), "{out}");
}

#[test]
fn each_verdict_has_its_exit_code_and_what_stands_in_the_way_a_next_step() {
    let (shop, _filters) = (shop(), filters());
    let silent = Server::new(|_| None);
    let (code, out, _) = check(&[&shop.url("/down")]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                        VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/down  not well  503  T  answered 503
      api                        ok
      database                   error
      redis                      unknown
    ");
    let (code, out, _) = check(&[&shop.url("/starting")]);
    assert_eq!(code, 6);
    insta::assert_snapshot!(out, @"
    ASKED                            VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/starting  starting  503  T  answered 503
      database                       unknown
    ");
    let (code, out, _) = check(&["--timeout", "300ms", &silent.url("/")]);
    assert_eq!(code, 4);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT    STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not known  -  T  no answer in time
    next: http://127.0.0.1:PPPPP/health/ready: `--timeout 10s` waits longer; nothing comes back from a port that a firewall drops
    ");
    let (code, out, _) = check(&[&format!("http://127.0.0.1:{}", nobody())]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  not well  -  T  connection refused
    next: http://127.0.0.1:PPPPP/health/ready: nobody listens there: check host and port, and whether it runs
    ");
    let (code, out, _) = check(&[&shop.url("/nowhere")]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                           VERDICT   STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/nowhere  not well  404  T  answered 404: nothing here
    next: http://127.0.0.1:PPPPP/nowhere: check the path: `--path`, or in the address
    ");
    let (code, out, _) = check(&["http://no-such-host.invalid"]);
    assert_eq!(code, 4);
    insta::assert_snapshot!(out, @"
    ASKED                                     VERDICT    STATUS  TIME  WHY
    http://no-such-host.invalid/health/ready  not known  -  T  the name does not resolve
    next: http://no-such-host.invalid/health/ready: check how the host is spelled, and that this machine resolves it
    ");
}

#[test]
fn many_are_asked_at_once_and_a_quorum_decides() {
    let (shop, silent, _filters) = (shop(), Server::new(|_| None), filters());
    let urls = [shop.url(""), shop.url("/down"), silent.url("/")];
    let ask = |need: &[&str]| {
        let urls = urls.iter().map(String::as_str);
        check(&need.iter().copied().chain(["--timeout", "300ms"]).chain(urls).collect::<Vec<_>>())
    };
    let (code, out, _) = ask(&[]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(out, @"
    ASKED                                VERDICT    STATUS  TIME  WHY
    http://127.0.0.1:PPPPP/health/ready  well       200  T
      api                                ok
      database                           ok
    http://127.0.0.1:PPPPP/down          not well   503  T  answered 503
      api                                ok
      database                           error
      redis                              unknown
    http://127.0.0.1:PPPPP/health/ready  not known  -  T  no answer in time

    1 of 3 well, 3 needed: not well
    next: http://127.0.0.1:PPPPP/health/ready: `--timeout 10s` waits longer; nothing comes back from a port that a firewall drops
    ");
    let (code, out, _) = ask(&["--need", "1"]);
    assert!(code == 0 && out.contains("1 of 3 well, 1 needed: degraded"), "{out}");
    let (code, out, _) = ask(&["--need", "2"]);
    assert!(code == 4 && out.contains("1 of 3 well, 2 needed: not known"), "{out}");
    let (code, out, err) = ask(&["--need", "4"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @"
    error: could not ask for so many
      because: 4 must be well, and there are 3 to ask

    hint: `--need 3` at most, or name more addresses
    ");
}

#[test]
fn what_is_well_can_be_said() {
    let shop = shop();
    for (expect, path, code) in [
        ("204", "/made", 0),
        ("200", "/made", 3),
        ("2xx", "/made", 0),
        ("200-204", "/health/ready", 0),
        ("503", "/down", 0),
        ("200-399", "/throttled", 3),
    ] {
        let (found, out, _) = check(&["--expect", expect, &shop.url(path)]);
        assert_eq!(found, code, "{expect} {path}: {out}");
    }
    // What throttles is there.
    assert_eq!(check(&[&shop.url("/throttled")]).0, 0);
}

#[test]
fn a_program_is_told_everything_in_one_object() {
    let (shop, _filters) = (shop(), filters());
    let (code, out, err) = check(&["--json", &shop.url("/down")]);
    assert_eq!((code, err.as_str()), (3, ""));
    insta::assert_snapshot!(out, @r#"{"version":1,"at":0,"verdict":"unwell","well":0,"needed":1,"asked":[{"url":"http://127.0.0.1:PPPPP/down","verdict":"unwell","status":503,"elapsed_ms":0,"class":"status_5xx","why":"answered 503","hint":null,"checks":[{"name":"api","verdict":"well","class":null},{"name":"database","verdict":"unwell","class":null},{"name":"redis","verdict":"unknown","class":null}]}]}"#);
    let (code, out, _) =
        check(&["--json", "--need", "1", &shop.url(""), &format!("http://127.0.0.1:{}", nobody())]);
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &object["verdict"], &object["well"], &object["needed"]),
        (0, &json!("degraded"), &json!(1), &json!(1))
    );
    assert_eq!(object["asked"][1]["class"], "refused");
    assert!(object["asked"][0]["elapsed_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn help_says_what_is_asked_and_what_the_exit_codes_mean() {
    insta::assert_snapshot!(check(&["-h"]).1, @"
    Asks addresses whether they are well: what they answer, how fast, and what stands in the way

    Usage: handover health check [OPTIONS] [URL]...

    Arguments:
      [URL]...  What to ask; without one, what handover.toml says

    Options:
          --path <PATH>           Asked where an address has no path; /health/ready, or `health.path` of
                                  handover.toml, unless given
          --timeout <TIME>        For each answer, name and connection included; 2s, or `health.timeout`
                                  of handover.toml, unless given
          --expect <STATUS>       Only this is well: a status such as 204, 200-299 or 2xx
          --header <NAME: VALUE>  Sends a header, as often as there are some; its value is never shown
          --token-env <VARIABLE>  Sends `Authorization: Bearer` with the token in this variable of the
                                  environment
          --need <K>              How many of the addresses must be well; all unless given
          --watch                 Asks again and again, and tells what changes
          --every <TIME>          How often to ask again [default: 1s]
      -n, --count <N>             Ends after so many looks
          --rise <N>              Good answers in a row until well; 1, or `health.rise` of
                                  handover.toml, unless given
          --fall <N>              Bad answers in a row until not; 3, or `health.fall` of handover.toml,
                                  unless given
      -h, --help                  Print help (see more with '--help')

    Everywhere:
          --config <FILE>    The settings file; by default the nearest handover.toml at or above the
                             current folder [env: HANDOVER_CONFIG]
          --state-dir <DIR>  Where handover keeps its state for the service [env: HANDOVER_STATE_DIR]
          --json             Shows results as versioned JSON, one object per line
          --color <WHEN>     When to use colour [default: auto] [possible values: auto, always, never]

    An address without a path is asked for readiness, /health/ready. Without an address it is what
    handover.toml says:
    `[service] public` or `listen`, and each process of a release that an agent of this machine runs, at
    `health.path`.
    Any status from 200 to 399 is well, and 429; a redirect is not followed. What a body says of itself
    is shown where
    it is of a known form: the JSON of handover's own endpoints, application/health+json, MicroProfile
    Health.
    Processes are those that ran when it began.

    Exit codes: 0 well, or as many as --need; 3 not well: another status, or nobody listens; 4 not
    known: no answer in
    time, no such name, no TLS, not HTTP; 6 still starting. With --watch it is how things stood at the
    end, or
    as the last answer was where fewer came than settle it. A change is told once it has lasted: --rise
    good or --fall bad
    answers in a row, but a 503 counts at once.

    Examples:
      handover health check https://shop.example.com
      handover health check --need 2 http://10.0.0.1:8080 http://10.0.0.2:8080 http://10.0.0.3:8080
      handover health check --watch --every 5s http://127.0.0.1:3000/health/live
    ");
}
