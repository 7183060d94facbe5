//! Every combination of role, action, relation, sensitivity, subject, assignment and purpose, decided on the table in
//! force. What is allowed is written to `matrix.txt`, so that a change of the table shows as a difference to be read;
//! `ANMIN_UPDATE=1 cargo test -p anmin-authz` writes it anew.
use super::table::AUTHORITY;
use super::world::{
    ACTOR, COLLEAGUE, CONTRACT, COUNTY, OTHER_CITY, OTHER_TOWN, RESIDENT, TOWN, VILLAGE, actor, ctx, unit_of,
};
use anmin_authz::actor::{Actor, Ticket};
use anmin_authz::authority::{
    ActionId, Authority, Capacity, Condition, PurposeId, RoleId, SourceId, SubjectId,
};
use anmin_authz::decide::{Allowed, Decision, decide};
use anmin_authz::id::{Days, MatterId, PaperId, PersonId, UnitId};
use anmin_authz::resource::{
    Assignment, Authorisation, Consent, Cooperation, Cycle, Representation, RepresentationKind,
    ResourceFacts, ServiceOf,
};
use anmin_authz::sensitivity::Sensitivity;
use std::fmt::Write;
use std::path::Path;

/// How what is acted on stands to who acts; described in `oracle.rs`.
pub const RELATIONS: [&str; 19] = [
    "own",
    "ward",
    "ward_kept_apart",
    "helped",
    "household",
    "household_consents",
    "household_kept_apart",
    "own_area",
    "area_below",
    "area_above",
    "sibling_area",
    "other_city",
    "kin",
    "kin_elsewhere",
    "reported",
    "cooperation",
    "ticket",
    "contract",
    "unsigned",
];

/// One combination.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub role: RoleId,
    pub action: ActionId,
    pub relation: &'static str,
    pub sensitivity: Sensitivity,
    pub subject_match: bool,
    pub assigned: bool,
    pub purpose_ok: bool,
}

/// Calls `each` with every combination and the terms, where it is allowed.
pub fn every_cell(mut each: impl FnMut(Cell, Option<&Allowed>)) {
    let parts = AUTHORITY.parts();
    let actions: Vec<ActionId> = (0..parts.actions.len()).map(ActionId).collect();
    for role in (0..parts.roles.len()).map(RoleId) {
        cells_of(&AUTHORITY, role, &actions, &mut each);
    }
}

/// The same for one role and some actions, under the table in force or a changed copy of it.
pub fn cells_of(
    authority: &Authority,
    role: RoleId,
    actions: &[ActionId],
    mut each: impl FnMut(Cell, Option<&Allowed>),
) {
    for subject_match in [true, false] {
        let (mine, asked) = subjects(role, subject_match);
        let actor = actor(role, TOWN, &mine);
        for relation in RELATIONS {
            let (actor, world) = stand(&actor, relation);
            for action in actions.iter().copied() {
                for purpose_ok in [true, false] {
                    let purposes = purposes(authority, role, action, purpose_ok);
                    for assigned in [true, false] {
                        for sensitivity in Sensitivity::ALL {
                            let mut facts = facts(&world, asked, assigned, sensitivity);
                            // People as the register has them are in no case; in a case they are not reached so.
                            let conditions = &authority.parts().actions[action.0].conditions;
                            if subject_match && conditions.contains(&Condition::People) {
                                (facts.subject, facts.matter) = (None, None);
                            }
                            let cell = Cell {
                                role,
                                action,
                                relation,
                                sensitivity,
                                subject_match,
                                assigned,
                                purpose_ok,
                            };
                            each(cell, best(authority, &actor, action, &facts, &purposes).as_ref());
                        }
                    }
                }
            }
        }
    }
}

/// The terms for the first of the purposes for which it is allowed.
fn best(
    authority: &Authority,
    actor: &Actor,
    action: ActionId,
    facts: &ResourceFacts<'_>,
    purposes: &[PurposeId],
) -> Option<Allowed> {
    let ctx = ctx(authority);
    purposes.iter().find_map(|purpose| match decide(actor, action, facts, *purpose, &ctx) {
        Decision::Allow(allowed) => Some(*allowed),
        Decision::Deny(_) => None,
    })
}

/// The subjects of the post, and the one of the thing.
fn subjects(role: RoleId, matching: bool) -> (Vec<SubjectId>, SubjectId) {
    let all = (0..AUTHORITY.parts().subjects.len()).map(SubjectId);
    let mut mine = AUTHORITY.parts().roles[role.0].subjects.clone();
    let strange = all.clone().find(|subject| !mine.contains(subject));
    match (matching, mine.first().copied(), strange) {
        (true, Some(first), _) => (mine, first),
        (true, None, _) => (mine, SubjectId(0)),
        (false, _, Some(strange)) => (mine, strange),
        // A role for all subjects: a post without the last one.
        (false, _, None) => {
            let last = mine.pop().expect("a subject");
            (mine, last)
        }
    }
}

