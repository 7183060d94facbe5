//! The commands every case has, whatever its workflow. `tick` and `recount` are not among them: jobs give those.
use super::shape::{Line, Many, Name, Number, PersonId, Text};
use super::{AMOUNT_MAX_FEN, EvidenceV1};
use crate::record::field::{At, FieldError, Reading};
use anmin_base::money::Money;
use anmin_casework::command::Command;
use anmin_casework::record::Actor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A command every case has. `command` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum CommandV1 {
    /// Extends a clock on a coded reason.
    Extend {
        /// The clock.
        #[schemars(with = "Name")]
        clock: String,
        /// The reason's code.
        #[schemars(with = "Name")]
        reason: String,
    },
    /// Suspends a clock on a ground the workflow cites an article for.
    Suspend {
        /// The clock.
        #[schemars(with = "Name")]
        clock: String,
        /// The ground's code.
        #[schemars(with = "Name")]
        reason: String,
    },
    /// Lets a suspended clock go on.
    Resume {
        /// The clock.
        #[schemars(with = "Name")]
        clock: String,
    },
    /// Bars a person from the case.
    Bar {
        /// Who is barred.
        #[schemars(with = "PersonId")]
        person: String,
        /// The relation's code.
        #[schemars(with = "Name")]
        relation: String,
    },
    /// Enters the case in the register of staff's relatives, and bars the relative.
    RegisterKin {
        /// The staff member.
        #[schemars(with = "PersonId")]
        staff: String,
        /// The relation's code.
        #[schemars(with = "Name")]
        relation: String,
    },
    /// Countersigns that entry.
    CountersignKin {},
    /// Somebody reported or complained, by name.
    Complain {
        /// A reference to the report.
        #[schemars(with = "Line")]
        report: String,
    },
    /// Marks the case as never to be posted.
    Protect {
        /// The ground's code.
        #[schemars(with = "Name")]
        ground: String,
    },
    /// Gives a duty to somebody.
    Assign {
        /// The duty class.
        #[schemars(with = "Name")]
        duty: String,
        /// To whom.
        #[schemars(with = "PersonId")]
        person: String,
    },
    /// Gives all that one person holds to another.
    HandOver {
        /// The leaver.
        #[schemars(with = "PersonId")]
        from: String,
        /// Who takes over.
        #[schemars(with = "PersonId")]
        to: String,
    },
    /// Helps first; the papers follow.
    Aid {
        /// How much, in fen; 0 for help in kind.
        #[schemars(range(min = 0, max = AMOUNT_MAX_FEN))]
        amount_fen: i64,
        /// What is needed.
        #[schemars(with = "Text")]
        need: String,
    },
    /// The papers of an aid are there.
    AidPapers {
        /// The aid's number.
        #[schemars(with = "Number")]
        aid: u32,
        /// The papers.
        #[schemars(with = "Many<EvidenceV1>")]
        evidence: Vec<EvidenceV1>,
    },
    /// A decision is contested. Never refused for being late.
    Appeal {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
        /// The way, as the workflow names it.
        #[schemars(with = "Name")]
        remedy: String,
    },
    /// The effect of a decision is stayed: what was before goes on.
    Stay {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
        /// The order, or what the region's rule says.
        order: EvidenceV1,
    },
    /// The stay is lifted.
    LiftStay {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
        /// The order.
        order: EvidenceV1,
    },
    /// A decision is overturned, or taken back by who made it.
    Overturn {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
        /// The ruling of the organ or court.
        order: EvidenceV1,
    },
}

