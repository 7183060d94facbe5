//! The table itself: its parts in the order in which they name each other.
use super::{ACTION, GROUP, ROLE, Reader};
use crate::yaml::{Fields, Node};
use anmin_authz::authority::{
    Action, ActionId, BreakGlassRule, Capacity, Condition, DutyId, FieldId, Forbid, Limits, MaskId, Matter,
    Named, Need, Part, Permit, Purpose, PurposeId, Reach, Role, RoleId, Standing, SubjectId, UnitKind,
    UnitKindId, VisitRule,
};
use anmin_authz::decide::Obligation;
use anmin_authz::mask::{Field, Form, Mask, Masking};
use anmin_authz::sensitivity::Sensitivity;
use anmin_casework::kinds::{ActKind, COMMANDS};

const KEYS: [&str; 16] = [
    "sensitivity",
    "purposes",
    "subjects",
    "unit_kinds",
    "sources",
    "fields",
    "masks",
    "duties",
    "matters",
    "actions",
    "roles",
    "forbids",
    "permits",
    "visits",
    "break_glass",
    "limits",
];
const STANDINGS: [(&str, Standing); 4] = [
    ("supervising", Standing::Supervising),
    ("deciding", Standing::Deciding),
    ("accepting", Standing::Accepting),
    ("village", Standing::Village),
];
const CAPACITIES: [(&str, Capacity); 3] =
    [("resident", Capacity::Resident), ("staff", Capacity::Staff), ("interface", Capacity::Interface)];
const MASKINGS: [(&str, Masking); 6] = [
    ("name", Masking::Name),
    ("resident_id", Masking::ResidentId),
    ("phone", Masking::Phone),
    ("bank_account", Masking::BankAccount),
    ("document", Masking::Document),
    ("address", Masking::Address),
];
const CONDITIONS: [(&str, Condition); 9] = [
    ("not_on_self", Condition::NotOnSelf),
    ("step_up", Condition::StepUp),
    ("rationed", Condition::Rationed),
    ("other_unit", Condition::OtherUnit),
    ("no_hand_in_cases", Condition::NoHandInCases),
    ("capped", Condition::Capped),
    ("people", Condition::People),
    ("party", Condition::Party),
    ("for_household", Condition::ForHousehold),
];
const REACHES: [(&str, Reach); 10] = [
    ("own", Reach::Own),
    ("ward", Reach::Ward),
    ("helped", Reach::Helped),
    ("household", Reach::Household),
    ("reported", Reach::Reported),
    ("assigned", Reach::Assigned),
    ("area", Reach::Area),
    ("cooperation", Reach::Cooperation),
    ("contract", Reach::Contract),
    ("anywhere", Reach::Anywhere),
];
const NEEDS: [(&str, Need); 4] = [
    ("ticket", Need::Ticket),
    ("consent", Need::Consent),
    ("authorisation", Need::Authorisation),
    ("assignment", Need::Assignment),
];
const OBLIGATIONS: [(&str, Obligation); 4] = [
    ("resident_confirms", Obligation::ResidentConfirms),
    ("two_visitors", Obligation::TwoVisitors),
    ("give_reason", Obligation::GiveReason),
    ("notify_supervisor", Obligation::NotifySupervisor),
];

impl Reader {
    pub(super) fn table(&mut self, node: &Node) {
        let fields = Fields::of(node, &KEYS, &mut self.build.findings);
        self.table = Some(fields.place());
        self.words_of_levels(&fields);
        for (key, row, named) in self.named(&fields, "purposes", &["up_to"]) {
            self.places.insert(Part::Purpose(self.parts.purposes.len()), key.place);
            let up_to = self.required_sensitivity(&row, "up_to");
            self.parts.purposes.push(Purpose { named, up_to });
        }
        self.parts.subjects = self.plain(&fields, "subjects");
        self.parts.sources = self.plain(&fields, "sources");
        for (_, row, named) in self.named(&fields, "unit_kinds", &["stands"]) {
            row.required("stands", &mut self.build.findings);
            let stands = self.words(&row, "stands", ("层级", "place on the tree"), &STANDINGS);
            self.parts.unit_kinds.push(UnitKind { named, stands });
        }
        for (_, row, named) in self.named(&fields, "fields", &["sensitivity", "masking"]) {
            let sensitivity = self.required_sensitivity(&row, "sensitivity");
            let masking = row.choice("masking", &MASKINGS, &mut self.build.findings);
            self.parts.fields.push(Field { named, sensitivity, masking });
        }
        self.masks(&fields);
        for (key, _, named) in self.named(&fields, "duties", &[]) {
            self.places.insert(Part::Duty(self.parts.duties.len()), key.place);
            self.parts.duties.push(named);
        }
        for (key, row, named) in self.named(&fields, "matters", &["sets", "why", "section"]) {
            self.places.insert(Part::Matter(self.parts.matters.len()), key.place);
            row.required("sets", &mut self.build.findings);
            let sets = self.sets(&row);
            let why = self.why(&row);
            self.parts.matters.push(Matter { named, sets, why });
        }
        self.actions(&fields);
        self.role_rows(&fields);
        self.forbids(&fields);
        self.permits(&fields);
        self.rest(&fields);
    }

