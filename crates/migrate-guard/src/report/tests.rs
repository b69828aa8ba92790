use std::sync::Arc;

use super::fixture::{finding, report};
use super::{Format, Ink, TextOptions};
use crate::claim::Class;
use crate::linter::{FileReport, MigrationLinter as _, PostgresLinter, Report};
use crate::{Baseline, InMemory, Layout, LintContext, MigrationSource as _, Span};

fn written(format: Format, report: &Report) -> String {
    let mut bytes = Vec::new();
    format.write(report, &TextOptions::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn value(format: Format) -> serde_json::Value {
    serde_json::from_str(&written(format, &report())).unwrap()
}

#[test]
fn text_shows_the_sql() {
    insta::assert_snapshot!(written(Format::Text, &report()), @r#"
    error[S04 duplicate-version]: what `S04` sees, 100%: "a", <b> & c
     --> m/3_c.sql
      = effect: who waits
      = instead: what to do\ninstead

    error[X01 first-rule]: what `X01` sees, 100%: "a", <b> & c
     --> m/1_a b.sql:2:1
      |
    2 > CREATE INDEX i
    3 >     ON "users" (email);
      = effect: who waits
      = instead: what to do\ninstead
      = fix: build it concurrently
          CREATE INDEX CONCURRENTLY i ON users (email);

    warning[X02 second-rule]: what `X02` sees, 100%: "a", <b> & c
     --> m/1_a b.sql:4:19
      |
    4 | ALTER TABLE users DROP COLUMN name, DROP COLUMN age;
      |                   ^^^^^^^^^^^^^^^^
      = also: line 4
      = effect: who waits
      = instead: what to do\ninstead
      = assumed: what would decide it is not known here

    brief: m/1_a b.sql: line 5 locks `public.orders` for a moment: it waits for the lock first, and all who come later wait behind it

    2 files, 3 statements: 2 errors, 1 warning, 1 allowed; 1 long, 2 brief
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot is long")]
fn json_says_what_can_be_scored() {
    insta::assert_json_snapshot!(value(Format::Json), @r#"
    {
      "files": [
        {
          "allowed": [
            {
              "also": [],
              "column": 1,
              "effect": "who waits",
              "end": 124,
              "end_column": 19,
              "end_line": 5,
              "evidence": "decided",
              "fix": null,
              "level": "error",
              "line": 5,
              "message": "what `X03` sees, 100%: \"a\", <b> & c",
              "name": "third-rule",
              "relation": null,
              "rewrite": null,
              "rule": "X03",
              "start": 106,
              "workaround": "what to do\ninstead"
            }
          ],
          "filled_in": false,
          "findings": [
            {
              "also": [],
              "column": 1,
              "effect": "who waits",
              "end": 51,
              "end_column": 20,
              "end_line": 3,
              "evidence": "decided",
              "fix": {
                "edits": [
                  {
                    "end": 29,
                    "start": 29,
                    "text": " CONCURRENTLY"
                  }
                ],
                "title": "build it concurrently"
              },
              "level": "error",
              "line": 2,
              "message": "what `X01` sees, 100%: \"a\", <b> & c",
              "name": "first-rule",
              "relation": "public.users",
              "rewrite": "CREATE INDEX CONCURRENTLY i ON users (email);",
              "rule": "X01",
              "start": 17,
              "workaround": "what to do\ninstead"
            },
            {
              "also": [
                {
                  "column": 37,
                  "end": 104,
                  "end_column": 52,
                  "end_line": 4,
                  "line": 4,
                  "start": 89
                }
              ],
              "column": 19,
              "effect": "who waits",
              "end": 87,
              "end_column": 35,
              "end_line": 4,
              "evidence": "assumed",
              "fix": null,
              "level": "warning",
              "line": 4,
              "message": "what `X02` sees, 100%: \"a\", <b> & c",
              "name": "second-rule",
              "relation": null,
              "rewrite": null,
              "rule": "X02",
              "start": 71,
              "workaround": "what to do\ninstead"
            }
          ],
          "path": "m/1_a b.sql",
          "statements": [
            {
              "claims": [
                {
                  "evidence": "decided",
                  "kind": "table",
                  "lock": "ShareLock",
                  "relation": "public.users",
                  "when": null,
                  "work": [
                    "scan",
                    "index"
                  ]
                }
              ],
              "class": "LONG",
              "contract": [],
              "end": 51,
              "in_transaction": true,
              "line": 2,
              "start": 17
            },
            {
              "claims": [
                {
                  "evidence": "assumed",
                  "kind": "table",
                  "lock": "AccessExclusiveLock",
                  "relation": "public.users",
                  "when": "unless TimeZone is UTC",
                  "work": [
                    "scan",
                    "rewrite"
                  ]
                }
              ],
              "class": "BRIEF",
              "contract": [
                [
                  "drop_column",
                  "name"
                ]
              ],
              "end": 104,
              "in_transaction": true,
              "line": 4,
              "start": 53
            },
            {
              "claims": [
                {
                  "evidence": "decided",
                  "kind": "table",
                  "lock": "AccessExclusiveLock",
                  "relation": "public.orders",
                  "when": null,
                  "work": []
                }
              ],
              "class": "BRIEF",
              "contract": [],
              "end": 163,
              "in_transaction": true,
              "line": 5,
              "start": 106
            }
          ],
          "wrapping": "simple-query"
        },
        {
          "allowed": [],
          "filled_in": false,
          "findings": [],
          "path": "m/2_b.sql",
          "statements": [],
          "wrapping": "transaction"
        }
      ],
      "layout": "prisma",
      "problems": [
        {
          "effect": "who waits",
          "evidence": "decided",
          "level": "error",
          "message": "what `S04` sees, 100%: \"a\", <b> & c",
          "name": "duplicate-version",
          "path": "m/3_c.sql",
          "relation": null,
          "rewrite": null,
          "rule": "S04",
          "workaround": "what to do\ninstead"
        }
      ],
      "summary": {
        "allowed": 1,
        "brief": 2,
        "errors": 2,
        "files": 2,
        "long": 1,
        "notes": 0,
        "statements": 3,
        "warnings": 1
      },
      "version": "handover.lint/1"
    }
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot is long")]
fn sarif_carries_rules_fixes_and_suppressions() {
    let mut log = value(Format::Sarif);
    *log.pointer_mut("/runs/0/tool/driver/semanticVersion").unwrap() = "its version".into();
    insta::assert_json_snapshot!(log, @r#"
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "runs": [
        {
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "m/3_c.sql"
                    }
                  }
                }
              ],
              "message": {
                "markdown": "what `S04` sees, 100%: \"a\", <b> & c\n\nwho waits\n\nwhat to do\\ninstead",
                "text": "what `S04` sees, 100%: \"a\", <b> & c\nwho waits\nwhat to do\\ninstead"
              },
              "partialFingerprints": {
                "handover/v1": "42ef2e35a9f18116f1cf947e2755d44f"
              },
              "properties": {
                "evidence": "decided",
                "relation": null
              },
              "ruleId": "S04",
              "ruleIndex": 0
            },
            {
              "fixes": [
                {
                  "artifactChanges": [
                    {
                      "artifactLocation": {
                        "uri": "m/1_a%20b.sql"
                      },
                      "replacements": [
                        {
                          "deletedRegion": {
                            "byteLength": 0,
                            "byteOffset": 29
                          },
                          "insertedContent": {
                            "text": " CONCURRENTLY"
                          }
                        }
                      ]
                    }
                  ],
                  "description": {
                    "text": "build it concurrently"
                  }
                }
              ],
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "m/1_a%20b.sql"
                    },
                    "region": {
                      "byteLength": 34,
                      "byteOffset": 17,
                      "endColumn": 20,
                      "endLine": 3,
                      "startColumn": 1,
                      "startLine": 2
                    }
                  }
                }
              ],
              "message": {
                "markdown": "what `X01` sees, 100%: \"a\", <b> & c\n\nwho waits\n\nwhat to do\\ninstead\n\n```sql\nCREATE INDEX CONCURRENTLY i ON users (email);\n```",
                "text": "what `X01` sees, 100%: \"a\", <b> & c\nwho waits\nwhat to do\\ninstead"
              },
              "partialFingerprints": {
                "handover/v1": "1e4cf9506b27301ef0ccc9f225e476d0"
              },
              "properties": {
                "evidence": "decided",
                "relation": "public.users"
              },
              "ruleId": "X01",
              "ruleIndex": 1
            },
            {
              "level": "warning",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "m/1_a%20b.sql"
                    },
                    "region": {
                      "byteLength": 16,
                      "byteOffset": 71,
                      "endColumn": 35,
                      "endLine": 4,
                      "startColumn": 19,
                      "startLine": 4
                    }
                  }
                }
              ],
              "message": {
                "markdown": "what `X02` sees, 100%: \"a\", <b> & c\n\nwho waits\n\nwhat to do\\ninstead",
                "text": "what `X02` sees, 100%: \"a\", <b> & c\nwho waits\nwhat to do\\ninstead"
              },
              "partialFingerprints": {
                "handover/v1": "07f4beed0b71939f80712079dfd04542"
              },
              "properties": {
                "evidence": "assumed",
                "relation": null
              },
              "relatedLocations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "m/1_a%20b.sql"
                    },
                    "region": {
                      "byteLength": 15,
                      "byteOffset": 89,
                      "endColumn": 52,
                      "endLine": 4,
                      "startColumn": 37,
                      "startLine": 4
                    }
                  }
                }
              ],
              "ruleId": "X02",
              "ruleIndex": 2
            },
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "m/1_a%20b.sql"
                    },
                    "region": {
                      "byteLength": 18,
                      "byteOffset": 106,
                      "endColumn": 19,
                      "endLine": 5,
                      "startColumn": 1,
                      "startLine": 5
                    }
                  }
                }
              ],
              "message": {
                "markdown": "what `X03` sees, 100%: \"a\", <b> & c\n\nwho waits\n\nwhat to do\\ninstead",
                "text": "what `X03` sees, 100%: \"a\", <b> & c\nwho waits\nwhat to do\\ninstead"
              },
              "partialFingerprints": {
                "handover/v1": "34629d3e90a57dc834fde12d9df6aaba"
              },
              "properties": {
                "evidence": "decided",
                "relation": null
              },
              "ruleId": "X03",
              "ruleIndex": 3,
              "suppressions": [
                {
                  "kind": "inSource",
                  "status": "accepted"
                }
              ]
            }
          ],
          "tool": {
            "driver": {
              "name": "handover",
              "rules": [
                {
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "fullDescription": {
                    "text": "Two migrations of one version. Only one of them can be recorded: the runner refuses both, or drops one without a word."
                  },
                  "help": {
                    "markdown": "Two migrations of one version.\n\nOnly one of them can be recorded: the runner refuses both, or drops one without a word.\n\nGive the one that is applied nowhere yet another version.\n\n```sql\n-- 1_a.sql, beside 1_b.sql\nSELECT 1;\n```\n\ninstead:\n\n```sql\n-- 2_a.sql, beside 1_b.sql\nSELECT 1;\n```\n",
                    "text": "Two migrations of one version. Only one of them can be recorded: the runner refuses both, or drops one without a word. Give the one that is applied nowhere yet another version."
                  },
                  "id": "S04",
                  "name": "DuplicateVersion",
                  "shortDescription": {
                    "text": "Two migrations of one version."
                  }
                },
                {
                  "id": "X01",
                  "name": "FirstRule"
                },
                {
                  "id": "X02",
                  "name": "SecondRule"
                },
                {
                  "id": "X03",
                  "name": "ThirdRule"
                }
              ],
              "semanticVersion": "its version"
            }
          }
        }
      ],
      "version": "2.1.0"
    }
    "#);
}

