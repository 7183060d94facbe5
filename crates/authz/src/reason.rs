//! Why the answer is no. The sentence is made at the edge from the reason, and says what to do next.

use crate::authority::{Authority, Need, SubjectId};
use crate::break_glass::BreakGlassRefusal;
use crate::sensitivity::Sensitivity;
use crate::separation::Conflict;
use anmin_base::money::Money;

/// Why something is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing permits the action.
    NotPermitted,
    /// No post in force.
    NoPost,
    /// Permitted, but not for that purpose.
    Purpose,
    /// It is none of this person's: another place, another's file, not assigned.
    OutOfReach,
    /// Another line of work.
    Subject {
        /// The subject, if it was said.
        asked: Option<SubjectId>,
    },
    /// More sensitive than is permitted.
    TooSensitive {
        /// How sensitive it is.
        asked: Sensitivity,
        /// How sensitive it may be.
        up_to: Sensitivity,
    },
    /// Sealed, and not assigned to this person by name.
    Sealed,
    /// A paper or an assignment is missing.
    Missing(Need),
    /// The caller did not load a fact without which nothing can be allowed: an error of the program.
    Unknown(Fact),
    /// A role of this person never does that.
    Forbidden,
    /// The service does not let anybody in that role do it.
    ForbiddenHere,
    /// On oneself.
    OnOneself,
    /// The person, or who delegated the post, is in the case.
    OwnCase,
    /// A relative of the person, or of who delegated the post, is in the case.
    Kin,
    /// The two are kept apart. Told like [`Reason::OutOfReach`].
    KeptApart,
    /// The unit it is about does not review itself.
    SameUnit,
    /// The person had a hand in a case of the batch.
    HandInCases,
    /// More than may be given so.
    AboveCap {
        /// The most, if the place has set it.
        cap: Option<Money>,
    },
    /// The person has done a duty that excludes it.
    Duty(Conflict),
    /// The second factor is asked for.
    StepUp {
        /// How old it may be.
        minutes: u16,
    },
    /// The day's ration is used up.
    UsedUp {
        /// How many there are.
        a_day: u16,
    },
    /// The broken glass gives nothing.
    BreakGlass(BreakGlassRefusal),
}

/// A fact that has to be known before anything is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Who is in the case.
    Parties,
    /// Which staff are relatives.
    Kin,
    /// Who is to be kept apart.
    KeptApart,
    /// The case or batch and its cycle.
    Matter,
    /// Which duties were done.
    Taken,
    /// The unit it is about.
    Unit,
    /// Who had a hand in the batch's cases.
    HandsInCases,
    /// The amount.
    Amount,
}

impl Reason {
    /// Whether the edge answers as if there were nothing there, so that a denial tells nobody what exists.
    pub fn conceals(&self) -> bool {
        matches!(
            self,
            Reason::OutOfReach
                | Reason::Subject { .. }
                | Reason::Sealed
                | Reason::Missing(Need::Assignment)
                | Reason::KeptApart
                | Reason::Unknown(_)
        )
    }

