//! The money of a demonstration: accounts of those something is granted to, and the months before, paid through the very
//! commands by the three whose work it is, so that whoever comes finds a month to check and one that has come back.

use super::world::World;
use crate::case::json;
use crate::error::{Fault, Result};
use crate::money::{
    BatchStepV1, BatchV1, BatchesV1, CloseV1, PrepareV1, SignOffV1, TreasuryV1, made_account,
};
use crate::office::{Caller, Now, Order};
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::scope::SystemJob;
use anmin_base::date::{Date, Month};
use anmin_store::{Command, DueAsk, Find, Id, Record, Stream, table};

/// How many months were paid before the one that is under way.
const BEFORE: i32 = 2;
/// Of so many who are granted something, one has no account yet.
const NONE_IN: usize = 9;
/// So many lines of the last month came back.
const BACK: i64 = 2;
/// What banks are called that are none.
const BANKS: [&str; 3] = ["示例农商银行", "示例邮储银行", "示例村镇银行"];

impl World {
    /// Accounts, and the months before. A run that broke off is gone on with.
    ///
    /// # Errors
    /// A command was refused: a fault of ours.
    pub async fn pay(&self) -> Result<()> {
        let programme = self.plan.service.as_str();
        if self.office.opened(programme, Some(&self.plan.region))?.loaded.benefit.is_none() {
            return Ok(());
        }
        let grants = self.grants().await?;
        if grants.is_empty() {
            return Ok(());
        }
        self.accounts(&grants).await?;
        let last = Month::of(self.plan.today);
        self.settled(last.add(-BEFORE - 1)).await?;
        for ago in (0..=BEFORE).rev() {
            self.month(last.add(-ago), ago).await?;
        }
        Ok(())
    }

    async fn grants(&self) -> Result<Vec<Record>> {
        let now = self.morning();
        let scope = self.office.job_scope(SystemJob::Synthesis, now.on);
        let find = Find::all(&table::GRANT_FILE).limit(100_000);
        Ok(self.office.store().read_personal(&scope, SystemJob::Synthesis.name(), now.at, &find).await?)
    }

    /// An account for everybody something is granted to, but for some who have none yet.
    async fn accounts(&self, grants: &[Record]) -> Result<()> {
        let mut rows = Vec::new();
        for (n, grant) in grants.iter().enumerate().filter(|(n, _)| n % NONE_IN != NONE_IN - 1) {
            let payee = grant.link("payee").unwrap_or(Id(0));
            let number = u64::try_from(n).unwrap_or(0);
            // Sixteen digits that begin as no bank's cards do.
            let account = format!("0000{:012}", 100_000_000_000 + number * 7_919_317 % 899_999_999_999);
            let hall = self.staff.halls.first().ok_or_else(|| Fault::Broken("no town".into()))?;
            let by = |of: &[usize]| of.first().map_or(Id(0), |who| self.staff.people[*who].id);
            let name = grant.text("name").unwrap_or_default();
            rows.push(made_account(
                &self.office,
                self.seed.id("payee-account", number, self.plan.beginning()),
                payee,
                (&account, BANKS[n % BANKS.len()], name),
                (by(&hall.clerks), by(&hall.examiners)),
                self.plan.beginning(),
            )?);
        }
        self.rows("payee-accounts", rows).await?;
        Ok(())
    }

    /// What was owed up to a month was paid before the demonstration begins.
    async fn settled(&self, up_to: Month) -> Result<()> {
        let now = self.morning();
        let county = self.county.areas[self.county.own].id;
        let find = Find::all(&table::CLOSING).limit(1);
        let scope = self.office.job_scope(SystemJob::Synthesis, now.on);
        let store = self.office.store();
        if !store.read_personal(&scope, SystemJob::Synthesis.name(), now.at, &find).await?.is_empty() {
            return Ok(());
        }
        let command = Command {
            scope: &scope,
            name: "settled",
            purpose: SystemJob::Synthesis.name(),
            at: now.at,
            request: None,
        };
        let mut work = store.begin_job(command).await?;
        let ask = DueAsk { area: county, programme: &self.plan.service, period: up_to };
        work.settle_grants(ask, &[]).await?;
        let payload = json(&serde_json::json!({ "schema": "anmin.synth/1", "settled": up_to.to_string() }))?;
        work.commit(Stream { kind: "synth", id: "settled" }, &payload, b"").await?;
        Ok(())
    }

