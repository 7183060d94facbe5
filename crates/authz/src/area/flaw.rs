//! What is wrong with a tree of areas.

use crate::id::AreaId;
use anmin_base::date::Date;

/// Why areas do not form a tree on every day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AreaFlaw {
    /// An area is given more than once.
    Duplicate {
        /// The area.
        area: AreaId,
    },
    /// An area that is spoken of is not given.
    Unknown {
        /// The area.
        area: AreaId,
    },
    /// The last day is before the first.
    Backwards {
        /// The area, or the one that is placed.
        area: AreaId,
    },
    /// An area is placed on days on which it or the one above does not exist.
    OutsideLife {
        /// The area.
        area: AreaId,
        /// The one above.
        parent: AreaId,
    },
    /// An area has two directly above it.
    TwoParents {
        /// The area.
        area: AreaId,
        /// Both.
        parents: [AreaId; 2],
        /// The first such day.
        on: Date,
    },
    /// Areas stand above each other in a circle.
    Circle {
        /// The circle, from its smallest identifier upwards.
        areas: Vec<AreaId>,
        /// The first such day.
        on: Date,
    },
    /// An area is handed over before it has ended.
    HandedOverAlive {
        /// The area.
        area: AreaId,
        /// The day of the hand-over.
        on: Date,
    },
    /// An area is handed over to one that does not exist on that day.
    HandedToNobody {
        /// The area that should take over.
        area: AreaId,
        /// The day of the hand-over.
        on: Date,
    },
    /// An area is handed over more than once.
    HandedOverTwice {
        /// The area.
        area: AreaId,
    },
}

impl AreaFlaw {
    /// What is wrong and what is allowed, in Chinese. Areas are named by `name`.
    pub fn zh(&self, name: impl Fn(AreaId) -> String) -> String {
        match self {
            AreaFlaw::Duplicate { area } => format!("区域{}出现了不止一次，只能有一行。", name(*area)),
            AreaFlaw::Unknown { area } => format!("区域{}不在表中，请补上或改正。", name(*area)),
            AreaFlaw::Backwards { area } => {
                format!("区域{}的终止日早于起始日，请改正日期。", name(*area))
            }
            AreaFlaw::OutsideLife { area, parent } => format!(
                "区域{}归{}管辖的日期超出了两者之一的存续期，请改正日期。",
                name(*area),
                name(*parent)
            ),
            AreaFlaw::TwoParents { area, parents: [a, b], on } => format!(
                "区域{}在 {on} 同时归{}和{}管辖，同一天只能有一个上级。",
                name(*area),
                name(*a),
                name(*b)
            ),
            AreaFlaw::Circle { areas, on } => {
                format!("区域的上下级关系在 {on} 成了圈：{}，请改正其中一个的上级。", chain(areas, &name))
            }
            AreaFlaw::HandedOverAlive { area, on } => {
                format!("区域{}在 {on} 尚未终止，不能移交；请先写明它的终止日。", name(*area))
            }
            AreaFlaw::HandedToNobody { area, on } => {
                format!("接收移交的区域{}在 {on} 不存在，请改正日期或接收区域。", name(*area))
            }
            AreaFlaw::HandedOverTwice { area } => {
                format!("区域{}移交了不止一次；区域拆分时，案件应逐件改定管辖。", name(*area))
            }
        }
    }

    /// What is wrong and what is allowed, in English. Areas are named by `name`.
    pub fn en(&self, name: impl Fn(AreaId) -> String) -> String {
        match self {
            AreaFlaw::Duplicate { area } => {
                format!("Area {} is given more than once; one row is allowed.", name(*area))
            }
            AreaFlaw::Unknown { area } => format!("Area {} is not given; add it or correct it.", name(*area)),
            AreaFlaw::Backwards { area } => {
                format!("Area {}: the last day is before the first.", name(*area))
            }
            AreaFlaw::OutsideLife { area, parent } => format!(
                "Area {} is placed below {} on days on which one of them does not exist.",
                name(*area),
                name(*parent)
            ),
            AreaFlaw::TwoParents { area, parents: [a, b], on } => format!(
                "Area {} stands directly below both {} and {} on {on}; one is allowed.",
                name(*area),
                name(*a),
                name(*b)
            ),
            AreaFlaw::Circle { areas, on } => {
                format!("Areas stand above each other in a circle on {on}: {}.", chain(areas, &name))
            }
            AreaFlaw::HandedOverAlive { area, on } => format!(
                "Area {} has not ended by {on} and cannot be handed over; give its last day first.",
                name(*area)
            ),
            AreaFlaw::HandedToNobody { area, on } => {
                format!("Area {} takes over on {on}, but does not exist then.", name(*area))
            }
            AreaFlaw::HandedOverTwice { area } => format!(
                "Area {} is handed over more than once; where it was divided, each case is re-pointed by itself.",
                name(*area)
            ),
        }
    }
}

fn chain(areas: &[AreaId], name: impl Fn(AreaId) -> String) -> String {
    let names: Vec<String> = areas.iter().chain(areas.first()).map(|area| name(*area)).collect();
    names.join(" → ")
}
