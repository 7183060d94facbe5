//! The verdicts a step asks for: what the rules say of the household as it is known now, and what else a workflow wants
//! to know. What nobody can tell stays unknown.

use super::file::CaseFile;
use super::take::{asks, rules};
use crate::decide::Prepared;
use crate::error::Result;
use crate::facts::Known;
use crate::office::{Now, Office};
use crate::record::{DecisionV1, EligibleV1};
use anmin_base::date::Date;
use anmin_casework::apply::Verdicts;
use anmin_casework::command::{Act, Command};
use anmin_casework::kinds::{ActKind, known};
use anmin_pack::library::RulesOn;
use anmin_store::{Blind, DeploymentKind, Id, Work};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known for one command.
#[derive(Debug, Default)]
pub(crate) struct Weighed {
    /// The verdicts; one that is absent is unknown.
    pub verdicts: Verdicts,
    /// For each programme, the decision under the rules: it is kept with what is signed.
    pub basis: BTreeMap<String, DecisionV1>,
    /// For each programme, the hash of the rules.
    hashes: BTreeMap<String, String>,
}

/// The verdicts that packs ask for by these names.
const ELIGIBLE: &str = "eligible";
const COMPLETE: &str = "complete";

/// What is known of a household, when a command is weighed.
pub(crate) trait Judge {
    /// The decision under a pack's rules; with the single facts that would turn it where it is to be signed.
    ///
    /// # Errors
    /// Facts that cannot be used.
    fn decide(&mut self, prepared: &Prepared, signs: bool) -> Result<DecisionV1>;
    /// Whether somebody lives elsewhere than they are registered; none where it is not known.
    fn lives_elsewhere(&self) -> Option<bool>;
}

impl Judge for Known {
    fn decide(&mut self, prepared: &Prepared, signs: bool) -> Result<DecisionV1> {
        match signs {
            true => Known::decide(self, prepared),
            false => self.decide_plainly(prepared),
        }
    }

    fn lives_elsewhere(&self) -> Option<bool> {
        Known::lives_elsewhere(self)
    }
}

impl Weighed {
    /// A ruling names the rules it rests on, whatever was sent.
    pub fn pin(&self, act: &mut Act) {
        if let Act::Decide { rulings } = act {
            for ruling in rulings {
                ruling.hash = self.hashes.get(&ruling.programme).cloned().unwrap_or_default();
            }
        }
    }

    fn decided(&mut self, programme: &str, decision: DecisionV1) {
        let answer = match decision.eligible {
            Some(EligibleV1::Yes) => Some(true),
            Some(EligibleV1::No) => Some(false),
            _ => None,
        };
        if let Some(answer) = answer {
            self.verdicts.insert(format!("{ELIGIBLE}:{programme}"), answer);
        }
        self.hashes.insert(programme.to_owned(), decision.receipt.decision_hash.clone());
        self.basis.insert(programme.to_owned(), decision);
    }
}

impl Office {
    /// What a command on a case needs to know.
    pub(crate) async fn weigh(
        &self,
        work: &mut Work,
        file: &CaseFile,
        command: &Command,
        now: Now,
    ) -> Result<Weighed> {
        let mut facts = match self.needs_facts(file, command) {
            true => Some(self.known_facts(work, file, now).await?),
            false => None,
        };
        self.weigh_known(file, command, now, facts.as_mut())
    }

    /// Whether a command cannot be weighed without what is known of the household.
    pub(crate) fn needs_facts(&self, file: &CaseFile, command: &Command) -> bool {
        let Command::Take(take) = command else { return false };
        let step = file.workflow.step(&take.step);
        step.is_some_and(|step| asks(step, ELIGIBLE) || rules(&take.act))
    }

    /// The same with the facts at hand.
    pub(crate) fn weigh_known<J: Judge>(
        &self,
        file: &CaseFile,
        command: &Command,
        now: Now,
        facts: Option<&mut J>,
    ) -> Result<Weighed> {
        let mut weighed = Weighed::default();
        let Command::Take(take) = command else { return Ok(weighed) };
        let Some(step) = file.workflow.step(&take.step) else { return Ok(weighed) };
        if asks(step, COMPLETE) {
            weighed.verdicts.insert(COMPLETE.into(), complete(file));
        }
        if let Some(facts) = facts {
            let signs = matches!(take.act, Act::Decide { .. });
            for (programme, _) in &file.case.programmes {
                let prepared = self.programme(file, programme, now.on)?;
                weighed.decided(programme, facts.decide(&prepared, signs)?);
            }
            if let Some(apart) = facts.lives_elsewhere() {
                weighed.verdicts.insert(known::LIVES_ELSEWHERE.into(), apart);
            }
        }
        let sampled = matches!(step.act, ActKind::Decide | ActKind::SpotVisit | ActKind::Post);
        if sampled && file.workflow.figure(known::SPOT_RATE) > 0 {
            weighed.verdicts.insert(known::SAMPLED.into(), self.drawn(file));
        }
        Ok(weighed)
    }

