//! Who can take on a duty in a case: staff in force whose post has it and reaches the case, without bar.

use super::Here;
use super::field::FormChoiceV1;
use crate::record::TextV1;
use anmin_authz::id::{AreaId, PersonId};
use anmin_casework::workflow::Name;
use anmin_store::Id;

impl Here<'_> {
    /// Those who may take one of these duties, by what they are: to visit, to be assigned.
    pub fn hands(&self, duties: &[Name], acts: &[&str]) -> Vec<FormChoiceV1> {
        let authority = self.office.authority();
        let rights = self.office.rights();
        let on = self.order.now.on;
        let file = self.file();
        let case_area = file.record.link("area").map(|id| AreaId(id.0));
        let line: Vec<AreaId> =
            case_area.map(|area| rights.areas.line(area, on).collect()).unwrap_or_default();
        let actions: Vec<_> = duties
            .iter()
            .filter_map(|duty| authority.duty(duty))
            .flat_map(|duty| {
                let named = acts.iter().flat_map(move |act| authority.actions_for(Some(duty), act));
                match acts.is_empty() {
                    true => authority.actions_taking(duty).collect::<Vec<_>>(),
                    false => named.collect(),
                }
            })
            .collect();
        let barred = |person: &PersonId| {
            let id = super::super::may::case_person(*person);
            file.case.bar(&id).is_some() || file.case.adults.contains(&id)
        };
        let mut found: Vec<(usize, FormChoiceV1)> = Vec::new();
        for (person, posts) in &rights.posts {
            if barred(person) {
                continue;
            }
            let fits = posts.iter().filter(|post| post.is_in_force(&rights.areas, on)).find_map(|post| {
                let near = line.iter().position(|area| *area == post.area())?;
                let may =
                    actions.iter().any(|action| authority.permits(post.role(), *action).next().is_some());
                may.then_some((near, post))
            });
            let Some((near, post)) = fits else { continue };
            let name = rights.name_of(*person).unwrap_or_default();
            let role = &authority.parts().roles[post.role().0].named;
            let place = rights.unit_name(post.unit());
            let label =
                TextV1 { zh: format!("{name}（{}）", role.zh), en: format!("{name} ({})", role.en) };
            let choice = FormChoiceV1::new(Id(person.0).to_string(), label).hint(place, place);
            found.push((near, choice));
        }
        found.sort_by(|a, b| (a.0, &a.1.label.zh).cmp(&(b.0, &b.1.label.zh)));
        found.into_iter().map(|(_, choice)| choice).collect()
    }
}
