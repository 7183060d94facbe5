//! Whether the oracle can fail: each permit of the table is changed in a copy, one change at a time. Each change is
//! refused by the table's own checks, or some combination differs.
//!
//! The oracle does not see masks, obligations, duties, and which purpose it is; they are no part of its question. Nor
//! forbids: they bar what another post of the same person permits, and here a person has one post.

use super::super::matrix::cells_of;
use super::super::table::AUTHORITY;
use super::{asked, expected};
use anmin_authz::authority::{ActionId, Authority, Capacity, Need, Parts, Permit, Reach, RoleId};
use anmin_authz::sensitivity::Sensitivity;

/// One level more or less.
fn beside(level: Sensitivity, up: bool) -> Option<Sensitivity> {
    let at = Sensitivity::ALL.iter().position(|other| *other == level).expect("a level");
    let next = if up { at.checked_add(1) } else { at.checked_sub(1) };
    next.and_then(|next| Sensitivity::ALL.get(next).copied())
}

/// The changed copies of one permit; none: it is taken away.
fn changed(permit: &Permit, parts: &Parts) -> Vec<(String, Option<Permit>)> {
    let mut copies = vec![("taken away".into(), None)];
    let mut add = |what: String, copy: Permit| {
        if copy != *permit {
            copies.push((what, Some(copy)));
        }
    };
    for up in [true, false] {
        if let Some(up_to) = beside(permit.up_to, up) {
            add(format!("up to {}", up_to.name()), Permit { up_to, ..permit.clone() });
        }
    }
    for at in 0..permit.needs.len() {
        let mut copy = permit.clone();
        let need = copy.needs.remove(at);
        add(format!("without {need:?}"), copy);
    }
    for at in 0..permit.actions.len() {
        let mut copy = permit.clone();
        copy.actions.remove(at);
        add("an action less".into(), copy);
    }
    for need in [Need::Ticket, Need::Assignment] {
        let mut copy = permit.clone();
        let there = copy.needs.contains(&need) || need == Need::Assignment && copy.reach == [Reach::Assigned];
        if !there {
            copy.needs.push(need);
            add(format!("with {need:?}"), copy);
        }
    }
    for reach in
        [Reach::Own, Reach::Helped, Reach::Assigned, Reach::Area, Reach::Cooperation, Reach::Anywhere]
    {
        let reach = vec![reach];
        add(format!("reach {reach:?}"), Permit { reach, ..permit.clone() });
    }
    // The two next roles of the list, which are neighbours in the work as well.
    for role in [1, 2].map(|step| RoleId((permit.role.0 + step) % parts.roles.len())) {
        add(format!("to {}", parts.roles[role.0].named.name), Permit { role, ..permit.clone() });
    }
    copies
}

/// Whether some combination of the role and actions differs from what is expected.
fn is_noticed(authority: &Authority, role: RoleId, actions: &[ActionId]) -> bool {
    let mut noticed = false;
    cells_of(authority, role, actions, |cell, terms| {
        noticed = noticed || expected(&asked(cell)) != terms.is_some();
    });
    noticed
}

/// The role may as far as its permits: the check of roles is not what is tried here.
fn raised(mut parts: Parts) -> Parts {
    let staff = parts.roles.iter_mut().enumerate().filter(|(_, role)| role.capacity == Capacity::Staff);
    for (at, role) in staff {
        let permits = parts.permits.iter().filter(|permit| permit.role == RoleId(at));
        role.up_to = permits.map(|permit| permit.up_to).max().map_or(role.up_to, |most| most.max(role.up_to));
    }
    parts
}

#[test]
fn a_changed_permit_is_noticed() {
    let parts = AUTHORITY.parts();
    let (mut noticed, mut unnoticed) = (0, vec![]);
    for (at, permit) in parts.permits.iter().enumerate() {
        // What a member's consent adds to their totals is a fuller mask, which the oracle does not see.
        if permit.needs == [Need::Consent] {
            continue;
        }
        for (what, copy) in changed(permit, parts) {
            let mut parts = parts.clone();
            let mut roles = vec![permit.role];
            match copy {
                None => drop(parts.permits.remove(at)),
                Some(copy) => {
                    roles.push(copy.role);
                    roles.dedup();
                    parts.permits[at] = copy;
                }
            }
            let Ok(authority) = Authority::new(raised(parts)) else { continue };
            match roles.iter().any(|role| is_noticed(&authority, *role, &permit.actions)) {
                true => noticed += 1,
                false => unnoticed.push(told(permit, &what)),
            }
        }
    }
    assert!(unnoticed.is_empty(), "{noticed} noticed, not these:\n{}", unnoticed.join("\n"));
    assert!(noticed > 500, "only {noticed} changes were tried");
}

fn told(permit: &Permit, what: &str) -> String {
    let parts = AUTHORITY.parts();
    let actions: Vec<_> = permit.actions.iter().map(|action| &*parts.actions[action.0].named.name).collect();
    format!("{} {}: {what}", parts.roles[permit.role.0].named.name, actions.join(" "))
}
