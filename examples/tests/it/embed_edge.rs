use std::process::Command;

/// The whole output but the figures that chance and the clock decide.
#[test]
fn the_embedded_edge_moves_everybody_and_cuts_nobody_off() {
    let ran = Command::new(env!("CARGO_BIN_EXE_embed_edge")).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{complained}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert_eq!(lines[0], "  0 % to v2: 200 answered by v1,   0 by v2");
    assert!(lines[1].starts_with(" 10 % to v2: 1"), "{said}");
    assert!(lines[2].starts_with("v1 is drained after "), "{said}");
    assert_eq!(lines[3], "the slow request was answered by v1");
    assert_eq!(lines[4], "100 % to v2:   0 answered by v1, 200 by v2");
}
