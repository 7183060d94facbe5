//! A workflow as data: states, steps, clocks, duty classes, and what a region may switch.
//!
//! A [`Definition`] is what pack and regions wrote, with dates; a [`Workflow`] is what holds of it on one
//! day, and what [`crate::apply`] takes. A case pins the workflow of the day on which it was opened.

use crate::kinds::{ActKind, Outcome, Proof};
use anmin_base::date::Date;
use std::collections::BTreeMap;

/// The name of a state, step, clock, duty, letter and so on, as the pack writes it.
pub type Name = String;

/// A name for people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A document's key and the article in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// Key of the document.
    pub document: String,
    /// The article, as the document counts.
    pub article: String,
}

/// A name with its label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: Name,
    /// What people read.
    pub label: Label,
}

/// What holds on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflow {
    /// Its name and label.
    pub named: Named,
    /// The few stages of the whole course, for whoever applied.
    pub stages: Vec<Named>,
    /// States, in the order a case usually goes.
    pub states: Vec<State>,
    /// Steps.
    pub steps: Vec<Step>,
    /// Steps declared but switched off here.
    pub off: Vec<Named>,
    /// Clocks.
    pub clocks: Vec<ClockRule>,
    /// Duty classes.
    pub duties: Vec<Duty>,
    /// Kinds of evidence.
    pub evidence: Vec<EvidenceKind>,
    /// Letters that effects may name.
    pub letters: Vec<Named>,
    /// Tasks that effects may name.
    pub tasks: Vec<TaskKind>,
    /// Verdicts that guards may name; who has the rules computes them.
    pub verdicts: Vec<Named>,
    /// The ways to contest a decision.
    pub remedies: Vec<Remedy>,
    /// Where a case goes when a decision with this outcome is overturned.
    pub reopens: Vec<(Outcome, Name)>,
    /// The option in force of each switch.
    pub chosen: BTreeMap<Name, Name>,
    /// The figures in force.
    pub figures: BTreeMap<Name, u32>,
}

/// A state a case can be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Name and label.
    pub named: Named,
    /// The case is at its end; only what contests or reopens it goes on.
    pub last: bool,
    /// The stage it belongs to.
    pub stage: Option<Name>,
    /// What whoever applied reads of it: where it stands and what comes next, in plain words.
    pub told: Option<Label>,
}

/// What somebody can do in some states: a transition, or a record that leaves the state alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Name and label.
    pub named: Named,
    /// The switches' options under which the step exists.
    pub when: Vec<(Name, Vec<Name>)>,
    /// The duty classes that may do it.
    pub by: Vec<Name>,
    /// The states it may be taken in; none: it opens the case.
    pub from: Vec<Name>,
    /// The state it leads to; none: the case stays where it is.
    pub to: Option<Name>,
    /// Where it leads instead when no programme is open or granted any more.
    pub ends: Option<Name>,
    /// What it is to the engine.
    pub act: ActKind,
    /// Verdicts that must be known and so.
    pub guards: Vec<(Name, bool)>,
    /// Kinds of evidence that must be handed in with it.
    pub evidence: Vec<Name>,
    /// Steps that must have been taken in this cycle, where the region has them.
    pub needs: Vec<Name>,
    /// Clocks that must have stopped or run out.
    pub after: Vec<Name>,
    /// What a ruling, proposal or effect may be, each with the verdicts it asks.
    pub outcomes: Vec<(Outcome, Vec<(Name, bool)>)>,
    /// One of these must be among them; none: no matter which.
    pub must: Vec<Outcome>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// A new cycle begins: duties are distributed anew.
    pub cycle: bool,
    /// The articles.
    pub law: Vec<Citation>,
}

/// What follows from a step. An adverse effect is deliberately absent: only the engine brings one about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A letter is to be written.
    Letter(Name),
    /// The running public list changes.
    Notice(Publication),
    /// The grants among the rulings begin.
    Grant,
    /// Somebody is to hear the person, if something proposed takes something away; the letter, if one is named,
    /// invites whoever can be heard.
    Hearing(Option<Name>),
    /// A task is set.
    Task(Name),
}

