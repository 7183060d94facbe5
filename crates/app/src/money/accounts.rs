//! Where somebody's money goes. One enters an account, another confirms it; a changed one is used only some days later, and
//! never held against urgent aid, which does not go through a batch.

use crate::case::{json, row_id};
use crate::error::{Error, Kind, Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::people::{PersonRecord, id_of, wrong};
use crate::record::FieldError;
use anmin_authz::authority::Authority;
use anmin_authz::decide::{Allowed, Decision};
use anmin_authz::scope::Scope as AuthzScope;
use anmin_ledger::benefit::PayeeKind;
use anmin_store::{
    Begun, Blind, Find, Id, NewNote, Record, Refusal as StoreRefusal, Rule, Scope, Stream, Work, table,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days until a changed account is used: time for its owner to say that it is not theirs.
const COOLING_DAYS: i32 = 3;
/// How long the message about it is worth sending, in milliseconds.
const TOLD_FOR: i64 = 10 * 24 * 60 * 60 * 1000;
/// Fewest and most digits of an account.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=32;

/// An account to be entered.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountV1 {
    /// The case in whose course it is entered.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub case: String,
    /// Whose it is: `own`, `guardian`, `institution` or `agreement`.
    #[schemars(extend("enum" = ["own", "guardian", "institution", "agreement"]))]
    pub kind: String,
    /// The number.
    #[schemars(length(min = 8, max = 40))]
    pub account: String,
    /// The bank.
    #[schemars(length(min = 2, max = 60))]
    pub bank: String,
    /// In whose name it is.
    #[schemars(length(min = 1, max = 60))]
    pub holder: String,
    /// The paper that says why it is another's: its reference in the case.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub paper: Option<String>,
}

/// Whether an account is confirmed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountAnswerV1 {
    /// The version that was looked at.
    pub version: i64,
    /// Confirmed, or refused.
    pub confirm: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedAccountV1 {
    /// The account.
    pub account: String,
    /// The version a next form has to name.
    pub version: i64,
    /// `proposed`, `confirmed` or `refused`.
    pub state: String,
    /// The first day on which it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_from: Option<String>,
}

/// An account as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountV1 {
    /// The account.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Whose it is.
    pub kind: String,
    /// Its number, as it may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The bank.
    pub bank: String,
    /// In whose name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// `proposed`, `confirmed`, `refused` or `replaced`.
    pub state: String,
    /// The first day on which it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_from: Option<String>,
    /// How many other people's money goes there.
    pub shared_with: i64,
}

/// Somebody's accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountsV1 {
    /// The latest first.
    pub accounts: Vec<AccountV1>,
}

/// Whose money a case is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayeeV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
}

/// What is sealed of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedAccountV1 {
    pub schema: String,
    pub account: String,
    pub bank: String,
    pub holder: String,
    /// The payee's identity number, for the bank.
    pub resident_id: Option<String>,
}

const SCHEMA: &str = "anmin.payee-account/1";

impl SealedAccountV1 {
    pub fn new(account: &str, bank: &str, holder: &str, resident_id: Option<String>) -> SealedAccountV1 {
        let (account, bank, holder) = (account.to_owned(), bank.to_owned(), holder.to_owned());
        SealedAccountV1 { schema: SCHEMA.into(), account, bank, holder, resident_id }
    }

    pub fn read(bytes: &[u8]) -> Result<SealedAccountV1> {
        let broken = |what: String| crate::error::Fault::Broken(format!("an account: {what}"));
        let sealed: SealedAccountV1 = serde_json::from_slice(bytes).map_err(|e| broken(e.to_string()))?;
        if sealed.schema != SCHEMA {
            return Err(broken(format!("schema {}", sealed.schema)).into());
        }
        Ok(sealed)
    }
}

