//! Releases that are not fit to serve never get a user's request, and the message says what is wrong with them.

use super::{Config, Service, Users};

/// What differs from run to run.
const FILTERS: [(&str, &str); 2] =
    [(r"127\.0\.0\.1:\d+", "ADDRESS"), (r"on \d+ instead of \$PORT=\d+", "on A instead of $$PORT=B")];

/// Deploys `v2` with these flags over `v1`, and gives the message back.
#[track_caller]
fn refused(flags: &str) -> String {
    let service = Service::serving(&Config::canary("50%", "1s"));
    let users = Users::arrive(&service, 50);
    service.write_release("v2", flags);
    let ran = service.run(&["deploy", "--release", "v2", "--artifact", "v2"]).exits(3);
    assert!(ran.out.ends_with("release v2 got no traffic\n"), "{}", ran.out);
    assert_eq!(service.stable(), ("v1".to_owned(), true));
    assert_eq!(service.until_over(), "refused");
    let report = users.leave();
    assert_eq!((report.failed, report.harmed), (0, 0), "{report:?}");
    assert_eq!(report.releases.keys().collect::<Vec<_>>(), ["v1"]);
    let shown = service.plain(&ran.err);
    drop(service);
    shown
}

#[test]
fn a_release_that_never_becomes_healthy_gets_no_request() {
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(refused("--never-ready"), @r"
        error: could not deploy release v2
          because: release v2 did not come up: it never became ready within 3s: last probe: answered 503
              log: v2 listens on ADDRESS

        hint: `handover explain` tells the run from its beginning
        ");
    });
}

#[test]
fn a_release_that_exits_at_once_gets_no_request() {
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(refused("--exit-at-once"), @r"
        error: could not deploy release v2
          because: release v2 did not come up: it exited with code 1
              log: error: could not run the sample service
              log:   because: DATABASE_URL is not set

        hint: `handover explain` tells the run from its beginning
        ");
    });
}

#[test]
fn a_release_on_the_wrong_port_gets_no_request() {
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(refused("--wrong-port"), @r"
        error: could not deploy release v2
          because: release v2 did not come up: it listens on A instead of $PORT=B
              log: v2 listens on ADDRESS

        hint: `handover explain` tells the run from its beginning
        ");
    });
}

#[test]
fn a_release_that_fails_its_smoke_test_gets_no_request() {
    insta::with_settings!({ filters => FILTERS }, {
        insta::assert_snapshot!(refused("--fail-smoke"), @r"
        error: could not deploy release v2
          because: release v2 failed its smoke test: /smoke-test answered 500, not 200: no smoke from v2
              log: v2 listens on ADDRESS

        hint: `handover explain` tells the run from its beginning
        ");
    });
}
