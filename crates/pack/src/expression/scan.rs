//! The words and signs of an expression, read before the CEL parser sees it: whatever the rule language does not have
//! is refused here with a sentence, and nesting is counted, since that parser recurses without bound.
mod words;

use super::{MAX_BYTES, MAX_NESTING, Problem};
use crate::finding::excerpt;
use anmin_rules::syntax::Span;

/// Problems after which scanning stops: nobody reads further.
const MAX_PROBLEMS: usize = 20;

/// A word or sign. All are ASCII, so that bytes and characters count alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub span: Span,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    /// A bracket and the token that closes it.
    Open(usize),
    /// A bracket and the token that opens it.
    Close(usize),
    Sign,
}

impl Token {
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.span.start as usize..self.span.end as usize).unwrap_or_default()
    }

    /// Whether a value may end here, so that a `-` after it subtracts.
    fn ends_a_value(&self, text: &str) -> bool {
        match self.kind {
            Kind::Name => self.text(text) != "in",
            Kind::Number | Kind::Close(_) => true,
            Kind::Open(_) | Kind::Sign => false,
        }
    }
}

/// The tokens of a text that the CEL parser may be given.
pub(super) fn scan(text: &str) -> Result<Vec<Token>, Vec<Problem>> {
    if text.len() > MAX_BYTES {
        let span = Span { start: 0, end: 0 };
        return Err(vec![Problem::new(
            span,
            format!("式子有 {} 字节，最多 {MAX_BYTES}。请分成几个变量", text.len()),
            format!("the expression has {} bytes, at most {MAX_BYTES}; split it into variables", text.len()),
        )]);
    }
    let mut scanner = Scanner { text, tokens: vec![], open: vec![], problems: vec![] };
    scanner.run();
    if scanner.tokens.is_empty() && scanner.problems.is_empty() {
        scanner.refuse(0, 0, "式子是空的", "the expression is empty");
    }
    if scanner.problems.is_empty() { Ok(scanner.tokens) } else { Err(scanner.problems) }
}

/// An open bracket, and the `?` seen since it was opened or since its last comma.
struct Level {
    token: usize,
    questions: usize,
}

