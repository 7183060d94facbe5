//! People of a county on real ground whom a visitor is told of: each in a home and at a point of their case that shows
//! something. Their names are fixed, so that they are the same in every demonstration; nobody real is meant.

use super::names::Called;
use super::people::{Means, Member, Shape};
use super::plan::Plan;

/// Somebody worth signing in as, with their home.
#[derive(Debug)]
pub(crate) struct Lead {
    /// What the home is told by.
    pub key: &'static str,
    /// The number of their case; none: they have not applied.
    pub case: Option<u32>,
    pub shape: Shape,
    pub means: Means,
    /// Everybody, as the shape has them, with age, and whether a woman.
    pub people: &'static [(Member, i32, bool)],
    /// The names of the first of them, a character and its sound each.
    pub names: &'static [&'static [(&'static str, &'static str)]],
    /// The economic check finds something else than they said, and they have been told.
    pub differs: bool,
    /// So many days ago something was done last; none: it was long ago.
    pub ago: Option<i32>,
    /// Why they are interesting and what can be tried, in Chinese and English: one for each of the names.
    pub tries: &'static [(&'static str, &'static str)],
}

use Member::{Child, DisabledChild, Head, Obligor, Spouse};

const PLAIN: Lead = Lead {
    key: "",
    case: None,
    shape: Shape::Alone,
    means: Means::Poor,
    people: &[],
    names: &[],
    differs: false,
    ago: Some(1),
    tries: &[],
};

/// All of them, in the order in which they are shown. The number of a case says where it has come to: `walk/target.rs`.
pub(crate) const LEADS: [Lead; 8] = [
    Lead {
        key: "not_applied",
        shape: Shape::Elder,
        people: &[(Head, 79, true)],
        names: &[&[("王", "wang"), ("桂", "gui"), ("兰", "lan")]],
        tries: &[(
            "79 岁，独自生活，还没有申请过。可以试：以她本人身份查看和申请，或由窗口人员代录。",
            "79, lives alone and has never applied. Try: see what is kept about her and apply, or have a clerk enter it for her.",
        )],
        ..PLAIN
    },
    Lead {
        key: "disabled_child",
        case: Some(1),
        shape: Shape::CoupleWithOne,
        people: &[(Head, 38, false), (Spouse, 36, true), (DisabledChild, 9, false)],
        names: &[&[("陈", "chen"), ("志", "zhi"), ("强", "qiang")]],
        ago: None,
        tries: &[(
            "孩子重度残疾，已经批准。可以试：看决定书和理由；过些日子定期核查会到期，也可以主动报告变化。",
            "The child is severely disabled, and the application was granted. Try: read the decision and its reasons; \
             later on the review falls due, and a change can be reported at any time.",
        )],
        ..PLAIN
    },
    Lead {
        key: "supplementing",
        case: Some(2),
        shape: Shape::ElderWithChildElsewhere,
        people: &[(Head, 84, true), (Obligor, 57, true)],
        names: &[&[("李", "li"), ("玉", "yu"), ("珍", "zhen")], &[("赵", "zhao"), ("敏", "min")]],
        tries: &[
            (
                "84 岁，申请缺一份材料，已收到一次性补正告知书。可以试：看缺什么、哪天到期。",
                "84; one paper is missing, and she was told so in writing. Try: see what is missing and until when.",
            ),
            (
                "李玉珍的女儿，住在外地，凭委托书替母亲办事。可以试：替母亲看进度——但看不到母亲的收入。",
                "Li Yuzhen's daughter, lives elsewhere and acts for her mother on a written authority. Try: see how the case \
                 stands, and that the mother's income stays hidden.",
            ),
        ],
        ..PLAIN
    },
    Lead {
        key: "posted",
        case: Some(3),
        shape: Shape::LoneParentWithTwo,
        people: &[(Head, 34, true), (Child, 8, false), (Child, 5, true)],
        names: &[&[("刘", "liu"), ("芳", "fang")]],
        tries: &[(
            "独自抚养两个孩子，正在公示。可以试：逐日往后走，公示满七天后由乡镇撤下、报县里。",
            "Raises two children alone; her name is on the village board. Try: go on day by day until the seven days are over \
             and the town takes it down.",
        )],
        ..PLAIN
    },
    Lead {
        key: "objected",
        case: Some(8),
        shape: Shape::ElderCouple,
        people: &[(Head, 67, false), (Spouse, 66, true)],
        names: &[&[("孙", "sun"), ("长", "chang"), ("福", "fu")]],
        tries: &[(
            "公示期间有邻居提出异议。可以试：由乡镇再次入户、答复异议；申请人看不到是谁提的。",
            "A neighbour objected while the name was on the board. Try: have the town visit again and answer it; who objected \
             is not shown to the couple.",
        )],
        ..PLAIN
    },
    Lead {
        key: "check_differs",
        case: Some(25),
        people: &[(Head, 56, false)],
        names: &[&[("张", "zhang"), ("建", "jian"), ("国", "guo")]],
        differs: true,
        tries: &[(
            "核对结果与申报不一致，已书面告知。可以试：在期限内说明或要求复核，说明之前不会作出意见。",
            "The economic check found something else than he declared, and he was told in writing. Try: explain it or have it \
             checked again; no opinion is given before.",
        )],
        ..PLAIN
    },
    Lead {
        key: "refused",
        case: Some(6),
        shape: Shape::CoupleWithOne,
        means: Means::Well,
        people: &[(Head, 45, false), (Spouse, 44, true), (Child, 16, true)],
        names: &[&[("周", "zhou"), ("建", "jian"), ("民", "min")]],
        tries: &[(
            "不予确认：财产超过规定。可以试：看理由、依据和算式，提起行政复议，或重新申请。",
            "Refused: the property is above the limit. Try: read the reason, the article and the figures, ask for \
             reconsideration, or apply anew.",
        )],
        ..PLAIN
    },
    Lead {
        key: "reduction",
        case: Some(19),
        shape: Shape::Elder,
        people: &[(Head, 70, true)],
        names: &[&[("赵", "zhao"), ("秀", "xiu"), ("英", "ying")]],
        tries: &[(
            "复核后拟降低待遇，决定前要先听取她的意见；生效前仍按原额发放。可以试：由乡镇记录她的意见。",
            "After a review less is proposed; she must be heard before it is decided, and the old amount runs on until then. \
             Try: record what she says.",
        )],
        ..PLAIN
    },
];

