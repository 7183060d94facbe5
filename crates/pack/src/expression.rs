//! Expressions: CEL text to the engine's own tree.
//!
//! [`Parser::read`] takes a YAML node, [`Parser::parse`] a text. The text is first scanned by `scan`, which refuses
//! all that the rule language does not have and counts nesting; only then the CEL parser sees it, on a thread with a
//! stack that its recursion cannot exhaust; `convert` makes the tree. CEL's macros are not expanded.
mod convert;
mod scan;
#[cfg(test)]
mod tests;

use crate::finding::{Finding, excerpt};
use crate::yaml::Node;
use anmin_rules::model::{Place, Source};
use anmin_rules::syntax::{Expr, Span};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

/// Most bytes of one expression.
pub const MAX_BYTES: usize = 4096;
/// Most brackets and `?:` inside one another.
pub const MAX_NESTING: usize = 32;
/// Most operations one inside the other, chains such as `a + b + c` counted.
pub const MAX_DEPTH: usize = 128;
/// Measured: the CEL parser takes some 0.1 MB a bracket when it is built without optimisation.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Something wrong in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    span: Span,
    zh: String,
    en: String,
}

impl Problem {
    fn new(span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Problem { span, zh: zh.into(), en: en.into() }
    }
}

type Parsed = Result<Expr, Vec<Problem>>;

/// Reads expressions on a thread of its own; make one and hand it round.
#[derive(Debug)]
pub struct Parser {
    jobs: Option<mpsc::Sender<(String, mpsc::Sender<Parsed>)>>,
    worker: Option<thread::JoinHandle<()>>,
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// Starts the thread. Where the system refuses one, every expression is refused with a finding.
    pub fn new() -> Self {
        let (jobs, inbox) = mpsc::channel::<(String, mpsc::Sender<Parsed>)>();
        let work = move || {
            for (text, answer) in inbox {
                // Nobody waiting for the answer is no reason to stop.
                let _ = answer.send(parse_guarded(&text));
            }
        };
        let worker = thread::Builder::new().name("expressions".into()).stack_size(STACK_BYTES).spawn(work);
        Parser { jobs: Some(jobs), worker: worker.ok() }
    }

    /// Reads the expression a node holds.
    ///
    /// # Errors
    /// Not a scalar, or what [`Parser::parse`] refuses.
    pub fn read(&self, node: &Node) -> Result<Source, Vec<Finding>> {
        let text = node.as_text().map_err(|_| {
            vec![node.expected("式子（有冒号时请加引号）", "an expression (quote it if it holds a colon)")]
        })?;
        self.parse_at(text, node.text_place(), |start| node.place_in_text(start))
    }

    /// The same, with the findings put with the others.
    pub fn read_into(&self, node: &Node, out: &mut Vec<Finding>) -> Option<Source> {
        self.read(node).map_err(|findings| out.extend(findings)).ok()
    }

    /// Reads an expression whose first character stands at `place`.
    ///
    /// # Errors
    /// Every part that is not of the rule language, each with its place, what was found and what is allowed.
    pub fn parse(&self, text: &str, place: Place) -> Result<Source, Vec<Finding>> {
        self.parse_at(text, place, |start| match text.contains('\n') {
            true => place,
            false => Place { column: place.column + start, ..place },
        })
    }

    fn parse_at(&self, text: &str, place: Place, at: impl Fn(u32) -> Place) -> Result<Source, Vec<Finding>> {
        let expr = scan::scan(text).and_then(|_| self.on_the_thread(text));
        match expr {
            Ok(expr) => Ok(Source { expr, text: text.to_owned(), place }),
            Err(problems) => {
                Err(problems.into_iter().map(|p| Finding::error(at(p.span.start), p.zh, p.en)).collect())
            }
        }
    }

    fn on_the_thread(&self, text: &str) -> Parsed {
        let (answer, waiting) = mpsc::channel();
        let sent = self.jobs.as_ref().map(|jobs| jobs.send((text.to_owned(), answer)));
        if let Some(Ok(())) = sent
            && let Ok(parsed) = waiting.recv()
        {
            return parsed;
        }
        Err(vec![Problem::new(
            Span::default(),
            "系统没有足够的内存来读式子，请稍后再试",
            "the system has too little memory to read expressions; try again later",
        )])
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(worker) = self.worker.take() {
            // It catches panics, so joining cannot fail for a reason worth reporting.
            let _ = worker.join();
        }
    }
}

/// Reads one expression; for many, keep a [`Parser`].
///
/// # Errors
/// As [`Parser::parse`].
pub fn parse(text: &str, place: Place) -> Result<Source, Vec<Finding>> {
    Parser::new().parse(text, place)
}

fn parse_guarded(text: &str) -> Parsed {
    catch_unwind(AssertUnwindSafe(|| parse_here(text))).unwrap_or_else(|_| {
        Err(vec![Problem::new(
            Span::default(),
            "读不懂这个式子，请检查写法",
            "this expression cannot be read; check it",
        )])
    })
}

/// On the thread: the CEL parser, then the conversion.
fn parse_here(text: &str) -> Parsed {
    let tokens = scan::scan(text)?;
    let parser = cel::Env::default()
        .with_optional_support(false)
        .parser()
        .max_recursion_depth(MAX_NESTING as u16)
        .error_recovery_limit(1);
    match parser.parse_with_source_info(text) {
        Ok((expr, source)) => convert::convert(&expr, &source, &tokens, text),
        Err(errors) => Err(vec![syntax(text, &tokens, &errors)]),
    }
}

/// The parser's first error as a plain sentence; those after it only follow from it.
fn syntax(text: &str, tokens: &[scan::Token], errors: &cel::ParseErrors) -> Problem {
    let end = text.chars().count() as u32;
    let Some(error) = errors.errors.first() else {
        return Problem::new(Span { start: 0, end }, "读不懂这个式子", "this expression cannot be read");
    };
    let line = usize::try_from(error.pos.0 - 1).unwrap_or(0);
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let start = (before as u32).saturating_add(u32::try_from(error.pos.1 - 1).unwrap_or(0)).min(end);
    let token = tokens.iter().find(|t| t.span.start <= start && start < t.span.end);
    let found = token.map_or("", |t| t.text(text));
    let at = token.map_or(Span { start, end: start }, |t| t.span);
    if error.msg.contains("invalid int literal") {
        Problem::new(at, format!("数字 {found} 太大"), format!("the number {found} is too large"))
    } else if let Some(word) = error.msg.strip_prefix("reserved identifier: ") {
        let word = excerpt(word);
        Problem::new(
            at,
            format!("{word} 是保留字，不能作名称"),
            format!("{word} is a reserved word and cannot be a name"),
        )
    } else if token.is_none() {
        Problem::new(at, "式子没有写完", "the expression is not finished")
    } else {
        Problem::new(
            at,
            format!("此处不应出现 {found}；前面可能少了运算符或名称"),
            format!("{found} cannot stand here; an operator or a name may be missing before it"),
        )
    }
}