/// What happens to the running public list (公布).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// The case is put on it.
    Begins,
    /// It is taken off it.
    Ends,
}

/// A class of duty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    /// Name and label.
    pub named: Named,
    /// The exclusive set: in one cycle a person does duties of one set only. None: not exclusive.
    pub set: Option<Name>,
    /// Done by staff; otherwise by the resident or anyone.
    pub staff: bool,
}

/// A kind of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceKind {
    /// Name and label.
    pub named: Named,
    /// What it proves to the engine.
    pub proves: Option<Proof>,
}

/// A task, and the duty class it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskKind {
    /// Name and label.
    pub named: Named,
    /// Who is to do it.
    pub duty: Name,
}

/// The unit a period is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Working days.
    #[default]
    Working,
    /// Calendar days.
    Calendar,
    /// Months.
    Months,
}

/// A way to contest a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// Name and label.
    pub named: Named,
    /// Counted in.
    pub unit: Unit,
    /// The period after delivery.
    pub limit: u32,
    /// The articles.
    pub law: Vec<Citation>,
    /// Nobody has read the figure in its text yet.
    pub unverified: bool,
}

/// A coded reason with its article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Code and label.
    pub named: Named,
    /// The articles that allow it.
    pub law: Vec<Citation>,
}

/// A clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockRule {
    /// Name and label.
    pub named: Named,
    /// The switches' options under which the clock exists.
    pub when: Vec<(Name, Vec<Name>)>,
    /// Counted in.
    pub unit: Unit,
    /// The period; none: no region has set one, and the clock never starts.
    pub limit: Option<u32>,
    /// An end on a rest day moves to the next working day.
    pub rolls: bool,
    /// Steps (or [`crate::kinds::MARKS`]) at which it starts.
    pub starts: Vec<Name>,
    /// Steps (or marks) at which it stops.
    pub stops: Vec<Name>,
    /// A start while it runs begins it anew: for periods that are the person's.
    pub restarts: bool,
    /// Verdicts under which it starts: it starts unless one is known to be otherwise.
    pub given: Vec<(Name, bool)>,
    /// Amber when so few units are left.
    pub amber: u32,
    /// Red when so few are left; past the last day it is overdue.
    pub red: u32,
    /// The duty class that is told at red and when it is overdue.
    pub tells: Option<Name>,
    /// May be extended.
    pub extension: Option<Extension>,
    /// May be suspended, on these grounds only.
    pub suspensions: Vec<Ground>,
    /// The articles.
    pub law: Vec<Citation>,
}

/// A longer period on a coded reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extension {
    /// The longer period, from the same start.
    pub limit: u32,
    /// The reasons.
    pub reasons: Vec<Ground>,
    /// The letter that tells the applicant.
    pub letter: Name,
    /// Who may extend.
    pub by: Vec<Name>,
}

/// A workflow as pack and regions wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// All steps and clocks, whatever the switches; limits, figures and options are in the settings.
    pub all: Workflow,
    /// Optional steps and other choices.
    pub switches: Vec<Switch>,
    /// The period of each clock.
    pub limits: BTreeMap<Name, Vec<Setting<u32>>>,
    /// Figures and what was set for them.
    pub figures: Vec<Figure>,
}

/// A choice that a region may make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switch {
    /// Name and label.
    pub named: Named,
    /// The options.
    pub options: Vec<Named>,
    /// What was chosen, by layer and date.
    pub settings: Vec<Setting<Name>>,
}

/// A number that a region may set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// Name and label.
    pub named: Named,
    /// What was set, by layer and date.
    pub settings: Vec<Setting<u32>>,
}