    fn plain(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Named> {
        self.named(fields, key, &[]).into_iter().map(|(_, _, named)| named).collect()
    }

    /// Exactly the five levels, each with its words.
    fn words_of_levels(&mut self, fields: &Fields<'_>) {
        let names = Sensitivity::ALL.map(Sensitivity::name);
        let Some(node) = fields.required("sensitivity", &mut self.build.findings) else { return };
        let levels = Fields::of(node, &names, &mut self.build.findings);
        for name in names {
            levels.required(name, &mut self.build.findings);
            let label = levels.label_at(name, &mut self.build.findings).unwrap_or_default();
            self.parts.sensitivities.push(Named { name: name.to_owned(), zh: label.zh, en: label.en });
        }
    }

    fn masks(&mut self, fields: &Fields<'_>) {
        let known: Vec<String> = self.parts.fields.iter().map(|field| field.named.name.clone()).collect();
        for (key, row, named) in self.named(fields, "masks", &["whole", "masked", "total", "counts"]) {
            self.places.insert(Part::Mask(self.parts.masks.len()), key.place);
            let counts = row.flag("counts", &mut self.build.findings).unwrap_or(false);
            let mut shows = vec![];
            for (key, form) in [("whole", Form::Whole), ("masked", Form::Masked), ("total", Form::Total)] {
                let list = self.many(&row, key, ("字段", "field"), &known, key == "whole");
                shows.extend(list.into_iter().map(|id| (FieldId(id), form)));
            }
            self.parts.masks.push(Mask { named, shows, counts });
        }
    }

    /// `sets:` a list of lists of duties.
    pub(super) fn sets(&mut self, fields: &Fields<'_>) -> Vec<Vec<DutyId>> {
        let known: Vec<String> = self.parts.duties.iter().map(|duty| duty.name.clone()).collect();
        let mut sets = vec![];
        for node in fields.list("sets", &mut self.build.findings).unwrap_or_default() {
            let mut set = vec![];
            match node.as_list() {
                Ok(names) => {
                    for node in names {
                        let text = node.as_text().map_err(|finding| self.build.findings.push(finding));
                        let id =
                            text.ok().and_then(|t| self.resolve(t, node.place, ("职责", "duty"), &known));
                        set.extend(id.map(DutyId));
                    }
                }
                Err(finding) => self.build.findings.push(finding),
            }
            sets.push(set);
        }
        sets
    }

    fn actions(&mut self, fields: &Fields<'_>) {
        fields.required("actions", &mut self.build.findings);
        let duties: Vec<String> = self.parts.duties.iter().map(|duty| duty.name.clone()).collect();
        let steps = ActKind::ALL.iter().map(|(name, _)| *name);
        let acts: Vec<String> = steps.chain(COMMANDS).map(str::to_owned).collect();
        let Some(groups) = fields.get("actions") else { return };
        let groups = Fields::open(groups, &mut self.build.findings);
        for (group, _) in groups.entries() {
            for (key, row, named) in self.named(&groups, &group.text, &["duty", "conditions", "acts"]) {
                if self.parts.actions.iter().any(|action| action.named.name == named.name) {
                    self.build.error(
                        key.place,
                        format!("{} 已在另一分组中", named.name),
                        format!("{} is in another group already", named.name),
                    );
                }
                self.places.insert(Part::Action(self.parts.actions.len()), key.place);
                let duty = self.one(&row, "duty", ("职责", "duty"), &duties).map(DutyId);
                let conditions = self.words(&row, "conditions", ("条件", "condition"), &CONDITIONS);
                let covered = self.many(&row, "acts", ("动作", "act"), &acts, false);
                let acts = covered.into_iter().map(|at| acts[at].clone()).collect();
                self.parts.actions.push(Action { named, group: group.text.clone(), duty, conditions, acts });
            }
        }
    }

    /// `actions`, and those of `groups` without those in `except`.
    pub(super) fn actions_meant(&mut self, fields: &Fields<'_>) -> Vec<ActionId> {
        let names: Vec<String> = self.parts.actions.iter().map(|action| action.named.name.clone()).collect();
        let mut groups: Vec<String> = self.parts.actions.iter().map(|action| action.group.clone()).collect();
        groups.dedup();
        let of = self.many(fields, "groups", GROUP, &groups, true);
        let except = self.many(fields, "except", ACTION, &names, false);
        let named = self.many(fields, "actions", ACTION, &names, false);
        if let (Some(node), true) = (fields.get("except"), of.is_empty()) {
            self.error(
                node.place,
                "except 只与 groups 一起写",
                "`except` takes from `groups`, which is not given",
            );
        }
        let in_group = |id: &usize| {
            of.iter().any(|group| groups[*group] == self.parts.actions[*id].group) && !except.contains(id)
        };
        (0..names.len()).filter(|id| in_group(id) || named.contains(id)).map(ActionId).collect()
    }

    fn role_rows(&mut self, fields: &Fields<'_>) {
        const ROLE_KEYS: [&str; 8] =
            ["as", "units", "at", "up_to", "subjects", "delegable", "why", "section"];
        let kinds: Vec<String> = self.parts.unit_kinds.iter().map(|kind| kind.named.name.clone()).collect();
        let subjects: Vec<String> = self.parts.subjects.iter().map(|subject| subject.name.clone()).collect();
        for (key, row, named) in self.named(fields, "roles", &ROLE_KEYS) {
            self.places.insert(Part::Role(self.parts.roles.len()), key.place);
            row.required("as", &mut self.build.findings);
            let capacity = row.choice("as", &CAPACITIES, &mut self.build.findings);
            let units = self.many(&row, "units", ("单位类型", "kind of unit"), &kinds, false);
            let at = self.words(&row, "at", ("层级", "place on the tree"), &STANDINGS);
            let up_to = self.required_sensitivity(&row, "up_to");
            let subjects = self.many(&row, "subjects", ("业务", "subject"), &subjects, true);
            let delegable = row.flag("delegable", &mut self.build.findings).unwrap_or(false);
            let why = self.why(&row);
            self.parts.roles.push(Role {
                named,
                // Where it is missing, that has been reported.
                capacity: capacity.unwrap_or(Capacity::Staff),
                units: units.into_iter().map(UnitKindId).collect(),
                at,
                up_to,
                subjects: subjects.into_iter().map(SubjectId).collect(),
                delegable,
                why,
            });
        }
    }

    fn forbids(&mut self, fields: &Fields<'_>) {
        const FORBID_KEYS: [&str; 7] = ["roles", "groups", "actions", "except", "from", "why", "section"];
        let rows = fields.required_list("forbids", &mut self.build.findings).unwrap_or_default();
        for node in rows {
            let row = Fields::of(node, &FORBID_KEYS, &mut self.build.findings);
            self.places.insert(Part::Forbid(self.parts.forbids.len()), node.place);
            let roles = self.role_ids(&row, false);
            let actions = self.actions_meant(&row);
            let from = self.sensitivity(&row, "from").unwrap_or(Sensitivity::P0);
            let why = self.why(&row);
            self.parts.forbids.push(Forbid { roles, actions, from, why });
        }
    }

    fn permits(&mut self, fields: &Fields<'_>) {
        const PERMIT_KEYS: [&str; 10] =
            ["roles", "actions", "reach", "up_to", "purposes", "mask", "needs", "then", "why", "section"];
        let names: Vec<String> = self.parts.actions.iter().map(|action| action.named.name.clone()).collect();
        let rows = fields.required_list("permits", &mut self.build.findings).unwrap_or_default();
        for node in rows {
            let row = Fields::of(node, &PERMIT_KEYS, &mut self.build.findings);
            for key in ["actions", "reach", "purposes", "mask"] {
                row.required(key, &mut self.build.findings);
            }
            let roles = self.role_ids(&row, false);
            let actions = self.many(&row, "actions", ACTION, &names, false);
            let reach = self.words(&row, "reach", ("范围", "reach"), &REACHES);
            let up_to = self.required_sensitivity(&row, "up_to");
            let purposes = self.purposes(&row);
            let mask = self.mask(&row);
            let (needs, then) = (self.needs(&row), self.obligations(&row));
            let why = self.why(&row);
            let Some(mask) = mask else { continue };
            for role in roles {
                self.places.insert(Part::Permit(self.parts.permits.len()), node.place);
                self.parts.permits.push(Permit {
                    role,
                    actions: actions.iter().copied().map(ActionId).collect(),
                    reach: reach.clone(),
                    up_to,
                    purposes: purposes.clone(),
                    mask,
                    needs: needs.clone(),
                    then: then.clone(),
                    why: why.clone(),
                });
            }
        }
    }

    fn purposes(&mut self, fields: &Fields<'_>) -> Vec<PurposeId> {
        let known: Vec<String> =
            self.parts.purposes.iter().map(|purpose| purpose.named.name.clone()).collect();
        self.many(fields, "purposes", ("用途", "purpose"), &known, false).into_iter().map(PurposeId).collect()
    }

    pub(super) fn mask(&mut self, fields: &Fields<'_>) -> Option<MaskId> {
        let known: Vec<String> = self.parts.masks.iter().map(|mask| mask.named.name.clone()).collect();
        self.one(fields, "mask", ("视图", "mask"), &known).map(MaskId)
    }

    pub(super) fn needs(&mut self, fields: &Fields<'_>) -> Vec<Need> {
        self.words(fields, "needs", ("前提", "need"), &NEEDS)
    }

    pub(super) fn obligations(&mut self, fields: &Fields<'_>) -> Vec<Obligation> {
        self.words(fields, "then", ("后续义务", "obligation"), &OBLIGATIONS)
    }

    /// Visits, broken glasses and figures.
    fn rest(&mut self, fields: &Fields<'_>) {
        let roles = self.roles();
        let role_list = |reader: &mut Reader, row: &Fields<'_>, key: &str| -> Vec<RoleId> {
            row.required(key, &mut reader.build.findings);
            reader.many(row, key, ROLE, &roles, false).into_iter().map(RoleId).collect()
        };
        fields.required("visits", &mut self.build.findings);
        let keys = ["lead", "second", "why", "section"];
        if let Some(row) = fields.map("visits", &keys, &mut self.build.findings) {
            self.places.insert(Part::Visits, row.place());
            let (lead, second) = (role_list(self, &row, "lead"), role_list(self, &row, "second"));
            self.parts.visits = VisitRule { lead, second, why: self.why(&row) };
        }
        self.break_glass(fields);
        fields.required("limits", &mut self.build.findings);
        let keys = ["step_up_minutes", "rationed_a_day", "step_up_after", "smallest_count"];
        if let Some(row) = fields.map("limits", &keys, &mut self.build.findings) {
            let [step_up_minutes, rationed_a_day, step_up_after, smallest_count] =
                keys.map(|key| self.figure(&row, key));
            self.parts.limits = Limits { step_up_minutes, rationed_a_day, step_up_after, smallest_count };
        }
    }

