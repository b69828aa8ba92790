//! What docs/migrate.md shows is what is printed.
//!
//! Its SQL blocks begin with the name of their file and write it; a line `<!-- main -->` says that what was written so far is
//! on the branch `main`, and applied. In a `console` block what follows `$ handover migrate …` must be what that prints.
//! With `UPDATE_DOCS=1` it is written there instead.

use std::fmt::Write as _;

use super::Place;

/// The page.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/migrate.md");

/// Goes through a part of the page; gives it back with what is really printed.
fn played(part: &str) -> (String, usize) {
    let place = Place::new();
    let (mut shown, mut typed) = (String::new(), 0);
    let mut lines = part.lines().peekable();
    while let Some(line) = lines.next() {
        shown.push_str(line);
        shown.push('\n');
        let block = || line.strip_prefix("```");
        match block() {
            Some("sql") => {
                let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
                write_file(&place, &block);
                write!(shown, "{}\n```\n", block.join("\n")).unwrap();
            }
            Some("console") => {
                let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
                let command = block[0].strip_prefix("$ handover migrate ").unwrap();
                typed += 1;
                let ran = place.run(&words(command).iter().map(String::as_str).collect::<Vec<_>>());
                assert_ne!(ran.code, 2, "{command}: {}", ran.err);
                write!(shown, "{}\n{}\n```\n", block[0], ran.out.trim_end()).unwrap();
            }
            _ if line == "<!-- main -->" => place.commit_as_main(),
            _ => {}
        }
    }
    (shown, typed)
}

fn write_file(place: &Place, block: &[&str]) {
    if let Some(name) = block[0].strip_prefix("-- ").filter(|name| name.contains("migrations/")) {
        place.write(name, format!("{}\n", block[1..].join("\n")));
    }
}

fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn each_example_prints_what_the_page_says() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let parts: Vec<&str> = page.split("\n## ").collect();
    let played: Vec<_> = parts.iter().map(|part| played(part)).collect();
    assert!(played.iter().map(|(_, typed)| typed).sum::<usize>() >= 4, "the page has lost its examples");
    let now = played.iter().map(|(part, _)| part.trim_end()).collect::<Vec<_>>().join("\n\n## ");
    let now = format!("{now}\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &now).unwrap();
        return;
    }
    assert!(page == now, "run this test with UPDATE_DOCS=1, and read what it changes in docs/migrate.md");
}
