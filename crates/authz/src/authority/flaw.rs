//! What is wrong with a table whose names are known: rows that contradict each other or can do nothing.

use super::{Capacity, DutyId, Forbid, MaskId, Narrowing, Need, Parts, Permit, Reach, Role, RoleId, Service};
use crate::mask::Form;
use crate::sensitivity::Sensitivity;

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The row.
    pub at: Part,
    /// What is wrong and what is allowed, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// A row of the table, by its place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The table as a whole.
    Whole,
    /// A purpose.
    Purpose(usize),
    /// A mask.
    Mask(usize),
    /// A class of duty.
    Duty(usize),
    /// A kind of matter.
    Matter(usize),
    /// An action.
    Action(usize),
    /// A role.
    Role(usize),
    /// A forbid.
    Forbid(usize),
    /// A permit.
    Permit(usize),
    /// A service, and one of its narrowings.
    Narrowing(usize, usize),
    /// A service's sets.
    Sets(usize),
    /// The rule of visits.
    Visits,
    /// The rule of broken glasses.
    BreakGlass,
}

/// Everything that is wrong, in the order of [`Part`].
pub(super) fn find(parts: &Parts) -> Vec<Flaw> {
    let mut flaws = Flaws(Vec::new());
    flaws.whole(parts);
    for (at, mask) in parts.masks.iter().enumerate() {
        for (n, (field, form)) in mask.shows.iter().enumerate() {
            if mask.counts {
                flaws.add(
                    Part::Mask(at),
                    "只出计数的视图不能显示任何字段。",
                    "A mask of counts shows no field.",
                );
            }
            if *form == Form::Masked && parts.fields[field.0].masking.is_none() {
                let name = &parts.fields[field.0].named;
                flaws.add(
                    Part::Mask(at),
                    format!("“{}”没有写明如何掩码，只能全部显示或不显示。", name.zh),
                    format!("\"{}\" has no masked form; it is whole or hidden.", name.name),
                );
            }
            if mask.shows[..n].iter().any(|(other, _)| other == field) {
                flaws.add(Part::Mask(at), "同一字段写了两次。", "A field is named twice.");
            }
        }
    }
    flaws.duties(parts);
    flaws.actions(parts);
    for (at, role) in parts.roles.iter().enumerate() {
        flaws.role(parts, at, role);
    }
    for (at, forbid) in parts.forbids.iter().enumerate() {
        flaws.forbid(parts, at, forbid);
    }
    for (at, permit) in parts.permits.iter().enumerate() {
        flaws.permit(parts, at, permit);
    }
    for (at, service) in parts.services.iter().enumerate() {
        flaws.service(parts, at, service);
    }
    flaws.visits_and_glass(parts);
    flaws.0.sort_by_key(|flaw| flaw.at);
    flaws.0
}

struct Flaws(Vec<Flaw>);

impl Flaws {
    fn add(&mut self, at: Part, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(Flaw { at, zh: zh.into(), en: en.into() });
    }

    fn whole(&mut self, parts: &Parts) {
        if parts.sensitivities.len() != Sensitivity::ALL.len() {
            self.add(
                Part::Whole,
                "须写明 P0 至 P4 五级的含义。",
                "The five sensitivities P0 to P4 need their words.",
            );
        }
        let limits = &parts.limits;
        if [limits.step_up_minutes, limits.rationed_a_day, limits.smallest_count].contains(&0) {
            self.add(Part::Whole, "各项限额须大于 0。", "The limits are above 0.");
        }
        for (at, purpose) in parts.purposes.iter().enumerate() {
            let id = super::PurposeId(at);
            if !parts.permits.iter().any(|permit| permit.purposes.contains(&id)) {
                let name = &purpose.named;
                self.add(
                    Part::Purpose(at),
                    format!("没有任何许可用到用途“{}”。", name.zh),
                    format!("No permit is for the purpose \"{}\".", name.name),
                );
            }
        }
    }

