//! The parser's own errors as plain sentences with the place to look at.
use super::{keyboard, read::place};
use crate::finding::Finding;
use anmin_rules::model::Place;
use saphyr_parser::ScanError;

/// What is wrong, in Chinese and English, for messages of the parser that hold one of these parts. The first that fits
/// counts, so the narrower ones come first.
const MEANINGS: [(&[&str], &str, &str); 12] = [
    (&["tab"], "缩进不能用制表符（Tab），请改用空格", "tabs cannot indent; use spaces"),
    (
        &["unknown anchor"],
        "不能用别名（*名称）；若是式子，请加引号",
        "aliases (*name) are not read; quote it if it is an expression",
    ),
    (
        &["start with '-'", "\"-\" is only valid"],
        "单独的 - 请加引号：\"-\"；列表的每一项另起一行时才以 - 开头",
        "quote a - that stands alone: \"-\"; only items on lines of their own begin with one",
    ),
    (
        &["mapping values are not allowed", "illegal placement of ':'"],
        "此处不能有冒号。值里有“: ”（例如 a ? b : c）时请给整个值加引号；否则请检查缩进",
        "a colon cannot stand here; quote a value that holds \": \" (such as a ? b : c), or check the indentation",
    ),
    (&["end of stream", "unexpected eof"], "引号没有闭合，直到文件末尾", "a quote is never closed"),
    (
        &["flow sequence", "flow mapping", "misplaced bracket", "flow construct"],
        "方括号或花括号没有配对，或缺少逗号",
        "brackets or braces do not match, or a comma is missing",
    ),
    (
        &["escape", "hexadecimal"],
        "双引号里的 \\ 转义不合规；可改用单引号",
        "a \\ escape in double quotes is wrong; single quotes have none",
    ),
    (&["recursion limit"], "方括号或花括号嵌套太深", "brackets or braces are nested too deep"),
    (
        &["TAG", "tag", "the handle"],
        "不能用标签（!名称）；以 ! 开头的式子请加引号",
        "tags (!name) are not read; quote an expression that begins with !",
    ),
    (
        &["anchor"],
        "不能用锚点或别名（&名称、*名称）；若是式子，请加引号",
        "anchors and aliases are not read; quote it if it is an expression",
    ),
    (
        &["directive", "document"],
        "一个文件只能有一份 YAML 文档，不能有指令（%...）",
        "a file holds one YAML document and no directives (%...)",
    ),
    (
        &["indent", "block", "expected key", "simple key", "mapping keys"],
        "缩进不一致，或缺少冒号。同一层的键须左对齐，冒号后须有空格",
        "indentation does not match, or a colon is missing; keys of one level start in one column, and a space follows the colon",
    ),
];
/// What is left: a character that has no meaning, or anything else.
const CHARACTERS: [&str; 3] = ["unexpected character", "unprintable", "byte order mark"];

/// The finding for an error of the parser.
pub(super) fn finding(file: u32, text: &str, error: &ScanError) -> Finding {
    let info = error.info();
    let at = place_in(file, text, error);
    let (zh, en) = meaning(info);
    Finding::error(at, format!("{zh}（{info}）"), format!("{en} ({info})")).and(slip_near(text, at.line))
}

fn meaning(info: &str) -> (&'static str, &'static str) {
    let has = |parts: &[&str]| parts.iter().any(|part| info.contains(part));
    if let Some((_, zh, en)) = MEANINGS.iter().find(|(parts, ..)| has(parts)) {
        return (zh, en);
    }
    if has(&CHARACTERS) {
        return (
            "此处的字符不能这样用；若属于值，请加引号",
            "this character cannot stand here; quote it if it belongs to a value",
        );
    }
    ("YAML 格式不正确，请检查缩进、冒号和引号", "the YAML is malformed; check indentation, colons and quotes")
}

/// Where the error is. Some are found only after the last line: then the last line that exists.
fn place_in(file: u32, text: &str, error: &ScanError) -> Place {
    let at = place(file, *error.marker());
    let lines = text.lines().count().max(1) as u32;
    if at.line <= lines {
        return at;
    }
    let last = text.lines().last().unwrap_or_default();
    Place { file, line: lines, column: last.chars().count() as u32 + 1 }
}

/// A slip of the keyboard on the line of an error, or on the one before: there the text began that made no sense.
fn slip_near(text: &str, line: u32) -> Option<(String, String)> {
    let last = line as usize;
    let near: Vec<&str> = text.lines().take(last).skip(last.saturating_sub(2)).collect();
    near.into_iter().rev().find_map(keyboard::in_line)
}
