//! Masks: which fields of a record show, and in what form.
//!
//! A mask is data; the masked forms are `anmin_base::mask`'s. A field a mask does not name is hidden, and so is one
//! whose sensitivity is above what the decision allows.

use crate::authority::{FieldId, Named};
use crate::sensitivity::Sensitivity;
use anmin_base::mask;
use anmin_base::resident_id::ResidentId;

/// A kind of field that views consist of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub named: Named,
    /// How sensitive it is when shown whole.
    pub sensitivity: Sensitivity,
    /// How it is masked; a field without this is whole or hidden.
    pub masking: Option<Masking>,
}

/// How a value is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masking {
    /// 张*.
    Name,
    /// The first four and the last four of an identity number.
    ResidentId,
    /// 138****1234.
    Phone,
    /// The last four.
    BankAccount,
    /// Another document's number.
    Document,
    /// Down to the village.
    Address,
}

/// A mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Its name.
    pub named: Named,
    /// The fields it shows; any other is hidden.
    pub shows: Vec<(FieldId, Form)>,
    /// Only counts may leave the store: no row about anybody.
    pub counts: bool,
}

/// The form in which a field shows, from least to most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Not at all.
    #[default]
    Hidden,
    /// Only within a total over the household.
    Total,
    /// As [`Field::masking`] says.
    Masked,
    /// As it is.
    Whole,
}

impl Mask {
    /// The form of a field under this mask alone.
    pub fn form(&self, field: FieldId) -> Form {
        self.shows.iter().find(|(id, _)| *id == field).map_or(Form::Hidden, |(_, form)| *form)
    }

    /// Whether no field shows in a fuller form than under `other`.
    pub fn is_within(&self, other: &Mask) -> bool {
        (self.counts || !other.counts) && self.shows.iter().all(|(field, form)| *form <= other.form(*field))
    }

    /// The form of a field when at most `up_to` may be seen: what is more sensitive whole than that is hidden whole, and
    /// shows masked or in a total to those who may see personal things at all. Sealed fields show in no lesser form.
    pub fn form_up_to(&self, id: FieldId, field: &Field, up_to: Sensitivity) -> Form {
        match self.form(id) {
            Form::Whole if field.sensitivity > up_to => Form::Hidden,
            Form::Masked | Form::Total if field.sensitivity == Sensitivity::P4 && up_to < Sensitivity::P4 => {
                Form::Hidden
            }
            Form::Masked | Form::Total if !up_to.is_personal() => Form::Hidden,
            form => form,
        }
    }
}

impl Masking {
    /// The value, masked.
    pub fn apply(self, value: &str) -> String {
        match self {
            Masking::Name => mask::name(value),
            Masking::ResidentId => match value.trim().parse::<ResidentId>() {
                Ok(id) => id.masked(),
                Err(_) => mask::document(value),
            },
            Masking::Phone => mask::phone(value),
            Masking::BankAccount => mask::bank_account(value),
            Masking::Document => mask::document(value),
            Masking::Address => mask::address(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Named {
        Named { name: name.into(), zh: name.into(), en: name.into() }
    }

    fn mask(shows: &[(usize, Form)], counts: bool) -> Mask {
        let shows = shows.iter().map(|(field, form)| (FieldId(*field), *form)).collect();
        Mask { named: named("mask"), shows, counts }
    }

    #[test]
    fn a_mask_is_within_another_when_no_field_shows_more() {
        use Form::{Hidden, Masked, Total, Whole};
        for (narrow, wide, within) in [
            (mask(&[], false), mask(&[], false), true),
            (mask(&[(0, Masked)], false), mask(&[(0, Whole)], false), true),
            (mask(&[(0, Whole)], false), mask(&[(0, Masked)], false), false),
            (mask(&[(0, Total)], false), mask(&[(1, Whole)], false), false),
            (mask(&[(0, Hidden)], false), mask(&[], false), true),
            (mask(&[], true), mask(&[(0, Whole)], false), true),
            (mask(&[], false), mask(&[], true), false),
            (mask(&[], true), mask(&[], true), true),
        ] {
            assert_eq!(narrow.is_within(&wide), within, "{narrow:?} in {wide:?}");
        }
    }

    #[test]
    fn what_is_too_sensitive_is_hidden_whatever_the_mask_says() {
        use Form::{Hidden, Masked, Total, Whole};
        use Sensitivity::{P0, P1, P2, P3, P4};
        for (form, field, up_to, shown) in [
            (Whole, P2, P2, Whole),
            (Whole, P3, P2, Hidden),
            (Whole, P0, P0, Whole),
            (Masked, P3, P2, Masked),
            (Masked, P3, P1, Hidden),
            (Masked, P4, P3, Hidden),
            (Masked, P4, P4, Masked),
            (Total, P3, P2, Total),
            (Total, P4, P3, Hidden),
            (Total, P2, P1, Hidden),
            (Hidden, P0, P4, Hidden),
        ] {
            let data = Field { named: named("field"), sensitivity: field, masking: None };
            let mask = mask(&[(0, form)], false);
            assert_eq!(mask.form_up_to(FieldId(0), &data, up_to), shown, "{form:?} {field:?} {up_to:?}");
        }
    }

    #[test]
    fn values_are_masked_by_their_kind() {
        for (masking, value, masked) in [
            (Masking::Name, "张三", "张*"),
            (Masking::ResidentId, "999999194609150015", "9999**********0015"),
            (Masking::Phone, "13800001234", "138****1234"),
            (Masking::BankAccount, "6200000000000001234", "****1234"),
            (Masking::Document, "E00001234", "*******34"),
        ] {
            assert_eq!(masking.apply(value), masked);
        }
        assert!(!Masking::Address.apply("示例省示例市示例县示例镇示例村12号").contains("12"));
        // A valid number masks itself, in whatever form base gives it.
        let id = ResidentId::from_parts(999_999, anmin_base::date::Date::ymd(1946, 9, 15), 1);
        if let Some(id) = id {
            assert_eq!(Masking::ResidentId.apply(id.reveal()), id.masked());
        }
    }
}