    fn duties(&mut self, parts: &Parts) {
        for (at, matter) in parts.matters.iter().enumerate() {
            if matter.sets.len() < 2 || matter.sets.iter().any(Vec::is_empty) {
                let (zh, en) = (
                    "职责须分成至少两组，且每组不空。",
                    "Duties are split into two sets at least, none empty.",
                );
                self.add(Part::Matter(at), zh, en);
            }
        }
        let all: Vec<DutyId> = parts.matters.iter().flat_map(|m| m.sets.iter().flatten()).copied().collect();
        for (at, duty) in parts.duties.iter().enumerate() {
            let (id, zh, en) = (DutyId(at), &duty.zh, &duty.name);
            if all.iter().filter(|other| **other == id).count() > 1 {
                let at = Part::Duty(at);
                self.add(at, format!("“{zh}”同时在两组里。"), format!("\"{en}\" is in two sets."));
            }
            if !parts.actions.iter().any(|action| action.duty == Some(id)) {
                let at = Part::Duty(at);
                self.add(
                    at,
                    format!("没有任何操作承担“{zh}”。"),
                    format!("No action takes the duty \"{en}\"."),
                );
            }
        }
    }

    fn actions(&mut self, parts: &Parts) {
        for (at, action) in parts.actions.iter().enumerate() {
            let id = super::ActionId(at);
            if !parts.permits.iter().any(|permit| permit.actions.contains(&id)) {
                let name = &action.named;
                self.add(
                    Part::Action(at),
                    format!("没有任何角色可以“{}”。", name.zh),
                    format!("Nobody is permitted \"{}\".", name.name),
                );
            }
        }
    }

    fn role(&mut self, parts: &Parts, at: usize, role: &Role) {
        let (part, posts) = (Part::Role(at), role.capacity != Capacity::Resident);
        if posts && (role.units.is_empty() || role.at.is_empty()) {
            let en =
                "The role has no limits: say at which kinds of units and where on the tree it has posts.";
            self.add(part, "角色没有边界：须写明设在哪些单位、哪些层级。", en);
        }
        let fits = |kind: &super::UnitKindId| {
            role.at.iter().any(|standing| parts.unit_kinds[kind.0].stands.contains(standing))
        };
        if posts && !role.units.is_empty() && !role.at.is_empty() && !role.units.iter().any(fits) {
            let en = "Nobody can hold the role: no such unit stands there on the tree.";
            self.add(part, "没有人能担任：所列单位都不在所列层级。", en);
        }
        let placeless = role.units.is_empty() && role.at.is_empty() && role.subjects.is_empty();
        if role.capacity == Capacity::Resident && !placeless {
            let en = "A role of residents has no units, no place on the tree and no subjects.";
            self.add(part, "居民角色没有单位、层级和业务。", en);
        }
        if role.capacity != Capacity::Staff && role.up_to == Sensitivity::P4 {
            let en = "Sealed things are for staff assigned by name only; at most P3.";
            self.add(part, "P4 只给指定的工作人员，最高写 P3。", en);
        }
        let id = RoleId(at);
        let forbidden = parts.forbids.iter().any(|forbid| forbid.roles.contains(&id));
        if role.delegable && (role.capacity != Capacity::Staff || forbidden) {
            let en = "Only a post of staff without a forbid is delegable: a delegation must not forbid more.";
            self.add(part, "只有未列入禁止的工作人员角色才能委托。", en);
        }
        if !parts.permits.iter().any(|permit| permit.role == id) {
            self.add(part, "没有任何许可给这个角色。", "Nothing is permitted to this role.");
        }
    }

    fn forbid(&mut self, parts: &Parts, at: usize, forbid: &Forbid) {
        let part = Part::Forbid(at);
        if forbid.roles.is_empty() || forbid.actions.is_empty() {
            self.add(part, "须写明角色和操作。", "Name the roles and the actions.");
        }
        if forbid.roles.iter().any(|role| parts.roles[role.0].capacity == Capacity::Resident) {
            let en = "Residents are not forbidden by role; what is not permitted them is denied.";
            self.add(part, "不对居民按角色禁止；未许可的本来就不允许。", en);
        }
    }

