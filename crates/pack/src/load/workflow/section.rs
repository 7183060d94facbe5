//! Switches, figures, names, states and steps.
use super::super::Build;
use super::{Draft, cited, label};
use crate::finding::Finding;
use crate::load::ALWAYS;
use crate::names::well_formed;
use crate::yaml::{Fields, Key, Node};
use anmin_casework::check::At;
use anmin_casework::kinds::{ActKind, Outcome, Proof};
use anmin_casework::workflow::{
    Duty, Effect, EvidenceKind, Figure, Name, Named, Publication, Remedy, Setting, State, Step, Switch,
    TaskKind, Unit,
};

/// Units a period may be counted in.
pub(super) const UNITS: [(&str, Unit); 3] =
    [("working", Unit::Working), ("calendar", Unit::Calendar), ("months", Unit::Months)];

impl Build {
    pub(super) fn course_switches(&mut self, fields: &Fields<'_>, draft: &mut Draft, rank: u32) {
        for (key, node) in fields.names("switches", &mut self.findings) {
            let fields = Fields::of(node, &["options", "default", "zh", "en", "law"], &mut self.findings);
            let named = self.named("switches", key, &fields, draft);
            let law = cited(self.required_law(&fields, ("这个开关", "this switch")));
            let mut options: Vec<Named> = vec![];
            for (option, node) in fields.names("options", &mut self.findings) {
                well_formed(&option.text, option.place, &mut self.findings);
                let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
                options.push(Named {
                    name: option.text.clone(),
                    label: label(fields.label(&mut self.findings)),
                });
            }
            let names: Vec<Name> = options.iter().map(|o| o.name.clone()).collect();
            let value = self.one_of(&fields, "default", &names);
            let settings = value.map(|value| Setting { rank, from: ALWAYS, value, law, unverified: false });
            let settings = settings.into_iter().collect();
            draft.definition.switches.push(Switch { named, options, settings });
        }
    }

    pub(super) fn course_figures(&mut self, fields: &Fields<'_>, draft: &mut Draft, rank: u32) {
        for (key, node) in fields.names("figures", &mut self.findings) {
            let fields = Fields::of(node, &["value", "zh", "en", "law", "unverified"], &mut self.findings);
            let named = self.named("figures", key, &fields, draft);
            let law = cited(self.required_law(&fields, ("这个数值", "this figure")));
            let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
            let value = self.days(&fields, "value", 0);
            let settings = value.map(|value| Setting { rank, from: ALWAYS, value, law, unverified });
            draft.definition.figures.push(Figure { named, settings: settings.into_iter().collect() });
        }
    }

    /// Verdicts, duties, evidence, letters, tasks and remedies.
    pub(super) fn course_names(&mut self, fields: &Fields<'_>, draft: &mut Draft) {
        for (key, node) in fields.names("verdicts", &mut self.findings) {
            let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
            let named = self.named("verdicts", key, &fields, draft);
            draft.definition.all.verdicts.push(named);
        }
        for (key, node) in fields.names("duties", &mut self.findings) {
            let fields = Fields::of(node, &["set", "staff", "zh", "en"], &mut self.findings);
            let named = self.named("duties", key, &fields, draft);
            let set = fields.text("set", &mut self.findings).map(str::to_owned);
            let staff = fields.flag("staff", &mut self.findings).unwrap_or(true);
            draft.definition.all.duties.push(Duty { named, set, staff });
        }
        for (key, node) in fields.names("evidence", &mut self.findings) {
            let fields = Fields::of(node, &["proves", "zh", "en"], &mut self.findings);
            let named = self.named("evidence", key, &fields, draft);
            let proves = fields.choice("proves", &Proof::ALL, &mut self.findings);
            draft.definition.all.evidence.push(EvidenceKind { named, proves });
        }
        for (key, node) in fields.names("letters", &mut self.findings) {
            let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
            let named = self.named("letters", key, &fields, draft);
            draft.definition.all.letters.push(named);
        }
        for (key, node) in fields.names("tasks", &mut self.findings) {
            let fields = Fields::of(node, &["duty", "zh", "en"], &mut self.findings);
            let named = self.named("tasks", key, &fields, draft);
            let duty = fields.required_text("duty", &mut self.findings).unwrap_or_default().to_owned();
            draft.places.insert(At::Task(key.text.clone()), key.place);
            draft.definition.all.tasks.push(TaskKind { named, duty });
        }
        for (key, node) in fields.names("remedies", &mut self.findings) {
            let allowed = ["working", "calendar", "months", "zh", "en", "law", "unverified"];
            let fields = Fields::of(node, &allowed, &mut self.findings);
            let named = self.named("remedies", key, &fields, draft);
            let law = cited(self.required_law(&fields, ("这条救济途径", "this remedy")));
            let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
            if let Some((unit, Some(limit))) = self.period(&fields) {
                draft.definition.all.remedies.push(Remedy { named, unit, limit, law, unverified });
            }
        }
    }

