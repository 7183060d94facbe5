//! The effect of a decision on money, within the command on its case. What is favourable begins when it is signed; what takes
//! away begins when it takes effect, so that the amount runs on through hearing, objection and the county's look again. A
//! decision that is stayed or overturned counts for nothing, and what is owed for the months between comes with the next
//! roster.

use super::amounts::{Worth, worth};
use crate::case::{CaseFile, Rows, row_id};
use crate::error::{Fault, Kind, Refusal, Result};
use crate::office::Office;
use crate::record::DecisionV1;
use anmin_base::date::Month;
use anmin_casework::event::Event;
use anmin_casework::kinds::{Exception, Outcome};
use anmin_casework::record::Decision;
use anmin_ledger::benefit::Benefit;
use anmin_ledger::grant::{Amounts, Ground};
use anmin_pack::benefit::BenefitSheet;
use anmin_store::{Find, Id, Record, Work, table};
use serde_json::Value;

/// What a change does, before it is a row.
enum Change {
    Set { from: Month, worth: Worth, first: Option<Amounts> },
    End { from: Month },
    Undo { of: Id },
}

/// Writes what an event of a case means for money.
///
/// # Errors
/// The decision does not say how much; or a fault.
pub(crate) async fn follow(rows: &Rows<'_>, work: &mut Work, event: &Event) -> Result<()> {
    let (number, undo) = match event {
        Event::Decided(decision) => (decision.number, None),
        Event::GrantBegan(number) | Event::TookEffect(number, _) => (*number, Some(false)),
        Event::Stayed(number, _) | Event::Overturned(number, _) => (*number, Some(true)),
        _ => return Ok(()),
    };
    let Some(decision) = rows.file.case.decision(number) else { return Ok(()) };
    let programme = decision.ruling.programme.clone();
    let region = rows.file.opened.region.as_deref();
    let opened = rows.office.opened(&programme, region)?;
    let Some(sheet) = &opened.loaded.benefit else { return Ok(()) };
    let benefit = sheet.on(decision.on, &rows.file.workflow.chosen);
    let follows = Follows { rows, decision, sheet, benefit: &benefit };
    let change = match undo {
        // Nobody signs what could not be paid, even where it takes effect later.
        None if follows.sets() => return follows.worth(work).await.map(drop),
        None => return Ok(()),
        Some(true) => follows.undone(work).await?,
        Some(false) => follows.change(work).await?,
    };
    match change {
        Some((ground, change)) => follows.write(work, ground, change).await,
        None => Ok(()),
    }
}

/// Whether what the rules say of a household could be paid: each part of it is known, or nothing is paid at all.
///
/// # Errors
/// The programme is not opened here.
pub(crate) fn payable(office: &Office, file: &CaseFile, programme: &str, basis: &DecisionV1) -> Result<bool> {
    let opened = office.opened(programme, file.opened.region.as_deref())?;
    let Some(sheet) = &opened.loaded.benefit else { return Ok(true) };
    Ok(worth(&kept(basis)?, sheet).is_some())
}

/// A decision under the rules, as its row keeps it.
fn kept(basis: &DecisionV1) -> Result<Value> {
    Ok(serde_json::to_value(basis).map_err(|e| Fault::Broken(e.to_string()))?)
}

struct Follows<'a> {
    rows: &'a Rows<'a>,
    decision: &'a Decision,
    sheet: &'a BenefitSheet,
    benefit: &'a Benefit,
}