    fn permit(&mut self, parts: &Parts, at: usize, permit: &Permit) {
        let (part, role) = (Part::Permit(at), &parts.roles[permit.role.0]);
        if permit.actions.is_empty() || permit.reach.is_empty() || permit.purposes.is_empty() {
            self.add(
                part,
                "没有人能用：须写明操作、范围和用途。",
                "Nobody can use it: name actions, reach and purposes.",
            );
            return;
        }
        if permit.up_to > role.up_to {
            self.add(
                part,
                format!("超出角色“{}”的上限 {}。", role.named.zh, role.up_to.name()),
                format!("Beyond the limit of \"{}\": {}.", role.named.name, role.up_to.name()),
            );
        }
        let purposes = permit.purposes.iter().map(|id| parts.purposes[id.0].up_to).max();
        if let Some(most) = purposes.filter(|most| *most < permit.up_to) {
            self.add(
                part,
                format!("没有人能用到这一级：所列用途最高 {}。", most.name()),
                format!("Nobody can use it so far: its purposes reach {}.", most.name()),
            );
        }
        for reach in permit.reach.iter().filter(|reach| !reach_fits(**reach, role)) {
            self.add(
                part,
                format!("没有人能用：“{}”不会有范围 {reach:?}。", role.named.zh),
                format!("Nobody can use it: \"{}\" never has the reach {reach:?}.", role.named.name),
            );
        }
        if permit.needs.contains(&Need::Consent) && permit.reach != [Reach::Household] {
            let en = "Consent is a household member's: the reach is `household` alone.";
            self.add(part, "同意只用于家庭成员：范围只写 household。", en);
        }
        let counts = parts.masks[permit.mask.0].counts;
        if permit.up_to == Sensitivity::P4 && permit.reach.contains(&Reach::Anywhere) && !counts {
            let en = "Nobody can use it so far: sealed things have a subject; `anywhere` has none.";
            self.add(part, "没有人能用到 P4：密封内容都有业务，anywhere 没有。", en);
        }
        self.forbidden_anyway(parts, at, permit);
        self.said_already(parts, at, permit);
    }

    fn forbidden_anyway(&mut self, parts: &Parts, at: usize, permit: &Permit) {
        for action in &permit.actions {
            let fits = |f: &&Forbid| {
                f.roles.contains(&permit.role) && f.actions.contains(action) && f.from <= permit.up_to
            };
            if let Some(forbid) = parts.forbids.iter().find(fits) {
                let name = &parts.actions[action.0].named;
                self.add(
                    Part::Permit(at),
                    format!("没有人能用：该角色从 {} 起禁止“{}”。", forbid.from.name(), name.zh),
                    format!(
                        "Nobody can use it: the role is forbidden \"{}\" from {} on.",
                        name.name,
                        forbid.from.name()
                    ),
                );
            }
        }
    }

    /// A permit each part of which another row of the role gives as well.
    fn said_already(&mut self, parts: &Parts, at: usize, permit: &Permit) {
        let within = |other: &Permit| {
            other.role == permit.role
                && permit.actions.iter().all(|a| other.actions.contains(a))
                && permit.reach.iter().all(|r| other.reach.contains(r))
                && permit.purposes.iter().all(|p| other.purposes.contains(p))
                && other.needs.iter().all(|n| permit.needs.contains(n))
                && other.then.iter().all(|o| permit.then.contains(o))
                && permit.up_to <= other.up_to
                && parts.masks[permit.mask.0].is_within(&parts.masks[other.mask.0])
        };
        let earlier = |(n, other): &(usize, &Permit)| {
            // Two equal rows: only the later one is reported.
            *n != at && within(other) && (*n < at || other != &permit)
        };
        if parts.permits.iter().enumerate().any(|found| earlier(&found)) {
            self.add(
                Part::Permit(at),
                "另一条许可已经包含这一条。",
                "Another permit already gives all of this.",
            );
        }
    }

    fn service(&mut self, parts: &Parts, at: usize, service: &Service) {
        let split: Vec<DutyId> = service.sets.iter().flatten().copied().collect();
        let set_of = |duty: &DutyId| {
            let sets = parts.matters.iter().flat_map(|matter| &matter.sets);
            sets.into_iter().position(|set| set.contains(duty))
        };
        for set in &service.sets {
            if set.iter().any(|duty| set_of(duty).is_none() || set_of(duty) != set_of(&set[0])) {
                let en = "A service may split a set of duties, not join what the table keeps apart.";
                self.add(Part::Sets(at), "服务只能把一组职责拆细，不能合并。", en);
            }
        }
        let torn = parts.matters.iter().flat_map(|matter| &matter.sets).any(|set| {
            let named = set.iter().filter(|duty| split.contains(duty)).count();
            named != 0 && named != set.len()
        });
        let twice = split.iter().any(|duty| split.iter().filter(|other| *other == duty).count() > 1);
        if torn || twice {
            let en = "A set that is split is named whole, each of its duties once.";
            self.add(Part::Sets(at), "拆细一组职责时，组内各项都要写，且只写一次。", en);
        }
        for (n, row) in service.narrowings.iter().enumerate() {
            self.narrowing(parts, Part::Narrowing(at, n), row, &service.narrowings[..n]);
        }
    }

