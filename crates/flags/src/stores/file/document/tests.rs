use super::*;
use crate::FlagName;

fn gate(name: &str) -> Key {
    Key::Gate(FlagName::new(name).unwrap())
}

fn rules(name: &str) -> Key {
    Key::Rules(FlagName::new(name).unwrap())
}

fn shown(text: &str) -> String {
    let contents = contents(text.as_bytes()).unwrap();
    let lines: Vec<_> =
        contents.values.iter().map(|(key, held)| format!("{key} = {}", held.text().unwrap())).collect();
    lines.join("\n")
}

#[test]
fn what_a_person_writes_reads_as_the_texts_that_redis_would_have() {
    let text = r#"{"flags": {
        "scan": {"enabled": true, "rules": { "b": [1, 2.5],  "a": null }}, "odd": {"enabled": "TRUE\n"},
        "one": {"enabled": 1}, "none": {}, "null": {"enabled": null}, "off": {"enabled": false, "rules": "{ }"}
    }, "segments": {"paying": {"x": "y"}}}"#;
    insta::assert_snapshot!(shown(text), @r#"
    feature:null = null
    feature:odd = TRUE

    feature:off = false
    feature:one = 1
    feature:scan = true
    feature-rules:off = { }
    feature-rules:scan = {"b":[1,2.5],"a":null}
    feature-segment:paying = {"x":"y"}
    "#);
}

#[test]
fn a_text_that_cannot_be_read_as_flags_says_where_and_why() {
    let bad: [&[u8]; 17] = [
        b"",
        b"  \n ",
        b"null",
        b"[]",
        b"flags: true",
        b"{\"flags\": {\"a\": {\"enabled\": tr",
        b"{\"flags\": {\"a\": {\"enabled\": true}}}}",
        b"{\"flags\": {\"a\": true}}",
        b"{\"flags\": []}",
        b"{\n  \"flag\": {}\n}",
        b"{\n  \"flags\": {\n    \"a\": {\"enabld\": true}\n  }\n}",
        b"{\"comment\": \"hello\"}",
        b"{\"flags\": {\"a\": {}, \"b\": {}, \"a\": {}}}",
        b"{\"flags\": {\"a\": {\"rules\": {\"x\": 1, \"x\": 2}}}}",
        b"{\"flags\": {\" a\": {}}}",
        b"{\"revision\": -1}",
        b"{\"flags\":\n {\"a\xff\": {}}}",
    ];
    let said: Vec<_> = bad.iter().map(|bytes| contents(bytes).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    line 1, column 1: it is empty; a file without flags holds `{}`
    line 1, column 1: it is empty; a file without flags holds `{}`
    line 1, column 4: invalid type: null, expected an object with `flags` in it
    line 1, column 0: invalid type: sequence, expected an object with `flags` in it
    line 1, column 2: expected ident
    line 1, column 30: EOF while parsing a value
    line 1, column 36: trailing characters
    line 1, column 20: invalid type: boolean `true`, expected an object with `enabled` in it
    line 1, column 10: invalid type: sequence, expected an object with a flag under each name
    line 2, column 8: `flag` means nothing there; did you mean `flags`?
    line 3, column 18: `enabld` means nothing there; did you mean `enabled`?
    line 1, column 10: `comment` means nothing there
    line 1, column 37: `a` stands there twice
    line 1, column 42: `x` stands there twice
    line 1, column 15: ` a` is no name of a flag: it begins or ends with white space
    line 1, column 15: invalid value: integer `-1`, expected u64
    line 2, column 5: it is not UTF-8
    ");
}

#[test]
fn a_byte_order_mark_is_no_damage() {
    assert_eq!(contents("\u{feff}{}".as_bytes()).unwrap().revision, Some(Revision(0)));
}

#[test]
fn a_change_leaves_everything_else_where_it_was() {
    let text = r#"{"segments": {"z": {"b": 1, "a": 2}}, "flags": {"z": {"rules": {}, "enabled": true}, "a": {"enabled": "on"}}}"#;
    let mut document = Document::of(text.as_bytes()).unwrap();
    document.set(&gate("z"), Some("false"));
    document.set(&gate("new"), Some("true"));
    document.set(&gate("a"), None);
    document.count(Revision(3));
    insta::assert_snapshot!(document.print().unwrap(), @r#"
    {
      "revision": 3,
      "segments": {
        "z": {
          "b": 1,
          "a": 2
        }
      },
      "flags": {
        "z": {
          "rules": {},
          "enabled": false
        },
        "new": {
          "enabled": true
        }
      }
    }
    "#);
}

#[test]
fn every_text_is_read_back_byte_for_byte() {
    let texts = [
        "",
        "true",
        "false",
        "TRUE",
        " true\n",
        "1",
        "1e400",
        "null",
        "\"quoted\"",
        "{}",
        "{ }",
        "[1]",
        "{\"a\": 1}",
        "{\"a\":1.50}",
        "{\"a\":1,\"a\":2}",
        "{\"b\":{\"a\":[1,null,\"x\"]}}",
        "\0",
        "ünï\u{202e}",
        "\u{feff}true",
        "{",
    ];
    for text in texts {
        for key in [gate("a"), rules("a"), Key::Segment(FlagName::new("a").unwrap())] {
            let mut document = Document::new();
            document.set(&key, Some(text));
            let printed = document.print().unwrap();
            let read = contents(printed.as_bytes()).unwrap();
            assert_eq!(read.values[&key].text(), Some(text), "{key}: {printed}");
        }
    }
}

#[test]
fn an_object_is_nested_so_that_a_person_can_edit_it() {
    let mut document = Document::new();
    document.set(&rules("a"), Some(r#"{"rollout":10}"#));
    insta::assert_snapshot!(document.print().unwrap(), @r#"
    {
      "flags": {
        "a": {
          "rules": {
            "rollout": 10
          }
        }
      }
    }
    "#);
}
