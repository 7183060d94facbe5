//! Breaking the glass: seeing and helping at once, where waiting for a named assignment would do harm.
//!
//! It opens one person's file in one subject for one purpose, for minutes. It lifts the need of a named assignment and
//! nothing else: a post in force with the subject and the area is still needed, and whatever is forbidden stays so.
//! Nothing that takes a duty can be done by it. Every condition is looked at again on each use.

use crate::authority::{BreakGlassRule, Limits, PurposeId, SubjectId};
use crate::id::{Moment, PersonId};

/// A glass somebody has broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Who broke it.
    pub person: PersonId,
    /// Whose file it opens.
    pub about: PersonId,
    /// The line of work.
    pub subject: SubjectId,
    /// For what.
    pub purpose: PurposeId,
    /// Why, in their own words.
    pub reason: String,
    /// When.
    pub opened: Moment,
    /// When the second factor was shown for it.
    pub stepped_up: Moment,
    /// How many they have broken that day, this one included.
    pub opened_today: u16,
    /// Whether a review of an earlier one of theirs is overdue.
    pub review_overdue: bool,
}

/// Why a broken glass gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakGlassRefusal {
    /// The table has no rule for it.
    NoRule,
    /// Somebody else broke it.
    NotTheirs,
    /// Not for such a purpose.
    Purpose,
    /// The reason is too short.
    Reason {
        /// The least characters.
        least: u16,
    },
    /// The second factor was not shown when it was broken.
    StepUp {
        /// How old it may be.
        minutes: u16,
    },
    /// Its time is over, or has not begun.
    Over {
        /// How long it lasts.
        minutes: u16,
    },
    /// Too many that day.
    TooMany {
        /// How many are allowed.
        a_day: u16,
    },
    /// A review of an earlier one is overdue.
    Suspended,
}

impl BreakGlass {
    /// Whether it holds for this person, purpose and moment.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn holds(
        &self,
        rule: &BreakGlassRule,
        limits: &Limits,
        person: PersonId,
        purpose: PurposeId,
        at: Moment,
    ) -> Result<(), BreakGlassRefusal> {
        let characters = self.reason.chars().filter(|c| !c.is_whitespace()).count();
        if self.person != person {
            Err(BreakGlassRefusal::NotTheirs)
        } else if self.review_overdue {
            Err(BreakGlassRefusal::Suspended)
        } else if self.purpose != purpose || !rule.purposes.contains(&purpose) {
            Err(BreakGlassRefusal::Purpose)
        } else if characters < usize::from(rule.reason_characters) {
            Err(BreakGlassRefusal::Reason { least: rule.reason_characters })
        } else if self.opened_today > rule.a_day {
            Err(BreakGlassRefusal::TooMany { a_day: rule.a_day })
        } else if !self.opened.is_within_minutes_of(self.stepped_up, limits.step_up_minutes) {
            Err(BreakGlassRefusal::StepUp { minutes: limits.step_up_minutes })
        } else if !at.is_within_minutes_of(self.opened, rule.minutes) {
            Err(BreakGlassRefusal::Over { minutes: rule.minutes })
        } else {
            Ok(())
        }
    }
}

