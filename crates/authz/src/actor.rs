//! Who acts: a person, as what they have signed in, with their posts and papers.

use crate::authority::{Capacity, SubjectId};
use crate::break_glass::BreakGlass;
use crate::id::{AreaId, ContractId, Days, LoginId, MatterId, Moment, PaperId, PersonId};
use crate::post::Post;

/// Who acts.
///
/// One person may be staff and a resident; a session is one of them. On staff pages nobody acts in their own affairs,
/// and on residents' pages no post counts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person. Duties and relatives go by the person.
    pub person: PersonId,
    /// What they signed in with.
    pub login: LoginId,
    /// As what they signed in.
    pub capacity: Capacity,
    /// Their posts, whatever the days; those of another person count for nothing.
    pub posts: Vec<Post>,
    /// Tickets made out to them.
    pub tickets: Vec<Ticket>,
    /// Agreements a partner's machine exchanges under.
    pub contracts: Vec<ContractId>,
    /// When the second factor was last shown.
    pub stepped_up: Option<Moment>,
    /// How often they have done today what is rationed.
    pub rationed_today: u16,
    /// A glass they have broken.
    pub break_glass: Option<BreakGlass>,
}

/// A dated paper that lets somebody look into what they otherwise would not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The paper.
    pub id: PaperId,
    /// Who it is made out to.
    pub person: PersonId,
    /// Who issued it: somebody else.
    pub issued_by: PersonId,
    /// The area, with all below.
    pub area: AreaId,
    /// The lines of work.
    pub subjects: Vec<SubjectId>,
    /// One matter only, if said.
    pub matter: Option<MatterId>,
    /// The days.
    pub days: Days,
}

impl Actor {
    /// A person in their own affairs.
    pub fn resident(person: PersonId, login: LoginId) -> Self {
        Actor::new(person, login, Capacity::Resident, Vec::new())
    }

    /// A person on their posts.
    pub fn staff(person: PersonId, login: LoginId, posts: Vec<Post>) -> Self {
        Actor::new(person, login, Capacity::Staff, posts)
    }

    /// A partner's machine.
    pub fn interface(person: PersonId, login: LoginId, posts: Vec<Post>, contracts: Vec<ContractId>) -> Self {
        Actor { contracts, ..Actor::new(person, login, Capacity::Interface, posts) }
    }

    fn new(person: PersonId, login: LoginId, capacity: Capacity, posts: Vec<Post>) -> Self {
        Actor {
            person,
            login,
            capacity,
            posts,
            tickets: Vec::new(),
            contracts: Vec::new(),
            stepped_up: None,
            rationed_today: 0,
            break_glass: None,
        }
    }
}
