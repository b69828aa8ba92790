use std::process::Command;

use super::binary::root;

fn lines_of(file: &str) -> usize {
    std::fs::read_to_string(root().join("examples/custom_switcher").join(file)).unwrap().lines().count()
}

#[test]
fn a_backend_of_ones_own_is_under_150_lines_and_its_kit_under_20() {
    let (backend, kit) = (lines_of("switcher.rs"), lines_of("kit.rs"));
    assert!(backend < 150 && kit < 20, "{backend} and {kit} lines");
}

#[test]
fn it_moves_traffic_and_holds_what_it_claims() {
    let ran = Command::new(env!("CARGO_BIN_EXE_custom_switcher")).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{complained}");
    assert!(said.starts_with("blue 90 % green 10 %\n"), "{said}");
    assert!(!said.contains("BROKEN"), "{said}");
    assert_eq!(said.lines().filter(|line| line.ends_with("  held")).count(), 8, "{said}");
    assert!(said.contains("20 fault schedules ended in a known state"), "{said}");
}
