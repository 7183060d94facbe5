//! Whether what is known may be used, and against whom.
//!
//! A *derived* value (averaged, imputed, of another period) may raise a question and never supports an adverse effect. An
//! *assessed* one does only once the person has been shown the table and the quantities, and rests while they say it is
//! otherwise. Whatever is *contested* rests until somebody has looked into it. A value that rests is unknown; an older one
//! does not come back in its place.

use super::{Fact, FactKey, Source, Subject};
use crate::id::{Days, FactId, Moment};

/// Somebody says that what is recorded about them is otherwise. Touches what was recorded up to then, for these days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Whom the fact is about.
    pub subject: Subject,
    /// The fact's name.
    pub name: String,
    /// For which days.
    pub days: Days,
    /// When it was said.
    pub at: Moment,
    /// What came of it, if it has been looked into.
    pub settled: Option<Settled>,
}

/// What came of an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// When.
    pub at: Moment,
    /// Whether what was recorded holds.
    pub holds: bool,
}

/// The person was shown how a value was assessed: the table and their own quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The recording.
    pub fact: FactId,
    /// When.
    pub at: Moment,
}

/// What bears on the use of facts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Papers<'p> {
    /// Objections and rebuttals.
    pub objections: &'p [Objection],
    /// What was shown.
    pub shown: &'p [Shown],
}

/// How a recording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing against it.
    Good,
    /// Assessed, and rebutted: its use rests.
    Suspended,
    /// Contested: not to be used until it has been looked into.
    Contested,
    /// Looked into, and it was wrong. Whoever knows the right value records it.
    Rejected,
}

/// Why a recording cannot be held against somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Computed from averages or assumptions.
    Derived,
    /// Assessed, and the person has not been shown how.
    NotShown,
    /// Its use rests, or it was wrong.
    Standing(Standing),
    /// It says that nothing is known.
    Unknown,
}

/// How a recording stands for a day's use, as known at a moment. `days` are those it is to be used for.
pub fn standing(fact: &Fact, days: Days, papers: Papers<'_>, known_at: Moment) -> Standing {
    let touches = |objection: &&Objection| {
        let key: FactKey<'_> = (objection.subject, &objection.name);
        key == fact.key()
            && objection.at <= known_at
            && fact.recorded_at <= objection.at
            && objection.days.common(days).is_some_and(|common| common.common(fact.valid).is_some())
    };
    let mut worst = Standing::Good;
    for objection in papers.objections.iter().filter(touches) {
        match objection.settled.filter(|settled| settled.at <= known_at) {
            Some(Settled { holds: true, .. }) => {}
            Some(Settled { holds: false, .. }) => return Standing::Rejected,
            None if fact.source == Source::Assessed => worst = Standing::Suspended,
            None => worst = Standing::Contested,
        }
    }
    worst
}

/// The value, if it is known and nothing keeps it from being used on these days.
pub fn usable<'f>(fact: &'f Fact, days: Days, papers: Papers<'_>, known_at: Moment) -> Option<&'f str> {
    let value = fact.value.as_deref()?;
    (standing(fact, days, papers, known_at) == Standing::Good).then_some(value)
}

/// Whether a recording may be held against somebody on these days.
///
/// # Errors
/// Why it may not.
pub fn fit_against(fact: &Fact, days: Days, papers: Papers<'_>, known_at: Moment) -> Result<(), Unfit> {
    if fact.value.is_none() {
        return Err(Unfit::Unknown);
    }
    if fact.source == Source::Derived {
        return Err(Unfit::Derived);
    }
    match standing(fact, days, papers, known_at) {
        Standing::Good => {}
        resting => return Err(Unfit::Standing(resting)),
    }
    let shown = || papers.shown.iter().any(|shown| shown.fact == fact.id && shown.at <= known_at);
    if fact.source == Source::Assessed && !shown() {
        return Err(Unfit::NotShown);
    }
    Ok(())
}

impl Unfit {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Unfit::Derived => "推算、平均得出的数值不能作为不利决定的依据，请核实实际情况。",
            Unfit::NotShown => "评估数值还没有向本人出示评估表和数量，请先出示并听取说明。",
            Unfit::Standing(Standing::Suspended) => {
                "本人对评估数值提出了反证，在核实之前不能使用；请先核实。"
            }
            Unfit::Standing(Standing::Contested) => "本人对这一项有异议，在查清之前不能使用；请先查清。",
            Unfit::Standing(Standing::Rejected) => "这一项经查不实，不能使用；请记录查实的情况。",
            Unfit::Standing(Standing::Good) | Unfit::Unknown => "这一项不清楚，请先核实。",
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Unfit::Derived => {
                "A value from averages or assumptions cannot be held against anybody; find out what is so."
            }
            Unfit::NotShown => {
                "The person has not been shown the table and the quantities; show them and hear what they say."
            }
            Unfit::Standing(Standing::Suspended) => {
                "The person has rebutted the assessment; look into it before it is used."
            }
            Unfit::Standing(Standing::Contested) => {
                "The person says it is otherwise; look into it before it is used."
            }
            Unfit::Standing(Standing::Rejected) => {
                "It was found to be wrong and cannot be used; record what was found."
            }
            Unfit::Standing(Standing::Good) | Unfit::Unknown => "It is not known; find out first.",
        }
    }
}
