//! What the matrix should say, by somebody who has read the design (security.md 3, practice.md) and not the code, nor
//! `packs/shared/authority.yaml`, nor `matrix.txt`. This page says what a question means, and on purpose not what the
//! answer is.
//!
//! `rules::expected` is true where the person may do it, in whatever masked form and with whatever obligations.
//! `matrix::every_cell` asks every combination; the comparison is one loop over it. `rules.rs` holds what follows from
//! the design; `silent.rs` what the design leaves open, and so is not independent of the table; `mutants.rs` changes the
//! table row by row and looks whether anybody notices.
//!
//! # What stands in every question
//!
//! One person, signed in once, holding one post of the role and no other. The post is over a town, in force today, at a
//! unit of a fitting kind, delegated by nobody. Above the town is a county, above it a city, above it a province; below it
//! are villages. There is a sibling town in the same county and another city in the province. The second factor was shown
//! a moment ago, nothing rationed was done today, no glass is broken. The thing is a case (or batch, register entry, post,
//! notice: whatever the action is about) of a resident who lives alone, unless the relation says otherwise. Nobody has done
//! a duty on it yet, in any cycle. Where it is about a unit, that is another unit than the post's. The resident has signed
//! an authorisation of checks that covers them and the source asked, today, unless the relation says otherwise. No service pack narrows anything.
//!
//! # role
//!
//! A person `as resident` is signed in on the residents' pages and has no post; one `as staff` on the staff pages, one
//! `as interface` is a partner's machine.
//!
//! * `resident` (as resident): 居民（本人、监护人、代办人）; Resident (for oneself, a ward, or somebody helped)
//! * `village_assistant` (as staff): 村级协理员; Village assistant
//! * `village_appraiser` (as staff): 评议员、村干部; Appraiser
//! * `intake_clerk` (as staff): 窗口受理; Intake clerk
//! * `investigator` (as staff): 入户调查; Investigator
//! * `examiner` (as staff): 乡镇审核; Examiner
//! * `county_reviewer` (as staff): 县级复核; Reviewer
//! * `county_confirmer` (as staff): 县级确认（受委托时为乡镇）; Confirmer (at the township where delegated)
//! * `checker` (as staff): 核对员; Checker
//! * `fund_preparer` (as staff): 资金编制; Fund preparer
//! * `fund_reviewer` (as staff): 资金复核; Fund reviewer
//! * `fund_signer` (as staff): 资金签批; Fund signer
//! * `social_worker` (as staff): 社工; Social worker
//! * `care_worker` (as staff): 机构人员; Care worker
//! * `marriage_registrar` (as staff): 婚姻登记员; Marriage registrar
//! * `child_supervisor` (as staff): 儿童督导员; Child supervisor
//! * `relief_station_worker` (as staff): 救助站工作人员; Relief station worker
//! * `organisation_registrar` (as staff): 社会组织管理; Registrar of organisations
//! * `subject_officer` (as staff): 业务科室经办; Subject officer
//! * `supervisor` (as staff): 上级督导; Supervisor
//! * `auditor` (as staff): 审计、纪检; Auditor
//! * `policy_editor` (as staff): 规则编辑; Rule editor
//! * `policy_approver` (as staff): 规则批准; Rule approver
//! * `system_admin` (as staff): 系统管理员; System administrator
//! * `security_admin` (as staff): 安全管理员; Security administrator
//! * `audit_admin` (as staff): 审计管理员; Audit administrator
//! * `department_interface` (as interface): 部门数据接口; Department's interface
//!
//! # action
//!
//! * `own_read`: 查看本人的信息; See one's own data
//! * `progress_read`: 查看办理进度; See how a case stands
//! * `own_log_read`: 查看谁看过我的信息; See who has looked at one's data
//! * `apply`: 申请; Apply
//! * `supplement_answer`: 提交补正、说明; Hand in what is missing, or explain
//! * `consent_give`: 签署同意、核对授权; Give consent, sign an authorisation of checks
//! * `consent_revoke`: 撤回同意、授权; Revoke consent or authorisation
//! * `correct`: 申请更正; Ask for a correction
//! * `appeal`: 申诉、申请复查; Appeal
//! * `notice_object`: 对公示提出异议; Object to a notice
//! * `lead_report`: 报告主动发现线索; Report a lead
//! * `lead_read`: 查看线索; See a lead
//! * `apply_assist`: 协助申请、代录; Help somebody apply, or enter it for them
//! * `appraisal_read`: 查看评议名单; See who is up for appraisal
//! * `appraisal_record`: 记录民主评议结果; Record the outcome of an appraisal
//! * `case_list`: 案件清单; List cases
//! * `case_read`: 查看案件; Read a case
//! * `case_read_full`: 显示完整号码; Show full numbers
//! * `receive`: 收件; Receive papers
//! * `accept`: 受理、不予受理; Accept, or refuse to accept
//! * `supplement_request`: 一次性补正告知; Ask for what is missing
//! * `visit_record`: 记录入户调查; Record a visit
//! * `visit_sign`: 作为同行人签字; Sign as the second visitor
//! * `cooperation_request`: 请求异地协查; Ask another place for help
//! * `opine`: 提出初审意见; Give an opinion
//! * `notice_publish`: 张贴公示; Post a notice
//! * `hearing_record`: 记录听取意见; Record a hearing
//! * `review`: 复核; Review a case
//! * `sample_visit`: 抽查入户; Visit a sampled household
//! * `confirm`: 确认、不予确认; Confirm, or refuse
//! * `confirm_delegated`: 受委托确认、不予确认; Confirm by delegation, or refuse
//! * `adverse_decide`: 决定调减、停发、追回; Decide to reduce, stop or recover
//! * `deliver`: 送达与执行; Deliver and put into effect
//! * `records_keep`: 归档、接转; Keep records, carry cases over
//! * `kin_countersign`: 近亲属备案会签; Countersign a register entry of relatives
//! * `case_assign`: 指定、移交承办人（about 为被指定的人）; Assign or hand over a case (about is who gets it)
//! * `urgent_aid_give`: 先行救助; Give urgent aid
//! * `signal_read`: 查看预警; See a signal
//! * `signal_dispose`: 处置预警; Dispose of a signal
//! * `check_request`: 发起核对委托; Ask for a check
//! * `check_request_read`: 查看核对委托; See a request for a check
//! * `check_run`: 查询; Run the query
//! * `check_report_issue`: 出具核对报告; Issue the report
//! * `check_report_read`: 查看核对报告; Read the report
//! * `batch_read`: 查看发放批次; See a batch
//! * `batch_prepare`: 编制批次; Prepare a batch
//! * `batch_review`: 复核批次; Review a batch
//! * `batch_sign`: 签批批次; Release a batch
//! * `batch_file`: 导出代发文件; Make the bank's file of a batch
//! * `batch_send`: 报财政、登记财政支付; Send a batch to the treasury and record its payment
//! * `batch_answer`: 导入银行回盘; Read the bank's answer to a batch
//! * `month_close`: 县级截止; Close a month for the county
//! * `month_close_township`: 乡镇截止; Close a month for the township
//! * `payee_change_enter`: 录入账户变更; Enter a changed account
//! * `payee_change_confirm`: 确认账户变更; Confirm a changed account
//! * `service_file_read`: 查看服务档案; Read a service file
//! * `service_note_write`: 写服务记录; Write a service note
//! * `register_read`: 查看登记簿; Read a register
//! * `register_write`: 登记; Write a register
//! * `statistics_read`: 查看统计; See statistics
//! * `urge`: 督办; Urge a case
//! * `sample_draw`: 抽取样本; Draw a sample
//! * `audit_read`: 查看审计日志; Read the audit log
//! * `alert_read`: 查看廉政风险提示; See integrity alerts
//! * `audit_review`: 标记已审; Mark as reviewed
//! * `audit_export`: 导出审计包; Export the audit package
//! * `journal_verify`: 校验日志; Verify the journal
//! * `rules_edit`: 编辑规则; Edit a pack
//! * `rules_approve`: 批准规则; Approve a pack
//! * `shadow_read`: 查看试算汇总; See totals of a shadow run
//! * `system_operate`: 运行维护; Operate the system
//! * `job_run`: 管理任务; Manage jobs
//! * `login_manage`: 管理账号; Manage logins
//! * `post_propose`: 提名岗位（about 为任职的人）; Propose a post (about is its holder)
//! * `post_approve`: 批准岗位（about 为任职的人）; Approve a post (about is its holder)
//! * `post_delegate`: 委托岗位（about 为受委托的人）; Delegate one's post (about is who gets it)
//! * `kin_declare`: 申报近亲属; Declare one's relatives
//! * `glass_open`: 申请应急查阅; Break the glass
//! * `glass_review`: 复核应急查阅（unit 为使用单位）; Review a broken glass (unit is whose it was)
//! * `contract_pull`: 按约定取数; Pull under an agreement
//! * `contract_push`: 按约定送数; Push under an agreement
//!
//! # relation
//!
//! How the thing stands to the person. Where nothing else is said it is about a resident the person has nothing to do with.
//!
//! * `own`: the case is the person's own: they are the applicant, the only party, and it is about them; it lies in the town.
//! * `ward`: it is about somebody whose guardian the person is today; it lies in the other city.
//! * `ward_kept_apart`: the same, and there is a violence flag or a pending divorce between the two.
//! * `helped`: it is about somebody for whom the person acts today on written authority (代办人); in the other city.
//! * `household`: it is about another adult of the household for which the person is the applicant; in the other city.
//! * `household_consents`: the same, and that adult has consented, today, to the applicant's seeing it.
//! * `household_kept_apart`: the same as `household_consents`, with a violence flag or pending divorce between the two.
//! * `own_area`: it lies in the town of the post itself.
//! * `area_below`: it lies in a village of the town.
//! * `area_above`: its jurisdiction is the county's, above the town.
//! * `sibling_area`: it lies in the sibling town.
//! * `other_city`: it lies in the other city.
//! * `kin`: it lies in the town, and the person is a registered relative of a party.
//! * `kin_elsewhere`: it lies in the sibling town, and the person is a registered relative of a party.
//! * `reported`: it lies in the town, and the person is who reported it.
//! * `cooperation`: it lies in the sibling town, whose unit has asked the person's unit for help with this case by a letter
//!   (协查函) in force today.
//! * `ticket`: it lies in the town, and the person holds a ticket in force today, issued by somebody else, for all subjects.
//! * `contract`: it lies in the other city, and is exchanged under an agreement that the interface has; others have none.
//! * `unsigned`: it lies in the town, and the resident has signed no authorisation of checks.
//!
//! # sensitivity
//!
//! Of what is to be seen or written: 0 public, 1 internal, 2 personal, 3 sensitive (identity number, bank, health,
//! disability, income), 4 sealed (minors' protection, domestic violence, mental disorder, adoption, an informant).
//!
//! # subject_match
//!
//! True: the thing is of a subject (业务) that the post has. False: of one that it has not. Residents, interfaces,
//! administrators and those who make rules have no subject; for them it says nothing.
//!
//! # assigned
//!
//! Whether the thing is assigned to this very person by name, today.
//!
//! # purpose_ok
//!
//! True: the person states the purpose that their role has for the action, if it has any. False: another purpose.

