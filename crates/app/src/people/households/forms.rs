//! What is sent to make and change a household, and what is seen of one.

use crate::people::PersonV1;
use crate::record::TextV1;
use anmin_registry::household::{Ground, HouseholdKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a household is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HouseholdKindV1 {
    /// 户口簿户.
    Registered,
    /// 共同生活家庭, counted together for one service.
    Living,
    /// 居住地.
    Address,
}

impl From<HouseholdKindV1> for HouseholdKind {
    fn from(kind: HouseholdKindV1) -> HouseholdKind {
        match kind {
            HouseholdKindV1::Registered => HouseholdKind::Registered,
            HouseholdKindV1::Living => HouseholdKind::Living,
            HouseholdKindV1::Address => HouseholdKind::Address,
        }
    }
}

/// A household to make.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHouseholdV1 {
    /// What it is of.
    pub kind: HouseholdKindV1,
    /// The area it lies in.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// The service it is counted for; of one living together only.
    #[serde(default)]
    pub service: Option<String>,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// Who belongs to it, or is listed with it and not counted.
    pub members: Vec<JoiningV1>,
}

/// Somebody who comes in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoiningV1 {
    /// Who, if they are entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: Option<String>,
    /// Who, if they are not: they are entered with the household, in its area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<crate::people::EntryV1>,
    /// Why, as [`grounds`] lists.
    pub ground: String,
}

/// A change of a household.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeHouseholdV1 {
    /// The version of the household the form was made from.
    pub version: i64,
    /// What happened, or was recorded wrongly.
    pub change: ChangeV1,
}

/// What happened in life, or was recorded wrongly.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChangeV1 {
    /// Somebody comes in.
    Join {
        /// Who.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        person: String,
        /// Why.
        ground: String,
        /// The first day.
        #[schemars(extend("format" = "date"))]
        from: String,
        /// The last day, if it is known.
        #[serde(default)]
        #[schemars(extend("format" = "date"))]
        to: Option<String>,
    },
    /// Somebody is in no longer after a day.
    Leave {
        /// Who.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        person: String,
        /// The last day.
        #[schemars(extend("format" = "date"))]
        last: String,
    },
    /// The ground is another from a day on.
    Reground {
        /// Who.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        person: String,
        /// The new ground.
        ground: String,
        /// The first day of it.
        #[schemars(extend("format" = "date"))]
        from: String,
    },
    /// Somebody leaves, and is in another household of the same kind the day after.
    Move {
        /// Who.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        person: String,
        /// Where to.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        to: String,
        /// The ground there.
        ground: String,
        /// The first day there.
        #[schemars(extend("format" = "date"))]
        from: String,
    },
    /// All of this household belong to another of the same kind from a day on.
    Merge {
        /// Which goes on.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        into: String,
        /// The first day of the one household.
        #[schemars(extend("format" = "date"))]
        from: String,
    },
    /// Some are another household of the same kind from a day on.
    Split {
        /// The other, which is there already.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        into: String,
        /// Who goes, and on which ground.
        who: Vec<JoiningV1>,
        /// The first day of it.
        #[schemars(extend("format" = "date"))]
        from: String,
    },
    /// A membership was recorded wrongly.
    Correct {
        /// The membership.
        #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
        membership: String,
        /// How it should have been; none: the person never belonged.
        #[serde(default)]
        right: Option<RightV1>,
    },
}

/// How a membership should have been recorded.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RightV1 {
    /// The ground.
    pub ground: String,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// The last day, if it is known.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedHouseholdV1 {
    /// The household.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub household: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Of a new household its members, in the order of the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

/// A ground, for a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroundV1 {
    /// Its name.
    pub name: String,
    /// The kind of household it belongs to.
    pub kind: String,
    /// In words.
    pub label: TextV1,
    /// Whether who is in on it is counted.
    pub counted: bool,
}

/// Every ground, in the order of a form.
pub fn grounds() -> Vec<GroundV1> {
    let of = |ground: &Ground| GroundV1 {
        name: ground.name().to_owned(),
        kind: ground.kind().name().to_owned(),
        label: TextV1 { zh: ground.zh().to_owned(), en: ground.en().to_owned() },
        counted: ground.counted(),
    };
    Ground::ALL.iter().map(of).collect()
}

/// A household, as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HouseholdV1 {
    /// The identifier.
    pub id: String,
    /// The version a form has to name.
    pub version: i64,
    /// What it is of.
    pub kind: String,
    /// That in words.
    pub kind_name: TextV1,
    /// The service it is counted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The area it lies in.
    pub area: String,
    /// Who belongs to it on the day.
    pub members: Vec<MemberV1>,
    /// Every membership, also those before and after the day and those taken back.
    pub history: Vec<MemberV1>,
}

/// Somebody in a household, for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberV1 {
    /// The membership, for a correction.
    pub membership: String,
    /// Who.
    pub person: PersonV1,
    /// Why.
    pub ground: String,
    /// That in words.
    pub ground_name: TextV1,
    /// Whether counted.
    pub counted: bool,
    /// The first day.
    pub from: String,
    /// The last day, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The day it was recorded.
    pub recorded_on: String,
    /// The day it was taken back, because something else was recorded in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back_on: Option<String>,
}
