use std::path::Path;

use handover_rollout::FlagStoreAt;

use super::store::{open, open_at};

fn name(at: &str) -> String {
    open(at, Path::new("/etc")).unwrap().name()
}

fn refused(at: &str) -> String {
    open(at, Path::new("/etc")).unwrap_err().to_string()
}

#[test]
fn each_kind_of_store_is_opened_by_its_address_and_named_without_a_password() {
    let named = [
        "redis://cache",
        "redis://shop:hunter2@cache:7000/3",
        "rediss://:hunter2@cache/",
        "valkey://cache:6379/1",
        "unix:///run/redis.sock?pass=hunter2",
        "file:flags.json",
        "file:///var/lib/shop/flags.json",
        "env:",
    ];
    insta::assert_snapshot!(named.map(name).join("\n"), @"
    redis://cache:6379/0
    redis://cache:7000/3
    rediss://cache:6379/0
    redis://cache:6379/1
    redis+unix:///run/redis.sock?db=0
    the file /etc/flags.json
    the file /var/lib/shop/flags.json
    the environment (FEATURE_…)
    ");
}

#[test]
fn what_is_no_address_is_refused_without_being_repeated() {
    let all = [
        "reddis://cache",
        "redis://:hunter2@cache:port",
        "file:",
        "env:X",
        "postgres://u:hunter2@h",
        "hunter2",
        "",
    ];
    insta::assert_snapshot!(all.map(refused).join("\n\n"), @"
    error: could not find the flags
      because: `reddis:` is no kind of store

    hint: did you mean `redis:`?

    error: could not find the flags
      because: the address is not one such as `redis://:password@host:6379/0`

    error: could not find the flags
      because: `file:` names no file

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:

    error: could not find the flags
      because: `env:` stands alone

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:

    error: could not find the flags
      because: `postgres:` is no kind of store

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:

    error: could not find the flags
      because: what was given does not begin with a kind of store

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:

    error: could not find the flags
      because: what was given does not begin with a kind of store

    hint: there are redis://HOST:6379/0, rediss://HOST:6379/0, file:PATH and env:
    ");
}

#[test]
fn an_address_in_a_variable_or_a_file_is_read_when_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    let at = FlagStoreAt::File(file.clone());
    let said = |at: &FlagStoreAt| {
        let failure = open_at(at, folder.path()).unwrap_err().to_string();
        failure.replace(&folder.path().display().to_string(), "DIR")
    };
    let absent = said(&at);
    std::fs::write(&file, "redis://:hunter2@cache:x\n").unwrap();
    let bad = said(&at);
    std::fs::write(&file, "redis://:hunter2@cache:6379\n# a note\n").unwrap();
    assert_eq!(open_at(&at, folder.path()).unwrap().name(), "redis://cache:6379/0");
    let unset = said(&FlagStoreAt::Variable("HANDOVER_NO_SUCH_URL".into()));
    insta::assert_snapshot!([absent, bad, unset].join("\n\n"), @"
    error: could not find the flags
      because: DIR/url is to hold their address
      because: No such file or directory (os error 2)

    error: could not find the flags
      because: the address is not one such as `redis://:password@host:6379/0`
      because: it is the first line of DIR/url

    error: could not find the flags
      because: HANDOVER_NO_SUCH_URL is not set in the environment, and is to hold their address

    hint: set HANDOVER_NO_SUCH_URL, for the agent too where there is one, or name a file: `store_file` under `[flags]`
    ");
}