/// What a layer set from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The layer: 0 is the shared workflow, the narrowest region the highest.
    pub rank: u32,
    /// First day.
    pub from: Date,
    /// The value.
    pub value: T,
    /// The articles.
    pub law: Vec<Citation>,
    /// Nobody has read the figure in its text yet.
    pub unverified: bool,
}

/// The setting in force: of the most specific layer that has one by then, the latest.
pub fn in_force<T>(settings: &[Setting<T>], on: Date) -> Option<&T> {
    let begun = settings.iter().filter(|s| s.from <= on);
    begun.max_by_key(|s| (s.rank, s.from)).map(|s| &s.value)
}

impl Definition {
    /// What holds on a day.
    pub fn on(&self, day: Date) -> Workflow {
        let mut chosen = BTreeMap::new();
        for switch in &self.switches {
            if let Some(option) = in_force(&switch.settings, day) {
                chosen.insert(switch.named.name.clone(), option.clone());
            }
        }
        self.resolved(day, chosen)
    }

    /// What holds on a day under these options, whatever the regions chose: for the checker, and for trying
    /// a change before it is made.
    pub fn resolved(&self, day: Date, chosen: BTreeMap<Name, Name>) -> Workflow {
        let mut workflow = self.all.clone();
        let there = |when: &[(Name, Vec<Name>)]| {
            when.iter().all(|(switch, options)| chosen.get(switch).is_some_and(|o| options.contains(o)))
        };
        let gone = workflow.steps.iter().filter(|s| !there(&s.when));
        workflow.off = gone.map(|s| s.named.clone()).collect();
        workflow.steps.retain(|s| there(&s.when));
        workflow.clocks.retain(|c| there(&c.when));
        for clock in &mut workflow.clocks {
            let settings = self.limits.get(&clock.named.name);
            clock.limit = settings.and_then(|s| in_force(s, day)).copied().filter(|days| *days > 0);
        }
        for figure in &self.figures {
            if let Some(value) = in_force(&figure.settings, day) {
                workflow.figures.insert(figure.named.name.clone(), *value);
            }
        }
        workflow.chosen = chosen;
        workflow
    }
}

impl Workflow {
    /// A step.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.named.name == name)
    }

    /// A state.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|s| s.named.name == name)
    }

    /// A clock.
    pub fn clock(&self, name: &str) -> Option<&ClockRule> {
        self.clocks.iter().find(|c| c.named.name == name)
    }

    /// A duty class.
    pub fn duty(&self, name: &str) -> Option<&Duty> {
        self.duties.iter().find(|d| d.named.name == name)
    }

    /// A figure; 0 when nobody has set it.
    pub fn figure(&self, name: &str) -> u32 {
        self.figures.get(name).copied().unwrap_or(0)
    }

    /// What a kind of evidence proves.
    pub fn proof(&self, kind: &str) -> Option<Proof> {
        self.evidence.iter().find(|e| e.named.name == kind)?.proves
    }

    /// The steps that can be taken in a state, whoever asks.
    pub fn steps_from<'w>(&'w self, state: &'w str) -> impl Iterator<Item = &'w Step> {
        self.steps.iter().filter(move |s| s.from.iter().any(|from| from == state))
    }

    /// Whether some step does this.
    pub fn has_act(&self, act: ActKind) -> bool {
        self.steps.iter().any(|s| s.act == act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_layer_wins_and_within_it_the_latest() {
        let set = |rank, year, value| Setting {
            rank,
            from: Date::ymd(year, 1, 1),
            value,
            law: vec![],
            unverified: false,
        };
        let settings = [set(0, 2000, 1), set(0, 2030, 2), set(1, 2020, 3), set(1, 2025, 4)];
        for (year, value) in
            [(1999, None), (2001, Some(1)), (2021, Some(3)), (2026, Some(4)), (2031, Some(4))]
        {
            assert_eq!(in_force(&settings, Date::ymd(year, 6, 1)).copied(), value, "{year}");
        }
    }
}