    /// How near to a yes: of several reasons the nearest is told.
    pub(crate) fn depth(&self) -> u8 {
        match self {
            Reason::NotPermitted | Reason::NoPost => 0,
            Reason::Purpose | Reason::ForbiddenHere => 1,
            Reason::OutOfReach => 2,
            Reason::Subject { .. } => 3,
            Reason::TooSensitive { .. } => 4,
            Reason::Sealed => 5,
            Reason::BreakGlass(_) => 6,
            Reason::Missing(_) => 7,
            Reason::Unknown(_) => 8,
            Reason::KeptApart => 9,
            Reason::Forbidden | Reason::OnOneself | Reason::OwnCase | Reason::Kin => 10,
            Reason::SameUnit | Reason::HandInCases | Reason::AboveCap { .. } => 11,
            Reason::Duty(_) => 12,
            Reason::StepUp { .. } | Reason::UsedUp { .. } => 13,
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self, authority: &Authority) -> String {
        let parts = authority.parts();
        match self {
            Reason::NotPermitted => "您的岗位不办理此事项。如确有需要，请联系本单位安全管理员。".into(),
            Reason::NoPost => "您目前没有在任的岗位。请联系本单位安全管理员办理任命或续任。".into(),
            Reason::Purpose => "您选择的用途不能办理此事项，请选择与工作相符的用途。".into(),
            Reason::OutOfReach | Reason::KeptApart => "没有找到，或不在您的办理范围内。".into(),
            Reason::Subject { .. } => "没有找到，或不属于您的业务范围。".into(),
            Reason::TooSensitive { asked, up_to } => format!(
                "该内容属“{}”，您的岗位最高可看“{}”。请由有权限的人员办理。",
                level(parts, *asked).0,
                level(parts, *up_to).0
            ),
            Reason::Sealed => "没有找到，或未指定您办理。".into(),
            Reason::Missing(need) => missing(*need).0.into(),
            Reason::Unknown(_) => "系统没有取得判断权限所需的信息，已按不允许处理。请联系系统管理员。".into(),
            Reason::Forbidden => "您任职的某个岗位不得接触此类事项，请由其他人员办理。".into(),
            Reason::ForbiddenHere => "该业务不允许您的岗位办理此事项，请由其他人员办理。".into(),
            Reason::OnOneself => "不能对本人办理此事项，请由他人办理。".into(),
            Reason::OwnCase => "您（或委托您的人）是本案当事人，应当回避，请移交他人。".into(),
            Reason::Kin => "您（或委托您的人）与本案当事人有近亲属关系，应当回避，请移交他人。".into(),
            Reason::SameUnit => "应由其他单位复核，请移交。".into(),
            Reason::HandInCases => "您经办过本批次中的案件，不能签批本批次，请由他人签批。".into(),
            Reason::AboveCap { cap: Some(cap) } => {
                format!("先行救助不超过 {} 元，超出部分请按正常程序办理。", cap.grouped())
            }
            Reason::AboveCap { cap: None } => "本地没有设定先行救助的限额，请按正常程序办理。".into(),
            Reason::Duty(conflict) => format!(
                "本案同一轮次中已经承担“{}”的人不能再承担“{}”，请移交他人。",
                parts.duties[conflict.done.0].zh, parts.duties[conflict.asked.0].zh
            ),
            Reason::StepUp { minutes } => {
                format!("此操作须再次验证身份（{minutes} 分钟内有效），请验证后继续。")
            }
            Reason::UsedUp { a_day } => format!("今天已达上限（{a_day} 次），请明天再办或联系负责人。"),
            Reason::BreakGlass(refusal) => refusal.zh(),
        }
    }

    /// What is wrong and what to do, in English.
    pub fn en(&self, authority: &Authority) -> String {
        let parts = authority.parts();
        match self {
            Reason::NotPermitted => {
                "None of your posts does this. If you need it, ask your unit's security administrator.".into()
            }
            Reason::NoPost => {
                "You have no post in force. Ask your unit's security administrator to appoint or renew it."
                    .into()
            }
            Reason::Purpose => "This is not done for that purpose; choose the one your work has.".into(),
            Reason::OutOfReach | Reason::KeptApart => "Not found, or not within your reach.".into(),
            Reason::Subject { .. } => "Not found, or not within your subjects.".into(),
            Reason::TooSensitive { asked, up_to } => format!(
                "This is \"{}\"; your post sees up to \"{}\". Ask somebody who may.",
                level(parts, *asked).1,
                level(parts, *up_to).1
            ),
            Reason::Sealed => "Not found, or not assigned to you.".into(),
            Reason::Missing(need) => missing(*need).1.into(),
            Reason::Unknown(_) => {
                "What the decision needs was not loaded, so the answer is no. Tell the system administrator."
                    .into()
            }
            Reason::Forbidden => "One of your posts may never touch this; let somebody else do it.".into(),
            Reason::ForbiddenHere => {
                "This service does not let your post do that; let somebody else do it.".into()
            }
            Reason::OnOneself => "Nobody does this for themself; let somebody else do it.".into(),
            Reason::OwnCase => "You, or who delegated to you, are in this case; hand it over.".into(),
            Reason::Kin => {
                "You, or who delegated to you, are a relative of somebody in this case; hand it over.".into()
            }
            Reason::SameUnit => "Another unit reviews this; hand it over.".into(),
            Reason::HandInCases => {
                "You worked on a case of this batch, so somebody else must release it.".into()
            }
            Reason::AboveCap { cap: Some(cap) } => {
                format!("Urgent aid is at most {} yuan; give the rest in the ordinary way.", cap.grouped())
            }
            Reason::AboveCap { cap: None } => {
                "No cap for urgent aid has been set here; use the ordinary way.".into()
            }
            Reason::Duty(conflict) => format!(
                "In this cycle somebody who did \"{}\" cannot do \"{}\"; hand it over.",
                parts.duties[conflict.done.0].en, parts.duties[conflict.asked.0].en
            ),
            Reason::StepUp { minutes } => {
                format!("Show the second factor to go on; it holds for {minutes} minutes.")
            }
            Reason::UsedUp { a_day } => {
                format!("Today's {a_day} are used up; go on tomorrow, or ask in charge.")
            }
            Reason::BreakGlass(refusal) => refusal.en(),
        }
    }
}

fn level(parts: &crate::authority::Parts, sensitivity: Sensitivity) -> (&str, &str) {
    match parts.sensitivities.get(sensitivity as usize) {
        Some(named) => (&named.zh, &named.en),
        None => (sensitivity.name(), sensitivity.name()),
    }
}

fn missing(need: Need) -> (&'static str, &'static str) {
    match need {
        Need::Ticket => (
            "须有他人签发、在有效期内并涵盖本案的调阅单，请先申请。",
            "This needs a ticket in force, issued by somebody else, that covers it; ask for one first.",
        ),
        Need::Consent => (
            "须经该家庭成员本人同意才能查看。",
            "This is shown only with that household member's own consent.",
        ),
        Need::Authorisation => (
            "没有涵盖此人和此数据来源的有效核对授权书，请先取得授权。",
            "There is no valid authorisation that covers this person and source; obtain one first.",
        ),
        Need::Assignment => ("没有找到，或未指定您办理。", "Not found, or not assigned to you."),
    }
}
