//! The letter fields: the closed list of what a letter can say of a case, each with its type.
//!
//! These are things of the case, not facts of the household: who is written to, what is missing, what was decided
//! and why. A new one is a row here, for all packs; what a rule needs to know is a fact instead.
use anmin_casework::kinds::{Exception, Outcome};

/// A letter field. Its row in [`FIELDS`] says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the table below says what each is, in both languages")]
pub enum Field {
    RecipientName,
    RecipientAddress,
    ApplicantName,
    Persons,
    CaseNumber,
    CaseReceivedOn,
    CaseAcceptedOn,
    Programme,
    Papers,
    Missing,
    Deadline,
    DeadlineProvisional,
    CheckOn,
    CheckDifferences,
    Explanation,
    PostingFrom,
    PostingUntil,
    ObjectionOn,
    ObjectionUpheld,
    ObjectionAnswer,
    ExtensionReason,
    HearingOn,
    HearingPlace,
    DecisionNumber,
    DecisionOn,
    DecisionOutcome,
    DecisionException,
    DecisionFrom,
    DecisionUntil,
    DecisionAmount,
    DecisionBefore,
    DecisionShare,
    DecisionRecovered,
    DecisionReasons,
    DecisionEvidence,
    DecisionRemedies,
    DeceasedName,
    DeceasedOn,
    Handler,
    Members,
    Declared,
    Subjects,
    Sources,
    Visitors,
    Course,
    HeardName,
    HeardHow,
    HeardSaid,
    HeardAnswer,
    UnitName,
    UnitPhone,
    UnitAddress,
    Today,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Yes or no: for conditions only.
    Flag,
    /// A civil date.
    Date,
    /// Whole fen.
    Money,
    /// A whole number of something.
    Count,
    /// An exact share.
    Rate,
    /// Days, working days or months.
    Period,
    /// One of some names.
    Choice(&'static [Choice]),
    /// A list of words; the name an element has inside `each`.
    Texts(&'static str),
    /// A list of rows; the name an element has inside `each`, and its columns.
    Rows(&'static str, &'static [Column]),
}

/// A name that a choice can be, and how a letter says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// In conditions.
    pub name: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A column of a list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// In placeholders, after the element's name.
    pub name: &'static str,
    /// Its type, which is no list.
    pub kind: Kind,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A row of the list.
#[derive(Clone, Copy, Debug)]
pub struct FieldRule {
    /// Which.
    pub field: Field,
    /// Its name in letters.
    pub path: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether a letter for a board may say it: a board names the person, how many, how much, and whom to ask.
    pub board: bool,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Field {
    /// Its row.
    pub fn rule(self) -> &'static FieldRule {
        // In the order of the enum, which a test keeps.
        &FIELDS[self as usize]
    }
    /// Its name in letters.
    pub fn path(self) -> &'static str {
        self.rule().path
    }
    /// The field of a name.
    pub fn named(path: &str) -> Option<Field> {
        FIELDS.iter().find(|rule| rule.path == path).map(|rule| rule.field)
    }
    /// The name an element has inside `each`, of a list.
    pub fn each(self) -> Option<&'static str> {
        match self.rule().kind {
            Kind::Texts(each) | Kind::Rows(each, _) => Some(each),
            _ => None,
        }
    }
}

impl Kind {
    /// What it is, in words: Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Text => ("文字", "text"),
            Kind::Flag => ("是否", "yes or no"),
            Kind::Date => ("日期", "a date"),
            Kind::Money => ("金额", "an amount of money"),
            Kind::Count => ("整数", "a whole number"),
            Kind::Rate => ("比例", "a share"),
            Kind::Period => ("期间", "a period"),
            Kind::Choice(_) => ("选项", "a choice"),
            Kind::Texts(_) => ("文字列表", "a list of texts"),
            Kind::Rows(..) => ("列表", "a list of rows"),
        }
    }
}

const fn choice(name: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice { name, zh, en }
}

