//! The gRPC protocol, judged by tonic's own client.

use std::sync::Arc;
use std::time::Duration;

use handover_health::{Check, DrainTimes, Health, ProbeClass, grpc};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Streaming};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::scripted::{Behaviour, Dependency};
use crate::server::PLENTY;

struct Served {
    health: Health,
    database: Arc<Dependency>,
    client: HealthClient<Channel>,
    serving: JoinHandle<Result<(), tonic::transport::Error>>,
}

async fn served() -> Served {
    let database = Dependency::that(Behaviour::Well);
    let check = Check::new("database", database.clone()).every(Duration::from_millis(10)).fall(1);
    let health = Health::builder("shop", "2.0.0").check(check).start().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder().add_service(grpc::service(&health));
    let closing = health.lifecycle().closing();
    let serving = tokio::spawn(server.serve_with_incoming_shutdown(TcpIncoming::from(listener), closing));
    let channel = Channel::from_shared(format!("http://{addr}")).unwrap().connect().await.unwrap();
    health.settled(PLENTY).await;
    Served { health, database, client: HealthClient::new(channel), serving }
}

fn named(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

impl Served {
    async fn check(&mut self, service: &str) -> Result<ServingStatus, Code> {
        let answer = self.client.check(named(service)).await.map_err(|status| status.code())?;
        Ok(answer.into_inner().status())
    }

    async fn watch(&mut self, service: &str) -> Streaming<HealthCheckResponse> {
        self.client.watch(named(service)).await.unwrap().into_inner()
    }
}

async fn next(stream: &mut Streaming<HealthCheckResponse>) -> Option<ServingStatus> {
    stream.message().await.unwrap().map(|answer| answer.status())
}

#[tokio::test]
async fn check_knows_the_whole_its_parts_and_no_others() {
    let mut served = served().await;
    for service in ["", "readiness", "shop", "liveness", "startup", "database"] {
        assert_eq!(served.check(service).await, Ok(ServingStatus::Serving), "{service}");
    }
    assert_eq!(served.check("nobody").await, Err(Code::NotFound));
    let mut whole = served.watch("").await;
    assert_eq!(next(&mut whole).await, Some(ServingStatus::Serving));
    served.database.now(Behaviour::Fails(ProbeClass::Refused));
    assert_eq!(next(&mut whole).await, Some(ServingStatus::NotServing));
    for service in ["", "readiness", "shop", "database"] {
        assert_eq!(served.check(service).await, Ok(ServingStatus::NotServing), "{service}");
    }
    for service in ["liveness", "startup"] {
        assert_eq!(served.check(service).await, Ok(ServingStatus::Serving), "{service}");
    }
}

#[tokio::test]
async fn watch_says_each_change_once_and_stays_with_a_service_that_is_not_there() {
    let mut served = served().await;
    let (mut whole, mut nobody) = (served.watch("").await, served.watch("nobody").await);
    assert_eq!(next(&mut nobody).await, Some(ServingStatus::ServiceUnknown));
    let mut seen = vec![next(&mut whole).await];
    for behaviour in [Behaviour::Fails(ProbeClass::Refused), Behaviour::Well] {
        served.database.now(behaviour);
        seen.push(next(&mut whole).await);
    }
    let (serving, not) = (Some(ServingStatus::Serving), Some(ServingStatus::NotServing));
    assert_eq!(seen, [serving, not, serving]);
    // Of all the snapshots since, none was told to the one that has nothing to hear.
    let more = tokio::time::timeout(Duration::from_millis(1_200), nobody.message()).await;
    assert!(more.is_err(), "{more:?}");
}

#[tokio::test]
async fn a_drain_is_not_serving_for_good_and_a_watch_does_not_hold_up_the_end() {
    let mut served = served().await;
    let mut whole = served.watch("").await;
    assert_eq!(next(&mut whole).await, Some(ServingStatus::Serving));
    let lifecycle = served.health.lifecycle().clone();
    drop(lifecycle.drain(DrainTimes { delay: PLENTY, deadline: 2 * PLENTY }));
    assert_eq!(next(&mut whole).await, Some(ServingStatus::NotServing));
    assert_eq!(served.check("").await, Ok(ServingStatus::NotServing));
    assert_eq!(served.check("liveness").await, Ok(ServingStatus::Serving));
    lifecycle.hurry();
    assert_eq!(next(&mut whole).await, None);
    drop((whole, served.client));
    served.serving.await.unwrap().unwrap();
}
