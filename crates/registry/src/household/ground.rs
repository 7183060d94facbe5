//! Why somebody belongs to a household, or is listed with one and not counted: a closed list, so that statistics, letters
//! and rules mean the same. Which grounds a place recognises, and for which programme, is its packs' matter.

use super::HouseholdKind;

/// How a ground counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Counted with the others.
    Counted,
    /// Counted, as the only one of a household of their own.
    Alone,
    /// Listed, so that it shows why, and not counted.
    NotCounted,
}

macro_rules! grounds {
    ($($(#[$doc:meta])+ $ground:ident $name:literal $kind:ident $counting:ident $zh:literal $en:literal;)+) => {
        /// Why a person is in a household or is not counted in it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Ground {
            $($(#[$doc])+ $ground,)+
        }

        impl Ground {
            /// All, in the order of a form.
            pub const ALL: &[Ground] = &[$(Ground::$ground,)+];

            /// As stored.
            pub const fn name(self) -> &'static str {
                match self { $(Ground::$ground => $name,)+ }
            }

            /// The kind of household it belongs to.
            pub const fn kind(self) -> HouseholdKind {
                match self { $(Ground::$ground => HouseholdKind::$kind,)+ }
            }

            /// Whether and how it counts.
            pub const fn counting(self) -> Counting {
                match self { $(Ground::$ground => Counting::$counting,)+ }
            }

            /// In Chinese.
            pub const fn zh(self) -> &'static str {
                match self { $(Ground::$ground => $zh,)+ }
            }

            /// In English.
            pub const fn en(self) -> &'static str {
                match self { $(Ground::$ground => $en,)+ }
            }
        }
    };
}

grounds! {
    /// In the household register.
    Registered "registered" Registered Counted "登记在同一户口簿" "In the same household register";
    /// Usually lives at the address.
    Resident "resident" Address Counted "在此居住" "Lives at the address";
    /// Stays at the address for a time.
    Staying "staying" Address NotCounted "暂住" "Stays at the address for a time";

    /// Lives together with the others and shares income and spending.
    LivingTogether "living_together" Living Counted "共同生活" "Lives with the household";
    /// Spouse, together or away for work.
    Spouse "spouse" Living Counted "配偶" "Spouse";
    /// Child under age.
    MinorChild "minor_child" Living Counted "未成年子女" "Child under age";
    /// Grown child in full-time education up to a bachelor's degree, also away from home.
    Student "student" Living Counted "全日制本科及以下在校就读的成年子女" "Grown child in full-time education up to a bachelor's degree";
    /// Grown child who cannot live independently for another reason.
    DependentChild "dependent_child" Living Counted "不能独立生活的成年子女" "Grown child unable to live independently";
    /// Somebody else with a legal duty of support who has lived with them for long.
    LongTogether "long_together" Living Counted "有法定赡养、抚养、扶养义务并长期共同居住" "Owes or is owed support and has long lived with the household";
    /// Works elsewhere and belongs to the household all the same.
    WorkingAway "working_away" Living Counted "外出务工，仍为家庭成员" "Works elsewhere and still belongs to the household";

    /// 单人保: taken in alone out of a household that itself is above the standard.
    SingleInclusion "single_inclusion" Living Alone "单人保" "Included alone";
    /// A grown, severely disabled person without work who counts as a household alone.
    DisabledAlone "disabled_alone" Living Alone "成年无业重度残疾人单独成户" "Grown severely disabled person without work, a household alone";
    /// Clergy who have lived in a religious place for years and apply alone.
    ClergyAlone "clergy_alone" Living Alone "脱离家庭、在宗教场所居住三年以上，单独成户" "Clergy living apart for three years or more, a household alone";

    /// Counted in a household of their own, on one of the three grounds above.
    OwnHousehold "own_household" Living NotCounted "已单独成户" "Counted in a household of their own";
    /// Conscript in service.
    Conscript "conscript" Living NotCounted "现役义务兵" "Conscript in service";
    /// Clergy who have lived apart from the household for three years or more.
    ClergyAway "clergy_away" Living NotCounted "连续三年以上脱离家庭独立生活的宗教教职人员" "Clergy living apart for three years or more";
    /// Declared missing by a court.
    DeclaredMissing "declared_missing" Living NotCounted "被宣告失踪" "Declared missing";
    /// Serving a sentence in prison.
    InPrison "in_prison" Living NotCounted "在监狱服刑" "In prison";
    /// In compulsory rehabilitation from drugs.
    InDetox "in_detox" Living NotCounted "强制隔离戒毒" "In compulsory detoxification";
    /// Another ground that the province recognises.
    OtherApart "other_apart" Living NotCounted "省级民政部门认定不计入的其他人员" "Others the province does not count";
}

impl Ground {
    /// The ground stored under a name.
    pub fn of_name(name: &str) -> Option<Ground> {
        Ground::ALL.iter().copied().find(|ground| ground.name() == name)
    }

    /// Whether who is in on this ground is counted.
    pub fn counted(self) -> bool {
        self.counting() != Counting::NotCounted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_labels_are_distinct() {
        for text in [Ground::name, Ground::zh, Ground::en] {
            let all: BTreeSet<&str> = Ground::ALL.iter().map(|ground| text(*ground)).collect();
            assert_eq!(all.len(), Ground::ALL.len());
        }
        for ground in Ground::ALL {
            assert_eq!(Ground::of_name(ground.name()), Some(*ground));
        }
        assert_eq!(Ground::of_name("student "), None);
    }

    #[test]
    fn each_kind_of_household_has_a_ground_that_counts() {
        for kind in [HouseholdKind::Registered, HouseholdKind::Living, HouseholdKind::Address] {
            assert!(Ground::ALL.iter().any(|g| g.kind() == kind && g.counted()), "{kind:?}");
        }
        assert!(!Ground::InPrison.counted() && Ground::SingleInclusion.counted());
    }
}