/// The row of an account of somebody made up: confirmed, and used from the first day.
///
/// # Errors
/// None but a fault of ours.
pub(crate) fn made_account(
    office: &Office,
    id: Id,
    person: Id,
    (account, bank, holder): (&str, &str, &str),
    (entered, confirmed): (Id, Id),
    at: anmin_store::Moment,
) -> Result<Record> {
    let sealed = SealedAccountV1::new(account, bank, holder, None);
    let last = account.get(account.len().saturating_sub(4)..).unwrap_or(account);
    Ok(Record::new(&table::PAYEE_ACCOUNT, id)
        .with("person", person)
        .with("kind", PayeeKind::Own.name())
        .with("account_index", office.store().keys().blind(Blind::Person, "account", account))
        .with("last_four", last)
        .with("state", "confirmed")
        .with("usable_from", i64::from(at.day().days()))
        .with("entered_by", entered)
        .with("entered_at", at)
        .with("confirmed_by", confirmed)
        .with("confirmed_at", at)
        .with("payload", json(&sealed)?))
}

impl Office {
    /// Enters an account for somebody in a case. The result is a [`ChangedAccountV1`].
    ///
    /// # Errors
    /// What is wrong in the form; not permitted; or a fault.
    pub async fn enter_account(&self, order: &Order<'_>, person: Id, input: NewAccountV1) -> Result<Vec<u8>> {
        let (kind, digits) = checked(&input)?;
        let case = id_of("case", &input.case)?;
        let (scope, purpose) = self.first_scope(order, &["payee_change_enter"])?;
        let mut work = match self.begin_money(order, &scope, &purpose, "enter_account").await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        self.may_touch(order, &scope, person, case).await?;
        let row = work.load(&table::PERSON, person).await?;
        let owner = PersonRecord::read(row)?;
        if kind == PayeeKind::Own && owner.name() != input.holder.trim() {
            return Err(wrong(
                "holder",
                "户名与本人姓名不一致；如为监护人、机构或代管账户，请选择相应类型并附依据。",
                "The account is not in the person's own name: choose whose it is, and name the paper.",
            ));
        }
        let number = owner.resident_id().map(str::to_owned);
        let sealed = SealedAccountV1::new(&digits, input.bank.trim(), input.holder.trim(), number);
        let index = self.inner.store.keys().blind(Blind::Person, "account", &digits);
        let id = row_id(person, "payee-account", &format!("{}:{}", order.now.at.0, digits));
        let row = Record::new(&table::PAYEE_ACCOUNT, id)
            .with("person", person)
            .with("kind", kind.name())
            .with("account_index", index)
            .with("last_four", &digits[digits.len() - 4..])
            .with("paper", input.paper.as_deref().map(str::trim).filter(|paper| !paper.is_empty()))
            .with("state", "proposed")
            .with("entered_by", Id(order.caller.person.0))
            .with("entered_at", order.now.at)
            .with("payload", json(&sealed)?);
        let row = work.insert(row).await.map_err(twice)?;
        let changed = changed(&row);
        let (bytes, stream) = (json(&changed)?, person.to_string());
        work.commit(Stream { kind: "payee", id: &stream }, &bytes, &bytes).await?;
        Ok(bytes)
    }