/// Homes among which there is one without a case, if there is any.
const FIRST: u32 = 40;

impl Lead {
    /// The number of the home; none where the county is too small for it.
    pub fn home(&self, plan: &Plan) -> Option<u32> {
        match self.case {
            Some(case) => (case < plan.cases).then(|| plan.household_of(case)),
            None => (0..plan.households.min(FIRST)).find(|home| plan.case_of(*home).is_none()),
        }
    }

    /// Whom a home belongs to.
    pub fn of_home(plan: &Plan, home: u32) -> Option<&'static Lead> {
        all(plan).find(|lead| lead.home(plan) == Some(home))
    }

    /// Whom a case belongs to.
    pub fn of_case(plan: &Plan, case: u32) -> Option<&'static Lead> {
        all(plan).find(|lead| lead.case == Some(case))
    }

    /// What somebody of it is called, by their place.
    pub fn called(&self, place: usize) -> Option<Called> {
        let letters = self.names.get(place)?;
        Some(Called {
            name: letters.iter().map(|(letter, _)| *letter).collect(),
            pinyin: letters.iter().map(|(_, sound)| *sound).collect::<Vec<_>>().join(" "),
            initials: letters.iter().filter_map(|(_, sound)| sound.chars().next()).collect(),
        })
    }

    /// What somebody of it signs in with, by their place.
    pub fn login(&self, place: usize) -> Option<String> {
        Some(self.called(place)?.pinyin.replace(' ', ""))
    }
}

/// Those of a plan. Only a county on real ground is there to be walked through.
pub(crate) fn all(plan: &Plan) -> impl Iterator<Item = &'static Lead> + use<> {
    let any = plan.divisions.is_some();
    LEADS.iter().filter(move |_| any)
}

/// The first cases have something done to them in the last days, but for one in so many of the second half of them, and all that
/// come after: those have long been waiting.
const LATELY: (u32, u32) = (20, 3);

/// How many days ago something is to have been done last in a case.
pub(crate) fn ago(plan: &Plan, case: u32) -> Option<i32> {
    match Lead::of_case(plan, case) {
        Some(lead) => lead.ago,
        None => {
            let (first, one_in) = LATELY;
            let lately = case < first || case < 2 * first && !case.is_multiple_of(one_in);
            (lately && plan.divisions.is_some()).then(|| 1 + i32::try_from(case % 4).unwrap_or(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::divisions::Divisions;
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    #[test]
    fn each_has_a_home_of_their_own_and_a_line_for_each_name() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let divisions = Divisions::read(&root, "110118").ok();
        let plan = Plan { households: 100, cases: 40, divisions, ..Plan::example() };
        let homes: BTreeSet<u32> = all(&plan).filter_map(|lead| lead.home(&plan)).collect();
        assert_eq!(homes.len(), LEADS.len());
        for lead in &LEADS {
            assert_eq!(lead.names.len(), lead.tries.len(), "{}", lead.key);
            assert!(!lead.names.is_empty() && lead.names.len() <= lead.people.len(), "{}", lead.key);
            assert_eq!(lead.people[0].0, Head, "{}", lead.key);
        }
        let logins: BTreeSet<Option<String>> = LEADS.iter().map(|lead| lead.login(0)).collect();
        assert_eq!(logins.len(), LEADS.len());
        assert_eq!(
            all(&Plan { divisions: None, ..plan }).count(),
            0,
            "a made-up county has nobody to be told of"
        );
    }
}
