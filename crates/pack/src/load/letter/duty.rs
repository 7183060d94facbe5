//! What no letter may leave out: the notice of a decision against somebody names its reasons and the ways to contest
//! it, whatever the outcome and whoever reads it.
use crate::letter::{Field, Letter, Unfilled, sample};
use crate::load::Build;
use anmin_base::document::Lang;
use anmin_casework::kinds::{ActKind, Exception, Outcome};
use anmin_casework::workflow::{Definition, Effect, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Law 45, 48, 76 as the engine holds them: reason and appeal are two of the five parts.
const OWED: [Field; 2] = [Field::DecisionReasons, Field::DecisionRemedies];

impl Build {
    /// Tries the letters of steps that issue notices on every adverse outcome the workflow can decide.
    pub(super) fn duties_of_notices(&mut self, definition: &Definition, letters: &BTreeMap<Name, Letter>) {
        let steps = &definition.all.steps;
        let outcomes: BTreeSet<Outcome> = steps
            .iter()
            .filter(|step| step.act == ActKind::Decide)
            .flat_map(|step| step.outcomes.iter().map(|(outcome, _)| *outcome))
            .filter(|outcome| outcome.is_adverse())
            .collect();
        let notices: BTreeSet<&Name> = steps
            .iter()
            .filter(|step| step.act == ActKind::Notify)
            .flat_map(|step| &step.effects)
            .filter_map(|effect| match effect {
                Effect::Letter(name) => Some(name),
                _ => None,
            })
            .collect();
        for letter in notices.into_iter().filter_map(|name| letters.get(name)) {
            for outcome in &outcomes {
                for field in OWED {
                    self.owes(letter, *outcome, field);
                }
            }
        }
    }

    /// Reports a letter that can be filled without what it owes, in any of the circumstances.
    fn owes(&mut self, letter: &Letter, outcome: Outcome, owed: Field) {
        let exceptions = Exception::ALL.into_iter().map(|(_, exception)| Some(exception));
        let silent = |exception: Option<Exception>| {
            let mut fields = sample::fields(outcome, exception);
            fields.clear(owed);
            let asks = |fields: &Vec<String>| fields.iter().any(|path| path == owed.path());
            !matches!(letter.fill(&fields, Lang::Zh), Err(Unfilled::Missing { fields, .. }) if asks(&fields))
        };
        if std::iter::once(None).chain(exceptions).any(silent) {
            let (name, path) = (&letter.name, owed.path());
            self.error(
                letter.place,
                format!("文书 {name} 告知“{}”的决定时可以不写 {path}；每种情形都必须写", outcome.zh()),
                format!(
                    "the letter {name} can tell a decision to {outcome} without {path}; it must say it in every case"
                ),
            );
        }
    }
}
