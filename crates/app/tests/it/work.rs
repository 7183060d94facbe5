//! The list of work: tabs by duty, whom a search means, what is kept for oneself, the spreadsheet, one step for several
//! cases; and the numbers of a county. On both databases; at the end the journal and the rows agree.

use crate::county::*;
use crate::way::*;
use anmin_app::case::{ChangedV1, ListV1};
use anmin_app::dashboard::DashboardAskV1;
use anmin_app::error::Kind;
use anmin_app::office::Order;
use anmin_app::staff::DoneV1;
use anmin_app::work::{BulkWantV1, LayoutV1, NewFilterV1};
use anmin_base::document::Lang;
use anmin_store::{EXPORTED, Id};
use std::collections::BTreeMap;

on_both! {
    tabs_are_those_of_the_duties_one_has,
    a_case_is_found_by_whoever_is_in_it,
    what_is_kept_is_one_s_own,
    a_spreadsheet_has_what_the_filter_lists_and_is_noted,
    one_step_for_several_is_tried_first_and_done_once,
    the_numbers_of_a_county_are_those_of_its_cases,
}

async fn tabs(county: &County, who: Id) -> BTreeMap<String, i64> {
    let caller = staff(who);
    let queues = done(county.office.queues(&county.order(&caller, day(2))).await);
    queues.into_iter().map(|queue| (queue.name, queue.count)).collect()
}

async fn tabs_are_those_of_the_duties_one_has(county: &County) {
    Way::begin(county).await;
    let examiner = tabs(county, EXAMINER).await;
    assert_eq!((examiner["all"], examiner["inquiry"], examiner["opinion"], examiner["late"]), (1, 0, 0, 0));
    assert!(!examiner.contains_key("decision"), "{examiner:?}");
    let clerk = tabs(county, CLERK).await;
    assert_eq!((clerk["intake"], clerk["mine"]), (1, 1));
    assert!(!clerk.contains_key("opinion"), "{clerk:?}");
    let confirmer = tabs(county, CONFIRMER).await;
    assert_eq!((confirmer["decision"], confirmer["all"]), (0, 1));
    let caller = staff(CLERK);
    let ask = ListV1 { queue: Some("decision".into()), ..ListV1::default() };
    let refused = refused(county.office.list_cases(&county.order(&caller, day(2)), &ask).await);
    assert_eq!(refused.fields[0].at, "queue", "a tab of another duty is not there");
}

async fn a_case_is_found_by_whoever_is_in_it(county: &County) {
    let way = Way::begin(county).await;
    let caller = staff(EXAMINER);
    let found = async |who: &str| {
        let ask = ListV1 { who: Some(who.into()), ..ListV1::default() };
        done(county.office.list_cases(&county.order(&caller, day(2)), &ask).await).cases.len()
    };
    let number = done(county.office.show_case(&county.order(&caller, day(2)), way.case).await).number;
    // The applicant 张三, the spouse 李四, the child 张小.
    for (who, cases) in [
        ("张", 1),
        ("张三", 1),
        ("李四", 1),
        ("王", 0),
        ("zs", 1),
        ("ZS", 1),
        ("ls", 1),
        ("zhangs", 1),
        ("zq", 0),
        (number.as_str(), 1),
        ("2026-0000-0000-000", 0),
    ] {
        assert_eq!(found(who).await, cases, "{who}");
    }
    let ask = |who: &str| ListV1 { who: Some(who.into()), ..ListV1::default() };
    let one = refused(county.office.list_cases(&county.order(&caller, day(2)), &ask("z")).await);
    assert_eq!(one.fields[0].at, "who", "one letter would list half the county");
    let head = county.office.list_cases(&county.order(&caller, day(2)), &ask("110101199003078515")).await;
    assert_eq!(done(head).cases.len(), 0, "another's number finds nothing");
    // Somebody of the next town does not find them.
    let far = staff(FAR_CLERK);
    assert_eq!(
        done(county.office.list_cases(&county.order(&far, day(2)), &ask("张三")).await).cases.len(),
        0
    );
}

