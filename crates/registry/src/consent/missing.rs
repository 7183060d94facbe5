//! Whose authorisation is wanting before anything is asked, and why.

use super::{Authorisation, Class, Part, Party, Signs};
use crate::id::PersonId;
use anmin_base::date::Date;
use std::collections::BTreeSet;

/// Why there is none that will do. Where several papers fail for different reasons, the one that came nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nobody has signed for this person and class.
    NotSigned,
    /// Signed by somebody who could not sign for this person on that day.
    WrongSigner,
    /// The period has run out, or has not begun.
    OutsidePeriod,
    /// Revoked.
    Revoked,
    /// The benefit it was signed for has ended.
    BenefitEnded,
    /// A guardian signed, and the person has come of age or acts for themselves since.
    CameOfAge,
    /// The household is another than the one that signed.
    HouseholdChanged,
    /// Somebody must sign for the person, and no guardian is known.
    NoGuardian,
    /// Who signs depends on the age, and the date of birth is not known.
    BirthUnknown,
}

/// A person about whom some classes may not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Who.
    pub person: PersonId,
    /// Member or obligor. An obligor who does not sign is not asked about; that holds up nothing else by itself.
    pub part: Part,
    /// Which classes.
    pub classes: Vec<Class>,
    /// Who may sign, any one of them; nobody where that is the trouble.
    pub signers: Vec<PersonId>,
    /// Why.
    pub why: Why,
}

/// For everybody in the household on the day and its obligors: the classes that no authorisation covers, grouped by reason;
/// in the order of the parties. Empty when everything may be asked.
pub fn missing_authorisations(
    parties: &[Party],
    authorisations: &[Authorisation],
    classes: &[Class],
    on: Date,
) -> Vec<Missing> {
    let household: BTreeSet<PersonId> =
        parties.iter().filter(|party| party.part == Part::Member).map(|party| party.person).collect();
    let mut found: Vec<Missing> = Vec::new();
    for party in parties {
        let (signers, nobody) = match party.signs(on) {
            Signs::Oneself => (vec![party.person], None),
            Signs::Guardian(guardians) => (guardians, None),
            Signs::NobodyKnown => (vec![], Some(Why::NoGuardian)),
            Signs::BirthUnknown => (vec![], Some(Why::BirthUnknown)),
        };
        for class in classes {
            let mut judged = authorisations.iter().filter_map(|a| judge(party, a, class, &household, on));
            // One that will do ends the search.
            let Some(why) = judged.try_fold(Why::NotSigned, |nearest, why| Some(nearest.max(why?))) else {
                continue;
            };
            let why = nobody.unwrap_or(why);
            match found.iter_mut().find(|m| m.person == party.person && m.why == why) {
                Some(missing) => missing.classes.push(class.clone()),
                None => found.push(Missing {
                    person: party.person,
                    part: party.part,
                    classes: vec![class.clone()],
                    signers: signers.clone(),
                    why,
                }),
            }
        }
    }
    found
}

/// None: it has nothing to do with person and class. `Some(None)`: it will do. Otherwise why it will not.
fn judge(
    party: &Party,
    authorisation: &Authorisation,
    class: &Class,
    household: &BTreeSet<PersonId>,
    on: Date,
) -> Option<Option<Why>> {
    if !authorisation.names(party.person, class) {
        return None;
    }
    // Who could sign is a question of the day of the signature; whose turn it is now, of today.
    let signed = party.may_be_signed_by(authorisation.signer, authorisation.days.from);
    let own = authorisation.signer == party.person;
    Some(if !signed {
        Some(Why::WrongSigner)
    } else if authorisation.revoked_on.is_some_and(|day| day <= on) {
        Some(Why::Revoked)
    } else if authorisation.ended_on.is_some_and(|day| day < on) {
        Some(Why::BenefitEnded)
    } else if !authorisation.days.hold(on) {
        Some(Why::OutsidePeriod)
    } else if !own && party.signs(on) == Signs::Oneself {
        Some(Why::CameOfAge)
    } else if party.part == Part::Member && authorisation.household != *household {
        Some(Why::HouseholdChanged)
    } else {
        None
    })
}

impl Why {
    /// What is wrong and what to do, in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Why::NotSigned => "尚未签署核对授权书，请先签署，再发起核对。",
            Why::WrongSigner => "授权书不是由本人（或监护人）签署的，请由有权签署的人重新签署。",
            Why::OutsidePeriod => "授权书不在有效期内，请重新签署。",
            Why::Revoked => "授权已撤回，不能再查询。请说明对申请的影响，是否重新授权由本人决定。",
            Why::BenefitEnded => "待遇已经终止，授权随之失效；重新申请的，请重新签署。",
            Why::CameOfAge => "本人已能自己作主，监护人签署的授权不再适用，请由本人签署。",
            Why::HouseholdChanged => "家庭成员有变化，请按现在的家庭重新签署。",
            Why::NoGuardian => "本人不能自己签署，也没有登记监护人；请先确定并登记监护人，再由监护人签署。",
            Why::BirthUnknown => "不清楚出生日期，不能确定由谁签署；请先登记出生日期。",
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            Why::NotSigned => {
                "No authorisation of checks has been signed; have it signed before anything is asked."
            }
            Why::WrongSigner => {
                "It was signed by somebody who could not sign for this person; have it signed by who can."
            }
            Why::OutsidePeriod => "The authorisation is outside its period; have it signed anew.",
            Why::Revoked => {
                "The authorisation was revoked, so nothing is asked. Explain what that means for the application; signing again is up to the person."
            }
            Why::BenefitEnded => {
                "The benefit has ended and the authorisation with it; a new application needs a new one."
            }
            Why::CameOfAge => {
                "The person now acts for themselves, so a guardian's signature no longer counts; have the person sign."
            }
            Why::HouseholdChanged => {
                "The household has changed; have the authorisation signed for the household as it is now."
            }
            Why::NoGuardian => {
                "The person cannot sign and no guardian is registered; establish and register the guardian, who then signs."
            }
            Why::BirthUnknown => "Without the date of birth nobody can say who signs; register it first.",
        }
    }
}
