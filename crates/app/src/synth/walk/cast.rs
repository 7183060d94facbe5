//! Who handles one case.

use crate::synth::lead::Lead;
use crate::synth::people::Home;
use crate::synth::staff::Staff;
use crate::synth::world::World;

/// Staff by number, each part another's where duties exclude each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast {
    pub clerk: usize,
    pub investigator: usize,
    /// Who comes second on a visit.
    pub second: usize,
    pub examiner: usize,
    pub appraiser: usize,
    pub reviewer: usize,
    pub second_reviewer: usize,
    pub confirmer: usize,
    pub checker: usize,
}

impl Cast {
    pub fn of(world: &World, home: &Home, case: u32) -> Cast {
        let staff = &world.staff;
        // Those to be told of are all handled by the first of each, who are told of too.
        let case = if Lead::of_case(&world.plan, case).is_some() { 0 } else { case };
        let hall = &staff.halls[home.town];
        let village = world.county.towns[home.town].villages.iter().position(|area| *area == home.area);
        Cast {
            clerk: Staff::turn(&hall.clerks, case, 0),
            investigator: Staff::turn(&hall.investigators, case, 0),
            second: Staff::turn(&hall.investigators, case, 1),
            examiner: Staff::turn(&hall.examiners, case, 0),
            appraiser: hall.appraisers[village.unwrap_or(0)],
            reviewer: Staff::turn(&staff.reviewers, case, 0),
            second_reviewer: Staff::turn(&staff.reviewers, case, 1),
            confirmer: Staff::turn(&staff.confirmers, case, 0),
            checker: Staff::turn(&staff.checkers, case, 0),
        }
    }
}
