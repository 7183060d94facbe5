//! The expectations: rows read out of the two design documents; what no row says is denied. "3.x" is a section of
//! security.md, "practice" the other page with its heading. The rows were written and compared before the table was
//! read; "misread at first" says where an explicit sentence had then been overlooked, "silent" where the sentence names
//! the work and not who does it, and the choice was made before comparing.

use super::silent::{FOLLOWED, OWED};

/// One combination, in words.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub role: &'a str,
    pub action: &'a str,
    pub relation: &'a str,
    pub sensitivity: u8,
    pub subject_match: bool,
    pub assigned: bool,
    pub purpose_ok: bool,
}

type Words = &'static [&'static str];

/// These roles may do these actions where the thing stands so, up to a sensitivity.
pub struct Rule {
    roles: Words,
    actions: Words,
    relations: Words,
    up_to: u8,
    /// Only what is assigned to the person by name.
    named: bool,
}

impl Rule {
    pub fn is_about(&self, asked: &Asked<'_>) -> bool {
        self.roles.contains(&asked.role) && self.actions.contains(&asked.action)
    }

    pub fn allows(&self, asked: &Asked<'_>) -> bool {
        self.up_to >= asked.sensitivity
            && (asked.assigned || !self.named)
            && self.is_about(asked)
            && self.relations.contains(&asked.relation)
    }
}

pub const fn may(roles: Words, actions: Words, relations: Words, up_to: u8) -> Rule {
    Rule { roles, actions, relations, up_to, named: false }
}

pub const fn may_named(roles: Words, actions: Words, relations: Words, up_to: u8) -> Rule {
    Rule { roles, actions, relations, up_to, named: true }
}

/// 3.3, heading of the table: own area and below, unless noted. The last three lie in the own town as well.
pub const AREA: Words = &["own_area", "area_below", "reported", "ticket", "unsigned"];
const AREA_SIGNED: Words = &["own_area", "area_below", "reported", "ticket"];
pub const TICKET: Words = &["ticket"];
const SELF: Words = &["own", "ward"];