mod mutants;
mod rules;
mod silent;

use super::matrix::{Cell, RELATIONS, every_cell};
use super::table::AUTHORITY;
use rules::{Asked, RULES, by_design, expected, passes};
use silent::{FOLLOWED, NOT_TAKEN, OWED};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Where table and oracle differ: by role, action and who allows it; per relation, one bit per combination of the rest.
#[derive(Default)]
struct Differences {
    cells: u32,
    groups: BTreeMap<(usize, usize, bool), BTreeMap<&'static str, u64>>,
}

/// A cell in the words of the oracle.
fn asked(cell: Cell) -> Asked<'static> {
    let parts = AUTHORITY.parts();
    Asked {
        role: &parts.roles[cell.role.0].named.name,
        action: &parts.actions[cell.action.0].named.name,
        relation: cell.relation,
        sensitivity: cell.sensitivity as u8,
        subject_match: cell.subject_match,
        assigned: cell.assigned,
        purpose_ok: cell.purpose_ok,
    }
}

impl Differences {
    fn add(&mut self, cell: Cell, table: bool) {
        self.cells += 1;
        let flags = [cell.subject_match, cell.assigned, cell.purpose_ok];
        let flags = flags.iter().fold(0, |bits, flag| bits * 2 + u32::from(*flag));
        let group = self.groups.entry((cell.role.0, cell.action.0, table)).or_default();
        *group.entry(cell.relation).or_default() |= 1 << (flags * 5 + cell.sensitivity as u32);
    }