/// The purposes the table names for the role and action; or the first that it does not.
fn purposes(authority: &Authority, role: RoleId, action: ActionId, ok: bool) -> Vec<PurposeId> {
    let named = |purpose: &PurposeId| {
        authority.permits(role, action).any(|(_, permit)| permit.purposes.contains(purpose))
    };
    let all = (0..authority.parts().purposes.len()).map(PurposeId);
    match ok {
        true => all.filter(named).collect(),
        false => all.filter(|purpose| !named(purpose)).take(1).collect(),
    }
}

/// What a relation makes of the facts, owned.
struct World {
    area: anmin_authz::id::AreaId,
    about: PersonId,
    applicant: PersonId,
    parties: Vec<PersonId>,
    kin: Vec<PersonId>,
    kept_apart: Vec<(PersonId, PersonId)>,
    representations: Vec<Representation>,
    consents: Vec<Consent>,
    cooperation: Vec<Cooperation>,
    authorisations: Vec<Authorisation<'static>>,
    reporter: Option<PersonId>,
    contract: bool,
}

fn stand(actor: &Actor, relation: &str) -> (Actor, World) {
    let mut actor = actor.clone();
    let days = Days::between(super::world::ON, super::world::ON);
    let represents = |kind| vec![Representation { by: ACTOR, of: RESIDENT, kind, days }];
    let mut world = World {
        area: OTHER_CITY,
        about: RESIDENT,
        applicant: RESIDENT,
        parties: vec![RESIDENT],
        kin: vec![],
        kept_apart: vec![],
        representations: vec![],
        consents: vec![],
        cooperation: vec![],
        authorisations: vec![Authorisation {
            id: PaperId(1),
            signer: RESIDENT,
            covers: &[RESIDENT],
            sources: &[SourceId(0)],
            days,
            revoked: None,
        }],
        reporter: None,
        contract: false,
    };
    match relation {
        "own" => {
            (world.area, world.about, world.applicant) = (TOWN, ACTOR, ACTOR);
            world.parties = vec![ACTOR];
        }
        "ward" => world.representations = represents(RepresentationKind::Guardian),
        "ward_kept_apart" => {
            world.representations = represents(RepresentationKind::Guardian);
            world.kept_apart = vec![(ACTOR, RESIDENT)];
        }
        "helped" => world.representations = represents(RepresentationKind::Helper),
        "household" | "household_consents" | "household_kept_apart" => {
            world.applicant = ACTOR;
            world.parties = vec![ACTOR, RESIDENT];
            if relation != "household" {
                world.consents = vec![Consent { by: RESIDENT, to: ACTOR, days }];
            }
            if relation == "household_kept_apart" {
                world.kept_apart = vec![(RESIDENT, ACTOR)];
            }
        }
        "own_area" => world.area = TOWN,
        "area_below" => world.area = VILLAGE,
        "area_above" => world.area = COUNTY,
        "sibling_area" => world.area = OTHER_TOWN,
        "other_city" => {}
        "kin" => (world.area, world.kin) = (TOWN, vec![ACTOR]),
        "kin_elsewhere" => (world.area, world.kin) = (OTHER_TOWN, vec![ACTOR]),
        "reported" => (world.area, world.reporter) = (TOWN, Some(ACTOR)),
        "cooperation" => {
            (world.area, world.cooperation) = (OTHER_TOWN, vec![Cooperation { unit: unit_of(TOWN), days }]);
        }
        "ticket" => {
            world.area = TOWN;
            let subjects = (0..AUTHORITY.parts().subjects.len()).map(SubjectId).collect();
            let (person, issued_by) = (ACTOR, COLLEAGUE);
            actor.tickets =
                vec![Ticket { id: PaperId(2), person, issued_by, area: TOWN, subjects, matter: None, days }];
        }
        "contract" => world.contract = true,
        "unsigned" => {
            world.area = TOWN;
            world.authorisations.clear();
        }
        other => panic!("no relation {other}"),
    }
    (actor, world)
}

fn facts(world: &World, subject: SubjectId, assigned: bool, sensitivity: Sensitivity) -> ResourceFacts<'_> {
    const NAMED: &[Assignment] = &[Assignment { person: ACTOR, days: Days::since(super::world::ON) }];
    ResourceFacts {
        area: Some(world.area),
        subject: Some(subject),
        service: ServiceOf::Core,
        sensitivity,
        matter: Some(Cycle { matter: MatterId(1), number: 1 }),
        about: Some(world.about),
        applicant: Some(world.applicant),
        parties: Some(&world.parties),
        kin: Some(&world.kin),
        kept_apart: Some(&world.kept_apart),
        assigned: if assigned { NAMED } else { &[] },
        reporter: world.reporter,
        cooperation: &world.cooperation,
        representations: &world.representations,
        consents: &world.consents,
        authorisations: &world.authorisations,
        source: Some(SourceId(0)),
        taken: Some(&[]),
        hands_in_cases: Some(&[]),
        unit: Some(UnitId(1)),
        contract: world.contract.then_some(CONTRACT),
        amount: None,
    }
}

/// What of a line of the summary is allowed: the highest sensitivity and the mask, not assigned and assigned.
#[derive(Default, PartialEq)]
struct Line([Option<(Sensitivity, usize)>; 2]);

