//! Where the oracle is not independent of the table: what the design leaves open, found when the two were compared.

use super::rules::{AREA, Rule, TICKET, may, may_named};

/// Everywhere, but for one's own and one's relatives' things, which are barred.
const ANYWHERE: &[&str] = &[
    "ward",
    "ward_kept_apart",
    "helped",
    "own_area",
    "area_below",
    "area_above",
    "sibling_area",
    "other_city",
    "reported",
    "cooperation",
    "ticket",
    "contract",
    "unsigned",
];
/// The same without the area of the post.
const ELSEWHERE: &[&str] = &[
    "ward",
    "ward_kept_apart",
    "helped",
    "area_above",
    "sibling_area",
    "other_city",
    "cooperation",
    "contract",
];
const ANY: &[&str] = &super::RELATIONS;

/// The design is silent and the table's answer can be defended: it is taken over, with the reason.
pub const FOLLOWED: &[(Rule, &str)] = &[
    (
        may(&["resident"], &["notice_object"], ANY, 0),
        "anybody may object to what is posted; the thing is the public notice, so P0, and it passes between nobody",
    ),
    (
        may_named(&["intake_clerk"], &["deliver"], AREA, 2),
        "no role is named for delivery: the window for its cases, P2, since a notice goes out closed",
    ),
    (may(&["examiner", "county_confirmer"], &["deliver"], AREA, 2), "the same: who signed what is delivered"),
    (
        may(&["examiner"], &["lead_read", "signal_read", "signal_dispose"], AREA, 2),
        "leads and signals go to the township; P2 is enough to look into them",
    ),
    (
        may(&["examiner", "county_confirmer"], &["case_assign"], AREA, 2),
        "somebody names who handles a case, at the accepting and at the deciding unit; nothing sensitive is seen",
    ),
    (
        may(&["examiner", "county_reviewer"], &["records_keep"], AREA, 3),
        "the dossier is kept where the case was handled, and none of them decides it",
    ),
    (
        may(&["county_confirmer"], &["payee_change_confirm"], AREA, 3),
        "the separate approver may be at the deciding unit where the township has one person only",
    ),
    (
        may(&["examiner", "county_reviewer", "county_confirmer"], &["statistics_read"], AREA, 3),
        "the tables are made by somebody (practice, Statistics); counts only, of their own area",
    ),
    (may(&["auditor"], &["statistics_read"], TICKET, 3), "an auditor reads by ticket, so statistics too"),
    (
        may(&["fund_preparer"], &["month_close", "batch_file"], AREA, 2),
        "practice, The month: the county closes before it prepares, and the bank gets a file; no role is named, and who \
         prepares does both. The file has accounts whole, and is for the bank: on the screen they stay masked",
    ),
    (
        may(&["examiner"], &["month_close_township"], AREA, 2),
        "practice, The month: the township closes; who gives its opinions says that they are in",
    ),
    (
        may(&["fund_preparer", "fund_reviewer"], &["batch_send", "batch_answer"], AREA, 2),
        "practice, The month: sent to the treasury, paid by it, answered by the bank; civil affairs records it, and \
         neither changes an amount",
    ),
    (
        may(
            &["child_supervisor", "relief_station_worker"],
            &["service_file_read", "service_note_write"],
            AREA,
            4,
        ),
        "own subject: what they keep is a service file",
    ),
    (
        may(
            &[
                "examiner",
                "county_confirmer",
                "child_supervisor",
                "relief_station_worker",
                "social_worker",
                "subject_officer",
            ],
            &["glass_open"],
            AREA,
            2,
        ),
        "3.4 names the need and not the roles; asking to open it shows nothing sensitive",
    ),
    (
        may(&["county_confirmer"], &["glass_review"], AREA, 2),
        "another unit reviews; the deciding one of a township's",
    ),
    (
        may(
            &["intake_clerk", "investigator", "examiner", "county_reviewer", "county_confirmer"],
            &["post_delegate"],
            ANYWHERE,
            1,
        ),
        "3.2 names no role; who gets it may live anywhere, and the post cannot pass the one it is cut from",
    ),
    (
        may(&["system_admin"], &["system_operate", "job_run"], ELSEWHERE, 1),
        "an installation is one for all its areas",
    ),
    (may(&["audit_admin"], &["audit_export", "journal_verify"], ELSEWHERE, 1), "so is its journal"),
];

