//! Builds the tree from the parser's events, without recursion, and refuses what packs have no use for.
use super::{Key, MAX_DEPTH, MAX_FINDINGS, MAX_NODES, Node, Value, bytes, keyboard, syntax};
use crate::finding::{Finding, excerpt};
use anmin_rules::model::Place;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use std::collections::HashMap;

/// Reads one YAML document from bytes. `file` is the number its places carry.
///
/// # Errors
/// All findings: bytes that are not UTF-8 (with a guess at GBK), a syntax error, more than the allowed size, depth or nodes, an alias,
/// anchor or tag, a duplicate key, a second document, an empty file.
pub fn read(file: u32, bytes: &[u8]) -> Result<Node, Vec<Finding>> {
    let text = bytes::text(file, bytes).map_err(|f| vec![f])?;
    // The parser has unreachable arms; a file somebody uploads must not end the process should one be reached.
    std::panic::catch_unwind(|| Tree::new(file).build(text)).unwrap_or_else(|_| {
        Err(vec![Finding::error(
            Place { file, line: 1, column: 1 },
            "YAML 解析器无法处理这个文件。请检查缩进和引号",
            "the YAML parser cannot cope with this file; check indentation and quotes",
        )])
    })
}

/// A list or map not yet closed.
enum Open {
    List(Place, Vec<Node>),
    Map { place: Place, entries: Vec<(Key, Node)>, lines: HashMap<String, u32>, key: Option<Key> },
}

struct Tree {
    file: u32,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    findings: Vec<Finding>,
}

impl Tree {
    fn new(file: u32) -> Self {
        Tree { file, open: vec![], root: None, documents: 0, nodes: 0, findings: vec![] }
    }

    fn build(mut self, text: &str) -> Result<Node, Vec<Finding>> {
        let mut parser = Parser::new_from_str(text);
        while let Some(next) = parser.next_event() {
            let go_on = match next {
                Ok((event, span)) => self.event(event, span),
                Err(error) => {
                    self.findings.push(syntax::finding(self.file, text, &error));
                    false
                }
            };
            if !go_on || self.findings.len() >= MAX_FINDINGS {
                break;
            }
        }
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        self.root.filter(|root| !root.is_null()).ok_or_else(|| {
            vec![Finding::error(
                Place { file: self.file, line: 1, column: 1 },
                "文件是空的，或只有注释",
                "the file is empty or holds only comments",
            )]
        })
    }

    /// Takes one event; false to stop reading.
    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        let place = self.place(span.start);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(
                        place,
                        "一个文件只能有一份 YAML 文档，请删去第二个 ---",
                        "a file holds one YAML document; remove the second ---",
                    );
                    return false;
                }
            }
            Event::Alias(_) => {
                self.refuse(
                    place,
                    "不能用别名（*名称）；若是式子，请加引号",
                    "aliases (*name) are not read; quote it if it is an expression",
                );
                return self.add(Node { place, value: Value::Null, text_place: (place, false) });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.plain_node(place, anchor, tag.is_some());
                return self.scalar(&text, style, span);
            }
            Event::SequenceStart(anchor, tag) => {
                self.plain_node(place, anchor, tag.is_some());
                return self.enter(place, Open::List(place, vec![]));
            }
            Event::MappingStart(anchor, tag) => {
                self.plain_node(place, anchor, tag.is_some());
                let map = Open::Map { place, entries: vec![], lines: HashMap::new(), key: None };
                return self.enter(place, map);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (place, value) = match self.open.pop() {
                    Some(Open::List(place, nodes)) => (place, Value::List(nodes)),
                    Some(Open::Map { place, entries, .. }) => (place, Value::Map(entries)),
                    None => return false,
                };
                return self.add(Node { place, value, text_place: (place, false) });
            }
        }
        true
    }

    fn plain_node(&mut self, place: Place, anchor: usize, tag: bool) {
        if anchor != 0 {
            self.refuse(
                place,
                "不能用锚点（&名称）；若是式子，请加引号",
                "anchors (&name) are not read; quote it if it is an expression",
            );
        }
        if tag {
            self.refuse(
                place,
                "不能用标签（!名称）；以 ! 开头的式子请加引号",
                "tags (!name) are not read; quote an expression that begins with !",
            );
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> bool {
        let place = self.place(span.start);
        let quoted = style != ScalarStyle::Plain;
        let value = match text {
            "" | "~" | "null" if !quoted => Value::Null,
            _ => Value::Scalar { text: text.to_owned(), quoted },
        };
        let one_line = span.start.line() == span.end.line();
        let begins = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                Place { column: place.column + 1, ..place }
            }
            // The parser places a block at its first line of text.
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => place,
        };
        self.add(Node { place, value, text_place: (begins, one_line) })
    }

    fn enter(&mut self, place: Place, open: Open) -> bool {
        if let Some(Open::Map { key: None, .. }) = self.open.last() {
            self.refuse(
                place,
                "键必须是一个名称，不能是列表或映射",
                "a key must be a name, not a list or a map",
            );
            return false;
        }
        if self.open.len() >= MAX_DEPTH {
            self.refuse(
                place,
                format!("嵌套超过 {MAX_DEPTH} 层"),
                format!("nested more than {MAX_DEPTH} levels deep"),
            );
            return false;
        }
        self.open.push(open);
        true
    }

    /// Puts a finished node where it belongs: as the root, an element, a key or a value.
    fn add(&mut self, node: Node) -> bool {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            self.refuse(
                node.place,
                format!("文件超过 {MAX_NODES} 个节点。请分成几个文件"),
                format!("the file has more than {MAX_NODES} nodes; split it"),
            );
            return false;
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, nodes)) => nodes.push(node),
            Some(Open::Map { entries, lines, key, .. }) => match key.take() {
                Some(taken) => entries.push((taken, node)),
                None => {
                    let (new, finding) = new_key(node, lines);
                    self.findings.extend(finding);
                    *key = Some(new);
                }
            },
        }
        true
    }

    fn refuse(&mut self, place: Place, zh: impl Into<String>, en: impl Into<String>) {
        self.findings.push(Finding::error(place, zh, en));
    }

    fn place(&self, mark: Marker) -> Place {
        place(self.file, mark)
    }
}

pub(super) fn place(file: u32, mark: Marker) -> Place {
    Place { file, line: mark.line() as u32, column: mark.col() as u32 + 1 }
}

fn new_key(node: Node, lines: &mut HashMap<String, u32>) -> (Key, Option<Finding>) {
    let at = node.place;
    let text = match node.value {
        Value::Scalar { text, .. } => text,
        _ => String::new(),
    };
    let finding = if text.is_empty() {
        Some(Finding::error(at, "键不能为空", "a key must not be empty"))
    } else if text == "<<" {
        Some(Finding::error(
            at,
            "不能用 << 合并，请把内容写全",
            "<< merges are not read; write the entries out",
        ))
    } else if let Some(first) = lines.get(&text) {
        let shown = excerpt(&text);
        let finding = Finding::error(
            at,
            format!("键 {shown} 重复，第 {first} 行已经写过"),
            format!("the key {shown} is given twice; the first is on line {first}"),
        );
        let number = text.bytes().all(|b| b.is_ascii_digit());
        Some(finding.and(number.then(keyboard::separator)))
    } else {
        lines.insert(text.clone(), at.line);
        None
    };
    (Key { text, place: at }, finding)
}
