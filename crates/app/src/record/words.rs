//! The closed lists of casework by name, and what people read for each.
use super::TextV1;
use anmin_casework::kinds::{Exception, Manner, Mark, Outcome, Part};
use anmin_casework::record::{Answer, Standing};
use anmin_casework::workflow::Unit;

/// A closed list whose values have names in stored forms and in what people send.
pub(crate) trait Coded: Copy + PartialEq + 'static {
    /// What it is a list of, in sentences.
    const WHAT: (&'static str, &'static str);

    /// All values with their names.
    fn all() -> Vec<(&'static str, Self)>;

    /// What people read.
    fn label(self) -> TextV1;

    /// Its name.
    fn code(self) -> &'static str {
        Self::all().into_iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }
}

/// The value of a name.
pub(crate) fn code_of<T: Coded>(name: &str) -> Option<T> {
    T::all().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

pub(crate) fn text(zh: &str, en: &str) -> TextV1 {
    TextV1 { zh: zh.into(), en: en.into() }
}

impl Coded for Outcome {
    const WHAT: (&'static str, &'static str) = ("结果", "outcome");

    fn all() -> Vec<(&'static str, Self)> {
        Outcome::ALL.map(|o| (o.name(), o)).to_vec()
    }

    fn label(self) -> TextV1 {
        let en = match self {
            Outcome::Keep => "keep as it is",
            Outcome::Decline => "not accept",
            other => other.name(),
        };
        text(self.zh(), en)
    }
}

impl Coded for Exception {
    const WHAT: (&'static str, &'static str) = ("免听取情形", "exception");

    fn all() -> Vec<(&'static str, Self)> {
        Exception::ALL.to_vec()
    }

    fn label(self) -> TextV1 {
        match self {
            Exception::Death => text("死亡", "death"),
            Exception::Withdrawal => text("自愿退出", "withdrawal"),
            Exception::Missing => text("下落不明", "whereabouts unknown"),
            Exception::MovedAway => text("迁出", "moved away"),
        }
    }
}

impl Coded for Manner {
    const WHAT: (&'static str, &'static str) = ("送达方式", "manner of delivery");

    fn all() -> Vec<(&'static str, Self)> {
        Manner::ALL.to_vec()
    }

    fn label(self) -> TextV1 {
        match self {
            Manner::Signed => text("签收", "signed for"),
            Manner::Mail => text("邮寄", "by post"),
            Manner::Left => text("留置", "left before witnesses"),
            Manner::Kin => text("送交亲属", "to kin"),
            Manner::NoKin => text("无亲属", "no kin"),
            Manner::Public => text("公告", "public notice"),
            Manner::Electronic => text("短信或网络", "a message"),
        }
    }
}

impl Coded for Mark {
    const WHAT: (&'static str, &'static str) = ("期限标记", "mark");

    fn all() -> Vec<(&'static str, Self)> {
        Mark::ALL.to_vec()
    }

    fn label(self) -> TextV1 {
        match self {
            Mark::Green => text("正常", "in time"),
            Mark::Amber => text("临近", "soon"),
            Mark::Red => text("紧急", "last days"),
            Mark::Overdue => text("超期", "overdue"),
        }
    }
}

impl Coded for Answer {
    const WHAT: (&'static str, &'static str) = ("核对答复", "answer");

    fn all() -> Vec<(&'static str, Self)> {
        vec![("matches", Answer::Matches), ("differs", Answer::Differs), ("no_answer", Answer::NoAnswer)]
    }

    fn label(self) -> TextV1 {
        match self {
            Answer::Matches => text("与申报一致", "as declared"),
            Answer::Differs => text("与申报不一致", "not as declared"),
            Answer::NoAnswer => text("未答复", "no answer"),
        }
    }
}

impl Coded for Unit {
    const WHAT: (&'static str, &'static str) = ("期限单位", "unit of a period");

    fn all() -> Vec<(&'static str, Self)> {
        vec![("working", Unit::Working), ("calendar", Unit::Calendar), ("months", Unit::Months)]
    }

    fn label(self) -> TextV1 {
        match self {
            Unit::Working => text("个工作日", "working days"),
            Unit::Calendar => text("日", "calendar days"),
            Unit::Months => text("个月", "months"),
        }
    }
}

impl Coded for Part {
    const WHAT: (&'static str, &'static str) = ("生效要件", "part");

    fn all() -> Vec<(&'static str, Self)> {
        const NAMES: [&str; 5] = ["human", "evidence", "reason", "notice", "appeal"];
        NAMES.into_iter().zip(Part::ALL).collect()
    }

    fn label(self) -> TextV1 {
        text(self.zh(), self.en())
    }
}

/// A standing without the number of its decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    Open,
    Granted,
    Suspended,
    Refused,
    Ended,
    Withdrawn,
}