pub const RULES: &[Rule] = &[
    // 3.3 居民: own data, own access log; 3.8: a guardian signs for the ward, and so stands in for them.
    may(&["resident"], &["own_read", "own_log_read", "progress_read"], SELF, 3),
    // practice, Limits: of household members declared totals, or what that adult consents to.
    may(&["resident"], &["own_read"], &["household", "household_consents"], 3),
    // 3.3 代办人, never "others": a proxy sees how it stands and not what is in it.
    may(&["resident"], &["progress_read"], &["helped"], 2),
    // 3.3: apply, correct, appeal. practice, Acceptance: 委托书 for proxies.
    may(&["resident"], &["apply", "supplement_answer", "correct", "appeal"], &["own", "ward", "helped"], 3),
    // practice, Household and Limits: members' figures show to the applicant "as declared totals"; silent who declares them:
    // whoever applies fills in the form for all.
    may(&["resident"], &["apply"], &["household", "household_consents"], 3),
    // 3.8: each adult signs for self, a guardian for minors.
    may(&["resident"], &["consent_give", "consent_revoke"], SELF, 3),
    // 3.3 村级协理: P2 masked of own village, own reports; report lead, assist apply. An application has an identity
    // number and income in it: P3.
    may(&["village_assistant"], &["case_list", "case_read", "lead_report"], AREA, 2),
    may(&["village_assistant"], &["lead_read"], &["reported"], 2),
    may(&["village_assistant"], &["apply_assist"], AREA, 3),
    // practice, Acceptance: counter and village intake are first class, 代录 from paper. People and households are
    // entered before there is a case; silent who corrects whom a visit finds: who investigates. The live caseload is
    // loaded as carried over (Levels and organs): whoever keeps the records enters its people.
    may(
        &["village_assistant", "intake_clerk", "investigator", "examiner", "county_reviewer"],
        &["person_enter", "person_find"],
        AREA,
        3,
    ),
    // practice, Acceptance: the second visitor may be a 协理员 or social worker.
    // Misread at first as P3: 3.3 gives the one "P2 masked", and the other "never income".
    may_named(&["village_assistant", "social_worker"], &["visit_sign"], AREA, 2),
    // 3.3 评议: list up for 评议, masked; record the outcome; never documents or income detail.
    may(&["village_appraiser"], &["appraisal_read", "appraisal_record"], AREA, 2),
    // 3.3 窗口受理: P2/P3 of assigned cases; intake, request supplements. Nothing is assigned before it is received.
    may_named(&["intake_clerk"], &["case_list", "case_read", "case_read_full"], AREA, 3),
    may(&["intake_clerk"], &["receive", "apply_assist"], AREA, 3),
    may_named(&["intake_clerk"], &["accept", "supplement_request"], AREA, 3),
    // 3.4 changed account, "separate approver"; silent who: the window enters, the examiner confirms.
    may_named(&["intake_clerk"], &["payee_change_enter"], AREA, 3),
    may(&["examiner"], &["payee_change_confirm"], AREA, 3),
    // Misread at first: 核对前置 (practice, 核对) is a check before acceptance, so the window asks for it.
    may_named(&["intake_clerk"], &["check_request"], AREA, 3),
    // 3.3 入户调查: assigned; visit record, photos. Silent who asks another place for help: who investigates.
    may_named(
        &["investigator"],
        &["case_list", "case_read", "case_read_full", "visit_record", "visit_sign", "cooperation_request"],
        AREA,
        3,
    ),
    // practice, Household: a 协查函 gives the other township dated access to that case only.
    // Misread at first as "assigned" (3.3): the letter goes to the township, and that page holds.
    may(&["investigator"], &["case_read", "visit_record", "visit_sign"], &["cooperation"], 3),
    // 3.3 乡镇审核: P3 of town; initial opinion, publish notice. practice, 核对: only then an opinion, so they read the
    // report. Silent who hears and who asks for the check: who has to give the opinion.
    may(
        &["examiner"],
        &[
            "case_list",
            "case_read",
            "case_read_full",
            "check_report_read",
            "opine",
            "notice_publish",
            "hearing_record",
            "check_request",
        ],
        AREA,
        3,
    ),
    // 3.3 县复核: P3 of county; sample visit. 3.4: not confirmed without the countersigned form, four eyes; silent whose:
    // the reviewer's, since whoever confirms would countersign for themself.
    may(
        &["county_reviewer"],
        &[
            "case_list",
            "case_read",
            "case_read_full",
            "check_report_read",
            "review",
            "sample_visit",
            "kin_countersign",
        ],
        AREA,
        3,
    ),
    // 3.3 县确认: P3 of county; decide. practice, Levels: "county" is the deciding unit, the township where delegated.
    // Silent who hears before a reduction: who decides it.
    may(
        &["county_confirmer"],
        &[
            "case_list",
            "case_read",
            "case_read_full",
            "check_report_read",
            "confirm",
            "confirm_delegated",
            "adverse_decide",
            "hearing_record",
        ],
        AREA,
        3,
    ),
    // Silent in 3.3 who gives urgent aid; practice.md gives townships an advance for it (乡镇备用金), so the township's
    // examiner and who decides. The clerk who receives never approves.
    may(&["examiner", "county_confirmer"], &["urgent_aid_give"], AREA, 3),
    // 3.3 核对员: only query subject and authorisation; run queries, issue report. 3.8: no query without it.
    may(&["checker"], &["check_request_read"], AREA, 3),
    may(&["checker"], &["check_run", "check_report_issue"], AREA_SIGNED, 3),
    // 3.3 资金: payee name, amount, masked account; prepare, approve, release.
    // Misread at first as P3: an account that is masked is not the sensitive number.
    may(&["fund_preparer"], &["batch_read", "batch_prepare"], AREA, 2),
    may(&["fund_reviewer"], &["batch_read", "batch_review"], AREA, 2),
    may(&["fund_signer"], &["batch_read", "batch_sign"], AREA, 2),
    // 3.3 社工·机构人员: assigned clients' service file; service notes. Sealed where assigned (3.2).
    may_named(&["social_worker", "care_worker"], &["service_file_read", "service_note_write"], AREA, 4),
    // 3.3 own subject only. Sealed where assigned (3.2). Silent what is theirs: cases and registers.
    may(&["child_supervisor", "relief_station_worker"], &["case_list", "case_read"], AREA, 4),
    may(&["subject_officer"], &["case_list", "case_read", "register_read", "register_write"], AREA, 4),
    may(&["marriage_registrar", "organisation_registrar"], &["register_read", "register_write"], AREA, 3),
    // 3.3 市级督导: statistics; case P2 masked; P3 with ticket; 督办, sampling. 3.2: of P4, counts.
    may(&["supervisor"], &["statistics_read"], AREA, 4),
    may(&["supervisor"], &["case_list", "case_read", "urge", "sample_draw"], AREA, 2),
    may(&["supervisor"], &["case_read"], TICKET, 3),
    // 3.4: reviewed by another unit; silent whose: the supervisor is told of it.
    may(&["supervisor"], &["glass_review"], AREA, 2),
    // 3.3 审计: read-only by ticket; full audit log and integrity alerts; mark reviewed.
    may(&["auditor"], &["case_list", "case_read", "check_report_read", "batch_read"], TICKET, 3),
    may(&["auditor"], &["audit_read", "alert_read", "audit_review"], AREA, 2),
    // 3.3 三员: no personal data; operation; export and verification of the audit log.
    may(&["system_admin"], &["system_operate", "job_run"], AREA, 1),
    may(&["audit_admin"], &["audit_export", "journal_verify"], AREA, 1),
    // 3.3 部门数据接口: contract fields only; push and pull.
    may(&["department_interface"], &["contract_pull", "contract_push"], &["contract"], 3),
];