    /// Confirms or refuses an account that somebody else has entered. The result is a [`ChangedAccountV1`].
    ///
    /// # Errors
    /// It is the caller's own entry, it is decided already, somebody was first; not permitted; or a fault.
    pub async fn answer_account(
        &self,
        order: &Order<'_>,
        account: Id,
        input: AccountAnswerV1,
    ) -> Result<Vec<u8>> {
        let (scope, purpose) = self.first_scope(order, &["payee_change_confirm"])?;
        let mut work = match self.begin_money(order, &scope, &purpose, "answer_account").await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        let row = work.load(&table::PAYEE_ACCOUNT, account).await?;
        let person = row.link("person").unwrap_or(Id(0));
        if row.version() != input.version {
            return Err(crate::error::stale().into());
        }
        if row.text("state") != Some("proposed") {
            return Err(Refusal::new(
                Kind::Unmet,
                "account_decided",
                "这个账户已经确认或退回。",
                "This account was confirmed or refused already.",
            )
            .next("请刷新后查看。", "Load the page anew.")
            .into());
        }
        if row.link("entered_by") == Some(Id(order.caller.person.0)) {
            return Err(Refusal::new(
                Kind::Forbidden,
                "same_hands",
                "账户须由录入人以外的人确认。",
                "Another than who entered an account confirms it.",
            )
            .next("请转给另一位有确认职责的人。", "Give it to somebody else who may.")
            .into());
        }
        let today = order.now.on;
        let row = row.with("confirmed_by", Id(order.caller.person.0)).with("confirmed_at", order.now.at);
        let row = match input.confirm {
            false => row.with("state", "refused"),
            true => {
                let before = self.replaced(&mut work, person).await?;
                let usable = if before { today.add_days(COOLING_DAYS) } else { today };
                if before {
                    let body = changed_words(row.text("last_four").unwrap_or_default(), usable)?;
                    let until = anmin_store::Moment(order.now.at.0 + TOLD_FOR);
                    let note = NewNote {
                        recipient: person,
                        kind: "account_changed",
                        body: &body,
                        expires_at: until,
                    };
                    work.note_to(&note).await?;
                }
                row.with("state", "confirmed").with("usable_from", i64::from(usable.days()))
            }
        };
        let row = work.update_if(row).await?;
        let changed = changed(&row);
        let (bytes, stream) = (json(&changed)?, person.to_string());
        work.commit(Stream { kind: "payee", id: &stream }, &bytes, &bytes).await?;
        Ok(bytes)
    }

    /// The account that was confirmed before is another's turn. Whether there was one.
    async fn replaced(&self, work: &mut Work, person: Id) -> Result<bool> {
        let find = Find::all(&table::PAYEE_ACCOUNT).equal("person", person).equal("state", "confirmed");
        let mut any = false;
        for row in work.find(&find).await? {
            work.update_if(row.with("state", "replaced")).await?;
            any = true;
        }
        Ok(any)
    }

