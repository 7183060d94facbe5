//! The conditions of a scope and `authz`'s judgement say the same of every row of random small worlds.

pub mod table;
mod town;

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;
use anmin_authz::authority::{ActionId, Authority};
use anmin_authz::decide::{Ctx, Decision};
use anmin_authz::id::PersonId;
use anmin_authz::scope::Scope as Asked;
use std::collections::{BTreeMap, BTreeSet};
use town::Town;

on_both! {
    lists_and_single_decisions_agree,
    the_access_log_names_the_post_where_there_is_one,
}

/// With `ANMIN_TORTURE`, twenty times as many.
const WORLDS: u64 = 2;
const ACTORS: usize = 54;

/// All facts of a world, read once.
struct Known {
    cases: BTreeMap<Id, Facts>,
    people: BTreeMap<Id, Facts>,
    /// A person as somebody in a case.
    members: Vec<(Id, Facts)>,
    /// Rows of a case that are about somebody in it.
    named: Vec<(Id, Facts)>,
    heard: Vec<(Id, Facts)>,
}

async fn known(world: &World, town: &Town, authority: &Authority) -> Known {
    let store = &world.store;
    let (mut cases, mut people, mut members, mut named) =
        (BTreeMap::new(), BTreeMap::new(), Vec::new(), Vec::new());
    for case in &town.cases {
        cases.insert(*case, store.case_facts(*case, authority, TODAY).await.unwrap().unwrap());
    }
    for person in &town.people {
        let facts = store.person_facts(*person, None, authority, TODAY).await.unwrap().unwrap();
        people.insert(*person, facts);
        for case in &town.cases {
            let facts = store.person_facts(*person, Some(*case), authority, TODAY).await.unwrap();
            members.extend(facts.map(|facts| (*person, facts)));
        }
    }
    let mut heard = Vec::new();
    for (rows, of) in [(&mut named, &town.named), (&mut heard, &town.heard)] {
        for (row, case, person) in of {
            let facts = store.row_facts(*case, *person, authority, TODAY).await.unwrap().unwrap();
            rows.push((*row, facts));
        }
    }
    assert_eq!(store.case_facts(Id(404), authority, TODAY).await.unwrap().map(|_| ()), None);
    assert_eq!(store.person_facts(Id(404), None, authority, TODAY).await.unwrap().map(|_| ()), None);
    Known { cases, people, members, named, heard }
}

/// What may be read, and what may only be counted.
struct Judge<'a> {
    asked: &'a Asked,
    ctx: Ctx<'a>,
}

impl Judge<'_> {
    fn holds(&self, facts: &Facts, count: bool) -> bool {
        if self.asked.job().is_some() {
            return self.asked.admits(&facts.resource(), &self.ctx);
        }
        match self.asked.judge(&facts.resource(), &self.ctx) {
            Decision::Allow(allowed) => count || !self.ctx.authority.parts().masks[allowed.mask.0].counts,
            Decision::Deny(_) => false,
        }
    }

    fn of<'f>(&self, rows: impl IntoIterator<Item = (Id, &'f Facts)>, count: bool) -> BTreeSet<Id> {
        rows.into_iter().filter(|(_, facts)| self.holds(facts, count)).map(|(id, _)| id).collect()
    }

    fn people(&self, known: &Known, count: bool) -> BTreeSet<Id> {
        let mut found = self.of(known.people.iter().map(|(id, facts)| (*id, facts)), count);
        // To a job a person is as sensitive as they are themself.
        if self.asked.job().is_none() {
            found.extend(self.of(known.members.iter().map(|(id, facts)| (*id, facts)), count));
        }
        found
    }

    /// Through its cases, or a member on the day; not by somebody kept apart from another member.
    fn households(&self, town: &Town, known: &Known, count: bool) -> BTreeSet<Id> {
        let resident = self.asked.clauses().iter().all(|clause| clause.post.is_none());
        let apart = |a: Id, household: Id| {
            let others = town.members.iter().filter(|(h, _)| *h == household);
            resident
                && others.into_iter().any(|(_, b)| {
                    let facts = known.people[b].resource();
                    let pairs = facts.kept_apart.unwrap();
                    pairs.contains(&(PersonId(a.0), PersonId(b.0)))
                        || pairs.contains(&(PersonId(b.0), PersonId(a.0)))
                })
        };
        let me = self.asked.person().map_or(Id(0), |person| Id(person.0));
        let by_case = |household: Id| {
            let cases = town.of_household.iter().filter(|(h, _)| *h == household);
            cases.into_iter().any(|(_, case)| self.holds(&known.cases[case], count))
        };
        let by_member = |household: Id| {
            let members = town.members.iter().filter(|(h, _)| *h == household);
            let reached = members.into_iter().any(|(_, person)| self.holds(&known.people[person], count));
            reached && !apart(me, household)
        };
        town.households.iter().copied().filter(|h| by_case(*h) || by_member(*h)).collect()
    }
}