impl Stands {
    pub(crate) fn of(standing: Standing) -> (Stands, Option<u32>) {
        match standing {
            Standing::Open => (Stands::Open, None),
            Standing::Granted(decision) => (Stands::Granted, Some(decision)),
            Standing::Suspended(decision) => (Stands::Suspended, Some(decision)),
            Standing::Refused => (Stands::Refused, None),
            Standing::Ended => (Stands::Ended, None),
            Standing::Withdrawn => (Stands::Withdrawn, None),
        }
    }

    /// The standing with its decision; none if it lacks one or has one too many.
    pub(crate) fn with(self, decision: Option<u32>) -> Option<Standing> {
        match (self, decision) {
            (Stands::Open, None) => Some(Standing::Open),
            (Stands::Granted, Some(decision)) => Some(Standing::Granted(decision)),
            (Stands::Suspended, Some(decision)) => Some(Standing::Suspended(decision)),
            (Stands::Refused, None) => Some(Standing::Refused),
            (Stands::Ended, None) => Some(Standing::Ended),
            (Stands::Withdrawn, None) => Some(Standing::Withdrawn),
            _ => None,
        }
    }
}

impl Coded for Stands {
    const WHAT: (&'static str, &'static str) = ("项目状态", "standing");

    fn all() -> Vec<(&'static str, Self)> {
        vec![
            ("open", Stands::Open),
            ("granted", Stands::Granted),
            ("suspended", Stands::Suspended),
            ("refused", Stands::Refused),
            ("ended", Stands::Ended),
            ("withdrawn", Stands::Withdrawn),
        ]
    }

    fn label(self) -> TextV1 {
        match self {
            Stands::Open => text("申请中", "applied for"),
            Stands::Granted => text("享受中", "granted"),
            Stands::Suspended => text("暂停", "suspended"),
            Stands::Refused => text("不予确认", "refused"),
            Stands::Ended => text("已终止", "ended"),
            Stands::Withdrawn => text("已撤回", "withdrawn"),
        }
    }
}

/// What people read for the commands every case has, by their names in [`anmin_casework::kinds::COMMANDS`].
const COMMANDS: [(&str, &str, &str); 18] = [
    ("tick", "日期更替", "A day came"),
    ("recount", "重算期限", "Deadlines counted anew"),
    ("extend", "延长期限", "Extend a period"),
    ("suspend", "中止期限", "Suspend a period"),
    ("resume", "恢复期限", "Resume a period"),
    ("bar", "回避", "Bar somebody from the case"),
    ("register_kin", "近亲属备案", "Register a relative of staff"),
    ("countersign_kin", "近亲属备案复签", "Countersign the register entry"),
    ("complain", "登记投诉举报", "Record a report or complaint"),
    ("protect", "标记为不公示", "Mark as never posted"),
    ("assign", "指定承办人", "Assign a duty"),
    ("hand_over", "移交承办", "Hand duties over"),
    ("aid", "先行救助", "Help first"),
    ("aid_papers", "补齐先行救助手续", "Complete the papers of an aid"),
    ("appeal", "登记复议或诉讼", "Record an appeal"),
    ("stay", "停止执行", "Stay a decision"),
    ("lift_stay", "恢复执行", "Lift a stay"),
    ("overturn", "撤销决定", "Overturn a decision"),
];

/// The label of a command every case has.
pub(crate) fn command_label(name: &str) -> Option<TextV1> {
    COMMANDS.iter().find(|(command, ..)| *command == name).map(|(_, zh, en)| text(zh, en))
}

/// The label of the kind of evidence that the engine itself makes of a source's answer; no workflow declares it.
pub(crate) fn evidence_label(kind: &str) -> Option<TextV1> {
    (kind == "check_answer").then(|| text("核对答复", "Answer of a source"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_label() {
        assert_eq!(COMMANDS.map(|(name, ..)| name), anmin_casework::kinds::COMMANDS);
    }

    #[test]
    fn every_part_has_its_name() {
        assert_eq!(Part::all().len(), Part::ALL.len());
        assert_eq!(code_of("notice"), Some(Part::Notice));
    }
}
