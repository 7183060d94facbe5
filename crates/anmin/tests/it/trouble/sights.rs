//! What a role may see, read from the table of authority by its words alone and from the tree of areas as it was made:
//! nothing of the program takes part, so that the two can disagree.
use super::county::{AID, AREAS};
use crate::tidy::source::root;
use std::collections::BTreeSet;

/// Actions by which somebody is shown residents' records.
const READING: [&str; 5] = ["case_list", "case_read", "case_read_full", "person_enter", "person_find"];

/// What concerns one role.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// It is shown records of residents in its area, or of cases there that are its own.
    pub sees: bool,
    /// It is shown the list of all cases in its area, with the names in them.
    pub lists: bool,
}

/// A permit: one line of the table.
struct Permit {
    roles: Vec<String>,
    actions: Vec<String>,
    reach: Vec<String>,
    up_to: String,
    mask: String,
    needs: bool,
}

fn table() -> String {
    std::fs::read_to_string(root().join("packs/shared/authority.yaml")).expect("the table of authority")
}

/// The words in `name: [a, b]` or `name: a` of a line.
fn words(line: &str, name: &str) -> Vec<String> {
    let Some((_, rest)) = line.split_once(&format!("{name}: ")) else { return Vec::new() };
    let list = match rest.strip_prefix('[') {
        Some(list) => list.split(']').next().unwrap_or_default(),
        None => rest.split([',', '}']).next().unwrap_or_default(),
    };
    list.split(',').map(|word| word.trim().to_owned()).collect()
}

/// The lines of a part of the table, comments left out.
fn part(name: &str) -> Vec<String> {
    let table = table();
    let lines = table.lines().skip_while(|line| *line != format!("{name}:")).skip(1);
    let lines = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
    lines
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Every role there is.
pub fn roles() -> Vec<String> {
    part("roles").iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

fn permits() -> Vec<Permit> {
    let one = |line: &String| {
        let first = |name: &str| words(line, name).into_iter().next().unwrap_or_default();
        let (roles, actions, reach) = (words(line, "roles"), words(line, "actions"), words(line, "reach"));
        assert!(!roles.is_empty() && !actions.is_empty() && !reach.is_empty(), "cannot be read: {line}");
        Permit {
            roles,
            actions,
            reach,
            up_to: first("up_to"),
            mask: first("mask"),
            needs: line.contains("needs: "),
        }
    };
    part("permits").iter().map(one).collect()
}

/// What a role is shown with a post for these lines of work.
pub fn of(role: &str, subjects: &[&str]) -> Sight {
    let mut sight = Sight::default();
    if !subjects.iter().any(|subject| AID.contains(subject)) {
        return sight;
    }
    for permit in permits().iter().filter(|permit| permit.roles.iter().any(|known| known == role)) {
        let reaches = |names: &[&str]| permit.reach.iter().any(|reach| names.contains(&reach.as_str()));
        let reads = permit.actions.iter().any(|action| READING.contains(&action.as_str()));
        if reads && reaches(&["area", "assigned"]) && permit.up_to.as_str() >= "P2" && !permit.needs {
            sight.sees = true;
            let lists = permit.actions.iter().any(|action| action == "case_list");
            sight.lists |=
                lists && reaches(&["area"]) && permit.up_to.as_str() >= "P3" && permit.mask == "working";
        }
    }
    sight
}

/// An area and all below it.
pub fn below(area: &str) -> BTreeSet<&'static str> {
    let above = |of: &str| AREAS.iter().find(|known| known.0 == of).map_or("", |known| known.1);
    let lies = |mut name: &'static str| loop {
        match name {
            "" => return false,
            known if known == area => return true,
            known => name = above(known),
        }
    };
    AREAS.iter().map(|known| known.0).filter(|name| lies(name)).collect()
}

#[test]
fn the_table_is_read_as_it_is_meant() {
    assert_eq!(roles().len(), part("roles").len());
    for (role, sees, lists) in [
        ("system_admin", false, false),
        ("fund_signer", false, false),
        ("auditor", false, false),
        ("village_appraiser", false, false),
        ("checker", false, false),
        ("village_assistant", true, false),
        ("intake_clerk", true, false),
        ("examiner", true, true),
        ("county_reviewer", true, true),
        ("supervisor", true, false),
    ] {
        let sight = of(role, AID);
        assert_eq!((sight.sees, sight.lists), (sees, lists), "{role}");
    }
    assert!(!of("examiner", &["children"]).sees);
    assert_eq!(below("west"), BTreeSet::from(["west", "west village"]));
    assert_eq!(below("city").len(), AREAS.len());
}
