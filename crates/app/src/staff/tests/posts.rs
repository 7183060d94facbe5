use super::on_both;
use super::world::{Dialect, World, id_in, refused, run, version_in};
use crate::error::{Kind, Result};
use crate::staff::{DelegateV1, EndPostV1, RefusePostV1, RenewPostV1};
use anmin_authz::id::PersonId;
use anmin_store::{Command, Find, Id, Refusal, Rule, Scope, Value, table};

const AID: &[&str] = &["social_assistance"];

/// A county with one town, its offices, and two clerks without posts.
async fn town(world: &mut World) -> (Id, Id) {
    world.bureau().await;
    let (county, _) = world.seat();
    let town = world.area("北镇", "990100101", county).await;
    let office = world.unit(town, "township_office", &["accepting"]).await;
    world.hire("wang").await;
    world.hire("li").await;
    (town, office)
}

async fn approve(world: &World, by: &str, post: Id, version: i64) -> Result<Vec<u8>> {
    let caller = world.caller(by);
    world.office.approve_post(&world.order(&caller), post, version).await
}

fn counts(world: &World, name: &str) -> usize {
    world.office.posts_in_force(PersonId(world.person(name).0), world.now).len()
}

fn end(post: Id, version: i64, last: &str) -> EndPostV1 {
    EndPostV1 { post: post.to_string(), version, last: last.into(), reason: "调离".into() }
}