impl BreakGlassRefusal {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            BreakGlassRefusal::NoRule => "本单位没有开通应急查阅。请联系值班负责人。".into(),
            BreakGlassRefusal::NotTheirs => "应急查阅只限申请人本人使用。".into(),
            BreakGlassRefusal::Purpose => "该用途不能应急查阅，请选择列明的应急用途。".into(),
            BreakGlassRefusal::Reason { least } => format!("应急查阅的理由至少写 {least} 个字。"),
            BreakGlassRefusal::StepUp { minutes } => {
                format!("应急查阅前 {minutes} 分钟内须再次验证身份，请验证后重新申请。")
            }
            BreakGlassRefusal::Over { minutes } => {
                format!("应急查阅限 {minutes} 分钟，已经结束；仍有需要的，请重新申请。")
            }
            BreakGlassRefusal::TooMany { a_day } => {
                format!("应急查阅每人每天最多 {a_day} 次，请联系值班负责人。")
            }
            BreakGlassRefusal::Suspended => {
                "此前的应急查阅逾期未复核，已暂停使用；请先完成复核，或联系值班负责人。".into()
            }
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> String {
        match self {
            BreakGlassRefusal::NoRule => {
                "Breaking the glass is not set up here; call the officer on duty.".into()
            }
            BreakGlassRefusal::NotTheirs => "A broken glass serves only the person who broke it.".into(),
            BreakGlassRefusal::Purpose => {
                "The glass is not broken for that purpose; choose a listed emergency.".into()
            }
            BreakGlassRefusal::Reason { least } => format!("Give a reason of at least {least} characters."),
            BreakGlassRefusal::StepUp { minutes } => {
                format!("Show the second factor within {minutes} minutes before, then ask again.")
            }
            BreakGlassRefusal::Over { minutes } => {
                format!("A broken glass lasts {minutes} minutes and is over; ask again if you still need it.")
            }
            BreakGlassRefusal::TooMany { a_day } => {
                format!("At most {a_day} a day for each person; call the officer on duty.")
            }
            BreakGlassRefusal::Suspended => {
                "A review of an earlier one is overdue, so it is suspended; finish that review first.".into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn holds_for_one_person_purpose_and_half_an_hour() {
        let authority = sample::authority();
        let (rule, limits) = (authority.parts().break_glass.as_ref().unwrap(), &authority.parts().limits);
        let (emergency, examination) =
            (authority.purpose("emergency").unwrap(), authority.purpose("examination").unwrap());
        let good = BreakGlass {
            person: PersonId(1),
            about: PersonId(2),
            subject: SubjectId(0),
            purpose: emergency,
            reason: "走失儿童，需联系监护人。".into(),
            opened: Moment(10_000),
            stepped_up: Moment(9_900),
            opened_today: 5,
            review_overdue: false,
        };
        let spoiled = |spoil: fn(&mut BreakGlass)| {
            let mut glass = good.clone();
            spoil(&mut glass);
            glass
        };
        use BreakGlassRefusal::{NotTheirs, Over, Purpose, Reason, StepUp, Suspended, TooMany};
        for (glass, person, purpose, at, result) in [
            (good.clone(), 1, emergency, 10_000, Ok(())),
            (spoiled(|g| g.reason = "走失儿童急寻监护人家".into()), 1, emergency, 10_000, Ok(())),
            (good.clone(), 1, emergency, 10_000 + 1_800, Ok(())),
            (good.clone(), 1, emergency, 10_000 + 1_801, Err(Over { minutes: 30 })),
            (good.clone(), 1, emergency, 9_999, Err(Over { minutes: 30 })),
            (good.clone(), 3, emergency, 10_000, Err(NotTheirs)),
            (good.clone(), 1, examination, 10_000, Err(Purpose)),
            (
                spoiled(|g| g.reason = "走 失 儿 童 急 用 速 查 ".into()),
                1,
                emergency,
                10_000,
                Err(Reason { least: 10 }),
            ),
            (spoiled(|g| g.opened_today = 6), 1, emergency, 10_000, Err(TooMany { a_day: 5 })),
            (spoiled(|g| g.stepped_up = Moment(9_699)), 1, emergency, 10_000, Err(StepUp { minutes: 5 })),
            (spoiled(|g| g.stepped_up = Moment(10_001)), 1, emergency, 10_000, Err(StepUp { minutes: 5 })),
            (spoiled(|g| g.review_overdue = true), 1, emergency, 10_000, Err(Suspended)),
        ] {
            let found = glass.holds(rule, limits, PersonId(person), purpose, Moment(at));
            assert_eq!(found, result, "{glass:?}");
        }
        // A purpose that is theirs, but not one of the rule's.
        let glass = BreakGlass { purpose: examination, ..good };
        assert_eq!(glass.holds(rule, limits, PersonId(1), examination, Moment(10_000)), Err(Purpose));
    }
}