    /// One month on its way: those before are paid, in the last of them something came back, the latest waits to be checked.
    async fn month(&self, period: Month, ago: i32) -> Result<()> {
        let county = self.county.areas[self.county.own].id;
        let programme = self.plan.service.clone();
        // The county closes on a day of the month before.
        let on = period.add(-1).day(26).min(self.plan.today);
        let closed = CloseV1 {
            area: county.to_string(),
            level: "county".into(),
            programme: programme.clone(),
            period: period.to_string(),
        };
        let ask = BatchesV1 {
            programme: Some(programme.clone()),
            period: Some(period.to_string()),
            ..BatchesV1::default()
        };
        let preparer = Hand::of(self, "fund_preparer", on)?;
        let found = self.office.batches(&preparer.order(), &ask).await?.batches;
        let batch = match found.into_iter().next() {
            Some(batch) => batch,
            None => {
                match self.office.close_month(&preparer.order(), closed).await {
                    Err(crate::error::Error::Refusal(refusal)) if refusal.code == "closed_already" => {}
                    done => drop(done?),
                }
                let new = PrepareV1 { area: county.to_string(), programme, period: period.to_string() };
                match self.office.prepare_batch(&preparer.order(), new).await {
                    // In a small county nobody may be owed anything in a month.
                    Err(crate::error::Error::Refusal(refusal)) if refusal.code == "nothing_due" => {
                        return Ok(());
                    }
                    done => drop(done?),
                }
                let found = self.office.batches(&preparer.order(), &ask).await?.batches;
                found.into_iter().next().ok_or_else(|| Fault::Broken("no batch".into()))?
            }
        };
        if ago == 0 {
            return Ok(());
        }
        self.to_its_end(batch, on, if ago == 1 { BACK } else { 0 }).await
    }

    async fn to_its_end(&self, mut batch: BatchV1, on: Date, back: i64) -> Result<()> {
        let id = Id::parse(&batch.batch).unwrap_or(Id(0));
        let (preparer, reviewer, signer) = (
            Hand::of(self, "fund_preparer", on)?,
            Hand::of(self, "fund_reviewer", on)?,
            Hand::of(self, "fund_signer", on)?,
        );
        for _ in 0..BATCH_STEPS {
            let version = batch.version;
            let sign_off = SignOffV1 { version, root: batch.root.clone() };
            match batch.state.as_str() {
                "prepared" => drop(self.office.check_batch(&reviewer.order(), id, sign_off).await?),
                "checked" => drop(self.office.sign_batch(&signer.order(), id, sign_off).await?),
                "signed" => {
                    let input = BatchStepV1 { version, why: None };
                    self.office.send_batch(&preparer.order(), id, input).await?;
                }
                "sent" => {
                    let voucher = format!("拨字第{}号", batch.period.replace('-', ""));
                    let input = TreasuryV1 { version, voucher, paid_on: on.to_string() };
                    self.office.treasury_paid(&reviewer.order(), id, input).await?;
                }
                "paid" => {
                    let file = answer(batch.lines, back);
                    self.office.answer_batch(&reviewer.order(), id, file.as_bytes()).await?;
                }
                _ => return Ok(()),
            }
            batch = self.office.batch(&preparer.order(), id).await?;
        }
        Ok(())
    }
}

/// Steps from prepared to answered.
const BATCH_STEPS: usize = 6;

/// A bank's answer: so many of the first lines came back.
fn answer(lines: i64, back: i64) -> String {
    let mut file = String::from("序号,处理结果,失败原因\n");
    for line in 1..=lines {
        let (word, why) = if line <= back { ("失败", "账户已销户") } else { ("成功", "") };
        file.push_str(&format!("{line},{word},{why}\n"));
    }
    file
}

/// Somebody who handles money, on a day.
struct Hand {
    caller: Caller,
    now: Now,
}

impl Hand {
    fn of(world: &World, role: &str, on: Date) -> Result<Hand> {
        let found = world.staff.people.iter().find(|colleague| colleague.role == role);
        let person = found.ok_or_else(|| Fault::Broken(format!("nobody is {role}")))?.id;
        let now = Now { at: super::plan::moment(on, 10 * 60), on };
        let caller = Caller {
            person: PersonId(person.0),
            login: LoginId(person.0),
            capacity: Capacity::Staff,
            stepped_up: Some(now.at),
            rationed_today: 0,
        };
        Ok(Hand { caller, now })
    }

    fn order(&self) -> Order<'_> {
        Order { caller: &self.caller, now: self.now, purpose: None, request: None }
    }
}