    fn break_glass(&mut self, fields: &Fields<'_>) {
        const GLASS_KEYS: [&str; 13] = [
            "roles",
            "actions",
            "purposes",
            "up_to",
            "mask",
            "minutes",
            "a_day",
            "reason_characters",
            "resident_hours",
            "delay_days",
            "review_working_days",
            "why",
            "section",
        ];
        let Some(row) = fields.map("break_glass", &GLASS_KEYS, &mut self.build.findings) else { return };
        self.places.insert(Part::BreakGlass, row.place());
        for key in ["actions", "purposes", "mask"] {
            row.required(key, &mut self.build.findings);
        }
        let roles = self.role_ids(&row, false);
        let actions = self.actions_meant(&row);
        let purposes = self.purposes(&row);
        let (up_to, mask) = (self.required_sensitivity(&row, "up_to"), self.mask(&row));
        let figures =
            ["minutes", "a_day", "reason_characters", "resident_hours", "delay_days", "review_working_days"];
        let [minutes, a_day, reason_characters, resident_hours, delay_days, review_working_days] =
            figures.map(|key| self.figure(&row, key));
        let why = self.why(&row);
        self.parts.break_glass = mask.map(|mask| BreakGlassRule {
            roles,
            actions,
            purposes,
            up_to,
            mask,
            minutes,
            a_day,
            reason_characters,
            resident_hours,
            delay_days,
            review_working_days,
            why,
        });
    }
}