    /// Exactly one of `working`, `calendar` and `months`; `none` where regions or services say how many.
    pub(super) fn period(&mut self, fields: &Fields<'_>) -> Option<(Unit, Option<u32>)> {
        let given: Vec<_> = UNITS.iter().filter(|(key, _)| fields.has(key)).collect();
        let [(key, unit)] = given[..] else {
            self.error(
                fields.place(),
                "应写明 working（工作日）、calendar（自然日）、months（月）之一",
                "say one of working, calendar and months",
            );
            return None;
        };
        if fields.get(key).and_then(|n| n.as_text().ok()) == Some("none") {
            return Some((*unit, None));
        }
        self.days(fields, key, 1).map(|days| (*unit, Some(days)))
    }

    pub(super) fn course_states(&mut self, fields: &Fields<'_>, draft: &mut Draft) {
        for (key, node) in fields.names("stages", &mut self.findings) {
            let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
            let named = self.named("stages", key, &fields, draft);
            draft.definition.all.stages.push(named);
        }
        for (key, node) in fields.names("states", &mut self.findings) {
            let fields = Fields::of(node, &["last", "stage", "told", "zh", "en"], &mut self.findings);
            let named = self.named("states", key, &fields, draft);
            let last = fields.flag("last", &mut self.findings).unwrap_or(false);
            let told = fields.label_at("told", &mut self.findings).map(label);
            let stage = self.stage(&fields, draft);
            draft.places.insert(At::State(key.text.clone()), key.place);
            draft.definition.all.states.push(State { named, last, stage, told });
        }
    }

    /// The stage a state belongs to, of those declared.
    fn stage(&mut self, fields: &Fields<'_>, draft: &Draft) -> Option<Name> {
        let name = fields.text("stage", &mut self.findings)?;
        let known: Vec<&str> = draft.definition.all.stages.iter().map(|stage| stage.name.as_str()).collect();
        if !known.contains(&name) {
            let place = fields.get("stage").map_or(fields.place(), |node| node.place);
            self.findings.push(Finding::unknown(place, ("环节", "stage"), name, &known));
            return None;
        }
        Some(name.to_owned())
    }

    pub(super) fn course_reopens(&mut self, fields: &Fields<'_>, draft: &mut Draft) {
        for (key, node) in fields.names("reopens", &mut self.findings) {
            let state = node.as_text().map_err(|f| self.findings.push(f)).ok();
            if let (Some(outcome), Some(state)) = (self.said_outcome(key), state) {
                draft.definition.all.reopens.push((outcome, state.to_owned()));
            }
        }
    }

    pub(super) fn course_steps(&mut self, fields: &Fields<'_>, draft: &mut Draft) {
        for (key, node) in fields.names("steps", &mut self.findings) {
            let step = self.course_step(key, node, draft);
            draft.places.insert(At::Step(key.text.clone()), key.place);
            draft.definition.all.steps.push(step);
        }
    }

