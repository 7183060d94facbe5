//! Names as people bear them: of Han characters, of minorities with a dot (买买提·吐尔逊), of foreigners.
//!
//! A rare character is never replaced: not by a variant, and not where an old system wrote it in a private code.

use crate::flaw::{Sentence, said};
use anmin_base::half_width::half_width;
use anmin_base::mask;
use std::fmt;

/// Which of a person's names it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// 姓名, as on the document.
    Official,
    /// 曾用名.
    Former,
    /// 别名、小名: what the person is called.
    Called,
    /// 外文名, as on a foreign document.
    Foreign,
}

/// One name, in the form in which it is kept and compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// Which.
    pub kind: NameKind,
    /// The name.
    pub text: String,
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.kind, mask::name(&self.text))
    }
}

const MOST: usize = 50;

/// Brings a name to one form, or says why it is none.
pub(super) fn read(given: &str) -> Result<String, Sentence> {
    let name = tidied(given);
    let length = name.chars().count();
    if length == 0 {
        return Err(said("请填写姓名。", "Write the name."));
    }
    if length > MOST {
        return Err(said(
            format!("姓名有 {length} 个字，最多 {MOST} 个；请只填姓名，说明写在备注里。"),
            format!(
                "The name has {length} characters, at most {MOST}; write the name only and notes elsewhere."
            ),
        ));
    }
    if let Some(found) = name.chars().find(|c| !belongs(*c)) {
        let found = found.escape_debug();
        return Err(said(
            format!("姓名里不能有“{found}”，请按证件上的写法填写；名字中间的点写作“·”。"),
            format!(
                "A name has no \"{found}\"; write it as on the document, with a middle dot (·) between its parts."
            ),
        ));
    }
    if name.starts_with(is_joint) || name.ends_with(is_joint) || name.contains("··") {
        return Err(said(
            "姓名不能以点或连字符开头或结尾，也不能连用两个点，请核对。",
            "A name neither begins nor ends with a dot or hyphen, and has no two dots together; check it.",
        ));
    }
    Ok(name)
}

/// Half-width Latin, one kind of dot, no needless spaces.
fn tidied(given: &str) -> String {
    let form = |c: char| match c {
        '•' | '・' | '‧' | '∙' | '●' | '⋅' | '･' => '·',
        '’' | '‘' => '\'',
        c if c.is_whitespace() => ' ',
        c => half_width(c),
    };
    let all: Vec<char> = given.chars().map(form).collect();
    let han_near =
        |at: usize| at > 0 && is_han(all[at - 1]) && all.get(at + 1).is_some_and(|next| is_han(*next));
    // A full-width stop between Han characters is the keyboard's dot.
    let dotted: String =
        all.iter().enumerate().map(|(at, c)| if *c == '.' && han_near(at) { '·' } else { *c }).collect();
    let parts: Vec<&str> = dotted.split('·').map(str::trim).collect();
    let joined = parts.join("·");
    let words: Vec<&str> = joined.split(' ').filter(|word| !word.is_empty()).collect();
    let only_han = joined.chars().all(|c| is_han(c) || matches!(c, ' ' | '·'));
    words.join(if only_han { "" } else { " " })
}

fn is_joint(c: char) -> bool {
    matches!(c, '·' | '-' | '\'')
}

/// Whether a character may stand in a name.
fn belongs(c: char) -> bool {
    c.is_alphabetic() || is_han(c) || matches!(c, '·' | '-' | '\'' | '.' | ' ')
}

/// A Han character, or one that old systems wrote in a private code because it had none.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_brought_to_one_form() {
        for (given, kept) in [
            ("张三", "张三"),
            (" 张 三　", "张三"),
            ("欧阳　小明", "欧阳小明"),
            ("买买提·吐尔逊", "买买提·吐尔逊"),
            ("买买提•吐尔逊", "买买提·吐尔逊"),
            ("买买提 ・ 吐尔逊", "买买提·吐尔逊"),
            ("买买提．吐尔逊", "买买提·吐尔逊"),
            ("阿沛·阿旺·晋美", "阿沛·阿旺·晋美"),
            ("Ｊｏｈｎ  Ｓｍｉｔｈ", "John Smith"),
            ("John Q. Smith-O’Brien", "John Q. Smith-O'Brien"),
            ("José Müller", "José Müller"),
            ("李Anna", "李Anna"),
            ("𠮷田", "𠮷田"),
            ("〇明", "〇明"),
            ("王\u{e863}", "王\u{e863}"),
            ("张", "张"),
        ] {
            assert_eq!(read(given).as_deref(), Ok(kept), "{given}");
        }
    }

    #[test]
    fn refuses_what_is_no_name() {
        for (given, says) in [
            ("", "请填写姓名"),
            (" 　", "请填写姓名"),
            ("张三（已故）", "不能有“(”"),
            ("张3", "不能有“3”"),
            ("张三，李四", "不能有“,”"),
            ("张\u{202e}三", "不能有“\\u{202e}”"),
            ("·吐尔逊", "开头或结尾"),
            ("买买提··吐尔逊", "两个点"),
            ("吐尔逊-", "开头或结尾"),
            (&"张".repeat(51), "最多 50 个"),
        ] {
            let (zh, en) = read(given).unwrap_err();
            assert!(zh.contains(says), "{given}: {zh}");
            assert!(en.is_ascii() || given.is_ascii() || en.contains('·'), "{en}");
        }
    }

    proptest! {
        #[test]
        fn a_kept_name_is_kept_as_it_is(given in "[张三欧阳A-Za-z·. \u{3000}•-]{0,12}") {
            if let Ok(name) = read(&given) {
                prop_assert_eq!(read(&name), Ok(name.clone()));
            }
        }
    }
}
