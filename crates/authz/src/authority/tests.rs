use super::*;
use crate::mask::Form;
use crate::sample::{named, parts};
use crate::sensitivity::Sensitivity;

/// Spoils the sound table, and expects findings at these rows, each beginning as given.
fn check(what: &str, spoil: impl FnOnce(&mut Parts), expected: &[(Part, &str)]) {
    let mut parts = parts();
    spoil(&mut parts);
    let found = Authority::new(parts).err().unwrap_or_default();
    let same = found.len() == expected.len()
        && found.iter().zip(expected).all(|(f, (at, en))| f.at == *at && f.en.starts_with(en));
    assert!(same, "{what}: {found:#?}");
    assert!(found.iter().all(|flaw| !flaw.zh.is_empty()));
}

#[test]
fn the_sample_is_sound_and_its_names_are_found() {
    let authority = Authority::new(parts()).unwrap();
    assert_eq!(authority.role("clerk"), Some(RoleId(1)));
    assert_eq!(authority.action("read"), Some(ActionId(0)));
    assert_eq!(authority.subject("children"), Some(SubjectId(1)));
    assert_eq!(authority.purpose("own"), Some(PurposeId(2)));
    assert_eq!(authority.mask("full"), Some(MaskId(3)));
    assert_eq!(authority.field("income"), Some(FieldId(1)));
    assert_eq!(authority.duty("note"), Some(DutyId(7)));
    assert_eq!(authority.unit_kind("office"), Some(UnitKindId(0)));
    assert_eq!(authority.source("bank"), Some(SourceId(0)));
    assert_eq!(authority.service("strict"), ServiceOf::Core);
    assert_eq!(crate::sample::narrowed().service("strict"), ServiceOf::Narrowed(ServiceId(0)));
    for name in ["nobody", ""] {
        assert!(authority.role(name).is_none() && authority.action(name).is_none());
        assert!(authority.subject(name).is_none() && authority.purpose(name).is_none());
        assert!(authority.mask(name).is_none() && authority.field(name).is_none());
        assert!(authority.duty(name).is_none() && authority.unit_kind(name).is_none());
        assert!(authority.source(name).is_none());
    }
    let clerk = authority.permits(RoleId(1), ActionId(0)).map(|(id, _)| id);
    assert_eq!(clerk.collect::<Vec<_>>(), [PermitId(3), PermitId(4)]);
    assert_eq!(authority.actions_taking(DutyId(2)).collect::<Vec<_>>(), [ActionId(6)]);
    assert_eq!(authority.permits(RoleId(99), ActionId(0)).count(), 0);
}

#[test]
fn the_whole_purposes_masks_duties_and_actions() {
    check("levels", |p| drop(p.sensitivities.pop()), &[(Part::Whole, "The five")]);
    check("limits", |p| p.limits.smallest_count = 0, &[(Part::Whole, "The limits")]);
    check("step up", |p| p.limits.step_up_minutes = 0, &[(Part::Whole, "The limits")]);
    check("rationed", |p| p.limits.rationed_a_day = 0, &[(Part::Whole, "The limits")]);
    check(
        "an unused purpose",
        |p| p.purposes.push(Purpose { named: named("idle"), up_to: Sensitivity::P0 }),
        &[(Part::Purpose(5), "No permit")],
    );
    check(
        "a masked field without a form",
        |p| p.masks[1].shows.push((FieldId(2), Form::Masked)),
        &[(Part::Mask(1), "\"town\" has no masked form")],
    );
    check(
        "twice in a mask",
        |p| p.masks[1].shows.push((FieldId(1), Form::Whole)),
        &[(Part::Mask(1), "A field is named twice")],
    );
    check(
        "counts that show",
        |p| p.masks[0].shows.push((FieldId(1), Form::Whole)),
        &[(Part::Mask(0), "A mask of counts")],
    );
    check("one set", |p| p.matters[1].sets.truncate(1), &[(Part::Matter(1), "Duties are split")]);
    check("an empty set", |p| p.matters[1].sets[1].clear(), &[(Part::Matter(1), "Duties are split")]);
    check(
        "in two sets",
        |p| p.matters[0].sets[1].push(DutyId(0)),
        &[(Part::Duty(0), "\"intake\" is in two sets")],
    );
    check(
        "a duty nobody takes",
        |p| p.duties.push(named("idle")),
        &[(Part::Duty(8), "No action takes the duty \"idle\"")],
    );
    check(
        "an action nobody may do",
        |p| {
            let idle = Action { named: named("idle"), ..p.actions[0].clone() };
            p.actions.push(idle);
        },
        &[(Part::Action(16), "Nobody is permitted \"idle\"")],
    );
}