    fn course_step(&mut self, key: &Key, node: &Node, draft: &mut Draft) -> Step {
        let allowed = [
            "act", "by", "from", "to", "ends", "when", "guards", "evidence", "needs", "after", "outcomes",
            "must", "effects", "cycle", "zh", "en", "law",
        ];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let named = self.named("steps", key, &fields, draft);
        let act = fields.choice("act", &ActKind::ALL, &mut self.findings).unwrap_or(ActKind::Plain);
        let law = cited(self.required_law(&fields, ("这个步骤", "this step")));
        let mut outcomes = vec![];
        for (key, node) in fields.names("outcomes", &mut self.findings) {
            let guards = self.verdicts_of(node);
            outcomes.extend(self.said_outcome(key).map(|outcome| (outcome, guards)));
        }
        let must = fields.texts("must", &mut self.findings);
        let must = must.into_iter().map(|(text, place)| Key { text: text.to_owned(), place });
        let must: Vec<Key> = must.collect();
        Step {
            named,
            when: self.when(&fields),
            by: self.list(&fields, "by"),
            from: self.list(&fields, "from"),
            to: fields.text("to", &mut self.findings).map(str::to_owned),
            ends: fields.text("ends", &mut self.findings).map(str::to_owned),
            act,
            guards: fields.get("guards").map(|n| self.verdicts_of(n)).unwrap_or_default(),
            evidence: self.list(&fields, "evidence"),
            needs: self.list(&fields, "needs"),
            after: self.list(&fields, "after"),
            outcomes,
            must: must.iter().filter_map(|key| self.said_outcome(key)).collect(),
            effects: self.effects(&fields),
            cycle: fields.flag("cycle", &mut self.findings).unwrap_or(false),
            law,
        }
    }

    fn said_outcome(&mut self, key: &Key) -> Option<Outcome> {
        let found = Outcome::ALL.into_iter().find(|o| o.name() == key.text);
        if found.is_none() {
            let known = Outcome::ALL.map(Outcome::name);
            self.findings.push(Finding::unknown(key.place, ("结论", "outcome"), &key.text, &known));
        }
        found
    }

    pub(super) fn list(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Name> {
        fields.texts(key, &mut self.findings).into_iter().map(|(text, _)| text.to_owned()).collect()
    }

    /// `{verdict: true}`.
    pub(in crate::load) fn verdicts_of(&mut self, node: &Node) -> Vec<(Name, bool)> {
        let fields = Fields::open(node, &mut self.findings);
        let entries = fields.entries().iter();
        entries
            .filter_map(|(key, _)| Some((key.text.clone(), fields.flag(&key.text, &mut self.findings)?)))
            .collect()
    }

    /// `{switch: option}` or `{switch: [option, option]}`.
    pub(super) fn when(&mut self, fields: &Fields<'_>) -> Vec<(Name, Vec<Name>)> {
        let Some(node) = fields.get("when") else { return vec![] };
        let fields = Fields::open(node, &mut self.findings);
        let entries = fields.entries().iter();
        entries.map(|(key, _)| (key.text.clone(), self.list(&fields, &key.text))).collect()
    }

    fn effects(&mut self, fields: &Fields<'_>) -> Vec<Effect> {
        let mut effects = vec![];
        for (text, place) in fields.texts("effects", &mut self.findings) {
            let effect = match text.split_once(' ') {
                Some(("letter", name)) => Effect::Letter(name.trim().to_owned()),
                Some(("task", name)) => Effect::Task(name.trim().to_owned()),
                None if text == "grant" => Effect::Grant,
                Some(("hearing", name)) => Effect::Hearing(Some(name.trim().to_owned())),
                None if text == "hearing" => Effect::Hearing(None),
                None if text == "publish" => Effect::Notice(Publication::Begins),
                None if text == "unpublish" => Effect::Notice(Publication::Ends),
                _ => {
                    let known = [
                        "letter <name>",
                        "task <name>",
                        "grant",
                        "hearing",
                        "hearing <letter>",
                        "publish",
                        "unpublish",
                    ];
                    self.findings.push(Finding::unknown(place, ("后果", "effect"), text, &known));
                    continue;
                }
            };
            effects.push(effect);
        }
        effects
    }
}
