//! Texts with placeholders: `{name}` and `{name|format}`.
use super::Scope;
use crate::finding::{Finding, excerpt};
use crate::letter::field::{FIELDS, Kind};
use crate::letter::{Audience, Field, Format, Piece, Slot, Wording};
use crate::load::Build;
use crate::yaml::{Fields, Node};
use anmin_base::document::Lang;
use anmin_rules::model::Place;
use std::collections::BTreeSet;

impl Build {
    /// `{zh: ..., en: ...}`, which say the same values.
    pub(super) fn wording(&mut self, node: &Node, scope: Scope) -> Option<Wording> {
        let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
        self.wording_of(&fields, scope)
    }

    pub(super) fn wording_of(&mut self, fields: &Fields<'_>, scope: Scope) -> Option<Wording> {
        let mut read = |key, lang| {
            fields.required_text(key, &mut self.findings)?;
            let node = fields.required(key, &mut self.findings)?;
            let pieces = self.pieces(node, lang, scope);
            Some((pieces, node.place))
        };
        let (zh, en) = (read("zh", Lang::Zh), read("en", Lang::En));
        let ((Some(zh), zh_place), (Some(en), en_place)) = (zh?, en?) else { return None };
        for (said, other, place, lang) in [(&zh, &en, en_place, "en"), (&en, &zh, zh_place, "zh")] {
            for slot in slots(said).difference(&slots(other)) {
                let path = slot.path();
                self.error(
                    place,
                    format!("{lang} 里没有 {{{path}}}；中英文应当说同样的内容"),
                    format!("{lang} does not say {{{path}}}; both languages say the same"),
                );
            }
        }
        Some(Wording { zh, en })
    }

    fn pieces(&mut self, node: &Node, lang: Lang, scope: Scope) -> Option<Vec<Piece>> {
        let text = node.as_text().ok()?;
        let before = self.findings.len();
        let (mut pieces, mut rest, mut at) = (vec![], text, 0);
        if text.trim().is_empty() {
            self.error(node.place, "文字是空的", "the text is empty");
        }
        while let Some(found) = rest.find(['{', '}', '｛', '｝']) {
            let (plain, tail) = rest.split_at(found);
            plain_piece(plain, &mut pieces);
            at += plain.chars().count() as u32;
            let place = node.place_in_text(at);
            let end = tail.find('}').filter(|end| tail.starts_with('{') && !tail[1..*end].contains('{'));
            let Some(end) = end else {
                self.error(
                    place,
                    "花括号须成对，写作 {名称} 或 {名称|格式}，用半角",
                    "braces come in pairs, as {name} or {name|format}, in half width",
                );
                return None;
            };
            let slot = self.placeholder(&tail[1..end], place, lang, scope);
            pieces.extend(slot.map(|(slot, format)| Piece::Slot(slot, format)));
            at += tail[..=end].chars().count() as u32;
            rest = &tail[end + 1..];
        }
        plain_piece(rest, &mut pieces);
        if lang == Lang::En
            && let Some((at, han)) = text.chars().enumerate().find(|(_, c)| is_chinese(*c))
        {
            self.error(
                node.place_in_text(at as u32),
                format!("英文里有中文字符“{han}”"),
                format!("the English holds the Chinese character {han}"),
            );
        }
        (self.findings.len() == before).then_some(pieces)
    }

    fn placeholder(
        &mut self,
        written: &str,
        place: Place,
        lang: Lang,
        scope: Scope,
    ) -> Option<(Slot, Option<Format>)> {
        let (path, format) = match written.split_once('|') {
            Some((path, format)) => (path, Some(format)),
            None => (written, None),
        };
        let (slot, kind) = self.slot(path, place, scope)?;
        let Some(formats) = Format::of(kind) else {
            let (zh, en) = match kind {
                Kind::Flag => ("是“是否”，只用在 when 里", "is yes or no: it is for when"),
                _ => ("是列表：请给这个块写 each", "is a list: give the block an each"),
            };
            self.error(place, format!("{path} {zh}"), format!("{path} {en}"));
            return None;
        };
        let Some(format) = format else { return Some((slot, None)) };
        let known: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let Some(format) = formats.iter().find(|f| f.name() == format) else {
            let (zh, en) = kind.words();
            let what = (format!("适合{zh}的格式"), format!("format for {en} called"));
            self.findings.push(Finding::unknown(place, (&what.0, &what.1), format, &known));
            return None;
        };
        if *format == Format::MoneyWords && lang == Lang::En {
            self.error(
                place,
                "money_words 是中文大写，英文请用 money",
                "money_words is written in Chinese; use money in English",
            );
        }
        Some((slot, Some(*format)))
    }

    /// What a name means here, and its type.
    fn slot(&mut self, path: &str, place: Place, scope: Scope) -> Option<(Slot, Kind)> {
        if let Some(field) = Field::named(path) {
            self.fit_for_its_audience(field, place, scope);
            return Some((Slot::Field(field), field.rule().kind));
        }
        let elements = scope.each.map(elements).unwrap_or_default();
        if let Some((slot, kind, _)) = elements.iter().find(|(.., name)| name == path) {
            return Some((*slot, *kind));
        }
        // The element of a list that the block is not repeated over.
        let of = |field: &Field| elements_named(*field, path);
        if let Some(list) = FIELDS.iter().map(|rule| rule.field).find(of) {
            let each = list.path();
            self.error(
                place,
                format!("{path} 是 {each} 中的一项：请给这个块写 each: {each}"),
                format!("{path} is of an element of {each}: give the block each: {each}"),
            );
            return None;
        }
        let names = elements.iter().map(|(.., name)| name.as_str());
        let known: Vec<&str> = names.chain(FIELDS.iter().map(|rule| rule.path)).collect();
        self.findings.push(Finding::unknown(place, ("文书字段", "letter field"), path, &known));
        None
    }

    /// A board shows nothing that is not fit for it.
    pub(super) fn fit_for_its_audience(&mut self, field: Field, place: Place, scope: Scope) {
        if scope.audience == Audience::Person || field.rule().board {
            return;
        }
        let path = excerpt(field.path());
        self.error(
            place,
            format!("张贴的文书不能写 {path}：只写姓名、人数、金额和联系方式"),
            format!("a letter for a board does not say {path}: name, number of persons, amount and whom to ask only"),
        );
    }
}

/// What a placeholder can name of an element: slot, type, name.
fn elements(list: Field) -> Vec<(Slot, Kind, String)> {
    match list.rule().kind {
        Kind::Texts(each) => vec![(Slot::Item(list), Kind::Text, each.to_owned())],
        Kind::Rows(each, columns) => {
            let column = |c: &crate::letter::field::Column| {
                (Slot::Column(list, c.name), c.kind, format!("{each}.{}", c.name))
            };
            columns.iter().map(column).collect()
        }
        _ => vec![],
    }
}

fn elements_named(list: Field, path: &str) -> bool {
    elements(list).iter().any(|(.., name)| name == path)
}

fn slots(pieces: &[Piece]) -> BTreeSet<Slot> {
    let slot = |piece: &Piece| match piece {
        Piece::Slot(slot, _) => Some(*slot),
        Piece::Plain(_) => None,
    };
    pieces.iter().filter_map(slot).collect()
}

fn plain_piece(text: &str, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Plain(text.to_owned()));
    }
}

/// Han characters, and punctuation and letters of full width.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}