    /// A line for each role, action and side; under it the relations with the sensitivities.
    fn told(&self) -> String {
        let parts = AUTHORITY.parts();
        let mut text = String::new();
        for ((role, action, table), rows) in &self.groups {
            let names = (&parts.roles[*role].named.name, &parts.actions[*action].named.name);
            let side = if *table { "the table only" } else { "the oracle only" };
            let _ = writeln!(text, "{} {}: {side} allows", names.0, names.1);
            let mut alike: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
            for (relation, bits) in rows {
                alike.entry(*bits).or_default().push(relation);
            }
            for (bits, relations) in alike {
                let all = relations.len() == RELATIONS.len();
                let relations = if all { "any relation".into() } else { relations.join(" ") };
                let _ = writeln!(text, "    {relations}: {}", told_bits(bits));
            }
        }
        text
    }
}

/// The sensitivities, and with which subject, assignment and purpose.
fn told_bits(bits: u64) -> String {
    let mut alike: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for flags in 0..8u64 {
        let levels = bits >> (flags * 5) & 31;
        if levels != 0 {
            let named = [(4, "subject"), (2, "assigned"), (1, "purpose")];
            let words = named.map(|(at, name)| format!("{}{name}", if flags & at == 0 { "no " } else { "" }));
            alike.entry(levels).or_default().push(words.join(", "));
        }
    }
    let told = alike.iter().map(|(levels, flags)| {
        let levels: String = (0..5).filter(|at| levels >> at & 1 == 1).map(|at| format!("P{at}")).collect();
        format!("{levels} ({})", flags.join(" | "))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// What one pass over all cells tells.
#[derive(Default)]
struct Pass {
    differences: Differences,
    /// Of each row, by its place in its list, whether some cell rests on it alone, or differs for it.
    rules: Vec<bool>,
    followed: Vec<bool>,
    not_taken: Vec<bool>,
    owed: Vec<bool>,
    /// Roles with actions of which something is allowed; and those where an independent row says all of it.
    allowed: BTreeSet<(usize, usize)>,
    dependent: BTreeSet<(usize, usize)>,
}

fn pass() -> Pass {
    let mut pass = Pass {
        rules: vec![false; RULES.len()],
        followed: vec![false; FOLLOWED.len()],
        not_taken: vec![false; NOT_TAKEN.len()],
        owed: vec![false; OWED.len()],
        ..Pass::default()
    };
    every_cell(|cell, terms| {
        let asked = asked(cell);
        let expects = expected(&asked);
        if expects != terms.is_some() {
            pass.differences.add(cell, terms.is_some());
        }
        if !passes(&asked) {
            return;
        }
        let by = |rule: &rules::Rule| rule.allows(&asked);
        for (at, (rule, _)) in NOT_TAKEN.iter().enumerate() {
            pass.not_taken[at] |= !expects && by(rule);
        }
        for (at, owed) in OWED.iter().enumerate() {
            pass.owed[at] |= owed.now.is_about(&asked) && by_design(&asked) != terms.is_some();
        }
        if expects {
            let rules: Vec<usize> = (0..RULES.len()).filter(|at| by(&RULES[*at])).collect();
            let followed: Vec<usize> = (0..FOLLOWED.len()).filter(|at| by(&FOLLOWED[*at].0)).collect();
            pass.allowed.insert((cell.role.0, cell.action.0));
            if rules.is_empty() {
                pass.dependent.insert((cell.role.0, cell.action.0));
            }
            match (&rules[..], &followed[..]) {
                ([only], []) => pass.rules[*only] = true,
                ([], [only]) => pass.followed[*only] = true,
                _ => {}
            }
        }
    });
    pass
}

/// The whole comparison; and that no row of the oracle has gone stale.
#[test]
fn the_table_says_what_the_design_says() {
    let pass = pass();
    let found = &pass.differences;
    assert!(
        found.cells == 0,
        "{} combinations differ, in {} groups:\n{}",
        found.cells,
        found.groups.len(),
        found.told()
    );
    let idle = |seen: &[bool]| -> Vec<usize> { (0..seen.len()).filter(|at| !seen[*at]).collect() };
    for (list, seen, what) in [
        ("RULES", &pass.rules, "nothing rests on it alone"),
        ("FOLLOWED", &pass.followed, "nothing rests on it alone: an independent row says the same"),
        ("NOT_TAKEN", &pass.not_taken, "it would allow nothing more: the table now has it"),
        ("OWED", &pass.owed, "the table and the design agree now: remove it"),
    ] {
        assert!(idle(seen).is_empty(), "rows of {list} by place, {:?}: {what}", idle(seen));
    }
    // Most of it is somebody else's reading of the design, not the table's own word.
    let (allowed, dependent) = (pass.allowed.len(), pass.dependent.len());
    assert!(dependent * 2 < allowed, "{dependent} of {allowed} pairs of role and action follow the table");
}