    fn narrowing(&mut self, parts: &Parts, at: Part, row: &Narrowing, earlier: &[Narrowing]) {
        let touches = |permit: &&Permit| {
            row.roles.contains(&permit.role) && permit.actions.iter().any(|a| row.actions.contains(a))
        };
        let touched: Vec<&Permit> = parts.permits.iter().filter(touches).collect();
        if touched.is_empty() {
            self.add(
                at,
                "没有收窄任何许可：所列角色本来就不能做这些。",
                "It narrows nothing: these roles may not do that anyway.",
            );
            return;
        }
        let up_to = row.up_to.is_some_and(|up_to| touched.iter().any(|permit| up_to < permit.up_to));
        let mask = |id: MaskId| &parts.masks[id.0];
        let (mut masks, mut wider) = (false, false);
        if let Some(new) = row.mask.map(mask) {
            masks = touched.iter().any(|p| new.is_within(mask(p.mask)) && !mask(p.mask).is_within(new));
            wider = touched.iter().any(|p| !new.is_within(mask(p.mask)) && !mask(p.mask).is_within(new));
        }
        let raised = row.up_to.is_some() && !up_to;
        if raised || wider || (row.mask.is_some() && !masks) {
            self.add(
                at,
                "服务只能收窄：级别须低于原许可，视图须比原许可显示得少。",
                "A service only narrows: a lower sensitivity, a mask that shows less than the permit's.",
            );
        }
        let limits = row.up_to.is_some() || row.mask.is_some();
        if !row.forbid && !limits && row.needs.is_empty() && row.then.is_empty() {
            self.add(at, "这一条没有收窄任何内容。", "This row takes nothing away.");
        }
        let crossing = earlier.iter().any(|other| {
            let same = other.roles.iter().any(|r| row.roles.contains(r))
                && other.actions.iter().any(|a| row.actions.contains(a));
            let masks = other.mask.map(mask).zip(row.mask.map(mask));
            same && masks.is_some_and(|(a, b)| !a.is_within(b) && !b.is_within(a))
        });
        if crossing {
            let en = "Two rows give masks of which neither shows less than the other.";
            self.add(at, "两条给出的视图互有多少，无法取较窄者。", en);
        }
    }

    fn visits_and_glass(&mut self, parts: &Parts) {
        if parts.visits.lead.is_empty() || parts.visits.second.is_empty() {
            let en = "Say who may lead a visit, and who may come second.";
            self.add(Part::Visits, "须写明谁可以主持入户调查、谁可以同行。", en);
        }
        let Some(rule) = &parts.break_glass else { return };
        if rule.roles.iter().any(|role| parts.roles[role.0].capacity != Capacity::Staff) {
            self.add(Part::BreakGlass, "应急查阅只给工作人员。", "Only staff break the glass.");
        }
        for action in rule.actions.iter().map(|id| &parts.actions[id.0]) {
            if action.duty.is_some() {
                self.add(
                    Part::BreakGlass,
                    format!("应急查阅不能承担职责：请去掉“{}”。", action.named.zh),
                    format!("No duty is done by breaking the glass: remove \"{}\".", action.named.name),
                );
            }
        }
        if [rule.minutes, rule.a_day, rule.review_working_days].contains(&0) {
            self.add(
                Part::BreakGlass,
                "应急查阅的限额须大于 0。",
                "The limits of a broken glass are above 0.",
            );
        }
    }
}

/// Whether what a role's holders sign in as can ever have the reach.
fn reach_fits(reach: Reach, role: &Role) -> bool {
    match (role.capacity, reach) {
        (_, Reach::Anywhere) => true,
        (Capacity::Resident, Reach::Own | Reach::Ward | Reach::Helped | Reach::Household) => true,
        (Capacity::Staff, Reach::Reported | Reach::Assigned | Reach::Area | Reach::Cooperation) => {
            !role.subjects.is_empty()
        }
        (Capacity::Interface, Reach::Contract) => true,
        _ => false,
    }
}