impl Follows<'_> {
    fn case(&self) -> Id {
        self.rows.file.id()
    }

    fn grant(&self) -> Id {
        row_id(self.case(), "grant", &self.decision.ruling.programme)
    }

    /// Whether the decision says what a month is worth.
    fn sets(&self) -> bool {
        use Outcome::{Grant, Increase, Reduce, Resume};
        matches!(self.decision.ruling.outcome, Grant | Increase | Reduce | Resume)
    }

    /// What the decision does, and why, as rosters say it; none where it moves no money.
    async fn change(&self, work: &mut Work) -> Result<Option<(Ground, Change)>> {
        let ruling = &self.decision.ruling;
        let today = self.rows.now.on;
        let early = matches!(ruling.exception, Some(Exception::Death | Exception::MovedAway));
        let ended = || self.benefit.ended.month(today, ruling.from, early);
        let ground = match ruling.outcome {
            Outcome::Grant => Ground::New,
            Outcome::Increase => Ground::Increased,
            Outcome::Resume => Ground::Resumed,
            Outcome::Reduce => Ground::Reduced,
            Outcome::Suspend => Ground::Suspended,
            Outcome::Stop => match ruling.exception {
                Some(Exception::Death) => Ground::Died,
                Some(Exception::MovedAway) => Ground::MovedOut,
                Some(Exception::Withdrawal) => Ground::Withdrew,
                Some(Exception::Missing) | None => Ground::Stopped,
            },
            // What is asked back is a matter of its own; what is refused or kept moves nothing.
            Outcome::Keep | Outcome::Refuse | Outcome::Decline | Outcome::Recover => return Ok(None),
        };
        let change = match ruling.outcome {
            Outcome::Suspend | Outcome::Stop => Change::End { from: ended() },
            Outcome::Reduce => {
                let worth = self.worth(work).await?;
                match worth.amounts.parts().is_empty() {
                    true => Change::End { from: ended() },
                    false => Change::Set { from: ended(), worth, first: None },
                }
            }
            Outcome::Grant => {
                let applied = self.rows.file.case.opened;
                let from = self.benefit.first.month(applied, self.decision.on, ruling.from);
                let worth = self.worth(work).await?;
                let first = self.prorated(&worth, from)?;
                Change::Set { from, worth, first }
            }
            _ => {
                let from = self.benefit.raised.month(self.decision.on, ruling.from, false);
                Change::Set { from, worth: self.worth(work).await?, first: None }
            }
        };
        Ok(Some((ground, change)))
    }

    /// The first month's worth, where the decision says a day within it and the benefit counts days.
    fn prorated(&self, worth: &Worth, from: Month) -> Result<Option<Amounts>> {
        let Some(day) = self.decision.ruling.from.filter(|day| Month::of(*day) == from) else {
            return Ok(None);
        };
        let share =
            |(name, amount): &(String, _)| Some((name.clone(), self.benefit.proration.of(*amount, day)?));
        let parts: Option<Vec<_>> = worth.amounts.parts().iter().map(share).collect();
        let first =
            parts.and_then(Amounts::new).ok_or_else(|| Fault::Broken("a share of an amount".into()))?;
        Ok((first != worth.amounts).then_some(first))
    }

    /// What was signed: from this command, or from the row of the decision.
    async fn worth(&self, work: &mut Work) -> Result<Worth> {
        let programme = &self.decision.ruling.programme;
        let basis = match self.rows.basis.get(programme) {
            Some(basis) => kept(basis)?,
            None => {
                let row = work.load(&table::DECISION, self.rows.decision_id(self.decision.number)).await?;
                let kept = row.secret("payload").map(|secret| secret.reveal().to_vec()).unwrap_or_default();
                let kept: Value = serde_json::from_slice(&kept).map_err(|e| Fault::Broken(e.to_string()))?;
                kept["basis"].clone()
            }
        };
        worth(&basis, self.sheet).ok_or_else(|| {
            Refusal::new(
                Kind::Unmet,
                "amount_unknown",
                format!("“{}”每月应发多少还不能确定，不能作出这个决定。", self.sheet.label.zh),
                format!(
                    "How much {} is a month is not known yet, so this cannot be decided.",
                    self.sheet.label.en
                ),
            )
            .next(
                "请先补齐认定结果中列出的缺项，再作决定。",
                "Fill in what the outlook lists as missing, and decide then.",
            )
            .into()
        })
    }

    /// The change of this decision that counts now, to be undone.
    async fn undone(&self, work: &mut Work) -> Result<Option<(Ground, Change)>> {
        let changes = self.changes(work).await?;
        let decision = self.rows.decision_id(self.decision.number).to_string();
        let undone = |id: Id| changes.iter().any(|change| change.link("undoes") == Some(id));
        let own = changes.iter().rev().find(|change| {
            change.text("decision") == Some(&decision)
                && change.text("does") != Some("undo")
                && !undone(change.id())
        });
        Ok(own.map(|change| (Ground::Overturned, Change::Undo { of: change.id() })))
    }

    async fn changes(&self, work: &mut Work) -> Result<Vec<Record>> {
        let find = Find::all(&table::GRANT_CHANGE).equal("grant_id", self.grant()).order("seq").limit(1000);
        Ok(work.find(&find).await?)
    }

    async fn write(&self, work: &mut Work, ground: Ground, change: Change) -> Result<()> {
        let (case, grant) = (self.case(), self.grant());
        let file = &self.rows.file.record;
        if work.find(&Find::one(&table::GRANT_FILE, grant)).await?.is_empty() {
            let row = Record::new(&table::GRANT_FILE, grant)
                .with("case_id", case)
                .with("programme", self.decision.ruling.programme.as_str())
                .with("area", file.text("area").unwrap_or_default())
                .with("payee", file.text("applicant").unwrap_or_default())
                .with("name", file.text("name").unwrap_or_default());
            work.insert(row).await?;
        }
        let changes = self.changes(work).await?;
        let seq = changes.len() + 1;
        let id = row_id(case, "grant-change", &format!("{}:{seq}", self.decision.ruling.programme));
        let effect = self.rows.effect_id(self.decision);
        let mut row = Record::new(&table::GRANT_CHANGE, id)
            .with("grant_id", grant)
            .with("case_id", case)
            .with("seq", i64::try_from(seq).unwrap_or(i64::MAX))
            .with("decision", self.rows.decision_id(self.decision.number))
            .with("ground", ground.name())
            .with("persons", 0)
            .with("recorded_at", self.rows.now.at);
        let since = match &change {
            Change::Set { from, worth, .. } => {
                row = row.with("does", "set").with("effect", effect).with("from_month", super::stored(*from));
                row = row.with("persons", i64::from(worth.persons));
                Some(*from)
            }
            Change::End { from } => {
                row = row.with("does", "end").with("effect", effect).with("from_month", super::stored(*from));
                Some(*from)
            }
            Change::Undo { of } => {
                row = row.with("does", "undo").with("undoes", *of);
                changes
                    .iter()
                    .find(|change| change.id() == *of)
                    .map(|change| super::month_in(change, "from_month"))
            }
        };
        work.insert(row).await?;
        if let Change::Set { worth, first, .. } = &change {
            self.components(work, id, worth, first.as_ref()).await?;
        }
        if let Some(since) = since {
            work.open_grant(grant, since).await?;
        }
        anmin_store::fault!("grant.changed");
        Ok(())
    }

    async fn components(
        &self,
        work: &mut Work,
        change: Id,
        worth: &Worth,
        first: Option<&Amounts>,
    ) -> Result<()> {
        for (component, amount) in worth.amounts.parts() {
            let row = Record::new(&table::GRANT_COMPONENT, row_id(change, "component", component))
                .with("change_id", change)
                .with("case_id", self.case())
                .with("component", component.as_str())
                .with("monthly_fen", amount.fen())
                .with("first_fen", first.map(|first| first.of(component).fen()));
            work.insert(row).await?;
        }
        Ok(())
    }
}
