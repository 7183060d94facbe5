//! What the single values of an input must be.
use super::{LINE_MAX, LIST_MAX, NAME_MAX, TEXT_MAX};
use crate::record::field::{At, Reading};
use anmin_base::date::Date;
use anmin_casework::record::Person;
use anmin_pack::finding::excerpt;

/// Years that dates in inputs may have: outside them it is a slip of the hand.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2199;

/// How the references begin that the engine gives to the answers of checks.
const KEPT: &str = "check:";

/// Whether a character shows as itself: no control character, no mark that changes the direction of writing.
fn is_plain(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !turns
}

impl Reading {
    /// A text in words. Only a line feed divides its lines.
    pub(super) fn text(&mut self, at: &At<'_>, given: String) -> Option<String> {
        self.words(at, given, TEXT_MAX, true)
    }

    /// One line.
    pub(super) fn line(&mut self, at: &At<'_>, given: String) -> Option<String> {
        self.words(at, given, LINE_MAX, false)
    }

    fn words(&mut self, at: &At<'_>, given: String, most: usize, lines: bool) -> Option<String> {
        let length = given.chars().count();
        let fits = |c: &char| is_plain(*c) || (lines && *c == '\n');
        let bad = given.chars().find(|c| !fits(c));
        if given.trim().is_empty() {
            self.wrong(at, "不能为空，请填写", "must not be empty; fill it in");
        } else if length > most {
            self.wrong(
                at,
                format!("最多 {most} 个字，现为 {length} 个字；较长的内容请作为材料上传"),
                format!("at most {most} characters, here are {length}; hand longer texts in as evidence"),
            );
        } else if let Some(bad) = bad {
            let shown = excerpt(&bad.to_string());
            let (zh, en) = match lines {
                true => ("只能含可见文字和换行", "only visible characters and line feeds"),
                false => ("只能含一行可见文字", "only visible characters, in one line"),
            };
            self.wrong(at, format!("{zh}；含有 {shown}，请删去"), format!("{en}; remove {shown}"));
        } else {
            return Some(given);
        }
        None
    }

    /// A name that the workflow gives. Whether it gives it, casework says.
    pub(super) fn name(&mut self, at: &At<'_>, given: String) -> Option<String> {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let begins = given.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && given.len() <= NAME_MAX && given.bytes().all(letters) {
            return Some(given);
        }
        let shown = excerpt(&given);
        self.wrong(
            at,
            format!("{shown} 不是名称：小写英文字母、数字和下划线，以字母开头，最多 {NAME_MAX} 个字符"),
            format!(
                "{shown} is no name: lower-case letters, digits and _, beginning with a letter, at most \
                 {NAME_MAX} characters"
            ),
        );
        None
    }

    /// The key of a document.
    pub(super) fn document(&mut self, at: &At<'_>, given: String) -> Option<String> {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let begins = !given.is_empty() && !given.starts_with('-');
        if begins && given.len() <= NAME_MAX && given.bytes().all(letters) {
            return Some(given);
        }
        let shown = excerpt(&given);
        self.wrong(
            at,
            format!("{shown} 不是文件代号：小写英文字母、数字和连字符，最多 {NAME_MAX} 个字符"),
            format!(
                "{shown} is no key of a document: lower-case letters, digits and -, at most {NAME_MAX} \
                 characters"
            ),
        );
        None
    }

    /// A registry number of a person. Whether there is such a person, the registry says.
    pub(super) fn person(&mut self, at: &At<'_>, given: String) -> Option<Person> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if given.len() == 32 && given.bytes().all(digit) {
            return Some(Person(given));
        }
        // What was given is not repeated: people put identity numbers and names here by mistake.
        self.wrong(
            at,
            "不是登记库中的人员编号：应为 32 位小写十六进制数字，不是姓名或证件号码",
            "is no number of a person in the registry: 32 lower-case hexadecimal digits, no name and no \
             identity number",
        );
        None
    }

    /// What evidence is known by.
    pub(super) fn reference(&mut self, at: &At<'_>, given: String) -> Option<String> {
        let reference = self.line(at, given)?;
        if !reference.starts_with(KEPT) {
            return Some(reference);
        }
        self.wrong(
            at,
            format!("不能以“{KEPT}”开头：这样的编号留给核对答复。请换一个编号"),
            format!(
                "must not begin with '{KEPT}': such references are kept for answers of checks; choose another"
            ),
        );
        None
    }

    /// A number of something in the case.
    pub(super) fn number(&mut self, at: &At<'_>, given: u32) -> Option<u32> {
        if given == 0 {
            self.wrong(at, "编号从 1 起", "numbers begin with 1");
        }
        (given > 0).then_some(given)
    }

    /// A date that may be absent; none if it is there and wrong.
    pub(super) fn maybe_date(&mut self, at: &At<'_>, given: Option<String>) -> Option<Option<Date>> {
        self.maybe(given, |r, given| {
            let date = r.day(at, &given)?;
            if YEARS.contains(&date.year()) {
                return Some(date);
            }
            let (first, last, year) = (YEARS.start(), YEARS.end(), date.year());
            r.wrong(
                at,
                format!("年份 {year} 不对，应在 {first} 至 {last} 之间"),
                format!("the year {year} is not between {first} and {last}"),
            );
            None
        })
    }

    /// A list of limited length.
    pub(super) fn list<T, U>(
        &mut self,
        at: &At<'_>,
        given: Vec<T>,
        read: impl FnMut(&mut Self, &At<'_>, T) -> Option<U>,
    ) -> Option<Vec<U>> {
        if given.len() > LIST_MAX {
            let found = given.len();
            self.wrong(
                at,
                format!("最多 {LIST_MAX} 项，现为 {found} 项"),
                format!("at most {LIST_MAX} entries, here are {found}"),
            );
            return None;
        }
        self.each(at, given, read)
    }
}
