//! A finished letter as it is kept and shown: blocks of text, never markup.

use anmin_base::document::{Block, Document, Lang, Run};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A finished letter in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentV1 {
    /// `zh` or `en`.
    pub lang: String,
    /// Its heading.
    pub title: String,
    /// Its blocks, in order.
    pub blocks: Vec<BlockV1>,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunV1 {
    /// The characters, as they are.
    pub text: String,
    /// A value of this case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub filled: bool,
}

/// Text in one line or cell.
pub type LineOfText = Vec<RunV1>;

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum BlockV1 {
    /// A heading inside the letter.
    Title {
        /// What it says.
        text: LineOfText,
    },
    /// A paragraph.
    Para {
        /// What it says.
        text: LineOfText,
    },
    /// A table; every row has as many cells as the head.
    Table {
        /// What the columns hold.
        head: Vec<LineOfText>,
        /// The cells, by rows.
        rows: Vec<Vec<LineOfText>>,
        /// How wide the columns are, as shares of their sum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        widths: Option<Vec<u8>>,
    },
    /// Items, to be numbered.
    List {
        /// Each.
        items: Vec<LineOfText>,
    },
    /// Who issues it, and when.
    Sign {
        /// The unit.
        issuer: String,
        /// The day, in words.
        date: String,
        /// There is room for a seal.
        seal: bool,
    },
    /// A line across.
    Rule {},
    /// Something smaller, beside the matter.
    Note {
        /// What it says.
        text: LineOfText,
    },
}

fn line(text: &[Run]) -> LineOfText {
    text.iter().map(|run| RunV1 { text: run.text.clone(), filled: run.filled }).collect()
}

fn lines(texts: &[Vec<Run>]) -> Vec<LineOfText> {
    texts.iter().map(|text| line(text)).collect()
}

impl From<&Block> for BlockV1 {
    fn from(block: &Block) -> Self {
        match block {
            Block::Title(text) => BlockV1::Title { text: line(text) },
            Block::Para(text) => BlockV1::Para { text: line(text) },
            Block::Table { head, rows, widths } => BlockV1::Table {
                head: lines(head),
                rows: rows.iter().map(|row| lines(row)).collect(),
                widths: widths.clone(),
            },
            Block::List(items) => BlockV1::List { items: lines(items) },
            Block::Sign { issuer, date, seal } => {
                BlockV1::Sign { issuer: issuer.clone(), date: date.clone(), seal: *seal }
            }
            Block::Rule => BlockV1::Rule {},
            Block::Note(text) => BlockV1::Note { text: line(text) },
        }
    }
}

impl From<&Document> for DocumentV1 {
    fn from(document: &Document) -> Self {
        DocumentV1 {
            lang: document.lang.name().into(),
            title: document.title.clone(),
            blocks: document.blocks.iter().map(BlockV1::from).collect(),
        }
    }
}

fn runs(line: &LineOfText) -> Vec<Run> {
    line.iter().map(|run| Run { text: run.text.clone(), filled: run.filled }).collect()
}

impl From<&DocumentV1> for Document {
    fn from(document: &DocumentV1) -> Self {
        let block = |block: &BlockV1| match block {
            BlockV1::Title { text } => Block::Title(runs(text)),
            BlockV1::Para { text } => Block::Para(runs(text)),
            BlockV1::Table { head, rows, widths } => Block::Table {
                head: head.iter().map(runs).collect(),
                rows: rows.iter().map(|row| row.iter().map(runs).collect()).collect(),
                widths: widths.clone(),
            },
            BlockV1::List { items } => Block::List(items.iter().map(runs).collect()),
            BlockV1::Sign { issuer, date, seal } => {
                Block::Sign { issuer: issuer.clone(), date: date.clone(), seal: *seal }
            }
            BlockV1::Rule {} => Block::Rule,
            BlockV1::Note { text } => Block::Note(runs(text)),
        };
        let lang = if document.lang == Lang::En.name() { Lang::En } else { Lang::Zh };
        Document { lang, title: document.title.clone(), blocks: document.blocks.iter().map(block).collect() }
    }
}