struct Scanner<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    open: Vec<Level>,
    problems: Vec<Problem>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        self.open.push(Level { token: usize::MAX, questions: 0 });
        // Where the next token begins, in bytes; what went before has been taken or refused.
        let mut taken = 0;
        for (column, (at, c)) in self.text.char_indices().enumerate() {
            if at < taken {
                continue;
            }
            let length = match c {
                ' ' | '\t' | '\r' | '\n' => 1,
                'a'..='z' | 'A'..='Z' | '_' => self.word(at),
                '0'..='9' => self.number(at),
                _ if c.is_ascii() => self.sign(at),
                _ => self.foreign(column, at, c),
            };
            taken = at + length;
            if self.problems.len() >= MAX_PROBLEMS || self.too_deep(at) {
                return;
            }
        }
        for level in std::mem::take(&mut self.open).into_iter().skip(1) {
            let span = self.tokens[level.token].span;
            let sign = self.tokens[level.token].text(self.text).to_owned();
            self.problems.push(Problem::new(
                span,
                format!("{sign} 没有闭合"),
                format!("{sign} is never closed"),
            ));
        }
        self.problems.sort_by_key(|p| p.span.start);
    }

    fn too_deep(&mut self, at: usize) -> bool {
        let depth = self.open.len() - 1 + self.open.iter().map(|l| l.questions).sum::<usize>();
        if depth <= MAX_NESTING {
            return false;
        }
        self.problems.clear();
        self.refuse(
            at,
            1,
            format!("式子嵌套超过 {MAX_NESTING} 层。请分成几个变量"),
            format!("nested more than {MAX_NESTING} levels deep; split it into variables"),
        );
        true
    }

    fn sign(&mut self, at: usize) -> usize {
        const SIGNS: [&str; 22] = [
            "&&", "||", "==", "!=", "<=", ">=", "//", "<>", "<", ">", "+", "-", "*", "/", "!", "?", ":", ",",
            ".", "%", "&", "|",
        ];
        let rest = &self.text[at..];
        let Some(sign) = SIGNS.into_iter().find(|s| rest.starts_with(s)) else {
            return self.bracket(at, rest.chars().next().unwrap_or_default());
        };
        let before_digit = rest[sign.len()..].starts_with(|c: char| c.is_ascii_digit());
        if let Some((zh, en)) = self.not_a_sign(sign, before_digit) {
            self.refuse(at, sign.len(), zh, en);
        } else if let "!" | "-" = sign {
            self.prefix(at, sign);
        } else {
            self.operator(at, sign);
        }
        sign.len()
    }

    /// A bracket, a quoted text, or a character that has no meaning.
    fn bracket(&mut self, at: usize, c: char) -> usize {
        match c {
            '(' | '[' => self.opens(at),
            ')' | ']' => self.closes(at),
            '"' | '\'' => return self.quoted(at),
            '{' | '}' => self.refuse(at, 1, "式子里没有 { }", "there is no { } in expressions"),
            '=' => self.refuse(at, 1, "相等写作 ==", "write == for equal"),
            _ => {
                let shown = excerpt(&c.to_string());
                let (zh, en) =
                    (format!("式子里不能有 {shown}"), format!("{shown} cannot stand in an expression"));
                self.refuse(at, 1, zh, en);
            }
        }
        1
    }

    /// What to write in place of a sign that other languages have.
    fn not_a_sign(&self, sign: &str, before_digit: bool) -> Option<(&'static str, &'static str)> {
        let instead = match sign {
            "//" => {
                ("式子里没有注释；除号只写一个 /", "there are no comments in expressions; division is one /")
            }
            "<>" => ("不等写作 !=", "write != for not equal"),
            "%" => (
                "没有取余 %；百分比是参数，写进 parameters.yaml",
                "there is no remainder %; a percentage is a parameter, put it into parameters.yaml",
            ),
            "&" => ("“并且”写作 &&", "write && for and"),
            "|" => ("“或者”写作 ||", "write || for or"),
            "?" if self.last_is(".") || self.last_is("[") => {
                ("没有 .? 和 [? 的写法", "there is no .? or [? here")
            }
            "." if before_digit => (
                "式子里没有小数：把这个数写进 parameters.yaml，注明出处",
                "there are no decimals: put the figure into parameters.yaml with its source",
            ),
            _ => return None,
        };
        Some(instead)
    }

    /// A sign between values; a `?` nests what follows it, until the next comma.
    fn operator(&mut self, at: usize, sign: &str) {
        if let Some(level) = self.open.last_mut() {
            match sign {
                "?" => level.questions += 1,
                "," => level.questions = 0,
                _ => {}
            }
        }
        self.push(at, sign.len(), Kind::Sign);
    }

    /// `!` and `-` before a value; two of them cancel out in CEL whatever the type, so they are not let through.
    fn prefix(&mut self, at: usize, sign: &str) {
        let subtracts = sign == "-" && self.tokens.last().is_some_and(|t| t.ends_a_value(self.text));
        let before = self.tokens.len().checked_sub(2).map(|i| self.tokens[i]);
        let previous_is_prefix = (self.last_is("!") || self.last_is("-"))
            && !(self.last_is("-") && before.is_some_and(|t| t.ends_a_value(self.text)));
        if !subtracts && previous_is_prefix {
            self.refuse(
                at,
                1,
                "! 和 - 不能连写；两个相抵，请去掉",
                "! and - cannot follow one another; two cancel out, remove them",
            );
        }
        self.push(at, 1, Kind::Sign);
    }

    fn opens(&mut self, at: usize) {
        let token = self.tokens.len();
        let is_list = &self.text[at..=at] == "[";
        if is_list && self.tokens.last().is_some_and(|t| t.ends_a_value(self.text)) {
            self.refuse(
                at,
                1,
                "没有下标 x[...]；对集合用 .filter、.sum 等",
                "there is no index x[...]; use .filter, .sum and so on for a collection",
            );
        } else if is_list && self.tokens.last().is_none_or(|t| t.text(self.text) != "in") {
            self.refuse(
                at,
                1,
                "列表只能写在 in 之后：x in [a, b]",
                "a list may stand only after in: x in [a, b]",
            );
        }
        self.push(at, 1, Kind::Open(usize::MAX));
        self.open.push(Level { token, questions: 0 });
    }

    fn closes(&mut self, at: usize) {
        let sign = self.text[at..=at].to_owned();
        let partner = if sign == ")" { "(" } else { "[" };
        let open = match self.open.last() {
            Some(level) if level.token != usize::MAX => level.token,
            _ => {
                return self.refuse(
                    at,
                    1,
                    format!("{sign} 没有对应的 {partner}"),
                    format!("{sign} has no {partner}"),
                );
            }
        };
        if self.tokens[open].text(self.text) != partner {
            let other = self.tokens[open].text(self.text).to_owned();
            self.refuse(
                at,
                1,
                format!("{sign} 与前面的 {other} 不配对"),
                format!("{sign} does not match the {other} before it"),
            );
        }
        self.open.pop();
        self.tokens[open].kind = Kind::Open(self.tokens.len());
        self.push(at, 1, Kind::Close(open));
    }

    fn last_is(&self, sign: &str) -> bool {
        self.tokens.last().is_some_and(|t| t.text(self.text) == sign)
    }

    fn push(&mut self, at: usize, length: usize, kind: Kind) {
        self.tokens.push(Token { span: span(at, length), kind });
    }

    fn refuse(&mut self, at: usize, length: usize, zh: impl Into<String>, en: impl Into<String>) {
        // A foreign character before this has moved bytes away from characters.
        let start = self.text[..at].chars().count();
        let length = self.text.get(at..at + length).map_or(0, |t| t.chars().count());
        self.problems.push(Problem::new(span(start, length), zh, en));
    }
}

fn span(at: usize, length: usize) -> Span {
    Span { start: at as u32, end: (at + length) as u32 }
}
