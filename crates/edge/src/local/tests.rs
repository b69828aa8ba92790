use std::sync::atomic::{AtomicBool, Ordering};

use handover_core::Fence;

use super::*;
use crate::proxy::ProxyOptions;

#[derive(Debug, Default)]
struct Disk {
    full: AtomicBool,
    kept: Mutex<Option<RouteRecord>>,
}

impl RouteStore for Disk {
    fn save(&self, record: &RouteRecord) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        *self.kept.lock().unwrap() = Some(record.clone());
        Ok(())
    }
}

fn switcher() -> (LocalSwitcher, Arc<Disk>, Proxy) {
    let (disk, proxy) = (Arc::new(Disk::default()), Proxy::new(ProxyOptions::default()).unwrap());
    (LocalSwitcher::new(proxy.clone(), disk.clone(), RouteRecord::default()), disk, proxy)
}

fn to_green(op: &str) -> Change {
    let route = Route::serve(Split::ALL_GREEN);
    Change { route, expected: Expected::Any, op: OpId::new(op), fence: Fence::new(3) }
}

fn told(error: &SwitchError) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    format!("{error}{source}")
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_is_not_made() {
    let (switcher, disk, proxy) = switcher();
    disk.full.store(true, Ordering::SeqCst);
    let error = switcher.apply(&to_green("a")).await.unwrap_err();
    insta::assert_snapshot!(told(&error), @"the edge refused the change: no storage space");
    assert_eq!(proxy.route(), Route::serve(Split::ALL_BLUE));
    assert_eq!(switcher.record(), RouteRecord::default());
}

#[tokio::test]
async fn what_is_in_force_goes_on_after_a_restart() {
    let (switcher, disk, _) = switcher();
    let before = switcher.apply(&to_green("a")).await.unwrap();
    let kept = disk.kept.lock().unwrap().clone().unwrap();
    let kept: RouteRecord = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();

    let proxy = Proxy::new(ProxyOptions::default()).unwrap();
    let again = LocalSwitcher::new(proxy.clone(), disk, kept);
    assert_eq!(again.observe().await.unwrap(), before);
    assert_eq!(proxy.route(), Route::serve(Split::ALL_GREEN));
    assert_eq!(again.apply(&to_green("a")).await.unwrap().revision, before.revision, "made twice");
}

#[tokio::test]
async fn breaking_the_glass_needs_no_disk_and_shuts_the_others_out() {
    let (switcher, disk, proxy) = switcher();
    switcher.apply(&to_green("a")).await.unwrap();
    disk.full.store(true, Ordering::SeqCst);
    let (seen, trouble) = switcher.panic_to(Slot::Blue, OpId::new("panic")).await;
    assert_eq!(trouble.unwrap().kind(), io::ErrorKind::StorageFull);
    assert_eq!((seen.route, seen.fence), (Route::serve(Split::ALL_BLUE), Some(Fence::new(4))));
    assert_eq!(proxy.route(), seen.route);
    let late = switcher.apply(&to_green("b")).await.unwrap_err();
    insta::assert_snapshot!(told(&late), @"fence 3 is behind 4: somebody with a newer lease has acted");
}

#[tokio::test]
async fn a_raised_fence_is_kept() {
    let (switcher, disk, _) = switcher();
    switcher.raise_fence(Fence::new(9)).await.unwrap();
    switcher.raise_fence(Fence::new(2)).await.unwrap();
    assert_eq!(disk.kept.lock().unwrap().as_ref().unwrap().fence, Fence::new(9));
    assert!(matches!(switcher.apply(&to_green("a")).await, Err(SwitchError::Fenced { .. })));
}

#[tokio::test]
async fn a_late_repetition_does_not_undo_a_newer_change() {
    let (switcher, _, _) = switcher();
    switcher.apply(&to_green("a")).await.unwrap();
    let back = Change { route: Route::serve(Split::ALL_BLUE), op: OpId::new("b"), ..to_green("") };
    let now = switcher.apply(&back).await.unwrap();
    assert_eq!(switcher.apply(&to_green("a")).await.unwrap(), now);
    let other = Change { route: Route::serve(Split::ALL_BLUE), ..to_green("a") };
    let error = switcher.apply(&other).await.unwrap_err();
    insta::assert_snapshot!(told(&error), @"the edge refused the change: operation a was made before with another route");
}

#[tokio::test]
async fn a_slot_with_weight_is_not_drained() {
    let (switcher, _, _) = switcher();
    let error = switcher.drain(Slot::Blue, Duration::ZERO).await.unwrap_err();
    insta::assert_snapshot!(told(&error), @"the edge refused the change: blue still gets traffic: blue 100 % green 0 %");
    assert!(matches!(switcher.drain(Slot::Green, Duration::ZERO).await, Ok(Drained::Clean { .. })));
}