async fn what_is_kept_is_one_s_own(county: &County) {
    let (one, other) = (staff(EXAMINER), staff(REVIEWER));
    let late = ListV1 { mark: Some("overdue".into()), who: Some("张三".into()), ..ListV1::default() };
    let input = NewFilterV1 { name: "超期的".into(), filter: late };
    let made: DoneV1 = read(&done(county.office.keep_filter(&county.order(&one, day(2)), &input).await));
    let views = done(county.office.work_views(&county.order(&one, day(2))).await);
    assert_eq!((views.filters.len(), views.filters[0].name.as_str()), (1, "超期的"));
    assert_eq!(views.filters[0].filter.who, None, "whom somebody looked for is not kept");
    assert_eq!(views.filters[0].filter.mark.as_deref(), Some("overdue"));
    let again = NewFilterV1 { filter: ListV1::default(), ..input };
    done(county.office.keep_filter(&county.order(&one, day(2)), &again).await);
    let views = done(county.office.work_views(&county.order(&one, day(2))).await);
    assert_eq!((views.filters.len(), views.filters[0].filter.mark.clone()), (1, None), "one of a name");

    let filter = Id::parse(&made.id).unwrap();
    assert_eq!(done(county.office.work_views(&county.order(&other, day(2))).await).filters, []);
    let not = refused(county.office.remove_filter(&county.order(&other, day(2)), filter).await);
    assert_eq!(not.kind, Kind::NotFound, "another's filter is not there");
    done(county.office.remove_filter(&county.order(&one, day(2)), filter).await);
    assert_eq!(done(county.office.work_views(&county.order(&one, day(2))).await).filters, []);

    let layout = |columns: &[&str]| LayoutV1 {
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        density: "tight".into(),
        rows: 50,
    };
    for columns in [&["name"][..], &["number", "secret"], &["number", "number"]] {
        let flaw = refused(county.office.keep_layout(&county.order(&one, day(2)), &layout(columns)).await);
        assert_eq!(flaw.fields[0].at, "columns", "{columns:?}");
    }
    done(county.office.keep_layout(&county.order(&one, day(2)), &layout(&["number", "state"])).await);
    done(county.office.keep_layout(&county.order(&one, day(2)), &layout(&["number", "name"])).await);
    let views = done(county.office.work_views(&county.order(&one, day(2))).await);
    assert_eq!(views.layout, Some(layout(&["number", "name"])));
    county.is_true(day(2)).await;
}

async fn a_spreadsheet_has_what_the_filter_lists_and_is_noted(county: &County) {
    let way = Way::begin(county).await;
    Way::begin(county).await;
    let caller = staff(EXAMINER);
    let number = done(county.office.show_case(&county.order(&caller, day(2)), way.case).await).number;
    let ask = ListV1 { number: Some(number.clone()), ..ListV1::default() };
    let columns = ["number".to_owned(), "name".to_owned()];
    let order = county.order(&caller, day(2));
    let bytes = done(county.office.export_cases(&order, &ask, &columns, Lang::Zh).await);
    let rows = anmin_sheet::read::table(&bytes).expect("a sheet");
    let told = format!("{:?}", rows.rows);
    assert!(told.contains(&number) && told.contains("张三"), "{told}");
    let own = resident(way.people[0]);
    let log = done(county.office.own_access_log(&county.order(&own, day(2)), None).await);
    let noted = log.looks.iter().any(|look| look.what.iter().any(|what| what.en.contains("spreadsheet")));
    assert!(noted, "{EXPORTED}: {log:?}");
}

