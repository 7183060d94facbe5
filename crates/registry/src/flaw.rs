//! What is wrong in an entry as somebody handed it in: the field, and a sentence that says what to do next.

/// Something wrong with one field. The sentences never repeat a number, a name or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The field of the draft, elements counted from 0: `number`, `names[1]`, `registrations[0].from`.
    pub field: String,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// What is wrong and what to do, in Chinese and in English.
pub(crate) type Sentence = (String, String);

pub(crate) fn said(zh: impl Into<String>, en: impl Into<String>) -> Sentence {
    (zh.into(), en.into())
}

/// Collects flaws, each under the field being read.
#[derive(Default)]
pub(crate) struct Flaws(pub Vec<Flaw>);

impl Flaws {
    pub fn add(&mut self, field: impl Into<String>, (zh, en): Sentence) {
        self.0.push(Flaw { field: field.into(), zh, en });
    }

    /// The value, or none and its flaw.
    pub fn keep<T>(&mut self, field: impl Into<String>, read: Result<T, Sentence>) -> Option<T> {
        read.map_err(|sentence| self.add(field, sentence)).ok()
    }
}
