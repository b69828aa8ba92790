//! Probes that only knock.

use handover_health::{DnsProbe, HealthProbe as _, ProbeClass, TcpProbe};
use handover_testing::{Fault, FaultProxy};
use tokio::net::TcpListener;

use super::{LONG, class_of, error_of};
use crate::server::{PLENTY, nobody};

#[tokio::test]
async fn a_port_that_takes_connections_is_well_by_address_and_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    for probe in [TcpProbe::from(addr), TcpProbe::new(&format!("localhost:{}", addr.port())).unwrap()] {
        probe.check(PLENTY).await.unwrap();
    }
}

#[tokio::test]
async fn an_address_of_ipv6_is_in_brackets() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else { return };
    let addr = listener.local_addr().unwrap();
    TcpProbe::from(addr).check(PLENTY).await.unwrap();
    TcpProbe::new(&addr.to_string()).unwrap().check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_closed_port_is_refused_and_its_return_is_seen() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap()).await;
    let probe = TcpProbe::from(proxy.addr());
    probe.check(PLENTY).await.unwrap();
    proxy.set(Fault::Refuse).await;
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Refused);
    proxy.set(Fault::Pass).await;
    probe.check(PLENTY).await.unwrap();
}

#[test]
fn what_is_no_address_is_refused_when_it_is_built() {
    for place in ["host", "host:", ":80", "host:port", "host:65536", "::1:80", ""] {
        let refused = TcpProbe::new(place).expect_err(place).to_string();
        assert_eq!(refused, r#"the address is not one such as "host:port""#);
    }
}

#[tokio::test]
async fn a_name_resolves_or_does_not() {
    for name in ["localhost", "127.0.0.1"] {
        DnsProbe::new(name).check(PLENTY).await.unwrap();
    }
    let probe = DnsProbe::new("secret.invalid");
    let error = error_of(&probe, LONG).await;
    assert_eq!(error.class(), ProbeClass::Dns);
    assert!(error.detail().starts_with("secret.invalid: "));
    assert!(!format!("{probe:?}{error:?}{error}").contains("secret"));
    let addr = nobody().await;
    assert_eq!(format!("{:?}", TcpProbe::from(addr)), "TcpProbe { .. }");
}
