//! Why a change of membership is refused. References to persons and households, never names.

use super::{Ground, HouseholdKind};
use crate::id::{Days, HouseholdId, PersonId};
use anmin_base::date::Date;

/// Why not. Who reads it can act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such household in the book.
    UnknownHousehold {
        /// As given.
        household: HouseholdId,
    },
    /// The last day comes before the first.
    Backwards {
        /// As given.
        days: Days,
    },
    /// The ground belongs to another kind of household.
    WrongGround {
        /// As given.
        ground: Ground,
        /// The household's kind.
        kind: HouseholdKind,
    },
    /// The person is in this household on some of the days already.
    AlreadyIn {
        /// Who.
        person: PersonId,
        /// Where.
        household: HouseholdId,
        /// On which of the days.
        days: Days,
    },
    /// The person is in another household on some of the days, and may be in one only.
    Elsewhere {
        /// Who.
        person: PersonId,
        /// Where they are.
        household: HouseholdId,
        /// What kind it is.
        kind: HouseholdKind,
        /// On which of the days.
        days: Days,
    },
    /// Somebody is counted alone, and another is counted in the same household.
    NotAlone {
        /// The household.
        household: HouseholdId,
        /// Who is counted alone.
        person: PersonId,
        /// Who is counted besides.
        other: PersonId,
        /// On which of the days.
        days: Days,
    },
    /// The person is not in the household on this day.
    NotIn {
        /// Who.
        person: PersonId,
        /// Where.
        household: HouseholdId,
        /// On which day.
        on: Date,
    },
    /// The row to correct is not there, or holds no longer.
    NoSuchRow {
        /// Who.
        person: PersonId,
        /// Where.
        household: HouseholdId,
    },
    /// A merger or move into the household itself, or between households of different kinds or programmes.
    NotAlike {
        /// The one.
        household: HouseholdId,
        /// The other.
        other: HouseholdId,
    },
    /// Nobody would leave, or nobody would stay.
    NobodySplit {
        /// The household.
        household: HouseholdId,
    },
    /// A merger of a household nobody belongs to.
    NobodyIn {
        /// The household.
        household: HouseholdId,
        /// On which day.
        on: Date,
    },
}

impl Refusal {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::UnknownHousehold { .. } => "没有这个家庭，请重新查找，或先登记家庭。".into(),
            Refusal::Backwards { .. } => "结束日期早于开始日期，请核对。".into(),
            Refusal::WrongGround { ground, kind } => {
                format!("“{}”不是{}的事由，请另选一个。", ground.zh(), kind.zh())
            }
            Refusal::AlreadyIn { days, .. } => format!(
                "此人 {} 已在这个家庭中。事由有变的请作“变更事由”，登记有误的请作“更正”。",
                in_zh(*days)
            ),
            Refusal::Elsewhere { kind, days, .. } => format!(
                "此人 {} 已在另一个{}中，同时只能在一个。请先核对那一户，办理迁出，或作“迁移”。",
                in_zh(*days),
                kind.zh()
            ),
            Refusal::NotAlone { days, .. } => format!(
                "单独成户的家庭 {} 还有其他计入的人。请为单独成户的人另立一户，或改正事由。",
                in_zh(*days)
            ),
            Refusal::NotIn { on, .. } => format!("此人 {on} 不在这个家庭中，请核对人和日期。"),
            Refusal::NoSuchRow { .. } => "要更正的这一条没有，或已更正过，请刷新后再看。".into(),
            Refusal::NotAlike { .. } => "两户相同，或种类、项目不同，不能迁移或合并；请另选一户。".into(),
            Refusal::NobodySplit { .. } => "分户要有人迁出，也要有人留下；全部迁出的请作“迁移”。".into(),
            Refusal::NobodyIn { on, .. } => format!("这一户 {on} 没有人，不用合并；请核对日期。"),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Refusal::UnknownHousehold { .. } => {
                "There is no such household; look it up again, or register it first.".into()
            }
            Refusal::Backwards { .. } => "The last day comes before the first; check both.".into(),
            Refusal::WrongGround { ground, kind } => {
                format!("\"{}\" is no ground of a {}; choose another.", ground.en(), kind.en())
            }
            Refusal::AlreadyIn { days, .. } => format!(
                "The person is in this household already {}: change the ground, or correct the entry that is wrong.",
                in_en(*days)
            ),
            Refusal::Elsewhere { kind, days, .. } => format!(
                "The person is in another {} {}, and may be in one at a time: look at that one and end the membership there, or record a move.",
                kind.en(),
                in_en(*days)
            ),
            Refusal::NotAlone { days, .. } => format!(
                "Somebody is counted alone here while another is counted too, {}: give who is alone a household of their own, or correct the ground.",
                in_en(*days)
            ),
            Refusal::NotIn { on, .. } => {
                format!("The person is not in this household on {on}; check the person and the day.")
            }
            Refusal::NoSuchRow { .. } => {
                "The entry to correct is not there or was corrected already; look again.".into()
            }
            Refusal::NotAlike { .. } => {
                "They are the same household, or of different kinds or programmes; choose another.".into()
            }
            Refusal::NobodySplit { .. } => {
                "In a split somebody leaves and somebody stays; record a move where all leave.".into()
            }
            Refusal::NobodyIn { on, .. } => {
                format!("Nobody is in this household on {on}, so there is nothing to merge; check the day.")
            }
        }
    }
}

fn in_zh(days: Days) -> String {
    match days.to {
        Some(to) => format!("{} 至 {to}", days.from),
        None => format!("{} 起", days.from),
    }
}

fn in_en(days: Days) -> String {
    match days.to {
        Some(to) => format!("from {} to {to}", days.from),
        None => format!("from {} on", days.from),
    }
}
