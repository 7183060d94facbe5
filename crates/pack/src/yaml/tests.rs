use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// What is wrong with a file: `line:column zh` of every finding.
fn wrong(text: &str) -> Vec<String> {
    let findings = read(0, text.as_bytes()).expect_err(text);
    findings.iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.zh)).collect()
}

fn check(text: &str, expected: &[&str]) {
    let found = wrong(text);
    assert_eq!(found.len(), expected.len(), "{text:?}: {found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{text:?}: {found}\nexpected {expected}");
    }
}

#[test]
fn every_node_knows_its_place() {
    let node =
        read(3, "# 说明\na:\n  - 1\n  - '工资: 2'\nb: {c: ~, d: null, e: 'null'}\n".as_bytes()).unwrap();
    let list = node.get("a").unwrap().as_list().unwrap();
    assert_eq!(list[1].place, Place { file: 3, line: 4, column: 5 });
    assert_eq!(list[1].text_place(), Place { file: 3, line: 4, column: 6 });
    assert_eq!(list[1].as_text(), Ok("工资: 2"));
    let map = node.get("b").unwrap();
    assert!(map.get("c").unwrap().is_null() && map.get("d").unwrap().is_null());
    assert_eq!(map.get("e").unwrap().as_text(), Ok("null"));
    assert_eq!(node.as_map().unwrap()[1].0.place, Place { file: 3, line: 5, column: 1 });
}

#[test]
fn columns_of_text_on_several_lines_are_those_of_its_beginning() {
    let node = read(0, b"a: >-\n  x +\n  y\nb: x + y\n").unwrap();
    let folded = node.get("a").unwrap();
    assert_eq!(folded.as_text(), Ok("x + y"));
    assert_eq!(folded.place_in_text(4), Place { file: 0, line: 2, column: 3 });
    assert_eq!(node.get("b").unwrap().place_in_text(4), Place { file: 0, line: 4, column: 8 });
}

#[test]
fn refuses_with_the_place_and_what_to_do() {
    check("", &["1:1 文件是空的"]);
    check("# 只有注释\n", &["1:1 文件是空的"]);
    check("a: 1\nb: 2\na: 3\nb: 4\n", &["3:1 键 a 重复，第 1 行", "4:1 键 b 重复，第 2 行"]);
    check("a: &x 1\nb: !!int 2\n", &["1:4 不能用锚点", "2:4 不能用标签"]);
    check("a: &x 1\nb: *x\n", &["1:", "2:4 不能用别名"]);
    check("when: *ok\n", &["1:"]);
    check("when: !property_ok\n", &["1:7 不能用标签（!名称）；以 ! 开头的式子请加引号"]);
    check("[a, b]: 1\n", &["1:1 键必须是一个名称"]);
    check("? {a: 1}\n: 2\n", &["1:3 键必须是一个名称"]);
    check("~: 1\n", &["1:1 键不能为空"]);
    check("<<: {a: 1}\n", &["1:1 不能用 <<"]);
    check("a: 1\n---\nb: 2\n", &["2:1 一个文件只能有一份"]);
    check("a:\n\tb: 1\n", &["2:"]);
    check("value: x ? a : b\n", &["1:14 此处不能有冒号"]);
    check("a: 'x\nb: 1\n", &["1:"]);
    check("a: [1, 2\nb: 3\n", &["2:"]);
    check("a: \"\\q\"\n", &["1:"]);
    check("a: 1\n  b: 2\n", &["2:4 此处不能有冒号"]);
    check("a: @x\n", &["1:4 此处的字符不能这样用"]);
}

#[test]
fn accessors_name_what_was_expected_and_found() {
    let node = read(0, b"a: [1, 2]\nb: 3\n").unwrap();
    let a = node.get("a").unwrap().as_text().unwrap_err();
    assert_eq!(a.zh, "此处应为一个值，现在是有 2 项的列表");
    assert_eq!(a.en, "expected a single value here, found a list of 2");
    let b = node.get("b").unwrap().as_map().unwrap_err();
    assert_eq!(b.zh, "此处应为一组“键: 值”，现在是“3”");
}