    /// The accounts of somebody, as the caller may see them.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn accounts(&self, order: &Order<'_>, person: Id) -> Result<AccountsV1> {
        let (scope, purpose) =
            self.first_scope(order, &["payee_change_enter", "payee_change_confirm", "own_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let find = Find::all(&table::PAYEE_ACCOUNT).equal("person", person).descending();
        let store = &self.inner.store;
        let found = store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let cases = Find::all(&table::CASE_FILE).equal("applicant", person).plain();
        let cases = store.read_personal(&rows, &purpose, order.now.at, &cases).await?;
        let cases: Vec<Id> = cases.iter().map(Record::id).collect();
        let allowed = self.terms_in(order, &scope, person, &cases).await?;
        let mut accounts = Vec::new();
        for row in &found {
            let index = row.text("account_index").unwrap_or_default();
            let same =
                Find::all(&table::PAYEE_ACCOUNT).equal("account_index", index).equal("state", "confirmed");
            let job = self.job_scope(anmin_authz::scope::SystemJob::Statistics, order.now.on);
            let others = store.count(&job, &same).await?;
            let own = i64::from(row.text("state") == Some("confirmed"));
            accounts.push(seen(self.authority(), &allowed, row, others - own)?);
        }
        Ok(AccountsV1 { accounts })
    }

    /// Whose money a case is about, for those who enter and confirm accounts.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn payee_of(&self, order: &Order<'_>, case: Id) -> Result<PayeeV1> {
        let (scope, purpose) = self.first_scope(order, &["payee_change_enter", "payee_change_confirm"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let find = Find::one(&table::CASE_FILE, case).plain();
        let found = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let row = found.first().ok_or_else(Refusal::not_found)?;
        let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
        Ok(PayeeV1 {
            case: case.to_string(),
            number: text("number"),
            person: text("applicant"),
            name: text("name"),
        })
    }

    /// Whether the caller may act for this person in this case.
    async fn may_touch(&self, order: &Order<'_>, scope: &AuthzScope, person: Id, case: Id) -> Result<()> {
        let facts = self.inner.store.row_facts(case, person, self.authority(), order.now.on).await?;
        let facts = facts.ok_or_else(Refusal::not_found)?;
        let rights = self.rights();
        match scope.judge(&facts.resource(), &self.ctx(&rights, order.now)) {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(reason) => Err(Error::denied(&reason, self.authority())),
        }
    }

    /// Begins a command about money.
    pub(super) async fn begin_money(
        &self,
        order: &Order<'_>,
        scope: &AuthzScope,
        purpose: &str,
        name: &str,
    ) -> Result<Begun> {
        let rows = Scope::from_authz(scope, self.authority());
        let command =
            anmin_store::Command { scope: &rows, name, purpose, at: order.now.at, request: order.request };
        Ok(self.inner.store.begin(command).await?)
    }
}

/// What is said, at the contact that was known before, of an account that another takes the place of.
fn changed_words(last_four: &str, from: anmin_base::date::Date) -> Result<Vec<u8>> {
    json(&serde_json::json!({
        "zh": format!("您的收款账户已改为尾号 {last_four} 的账户，{from}起启用。如果不是您要改的，请马上打电话给乡镇（街道）窗口。"),
        "en": format!("Your money goes to the account ending in {last_four} from {from}. If you did not ask for that, call the township counter at once."),
    }))
}

fn checked(input: &NewAccountV1) -> Result<(PayeeKind, String)> {
    let mut fields = Vec::new();
    let mut wrong = |at: &str, zh: &str, en: &str| {
        fields.push(FieldError { at: at.into(), zh: zh.into(), en: en.into() });
    };
    let kind = PayeeKind::named(&input.kind);
    if kind.is_none() {
        wrong(
            "kind",
            "应为 own、guardian、institution、agreement 之一。",
            "One of own, guardian, institution, agreement.",
        );
    }
    let digits: String = input
        .account
        .chars()
        .map(anmin_base::half_width::half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    if !DIGITS.contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        wrong("account", "账号应为 8 至 32 位数字，请核对。", "An account has 8 to 32 digits: check it.");
    }
    if input.bank.trim().chars().count() < 2 {
        wrong("bank", "请填写开户银行。", "Name the bank.");
    }
    if input.holder.trim().is_empty() {
        wrong("holder", "请填写户名。", "Say in whose name it is.");
    }
    let paper = input.paper.as_deref().is_some_and(|paper| !paper.trim().is_empty());
    if kind.is_some_and(PayeeKind::needs_paper) && !paper {
        wrong(
            "paper",
            "不是本人账户的，须写明依据（监护、供养协议、代管协议）的编号。",
            "An account that is another's needs its paper: guardianship, agreement of care or of management.",
        );
    }
    match kind.filter(|_| fields.is_empty()) {
        Some(kind) => Ok((kind, digits)),
        None => Err(fields.into()),
    }
}

fn changed(row: &Record) -> ChangedAccountV1 {
    ChangedAccountV1 {
        account: row.id().to_string(),
        version: row.version(),
        state: row.text("state").unwrap_or_default().to_owned(),
        usable_from: row.int("usable_from").map(day),
    }
}

pub(super) fn day(number: i64) -> String {
    anmin_base::date::Date::from_days(i32::try_from(number).unwrap_or(0)).to_string()
}

fn seen(authority: &Authority, allowed: &Allowed, row: &Record, shared_with: i64) -> Result<AccountV1> {
    let veil = Veil { authority, allowed };
    let sealed = row.secret("payload").map(|secret| secret.reveal().to_vec()).unwrap_or_default();
    let sealed = SealedAccountV1::read(&sealed)?;
    let text = |column: &str| row.text(column).map(str::to_owned);
    Ok(AccountV1 {
        id: row.id().to_string(),
        version: row.version(),
        kind: text("kind").unwrap_or_default(),
        account: veil.text("bank_account", &sealed.account),
        bank: sealed.bank,
        holder: veil.text("name", &sealed.holder),
        paper: text("paper"),
        state: text("state").unwrap_or_default(),
        usable_from: row.int("usable_from").map(day),
        shared_with,
    })
}

/// The same account entered twice at one moment.
fn twice(error: anmin_store::Error) -> Error {
    match error {
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => wrong(
            "account",
            "这个账户已经录入，请刷新后查看。",
            "This account is entered already: load the page anew.",
        ),
        other => other.into(),
    }
}