#[test]
fn roles_and_forbids() {
    check("no units", |p| p.roles[1].units.clear(), &[(Part::Role(1), "The role has no limits")]);
    check("no place", |p| p.roles[1].at.clear(), &[(Part::Role(1), "The role has no limits")]);
    check("nowhere", |p| p.roles[1].at = vec![Standing::Village], &[(Part::Role(1), "Nobody can hold")]);
    check(
        "a resident's unit",
        |p| p.roles[0].units.push(UnitKindId(0)),
        &[(Part::Role(0), "A role of residents")],
    );
    check(
        "a resident's subject",
        |p| p.roles[0].subjects.push(SubjectId(0)),
        &[(Part::Role(0), "A role of residents")],
    );
    for role in [0, 7] {
        check("sealed", |p| p.roles[role].up_to = Sensitivity::P4, &[(Part::Role(role), "Sealed things")]);
    }
    check("delegable, forbidden", |p| p.roles[5].delegable = true, &[(Part::Role(5), "Only a post")]);
    check("delegable machine", |p| p.roles[7].delegable = true, &[(Part::Role(7), "Only a post")]);
    check(
        "nothing permitted",
        |p| {
            let idle = Role { named: named("idle"), ..p.roles[1].clone() };
            p.roles.push(idle);
        },
        &[(Part::Role(8), "Nothing is permitted")],
    );
    check("nobody forbidden", |p| p.forbids[1].roles.clear(), &[(Part::Forbid(1), "Name the roles")]);
    check("nothing forbidden", |p| p.forbids[1].actions.clear(), &[(Part::Forbid(1), "Name the roles")]);
    check("residents", |p| p.forbids[1].roles = vec![RoleId(0)], &[(Part::Forbid(1), "Residents are not")]);
}

#[test]
fn permits_nobody_can_use() {
    let empty = "Nobody can use it: name";
    check("no actions", |p| p.permits[4].actions.clear(), &[(Part::Permit(4), empty)]);
    check("no reach", |p| p.permits[4].reach.clear(), &[(Part::Permit(4), empty)]);
    check("no purposes", |p| p.permits[4].purposes.clear(), &[(Part::Permit(4), empty)]);
    check(
        "beyond the role",
        |p| p.permits[3].up_to = Sensitivity::P4,
        &[(Part::Permit(3), "Beyond the limit of \"clerk\": P3")],
    );
    check(
        "beyond its purposes",
        |p| p.purposes[1].up_to = Sensitivity::P2,
        &[
            (Part::Permit(9), "Nobody can use it so far: its purposes reach P2"),
            (Part::Permit(10), "Nobody can use it so far"),
            (Part::Permit(13), "Nobody can use it so far"),
            (Part::Permit(17), "Nobody can use it so far"),
        ],
    );
    let never = "Nobody can use it: \"";
    for (permit, reach) in [
        (4, Reach::Own),
        (4, Reach::Ward),
        (4, Reach::Helped),
        (4, Reach::Household),
        (4, Reach::Contract),
        (0, Reach::Area),
        (0, Reach::Assigned),
        (0, Reach::Reported),
        (0, Reach::Cooperation),
        (0, Reach::Contract),
        (17, Reach::Area),
        // An administrator's posts have no subject.
        (16, Reach::Area),
    ] {
        check("a reach", |p| p.permits[permit].reach.push(reach), &[(Part::Permit(permit), never)]);
    }
    check("consent of staff", |p| p.permits[4].needs.push(Need::Consent), &[(Part::Permit(4), "Consent is")]);
    check(
        "sealed, anywhere",
        |p| {
            p.permits[12].reach.push(Reach::Anywhere);
        },
        &[(Part::Permit(12), "Nobody can use it so far: sealed")],
    );
    check(
        "forbidden anyway",
        |p| p.forbids[1].actions.push(ActionId(10)),
        &[(Part::Permit(15), "Nobody can use it: the role is forbidden \"batch_prepare\" from P0 on")],
    );
    check(
        "forbidden above what it reaches",
        |p| {
            p.forbids[1].actions.push(ActionId(10));
            p.forbids[1].from = Sensitivity::P3;
        },
        &[],
    );
    check(
        "said twice",
        |p| {
            let again = p.permits[4].clone();
            p.permits.push(again);
        },
        &[(Part::Permit(18), "Another permit")],
    );
    check(
        "a part of another",
        |p| {
            let part = Permit { up_to: Sensitivity::P1, mask: MaskId(1), ..p.permits[9].clone() };
            p.permits.insert(0, Permit { actions: vec![ActionId(0)], ..part });
        },
        &[(Part::Permit(0), "Another permit")],
    );
}