/// The design is silent; the first reading allowed it, the table does not. The narrower one stays.
pub const NOT_TAKEN: &[(Rule, &str)] = &[
    (
        may(
            &["resident"],
            &["progress_read", "apply", "supplement_answer"],
            &["household", "household_consents"],
            3,
        ),
        "the applicant acts in the case, which is their own; on a member as such they only read totals",
    ),
    (may(&["resident"], &["notice_object"], &["own", "ward", "other_city"], 2), "a notice is public: P0"),
    (
        may_named(&["intake_clerk"], &["case_read"], &["cooperation"], 3),
        "whoever is asked for help visits; nobody else of the township asked has to see it",
    ),
    (may(&["examiner"], &["case_read"], &["cooperation"], 3), "the same"),
    (may(&["intake_clerk"], &["glass_open"], AREA, 3), "the window calls the examiner"),
    (
        may(
            &["examiner"],
            &["lead_read", "signal_read", "signal_dispose", "case_assign", "deliver"],
            AREA,
            3,
        ),
        "P2 is enough",
    ),
    (may(&["county_confirmer"], &["deliver"], AREA, 3), "P2 is enough"),
    (
        may(&["county_reviewer"], &["case_assign", "signal_read", "signal_dispose"], AREA, 3),
        "the township looks into signals, the confirmer assigns",
    ),
    (
        may(&["county_confirmer"], &["signal_read"], AREA, 3),
        "a signal becomes a case before it comes to them",
    ),
    (
        may(
            &["marriage_registrar", "organisation_registrar"],
            &["case_list", "case_read", "register_read", "register_write"],
            AREA,
            4,
        ),
        "their work is a register, and nothing in it is sealed",
    ),
    (
        may(&["child_supervisor", "relief_station_worker"], &["register_read", "register_write"], AREA, 4),
        "theirs is a service file",
    ),
    (may(&["child_supervisor", "relief_station_worker"], &["glass_open"], AREA, 3), "P2 is enough to ask"),
    (may(&["relief_station_worker"], &["urgent_aid_give"], AREA, 4), "by breaking the glass, with its cap"),
    (
        may(&["subject_officer"], &["records_keep", "statistics_read"], AREA, 1),
        "whoever handled the cases keeps and counts them",
    ),
    (may(&["auditor"], &["register_read", "audit_export"], TICKET, 3), "the audit administrator exports"),
    (
        may(&["auditor"], &["audit_read", "alert_read", "audit_review"], AREA, 3),
        "the log names and does not quote",
    ),
    (
        may(
            &[
                "fund_preparer",
                "fund_reviewer",
                "fund_signer",
                "marriage_registrar",
                "organisation_registrar",
                "supervisor",
            ],
            &["kin_declare"],
            &["own"],
            3,
        ),
        "3.4 binds who handles cases; a relative among ten thousand payees would stop every batch",
    ),
    (
        may(
            &[
                "village_assistant",
                "village_appraiser",
                "checker",
                "fund_preparer",
                "fund_reviewer",
                "fund_signer",
                "social_worker",
                "care_worker",
                "marriage_registrar",
                "child_supervisor",
                "relief_station_worker",
                "organisation_registrar",
                "subject_officer",
                "supervisor",
                "auditor",
            ],
            &["post_delegate"],
            AREA,
            1,
        ),
        "a role with a forbid is not delegable (0006), and the others get a dated post of their own",
    ),
];

/// What the table cannot say yet: the engine has no words for it.
pub struct Owed {
    pub now: Rule,
    pub design: Rule,
    #[expect(dead_code, reason = "read by people")]
    pub why: &'static str,
}

const DECLARING: &[&str] = &[
    "village_assistant",
    "village_appraiser",
    "intake_clerk",
    "investigator",
    "examiner",
    "county_reviewer",
    "county_confirmer",
    "checker",
    "social_worker",
    "care_worker",
    "child_supervisor",
    "relief_station_worker",
    "subject_officer",
    "auditor",
];

pub const OWED: &[Owed] = &[
    Owed {
        now: may(DECLARING, &["kin_declare"], ANYWHERE, 1),
        design: may(DECLARING, &["kin_declare"], &["own"], 3),
        why: "3.4: a member of staff declares their own relatives. The engine bars whatever is about oneself and gives \
              staff no reach `own`, so it can be declared only with `about` left empty, and then for anybody.",
    },
    Owed {
        now: may(&["security_admin"], &["login_manage", "post_propose", "post_approve"], ANYWHERE, 1),
        design: may(&["security_admin"], &["login_manage", "post_propose", "post_approve"], AREA, 1),
        why: "3.3, heading: own area and below unless noted. Two administrators of one county could fill posts in \
              another; the engine gives a reach `area` only to roles with subjects.",
    },
    Owed {
        now: may(&["policy_editor"], &["rules_edit"], ANYWHERE, 1),
        design: may(&["policy_editor"], &["rules_edit"], AREA, 1),
        why: "The same: a town's editor could change the province's rules. A pack without a place is the country's.",
    },
    Owed {
        now: may(&["policy_approver"], &["rules_approve"], ANYWHERE, 1),
        design: may(&["policy_approver"], &["rules_approve"], AREA, 1),
        why: "The same.",
    },
    Owed {
        now: may(&["policy_editor", "policy_approver"], &["shadow_read"], ANYWHERE, 1),
        design: may(&["policy_editor", "policy_approver"], &["shadow_read"], AREA, 1),
        why: "The same.",
    },
];
