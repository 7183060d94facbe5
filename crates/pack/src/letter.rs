//! Letters: what a pack says in writing, as blocks with places for the case's values, and filling them.
//!
//! [`Letter::fill`] takes [`Fields`], a typed map over the closed list in [`field`], and gives a
//! [`Document`](anmin_base::document::Document) of text nodes, or says which values are missing. Values are put in
//! after everything has been parsed, so what they hold is never read as a placeholder. `docs/letters.md` is the
//! specification.
mod condition;
pub mod field;
mod fill;
mod format;
pub mod sample;
mod value;

use anmin_rules::model::Place;
pub use condition::Condition;
pub use field::Field;
pub use fill::Unfilled;
pub use format::Format;
use std::collections::BTreeMap;
pub use value::{Fields, Row, Unfit, Value, Words};

/// A letter as a pack writes it, checked.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its name: the file's, and the workflow's.
    pub name: String,
    /// Who reads it.
    pub audience: Audience,
    /// Its headings: the first whose condition holds. The last has none.
    pub titles: Vec<(Option<Condition>, Wording)>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where it is written.
    pub place: Place,
}

/// Who reads a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Somebody it is addressed to.
    Person,
    /// Whoever passes: it may name only what is [fit for a board](field::FieldRule::board), and never a decision
    /// against somebody.
    Board,
}

impl Audience {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Audience); 2] = [("person", Audience::Person), ("board", Audience::Board)];
}

/// A block, and when it is there.
#[derive(Clone, Debug)]
pub struct Block {
    /// It is there when this holds, or always.
    pub when: Option<Condition>,
    /// The list it is repeated over: as a whole, or, of a list or table, its item or row.
    pub each: Option<Field>,
    /// What it says.
    pub kind: BlockKind,
}

/// What a block says.
#[derive(Clone, Debug)]
pub enum BlockKind {
    /// A heading inside the letter.
    Title(Wording),
    /// A paragraph.
    Para(Wording),
    /// Items; with `each` one that is repeated.
    List(Vec<Wording>),
    /// A table; with `each` one row that is repeated.
    Table {
        /// What the columns hold.
        head: Vec<Wording>,
        /// The rows, each as long as the head.
        rows: Vec<Vec<Wording>>,
        /// Shares of the width.
        widths: Option<Vec<u8>>,
    },
    /// Who issues it and when: fields of text and date.
    Sign {
        /// The unit.
        issuer: Field,
        /// The day.
        date: Field,
        /// Room for a seal.
        seal: bool,
    },
    /// A line across.
    Rule,
    /// Something smaller.
    Note(Wording),
    /// Blocks under one condition.
    Group(Vec<Block>),
}

/// One text in both languages.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    /// Chinese.
    pub zh: Vec<Piece>,
    /// English. It names the same values as the Chinese.
    pub en: Vec<Piece>,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As written.
    Plain(String),
    /// A value.
    Slot(Slot, Option<Format>),
}

/// What a placeholder names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A letter field.
    Field(Field),
    /// The element of a list of texts that the block is repeated over.
    Item(Field),
    /// A column of that element.
    Column(Field, &'static str),
}

impl Slot {
    /// As a placeholder names it: `deadline`, `paper`, `reason.text`.
    pub fn path(self) -> String {
        match self {
            Slot::Field(field) => field.path().to_owned(),
            Slot::Item(list) => list.each().unwrap_or_default().to_owned(),
            Slot::Column(list, column) => format!("{}.{column}", list.each().unwrap_or_default()),
        }
    }

    /// The field it comes from.
    fn list_or_field(self) -> Field {
        match self {
            Slot::Field(field) | Slot::Item(field) | Slot::Column(field, _) => field,
        }
    }
}

impl Letter {
    /// The fields it uses, in the order of the list; true for those without which it can never be filled.
    /// What a page asks for before a letter is written.
    pub fn fields(&self) -> BTreeMap<Field, bool> {
        let mut used = BTreeMap::new();
        let mut note = |field: Field, always: bool| *used.entry(field).or_insert(false) |= always;
        for (n, (when, wording)) in self.titles.iter().enumerate() {
            when.iter().flat_map(Condition::fields).for_each(|f| note(f, false));
            let always = n == 0 && when.is_none();
            wording.slots().for_each(|slot| note(slot.list_or_field(), always));
        }
        self.blocks.iter().for_each(|block| block.note(true, &mut note));
        used
    }
}

impl Wording {
    fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.zh.iter().filter_map(|piece| match piece {
            Piece::Slot(slot, _) => Some(*slot),
            Piece::Plain(_) => None,
        })
    }
}

impl Block {
    /// Its fields, and whether the block is always there.
    fn note(&self, always: bool, note: &mut dyn FnMut(Field, bool)) {
        // A condition may ask whether a field is given, so it demands none.
        self.when.iter().flat_map(Condition::fields).for_each(|f| note(f, false));
        let always = always && self.when.is_none();
        self.each.iter().for_each(|f| note(*f, always));
        let mut wordings: Vec<&Wording> = vec![];
        match &self.kind {
            BlockKind::Title(w) | BlockKind::Para(w) | BlockKind::Note(w) => wordings.push(w),
            BlockKind::List(items) => wordings.extend(items),
            BlockKind::Table { head, rows, .. } => wordings.extend(head.iter().chain(rows.iter().flatten())),
            BlockKind::Sign { issuer, date, .. } => [issuer, date].into_iter().for_each(|f| note(*f, always)),
            BlockKind::Rule => {}
            BlockKind::Group(blocks) => blocks.iter().for_each(|block| block.note(always, note)),
        }
        wordings.into_iter().flat_map(Wording::slots).for_each(|slot| note(slot.list_or_field(), always));
    }
}
