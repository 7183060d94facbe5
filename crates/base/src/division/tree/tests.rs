use super::*;
use proptest::prelude::*;

/// A province with a city without counties, a county without a city, and a zone whose code says
/// nothing of where it stands.
fn sample() -> DivisionTree {
    let code = |text: &str| text.parse::<DivisionCode>().unwrap();
    let rows = [
        ("990000", None),
        ("999000", Some("990000")),
        ("999000001", Some("999000")),
        ("999000001201", Some("999000001")),
        ("990101", Some("990000")),
        ("001122", Some("999000001")),
        ("980000", None),
    ];
    DivisionTree::new(rows.map(|(node, parent)| (code(node), parent.map(code)))).unwrap()
}

fn codes(nodes: impl Iterator<Item = DivisionCode>) -> Vec<String> {
    nodes.map(|code| code.to_string()).collect()
}

#[test]
fn parents_are_taken_as_given_and_not_from_the_code() {
    let tree = sample();
    let code = |text: &str| text.parse::<DivisionCode>().unwrap();
    let zone = code("001122");
    assert_eq!(codes(tree.ancestors(zone)), ["999000001", "999000", "990000"]);
    assert!(tree.is_within(zone, code("99")));
    assert!(tree.is_within(zone, zone));
    assert!(!tree.is_within(code("99"), zone));
    assert!(!tree.is_within(zone, code("980000")));
    // The prefix says so, but the node is not there.
    assert!(!tree.is_within(code("990102"), code("99")));
    assert_eq!(codes(tree.children(code("99"))), ["990101", "999000"]);
    assert_eq!(codes(tree.children(zone)), [""; 0]);
    assert_eq!(tree.parent(code("98")), None);
    assert_eq!((tree.len(), tree.contains(zone), tree.is_empty()), (7, true, false));
}

#[test]
fn an_empty_tree_knows_nothing() {
    let tree = DivisionTree::<u32>::new([]).unwrap();
    assert!(tree.is_empty() && !tree.is_within(1, 1) && tree.children(1).next().is_none());
}

#[test]
fn refuses_what_is_not_a_tree_and_reports_all_of_it() {
    let errors = DivisionTree::new([
        (1, None),
        (2, Some(1)),
        (2, Some(3)),
        (2, None),
        (4, Some(9)),
        (5, Some(7)),
        (6, Some(5)),
        (7, Some(6)),
        (8, Some(7)),
        (10, Some(10)),
    ]);
    let expected = vec![
        TreeError::Duplicate { node: 2 },
        TreeError::UnknownParent { node: 4, parent: 9 },
        TreeError::Cycle { nodes: vec![5, 7, 6] },
        TreeError::Cycle { nodes: vec![10] },
    ];
    assert_eq!(errors.unwrap_err(), expected);
    assert!(expected[2].zh().contains("5 → 7 → 6 → 5"));
    assert!(expected[3].en().contains("10 → 10"));
}

#[test]
fn a_cycle_is_found_from_a_node_that_hangs_on_it() {
    let errors = DivisionTree::new([(1, Some(3)), (2, Some(3)), (3, Some(2))]).unwrap_err();
    assert_eq!(errors, [TreeError::Cycle { nodes: vec![2, 3] }]);
}

proptest! {
    #[test]
    fn within_agrees_with_walking_up(choices in prop::collection::vec(any::<u32>(), 1..60)) {
        // Node i hangs below some earlier node, or is a root.
        let nodes: Vec<(u32, Option<u32>)> = choices
            .iter()
            .enumerate()
            .map(|(i, choice)| (i as u32 ^ 21, choice.checked_rem(i as u32 + 1)
                .filter(|p| *p < i as u32).map(|p| p ^ 21)))
            .collect();
        let tree = DivisionTree::new(nodes.iter().copied()).unwrap();
        for (node, parent) in &nodes {
            prop_assert_eq!(tree.parent(*node), *parent);
            for (area, _) in &nodes {
                let walked = node == area || tree.ancestors(*node).any(|above| above == *area);
                prop_assert_eq!(tree.is_within(*node, *area), walked);
                let child = tree.children(*area).any(|below| below == *node);
                prop_assert_eq!(child, *parent == Some(*area));
            }
        }
    }

    #[test]
    fn any_parents_give_a_tree_or_a_reason(parents in prop::collection::vec(0u32..30, 0..30)) {
        let nodes = parents.iter().enumerate().map(|(i, parent)| (i as u32, Some(*parent)));
        // Everyone has a parent, so there is no root to hang on.
        let refused = DivisionTree::new(nodes).is_err();
        prop_assert_eq!(refused, !parents.is_empty());
    }
}