on_both! {
    async fn one_proposes_another_approves_and_the_holder_signs_in_anew(world: &mut World) {
        let (town, office) = town(world).await;
        let token = world.enter("wang").await.token;
        let terms = world.terms(office, town, "intake_clerk", AID, world.now.on.add_days(300));
        let proposed = world.propose("security", "wang", terms).await.unwrap();
        let post = id_in(&proposed, "id");
        assert_eq!(counts(world, "wang"), 0);
        world.office.caller(&token, world.now).await.unwrap();

        let own = refused(approve(world, "security", post, 1).await);
        assert_eq!((own.kind, own.code.as_str()), (Kind::Forbidden, "same_hands"));
        for other in ["system", "audit", "wang"] {
            assert_eq!(refused(approve(world, other, post, 1).await).kind, Kind::Forbidden, "{other}");
        }
        let mut long_ago = world.caller("security2");
        long_ago.stepped_up = Some(world.now.at.plus(-301_000));
        let asked = refused(world.office.approve_post(&world.order(&long_ago), post, 1).await);
        assert_eq!(asked.code, "step_up");

        let approved = approve(world, "security2", post, version_in(&proposed)).await.unwrap();
        assert_eq!(counts(world, "wang"), 1);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        let twice = refused(approve(world, "security2", post, version_in(&approved)).await);
        assert_eq!((twice.kind, twice.code.as_str()), (Kind::Conflict, "post_settled"));
        let lines = world.office.posts(&world.order(&world.caller("security"))).await.unwrap();
        let line = lines.iter().find(|line| line.post == post.to_string()).unwrap();
        assert_eq!((line.name.as_deref(), line.state.as_str()), (Some("职员wang"), "approved"));
    }

    async fn nobody_proposes_or_approves_for_themself(world: &mut World) {
        world.bureau().await;
        let (county, bureau) = world.seat();
        let terms = world.terms(bureau, county, "supervisor", AID, world.now.on.add_days(30));
        let own = refused(world.propose("security", "security", terms.clone()).await);
        assert_eq!((own.kind, own.code.as_str()), (Kind::Forbidden, "own_case"));
        // Proposed by one for the other, it has nobody left who could approve it.
        let terms = world.terms(bureau, county, "security_admin", &[], world.now.on.add_days(30));
        let proposed = world.propose("security", "security2", terms).await.unwrap();
        let post = id_in(&proposed, "id");
        for by in ["security", "security2"] {
            assert_eq!(refused(approve(world, by, post, 1).await).kind, Kind::Forbidden, "{by}");
        }
    }

    async fn four_eyes_are_kept_by_the_database_too(world: &mut World) {
        let (town, office) = town(world).await;
        let terms = world.terms(office, town, "intake_clerk", AID, world.now.on.add_days(300));
        let post = id_in(&world.propose("security", "wang", terms).await.unwrap(), "id");
        let caller = world.caller("security");
        let scope: Scope = world.office.staff_scope(&world.order(&caller), "login_manage").unwrap();
        for approver in [Some("security"), Some("wang"), None] {
            let command =
                Command { scope: &scope, name: "by_hand", purpose: "test", at: world.now.at, request: None };
            let mut work = world.office.store().begin_job(command).await.unwrap();
            let row = work.find(&Find::one(&table::POST, post)).await.unwrap().pop().unwrap();
            let approver = approver.map_or(Value::Null, |name| Value::from(world.person(name)));
            let row = row.with("state", "approved").with("approved_by", approver);
            match work.update_if(row).await {
                Err(anmin_store::Error::Refusal(Refusal::Rule { kind: Rule::Check, .. })) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn what_is_wrong_with_a_post_is_said_in_plain_words(world: &mut World) {
        let (town, office) = town(world).await;
        let (county, bureau) = world.seat();
        let good = world.terms(office, town, "intake_clerk", AID, world.now.on.add_days(300));
        let cases = [
            (crate::staff::PostTermsV1 { role: "king".into(), ..good.clone() }, "没有这个角色"),
            (crate::staff::PostTermsV1 { to: "2028-01-01".into(), ..good.clone() }, "任期最长一年"),
            (crate::staff::PostTermsV1 { area: county.to_string(), ..good.clone() }, "区域须在单位"),
            (crate::staff::PostTermsV1 { unit: bureau.to_string(), ..good.clone() }, "不设在民政局"),
            (crate::staff::PostTermsV1 { subjects: vec![], ..good.clone() }, "至少写明一项业务"),
            (crate::staff::PostTermsV1 { subjects: vec!["magic".into()], ..good.clone() }, "没有这项业务"),
            (crate::staff::PostTermsV1 { from: "昨天".into(), ..good.clone() }, ""),
        ];
        for (terms, said) in cases {
            let refusal = refused(world.propose("security", "wang", terms).await);
            assert!(refusal.fields.iter().any(|f| f.zh.contains(said)), "{said}: {:?}", refusal.fields);
            assert!(refusal.fields.iter().all(|f| !f.en.is_empty()));
        }
        let terms = crate::staff::PostTermsV1 { unit: Id(9).to_string(), ..good };
        assert_eq!(refused(world.propose("security", "wang", terms).await).kind, Kind::NotFound);
    }

    async fn administrators_hold_no_other_post(world: &mut World) {
        let (town, office) = town(world).await;
        let terms = world.terms(office, town, "intake_clerk", AID, world.now.on.add_days(30));
        let refusal = refused(world.propose("security", "system", terms.clone()).await);
        assert!(refusal.fields[0].zh.contains("不能兼任"), "{:?}", refusal.fields);
        world.propose("security", "wang", terms.clone()).await.unwrap();
        let (county, bureau) = world.seat();
        let other = world.terms(bureau, county, "audit_admin", &[], world.now.on.add_days(30));
        assert!(refused(world.propose("security", "wang", other).await).fields[0].en.contains("together"));
        let examiner = crate::staff::PostTermsV1 { role: "examiner".into(), ..terms };
        world.propose("security", "wang", examiner).await.unwrap();
    }

    async fn a_post_ended_early_gives_nothing_at_once(world: &mut World) {
        let (town, office) = town(world).await;
        let post = world.appoint("wang", office, town, "intake_clerk", AID).await;
        world.days(5);
        let token = world.enter("wang").await.token;
        let caller = world.caller("security");
        let order = world.order(&caller);
        let yesterday = world.now.on.add_days(-1);
        let before = end(post, 2, &yesterday.add_days(-1).to_string());
        assert_eq!(refused(world.office.end_post(&order, &before).await).fields[0].at, "last");
        let stale = end(post, 1, &yesterday.to_string());
        assert_eq!(refused(world.office.end_post(&order, &stale).await).kind, Kind::Conflict);
        world.office.end_post(&order, &end(post, 2, &yesterday.to_string())).await.unwrap();
        assert_eq!(counts(world, "wang"), 0);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        // One that has not begun never does.
        let post = world.appoint("li", office, town, "intake_clerk", AID).await;
        let order = world.order(&caller);
        let done = world.office.end_post(&order, &end(post, 2, &yesterday.to_string())).await.unwrap();
        assert!(String::from_utf8_lossy(&done).contains("refused"));
        assert_eq!(counts(world, "li"), 0);
    }

    async fn a_proposal_is_refused_by_another_or_taken_back(world: &mut World) {
        let (town, office) = town(world).await;
        let terms = world.terms(office, town, "intake_clerk", AID, world.now.on.add_days(300));
        for by in ["security", "security2"] {
            let post = id_in(&world.propose("security", "wang", terms.clone()).await.unwrap(), "id");
            let caller = world.caller(by);
            let refuse = RefusePostV1 { post: post.to_string(), version: 1, reason: "暂不需要".into() };
            world.office.refuse_post(&world.order(&caller), &refuse).await.unwrap();
            assert_eq!(refused(approve(world, "security2", post, 2).await).code, "post_settled");
            let blank = RefusePostV1 { reason: "  ".into(), ..refuse };
            assert_eq!(refused(world.office.refuse_post(&world.order(&caller), &blank).await).fields[0].at, "reason");
        }
    }

    async fn a_renewal_begins_after_the_old_days_and_is_approved_like_any(world: &mut World) {
        let (town, office) = town(world).await;
        let post = world.appoint("wang", office, town, "intake_clerk", AID).await;
        let caller = world.caller("security");
        let last = world.now.on.add_days(300);
        let renew = |to: anmin_base::date::Date| RenewPostV1 { post: post.to_string(), to: to.to_string() };
        let long = world.office.renew_post(&world.order(&caller), &renew(last.add_days(400))).await;
        assert!(refused(long).fields[0].zh.contains("最长一年"));
        let renewed = world.office.renew_post(&world.order(&caller), &renew(last.add_days(200))).await.unwrap();
        approve(world, "security2", id_in(&renewed, "id"), 1).await.unwrap();
        world.days(300);
        assert_eq!(counts(world, "wang"), 1);
        world.days(1);
        assert_eq!(counts(world, "wang"), 1);
        world.days(200);
        assert_eq!(counts(world, "wang"), 0);
    }

    async fn a_delegation_stays_within_its_post_and_ends_with_it(world: &mut World) {
        let (town, office) = town(world).await;
        let post = world.appoint("wang", office, town, "examiner", AID).await;
        let caller = world.caller("wang");
        let order = world.order(&caller);
        let colleagues = world.office.colleagues(&order).await.unwrap();
        assert!(colleagues.iter().any(|c| c.name == "职员wang"), "{colleagues:?}");
        let today = world.now.on;
        let give = |to: &str, last: i32| DelegateV1 {
            post: post.to_string(),
            person: world.person(to).to_string(),
            area: None,
            subjects: None,
            from: today.to_string(),
            to: today.add_days(last).to_string(),
        };
        assert_eq!(refused(world.office.delegate_post(&order, &give("wang", 5)).await).kind, Kind::Forbidden);
        let long = refused(world.office.delegate_post(&order, &give("li", 301)).await);
        assert!(long.fields[0].zh.contains("原岗位的任期"));
        let token = world.people["li"].token.clone();
        let given = world.office.delegate_post(&order, &give("li", 10)).await.unwrap();
        assert_eq!(counts(world, "li"), 1);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
        let lis = world.caller("li");
        let again = DelegateV1 { post: id_in(&given, "id").to_string(), ..give("audit", 5) };
        assert!(refused(world.office.delegate_post(&world.order(&lis), &again).await).fields[0].zh.contains("不能再委托"));
        let not_own = refused(world.office.delegate_post(&world.order(&lis), &give("audit", 5)).await);
        assert_eq!(not_own.kind, Kind::NotFound);

        // Taken back; then given again, and gone with the post it was cut from.
        let back = world.office.take_back(&order, id_in(&given, "id"), version_in(&given)).await.unwrap();
        assert!(String::from_utf8_lossy(&back).contains("refused"));
        assert_eq!(counts(world, "li"), 0);
        world.office.delegate_post(&order, &give("li", 10)).await.unwrap();
        world.days(3);
        let token = world.enter("li").await.token;
        assert_eq!(counts(world, "li"), 1);
        let security = world.caller("security");
        let yesterday = world.now.on.add_days(-1).to_string();
        world.office.end_post(&world.order(&security), &end(post, 2, &yesterday)).await.unwrap();
        assert_eq!(counts(world, "li"), 0);
        assert_eq!(refused(world.office.caller(&token, world.now).await).kind, Kind::SignIn);
    }
}
