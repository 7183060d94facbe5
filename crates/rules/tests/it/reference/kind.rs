//! What a number means: the types of the language without their units of storage.
use super::ratio::Ratio;
use anmin_rules::model::{EnumId, Per, Type};

/// The type of a value inside an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Count,
    Age,
    Months,
    Rate,
    Date,
    Money(Per),
    Enum(EnumId),
    /// The options of a switch, by index.
    Switch(usize),
    /// The literal `0`, which fits every numeric type.
    Zero,
}

impl Kind {
    /// The kind of a declared type that rules can read.
    pub fn of(ty: Type) -> Kind {
        match ty {
            Type::Bool => Kind::Bool,
            Type::Count => Kind::Count,
            Type::Age => Kind::Age,
            Type::Months => Kind::Months,
            Type::Rate(_) => Kind::Rate,
            Type::Date => Kind::Date,
            Type::Money(per) => Kind::Money(per),
            Type::Enum(id) => Kind::Enum(id),
            Type::Text | Type::ResidentId => panic!("rules cannot read text"),
        }
    }

    /// Whether values can be added and rounded.
    pub fn is_numeric(self) -> bool {
        use Kind::{Age, Count, Money, Months, Rate, Zero};
        matches!(self, Count | Age | Months | Rate | Money(_) | Zero)
    }

    /// The one kind of two operands that must be of the same.
    pub fn same(self, other: Kind) -> Kind {
        match (self, other) {
            (Kind::Zero, k) | (k, Kind::Zero) if k.is_numeric() => k,
            (a, b) if a == b => a,
            (a, b) => panic!("{a:?} beside {b:?}"),
        }
    }

    /// The kind of a product.
    pub fn times(self, other: Kind) -> Kind {
        use Kind::{Age, Count, Money, Months, Rate};
        match (self, other) {
            (Count, Rate) | (Rate, Count) => Count,
            (Count, k @ (Count | Money(_) | Age | Months)) => k,
            (k @ (Money(_) | Age | Months), Count) => k,
            (Rate, k @ (Money(_) | Rate)) | (k @ Money(_), Rate) => k,
            (Months, Money(Per::Month)) | (Money(Per::Month), Months) => Money(Per::Once),
            (a, b) => panic!("{a:?} * {b:?}"),
        }
    }

    /// The kind of a quotient.
    pub fn over(self, other: Kind) -> Kind {
        use Kind::{Age, Count, Money, Months, Rate};
        match (self, other) {
            (Money(a), Money(b)) if a == b => Rate,
            (k @ (Money(_) | Count | Age | Months | Rate), Count | Months | Rate) => k,
            (a, b) => panic!("{a:?} / {b:?}"),
        }
    }
}

/// What one stored unit is worth: rates are stored in 1/denominator, everything else as it is.
pub fn unit(ty: Type) -> Ratio {
    match ty {
        Type::Rate(denominator) => Ratio::new(1, i128::from(denominator)),
        _ => Ratio::whole(1),
    }
}

/// A stored value as the number it stands for.
pub fn natural(ty: Type, stored: i64) -> Ratio {
    Ratio::whole(stored) * unit(ty)
}

/// The stored form of a number, which must be whole in the type's unit.
pub fn stored(ty: Type, value: Ratio) -> i64 {
    let whole = (value / unit(ty)).as_whole();
    let whole = whole.unwrap_or_else(|| panic!("{value:?} is not whole as {ty:?}"));
    i64::try_from(whole).expect("a result of 64 bits")
}