#[test]
fn fields_collect_every_finding() {
    let node = read(0, b"typo: 1\nzh: a\nflag: yes\nhit: firs\nnumber: 1.5\nempty:\n").unwrap();
    let mut out = vec![];
    let allowed = ["type", "zh", "en", "flag", "hit", "number", "empty"];
    let fields = Fields::of(&node, &allowed, &mut out);
    assert_eq!(fields.required_text("type", &mut out), None);
    fields.label(&mut out);
    assert_eq!(fields.flag("flag", &mut out), None);
    assert_eq!(fields.choice("hit", &[("first", 1), ("unique", 2)], &mut out), None);
    assert_eq!(fields.whole("number", &mut out), None);
    assert_eq!(fields.text("empty", &mut out), None);
    assert_eq!(fields.text("en", &mut out), None);
    let found: Vec<_> = out.iter().map(|f| f.zh.as_str()).collect();
    assert_eq!(
        found,
        [
            "没有名为 typo 的键，是不是 type。可用：type、zh、en、flag、hit、number、empty",
            "缺少 type",
            "缺少 en",
            "此处应为 true 或 false，现在是“yes”",
            "没有名为 firs 的 hit 值，是不是 first。可用：first、unique",
            "此处应为整数，现在是“1.5”",
            "empty 的值为空",
        ]
    );
}

#[test]
fn hostile_files_are_refused_quickly() {
    let most = MAX_BYTES;
    let many = |part: &str| part.repeat(most / part.len());
    let nested_block: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let mut files = vec![nested_block];
    for part in [
        "[",
        "{",
        "- ",
        "? ",
        "a: ",
        "{a: ",
        "[[]",
        "'",
        "\"",
        "&a ",
        "*a ",
        "!a ",
        "|\n",
        "-\n",
        "a:\n",
        "[a,",
        "x\n",
        "\r",
        ": ",
        "#\n",
        "--- ",
        "---\n",
        "%\n",
        "é",
        "\u{202e}",
        "a\tb",
        "- - -\n",
        "{}\n",
        ",",
        "]",
        "a ",
        "? - ",
        "\"\\",
        "%TAG ! a\n",
        "[?",
        "[? [",
        "{? {",
        "- ? ",
        "'a': ",
        "1,\n",
        "[:",
        "\u{feff}",
    ] {
        files.push(many(part));
        files.push(format!("a:\n  - {}", part.repeat(10_000)));
    }
    files.push(format!("a: [{}]", "1,".repeat(most / 2 - 10)));
    for file in files {
        let started = Instant::now();
        let _ = read(0, file.as_bytes());
        let begins: String = file.chars().take(20).collect();
        assert!(started.elapsed() < Duration::from_secs(30), "{begins:?} took {:?}", started.elapsed());
    }
}

#[test]
fn counts_depth_and_nodes() {
    check(&format!("a: {}1{}", "[".repeat(30), "]".repeat(30)), &["1:27 嵌套超过 24 层"]);
    check(&format!("a: [{}]", "1,".repeat(210_000)), &["1:"]);
    assert!(read(0, format!("a: {}1{}", "[".repeat(23), "]".repeat(23)).as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_tree_or_findings(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(0, &bytes);
    }

    #[test]
    fn any_soup_of_signs_ends_in_a_tree_or_findings(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'", "\"", "|", ">", "&x ", "*x", "!t ", "#",
                "? ", "---", "...", "%", "\t", "~", "工", "\\", "\r\n", "<<",
            ]),
            0..60,
        )
    ) {
        if let Err(findings) = read(0, parts.concat().as_bytes()) {
            prop_assert!(findings.iter().all(|f| f.place.line >= 1 && f.place.column >= 1));
        }
    }
}