impl CommandV1 {
    /// Its name, as in [`anmin_casework::kinds::COMMANDS`].
    pub fn name(&self) -> &'static str {
        match self {
            CommandV1::Extend { .. } => "extend",
            CommandV1::Suspend { .. } => "suspend",
            CommandV1::Resume { .. } => "resume",
            CommandV1::Bar { .. } => "bar",
            CommandV1::RegisterKin { .. } => "register_kin",
            CommandV1::CountersignKin {} => "countersign_kin",
            CommandV1::Complain { .. } => "complain",
            CommandV1::Protect { .. } => "protect",
            CommandV1::Assign { .. } => "assign",
            CommandV1::HandOver { .. } => "hand_over",
            CommandV1::Aid { .. } => "aid",
            CommandV1::AidPapers { .. } => "aid_papers",
            CommandV1::Appeal { .. } => "appeal",
            CommandV1::Stay { .. } => "stay",
            CommandV1::LiftStay { .. } => "lift_stay",
            CommandV1::Overturn { .. } => "overturn",
        }
    }

    /// The command as casework takes it, given by somebody. Who that is comes from the session, never from here.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place: `order.kind`.
    pub fn into_command(self, by: Actor) -> Result<Command, Vec<FieldError>> {
        let mut reading = Reading::default();
        let command = self.read(by, &mut reading);
        reading.done(command)
    }

    fn read(self, by: Actor, r: &mut Reading) -> Option<Command> {
        let at = &At::Root;
        Some(match self {
            CommandV1::Extend { clock, reason } => {
                let (clock, reason) =
                    (r.name(&at.field("clock"), clock), r.name(&at.field("reason"), reason));
                Command::Extend { clock: clock?, reason: reason?, by }
            }
            CommandV1::Suspend { clock, reason } => {
                let (clock, reason) =
                    (r.name(&at.field("clock"), clock), r.name(&at.field("reason"), reason));
                Command::Suspend { clock: clock?, reason: reason?, by }
            }
            CommandV1::Resume { clock } => Command::Resume { clock: r.name(&at.field("clock"), clock)?, by },
            CommandV1::Bar { person, relation } => {
                let person = r.person(&at.field("person"), person);
                let relation = r.name(&at.field("relation"), relation);
                Command::Bar { person: person?, relation: relation?, by }
            }
            CommandV1::RegisterKin { staff, relation } => {
                let staff = r.person(&at.field("staff"), staff);
                let relation = r.name(&at.field("relation"), relation);
                Command::RegisterKin { staff: staff?, relation: relation?, by }
            }
            CommandV1::CountersignKin {} => Command::CountersignKin { by },
            CommandV1::Complain { report } => {
                Command::Complain { report: r.line(&at.field("report"), report)?, by }
            }
            CommandV1::Protect { ground } => {
                Command::Protect { ground: r.name(&at.field("ground"), ground)?, by }
            }
            CommandV1::Assign { duty, person } => {
                let (duty, person) = (r.name(&at.field("duty"), duty), r.person(&at.field("person"), person));
                Command::Assign { duty: duty?, person: person?, by }
            }
            CommandV1::HandOver { from, to } => {
                let (from, to) = (r.person(&at.field("from"), from), r.person(&at.field("to"), to));
                Command::HandOver { from: from?, to: to?, by }
            }
            CommandV1::Aid { amount_fen, need } => {
                let amount = amount(r, &at.field("amount_fen"), amount_fen);
                let need = r.text(&at.field("need"), need);
                Command::Aid { amount: amount?, need: need?, by }
            }
            CommandV1::AidPapers { aid, evidence } => {
                let aid = r.number(&at.field("aid"), aid);
                let evidence = r.list(&at.field("evidence"), evidence, EvidenceV1::read);
                Command::AidPapers { aid: aid?, evidence: evidence?, by }
            }
            CommandV1::Appeal { decision, remedy } => {
                let decision = r.number(&at.field("decision"), decision);
                let remedy = r.name(&at.field("remedy"), remedy);
                Command::Appeal { decision: decision?, remedy: remedy?, by }
            }
            CommandV1::Stay { decision, order } => {
                let decision = r.number(&at.field("decision"), decision);
                let order = EvidenceV1::read(r, &at.field("order"), order);
                Command::Stay { decision: decision?, order: order?, by }
            }
            CommandV1::LiftStay { decision, order } => {
                let decision = r.number(&at.field("decision"), decision);
                let order = EvidenceV1::read(r, &at.field("order"), order);
                Command::LiftStay { decision: decision?, order: order?, by }
            }
            CommandV1::Overturn { decision, order } => {
                let decision = r.number(&at.field("decision"), decision);
                let order = EvidenceV1::read(r, &at.field("order"), order);
                Command::Overturn { decision: decision?, order: order?, by }
            }
        })
    }
}

fn amount(r: &mut Reading, at: &At<'_>, fen: i64) -> Option<Money> {
    if (0..=AMOUNT_MAX_FEN).contains(&fen) {
        return Some(Money::from_fen(fen));
    }
    let (zero, most) = (Money::ZERO, Money::from_fen(AMOUNT_MAX_FEN));
    let found = Money::from_fen(fen);
    r.wrong(
        at,
        format!("金额 {found} 元不对，应在 {zero} 至 {most} 元之间（以分为单位填写）"),
        format!("{found} yuan is not between {zero} and {most} yuan (written in fen)"),
    );
    None
}
