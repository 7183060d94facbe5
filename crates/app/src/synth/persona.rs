//! Whom one can sign in as, by role, with a line of what they can try: for whoever looks at a demonstration first.

use super::county::PersonaV1;
use super::lead::{self, Lead};
use super::people::Resident;
use super::world::World;
use crate::record::TextV1;
use std::collections::BTreeSet;

/// Towns whose staff are named.
const TOWNS: usize = 1;
/// Applicants named where nobody is to be told of.
const SOME: u32 = 3;

/// What each role is shown first, in Chinese and English.
const TRIES: [(&str, &str, &str); 18] = [
    (
        "intake_clerk",
        "收件、登记人员和家庭、一次性要求补正、受理。",
        "Takes in papers, enters people, asks once for what is missing, accepts.",
    ),
    (
        "investigator",
        "两人入户调查、发起核对、告知核对结果。",
        "Visits in twos, asks for the economic check, tells its result.",
    ),
    (
        "examiner",
        "提出审核意见、公示、答复异议、听取意见、送达，并指定承办人。",
        "Gives the opinion, posts it, answers objections, hears, delivers, assigns cases.",
    ),
    (
        "county_reviewer",
        "复核，必要时抽查入户或退回。",
        "Reviews, visits some homes, sends back what is not in order.",
    ),
    (
        "county_confirmer",
        "作出决定：确认、不予确认、调整；每一步都有依据和期限。",
        "Decides: grants, refuses, changes; each with its article and its clock.",
    ),
    (
        "checker",
        "按授权核对收入和财产，出具报告；看不到授权以外的人。",
        "Checks income and property under a signed authority, and nobody else.",
    ),
    (
        "village_assistant",
        "看本村的案件（部分隐去），作为第二人一同入户。",
        "Sees the village's cases, partly masked, and comes second on visits.",
    ),
    (
        "village_appraiser",
        "主持民主评议；看不到收入和证件号码。",
        "Chairs the appraisal; sees no income and no identity number.",
    ),
    ("supervisor", "看各县的统计和部分隐去的案件。", "Sees figures, and cases partly masked."),
    ("auditor", "看审计日志；看案件须凭调阅单。", "Reads the audit log; a case only by ticket."),
    (
        "fund_preparer",
        "编制发放批次；只见姓名、金额和隐去的账号。",
        "Prepares payments; sees names, amounts and masked accounts only.",
    ),
    ("fund_reviewer", "复核发放批次，与编制人不同。", "Reviews payments; never who prepared them."),
    ("fund_signer", "签批发放批次，与前两人不同。", "Releases payments; neither of the two before."),
    (
        "policy_editor",
        "编辑政策参数；接触不到任何个人信息。",
        "Edits figures of the law; sees nobody's data.",
    ),
    ("policy_approver", "批准政策参数，与编辑人不同。", "Approves them; never who edited."),
    ("system_admin", "看作业和区划；接触不到任何个人信息。", "Sees jobs and places; nobody's data."),
    (
        "security_admin",
        "提名岗位、开通账号；自己提的由另一人批准。",
        "Proposes posts and opens accounts; another approves.",
    ),
    ("audit_admin", "校验和导出日志。", "Verifies and exports the journal."),
];

fn text((zh, en): (&str, &str)) -> TextV1 {
    TextV1 { zh: zh.into(), en: en.into() }
}

impl World {
    /// Those to be told of, one of each role at the city, the county and in the first town, and where there is nobody to be
    /// told of some who apply.
    pub fn personas(&self) -> Vec<PersonaV1> {
        let mut personas: Vec<PersonaV1> =
            lead::all(&self.plan).flat_map(|lead| self.of_lead(lead)).collect();
        let told = !personas.is_empty();
        personas.extend(self.of_staff());
        for case in 0..self.plan.cases.min(if told { 0 } else { SOME }) {
            let Ok(household) = self.household(self.plan.household_of(case)) else { continue };
            let area = household.home.area;
            let Some(head) = household.home.people.first() else { continue };
            let tries = ("看进度和文书。", "Sees how the case stands, and its letters.");
            personas.push(self.resident(head, applicant_login(case), area, "applicant", tries));
        }
        personas
    }

    fn of_lead(&self, lead: &Lead) -> Vec<PersonaV1> {
        let home = lead.home(&self.plan).and_then(|home| self.household(home).ok());
        let Some(household) = home else { return Vec::new() };
        let home = &household.home;
        let told = home.people.iter().zip(lead.tries).enumerate();
        let told = told.filter_map(|(place, (person, tries))| {
            Some(self.resident(person, lead.login(place)?, home.area, lead.key, *tries))
        });
        told.collect()
    }

    fn resident(
        &self,
        person: &Resident,
        login: String,
        area: usize,
        key: &str,
        tries: (&str, &str),
    ) -> PersonaV1 {
        PersonaV1 {
            key: key.into(),
            person: person.id.to_string(),
            name: person.called.name.clone(),
            login,
            role: "resident".into(),
            role_name: text(("居民", "Resident")),
            area: self.county.areas[area].name.clone(),
            tries: text(tries),
        }
    }

    fn of_staff(&self) -> Vec<PersonaV1> {
        let World { county, staff, .. } = self;
        let authority = self.office.authority();
        let first: Vec<usize> = county.towns.iter().take(TOWNS).map(|town| town.area).collect();
        let near = |area: usize| {
            area == county.city
                || area == county.own
                || first.contains(&area)
                || county.areas[area].above.iter().any(|above| first.contains(above))
        };
        let mut seen = BTreeSet::new();
        let found =
            staff.people.iter().filter(|colleague| near(colleague.area) && seen.insert(colleague.role));
        let persona = |colleague: &super::staff::Colleague| {
            let role = authority.role(colleague.role).map(|role| &authority.parts().roles[role.0].named);
            let tries = TRIES.iter().find(|(role, ..)| *role == colleague.role);
            PersonaV1 {
                key: colleague.role.to_owned(),
                person: colleague.id.to_string(),
                name: colleague.called.name.clone(),
                login: colleague.login.clone(),
                role: colleague.role.to_owned(),
                role_name: role.map(|r| text((&r.zh, &r.en))).unwrap_or_default(),
                area: county.areas[colleague.area].name.clone(),
                tries: tries.map(|(_, zh, en)| text((zh, en))).unwrap_or_default(),
            }
        };
        found.map(persona).collect()
    }
}

/// What the applicant of a case signs in with.
pub(crate) fn applicant_login(case: u32) -> String {
    format!("resident{:03}", case + 1)
}