#[test]
fn rows_that_only_look_flawed_are_accepted() {
    // One of several units and places is enough.
    check(
        "two kinds of units",
        |p| {
            p.unit_kinds.push(UnitKind { named: named("village"), stands: vec![Standing::Village] });
            p.roles[1].units.push(UnitKindId(1));
            p.roles[1].at.push(Standing::Deciding);
        },
        &[],
    );
    check("one of two places", |p| p.roles[1].at.push(Standing::Village), &[]);
    // One of several purposes reaches as far.
    check("two purposes", |p| p.permits[9].purposes.push(PurposeId(4)), &[]);
    // A row that shares only some actions, reaches or purposes with a wider one.
    let part = |p: &Parts| Permit { up_to: Sensitivity::P2, ..p.permits[9].clone() };
    check(
        "another action",
        |p| {
            let row = Permit { actions: vec![ActionId(0), ActionId(9)], ..part(p) };
            p.permits.push(row);
        },
        &[],
    );
    check(
        "another reach",
        |p| {
            let row = Permit { reach: vec![Reach::Area, Reach::Cooperation], ..part(p) };
            p.permits.push(row);
        },
        &[],
    );
    check(
        "another purpose",
        |p| {
            let row = Permit { purposes: vec![PurposeId(0), PurposeId(1)], ..part(p) };
            p.permits.push(row);
        },
        &[],
    );
    // A forbid that begins just where the permit ends takes its highest level.
    check(
        "forbidden at its highest",
        |p| {
            p.forbids[1].actions.push(ActionId(10));
            p.forbids[1].from = Sensitivity::P2;
        },
        &[(Part::Permit(15), "Nobody can use it: the role is forbidden \"batch_prepare\" from P2 on")],
    );
}

fn with_service(p: &mut Parts, sets: &[&[usize]], narrowings: Vec<Narrowing>) {
    let sets = sets.iter().map(|set| set.iter().copied().map(DutyId).collect()).collect();
    p.services = vec![Service { name: "strict".into(), sets, narrowings }];
}

