use std::time::Duration;

use handover_monitor::Histogram;
use handover_monitor::export::hdr::{from_bytes, from_hdr, to_v2, to_v2_deflate};
use hdrhistogram::Histogram as Hdr;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2DeflateSerializer};

use super::{exact, histogram, latencies};

#[test]
fn the_librarys_own_reader_finds_every_sample_and_the_quantiles() {
    let (plain, deflated) =
        (to_v2(&histogram()).expect("in range"), to_v2_deflate(&histogram()).expect("in range"));
    assert!(deflated.len() < plain.len());
    for bytes in [plain, deflated] {
        let read: Hdr<u64> = Deserializer::new().deserialize(&mut &bytes[..]).expect("format V2");
        assert_eq!(read.len(), 10_000);
        for quantile in [0.5, 0.9, 0.95, 0.99, 1.0] {
            let value = Duration::from_nanos(read.value_at_quantile(quantile)).as_secs_f64();
            let off = (value / exact(quantile) - 1.0).abs();
            assert!(off < 0.009, "p{} is off by {off}", quantile * 100.0);
        }
    }
}

#[test]
fn a_histogram_of_somebody_elses_in_another_unit_is_read() {
    let mut theirs = Hdr::<u64>::new(3).expect("three digits");
    for took in latencies() {
        theirs.record(u64::try_from(took.as_micros()).expect("short")).expect("it grows");
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&theirs, &mut bytes).expect("format V2");
    for ours in [
        from_hdr(&theirs, Duration::from_micros(1)),
        from_bytes(&bytes, Duration::from_micros(1)).expect("V2"),
    ] {
        assert_eq!(ours.count(), 10_000);
        let p95 = ours.quantile(0.95).expect("samples").value.as_secs_f64();
        assert!((p95 / exact(0.95) - 1.0).abs() < 0.009, "{p95}");
    }
    let years = from_hdr(&theirs, Duration::from_secs(1 << 40));
    assert_eq!(years, Histogram::from_iter(vec![Duration::MAX; 10_000]));
}
