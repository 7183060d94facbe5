//! Where a person is registered, lives and holds a permit, each with the days for which it holds.

use super::contact::Address;
use crate::flaw::{Flaws, said};
use anmin_base::date::Date;
use anmin_base::days::Days;
use anmin_base::division::DivisionCode;

/// 户别: what the register says. Places that have given up the difference write the third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// 城镇（非农业）.
    Urban,
    /// 农村（农业）.
    Rural,
    /// 居民户口，不分城乡.
    Unified,
}

/// A place in words and by division. The code is an address, not a statement about who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The division, as finely as it is known.
    pub division: DivisionCode,
    /// Street and house, where given.
    pub address: Option<Address>,
    /// When. From [`Date::MIN`] if it began before anybody here knew.
    pub days: Days,
}

/// 户籍地: where the person is registered, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Where and when.
    pub place: Place,
    /// Urban or rural, where known.
    pub category: Option<Category>,
}

/// 居住证: a residence permit of the place where somebody lives who is registered elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Where and when it holds.
    pub place: Place,
    /// Its number, where given.
    pub number: Option<String>,
}

/// A place as handed in; whatever is not known is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PlaceDraft {
    /// A division code of 6, 9 or 12 digits.
    pub division: String,
    /// Street and house.
    pub address: String,
    /// The first day; empty if it began before anybody here knew.
    pub from: String,
    /// The last day; empty while it lasts.
    pub to: String,
}

/// A registration as handed in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RegistrationDraft {
    /// Where and when.
    pub place: PlaceDraft,
    /// Urban or rural.
    pub category: Option<Category>,
}

/// A permit as handed in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PermitDraft {
    /// Where and when it holds.
    pub place: PlaceDraft,
    /// Its number.
    pub number: String,
}

impl Place {
    /// As it would be handed in.
    pub(super) fn draft(&self) -> PlaceDraft {
        let from = (self.days.from > Date::MIN).then(|| self.days.from.to_string());
        PlaceDraft {
            division: self.division.to_string(),
            address: self.address.as_ref().map(|a| a.given.clone()).unwrap_or_default(),
            from: from.unwrap_or_default(),
            to: self.days.to.map(|to| to.to_string()).unwrap_or_default(),
        }
    }
}

impl PlaceDraft {
    /// Reads one; none if something of it is wrong.
    pub(super) fn read(&self, field: &str, flaws: &mut Flaws) -> Option<Place> {
        let division = match self.division.trim() {
            "" => Err(said("请选择所在的县区或乡镇。", "Choose the county or township.")),
            text => text.parse::<DivisionCode>().map_err(|error| said(error.zh(), error.en())),
        };
        let division = flaws.keep(format!("{field}.division"), division);
        let address = match self.address.trim() {
            "" => Some(None),
            text => flaws.keep(format!("{field}.address"), Address::read(text)).map(Some),
        };
        let from = flaws.keep(format!("{field}.from"), day(&self.from));
        let to = flaws.keep(format!("{field}.to"), day(&self.to));
        let days = Days { from: from?.unwrap_or(Date::MIN), to: to? };
        if days.is_empty() {
            let sentence =
                said("结束日期早于开始日期，请核对。", "The last day comes before the first; check both.");
            flaws.add(format!("{field}.to"), sentence);
            return None;
        }
        Some(Place { division: division?, address: address?, days })
    }
}

/// A day as written; none if empty.
pub(super) fn day(text: &str) -> Result<Option<Date>, (String, String)> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse::<Date>().map(Some).map_err(|error| said(error.zh(), error.en())),
    }
}

/// Reports days on which two of them hold; `zh` and `en` say what there is only one of.
pub(super) fn one_at_a_time(field: &str, all: &[(usize, Days)], what: (&str, &str), flaws: &mut Flaws) {
    for (n, (at, days)) in all.iter().enumerate() {
        for (_, other) in all[..n].iter().filter(|(_, other)| other.common(*days).is_some()) {
            let (zh, en) = what;
            flaws.add(
                format!("{field}[{at}].from"),
                said(
                    format!("同一天只能有一个{zh}，与 {other:?} 的重叠；请给先前的填上结束日期。"),
                    format!("There is one {en} at a time, and this overlaps {other:?}; give the earlier one its last day."),
                ),
            );
        }
    }
}
