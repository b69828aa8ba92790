use std::collections::BTreeMap;
use std::net::UdpSocket;
use std::time::Duration;

use handover_monitor::export::Metric;
use handover_monitor::export::dogstatsd::{PACKET, packets};
use handover_monitor::{Histogram, LatencyCode};
use proptest::prelude::*;

use super::{histogram, off_by};
use crate::server::PATIENCE;

/// Name and tags, and under them each value with how often the receiver counts it.
type Received = BTreeMap<(String, Vec<String>), Vec<(f64, u64)>>;

/// Reads a packet as the format is documented: lines of `NAME:VALUE:VALUE…|d|@RATE|#TAG,TAG`.
fn read(packet: &str, received: &mut Received) {
    for line in packet.split('\n') {
        let mut parts = line.split('|');
        let mut values = parts.next().expect("a name and values").split(':');
        let name = values.next().expect("a name").to_owned();
        assert_eq!(parts.next(), Some("d"), "{line}");
        let (mut rate, mut tags) = (1.0, Vec::new());
        for part in parts {
            match part.split_at(1) {
                ("@", text) => rate = text.parse::<f64>().expect("a rate"),
                ("#", text) => tags = text.split(',').map(str::to_owned).collect(),
                _ => panic!("unknown part `{part}` in {line}"),
            }
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the Agent cuts 1/rate off"
        )]
        let count = (1.0 / rate) as u64;
        let values = values.map(|value| (value.parse().expect("a value"), count));
        received.entry((name, tags)).or_default().extend(values);
    }
}

fn rebuilt(values: &[(f64, u64)]) -> Histogram {
    let codes = values.iter().map(|&(value, count)| (LatencyCode::of(Duration::from_secs_f64(value)), count));
    codes.collect::<Vec<_>>().into()
}

#[test]
fn a_listener_rebuilds_the_distribution_from_its_datagrams() {
    let mut metric = Metric::new("http.server.request.duration", "");
    metric.add([("release", "v1"), ("endpoint", "GET /users/{id}")], &histogram());
    metric.add([("release", "v2")], &[Duration::from_secs(3)].into_iter().collect());
    let listener = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    listener.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let sender = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let (mut received, mut buffer) = (Received::new(), [0; 2 * PACKET]);
    let packets = packets(&metric).expect("few tags");
    assert!(packets.len() > 1);
    for packet in &packets {
        sender.send_to(packet.as_bytes(), listener.local_addr().expect("an address")).expect("loopback");
        let length = listener.recv(&mut buffer).expect("a datagram");
        assert!(length <= PACKET);
        read(std::str::from_utf8(&buffer[..length]).expect("text"), &mut received);
    }
    assert_eq!(received.len(), 2);
    let key =
        ("http.server.request.duration".into(), vec!["endpoint:GET_/users/{id}".into(), "release:v1".into()]);
    let ours = rebuilt(&received[&key]);
    assert_eq!(ours, histogram());
    assert!(off_by(ours.quantile(0.95).expect("samples").value.as_secs_f64(), 0.95) < 0.0079);
}

proptest! {
    #[test]
    fn no_packet_is_too_long_and_no_sample_is_lost(
        samples in prop::collection::vec((0u64..150_000_000, 1u64..1 << 40), 0..300),
        labels in prop::collection::vec(("[a-z|:,#@\n ä]{1,90}", "[a-z|:,#@\n ä]{0,90}"), 0..4),
    ) {
        let mut latencies = Histogram::default();
        for (micros, count) in samples {
            latencies.add_many(LatencyCode::of(Duration::from_micros(micros)), count);
        }
        let mut metric = Metric::new("m", "");
        metric.add(labels.iter().map(|(name, value)| (&name[..], &value[..])), &latencies);
        let mut received = Received::new();
        for packet in packets(&metric).expect("few tags") {
            prop_assert!(!packet.is_empty() && packet.len() <= PACKET);
            read(&packet, &mut received);
        }
        prop_assert!(received.len() <= 1);
        prop_assert_eq!(received.values().next().map_or_else(Histogram::default, |values| rebuilt(values)), latencies);
    }
}
