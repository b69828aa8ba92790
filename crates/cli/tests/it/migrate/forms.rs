//! The same report in each form.

use std::process::Stdio;

use serde_json::Value;

use super::Place;
use super::place::{INDEX, ORDERS};

fn place() -> Place {
    Place::with(&[ORDERS, INDEX, ("3_drop", "ALTER TABLE orders DROP COLUMN total;\n")])
}

fn root(file: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)
}

#[test]
fn json_is_as_its_schema_says() {
    let (code, report) = place().json(&["--level", "note"]);
    assert_eq!(code, 3);
    let schema: Value =
        serde_json::from_slice(&std::fs::read(root("docs/lint.schema.json")).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(place().json(&["--level", "note"]).1, report, "twice the same");
    let formatted = place().run(&["lint", "--level", "note", "--format", "json"]).exits(3).out;
    assert_eq!(serde_json::from_str::<Value>(&formatted).unwrap(), report);
}

#[test]
fn sarif_names_each_rule_and_each_place() {
    let ran = place().run(&["lint", "--format", "sarif"]).exits(3);
    let sarif: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index], result["ruleId"].as_str().unwrap());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().unwrap().starts_with("migrations/"));
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn a_file_is_written_whole_and_the_result_is_said_beside_it() {
    let place = place();
    place.write("out/lint.sarif", "old");
    let ran = place.run(&["lint", "--format", "sarif", "--output", "out/lint.sarif"]).exits(3);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("wrote DIR/out/lint.sarif"), "{}", ran.err);
    assert!(place.read("out/lint.sarif").starts_with('{'));
    let ran = place.run(&["lint", "--output", "no/such/folder/x"]).exits(2);
    assert!(ran.err.contains("could not write"), "{}", ran.err);
}

#[test]
fn annotations_code_quality_and_junit_have_a_place_for_each_finding() {
    let place = place();
    insta::assert_snapshot!(place.run(&["lint", "--format", "github"]).exits(3).out, @"
    ::error file=migrations/2_index.sql,line=1,endLine=1,col=1,endColumn=44,title=L01 index-not-concurrent::an index is built on public.orders while every write to it waits%0AEvery write to the table waits until the index is built, which grows with the table.%0ABuild it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.
    ::error file=migrations/3_drop.sql,line=1,endLine=1,col=20,endColumn=37,title=C01 drop-column::the running release breaks where it names `total` of public.orders%0AThe running release fails wherever it names the column, in reads and in writes.%0ARelease code that does not name it any more first; drop it in the release after. What it held is gone: look whether it can be made again.
    ");
    let quality: Value =
        serde_json::from_str(&place.run(&["lint", "--format", "gitlab"]).exits(3).out).unwrap();
    assert_eq!(quality[0]["location"]["path"], "migrations/2_index.sql");
    let junit = place.run(&["lint", "--format", "junit"]).exits(3).out;
    assert!(junit.starts_with("<?xml") && junit.contains("<failure"), "{junit}");
}

#[test]
fn colour_is_decoration() {
    let place = place();
    let plain = place.run(&["lint"]).exits(3).out;
    let coloured = place.run(&["lint", "--color", "always"]).exits(3).out;
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut inside = false;
    for c in coloured.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            c if !inside => stripped.push(c),
            _ => {}
        }
    }
    assert_eq!(stripped, plain);
}

/// What standard output cannot take, as on a full disk.
fn full() -> Stdio {
    std::fs::File::options().write(true).open("/dev/full").unwrap().into()
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let place = Place::with(&[ORDERS]);
    for args in [&["lint"][..], &["lint", "--format", "sarif"], &["lint", "--json"]] {
        let mut command = place.command(args);
        let status = command.stdout(full()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(2), "{args:?}");
    }
    let mut command = place.command(&["lint"]);
    let ran = command.stdout(full()).output().unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&ran.stderr).lines().skip(1).collect::<Vec<_>>().join("\n"), @"
    error: could not write to standard output
      because: No space left on device (os error 28)
    ");
}

#[test]
fn a_reader_that_has_gone_away_is_no_error_of_the_report() {
    let place = Place::with(&[ORDERS]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = place.command(&["lint"]);
    assert_eq!(command.stdout(writer).stderr(Stdio::null()).status().unwrap().code(), Some(0));
}

#[test]
fn what_is_shown_beside_the_code_has_the_paths_of_the_repository() {
    let place = Place::new();
    place.write("api/migrations/1_a.sql", ORDERS.1);
    place.write("api/migrations/2_b.sql", INDEX.1);
    place.commit_as_main();
    let lint = |args: &[&str]| {
        let mut command = place.command(&[&["lint", "--layout", "sqlx", "migrations"], args].concat());
        command.current_dir(place.path("api"));
        place.ran(command).exits(3).out
    };
    let github = lint(&["--format", "github"]);
    assert!(github.contains("file=api/migrations/2_b.sql,"), "{github}");
    assert!(lint(&["--format", "gitlab"]).contains(r#""path":"api/migrations/2_b.sql""#));
    assert!(lint(&["--format", "sarif"]).contains(r#""uri":"api/migrations/2_b.sql""#));
    assert!(lint(&["--format", "junit"]).contains("\"migrations/2_b.sql"));
    assert!(lint(&[]).contains("--> migrations/2_b.sql"));
    std::fs::remove_file(place.path("api/migrations/1_a.sql")).unwrap();
    let gone = lint(&["--format", "github", "--since", "main"]);
    assert!(gone.contains("file=api/migrations/1_a.sql,"), "{gone}");
}
