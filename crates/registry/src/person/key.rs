//! The texts a blind index is made from: what is hashed with a key so that a number is found without being stored.
//!
//! Each begins with what it is, so that a hash of one kind never equals one of another. The hash is made elsewhere, under
//! a key for its purpose; these texts are personal and show masked.

use super::{Identity, Person, Phone};
use anmin_base::half_width::half_width;
use anmin_base::resident_id::ResidentId;
use std::fmt;

/// What a key finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// One person, by the whole number of a document.
    Number,
    /// Some persons, by the last six characters of it.
    LastSix,
    /// Some persons, by telephone.
    Phone,
}

/// A text to be hashed: `id18:...`, `six:...`, `phone:...`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    kind: KeyKind,
    text: String,
}

impl Key {
    fn new(kind: KeyKind, prefix: &str, value: &str) -> Key {
        Key { kind, text: format!("{prefix}:{value}") }
    }

    /// What it finds.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The text to hash.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Of a document's number; none without one. Old foreign cards have a prefix of their own.
    pub fn number(identity: &Identity) -> Option<Key> {
        let number = identity.reveal()?;
        let prefix = if number.len() == 18 { "id18" } else { "foreign15" };
        Some(Key::new(KeyKind::Number, prefix, number))
    }

    /// Of its last six characters.
    pub fn last_six(identity: &Identity) -> Option<Key> {
        let number = identity.reveal()?;
        Some(Key::new(KeyKind::LastSix, "six", &number[number.len() - 6..]))
    }

    /// Of a telephone number.
    pub fn phone(phone: &Phone) -> Key {
        Key::new(KeyKind::Phone, "phone", &phone.number)
    }

    /// What somebody means who types this into a search: a whole number, its last six characters, a telephone number.
    /// None if it is none of these, such as a name.
    pub fn meant(typed: &str) -> Option<Key> {
        let half: String = typed.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
        if let Ok(id) = half.parse::<ResidentId>() {
            return Some(Key::new(KeyKind::Number, "id18", id.reveal()));
        }
        let foreign = Identity::read(super::IdentityKind::ForeignPermanent, &half).ok();
        if let Some(key) = foreign.and_then(|identity| Key::number(&identity)) {
            return Some(key);
        }
        let six = half.to_ascii_uppercase();
        let first = six.strip_suffix('X').unwrap_or(&six);
        if six.len() == 6 && first.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Key::new(KeyKind::LastSix, "six", &six));
        }
        Phone::read(&half).ok().map(|phone| Key::phone(&phone))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ***", self.kind)
    }
}

impl Person {
    /// The keys by which the person is found.
    pub fn keys(&self) -> Vec<Key> {
        let number = [Key::number(&self.identity), Key::last_six(&self.identity)];
        number.into_iter().flatten().chain(self.phones.iter().map(Key::phone)).collect()
    }
}
