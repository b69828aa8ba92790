use std::io;
use std::sync::Arc;

use handover_traffic::layers::{Call, Mishap, Traced};
use tracing_subscriber::fmt::format::FmtSpan;

use super::*;

#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The fields of each span that was closed while `play` ran.
async fn spans(play: impl Future<Output = ()>) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().without_time().with_span_events(FmtSpan::CLOSE);
    let guard = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
    play.await;
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let span = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["span"].to_string();
    text.lines().map(span).collect::<Vec<_>>().join("\n")
}

#[tokio::test(start_paused = true)]
async fn each_call_has_a_span_with_what_was_asked_how_it_ended_and_how_long_it_took() {
    let mishaps = [Mishap::Delay(SECOND), Mishap::LostAck];
    let traffic = Traced::new(Fault::new(InMemory::new()).with(Call::Apply, mishaps), "the model");
    let text = spans(async {
        traffic.apply(&to_green("first")).await.unwrap();
        traffic.apply(&to_green("first")).await.unwrap_err();
        traffic.apply(&to_green("second")).await.unwrap_err();
        traffic.observe().await.unwrap();
        traffic.drain(Slot::Blue, SECOND).await.unwrap();
    });
    insta::assert_snapshot!(text.await, @r#"
    {"backend":"the model","fence":0,"mode":"Serve","name":"traffic.apply","op":"first","outcome":"ok","split":"blue 0 % green 100 %","took_ms":1000.0}
    {"backend":"the model","fence":0,"mode":"Serve","name":"traffic.apply","op":"first","outcome":"unconfirmed","split":"blue 0 % green 100 %","took_ms":0.0}
    {"backend":"the model","fence":0,"mode":"Serve","name":"traffic.apply","op":"second","outcome":"conflict","split":"blue 0 % green 100 %","took_ms":0.0}
    {"backend":"the model","name":"traffic.observe","outcome":"ok","revision":1,"split":"blue 0 % green 100 %","took_ms":0.0}
    {"backend":"the model","left":"Clean { waited: 0ns }","limit":"1s","name":"traffic.drain","outcome":"ok","slot":"blue","took_ms":0.0}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_given_up_says_so() {
    let path = Fault::new(InMemory::new()).with(Call::Observe, [Mishap::Delay(9 * SECOND)]);
    let traffic = Traced::new(path, "the model");
    let text = spans(async {
        tokio::time::timeout(SECOND, traffic.observe()).await.unwrap_err();
    });
    insta::assert_snapshot!(text.await, @r#"{"backend":"the model","name":"traffic.observe","outcome":"given up","took_ms":1000.0}"#);
}
