//! Who lives together: the shapes of families, with ages that fit each other.

use crate::synth::random::Random;

/// Who lives in a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Elder,
    ElderWithChildElsewhere,
    Alone,
    Couple,
    ElderCouple,
    CoupleWithOne,
    CoupleWithTwo,
    LoneParentWithOne,
    LoneParentWithTwo,
    ThreeGenerations,
    FourWithGrandparents,
    DisabledChildOfElders,
}

/// What somebody is to the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Head,
    Spouse,
    Child,
    /// Grown, disabled, and living with the parents.
    DisabledChild,
    Parent,
    /// Lives elsewhere and owes support.
    Obligor,
}

impl Member {
    /// As facts name the relation.
    pub fn relation(self) -> &'static str {
        match self {
            Member::Head => "head",
            Member::Spouse => "spouse",
            Member::Child | Member::DisabledChild => "child",
            Member::Parent => "parent",
            Member::Obligor => "other_kin",
        }
    }
}

use Shape::*;

/// How many of a thousand homes, of all and of those that ask for help.
const SHARES: [(Shape, u32, u32); 12] = [
    (Elder, 90, 190),
    (ElderWithChildElsewhere, 60, 70),
    (Alone, 130, 120),
    (Couple, 150, 60),
    (ElderCouple, 90, 80),
    (CoupleWithOne, 200, 110),
    (CoupleWithTwo, 90, 70),
    (LoneParentWithOne, 40, 110),
    (LoneParentWithTwo, 15, 50),
    (ThreeGenerations, 90, 60),
    (FourWithGrandparents, 30, 30),
    (DisabledChildOfElders, 15, 50),
];

impl Shape {
    /// Draws one.
    pub fn draw(asks_for_help: bool, random: &mut Random) -> Shape {
        let shares = SHARES.map(|(_, all, asking)| if asks_for_help { asking } else { all });
        SHARES[random.weighed(&shares)].0
    }

    /// Whether one parent raises children alone.
    pub fn lone_parent(self) -> bool {
        matches!(self, LoneParentWithOne | LoneParentWithTwo)
    }

    /// Everybody with age, and whether a woman; the head first.
    pub fn people(self, random: &mut Random) -> Vec<(Member, i32, bool)> {
        use Member::*;
        let woman = random.in_thousand(480);
        match self {
            Shape::Elder => vec![(Head, random.between(62, 92), random.in_thousand(580))],
            ElderWithChildElsewhere => {
                let age = random.between(66, 90);
                let child = random.between(24, 32);
                vec![(Head, age, random.in_thousand(600)), (Obligor, age - child, woman)]
            }
            // Of age already when the earliest case began.
            Alone => vec![(Head, random.between(21, 61), random.in_thousand(350))],
            Couple => with_spouse(random.between(26, 60), woman, random),
            ElderCouple => with_spouse(random.between(62, 84), woman, random),
            CoupleWithOne => with_children(1, woman, random),
            CoupleWithTwo => with_children(2, woman, random),
            LoneParentWithOne => lone_parent(1, random),
            LoneParentWithTwo => lone_parent(2, random),
            ThreeGenerations => {
                let mut people = with_children(1, woman, random);
                let parent = people[0].1 + random.between(22, 31);
                people.push((Parent, parent.min(99), random.in_thousand(600)));
                people
            }
            FourWithGrandparents => {
                let mut people = with_children(2, woman, random);
                let parent = people[0].1 + random.between(22, 31);
                people.push((Parent, parent.min(99), false));
                people.push((Parent, (parent + random.between(-4, 1)).min(98), true));
                people
            }
            DisabledChildOfElders => {
                let mut people = with_spouse(random.between(58, 74), woman, random);
                let child = people[0].1 - random.between(23, 34);
                people.push((DisabledChild, child, random.in_thousand(450)));
                people
            }
        }
    }
}

fn with_spouse(age: i32, woman: bool, random: &mut Random) -> Vec<(Member, i32, bool)> {
    let apart = random.between(-2, 5);
    let other = if woman { age + apart } else { age - apart };
    vec![(Member::Head, age, woman), (Member::Spouse, other.max(21), !woman)]
}

/// Children from two years on: nobody is born after their own case began.
fn children(count: u32, mother: i32, people: &mut Vec<(Member, i32, bool)>, random: &mut Random) {
    let mut age = (mother - random.between(22, 32)).clamp(2, 21);
    for _ in 0..count {
        people.push((Member::Child, age, random.in_thousand(475)));
        age = (age - random.between(1, 6)).max(2);
    }
}

fn with_children(count: u32, woman: bool, random: &mut Random) -> Vec<(Member, i32, bool)> {
    let mut people = with_spouse(random.between(27, 50), woman, random);
    let mother = people.iter().find(|(_, _, woman)| *woman).map_or(30, |(_, age, _)| *age);
    children(count, mother, &mut people, random);
    people
}

fn lone_parent(count: u32, random: &mut Random) -> Vec<(Member, i32, bool)> {
    let parent = random.between(27, 48);
    let mut people = vec![(Member::Head, parent, random.in_thousand(740))];
    children(count, parent, &mut people, random);
    people
}
