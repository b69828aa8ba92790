use std::process::Command;

#[test]
fn the_axum_service_counts_by_template_and_what_was_given_up() {
    let ran = Command::new(env!("CARGO_BIN_EXE_monitor_axum")).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{complained}");
    let counted: Vec<_> = said.lines().map(|line| line.split_once('{').unwrap().1).collect();
    assert_eq!(
        counted,
        [
            r#"endpoint="/report",outcome="cancelled",release="v1"} 1"#,
            r#"endpoint="/users/{id}",outcome="error",release="v1"} 1"#,
            r#"endpoint="/users/{id}",outcome="ok",release="v1"} 19"#,
            r#"endpoint="unmatched",outcome="ok",release="v1"} 3"#,
        ]
    );
}