#[test]
fn github_s_commands_are_escaped() {
    insta::assert_snapshot!(written(Format::Github, &report()), @r#"
    ::error file=m/3_c.sql,title=S04 duplicate-version::what `S04` sees, 100%25: "a", <b> & c%0Awho waits%0Awhat to do\ninstead
    ::error file=m/1_a b.sql,line=2,endLine=3,col=1,title=X01 first-rule::what `X01` sees, 100%25: "a", <b> & c%0Awho waits%0Awhat to do\ninstead
    ::warning file=m/1_a b.sql,line=4,endLine=4,col=19,endColumn=35,title=X02 second-rule::what `X02` sees, 100%25: "a", <b> & c (and 1 more in this file)%0Awho waits%0Awhat to do\ninstead
    "#);
}

#[test]
fn gitlab_s_findings_have_names_that_stay() {
    insta::assert_json_snapshot!(value(Format::Gitlab), @r#"
    [
      {
        "check_name": "S04 duplicate-version",
        "description": "what `S04` sees, 100%: \"a\", <b> & c — who waits — what to do\\ninstead",
        "fingerprint": "42ef2e35a9f18116f1cf947e2755d44f",
        "location": {
          "lines": {
            "begin": 1
          },
          "path": "m/3_c.sql"
        },
        "severity": "major"
      },
      {
        "check_name": "X01 first-rule",
        "description": "what `X01` sees, 100%: \"a\", <b> & c — who waits — what to do\\ninstead",
        "fingerprint": "1e4cf9506b27301ef0ccc9f225e476d0",
        "location": {
          "lines": {
            "begin": 2
          },
          "path": "m/1_a b.sql"
        },
        "severity": "major"
      },
      {
        "check_name": "X02 second-rule",
        "description": "what `X02` sees, 100%: \"a\", <b> & c — who waits — what to do\\ninstead",
        "fingerprint": "07f4beed0b71939f80712079dfd04542",
        "location": {
          "lines": {
            "begin": 4
          },
          "path": "m/1_a b.sql"
        },
        "severity": "minor"
      }
    ]
    "#);
}

#[test]
fn junit_is_xml() {
    insta::assert_snapshot!(written(Format::Junit, &report()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover migrate lint" tests="4" failures="3">
      <testsuite name="migrations" tests="1" failures="1">
        <testcase name="S04 duplicate-version" classname="m/3_c.sql">
          <failure message="what `S04` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c" type="error">m/3_c.sql
    what `S04` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c
    who waits
    what to do\ninstead</failure>
        </testcase>
      </testsuite>
      <testsuite name="m/1_a b.sql" tests="2" failures="2">
        <testcase name="X01 first-rule" classname="m/1_a b.sql">
          <failure message="what `X01` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c" type="error">m/1_a b.sql:2:1
    what `X01` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c
    who waits
    what to do\ninstead</failure>
        </testcase>
        <testcase name="X02 second-rule" classname="m/1_a b.sql">
          <failure message="what `X02` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c" type="warning">m/1_a b.sql:4:19
    what `X02` sees, 100%: &quot;a&quot;, &lt;b&gt; &amp; c
    who waits
    what to do\ninstead</failure>
        </testcase>
      </testsuite>
      <testsuite name="m/2_b.sql" tests="1" failures="0">
        <testcase name="lint" classname="m/2_b.sql"/>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn nothing_found_is_said() {
    insta::assert_snapshot!(written(Format::Text, &Report::default()), @"0 files, 0 statements: nothing found; 0 long, 0 brief");
    insta::assert_snapshot!(written(Format::Github, &Report::default()), @"");
    insta::assert_snapshot!(written(Format::Gitlab, &Report::default()), @"[]");
    insta::assert_snapshot!(written(Format::Junit, &Report::default()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover migrate lint" tests="0" failures="0">
    </testsuites>
    "#);
}

/// A report of one finding in one file.
fn about(path: &str, sql: &str, spans: &[(usize, usize)]) -> Report {
    let span = |place: &(usize, usize)| Span::new(place.0, place.1);
    let mut found = finding("X01", "first-rule", span(&spans[0]));
    found.also = spans[1..].iter().map(span).collect();
    found.message = format!("about {path}");
    let file = FileReport {
        path: path.to_owned(),
        text: Arc::from(sql),
        findings: vec![found],
        ..FileReport::default()
    };
    Report { files: vec![file], ..Report::default() }
}

#[test]
fn a_long_statement_shows_its_ends() {
    let lines: Vec<String> = (1..=12).map(|line| format!("line {line}")).collect();
    let sql = lines.join("\n") + "\n";
    insta::assert_snapshot!(written(Format::Text, &about("a.sql", &sql, &[(7, sql.len() - 1)])), @r"
    error[X01 first-rule]: about a.sql
      --> a.sql:2:1
       |
     2 > line 2
     3 > line 3
     4 > line 4
     5 > line 5
    ...
    12 > line 12
       = effect: who waits
       = instead: what to do\ninstead

    1 file, 0 statements: 1 error; 0 long, 0 brief
    ");
}

#[test]
fn a_long_line_is_cut_around_what_is_marked() {
    let sql = format!("{}日本 here {}", "é".repeat(500), "x".repeat(5_000));
    let start = sql.find("here").unwrap();
    insta::assert_snapshot!(written(Format::Text, &about("a.sql", &sql, &[(start, start + 4)])), @r"
    error[X01 first-rule]: about a.sql
     --> a.sql:1:504
      |
    1 | …ééééééééééééééééééééééé日本 here xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      |                              ^^^^
      = effect: who waits
      = instead: what to do\ninstead

    1 file, 0 statements: 1 error; 0 long, 0 brief
    ");
    insta::assert_snapshot!(written(Format::Text, &about("a.sql", &sql, &[(start, sql.len())])), @r"
    error[X01 first-rule]: about a.sql
     --> a.sql:1:504
      |
    1 | …ééééééééééééééééééééééé日本 here xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      |                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = effect: who waits
      = instead: what to do\ninstead

    1 file, 0 statements: 1 error; 0 long, 0 brief
    ");
}

#[test]
fn further_places_are_folded() {
    let sql = "a\nb\nc\nd\ne\nf\n";
    insta::assert_snapshot!(written(Format::Text, &about("a.sql", sql, &[(0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11)])), @r"
    error[X01 first-rule]: about a.sql
     --> a.sql:1:1
      |
    1 | a
      | ^
      = also: lines 2, 3 and 4, and 2 more
      = effect: who waits
      = instead: what to do\ninstead

    1 file, 0 statements: 1 error; 0 long, 0 brief
    ");
}

#[test]
fn hostile_text_reaches_no_format_as_it_is() {
    let sql = "SELECT '\u{1b}[31m\u{202e}]]>'; -- \u{0}";
    let hostile = about("a\u{1b}\n,:%.sql", sql, &[(0, 10)]);
    for format in Format::ALL {
        let text = written(format, &hostile);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']), "{format}: {text}");
    }
    insta::assert_snapshot!(written(Format::Text, &hostile), @r"
    error[X01 first-rule]: about a\u{1b}\n,:%.sql
     --> a\u{1b}\n,:%.sql:1:1
      |
    1 | SELECT '\u{1b}[31m\u{202e}]]>'; -- \u{0}
      | ^^^^^^^^^^^^^^^
      = effect: who waits
      = instead: what to do\ninstead

    1 file, 0 statements: 1 error; 0 long, 0 brief
    ");
    insta::assert_snapshot!(written(Format::Github, &hostile), @r"::error file=a\u{1b}\n%2C%3A%25.sql,line=1,endLine=1,col=1,endColumn=11,title=X01 first-rule::about a\u{1b}\n,:%25.sql%0Awho waits%0Awhat to do\ninstead");
    insta::assert_snapshot!(written(Format::Junit, &hostile), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="handover migrate lint" tests="1" failures="1">
      <testsuite name="a\u{1b}\n,:%.sql" tests="1" failures="1">
        <testcase name="X01 first-rule" classname="a\u{1b}\n,:%.sql">
          <failure message="about a\u{1b}\n,:%.sql" type="error">a\u{1b}\n,:%.sql:1:1
    about a\u{1b}\n,:%.sql
    who waits
    what to do\ninstead</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn colours_are_the_caller_s() {
    let paint = |ink: Ink, text: &str| format!("<{ink:?}>{text}</>");
    let options = TextOptions { paint: &paint, ..TextOptions::default() };
    let mut bytes = Vec::new();
    super::text(&about("a.sql", "select 1", &[(0, 8)]), &options, &mut bytes).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap(), @r"
    <Error>error[X01 first-rule]</>: <Message>about a.sql</>
    <Frame> --></> a.sql:1:1
    <Frame>  |</>
    <Frame>1 |</> select 1
    <Frame>  |</> <Error>^^^^^^^^</>
    <Frame>  =</> <Label>effect:</> who waits
    <Frame>  =</> <Label>instead:</> what to do\ninstead

    1 file, 0 statements: <Error>1 error</>; 0 long, 0 brief
    ");
}

#[test]
fn what_was_explained_once_is_not_explained_again() {
    let mut report = about("a.sql", "select 1", &[(0, 8)]);
    report.files.push(report.files[0].clone());
    insta::assert_snapshot!(written(Format::Text, &report), @r"
    error[X01 first-rule]: about a.sql
     --> a.sql:1:1
      |
    1 | select 1
      | ^^^^^^^^
      = effect: who waits
      = instead: what to do\ninstead

    error[X01 first-rule]: about a.sql
     --> a.sql:1:1
      |
    1 | select 1
      | ^^^^^^^^

    2 files, 0 statements: 2 errors; 0 long, 0 brief
    ");
}

#[test]
fn a_format_is_read_by_the_name_it_is_shown_by() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    insta::assert_snapshot!("xml".parse::<Format>().unwrap_err(), @"`xml` is not a format; there are text, json, sarif, github, gitlab and junit");
}

proptest::proptest! {
    /// Whatever the text and the span, every format has an answer, and those for programs are well formed.
    #[test]
    fn every_report_can_be_written(sql in "[a\té日\r\n'\u{1b}]{0,40}", start in 0_usize..40, length in 0_usize..40) {
        let start = sql.floor_char_boundary(start.min(sql.len()));
        let end = sql.floor_char_boundary((start + length).min(sql.len()));
        let report = about("a.sql", &sql, &[(start, end), (end, end)]);
        for format in Format::ALL {
            let text = written(format, &report);
            let program = matches!(format, Format::Json | Format::Sarif | Format::Gitlab);
            proptest::prop_assert!(!program || serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
}

#[test]
fn an_index_that_keeps_its_file_takes_a_moment_to_people() {
    let history = "CREATE TABLE t (a varchar(10)); CREATE INDEX i ON t (a);";
    let source = InMemory::new().with_layout(Layout::Plain).with_file("1_a.sql", history);
    let set = source.with_file("2_b.sql", "ALTER TABLE t ALTER a TYPE varchar(20);").read().unwrap();
    let context = LintContext { baseline: Baseline::From(1), ..LintContext::default() };
    let report = PostgresLinter::new().lint(&set, &context);
    assert_eq!(report.files[0].statements[0].class, Class::Long);
    insta::assert_snapshot!(written(Format::Text, &Report { problems: Vec::new(), ..report }), @"
    brief: 2_b.sql: line 1 locks `public.t` for a moment: it waits for the lock first, and all who come later wait behind it

    1 file, 1 statement: nothing found; 0 long, 1 brief
    ");
}
