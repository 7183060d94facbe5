//! Line breaks for text in which a Han character is two columns wide.

/// Columns of a line.
pub const COLUMNS: usize = 112;

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn width(c: char) -> usize {
    let wide = matches!(c as u32,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    1 + usize::from(wide)
}

/// Breaks a text into lines of at most `most` columns: between words, and between Han characters, but not before a
/// closing mark and not after an opening one. A word that is too long keeps its own line.
pub fn lines(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && columns(&line) + columns(piece.trim_end()) > most {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The parts of a text between which a line may end; spaces stay at the end of theirs.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let (mut from, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| may_break(b, c)) {
            pieces.push(&text[from..at]);
            from = at;
        }
        before = Some(c);
    }
    pieces.push(&text[from..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    if "，。；：、！？）》〕”’…％ )]},.;:!?%".contains(after) || "（《〔“‘([{".contains(before)
    {
        return false;
    }
    before == ' ' || width(before) == 2 || width(after) == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_han_characters_but_not_before_a_closing_mark() {
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        assert_eq!(lines("家庭月收入低于标准", 10), ["家庭月收入", "低于标准"]);
        assert_eq!(lines("家庭月收入，低于", 10), ["家庭月收", "入，低于"]);
        assert_eq!(lines("（《法》）第一条", 10), ["（《法》）", "第一条"]);
        assert_eq!(lines("", 8), [""]);
        assert_eq!(lines("0123456789", 4), ["0123456789"]);
    }
}
