//! Chinese keyboards easily produce full-width digits and letters (１２３Ｘ). In identity numbers
//! and codes they can mean nothing else, so they are read as their half-width forms; elsewhere the
//! half-width form is what a message asks for.

/// The half-width form of a full-width ASCII character; any other character as it is.
pub fn half_width(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::half_width;

    #[test]
    fn folds_only_the_full_width_block() {
        let folded: String = "０９ＡＺａｚＸ".chars().map(half_width).collect();
        assert_eq!(folded, "09AZazX");
        let kept = "09x张。　\u{2164}";
        assert_eq!(kept.chars().map(half_width).collect::<String>(), kept);
    }
}
