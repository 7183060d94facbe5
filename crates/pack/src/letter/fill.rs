//! From a letter and the case's values to a document.
use super::field::{Field, Kind};
use super::format::{self, Format};
use super::value::{Fields, Row, Value, Words, cell};
use super::{Audience, Block, BlockKind, Condition, Letter, Piece, Slot, Wording};
use anmin_base::document::{self, Document, Lang, Run, Text, joined};
use anmin_casework::kinds::Outcome;
use std::collections::BTreeSet;
use std::fmt;

/// Why a letter was not filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// Values it needs are absent or blank.
    Missing {
        /// The letter.
        letter: String,
        /// All of them, as placeholders name them.
        fields: Vec<String>,
    },
    /// It would be posted, and the decision is against somebody.
    NeverPosted {
        /// The letter.
        letter: String,
        /// The decision.
        outcome: Outcome,
    },
}

impl Unfilled {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Unfilled::Missing { letter, fields } => {
                format!("文书 {letter} 还缺 {}，补齐后再出具", fields.join("、"))
            }
            Unfilled::NeverPosted { letter, outcome } => {
                format!("文书 {letter} 是张贴用的；“{}”的决定从不张贴，请改用送达本人的文书", outcome.zh())
            }
        }
    }
    /// In English.
    pub fn en(&self) -> String {
        match self {
            Unfilled::Missing { letter, fields } => {
                format!(
                    "the letter {letter} lacks {}; write it when that is known",
                    Lang::En.list(&texts(fields))
                )
            }
            Unfilled::NeverPosted { letter, outcome } => format!(
                "the letter {letter} is for a board; a decision to {outcome} is never posted: use a letter to the \
                 person"
            ),
        }
    }
}

fn texts(fields: &[String]) -> Vec<&str> {
    fields.iter().map(String::as_str).collect()
}

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for Unfilled {}

impl Letter {
    /// The finished letter. Pure: the same fields give the same document.
    ///
    /// # Errors
    /// All values that are needed and missing; or a letter for a board about a decision against somebody.
    pub fn fill(&self, fields: &Fields, lang: Lang) -> Result<Document, Unfilled> {
        let mut filling = Filling { fields, lang, missing: BTreeSet::new() };
        if self.audience == Audience::Board {
            self.fit_for_a_board(&mut filling)?;
        }
        let mut title = String::new();
        for (when, wording) in &self.titles {
            if filling.holds(when.as_ref()) {
                title = joined(&filling.text(wording, None));
                break;
            }
        }
        let blocks = filling.blocks(&self.blocks);
        match filling.missing.is_empty() {
            true => Ok(Document { lang, title, blocks }),
            false => Err(Unfilled::Missing {
                letter: self.name.clone(),
                fields: filling.missing.into_iter().collect(),
            }),
        }
    }

    /// A board that says anything of a decision must know it, and that it is for the person.
    fn fit_for_a_board(&self, filling: &mut Filling<'_>) -> Result<(), Unfilled> {
        let about = self.fields().keys().any(|field| field.path().starts_with("decision."));
        match filling.fields.get(Field::DecisionOutcome) {
            Some(Value::Choice(name)) => {
                let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == *name);
                match outcome.filter(|outcome| outcome.is_adverse()) {
                    Some(outcome) => Err(Unfilled::NeverPosted { letter: self.name.clone(), outcome }),
                    None => Ok(()),
                }
            }
            _ => {
                filling.missing.extend(about.then(|| Field::DecisionOutcome.path().to_owned()));
                Ok(())
            }
        }
    }
}

/// The element a block is repeated over.
#[derive(Clone, Copy)]
enum Element<'f> {
    Words(&'f Words),
    Row(&'f Row, Field),
}

struct Filling<'f> {
    fields: &'f Fields,
    lang: Lang,
    missing: BTreeSet<String>,
}

