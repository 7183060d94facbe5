//! What shows of a value: whole, masked or not at all, as the terms of a permit say. Nothing about a person leaves `app`
//! but through a [`Veil`].

use crate::record::case_view::CaseViewV1;
use anmin_authz::authority::Authority;
use anmin_authz::decide::Allowed;
use anmin_authz::mask::Form;

/// The terms under which somebody looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Veil<'a> {
    pub authority: &'a Authority,
    pub allowed: &'a Allowed,
}

impl Veil<'_> {
    /// How a field shows. A field the table does not know is hidden.
    pub fn form(&self, field: &str) -> Form {
        let known = self.authority.field(field);
        known.map_or(Form::Hidden, |field| self.allowed.form(self.authority, field))
    }

    /// The text of a field as it may be seen.
    pub fn text(&self, field: &str, value: &str) -> Option<String> {
        match self.form(field) {
            Form::Whole => Some(value.to_owned()),
            Form::Masked => {
                let id = self.authority.field(field)?;
                self.authority.parts().fields[id.0].masking.map(|masking| masking.apply(value))
            }
            Form::Total | Form::Hidden => None,
        }
    }

    /// Whether a field shows whole.
    pub fn whole(&self, field: &str) -> bool {
        self.form(field) == Form::Whole
    }

    /// Takes out of a case's course what may not be seen.
    pub fn course(&self, course: &mut CaseViewV1) {
        if !self.whole("check_result") {
            for source in course.checks.iter_mut().flat_map(|check| &mut check.sources) {
                source.answer = None;
            }
        }
        if !self.whole("papers") {
            course.evidence.clear();
            course.hearings.clear();
        }
        if !self.whole("informant") {
            course.reports.clear();
            for objection in &mut course.objections {
                objection.objector.clear();
            }
        }
        // Who of the staff is related to whom, and why a case is protected, is for staff.
        if self.allowed.post.is_none() {
            course.bars.clear();
            course.kin = None;
            course.protected = None;
        }
    }
}
