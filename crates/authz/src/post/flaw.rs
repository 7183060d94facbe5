//! What is wrong with a post.

use crate::authority::{Authority, RoleId, SubjectId, UnitKindId};
use crate::id::AreaId;
use anmin_base::date::Date;

/// Why a post cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostFlaw {
    /// There is no such role.
    NoSuchRole,
    /// The last day is before the first.
    Backwards,
    /// Longer than a year.
    TooLong {
        /// The last day it could have.
        last: Date,
    },
    /// The role is not one of posts.
    NotAPost {
        /// The role.
        role: RoleId,
    },
    /// The role has no posts at such a unit.
    UnitKind {
        /// The role.
        role: RoleId,
        /// The kind of the unit.
        kind: UnitKindId,
    },
    /// The unit is not at a place of the tree where the role has posts.
    Standing {
        /// The role.
        role: RoleId,
    },
    /// The unit does not exist on the first day.
    NoUnit,
    /// The area is not within the unit's, or the delegated post's.
    OutsideUnit {
        /// The area asked for.
        area: AreaId,
        /// The widest possible.
        unit: AreaId,
    },
    /// The role, or the delegated post, is not for that subject.
    Subject {
        /// The role.
        role: RoleId,
        /// The subject.
        subject: SubjectId,
    },
    /// No subject is given.
    NoSubject {
        /// The role.
        role: RoleId,
    },
    /// Posts of the role are not delegated.
    NotDelegable {
        /// The role.
        role: RoleId,
    },
    /// The post is itself delegated.
    DelegatedTwice,
    /// Delegated to its own holder.
    ToOneself,
    /// Delegated beyond the days of the post.
    BeyondSource,
}

impl PostFlaw {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self, authority: &Authority) -> String {
        let role = |id: &RoleId| authority.parts().roles.get(id.0).map_or("", |r| r.named.zh.as_str());
        match self {
            PostFlaw::NoSuchRole => "没有这个角色，请重新选择。".into(),
            PostFlaw::Backwards => "任期的终止日早于起始日，请改正。".into(),
            PostFlaw::TooLong { last } => {
                format!("任期最长一年，最晚到 {last}；期满经复核后可以续任。")
            }
            PostFlaw::NotAPost { role: id } => format!("“{}”不设岗位，不能任命。", role(id)),
            PostFlaw::UnitKind { role: id, kind } => format!(
                "“{}”不设在{}，请选择其他单位或角色。",
                role(id),
                authority.parts().unit_kinds.get(kind.0).map_or("", |k| k.named.zh.as_str())
            ),
            PostFlaw::Standing { role: id } => {
                format!("该单位在层级上不承担“{}”的职责，请选择其他单位或角色。", role(id))
            }
            PostFlaw::NoUnit => "任期开始时该单位不存在，请改正日期。".into(),
            PostFlaw::OutsideUnit { .. } => "岗位的区域须在单位（或委托岗位）的区域之内。".into(),
            PostFlaw::Subject { role: id, subject } => format!(
                "“{}”的岗位不含业务“{}”，请去掉。",
                role(id),
                authority.parts().subjects.get(subject.0).map_or("", |s| s.zh.as_str())
            ),
            PostFlaw::NoSubject { role: id } => {
                format!("“{}”的岗位须至少写明一项业务。", role(id))
            }
            PostFlaw::NotDelegable { role: id } => {
                format!("“{}”的岗位不能委托他人；请另行任命。", role(id))
            }
            PostFlaw::DelegatedTwice => "受委托的岗位不能再委托。".into(),
            PostFlaw::ToOneself => "不能委托给本人，请另选一人。".into(),
            PostFlaw::BeyondSource => "委托的日期须在原岗位的任期之内。".into(),
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self, authority: &Authority) -> String {
        let role = |id: &RoleId| authority.parts().roles.get(id.0).map_or("", |r| r.named.en.as_str());
        match self {
            PostFlaw::NoSuchRole => "There is no such role; choose another.".into(),
            PostFlaw::Backwards => "The last day is before the first.".into(),
            PostFlaw::TooLong { last } => {
                format!("A post lasts a year at most, here until {last}; it can be renewed after review.")
            }
            PostFlaw::NotAPost { role: id } => format!("\"{}\" is not a post.", role(id)),
            PostFlaw::UnitKind { role: id, kind } => format!(
                "There are no posts of \"{}\" at a unit of the kind \"{}\".",
                role(id),
                authority.parts().unit_kinds.get(kind.0).map_or("", |k| k.named.en.as_str())
            ),
            PostFlaw::Standing { role: id } => {
                format!("The unit's place on the tree has no posts of \"{}\".", role(id))
            }
            PostFlaw::NoUnit => "The unit does not exist on the first day.".into(),
            PostFlaw::OutsideUnit { .. } => {
                "The area must lie within that of the unit, or of the delegated post.".into()
            }
            PostFlaw::Subject { role: id, subject } => format!(
                "A post of \"{}\" does not include the subject \"{}\".",
                role(id),
                authority.parts().subjects.get(subject.0).map_or("", |s| s.en.as_str())
            ),
            PostFlaw::NoSubject { role: id } => {
                format!("A post of \"{}\" needs at least one subject.", role(id))
            }
            PostFlaw::NotDelegable { role: id } => {
                format!("Posts of \"{}\" are not delegated; appoint somebody instead.", role(id))
            }
            PostFlaw::DelegatedTwice => "A delegated post is not delegated again.".into(),
            PostFlaw::ToOneself => "A post is not delegated to its own holder.".into(),
            PostFlaw::BeyondSource => "The days must lie within those of the delegated post.".into(),
        }
    }
}