impl<'f> Filling<'f> {
    fn holds(&mut self, when: Option<&Condition>) -> bool {
        let Some(when) = when else { return true };
        when.holds(self.fields).unwrap_or_else(|field| {
            self.missing.insert(field.path().to_owned());
            false
        })
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<document::Block> {
        let mut filled = vec![];
        for block in blocks {
            if !self.holds(block.when.as_ref()) {
                continue;
            }
            let elements = match block.each {
                Some(list) => self.elements(list).into_iter().map(Some).collect(),
                None => vec![None],
            };
            self.block(&block.kind, &elements, &mut filled);
        }
        filled
    }

    /// The elements of a list; an empty one is missing, since whoever writes "for these reasons:" has some.
    fn elements(&mut self, list: Field) -> Vec<Element<'f>> {
        match self.fields.get(list) {
            Some(Value::Texts(items)) => items.iter().map(Element::Words).collect(),
            Some(Value::Rows(rows)) => rows.iter().map(|row| Element::Row(row, list)).collect(),
            _ => {
                self.missing.insert(list.path().to_owned());
                vec![]
            }
        }
    }

    fn block(&mut self, kind: &BlockKind, over: &[Option<Element<'f>>], filled: &mut Vec<document::Block>) {
        match kind {
            BlockKind::Title(w) => {
                filled.extend(over.iter().map(|e| document::Block::Title(self.text(w, *e))))
            }
            BlockKind::Para(w) => filled.extend(over.iter().map(|e| document::Block::Para(self.text(w, *e)))),
            BlockKind::Note(w) => filled.extend(over.iter().map(|e| document::Block::Note(self.text(w, *e)))),
            BlockKind::List(items) => {
                let items = over.iter().flat_map(|e| items.iter().map(|w| (*e, w)));
                filled.push(document::Block::List(items.map(|(e, w)| self.text(w, e)).collect()));
            }
            BlockKind::Table { head, rows, widths } => {
                let head = head.iter().map(|w| self.text(w, None)).collect();
                let rows = over.iter().flat_map(|e| rows.iter().map(|row| (*e, row)));
                let rows = rows.map(|(e, row)| row.iter().map(|w| self.text(w, e)).collect()).collect();
                filled.push(document::Block::Table { head, rows, widths: widths.clone() });
            }
            BlockKind::Sign { issuer, date, seal } => {
                let mut said = |field| self.slot(Slot::Field(field), None, None);
                filled.push(document::Block::Sign { issuer: said(*issuer), date: said(*date), seal: *seal });
            }
            BlockKind::Rule => filled.push(document::Block::Rule),
            BlockKind::Group(blocks) => filled.extend(self.blocks(blocks)),
        }
    }

    fn text(&mut self, wording: &Wording, element: Option<Element<'f>>) -> Text {
        let pieces = self.lang.of(&wording.zh, &wording.en);
        let run = |piece: &Piece| match piece {
            Piece::Plain(text) => Run { text: text.clone(), filled: false },
            Piece::Slot(slot, format) => Run { text: self.slot(*slot, *format, element), filled: true },
        };
        pieces.iter().map(run).collect()
    }

    fn slot(&mut self, slot: Slot, format: Option<Format>, element: Option<Element<'f>>) -> String {
        let said = match (slot, element) {
            (Slot::Field(field), _) => self
                .fields
                .get(field)
                .and_then(|value| format::write(value, field.rule().kind, format, self.lang)),
            (Slot::Item(_), Some(Element::Words(words))) => Some(words.of(self.lang).to_owned()),
            (Slot::Column(list, column), Some(Element::Row(row, of))) if list == of => {
                let kind = match list.rule().kind {
                    Kind::Rows(_, columns) => columns.iter().find(|c| c.name == column).map(|c| c.kind),
                    _ => None,
                };
                cell(row, column).zip(kind).and_then(|(v, kind)| format::write(v, kind, format, self.lang))
            }
            _ => None,
        };
        said.unwrap_or_else(|| {
            self.missing.insert(slot.path());
            String::new()
        })
    }
}
