//! Words on the terminal: the chosen language, findings, line breaks, trees.
mod decision;
mod law;
mod pack;
mod tree;
mod width;

pub use decision::decision;
pub use pack::pack;

use anmin_app::record::{FindingV1, LawV1, SeverityV1, TextV1};
use clap::ValueEnum;
use std::io::{self, Write};

/// The language of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Language {
    /// One of two texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A text in this language.
    pub fn of(self, text: &TextV1) -> &str {
        self.pick(&text.zh, &text.en)
    }

    /// A citation in full.
    pub fn cited(self, law: &LawV1) -> String {
        format!("{}{}{}", self.of(&law.named()), self.pick("", ", "), law.article)
    }

    /// Citations in full, in brackets; nothing where there are none.
    pub fn law(self, law: &[LawV1]) -> String {
        let listed: Vec<String> = law.iter().map(|l| self.cited(l)).collect();
        match listed[..] {
            [] => String::new(),
            _ => self.bracketed(&listed.join(self.pick("；", "; "))),
        }
    }

    /// In the brackets of the language.
    pub fn bracketed(self, text: &str) -> String {
        match self {
            Language::Zh => format!("（{text}）"),
            Language::En => format!(" ({text})"),
        }
    }
}

/// A finding as a line.
pub fn finding(found: &FindingV1, language: Language) -> String {
    let place = match found.place() {
        place if place.is_empty() => "anmin".to_owned(),
        place => place,
    };
    let grave = match found.severity {
        SeverityV1::Error => "",
        SeverityV1::Warning => language.pick("警告：", "warning: "),
    };
    format!("{place}: {grave}{}", language.pick(&found.zh, &found.en))
}

/// Prints findings on standard error.
pub fn findings(found: &[FindingV1], language: Language) {
    for one in found {
        complain(&finding(one, language));
    }
}

/// Prints a line on standard error. Where that is closed or full there is nobody left to tell, and the exit code must do.
pub fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
