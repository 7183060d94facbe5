//! A finished letter as plain values: blocks of text, in one language, with every value filled in.
//!
//! Text nodes only, never markup: who shows a document escapes for its own medium, and nothing that somebody
//! typed can become a tag. [`Document::plain`] is the medium without any.
mod words;

/// A language letters and pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// Chinese, the language of record.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// `zh` or `en`.
    pub fn name(self) -> &'static str {
        self.of("zh", "en")
    }

    /// The first in Chinese, the second in English.
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A finished letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its language.
    pub lang: Lang,
    /// Its heading.
    pub title: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// Text in one line or cell: its runs joined without anything between them.
pub type Text = Vec<Run>;

/// A stretch of text that was written in the pack, or filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The characters, as they are.
    pub text: String,
    /// A value of this case: what shows it may keep it on one line.
    pub filled: bool,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading inside the letter.
    Title(Text),
    /// A paragraph.
    Para(Text),
    /// A table; every row has as many cells as the head.
    Table {
        /// What the columns hold.
        head: Vec<Text>,
        /// The cells, by rows.
        rows: Vec<Vec<Text>>,
        /// How wide the columns are, as shares of their sum; none: as the medium likes.
        widths: Option<Vec<u8>>,
    },
    /// Items in an order that means something, to be numbered.
    List(Vec<Text>),
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
    Rule,
    /// Something smaller, beside the matter.
    Note(Text),
}

impl Document {
    /// The letter without any layout: for a terminal, a file of messages, and tests. A blank line between blocks.
    pub fn plain(&self) -> String {
        let blocks = self.blocks.iter().map(|block| self.plain_block(block));
        let parts: Vec<String> = std::iter::once(self.title.clone()).chain(blocks).collect();
        parts.join("\n\n") + "\n"
    }

    fn plain_block(&self, block: &Block) -> String {
        let row = |cells: &[Text]| cells.iter().map(|cell| joined(cell)).collect::<Vec<_>>().join(" | ");
        match block {
            Block::Title(text) => {
                self.lang.of(format!("【{}】", joined(text)), format!("[{}]", joined(text)))
            }
            Block::Para(text) => joined(text),
            Block::Table { head, rows, .. } => {
                let lines = std::iter::once(row(head)).chain(rows.iter().map(|cells| row(cells)));
                lines.collect::<Vec<_>>().join("\n")
            }
            Block::List(items) => {
                let item = |(n, text): (usize, &Text)| format!("{}. {}", n + 1, joined(text));
                items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
            }
            Block::Sign { issuer, date, seal } => {
                let seal = if *seal { self.lang.of("（印章）", " (seal)") } else { "" };
                format!("{issuer}{seal}\n{date}")
            }
            Block::Rule => "--------".to_owned(),
            Block::Note(text) => format!("* {}", joined(text)),
        }
    }
}

/// The characters of all runs.
pub fn joined(text: &[Run]) -> String {
    text.iter().map(|run| run.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str, filled: &str) -> Text {
        let run = |text: &str, filled| Run { text: text.to_owned(), filled };
        vec![run(written, false), run(filled, true)]
    }

    #[test]
    fn plain_text_shows_every_block_and_nothing_as_markup() {
        let blocks = vec![
            Block::Title(text("甲", "<b>")),
            Block::Para(text("您好，", "{今天}")),
            Block::Table {
                head: vec![text("项", ""), text("额", "")],
                rows: vec![vec![text("", "工资"), text("", "1.00元")]],
                widths: Some(vec![2, 1]),
            },
            Block::List(vec![text("一", ""), text("二", "")]),
            Block::Rule,
            Block::Note(text("注", "")),
            Block::Sign { issuer: "某局".into(), date: "2026年9月1日".into(), seal: true },
        ];
        let document = Document { lang: Lang::Zh, title: "通知".into(), blocks };
        assert_eq!(
            document.plain(),
            "通知\n\n【甲<b>】\n\n您好，{今天}\n\n项 | 额\n工资 | 1.00元\n\n1. 一\n2. 二\n\n--------\n\n* 注\n\n\
             某局（印章）\n2026年9月1日\n"
        );
    }
}
