//! Two visitors, always: who they may be, and in which order they are written down.

use crate::authority::{RoleId, VisitRule};
use crate::id::PersonId;

/// Two different persons, the smaller identifier first, so that a pair is written in one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visitors {
    a: PersonId,
    b: PersonId,
}

/// A person and the roles of their posts that are in force for the case.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// The person.
    pub person: PersonId,
    /// The roles.
    pub roles: &'a [RoleId],
}

/// Why two persons cannot visit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitRefusal {
    /// One person twice.
    OnePerson,
    /// A relative of the household.
    Kin {
        /// The person.
        person: PersonId,
    },
    /// Neither may lead a visit.
    NoLead,
    /// One may lead, but the other may not even come second.
    NoSecond {
        /// The person.
        person: PersonId,
    },
}

impl Visitors {
    /// Pairs two visitors. `barred` are the persons under the relatives' bar in the case, and those in it themselves.
    ///
    /// # Errors
    /// They are one, one is barred, none may lead, or the other may not come second.
    pub fn pair(
        rule: &VisitRule,
        one: Visitor<'_>,
        other: Visitor<'_>,
        barred: &[PersonId],
    ) -> Result<Self, VisitRefusal> {
        if one.person == other.person {
            return Err(VisitRefusal::OnePerson);
        }
        if let Some(visitor) = [one, other].into_iter().find(|v| barred.contains(&v.person)) {
            return Err(VisitRefusal::Kin { person: visitor.person });
        }
        let leads = |v: Visitor<'_>| v.roles.iter().any(|role| rule.lead.contains(role));
        let follows = |v: Visitor<'_>| leads(v) || v.roles.iter().any(|role| rule.second.contains(role));
        let second = match (leads(one), leads(other)) {
            (false, false) => return Err(VisitRefusal::NoLead),
            (true, _) => other,
            (false, true) => one,
        };
        if !follows(second) {
            return Err(VisitRefusal::NoSecond { person: second.person });
        }
        Ok(Visitors { a: one.person.min(other.person), b: one.person.max(other.person) })
    }

    /// Both, the smaller identifier first.
    pub fn persons(self) -> [PersonId; 2] {
        [self.a, self.b]
    }
}

impl VisitRefusal {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            VisitRefusal::OnePerson => "入户调查须由两人以上进行，请另选一人。",
            VisitRefusal::Kin { .. } => "其中一人与该家庭有近亲属关系，应当回避，请另选一人。",
            VisitRefusal::NoLead => "两人中至少一人须是调查人员，请更换一人。",
            VisitRefusal::NoSecond { .. } => "另一人的岗位不能参加入户调查，请更换一人。",
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self) -> &'static str {
        match self {
            VisitRefusal::OnePerson => "Two persons visit; choose another for the second.",
            VisitRefusal::Kin { .. } => "One of them is a relative of the household; choose another.",
            VisitRefusal::NoLead => "At least one of the two must be an investigator; replace one.",
            VisitRefusal::NoSecond { .. } => "The other's post does not go on visits; choose another.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_leads_and_the_other_may_come_second() {
        let rule = VisitRule {
            lead: vec![RoleId(1)],
            second: vec![RoleId(2)],
            why: crate::authority::Why::default(),
        };
        let visitor = |person, roles| Visitor { person: PersonId(person), roles };
        let (lead, second, clerk) = (&[RoleId(1)][..], &[RoleId(2)][..], &[RoleId(3)][..]);
        let sorted = Visitors { a: PersonId(4), b: PersonId(9) };
        let pair = Ok(sorted);
        for (one, other, barred, result) in [
            (visitor(9, lead), visitor(4, second), &[][..], pair),
            (visitor(4, second), visitor(9, lead), &[], pair),
            (visitor(9, lead), visitor(4, lead), &[], pair),
            (visitor(9, lead), visitor(9, second), &[], Err(VisitRefusal::OnePerson)),
            (visitor(9, second), visitor(4, second), &[], Err(VisitRefusal::NoLead)),
            (visitor(9, lead), visitor(4, clerk), &[], Err(VisitRefusal::NoSecond { person: PersonId(4) })),
            (visitor(4, &[]), visitor(9, lead), &[], Err(VisitRefusal::NoSecond { person: PersonId(4) })),
            (
                visitor(9, lead),
                visitor(4, second),
                &[PersonId(4)],
                Err(VisitRefusal::Kin { person: PersonId(4) }),
            ),
            (
                visitor(9, lead),
                visitor(4, second),
                &[PersonId(9)],
                Err(VisitRefusal::Kin { person: PersonId(9) }),
            ),
        ] {
            assert_eq!(Visitors::pair(&rule, one, other, barred), result);
        }
        assert_eq!(sorted.persons(), [PersonId(4), PersonId(9)]);
    }
}
