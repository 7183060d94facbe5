//! What every command on a batch needs: who asks, the batch, whose hands it went through, and the accounts of the ledger.

use super::{FUNDS, month_in};
use crate::case::row_id;
use crate::error::{Error, Fault, Refusal, Result};
use crate::office::{Office, Order};
use anmin_authz::decide::{Allowed, Decision};
use anmin_authz::id::{AreaId, MatterId, PersonId};
use anmin_authz::resource::{Cycle, ResourceFacts, ServiceOf, Taken};
use anmin_authz::scope::Scope as AuthzScope;
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::money::Money;
use anmin_ledger::account::{Account, AccountKind};
use anmin_ledger::batch::{Batch, BatchState, Hand, Sum};
use anmin_ledger::entry::{Book, Entry, Stage};
use anmin_ledger::id::{AccountId, BatchId, EntryId};
use anmin_pack::benefit::BenefitSheet;
use anmin_store::{Begun, Find, Id, Record, Stream, Work, table};
use std::sync::Arc;

/// A batch on the table.
pub(super) struct Desk {
    pub work: Box<Work>,
    pub row: Record,
    pub batch: Batch,
}

/// A command on a batch begun, or what it gave before.
pub(super) enum Opened {
    New(Box<Desk>),
    Before(Vec<u8>),
}

impl Office {
    /// Whether the caller may do this to money of an area: to a batch there is, or to one about to be made.
    pub(super) fn judge_money(
        &self,
        order: &Order<'_>,
        scope: &AuthzScope,
        about: &AboutMoney<'_>,
    ) -> Result<Allowed> {
        let authority = self.authority();
        let facts = ResourceFacts {
            area: Some(AreaId(about.area.0)),
            subject: authority.subject(about.subject),
            service: about.programme.map_or(ServiceOf::Core, |programme| authority.service(programme)),
            sensitivity: Sensitivity::P2,
            matter: about.batch.map(|batch| Cycle { matter: MatterId(batch.0), number: 1 }),
            // A batch is of what others decided: no relative can be favoured in it.
            parties: Some(&[]),
            kin: Some(&[]),
            kept_apart: Some(&[]),
            taken: Some(about.taken),
            hands_in_cases: Some(about.hands),
            ..ResourceFacts::default()
        };
        let rights = self.rights();
        match scope.judge(&facts, &self.ctx(&rights, order.now)) {
            Decision::Allow(allowed) => Ok(*allowed),
            Decision::Deny(reason) => Err(Error::denied(&reason, authority)),
        }
    }

    /// Opens a command on a batch under one of these actions.
    pub(super) async fn open_batch(
        &self,
        order: &Order<'_>,
        actions: &[&str],
        name: &str,
        batch: Id,
    ) -> Result<Opened> {
        let (scope, purpose) = self.first_scope(order, actions)?;
        let mut work = match self.begin_money(order, &scope, &purpose, name).await? {
            Begun::Before(bytes) => return Ok(Opened::Before(bytes)),
            Begun::New(work) => work,
        };
        let row = work.load(&table::BATCH, batch).await?;
        let duties = work.find(&Find::all(&table::BATCH_DUTY).equal("batch", batch)).await?;
        let hands: Vec<(Hand, Id)> = duties
            .iter()
            .filter_map(|duty| Some((Hand::named(duty.text("class")?)?, duty.link("person")?)))
            .collect();
        let taken = self.taken(batch, &hands);
        let caller = Id(order.caller.person.0);
        // Only who signs is asked, and only about what is paid for the first time.
        let hands_in_cases: Vec<PersonId> = match actions.contains(&"batch_sign") {
            true => {
                work.hands_in_new_cases(batch, &[caller]).await?.iter().map(|id| PersonId(id.0)).collect()
            }
            false => Vec::new(),
        };
        let about = AboutMoney {
            area: row.link("area").unwrap_or(Id(0)),
            subject: FUNDS,
            programme: row.text("programme"),
            batch: Some(batch),
            taken: &taken,
            hands: &hands_in_cases,
        };
        self.judge_money(order, &scope, &about)?;
        let batch = engine_batch(&row, &hands)?;
        Ok(Opened::New(Box::new(Desk { work, row, batch })))
    }

    /// The duties done on a batch, as authority names them.
    pub(super) fn taken(&self, batch: Id, hands: &[(Hand, Id)]) -> Vec<Taken> {
        let of = |(hand, person): &(Hand, Id)| {
            let duty = match hand {
                Hand::Prepare => "prepare",
                Hand::Check => "batch_review",
                Hand::Sign => "sign",
            };
            let cycle = Cycle { matter: MatterId(batch.0), number: 1 };
            Some(Taken { cycle, person: PersonId(person.0), duty: self.authority().duty(duty)? })
        };
        hands.iter().filter_map(of).collect()
    }

    /// What a programme pays in an area.
    pub(super) fn sheet_of(&self, programme: &str, area: Id, on: anmin_base::date::Date) -> Result<Paying> {
        let region = self.region_of(AreaId(area.0), on);
        let opened = self.opened(programme, region.as_deref())?;
        let Some(sheet) = opened.loaded.benefit.clone() else {
            let name = &opened.loaded.service.name;
            return Err(Refusal::new(
                crate::error::Kind::Invalid,
                "no_benefit",
                format!("“{}”不发放资金（没有 benefit.yaml）。", name.zh),
                format!("{} pays nothing (it has no benefit.yaml).", name.en),
            )
            .into());
        };
        let chosen = self.workflow(&opened, on)?.chosen.clone();
        Ok(Paying { sheet, chosen: Arc::new(chosen) })
    }