/// The lines of each role and action, by relation.
type Lines = Vec<((RoleId, ActionId), Vec<(&'static str, Line)>)>;

/// The whole matrix, once: the invariants no table may break, and the summary.
#[test]
fn every_combination_is_decided_as_written_down() {
    let parts = AUTHORITY.parts();
    let (mut cells, mut allowed_cells) = (0u32, 0u32);
    let mut lines: Lines = vec![];
    let mut last: Option<(Cell, bool)> = None;
    every_cell(|cell, terms| {
        cells += 1;
        allowed_cells += u32::from(terms.is_some());
        let before = last.replace((cell, terms.is_some()));
        let Some(terms) = terms else { return };
        let role = &parts.roles[cell.role.0];
        assert!(cell.purpose_ok, "without a purpose: {cell:?}");
        assert!(cell.sensitivity <= terms.up_to && terms.up_to <= role.up_to, "beyond the role: {cell:?}");
        // Sensitivities are tried from the least: what is allowed is allowed below.
        if cell.sensitivity != Sensitivity::P0 {
            assert!(before.is_some_and(|(_, allowed)| allowed), "allowed above and not below: {cell:?}");
        }
        let counts = parts.masks[terms.mask.0].counts;
        if cell.sensitivity == Sensitivity::P4 {
            assert!(counts || cell.assigned && cell.subject_match, "sealed: {cell:?}");
        }
        if role.capacity == Capacity::Staff && !role.subjects.is_empty() {
            let free = cell.sensitivity <= Sensitivity::P1 && terms.up_to <= Sensitivity::P1;
            let near =
                !["area_above", "sibling_area", "other_city", "kin_elsewhere"].contains(&cell.relation);
            assert!(free || cell.subject_match && near, "another's: {cell:?}");
            assert!(free || !["kin", "own"].contains(&cell.relation), "barred: {cell:?}");
        }
        let apart = cell.relation.ends_with("kept_apart");
        assert!(!apart || terms.up_to <= Sensitivity::P1, "kept apart: {cell:?}");
        if cell.subject_match {
            add(&mut lines, cell, terms);
        }
    });
    let expected = parts.roles.len() * parts.actions.len() * RELATIONS.len() * 5 * 8;
    assert_eq!(cells as usize, expected);
    compare(&summary(cells, allowed_cells, &lines));
}

fn add(lines: &mut Lines, cell: Cell, terms: &Allowed) {
    let key = (cell.role, cell.action);
    if !lines.iter().any(|(at, _)| *at == key) {
        lines.push((key, vec![]));
    }
    let row = lines.iter_mut().find(|(at, _)| *at == key).map(|(_, row)| row).expect("just added");
    if !row.iter().any(|(relation, _)| *relation == cell.relation) {
        row.push((cell.relation, Line::default()));
    }
    let line = row.iter_mut().find(|(r, _)| *r == cell.relation).map(|(_, line)| line).expect("just added");
    line.0[usize::from(cell.assigned)] = Some((cell.sensitivity, terms.mask.0));
}

fn summary(cells: u32, allowed: u32, lines: &Lines) -> String {
    let parts = AUTHORITY.parts();
    let shown = |value: &Option<(Sensitivity, usize)>| match value {
        Some((level, mask)) => format!("{} {}", level.name(), parts.masks[*mask].named.name),
        None => "no".into(),
    };
    let mut text = format!(
        "{cells} combinations, {allowed} allowed. Written by tests/it/matrix.rs.\n\
        role action: the highest sensitivity and its mask, by relation; after / where assigned by name, if different.\n"
    );
    for ((role, action), row) in lines {
        let names = (&parts.roles[role.0].named.name, &parts.actions[action.0].named.name);
        let _ = write!(text, "\n{} {}:", names.0, names.1);
        let mut told: Vec<(String, Vec<&str>)> = vec![];
        for (relation, Line([free, assigned])) in row {
            let value = match free == assigned {
                true => shown(free),
                false => format!("{} / {}", shown(free), shown(assigned)),
            };
            match told.iter_mut().find(|(known, _)| *known == value) {
                Some((_, relations)) => relations.push(relation),
                None => told.push((value, vec![relation])),
            }
        }
        for (value, relations) in told {
            let relations =
                if relations.len() == RELATIONS.len() { "any".into() } else { relations.join(" ") };
            let _ = write!(text, " [{value}] {relations};");
        }
    }
    text.push('\n');
    text
}

fn compare(found: &str) {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let path = Path::new(&root).join("tests/it/matrix.txt");
    if std::env::var_os("ANMIN_UPDATE").is_some() {
        std::fs::write(&path, found).expect("written");
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let new: Vec<&str> = found.lines().filter(|line| !written.lines().any(|w| w == *line)).collect();
    let gone: Vec<&str> = written.lines().filter(|line| !found.lines().any(|f| f == *line)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "the table allows something else than matrix.txt says.\nnow:\n{}\nbefore:\n{}\n\
        If that is meant, ANMIN_UPDATE=1 writes it anew.",
        new.join("\n"),
        gone.join("\n")
    );
}
