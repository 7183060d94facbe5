//! What is outside its declared range is refused before anything is evaluated.
use crate::generate::schema::{blank_collection, blank_fact};
use crate::generate::tree::{field, law, name, source};
use crate::generate::{Columns, Generated};
use crate::production;
use crate::random::Dice;
use crate::reference::household::Household;
use anmin_base::date::Date;
use anmin_rules::model::{
    Body, CollectionId, Fact, Label, Place, Ruleset, Type, Variable, VariableId, Version,
};
use anmin_rules::syntax::Expr;

/// A count of 0 to 10; one to three members with a count of 1 to 5; a variable that reads each.
fn rules() -> Generated {
    let members = Some(CollectionId(0));
    let fact =
        |name: &str, of, range| Fact { name: name.to_owned(), of, ty: Type::Count, range, ..blank_fact() };
    let variable = |name: &str, of, value: Expr| Variable {
        of,
        name: name.to_owned(),
        ty: Type::Count,
        range: None,
        label: Label::default(),
        open: false,
        versions: vec![Version {
            layer: 0,
            from: Date::from_days(0),
            law: law(),
            body: Body::Value(source(value)),
            place: Place::default(),
        }],
        place: Place::default(),
    };
    let mut rules = Ruleset::default();
    rules.schema.collections = vec![blank_collection("members", "member", 1, 3)];
    rules.schema.facts = vec![fact("rooms", None, (0, 10)), fact("beds", members, (1, 5))];
    rules.variables =
        vec![variable("r", None, name("rooms")), variable("b", members, field("member", "beds"))];
    Generated { rules, on: Date::from_days(20_000), order: vec![VariableId(0), VariableId(1)] }
}

#[test]
fn refuses_values_and_sizes_out_of_range_and_ignores_what_is_not_known() {
    let generated = rules();
    let program = production::program(&generated).expect("loads");
    // rooms, beds of each member, whether it is evaluated
    type Row<'a> = (Option<i64>, Option<&'a [Option<i64>]>, bool);
    let table: [Row<'_>; 12] = [
        (Some(0), Some(&[Some(1)]), true),
        (Some(10), Some(&[Some(5), Some(1), None]), true),
        (None, None, true),
        (Some(11), Some(&[Some(1)]), false),
        (Some(-1), Some(&[Some(1)]), false),
        (Some(i64::MAX), None, false),
        (Some(i64::MIN), None, false),
        (Some(0), Some(&[Some(0)]), false),
        (Some(0), Some(&[Some(1), Some(6)]), false),
        (Some(0), Some(&[]), false),
        (Some(0), Some(&[None; 3]), true),
        (Some(0), Some(&[None; 4]), false),
    ];
    let household = |rooms, beds: Option<&[Option<i64>]>| {
        let member = |beds: &Option<i64>| vec![None, *beds];
        let list = beds.map(|beds| beds.iter().map(member).collect());
        Household { root: vec![rooms, None], collections: vec![list] }
    };
    for (rooms, beds, evaluated) in table {
        for before in 0..3 {
            let mut batch = vec![household(Some(0), Some(&[None])); before];
            batch.push(household(rooms, beds));
            for seed in 0..8 {
                let columns = Columns::new(&generated.rules, &batch, &mut Dice::new(seed));
                let result = production::evaluate(&program, &columns, &generated.order);
                assert_eq!(result.is_ok(), evaluated, "{rooms:?} {beds:?}: {result:?}");
            }
        }
    }
}
