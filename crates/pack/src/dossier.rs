//! What a case is handled with besides its course: the papers of its dossier in their order, forms to print before
//! something is done, phrases that are written often, grounds on which it is kept from the board. None of it decides
//! anything: a paper the law demands is demanded by the workflow.

use anmin_casework::workflow::Name;
use anmin_rules::model::Label;
use std::collections::BTreeMap;

/// `dossier.yaml` of a service, over that of the shared pack it takes its course from.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// The papers, in the order in which a dossier is bound.
    pub papers: Vec<Paper>,
    /// Letters that are printed to be filled in by hand, with the steps they are for.
    pub forms: Vec<(Name, Vec<Name>)>,
    /// Phrases by step or act.
    pub phrases: BTreeMap<Name, Vec<Label>>,
    /// Grounds on which a case is never posted.
    pub grounds: Vec<(Name, Label)>,
}

/// A paper of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The kind of evidence, or the letter.
    pub name: Name,
    /// Whether it is a letter of ours.
    pub letter: bool,
    /// Where it comes from.
    pub from: From,
    /// The steps after which it is to be there; none: from the beginning.
    pub after: Vec<Name>,
    /// It belongs there if there is one, and is not wanted.
    pub optional: bool,
    /// One for every adult.
    pub each_adult: bool,
}

/// Where a paper comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The applicant hands it in.
    Applicant,
    /// Whoever handles the case writes it.
    Staff,
    /// Another organ or a source gives it.
    Elsewhere,
    /// The program writes it.
    Program,
}

impl From {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, From); 4] = [
        ("applicant", From::Applicant),
        ("staff", From::Staff),
        ("elsewhere", From::Elsewhere),
        ("program", From::Program),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        From::ALL.iter().find(|(_, from)| *from == self).map_or("", |(name, _)| name)
    }
}
