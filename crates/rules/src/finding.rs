//! What a check found wrong, with its place and a sentence in both languages.
use crate::model::Place;
use crate::syntax::Span;

/// Something wrong in a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where the text or definition begins.
    pub place: Place,
    /// The part of the expression meant, if it is one.
    pub span: Option<Span>,
    /// What is wrong and what would be right, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// The name in `known` that is most like `name`, if any is near enough to be meant.
///
/// Near means at most a third of the letters (and at least one) changed, added or left out.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|k| (edit_distance(name, k), k))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_slip_but_not_another_word() {
        let known = ["wage", "business", "birth_date"];
        assert_eq!(nearest("wgae", known), None);
        assert_eq!(nearest("wages", known), Some("wage"));
        assert_eq!(nearest("birthdate", known), Some("birth_date"));
        assert_eq!(nearest("hat", known), None);
    }
}