#[test]
fn a_service_only_narrows() {
    let sets = |sets: &'static [&'static [usize]]| move |p: &mut Parts| with_service(p, sets, vec![]);
    check("splits", sets(&[&[0], &[1]]), &[]);
    check(
        "joins",
        sets(&[&[0, 2]]),
        &[(Part::Sets(0), "A service may split"), (Part::Sets(0), "A set that")],
    );
    check("tears", sets(&[&[0]]), &[(Part::Sets(0), "A set that is split is named whole")]);
    check("twice", sets(&[&[0], &[0, 1]]), &[(Part::Sets(0), "A set that")]);
    check("excludes none", sets(&[&[7]]), &[(Part::Sets(0), "A service may split")]);

    let read = |role: usize| Narrowing {
        roles: vec![RoleId(role)],
        actions: vec![ActionId(0)],
        ..Narrowing::default()
    };
    let (at, narrow) = (Part::Narrowing(0, 0), "A service only narrows");
    for (what, row, expected) in [
        ("forbids", Narrowing { forbid: true, ..read(2) }, None),
        ("asks for more", Narrowing { needs: vec![Need::Assignment], ..read(2) }, None),
        ("follows more", Narrowing { then: vec![crate::decide::Obligation::GiveReason], ..read(2) }, None),
        ("lowers", Narrowing { up_to: Some(Sensitivity::P2), ..read(2) }, None),
        ("lowers nothing", Narrowing { up_to: Some(Sensitivity::P3), ..read(2) }, Some(narrow)),
        ("raises", Narrowing { up_to: Some(Sensitivity::P4), ..read(2) }, Some(narrow)),
        ("masks", Narrowing { mask: Some(MaskId(2)), ..read(2) }, None),
        ("masks nothing", Narrowing { forbid: true, mask: Some(MaskId(3)), ..read(2) }, Some(narrow)),
        ("shows other things", Narrowing { mask: Some(MaskId(1)), ..read(1) }, Some(narrow)),
        ("takes nothing", read(2), Some("This row takes nothing away")),
        ("touches nothing", Narrowing { forbid: true, ..read(5) }, Some("It narrows nothing")),
    ] {
        let expected: Vec<_> = expected.map(|en| (at, en)).into_iter().collect();
        check(what, |p| with_service(p, &[], vec![row]), &expected);
    }
    // A row over permits of which only some are above it narrows those.
    let clerk = |row: Narrowing| vec![Narrowing { roles: vec![RoleId(1)], ..row }];
    check(
        "lowers some",
        |p| with_service(p, &[], clerk(Narrowing { up_to: Some(Sensitivity::P2), ..read(1) })),
        &[],
    );
    check("masks some", |p| with_service(p, &[], clerk(Narrowing { mask: Some(MaskId(2)), ..read(1) })), &[]);
    check(
        "a forbid alone, without a mask",
        |p| with_service(p, &[], clerk(Narrowing { forbid: true, ..read(1) })),
        &[],
    );
    let also = |roles: &[usize], actions: &[usize], mask| Narrowing {
        roles: roles.iter().copied().map(RoleId).collect(),
        actions: actions.iter().copied().map(ActionId).collect(),
        mask,
        forbid: mask.is_none(),
        ..Narrowing::default()
    };
    let two = |name: &str, rows: [Narrowing; 2], crossing: bool| {
        let expected = [(Part::Narrowing(0, 1), "Two rows give masks")];
        check(name, |p| with_service(p, &[], rows.to_vec()), if crossing { &expected } else { &[] });
    };
    let (totals, partial, count) = (Some(MaskId(1)), Some(MaskId(2)), Some(MaskId(0)));
    two("other roles", [also(&[2], &[0], totals), also(&[3], &[0], partial)], false);
    two("other actions", [also(&[2], &[0], totals), also(&[2], &[6], partial)], false);
    two("some roles", [also(&[2, 3], &[0], totals), also(&[2], &[0], partial)], true);
    two("some actions", [also(&[2], &[0, 6], totals), also(&[2], &[0], partial)], true);
    two("one within the other", [also(&[2], &[0], count), also(&[2], &[0], partial)], false);
    two("the other within the one", [also(&[2], &[0], partial), also(&[2], &[0], count)], false);
    two("only one masks", [also(&[2], &[0], partial), also(&[2], &[0], None)], false);
    check("split twice over", sets(&[&[0, 1], &[0], &[1]]), &[(Part::Sets(0), "A set that")]);
    let crossing = [1, 2].map(|mask| Narrowing { mask: Some(MaskId(mask)), ..read(2) });
    check(
        "crossing masks",
        |p| with_service(p, &[], crossing.to_vec()),
        &[(Part::Narrowing(0, 1), "Two rows give masks")],
    );
}

#[test]
fn visits_and_broken_glasses() {
    check("no lead", |p| p.visits.lead.clear(), &[(Part::Visits, "Say who may lead")]);
    check("no second", |p| p.visits.second.clear(), &[(Part::Visits, "Say who may lead")]);
    fn glass(p: &mut Parts) -> &mut BreakGlassRule {
        p.break_glass.as_mut().unwrap()
    }
    check("residents", |p| glass(p).roles.push(RoleId(0)), &[(Part::BreakGlass, "Only staff")]);
    check(
        "a duty",
        |p| glass(p).actions.push(ActionId(11)),
        &[(Part::BreakGlass, "No duty is done by breaking the glass: remove \"batch_sign\"")],
    );
    check("no minutes", |p| glass(p).minutes = 0, &[(Part::BreakGlass, "The limits")]);
    check("no times", |p| glass(p).a_day = 0, &[(Part::BreakGlass, "The limits")]);
    check("no review", |p| glass(p).review_working_days = 0, &[(Part::BreakGlass, "The limits")]);
    check("none at all", |p| p.break_glass = None, &[]);
}
