//! Slips of a Chinese keyboard: signs of full width where YAML needs its own, and what to type instead.
use anmin_base::half_width::half_width;

/// The longest line, in bytes, that is looked at: a person's slip stands in a short one, and each sign is compared with all of it.
const LONGEST: usize = 2_000;

/// A sentence in Chinese and in English.
type Sentence = (String, String);

/// The text in half-width characters, with a space after a colon; none when it is that already.
pub(crate) fn narrow(text: &str) -> Option<String> {
    let narrow: String = text.chars().map(plain).collect();
    (narrow != text).then_some(narrow)
}

/// A character as YAML and the packs' names want it.
fn plain(c: char) -> char {
    match c {
        '【' => '[',
        '】' => ']',
        '\u{3000}' => ' ',
        _ => half_width(c),
    }
}

/// What is wrong with text that stands where a map or a list was meant: the first full-width colon, comma,
/// bracket or space in it, or a colon without its space.
pub(super) fn in_text(text: &str) -> Option<Sentence> {
    text.chars().find(|c| is_sign(*c)).map(sentence).or_else(|| no_space(text))
}

/// The same of an unknown key without a value.
pub(super) fn in_key(text: &str) -> Option<Sentence> {
    in_line(text).or_else(|| no_space(text))
}

/// `wage:3200`, which YAML takes for one text.
fn no_space(text: &str) -> Option<Sentence> {
    let (name, value) = text.split_once(':')?;
    (is_name(name) && !value.starts_with([' ', '/'])).then(|| {
        (format!("英文冒号后要有空格，写成 {name}: …"), format!("a space follows the colon: {name}: ..."))
    })
}

/// The same of a line of which YAML made no sense: only where the sign stands as one of YAML's would, after a key,
/// before a key, or at the beginning of a value.
pub(crate) fn in_line(line: &str) -> Option<Sentence> {
    let begins = |before: &str| {
        let before = before.trim_end();
        before.is_empty() || before.ends_with([':', '：', '-', ',', '，', '[', '{', '［', '【', '｛'])
    };
    if line.len() > LONGEST {
        return None;
    }
    line.char_indices().filter(|(_, c)| is_sign(*c)).find_map(|(at, c)| {
        let (before, after) = (&line[..at], &line[at + c.len_utf8()..]);
        let name = before.trim_start_matches([' ', '-']);
        let name = name.rsplit([' ', '{', '｛', ',', '，', '\u{3000}']).next().unwrap_or_default();
        let next = after.trim_start().split([':', '：']).next().unwrap_or_default();
        let slip = match c {
            '：' => is_name(name),
            '，' => is_name(next.trim_end()) && after.contains([':', '：']),
            '［' | '【' | '｛' | '\u{3000}' => begins(before),
            '］' | '】' | '｝' => {
                after.trim().is_empty() || after.trim_start().starts_with([',', '，', '}', ']'])
            }
            _ => false,
        };
        slip.then(|| sentence(c))
    })
}

/// What a comma does to a number inside braces.
pub(super) fn separator() -> Sentence {
    (
        "花括号里的英文逗号会另起一个键；数字不要写千位分隔符".to_owned(),
        "in {...} a comma begins a new key; write numbers without separators".to_owned(),
    )
}

fn is_sign(c: char) -> bool {
    matches!(c, '：' | '，' | '［' | '］' | '【' | '】' | '｛' | '｝' | '\u{3000}')
}

/// Whether a text could be the name of a fact, were it half-width.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().map(half_width).all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn sentence(sign: char) -> Sentence {
    match sign {
        '：' => (
            "全角冒号“：”请改成英文冒号加空格“: ”".to_owned(),
            "the full-width colon ： is to be a plain colon and a space".to_owned(),
        ),
        '\u{3000}' => {
            ("全角空格请改成英文空格".to_owned(), "a full-width space is to be a plain one".to_owned())
        }
        _ => {
            let plain = plain(sign);
            (
                format!("全角的“{sign}”请改成英文的“{plain}”"),
                format!("the full-width {sign} is to be a plain {plain}"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_sign_where_it_stands_for_one_of_yamls() {
        for (line, sign) in [
            ("wage：3200", "“：”"),
            ("  - wage： 3200", "“：”"),
            ("members: [{wage: 1，student: true}]", "“，”"),
            ("members: 【{wage: 1}】", "“【”"),
            ("members: ［{wage: 1}]", "“［”"),
            ("members: [{wage: 1｝]", "“｝”"),
            ("　wage: 1", "全角空格"),
        ] {
            let (zh, _) = in_line(line).unwrap_or_else(|| panic!("{line}"));
            assert!(zh.contains(sign), "{line}: {zh}");
        }
        for line in ["about: {zh: 说明：父亲患病，母亲在家, en: x", "note: 见【附件】第一页", "a: b: c"]
        {
            assert_eq!(in_line(line), None, "{line}");
        }
    }

    #[test]
    fn text_that_should_be_more_is_explained() {
        assert!(in_text("wage：3200").is_some_and(|(zh, _)| zh.contains("英文冒号加空格")));
        assert!(in_text("wage:3200").is_some_and(|(zh, _)| zh.contains("写成 wage: …")));
        assert_eq!(in_text("wage"), None);
        assert_eq!(in_text("https://example.org"), None);
    }
}
