//! The blocks of a letter.
use super::Scope;
use crate::finding::{Finding, excerpt};
use crate::letter::field::{FIELDS, Kind};
use crate::letter::{Block, BlockKind, Field, Piece, Slot, Wording};
use crate::load::Build;
use crate::yaml::{Fields, Node};

/// The kinds of blocks; a block has one.
const KINDS: [&str; 8] = ["title", "para", "list", "table", "sign", "rule", "note", "blocks"];
/// Those that can be repeated over a list.
const REPEATED: [&str; 5] = ["title", "para", "list", "table", "note"];

impl Build {
    pub(super) fn letter_block(&mut self, node: &Node, scope: Scope) -> Option<Block> {
        let allowed = [&["when", "each"], &KINDS[..]].concat();
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let given: Vec<&str> = KINDS.into_iter().filter(|kind| fields.has(kind)).collect();
        let [kind] = given[..] else {
            let kinds = KINDS.join(", ");
            self.error(
                node.place,
                format!("一个块应当是下列之一：{kinds}"),
                format!("a block is one of {kinds}"),
            );
            return None;
        };
        let when = fields.get("when").map(|node| self.letter_condition(node, scope));
        let each = fields.get("each").map(|node| self.letter_each(node, scope));
        if fields.has("each") && !REPEATED.contains(&kind) {
            let kinds = REPEATED.join(", ");
            self.error(
                node.place,
                format!("{kind} 不能逐项重复（each）；可以的是 {kinds}"),
                format!("{kind} is not repeated with each; {kinds} can be"),
            );
            return None;
        }
        let said = fields.required(kind, &mut self.findings)?;
        let inside = Scope { each: each.flatten(), ..scope };
        let kind = self.letter_block_kind(kind, said, inside);
        let block = Block { when: part(when)?, each: part(each)?, kind: kind? };
        self.uses_its_element(&block, node);
        Some(block)
    }

    fn letter_block_kind(&mut self, kind: &str, node: &Node, scope: Scope) -> Option<BlockKind> {
        Some(match kind {
            "title" => BlockKind::Title(self.wording(node, scope)?),
            "para" => BlockKind::Para(self.wording(node, scope)?),
            "note" => BlockKind::Note(self.wording(node, scope)?),
            "list" if scope.each.is_some() => BlockKind::List(vec![self.wording(node, scope)?]),
            "list" => BlockKind::List(self.wordings(node, scope)?),
            "table" => self.letter_table(node, scope)?,
            "sign" => self.letter_sign(node, scope)?,
            "rule" => {
                let is = node.as_text().is_ok_and(|text| text == "true");
                if !is {
                    self.findings.push(node.expected(" true", "true"));
                }
                BlockKind::Rule
            }
            _ => {
                let nodes = node.as_list().map_err(|f| self.findings.push(f)).ok()?;
                BlockKind::Group(nodes.iter().filter_map(|node| self.letter_block(node, scope)).collect())
            }
        })
    }

    fn wordings(&mut self, node: &Node, scope: Scope) -> Option<Vec<Wording>> {
        let nodes = node.as_list().map_err(|f| self.findings.push(f)).ok()?;
        let read: Vec<Option<Wording>> = nodes.iter().map(|node| self.wording(node, scope)).collect();
        read.into_iter().collect()
    }

