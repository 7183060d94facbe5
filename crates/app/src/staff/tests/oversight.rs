use super::cases::town;
use super::on_both;
use super::world::{Dialect, World, id_in, refused, run, version_in};
use crate::error::Kind;
use crate::jobs::JournalCheckV1;
use crate::oversight::HeldListV1;
use crate::staff::{EndPostV1, RenameAreaV1};
use anmin_store::Id;

on_both! {
    async fn clocks_gaps_and_leavers_are_seen_by_those_whose_duty_it_is(world: &mut World) {
        let town = town(world).await;
        let applicant = world.resident(town.area, 1).await;
        for by in ["wang", "wang", "li"] {
            world.receive(by, town.area, &[applicant]).await;
        }
        let (zhao, wang) = (world.caller("zhao"), world.caller("wang"));
        let clocks = world.office.clocks(&world.order(&zhao)).await.unwrap();
        assert_eq!((clocks.total.going(), clocks.total.nobody, clocks.total.overdue), (3, 0, 0));
        assert_eq!((clocks.towns.len(), clocks.towns[0].name.as_str()), (1, "北镇"));
        let people: Vec<_> = clocks.people.iter().map(|one| (one.name.as_str(), one.cases.going())).collect();
        assert_eq!(people, [("职员li", 1), ("职员wang", 2)], "in the order of names");
        let ask = HeldListV1 { nobody: true, ..HeldListV1::default() };
        assert!(world.office.held_cases(&world.order(&zhao), &ask).await.unwrap().cases.is_empty());
        let theirs = HeldListV1 { person: Some(world.person("wang").to_string()), ..HeldListV1::default() };
        let theirs = HeldListV1 { limit: Some(1), ..theirs };
        let page = world.office.held_cases(&world.order(&zhao), &theirs).await.unwrap();
        assert_eq!((page.cases.len(), page.cases[0].holder.as_ref().map(|one| one.present)), (1, Some(true)));
        let rest = HeldListV1 { after: page.next, ..theirs };
        let rest = world.office.held_cases(&world.order(&zhao), &rest).await.unwrap();
        assert_eq!((rest.cases.len(), rest.next), (1, None));
        assert_ne!(rest.cases[0].case.id, page.cases[0].case.id);
        // A clerk looks after nobody's work.
        assert_eq!(refused(world.office.clocks(&world.order(&wang)).await).kind, Kind::Forbidden);
        assert_eq!(refused(world.office.gaps(&world.order(&wang))).kind, Kind::Forbidden);
        assert!(world.office.leavers(&world.order(&zhao)).await.unwrap().is_empty());

        // Nobody visits in this town, and nobody reviews or confirms for it.
        let gaps = world.office.gaps(&world.order(&zhao)).unwrap();
        let nobody = |duty: &str| gaps.now.iter().any(|gap| gap.kind == "nobody" && gap.duties.iter().any(|d| d.zh.contains(duty)));
        assert!(nobody("调查") && nobody("复核") && nobody("确认"), "{gaps:?}");
        assert!(gaps.now.iter().all(|gap| gap.area_name == "北镇"), "only of one's own area");
        assert!(!gaps.now.iter().any(|gap| gap.duties.iter().any(|duty| duty.zh == "审核")), "somebody gives the opinion");
        let security = world.caller("security");
        let all = world.office.gaps(&world.order(&security)).unwrap();
        assert!(all.now.iter().any(|gap| gap.matter.zh == "发放批次"), "who proposes posts sees all of them");
    }

    async fn a_leaver_is_listed_with_what_they_hold_and_who_could_take_over(world: &mut World) {
        let town = town(world).await;
        let applicant = world.resident(town.area, 1).await;
        let case = world.receive("wang", town.area, &[applicant]).await;
        world.assign(case, "intake", "wang").await;
        world.days(3);
        let security = world.caller("security");
        let posts = world.office.posts(&world.order(&security)).await.unwrap();
        let post = posts.iter().find(|post| post.person == world.person("wang").to_string()).unwrap().clone();
        let last = world.now.on.add_days(-1).to_string();
        let end = EndPostV1 { post: post.post, version: post.version.unwrap(), last, reason: "调离".into() };
        world.office.end_post(&world.order(&security), &end).await.unwrap();
        let zhao = world.caller("zhao");
        let leavers = world.office.leavers(&world.order(&zhao)).await.unwrap();
        assert_eq!((leavers.len(), leavers[0].gone, leavers[0].cases), (1, true, 1));
        let next = world.office.successors(&world.order(&zhao), &world.person("wang").to_string()).unwrap();
        assert_eq!(next.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["职员li"]);
    }

    async fn the_journal_is_checked_by_a_job_that_keeps_what_it_found(world: &mut World) {
        world.bureau().await;
        let (audit, system) = (world.caller("audit"), world.caller("system"));
        let before = world.office.journal(&world.order(&audit)).await.unwrap();
        assert_eq!((before.check, before.has_witness), (None, false));
        let ask = JournalCheckV1 { state: true };
        assert_eq!(refused(world.office.check_journal(&world.order(&system), &ask).await).kind, Kind::Forbidden);
        assert_eq!(refused(world.office.journal(&world.order(&system)).await).kind, Kind::Forbidden);
        world.office.check_journal(&world.order(&audit), &ask).await.unwrap();
        let asked = world.office.journal(&world.order(&audit)).await.unwrap().check.unwrap();
        assert_eq!((asked.under_way, asked.state, asked.report), (true, true, None));
        assert_eq!(world.office.run_due_jobs(world.now, &world.sink(), 100).await.unwrap().failed, []);
        let found = world.office.journal(&world.order(&audit)).await.unwrap().check.unwrap();
        assert_eq!((found.under_way, found.by.as_str()), (false, "管理audit"));
        assert!(found.report.is_some_and(|report| report.sound && report.entries > 0));
        let jobs = world.office.jobs(&world.order(&system)).await.unwrap();
        assert_eq!((jobs.done_count, jobs.waiting_count, jobs.failed_count), (1, 0, 0));
        assert_eq!(jobs.done[0].of, None, "a key that names something stays out");
    }

    async fn administrators_see_states_and_no_person(world: &mut World) {
        world.bureau().await;
        let (system, security) = (world.caller("system"), world.caller("security"));
        let condition = world.office.condition(&world.order(&system)).await.unwrap();
        assert!(condition.bytes > 0 && condition.step == condition.newest, "{condition:?}");
        let keys = world.office.key_files(&world.order(&system)).unwrap();
        assert!(keys.files.iter().all(|file| file.is_there && file.is_closed && file.made_at.is_some()));
        assert_eq!(refused(world.office.condition(&world.order(&security)).await).kind, Kind::Forbidden);
        assert_eq!(refused(world.office.key_files(&world.order(&security))).kind, Kind::Forbidden);
        // Administrators have no relatives to declare; who handles cases has.
        assert!(world.office.declarations(&world.order(&security)).await.unwrap().is_empty());
        let (county, _) = world.seat();
        let area = world.area("北镇", "990100101", county).await;
        let office = world.unit(area, "township_office", &["accepting"]).await;
        world.hire("wang").await;
        world.appoint("wang", office, area, "intake_clerk", &["social_assistance"]).await;
        let declared = world.office.declarations(&world.order(&security)).await.unwrap();
        assert_eq!((declared.len(), declared[0].relatives, declared[0].last), (1, 0, None));
        let roles = world.office.roles().roles;
        let clerk = roles.iter().find(|role| role.role == "intake_clerk").unwrap();
        assert!(clerk.allows.iter().any(|one| one.reach == "assigned") && clerk.delegable);
        assert!(roles.iter().all(|role| role.role != "resident"));
    }

    async fn an_area_gets_another_name_once(world: &mut World) {
        world.bureau().await;
        let (county, _) = world.seat();
        let area = world.area("北镇", "990100101", county).await;
        let (system, security) = (world.caller("system"), world.caller("security"));
        let input = RenameAreaV1 { area: area.to_string(), version: 1, name: "北街道".into() };
        let renamed = world.office.rename_area(&world.order(&system), &input).await.unwrap();
        assert_eq!((id_in(&renamed, "id"), version_in(&renamed)), (area, 2));
        assert_eq!(world.office.area_called(area.0), "北街道");
        assert_eq!(refused(world.office.rename_area(&world.order(&system), &input).await).kind, Kind::Conflict);
        let empty = RenameAreaV1 { version: 2, name: " ".into(), ..input.clone() };
        assert_eq!(refused(world.office.rename_area(&world.order(&system), &empty).await).fields[0].at, "name");
        assert_eq!(refused(world.office.rename_area(&world.order(&security), &input).await).kind, Kind::Forbidden);
        assert_ne!(Id(area.0), county);
    }
}
