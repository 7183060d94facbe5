//! What a reader of identity cards gives a counter (docs/card-reader.md): a small contract that adapters of vendors fulfil on
//! the machine of the counter, and a simulator for demonstrations. Nothing of a card is kept but what a form asks: the nation
//! that is printed on it is read by nobody.

use crate::asking::PersonEnteredV1;
use crate::people::{DocumentKindV1, SexV1};
use anmin_base::date::Date;
use anmin_base::resident_id::{ResidentId, Sex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A card as it was read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardReadV1 {
    /// The name.
    pub name: String,
    /// `male` or `female`.
    pub sex: SexV1,
    /// The nation, as printed. Part of the contract, since every reader gives it; nothing here reads it.
    pub nation: String,
    /// The day of birth, as 1946-09-15.
    pub birth: String,
    /// The address, as printed: where somebody is registered, not where they live.
    pub address: String,
    /// The identity number.
    pub id: String,
    /// Who issued it.
    pub issuer: String,
    /// The first day it holds.
    pub valid_from: String,
    /// The last day; none: for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
}

impl fmt::Debug for CardReadV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("card ***")
    }
}

/// The division of cards that were issued nowhere.
const NOWHERE: u32 = 999_999;

impl CardReadV1 {
    /// As a form asks who somebody is: the number says birth and sex, and where they live is asked.
    pub fn who(&self) -> PersonEnteredV1 {
        PersonEnteredV1 {
            name: self.name.clone(),
            document: DocumentKindV1::Card,
            number: self.id.clone(),
            ..PersonEnteredV1::default()
        }
    }

    /// Whether it holds on a day.
    pub fn holds(&self, on: Date) -> bool {
        let day = |text: &str| text.parse::<Date>().ok();
        day(&self.valid_from).is_some_and(|from| from <= on)
            && self.valid_to.as_deref().and_then(day).is_none_or(|to| on <= to)
    }

    /// The card of somebody invented, always the same for the same number: for demonstrations.
    pub fn simulated(n: u16, on: Date) -> CardReadV1 {
        const NAMES: [&str; 8] =
            ["赵示例", "钱示例", "孙示例", "李示例", "周示例", "吴示例", "郑示例", "王示例"];
        let n = n % 900;
        let age = i32::from(n % 80) + 5;
        let birth = on.add_years(-age).add_days(-i32::from(n % 300));
        let number = ResidentId::from_parts(NOWHERE, birth, n + 1);
        let sex = number.as_ref().map_or(Sex::Female, ResidentId::sex);
        CardReadV1 {
            name: NAMES[usize::from(n) % NAMES.len()].into(),
            sex: sex.into(),
            nation: "汉".into(),
            birth: birth.to_string(),
            address: format!("示例县示例镇示例村{}号", n + 1),
            id: number.map(|number| number.reveal().to_owned()).unwrap_or_default(),
            issuer: "示例县公安局".into(),
            valid_from: on.add_years(-3).to_string(),
            valid_to: (age < 46).then(|| on.add_years(17).to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulated_card_is_one_the_register_takes() {
        let on = Date::ymd(2026, 9, 1);
        for n in [0, 1, 77, 899, 12_345] {
            let card = CardReadV1::simulated(n, on);
            assert_eq!(card, CardReadV1::simulated(n, on));
            assert!(card.who().is_whole(on), "{n}");
            assert!(card.holds(on) && card.id.starts_with("999999"));
            let id: ResidentId = card.id.parse().unwrap();
            assert_eq!(id.birth().to_string(), card.birth);
            let text = serde_json::to_string(&card).unwrap();
            assert_eq!(serde_json::from_str::<CardReadV1>(&text).unwrap(), card);
        }
        let old = CardReadV1 { valid_to: Some("2020-01-01".into()), ..CardReadV1::simulated(1, on) };
        assert!(!old.holds(on));
        assert!(!format!("{old:?}").contains(&old.id), "cards do not show in logs");
    }
}
