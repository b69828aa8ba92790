use super::binary::{handover, root};

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The code blocks of one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_table_of_verbs_names_each_one_of_the_help() {
    let state = tempfile::tempdir().unwrap();
    let help = handover(state.path(), &["--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, verbs) = help.split_once("Commands:\n").unwrap();
    let verbs: Vec<_> =
        verbs.lines().map_while(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(verbs.len() > 15, "{help}");
    let readme = readme();
    let (_, table) = readme.split_once("## Verbs").unwrap();
    let (table, _) = table.split_once("Everywhere:").unwrap();
    let missing: Vec<_> = verbs.iter().filter(|verb| !table.contains(&format!("`{verb}`"))).collect();
    assert!(missing.is_empty(), "the README's table lacks {missing:?}");
}

/// What the README shows as code is code that is compiled and tested.
#[test]
fn its_rust_is_that_of_an_example() {
    let bare = |code: &str| code.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let files = [
        "custom_switcher/switcher.rs",
        "custom_switcher/kit.rs",
        "axum_service/main.rs",
        "axum_service/checks.rs",
        "flags_axum.rs",
    ];
    let files = files.map(|file| root().join("examples").join(file));
    let example = bare(&files.map(|file| std::fs::read_to_string(file).unwrap()).concat());
    let readme = readme();
    let rust = blocks(&readme, "rust");
    assert_eq!(rust.len(), 5);
    for block in rust {
        assert!(example.contains(bare(block).trim()), "in no example:\n{block}");
    }
}

#[test]
fn every_file_it_points_to_exists() {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
        assert!(root().join(target).exists(), "{target}");
    }
}
