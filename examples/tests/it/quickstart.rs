use super::binary::{handover, root};

/// `plan` reads the settings, the artifact and the command as `deploy` does, and starts nothing.
#[test]
fn the_quickstart_can_be_planned_from_any_folder() {
    let state = tempfile::tempdir().unwrap();
    let folder = root().join("examples/quickstart");
    for version in ["v1", "v2"] {
        let (config, artifact) = (folder.join("handover.toml"), folder.join(version));
        let (config, artifact) = (config.to_str().unwrap(), artifact.to_str().unwrap());
        let words = ["plan", "--config", config, "--release", version, "--artifact", artifact];
        let planned = handover(state.path(), &words);
        let (said, complained) =
            (String::from_utf8_lossy(&planned.stdout), String::from_utf8_lossy(&planned.stderr));
        assert!(planned.status.success(), "{complained}");
        assert!(said.starts_with(&format!("release {version} in blue, as the first release")), "{said}");
        assert!(said.contains("through the pin: /index.html = 200"), "{said}");
    }
}

/// Otherwise its second deployment would show nothing.
#[test]
fn its_two_versions_differ() {
    let page = |version: &str| {
        let path = root().join("examples/quickstart").join(version).join("site/index.html");
        std::fs::read_to_string(path).unwrap()
    };
    assert_ne!(page("v1"), page("v2"));
}