async fn found(world: &World, scope: &Scope, table: &'static Table) -> BTreeSet<Id> {
    let find = Find::all(table).limit(1_000).plain();
    let rows = world.store.read_personal(scope, "test", NOW, &find).await.unwrap();
    rows.iter().map(Record::id).collect()
}

use crate::table::Table;

async fn lists_and_single_decisions_agree(world: &World) {
    let authority = table::authority();
    let (mut pairs, mut reached, mut counted) = (0, 0, 0);
    let worlds = if std::env::var_os("ANMIN_TORTURE").is_some() { 20 * WORLDS } else { WORLDS };
    for seed in 1..=worlds {
        // Worlds share a database one after another: what was there before must not matter, so each has its own names.
        let town = Town::new(seed, world, &authority).await;
        let known = known(world, &town, &authority).await;
        for nth in 0..ACTORS {
            let actor = town.actor(nth, &authority);
            let ctx =
                Ctx { authority: &authority, areas: &town.tree, on: TODAY, at: town::AT, urgent_cap: None };
            let asked: Vec<Asked> = (0..authority.parts().actions.len())
                .filter_map(|action| Asked::for_actor(&actor, ActionId(action), town::WORK, &ctx).ok())
                .collect();
            for asked in asked {
                let scope = Scope::from_authz(&asked, &authority);
                let judge = Judge { asked: &asked, ctx };
                let says = |what: &str| format!("seed {seed} actor {nth} {what} {asked:?}\n{scope:?}");
                for count in [false, true] {
                    let cases = known.cases.iter().map(|(id, facts)| (*id, facts));
                    let named = known.named.iter().map(|(id, facts)| (*id, facts));
                    let heard = known.heard.iter().map(|(id, facts)| (*id, facts));
                    let expected = [
                        (&CASE_FILE, judge.of(cases, count)),
                        (&PERSON, judge.people(&known, count)),
                        (&CASE_PERSON, judge.of(named, count)),
                        (&HEARING, judge.of(heard, count)),
                        (&HOUSEHOLD, judge.households(&town, &known, count)),
                    ];
                    for (table, expected) in expected {
                        if count {
                            let number = world.store.count(&scope, &Find::all(table)).await.unwrap();
                            assert_eq!(
                                number,
                                i64::try_from(expected.len()).unwrap(),
                                "{}",
                                says(table.name)
                            );
                            counted += number;
                        } else {
                            let rows = found(world, &scope, table).await;
                            assert_eq!(rows, expected, "{}", says(table.name));
                            reached += rows.len();
                        }
                    }
                }
                assert_eq!(found(world, &scope, &KEPT_APART).await, BTreeSet::new());
                pairs += known.cases.len() + known.people.len() + known.named.len();
                pairs += known.heard.len() + town.households.len();
            }
        }
        town.leave(world).await;
    }
    assert!(pairs >= 2_000, "{pairs} pairs of a scope and a row");
    assert!(
        reached * 20 >= pairs && reached * 2 < pairs,
        "{reached} of {pairs} were reached: too few or too many"
    );
    assert!(usize::try_from(counted).unwrap() > reached, "{counted} counted, {reached} read");
}

async fn the_access_log_names_the_post_where_there_is_one(world: &World) {
    let authority = table::authority();
    let town = Town::new(1, world, &authority).await;
    let ctx = Ctx { authority: &authority, areas: &town.tree, on: TODAY, at: town::AT, urgent_cap: None };
    let (mut named, mut unnamed) = (0, 0);
    for nth in 0..ACTORS {
        let actor = town.actor(nth, &authority);
        let read = authority.action("read").unwrap();
        let Ok(asked) = Asked::for_actor(&actor, read, town::WORK, &ctx) else { continue };
        let purpose = format!("look {nth}");
        let scope = Scope::from_authz(&asked, &authority);
        let find = Find::all(&CASE_FILE).limit(1_000);
        let rows = world.store.read_personal(&scope, &purpose, NOW, &find).await.unwrap();
        let logged = world.texts(&format!("SELECT post FROM access WHERE purpose = '{purpose}'")).await;
        assert_eq!(logged.len(), rows.len());
        let posts: BTreeSet<u128> = asked.clauses().iter().map(|clause| clause.post.unwrap().0).collect();
        let post = if posts.len() == 1 { Id(*posts.first().unwrap()).to_string() } else { String::new() };
        assert!(logged.iter().all(|told| *told == post), "{logged:?}, not {post}");
        match post.is_empty() {
            true => unnamed += rows.len(),
            false => named += rows.len(),
        }
    }
    assert!(named > 0 && unnamed > 0, "{named} looks in one post, {unnamed} in more");
}
