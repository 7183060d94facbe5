//! A month of so many payments, for measuring: a county of nobody is written into a demonstration, and a month goes through
//! every hand. Whoever calls has the clock.

use super::{CloseV1, MovedV1, PrepareV1, PreparedV1, SignOffV1, TreasuryV1};
use crate::case::{json, row_id};
use crate::error::{Fault, Result};
use crate::money::BatchStepV1;
use crate::office::{Caller, Now, Office, Order};
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::scope::SystemJob;
use anmin_base::date::{Date, Month};
use anmin_store::{Command, DeploymentKind, Id, Record, Stream, Work, table};

const AREA: Id = Id(1);
const UNIT: Id = Id(2);
const STAFF: [(Id, &str); 3] =
    [(Id(0x11), "fund_preparer"), (Id(0x12), "fund_reviewer"), (Id(0x13), "fund_signer")];
const APPROVERS: [Id; 2] = [Id(0x14), Id(0x15)];
/// Grants written in one command.
const AT_ONCE: u32 = 5_000;
/// The division of the county: the city's code is real, since its rules are used; the rest is assigned to no place.
const CODE: &str = "119901000000";

/// Sends a month of so many payments through the hands of three, and calls `done` after each step. Gives the amount in fen.
///
/// # Errors
/// It is no demonstration, or there is something in it already; or a fault.
pub async fn month(
    office: &Office,
    programme: &str,
    payments: u32,
    now: Now,
    done: &mut (dyn FnMut(&'static str) + Send),
) -> Result<i64> {
    if office.store().deployment().kind != DeploymentKind::Demo {
        return Err(Fault::Broken("only a demonstration is measured".into()).into());
    }
    let measure = Measure { office, programme, now };
    measure.county().await?;
    office.read_rights(now.at).await?;
    let mut first = 0;
    while first < payments {
        let next = payments.min(first + AT_ONCE);
        measure.grants(first, next).await?;
        first = next;
    }
    done("written");
    measure.run(done).await
}

struct Measure<'a> {
    office: &'a Office,
    programme: &'a str,
    now: Now,
}

impl Measure<'_> {
    async fn run(&self, done: &mut (dyn FnMut(&'static str) + Send)) -> Result<i64> {
        let period = self.period().to_string();
        let (area, programme) = (AREA.to_string(), self.programme.to_owned());
        let [preparer, reviewer, signer] = STAFF.map(|(person, _)| self.caller(person));
        let close = CloseV1 {
            area: area.clone(),
            level: "county".into(),
            programme: programme.clone(),
            period: period.clone(),
        };
        self.office.close_month(&self.order(&preparer), close).await?;
        done("closed");
        let prepare = PrepareV1 { area, programme, period };
        let prepared: PreparedV1 = read(&self.office.prepare_batch(&self.order(&preparer), prepare).await?)?;
        done("prepared");
        let batch = Id::parse(&prepared.batch).unwrap_or(Id(0));
        let root = prepared.root.clone();
        let sign_off = |version| SignOffV1 { version, root: root.clone() };
        let order = self.order(&reviewer);
        let moved: MovedV1 =
            read(&self.office.check_batch(&order, batch, sign_off(prepared.version)).await?)?;
        done("checked");
        let order = self.order(&signer);
        let moved: MovedV1 = read(&self.office.sign_batch(&order, batch, sign_off(moved.version)).await?)?;
        done("signed");
        let input = BatchStepV1 { version: moved.version, why: None };
        let moved: MovedV1 = read(&self.office.send_batch(&self.order(&preparer), batch, input).await?)?;
        let paid_on = self.now.on.to_string();
        let input = TreasuryV1 { version: moved.version, voucher: "1".into(), paid_on };
        self.office.treasury_paid(&self.order(&reviewer), batch, input).await?;
        done("paid by the treasury");
        let file = self.office.bank_file(&self.order(&preparer), batch, true).await?;
        done("bank's file made");
        let answer = answered(&file.bytes);
        done("");
        self.office.answer_batch(&self.order(&reviewer), batch, &answer).await?;
        done("answered and posted");
        Ok(prepared.amount_fen)
    }

    fn period(&self) -> Month {
        Month::of(self.now.on).next()
    }

    fn caller(&self, person: Id) -> Caller {
        Caller {
            person: PersonId(person.0),
            login: LoginId(person.0),
            capacity: Capacity::Staff,
            stepped_up: Some(self.now.at),
            rationed_today: 0,
        }
    }

    fn order<'c>(&self, caller: &'c Caller) -> Order<'c> {
        Order { caller, now: self.now, purpose: None, request: None }
    }

    async fn work(&self) -> Result<Box<Work>> {
        let scope = self.office.job_scope(SystemJob::Synthesis, self.now.on);
        let command =
            Command { scope: &scope, name: "measure", purpose: "synthesis", at: self.now.at, request: None };
        Ok(self.office.store().begin_job(command).await?)
    }

    fn days(&self, row: Record) -> Record {
        row.with("valid_from", i64::from(self.now.on.add_days(-60).days()))
    }

    /// One area, one unit, three people with a post.
    async fn county(&self) -> Result<()> {
        let mut work = self.work().await?;
        let area =
            Record::new(&table::AREA, AREA).with("code", CODE).with("name", "测算县").with("roles", "");
        work.insert(self.days(area)).await?;
        let anc =
            Record::new(&table::AREA_ANC, AREA).with("area", AREA).with("ancestor", AREA).with("depth", 0);
        work.insert(self.days(anc)).await?;
        let unit = Record::new(&table::UNIT, UNIT)
            .with("area", AREA)
            .with("kind", "civil_affairs")
            .with("name", "测算县民政局")
            .with("stands", "supervising deciding");
        work.insert(self.days(unit)).await?;
        for person in STAFF.iter().map(|(id, _)| *id).chain(APPROVERS) {
            work.insert(self.person(person, "职员", 1)).await?;
        }
        for (person, role) in STAFF {
            let post = Record::new(&table::POST, Id(person.0 << 8))
                .with("person", person)
                .with("unit", UNIT)
                .with("role", role)
                .with("area", AREA)
                .with("subjects", super::FUNDS)
                .with("valid_to", i64::from(self.now.on.add_days(200).days()))
                .with("origin", "proposed")
                .with("state", "approved")
                .with("proposed_by", APPROVERS[0])
                .with("approved_by", APPROVERS[1]);
            work.insert(self.days(post)).await?;
        }
        work.commit(Stream { kind: "place", id: "measure" }, b"{}", b"").await?;
        Ok(())
    }

    fn person(&self, id: Id, name: &str, sensitivity: i64) -> Record {
        Record::new(&table::PERSON, id)
            .with("nature", "human")
            .with("area", AREA)
            .with("sensitivity", sensitivity)
            .with("name", name)
            .with("pinyin", "")
            .with("initials", "")
            .with("payload", br#"{"schema":"anmin.person/1"}"#.to_vec())
    }

    /// Grants with all they hang on, one payment each.
    async fn grants(&self, first: u32, next: u32) -> Result<()> {
        let mut work = self.work().await?;
        for n in first..next {
            for row in self.grant(n)? {
                work.insert(row).await?;
            }
            work.open_grant(grant_id(n), self.period()).await?;
        }
        let id = format!("measure-{first}");
        work.commit(Stream { kind: "case", id: &id }, b"{}", b"").await?;
        Ok(())
    }

    fn grant(&self, n: u32) -> Result<Vec<Record>> {
        let (at, on) = (self.now.at, i64::from(self.now.on.days()));
        let (person, case, grant) = (id_of(n, 1), id_of(n, 2), grant_id(n));
        let name = format!("测{n:06}");
        let file = Record::new(&table::CASE_FILE, case)
            .with("area", AREA)
            .with("applicant", person)
            .with("name", name.as_str())
            .with("number", format!("measure-{n}"))
            .with("subject", "social_assistance")
            .with("pack", self.programme)
            .with("workflow_hash", "")
            .with("state", "granted")
            .with("cycle", 1)
            .with("sensitivity", 2)
            .with("received_on", on)
            .with("mark", 0)
            .with("payload", b"{}".to_vec());
        let decision = Record::new(&table::DECISION, id_of(n, 3))
            .with("case_id", case)
            .with("programme", self.programme)
            .with("valid_from", on)
            .with("hash", "")
            .with("outcome", "grant")
            .with("decided_at", at)
            .with("payload", b"{}".to_vec());
        let effect = Record::new(&table::EFFECT, id_of(n, 4))
            .with("case_id", case)
            .with("decision", id_of(n, 3))
            .with("kind", "grant")
            .with("ground", "ordinary")
            .with("takes_effect_on", on);
        let holder = Record::new(&table::GRANT_FILE, grant)
            .with("case_id", case)
            .with("programme", self.programme)
            .with("area", AREA)
            .with("payee", person)
            .with("name", name.as_str());
        let change = Record::new(&table::GRANT_CHANGE, id_of(n, 6))
            .with("grant_id", grant)
            .with("case_id", case)
            .with("seq", 1)
            .with("decision", id_of(n, 3))
            .with("effect", id_of(n, 4))
            .with("does", "set")
            .with("ground", "new")
            .with("from_month", super::stored(self.period()))
            .with("persons", i64::from(n % 4 + 1))
            .with("recorded_at", at);
        let component = Record::new(&table::GRANT_COMPONENT, id_of(n, 7))
            .with("change_id", id_of(n, 6))
            .with("case_id", case)
            .with("component", "base")
            .with("monthly_fen", i64::from(n % 1000 + 1) * 101);
        let digits = format!("622202{n:013}");
        let sealed = super::accounts::SealedAccountV1::new(&digits, "测算银行", &name, None);
        let account = Record::new(&table::PAYEE_ACCOUNT, id_of(n, 8))
            .with("person", person)
            .with("kind", "own")
            .with("account_index", digits.as_str())
            .with("last_four", digits.get(digits.len() - 4..).unwrap_or_default())
            .with("state", "confirmed")
            .with("usable_from", on)
            .with("entered_by", APPROVERS[0])
            .with("entered_at", at)
            .with("confirmed_by", APPROVERS[1])
            .with("confirmed_at", at)
            .with("payload", json(&sealed)?);
        Ok(vec![self.person(person, &name, 2), file, decision, effect, holder, change, component, account])
    }
}

fn id_of(n: u32, what: u32) -> Id {
    row_id(Id(u128::from(n)), "measure", &what.to_string())
}

fn grant_id(n: u32) -> Id {
    id_of(n, 5)
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| Fault::Broken(e.to_string()).into())
}

/// What a bank that pays everybody answers to a file.
fn answered(file: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let mut out = String::from("序号,处理结果\n");
    for line in text.lines().skip(1) {
        out.push_str(line.split(',').next().unwrap_or_default());
        out.push_str(",成功\n");
    }
    out.into_bytes()
}

/// The day a measurement is of.
pub const DAY: Date = Date::ymd(2026, 9, 1);