    /// The accounts of the ledger a programme is paid through in an area; made where they are not there yet.
    pub(super) async fn book_of(&self, work: &mut Work, area: Id, sheet: &BenefitSheet) -> Result<Accounts> {
        let fund = sheet.fund.fund.name.clone();
        let mut accounts = Accounts { fund: fund.clone(), ids: Vec::new(), book: Book::default() };
        let mut all = Vec::new();
        for kind in [AccountKind::Fund, AccountKind::Bank, AccountKind::Payees, AccountKind::Returned] {
            let programme = if kind == AccountKind::Fund { "" } else { sheet.programme.as_str() };
            let id = row_id(area, "fund-account", &format!("{}:{fund}:{programme}", kind.name()));
            if work.find(&Find::one(&table::FUND_ACCOUNT, id)).await?.is_empty() {
                let row = Record::new(&table::FUND_ACCOUNT, id)
                    .with("area", area)
                    .with("kind", kind.name())
                    .with("fund", fund.as_str())
                    .with("programme", programme);
                work.insert(row).await?;
            }
            accounts.ids.push((kind, id));
            let programme = (!programme.is_empty()).then(|| programme.to_owned());
            all.push(Account { id: AccountId(id.0), kind, fund: fund.clone(), programme });
        }
        accounts.book = Book::new(all, vec![sheet.fund.fund.clone()]);
        Ok(accounts)
    }
}

/// What a money command is about.
pub(super) struct AboutMoney<'a> {
    pub area: Id,
    pub subject: &'a str,
    pub programme: Option<&'a str>,
    pub batch: Option<Id>,
    pub taken: &'a [Taken],
    pub hands: &'a [PersonId],
}

/// What a programme pays somewhere, and what the course has chosen there.
pub(super) struct Paying {
    pub sheet: BenefitSheet,
    pub chosen: Arc<std::collections::BTreeMap<String, String>>,
}

/// The accounts of a programme in an area.
pub(super) struct Accounts {
    pub fund: String,
    ids: Vec<(AccountKind, Id)>,
    book: Book,
}

impl Accounts {
    pub fn id(&self, kind: AccountKind) -> Id {
        self.ids.iter().find(|(known, _)| *known == kind).map_or(Id(0), |(_, id)| *id)
    }

    /// Whether money may go that way: asked of the ledger before anything is written.
    pub fn may_move(&self, from: AccountKind, to: AccountKind, amount: Money) -> Result<()> {
        let (from, to) = (AccountId(self.id(from).0), AccountId(self.id(to).0));
        let entry = Entry { id: EntryId(1), from, to, amount, stage: Stage::Done };
        Ok(self.book.clone().write(entry)?)
    }

    /// One entry that moves an amount at once.
    pub async fn pass(
        &self,
        work: &mut Work,
        batch: &Record,
        what: &str,
        route: (AccountKind, AccountKind),
        amount: Money,
    ) -> Result<()> {
        self.may_move(route.0, route.1, amount)?;
        let part = part(batch.id(), what);
        let row = Record::new(&table::ENTRY, row_id(part, "entry", "1"))
            .with("part", part)
            .with("area", batch.text("area").unwrap_or_default())
            .with("fund", self.fund.as_str())
            .with("from_account", self.id(route.0))
            .with("to_account", self.id(route.1))
            .with("amount_fen", amount.fen())
            .with("stage", "done")
            .with("batch", batch.id())
            .with("recorded_at", work.at());
        work.insert_set(&table::ENTRY, part, vec![row]).await?;
        Ok(())
    }
}

/// The set of entries one step of a batch writes.
pub(super) fn part(batch: Id, step: &str) -> Id {
    row_id(batch, "entries", step)
}

/// The stream a batch's events are in.
pub(super) async fn commit(work: Box<Work>, batch: Id, payload: &[u8], result: &[u8]) -> Result<()> {
    let id = batch.to_string();
    work.commit(Stream { kind: "batch", id: &id }, payload, result).await?;
    Ok(())
}

pub(super) fn engine_batch(row: &Record, hands: &[(Hand, Id)]) -> Result<Batch> {
    let state = row.text("state").and_then(BatchState::named);
    let state = state.ok_or_else(|| Fault::Broken(format!("batch {}", row.id())))?;
    let person = |(hand, person): &(Hand, Id)| (*hand, anmin_ledger::id::PersonId(person.0));
    Ok(Batch {
        id: BatchId(row.id().0),
        programme: row.text("programme").unwrap_or_default().to_owned(),
        period: month_in(row, "period"),
        state,
        sum: Sum {
            lines: row.int("lines").and_then(|lines| u64::try_from(lines).ok()).unwrap_or(0),
            amount: Money::from_fen(row.int("amount_fen").unwrap_or(0)),
            root: row.text("root").unwrap_or_default().to_owned(),
        },
        hands: hands.iter().map(person).collect(),
    })
}
