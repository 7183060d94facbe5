//! Names, numbers, quoted text, and characters that no expression has.
use super::{Kind, Scanner};
use crate::expression::Problem;
use crate::finding::excerpt;
use anmin_rules::syntax::Span;

impl Scanner<'_> {
    fn bytes_while(&self, at: usize, test: impl Fn(&u8) -> bool) -> usize {
        self.text.as_bytes()[at..].iter().take_while(|b| test(b)).count()
    }

    pub(super) fn word(&mut self, at: usize) -> usize {
        let length = self.bytes_while(at, |b| b.is_ascii_alphanumeric() || *b == b'_');
        let word = &self.text[at..at + length];
        let after_value = self.tokens.last().is_some_and(|t| t.ends_a_value(self.text));
        match word.to_ascii_lowercase().as_str() {
            "null" => self.refuse(
                at,
                length,
                "没有 null；未知的值由引擎处理",
                "there is no null; the engine deals with what is unknown",
            ),
            "and" if after_value => self.refuse(at, length, "“并且”写作 &&", "write && for and"),
            "or" if after_value => self.refuse(at, length, "“或者”写作 ||", "write || for or"),
            "not" if !after_value => self.refuse(at, length, "“不”写作 !", "write ! for not"),
            "r" | "b" | "br" | "rb" if self.text[at + length..].starts_with(['"', '\'']) => {
                return length + self.quoted(at + length);
            }
            _ => self.push(at, length, Kind::Name),
        }
        length
    }

    pub(super) fn number(&mut self, at: usize) -> usize {
        let mut length = self.bytes_while(at, |b| b.is_ascii_alphanumeric() || *b == b'_');
        let digits = self.bytes_while(at, u8::is_ascii_digit);
        let followed = |l: usize| self.text.as_bytes().get(at + l).copied();
        if length == digits
            && followed(length) == Some(b'.')
            && followed(length + 1).is_some_and(|b| b.is_ascii_digit())
        {
            length += 1 + self.bytes_while(at + length + 1, |b| b.is_ascii_alphanumeric() || *b == b'.');
        }
        let number = excerpt(&self.text[at..at + length]);
        if length == digits {
            self.push(at, length, Kind::Number);
        } else if followed(digits) == Some(b'.') || matches!(followed(digits), Some(b'e' | b'E')) {
            self.refuse(
                at,
                length,
                format!("式子里没有小数（{number}）：把这个数写进 parameters.yaml，注明出处"),
                format!(
                    "there are no decimals ({number}): put the figure into parameters.yaml with its source"
                ),
            );
        } else {
            self.refuse(
                at,
                length,
                format!("{number} 不是整数；整数只用数字 0 到 9"),
                format!("{number} is not a whole number; only the digits 0 to 9 are used"),
            );
        }
        length
    }

    /// A quoted text, to its closing quote or the end.
    pub(super) fn quoted(&mut self, at: usize) -> usize {
        let quote = self.text[at..].chars().next().unwrap_or('"');
        let length = self.text[at + 1..].find(quote).map_or(self.text.len() - at, |l| l + 2);
        self.refuse(
            at,
            length,
            "式子里没有文字；枚举的值直接写名称，不加引号",
            "there is no text in expressions; the values of an enum are written by name, without quotes",
        );
        length
    }

    /// A character beyond ASCII: full-width signs are the common slip, a Chinese word is refused as one.
    pub(super) fn foreign(&mut self, column: usize, at: usize, c: char) -> usize {
        const SLIPS: [(char, &str); 12] = [
            ('（', "("),
            ('）', ")"),
            ('，', ","),
            ('：', ":"),
            ('？', "?"),
            ('！', "!"),
            ('＋', "+"),
            ('－', "-"),
            ('×', "*"),
            ('÷', "/"),
            ('≤', "<="),
            ('≥', ">="),
        ];
        let rest = &self.text[at..];
        let word = match rest.find(|c: char| c.is_ascii() || !c.is_alphanumeric()) {
            Some(0) => &rest[..c.len_utf8()],
            Some(end) => &rest[..end],
            None => rest,
        };
        let start = column as u32;
        let span = Span { start, end: start + word.chars().count() as u32 };
        let shown = excerpt(word);
        self.problems.push(match SLIPS.iter().find(|(slip, _)| *slip == c) {
            Some((_, sign)) => Problem::new(
                span,
                format!("{shown} 请写成半角 {sign}"),
                format!("write {sign} instead of {shown}"),
            ),
            None => Problem::new(
                span,
                format!("式子里不能有 {shown}；名称只用英文字母、数字和 _"),
                format!("{shown} cannot stand in an expression; names are of Latin letters, digits and _"),
            ),
        });
        word.len()
    }
}
