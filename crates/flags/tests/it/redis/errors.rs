//! What is said when something is wrong: clearly, and never with a password.

use handover_flags::{InvalidAddress, StoreError};
use handover_testing::free_port;

use super::*;

/// What a call says, what a watcher is told, and of which kind they are.
async fn said(store: &RedisStore) -> String {
    let call = store.load().await.unwrap_err();
    let mut told = Told::new(store.watch());
    told.until("that it is lost", |told| told.lost.is_some()).await;
    assert!(!format!("{store:?}{call:?}{told:?}").contains("s3cret"));
    format!("{}: {}\nwatch: {}", call.kind(), call.in_full(), told.lost.unwrap())
}

async fn said_of(redis: &Redis, login: &str) -> String {
    let store = store(&format!("redis://{login}{}/", redis.addr()));
    said(&store).await.replace(&redis.addr().to_string(), "HOST")
}

async fn refused(store: &RedisStore) -> String {
    let error = store.put(&gate("x"), "true", &me()).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{}", error.in_full());
    assert!(!format!("{error:?}").contains("s3cret"));
    error.in_full()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_wrong_password_is_refused_and_not_shown() {
    let Some(redis) = Redis::start_with(&["requirepass r1ght"]) else { return };
    insta::assert_snapshot!(said_of(&redis, "").await, @"
    refused: redis://HOST/0 refused: NOAUTH Authentication required. (the address holds no password)
    watch: redis://HOST/0 refused: NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time (the address holds no password)
    ");
    insta::assert_snapshot!(said_of(&redis, ":s3cret@").await, @"
    refused: redis://HOST/0 refused: WRONGPASS invalid username-password pair or user is disabled. (the user or the password in the address is wrong)
    watch: redis://HOST/0 refused: WRONGPASS invalid username-password pair or user is disabled. (the user or the password in the address is wrong)
    ");
    insta::assert_snapshot!(said_of(&redis, "somebody:s3cret@").await, @"
    refused: redis://HOST/0 refused: WRONGPASS invalid username-password pair or user is disabled. (the user or the password in the address is wrong)
    watch: redis://HOST/0 refused: WRONGPASS invalid username-password pair or user is disabled. (the user or the password in the address is wrong)
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_for_a_server_that_wants_none_does_no_harm() {
    let Some(redis) = Redis::start() else { return };
    let url = format!("redis://:s3cret@{}/", redis.addr());
    store(&url).put(&gate("x"), "true", &me()).await.unwrap();
    watching_at(&url).await.until_is(&gate("x"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_repeats_what_it_does_not_know_gives_no_password_away() {
    let settings = ["requirepass s3cret", "rename-command HELLO \"\"", "rename-command EVAL \"\""];
    let Some(redis) = Redis::start_with(&settings) else { return };
    let mut told = watching(&redis).await;
    told.until("what it is that it lacks", |told| !told.noticed.is_empty()).await;
    let noticed = told.noticed.join("\n").replace(&redis.addr().to_string(), "HOST");
    insta::assert_snapshot!(noticed, @"redis://HOST/0 cannot tell of changes by itself: it speaks RESP2 only: ERR unknown command 'HELLO'");
    assert!(!format!("{told:?}").contains("s3cret"));
    let store = store(&redis.url());
    store.put(&gate("x"), "true", &me()).await.unwrap();
    told.until_is(&gate("x"), on().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acl_that_hides_the_flags_is_refused() {
    let settings =
        ["user nobody on >s3cret ~other* &* +@all", "user reader on >s3cret ~feature* &* +@all -@write"];
    let Some(redis) = Redis::start_with(&settings) else { return };
    insta::assert_snapshot!(said_of(&redis, "nobody:s3cret@").await, @"
    refused: redis://HOST/0 refused: NOPERM this user has no permissions to access one of the keys used as arguments (an ACL of the server forbids it; flags need the keys ~feature*)
    watch: redis://HOST/0 refused: NOPERM this user has no permissions to access one of the keys used as arguments (an ACL of the server forbids it; flags need the keys ~feature*)
    ");
    let reader = store(&format!("redis://reader:s3cret@{}/", redis.addr()));
    insta::assert_snapshot!(refused(&reader).await.replace(&redis.addr().to_string(), "HOST"), @"redis://HOST/0 refused: ERR The user executing the script can't run this command or subcommand (an ACL of the server forbids it; changes need SET, DEL, INCR, XADD and HSET)");
    assert!(reader.load().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_can_be_watched_and_not_changed() {
    let Some(primary) = Redis::start() else { return };
    let replica_of = format!("replicaof 127.0.0.1 {}", primary.addr().port());
    let Some(redis) = Redis::start_with(&[&replica_of]) else { return };
    let mut told = watching(&redis).await;
    primary.command(&["SET", "feature:x", "true"]);
    told.until_is(&gate("x"), on().as_ref()).await;
    assert_eq!(told.delivery, Some(handover_flags::Delivery::Push));
    let store = store(&redis.url());
    insta::assert_snapshot!(refused(&store).await.replace(&redis.addr().to_string(), "HOST"), @"redis://HOST/0 refused: READONLY You can't write against a read only replica. (this is a replica: changes go to the primary)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_refused() {
    let settings = ["cluster-enabled yes", "cluster-require-full-coverage no"];
    let Some(redis) = Redis::start_with(&settings) else { return };
    redis.command(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
    handover_testing::until("the cluster is there", || {
        redis.command(&["CLUSTER", "INFO"]).contains("cluster_state:ok").then_some(())
    });
    insta::assert_snapshot!(said_of(&redis, "").await, @"
    refused: redis://HOST/0 refused: CROSSSLOT Keys in request don't hash to the same slot (flags want one Redis, not a cluster)
    watch: redis://HOST/0 refused: CROSSSLOT Keys in request don't hash to the same slot (flags want one Redis, not a cluster)
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_unreachable() {
    let port = free_port();
    let said = said(&store(&format!("redis://:s3cret@127.0.0.1:{port}"))).await;
    insta::assert_snapshot!(said.replace(&port.to_string(), "PORT"), @"
    unreachable: redis://127.0.0.1:PORT/0 could not be reached: Connection refused (os error 111)
    watch: redis://127.0.0.1:PORT/0 could not be reached: Connection refused (os error 111)
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_has_is_unreachable() {
    let said = said(&store("redis://:s3cret@nobody.invalid")).await;
    assert!(
        said.starts_with("unreachable: redis://nobody.invalid:6379/0 could not be reached: failed to"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_no_connection_left_is_unreachable() {
    let Some(redis) = Redis::start_with(&["maxclients 1"]) else { return };
    let first = store(&redis.url());
    first.load().await.unwrap();
    insta::assert_snapshot!(said_of(&redis, "").await, @"
    unreachable: redis://HOST/0 could not be reached: ERR max number of clients reached
    watch: redis://HOST/0 could not be reached: ERR max number of clients reached
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_refused() {
    let Some(redis) = Redis::start() else { return };
    let store = store(&format!("redis://{}/99", redis.addr()));
    insta::assert_snapshot!(said(&store).await.replace(&redis.addr().to_string(), "HOST"), @"
    refused: redis://HOST/99 refused: ERR DB index is out of range
    watch: redis://HOST/99 refused: ERR DB index is out of range
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_something_else_makes_no_sense() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt as _;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let said = said(&store(&format!("redis://:s3cret@{addr}"))).await;
    assert!(said.contains("could not be reached: it does not answer as Redis does"), "{said}");
}

#[test]
fn an_address_that_is_none_is_refused_without_being_shown() {
    for url in ["", "s3cret", "http://:s3cret@host", "redis://:s3cret@host:port"] {
        let error = RedisStore::new(url).unwrap_err();
        assert_eq!(error, InvalidAddress::NoUrl);
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
    insta::assert_snapshot!(InvalidAddress::NoUrl, @"the address is not one such as `redis://:password@host:6379/0`");
    insta::assert_snapshot!(InvalidAddress::WithoutTls, @"`rediss://` wants TLS, which is not built in: enable the feature `redis-tls` of handover-flags");
}

#[cfg(not(feature = "redis-tls"))]
#[test]
fn without_tls_built_in_an_address_that_wants_it_names_the_feature() {
    assert_eq!(RedisStore::new("rediss://host").unwrap_err(), InvalidAddress::WithoutTls);
}

#[test]
fn it_prints_where_it_is_and_no_secret() {
    let store = RedisStore::new("redis://user:s3cret@host/4").unwrap();
    insta::assert_snapshot!(format!("{store:?} {}", store.name()), @"RedisStore { at: redis://host:6379/4, .. } redis://host:6379/4");
}