    /// What the rules say of a case's household today, a programme each: for whoever looks at it.
    pub(crate) fn programme(&self, file: &CaseFile, programme: &str, today: Date) -> Result<Arc<Prepared>> {
        let region = file.opened.region.as_deref();
        let on = match self.opened(programme, region)?.loaded.service.rules_on {
            RulesOn::Application => file.case.opened,
            RulesOn::Decision => today,
        };
        self.prepared(programme, region, on)
    }

    /// Whether the deciding unit is to visit this case itself. Drawn with a key that nobody reads, so that it can be
    /// neither foreseen nor drawn again; in a demonstration without, so that the same county has the same visits.
    pub(crate) fn drawn(&self, file: &CaseFile) -> bool {
        self.is_drawn(file.id(), i64::from(file.case.cycle), file.workflow.figure(known::SPOT_RATE))
    }

    /// The same of a case of which no more is known than its name and cycle, at a share in percent.
    pub(crate) fn is_drawn(&self, case: anmin_store::Id, cycle: i64, share: u32) -> bool {
        let lot = format!("{case}:{cycle}");
        let store = &self.inner.store;
        let drawn = match store.deployment().kind {
            DeploymentKind::Record => store.keys().blind(Blind::Partner, "spot-visit", &lot),
            DeploymentKind::Demo => super::row_id(case, "spot-visit", &lot).to_string(),
        };
        let number = u32::from_str_radix(drawn.get(..8).unwrap_or_default(), 16).unwrap_or(0);
        number % 100 < share
    }
}

/// Whether an application is complete: every adult has let their means be checked, and what was asked for is there.
pub(super) fn complete(file: &CaseFile) -> bool {
    let case = &file.case;
    let authorised = |adult: &anmin_casework::record::Person| {
        case.authorities.iter().any(|a| a.subject == *adult && a.revoked.is_none())
    };
    let adults = case.adults.iter().all(authorised);
    let asked = case.taken.iter().rposition(|t| is_act(file, &t.step, ActKind::Supplement));
    let supplied = asked.is_none_or(|at| case.taken[at + 1..].iter().any(|t| handed_in(file, &t.step)));
    adults && supplied
}

fn is_act(file: &CaseFile, step: &str, act: ActKind) -> bool {
    file.workflow.step(step).is_some_and(|step| step.act == act)
}

/// A step that leads back from where papers were missing.
fn handed_in(file: &CaseFile, step: &str) -> bool {
    file.workflow.step(step).is_some_and(|step| step.act == ActKind::Plain && !step.evidence.is_empty())
}

/// The subjects of a case's facts: whom or what rows of facts are about, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subjects {
    /// The household, or the case where there is none.
    pub root: (&'static str, Id),
    /// Each person with the collection they stand in.
    pub members: Vec<(String, Id)>,
}

impl Subjects {
    /// The people among them.
    pub fn people(&self) -> Vec<Id> {
        let mut people: Vec<Id> = self.members.iter().map(|(_, person)| *person).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

impl CaseFile {
    /// Whom and what the case's facts are about.
    pub fn subjects(&self) -> Subjects {
        let root = match self.record.link("household") {
            Some(household) => ("household", household),
            None => ("case", self.id()),
        };
        let members = self.parties.iter();
        let members = members.filter_map(|p| Some((p.role.clone(), Id::parse(&p.person)?))).collect();
        Subjects { root, members }
    }
}

impl Known {
    /// The decision under a pack's rules.
    pub(crate) fn decide(&self, prepared: &Prepared) -> Result<DecisionV1> {
        let household = self.household(prepared)?;
        Ok(prepared.decide_household(&household, &anmin_pack::finding::Files::default())?)
    }

    /// The same without the single facts that would turn it.
    pub(crate) fn decide_plainly(&self, prepared: &Prepared) -> Result<DecisionV1> {
        let household = self.household(prepared)?;
        Ok(prepared.decide_plainly(&household, &anmin_pack::finding::Files::default())?)
    }
}
