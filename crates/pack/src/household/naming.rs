//! How a sentence names a place: the line of a file, or the fact where there is no file.
use crate::finding::Finding;
use anmin_rules::model::Place;

/// How places are named.
pub(super) enum Naming<'n> {
    /// By line.
    Lines,
    /// By what stands there; places number the parts.
    Facts(&'n dyn Fn(Place) -> String),
}

impl Naming<'_> {
    /// One place, as in "the number X": `第 3 行`, `on line 3`.
    pub fn one(&self, place: Place) -> (String, String) {
        match self {
            Naming::Lines => (format!("第 {} 行", place.line), format!("on line {}", place.line)),
            Naming::Facts(name) => (format!(" {} ", name(place)), format!("in {}", name(place))),
        }
    }

    /// Two places, as in "X do".
    pub fn both(&self, one: Place, other: Place) -> (String, String) {
        match self {
            Naming::Lines => (
                format!("第 {} 行和第 {} 行", one.line, other.line),
                format!("lines {} and {}", one.line, other.line),
            ),
            Naming::Facts(name) => {
                (format!(" {} 和 {} ", name(one), name(other)), format!("{} and {}", name(one), name(other)))
            }
        }
    }

    /// What begins at a place, as in "X are too many".
    pub fn from(&self, place: Place) -> (String, String) {
        let line = place.line;
        match self {
            Naming::Lines => {
                (format!("从这一行（第 {line} 行）起"), format!("those from this line ({line}) on"))
            }
            Naming::Facts(name) => {
                (format!("从 {} 起", name(place)), format!("those from {} on", name(place)))
            }
        }
    }

    /// Lets a sentence begin with the fact's name where no file and line stands before it.
    pub fn lead(&self, finding: &mut Finding) {
        let Naming::Facts(name) = self else { return };
        let name = name(finding.place);
        if !name.is_empty() {
            finding.zh = format!("{name}：{}", finding.zh);
            finding.en = format!("{name}: {}", finding.en);
        }
    }
}