/// 3.2: departments are scopes on posts. These roles have none: they see nothing personal (3.3), or are no staff.
const NO_SUBJECT: Words = &[
    "resident",
    "policy_editor",
    "policy_approver",
    "system_admin",
    "security_admin",
    "audit_admin",
    "department_interface",
];
/// Of a member of staff and not of a line of work.
const OF_NO_SUBJECT: Words = &["kin_declare", "post_delegate"];

/// What holds for every row.
pub fn passes(asked: &Asked<'_>) -> bool {
    let Asked { role, action, relation, .. } = *asked;
    let resident = role == "resident";
    // practice, Limits: never across a violence flag or a pending divorce. A public notice shows nothing of anybody.
    let apart = resident && relation.ends_with("kept_apart") && action != "notice_object";
    // 3.4: a relative's case is barred in every action, one's own likewise; one's relatives are one's own to declare.
    // Misread at first for statistics: "all actions".
    let mine = relation == "own" || relation.starts_with("household");
    let barred = !resident && (mine && action != "kin_declare" || relation.starts_with("kin"));
    // 3.2: subject scopes are on posts.
    let strange = !asked.subject_match && !NO_SUBJECT.contains(&role) && !OF_NO_SUBJECT.contains(&action);
    // 3.2: P4 needs role, subject and named assignment; supervisors see counts only.
    let counts = role == "supervisor" && action == "statistics_read";
    let sealed = asked.sensitivity == 4 && !counts && !(asked.assigned && asked.subject_match);
    // 3.7: nothing without the purpose.
    asked.purpose_ok && !apart && !barred && !strange && !sealed
}

/// What the oracle expects of the table today: the design, what it leaves open, and what is owed to it.
pub fn expected(asked: &Asked<'_>) -> bool {
    if !passes(asked) {
        return false;
    }
    match OWED.iter().find(|owed| owed.now.is_about(asked)) {
        Some(owed) => owed.now.allows(asked),
        None => {
            RULES.iter().any(|rule| rule.allows(asked)) || FOLLOWED.iter().any(|(rule, _)| rule.allows(asked))
        }
    }
}

/// The same for what is owed, as the design has it.
pub fn by_design(asked: &Asked<'_>) -> bool {
    passes(asked) && OWED.iter().any(|owed| owed.design.allows(asked))
}