async fn one_step_for_several_is_tried_first_and_done_once(county: &County) {
    let (one, two) = (Way::begin(county).await, Way::begin(county).await);
    let caller = staff(EXAMINER);
    let cases = [one.case, two.case];
    let told = done(county.office.bulk_offers(&county.order(&caller, day(2)), &cases).await);
    assert_eq!(told.cases.len(), 2);
    let offer = told.offers.iter().find(|offer| offer.step.name == "assign").expect("the command");
    assert_eq!(offer.cases, 2);
    assert!(told.offers.iter().all(|offer| !offer.step.name.contains("propose")), "{:?}", told.offers);
    let form = done(county.office.bulk_form(&county.order(&caller, day(2)), one.case, "assign").await);
    let fields: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((fields.as_slice(), form.wants_why), (&["with.duty", "with.person"][..], true));
    let answers = BTreeMap::from([
        ("with.duty".to_owned(), vec!["investigate".to_owned()]),
        ("with.person".to_owned(), vec![INVESTIGATOR.to_string()]),
    ]);
    let want = BulkWantV1 { step: "assign".into(), answers, why: Some("按片区分工".into()) };
    let tried = county.order(&caller, day(2));
    done(county.office.bulk_one(&tried, one.case, one.version.get(), &want, true).await);
    let before = done(county.office.show_case(&county.order(&caller, day(2)), one.case).await);
    assert_eq!(before.version, one.version.get(), "what was only tried is not kept");

    let key = done(county.office.request_key("assign"));
    let first = async || {
        let order = Order { request: Some((&key, b"one")), ..county.order(&caller, day(2)) };
        county.office.bulk_one(&order, one.case, one.version.get(), &want, false).await
    };
    let changed: ChangedV1 = read(&done(first().await));
    assert_eq!(changed.version, one.version.get() + 1);
    let again: ChangedV1 = read(&done(first().await));
    assert_eq!(again, changed, "the same key gives the first result, and nothing is done twice");
    let stale = county.order(&caller, day(2));
    let late = refused(county.office.bulk_one(&stale, one.case, one.version.get(), &want, false).await);
    assert_eq!(late.code, "stale_version", "who was first is told");

    let opinion = BulkWantV1 { step: "propose_grant".into(), ..BulkWantV1::default() };
    let order = county.order(&caller, day(2));
    let not = refused(county.office.bulk_one(&order, two.case, two.version.get(), &opinion, false).await);
    assert_eq!(not.code, "one_by_one", "nobody approves all");
    county.is_true(day(2)).await;
}

async fn the_numbers_of_a_county_are_those_of_its_cases(county: &County) {
    let way = Way::begin(county).await;
    way.granted().await;
    Way::begin(county).await;
    let reviewer = staff(REVIEWER);
    let ask = DashboardAskV1::default();
    let seen = done(county.office.dashboard(&county.order(&reviewer, day(19)), &ask).await);
    assert_eq!((seen.area.name.as_str(), seen.lists, seen.least), ("示例县", true, None));
    let names: Vec<&str> = seen.places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["东镇", "西镇", "示例县"]);
    assert_eq!((seen.cases.total, seen.cases.by_place.clone()), (Some(2), vec![Some(2), Some(0), Some(0)]));
    let states: Vec<(&str, Option<i64>)> =
        seen.states.iter().map(|line| (line.state.as_str(), line.counts.total)).collect();
    assert_eq!(states, [("received", Some(1)), ("granted", Some(1))]);
    assert_eq!(seen.paid.len(), 12);
    let sheet = county.office.dashboard_sheet(&county.order(&reviewer, day(19)), &ask, Lang::Zh).await;
    assert!(done(sheet).starts_with(b"PK"));
    // A township has its villages; another's numbers are not told.
    let examiner = staff(EXAMINER);
    let town = done(county.office.dashboard(&county.order(&examiner, day(19)), &ask).await);
    assert_eq!((town.area.name.as_str(), town.cases.by_place[0]), ("东镇", Some(2)));
    let other = DashboardAskV1 { area: Some(OTHER_TOWN.to_string()) };
    refused(county.office.dashboard(&county.order(&examiner, day(19)), &other).await);
    let clerk = staff(CLERK);
    let not = refused(county.office.dashboard(&county.order(&clerk, day(19)), &ask).await);
    assert_eq!(not.kind, Kind::Forbidden);
}