    /// `head`, and `row` with `each` or `rows` without.
    fn letter_table(&mut self, node: &Node, scope: Scope) -> Option<BlockKind> {
        let rows_key = if scope.each.is_some() { "row" } else { "rows" };
        let fields = Fields::of(node, &["head", rows_key, "widths"], &mut self.findings);
        let head = fields.required("head", &mut self.findings);
        let head = head.and_then(|node| self.wordings(node, Scope { each: None, ..scope }));
        let rows = fields.required(rows_key, &mut self.findings)?;
        let nodes = match scope.each {
            Some(_) => std::slice::from_ref(rows),
            None => rows.as_list().map_err(|f| self.findings.push(f)).ok()?,
        };
        let read: Vec<_> = nodes.iter().map(|node| (self.wordings(node, scope), node.place)).collect();
        let widths = fields.list("widths", &mut self.findings).map(|nodes| {
            let widths =
                nodes.iter().map(|n| n.as_text().ok().and_then(|t| t.parse().ok()).filter(|w| *w > 0));
            widths.collect::<Option<Vec<u8>>>().unwrap_or_default()
        });
        let head = head?;
        for (row, place) in &read {
            let cells = row.as_ref().map_or(head.len(), Vec::len);
            if cells != head.len() {
                let wanted = head.len();
                self.error(
                    *place,
                    format!("这一行有 {cells} 格，表头有 {wanted} 格"),
                    format!("this row has {cells} cells, the head has {wanted}"),
                );
            }
        }
        if let (Some(widths), Some(node)) = (&widths, fields.get("widths"))
            && widths.len() != head.len()
        {
            let wanted = head.len();
            self.error(
                node.place,
                format!("widths 应为 {wanted} 个 1 到 255 的整数"),
                format!("widths is {wanted} whole numbers from 1 to 255"),
            );
        }
        let rows: Option<Vec<_>> = read.into_iter().map(|(row, _)| row).collect();
        Some(BlockKind::Table { head, rows: rows?, widths })
    }

    fn letter_sign(&mut self, node: &Node, scope: Scope) -> Option<BlockKind> {
        let fields = Fields::of(node, &["issuer", "date", "seal"], &mut self.findings);
        let issuer = self.letter_field(&fields, "issuer", Kind::Text, scope);
        let date = self.letter_field(&fields, "date", Kind::Date, scope);
        fields.required("seal", &mut self.findings);
        let seal = fields.flag("seal", &mut self.findings);
        Some(BlockKind::Sign { issuer: issuer?, date: date?, seal: seal? })
    }

    /// The name of a field of a type under a key.
    fn letter_field(&mut self, fields: &Fields<'_>, key: &str, kind: Kind, scope: Scope) -> Option<Field> {
        let path = fields.required_text(key, &mut self.findings)?;
        let place = fields.required(key, &mut self.findings)?.place;
        let fits = |rule: &&crate::letter::field::FieldRule| rule.kind == kind;
        let known: Vec<&str> = FIELDS.iter().filter(fits).map(|rule| rule.path).collect();
        if !known.contains(&path) {
            let (zh, en) = kind.words();
            let what = (format!("类型是{zh}的文书字段"), format!("letter field that is {en} called"));
            self.findings.push(Finding::unknown(place, (&what.0, &what.1), path, &known));
            return None;
        }
        let field = Field::named(path)?;
        self.fit_for_its_audience(field, place, scope);
        Some(field)
    }

    /// The list a block is repeated over.
    fn letter_each(&mut self, node: &Node, scope: Scope) -> Option<Field> {
        let path = node.as_text().map_err(|f| self.findings.push(f)).ok()?;
        let field = Field::named(path).filter(|field| field.each().is_some());
        let Some(field) = field else {
            let lists = FIELDS.iter().filter(|rule| rule.field.each().is_some());
            let known: Vec<&str> = lists.map(|rule| rule.path).collect();
            self.findings.push(Finding::unknown(node.place, ("列表字段", "list field"), path, &known));
            return None;
        };
        self.fit_for_its_audience(field, node.place, scope);
        Some(field)
    }

    /// A block that is repeated says something of each element.
    fn uses_its_element(&mut self, block: &Block, node: &Node) {
        let Some(list) = block.each else { return };
        let wordings: Vec<&Wording> = match &block.kind {
            BlockKind::Title(w) | BlockKind::Para(w) | BlockKind::Note(w) => vec![w],
            BlockKind::List(items) => items.iter().collect(),
            BlockKind::Table { rows, .. } => rows.iter().flatten().collect(),
            BlockKind::Sign { .. } | BlockKind::Rule | BlockKind::Group(_) => return,
        };
        let of_element = |piece: &Piece| match piece {
            Piece::Slot(Slot::Item(of) | Slot::Column(of, _), _) => *of == list,
            _ => false,
        };
        if !wordings.iter().flat_map(|w| &w.zh).any(of_element) {
            let each = list.each().unwrap_or_default();
            let path = excerpt(list.path());
            self.error(
                node.place,
                format!("逐项重复 {path}，文字里却没有 {each}"),
                format!("it is repeated over {path} and says nothing of {each}"),
            );
        }
    }
}

/// A part that is absent, or was read; none when it could not be.
fn part<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}