/// What a decision says, in the order of [`Outcome::ALL`]. `grant` and the like are words of the law, not of forms.
const OUTCOMES: [Choice; Outcome::ALL.len()] = [
    choice("grant", "确认", "granted"),
    choice("increase", "调增", "increased"),
    choice("keep", "维持", "kept as it is"),
    choice("resume", "恢复", "resumed"),
    choice("refuse", "不予确认", "refused"),
    choice("decline", "不予受理", "not accepted"),
    choice("reduce", "调减", "reduced"),
    choice("suspend", "暂停", "suspended"),
    choice("stop", "停发", "stopped"),
    choice("recover", "追回", "asked back"),
];

/// Why nobody was heard, in the order of [`Exception::ALL`].
const EXCEPTIONS: [Choice; Exception::ALL.len()] = [
    choice("death", "去世", "a death"),
    choice("withdrawal", "自愿退出", "a signed withdrawal"),
    choice("missing", "下落不明", "whereabouts unknown"),
    choice("moved_away", "迁出", "a move away"),
];

const fn column(name: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Column {
    Column { name, kind, zh, en }
}

const REASON: [Column; 2] = [
    column("text", Kind::Text, "一句理由", "the reason, a sentence"),
    column("article", Kind::Text, "依据的文件和条款", "the document and article it rests on"),
];
const REMEDY: [Column; 3] = [
    column("name", Kind::Text, "救济途径的名称", "what it is called"),
    column("period", Kind::Period, "从收到之日起算的期间", "how long after delivery"),
    column("where", Kind::Text, "向谁提出", "to whom"),
];
const DIFFERENCE: [Column; 3] = [
    column("source", Kind::Text, "信息来源", "who said it"),
    column("declared", Kind::Text, "申报的情况", "what was declared"),
    column("found", Kind::Text, "核对到的情况", "what was found"),
];

const MEMBER: [Column; 4] = [
    column("name", Kind::Text, "姓名", "the name"),
    column("number", Kind::Text, "证件号码，按可见范围", "the number, as far as it may be seen"),
    column("role", Kind::Text, "在本案中的身份", "what they are in the case"),
    column("phone", Kind::Text, "电话，按可见范围", "the telephone, as far as it may be seen"),
];
const DECLARED: [Column; 4] = [
    column("whose", Kind::Text, "谁的", "whose"),
    column("what", Kind::Text, "事实", "the fact"),
    column("declared", Kind::Text, "申报", "as declared"),
    column("checked", Kind::Text, "核对", "as checked"),
];
const SUBJECT: [Column; 3] = [
    column("name", Kind::Text, "姓名", "the name"),
    column("number", Kind::Text, "证件号码，按可见范围", "the number, as far as it may be seen"),
    column("signed", Kind::Text, "授权日期", "when the authority was signed"),
];
const DONE: [Column; 4] = [
    column("what", Kind::Text, "步骤", "the step"),
    column("said", Kind::Text, "意见", "what was said"),
    column("who", Kind::Text, "办理人", "who"),
    column("on", Kind::Text, "日期", "when"),
];

const BOARD: bool = true;
const PRIVATE: bool = false;

/// The whole list, in the order of [`Field`].
pub const FIELDS: &[FieldRule] = {
    use Field as F;
    use Kind::{Choice, Count, Date, Flag, Money, Rate, Rows, Text, Texts};
    const fn row(
        field: Field,
        path: &'static str,
        kind: Kind,
        board: bool,
        (zh, en): (&'static str, &'static str),
    ) -> FieldRule {
        FieldRule { field, path, kind, board, zh, en }
    }
    &[
        row(F::RecipientName, "recipient.name", Text, PRIVATE, ("收件人", "who is written to")),
        row(F::RecipientAddress, "recipient.address", Text, PRIVATE, ("收件地址", "where it is sent")),
        row(F::ApplicantName, "applicant.name", Text, BOARD, ("申请人姓名", "the applicant's name")),
        row(F::Persons, "persons", Count, BOARD, ("人数", "how many persons it is for")),
        row(F::CaseNumber, "case.number", Text, PRIVATE, ("受理编号", "the case's number")),
        row(F::CaseReceivedOn, "case.received_on", Date, PRIVATE, ("收件日期", "when papers were handed in")),
        row(F::CaseAcceptedOn, "case.accepted_on", Date, PRIVATE, ("受理日期", "when it was accepted")),
        row(F::Programme, "programme", Text, BOARD, ("救助项目名称", "what the programme is called")),
        row(F::Papers, "papers", Texts("paper"), PRIVATE, ("收到的材料", "papers that were handed in")),
        row(F::Missing, "missing", Texts("paper"), PRIVATE, ("还缺的材料", "papers that are missing")),
        row(F::Deadline, "deadline", Date, PRIVATE, ("期限最后一日", "the last day")),
        row(
            F::DeadlineProvisional,
            "deadline.provisional",
            Flag,
            PRIVATE,
            ("期限是暂定的", "the last day is provisional"),
        ),
        row(F::CheckOn, "check.on", Date, PRIVATE, ("核对日期", "when the check was reported")),
        row(
            F::CheckDifferences,
            "check.differences",
            Rows("difference", &DIFFERENCE),
            PRIVATE,
            ("核对与申报不一致之处", "where the check differs from what was declared"),
        ),
        row(
            F::Explanation,
            "explanation",
            Texts("sentence"),
            PRIVATE,
            ("计算和结果的说明", "how it was worked out, in plain sentences"),
        ),
        row(F::PostingFrom, "posting.from", Date, BOARD, ("公示第一日", "first day of the posting")),
        row(F::PostingUntil, "posting.until", Date, BOARD, ("公示最后一日", "last day of the posting")),
        row(F::ObjectionOn, "objection.on", Date, PRIVATE, ("提出异议的日期", "when it was objected")),
        row(F::ObjectionUpheld, "objection.upheld", Flag, PRIVATE, ("异议成立", "the objection was right")),
        row(F::ObjectionAnswer, "objection.answer", Text, PRIVATE, ("对异议的答复", "what is answered")),
        row(F::ExtensionReason, "extension.reason", Text, PRIVATE, ("延长的理由", "why it takes longer")),
        row(F::HearingOn, "hearing.on", Date, PRIVATE, ("听取意见的日期", "when somebody will listen")),
        row(F::HearingPlace, "hearing.place", Text, PRIVATE, ("听取意见的地点或方式", "where or how")),
        row(F::DecisionNumber, "decision.number", Text, PRIVATE, ("决定文号", "the decision's number")),
        row(F::DecisionOn, "decision.on", Date, PRIVATE, ("决定日期", "when it was decided")),
        row(
            F::DecisionOutcome,
            "decision.outcome",
            Choice(&OUTCOMES),
            BOARD,
            ("决定（决定之前为拟作出的决定）", "what is decided; before the decision, what is proposed"),
        ),
        row(
            F::DecisionException,
            "decision.exception",
            Choice(&EXCEPTIONS),
            PRIVATE,
            ("免于听取意见的情形", "why nobody was heard"),
        ),
        row(F::DecisionFrom, "decision.from", Date, PRIVATE, ("从哪一日起", "the first day it means")),
        row(F::DecisionUntil, "decision.until", Date, PRIVATE, ("到哪一日止", "the last day it means")),
        row(F::DecisionAmount, "decision.amount", Money, BOARD, ("每月金额", "the amount a month")),
        row(
            F::DecisionBefore,
            "decision.before",
            Money,
            PRIVATE,
            ("此前每月金额", "the amount a month before"),
        ),
        row(
            F::DecisionShare,
            "decision.share",
            Rate,
            PRIVATE,
            ("按原金额的比例", "the share of the former amount that is paid"),
        ),
        row(F::DecisionRecovered, "decision.recovered", Money, PRIVATE, ("追回的金额", "what is asked back")),
        row(
            F::DecisionReasons,
            "decision.reasons",
            Rows("reason", &REASON),
            PRIVATE,
            ("理由和依据", "the reasons with their articles"),
        ),
        row(
            F::DecisionEvidence,
            "decision.evidence",
            Texts("proof"),
            PRIVATE,
            ("所依据的证据", "the evidence it rests on"),
        ),
        row(
            F::DecisionRemedies,
            "decision.remedies",
            Rows("remedy", &REMEDY),
            PRIVATE,
            ("救济途径", "the ways to contest it"),
        ),
        row(F::DeceasedName, "deceased.name", Text, PRIVATE, ("去世者姓名", "the name of who died")),
        row(F::DeceasedOn, "deceased.on", Date, PRIVATE, ("去世日期", "when")),
        row(F::Handler, "handler", Text, PRIVATE, ("经办人", "who prints it")),
        row(F::Members, "members", Rows("member", &MEMBER), PRIVATE, ("案件中的人", "everybody in the case")),
        row(
            F::Declared,
            "declared",
            Rows("line", &DECLARED),
            PRIVATE,
            ("申报的事实，供核实", "what was declared, to be looked at"),
        ),
        row(
            F::Subjects,
            "subjects",
            Rows("subject", &SUBJECT),
            PRIVATE,
            ("授权核对的人", "whose means may be checked"),
        ),
        row(F::Sources, "sources", Texts("source"), PRIVATE, ("请求核对的来源", "which sources are asked")),
        row(F::Visitors, "visitors", Texts("visitor"), PRIVATE, ("入户人员", "who visits")),
        row(F::Course, "course", Rows("done", &DONE), PRIVATE, ("办理经过和意见", "what was done and said")),
        row(F::HeardName, "heard.name", Text, PRIVATE, ("听取意见的对象", "who was heard")),
        row(F::HeardHow, "heard.how", Text, PRIVATE, ("听取意见的方式", "how")),
        row(F::HeardSaid, "heard.said", Text, PRIVATE, ("本人的意见", "what was said")),
        row(F::HeardAnswer, "heard.answer", Text, PRIVATE, ("对意见的答复", "what was answered")),
        row(F::UnitName, "unit.name", Text, BOARD, ("出具单位", "the unit that issues it")),
        row(F::UnitPhone, "unit.phone", Text, BOARD, ("咨询电话", "the number to call")),
        row(F::UnitAddress, "unit.address", Text, BOARD, ("办公地址", "where to go")),
        row(F::Today, "today", Date, BOARD, ("落款日期", "the day of the letter")),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_is_in_order_and_each_name_is_its_own() {
        for (n, rule) in FIELDS.iter().enumerate() {
            assert_eq!(rule.field as usize, n, "{}", rule.path);
            assert_eq!(Field::named(rule.path), Some(rule.field));
        }
        assert_eq!(FIELDS.last().map(|rule| rule.field), Some(Field::Today));
        let paths: BTreeSet<_> = FIELDS.iter().map(|rule| rule.path).collect();
        assert_eq!(paths.len(), FIELDS.len());
    }

    #[test]
    fn choices_are_those_the_engine_knows() {
        assert_eq!(OUTCOMES.map(|c| c.name), Outcome::ALL.map(Outcome::name));
        assert_eq!(OUTCOMES.map(|c| c.zh), Outcome::ALL.map(Outcome::zh));
        assert_eq!(EXCEPTIONS.map(|c| c.name), Exception::ALL.map(|(name, _)| name));
    }

    #[test]
    fn nothing_but_name_persons_amount_and_whom_to_ask_is_fit_for_a_board() {
        let board: Vec<_> = FIELDS.iter().filter(|rule| rule.board).map(|rule| rule.path).collect();
        assert_eq!(
            board,
            [
                "applicant.name",
                "persons",
                "programme",
                "posting.from",
                "posting.until",
                "decision.outcome",
                "decision.amount",
                "unit.name",
                "unit.phone",
                "unit.address",
                "today",
            ]
        );
    }

    #[test]
    fn an_element_never_has_the_name_of_a_field() {
        for rule in FIELDS {
            let Some(each) = rule.field.each() else { continue };
            assert_eq!(Field::named(each), None, "{each}");
            assert!(FIELDS.iter().all(|other| !other.path.starts_with(&format!("{each}."))), "{each}");
        }
    }
}
