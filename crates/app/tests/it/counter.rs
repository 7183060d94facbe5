//! What only a counter has: several pages at once, a proxy, what the registers know, sheets that are scanned together.

use crate::county::*;
use anmin_app::applications::{
    ApplicationV1, DraftDoneV1, ManyPagesV1, OnePageV1, PROXY_PAPER, PaperHandedV1, PaperPlaceV1,
    ProxyBasisV1, ProxyV1, ScreenV1, SetProxyV1, SignOnPaperV1, SignatureV1, StartApplicationV1, SubmittedV1,
    VersionV1,
};
use anmin_app::asking::{InputV1, ListedV1, PersonEnteredV1, StateV1};
use anmin_app::office::Caller;
use anmin_app::people::{EnteredV1, NewPersonV1};
use anmin_base::date::Date;
use anmin_store::Id;
use std::collections::BTreeMap;

on_both! {
    a_family_is_entered_a_section_at_a_time,
    the_same_person_is_not_begun_twice,
    whom_the_register_has_is_known,
    only_a_counter_sees_its_drafts,
}

const SCAN: &[u8] = b"%PDF-1.7 sheets that were signed\n%%EOF\n";

struct Desk<'a> {
    county: &'a County,
    who: Caller,
    id: Id,
}

impl Desk<'_> {
    async fn begin(county: &County, input: StartApplicationV1) -> Desk<'_> {
        let who = staff(CLERK);
        let bytes = done(county.office.start_application(&county.order(&who, TODAY), input).await);
        let id = Id::parse(&read::<DraftDoneV1>(&bytes).application).unwrap();
        Desk { county, who, id }
    }

    async fn seen(&self) -> ApplicationV1 {
        done(self.county.office.show_application(&self.county.order(&self.who, TODAY), self.id).await)
    }

    async fn screen(&self, section: &str, more: usize) -> ScreenV1 {
        let order = self.county.order(&self.who, TODAY);
        done(self.county.office.show_screen(&order, self.id, section, more).await)
    }

    async fn save(&self, pages: Vec<OnePageV1>, partly: bool) -> anmin_app::error::Result<Vec<u8>> {
        let version = self.seen().await.version;
        let input = ManyPagesV1 { version, pages, partly };
        self.county.office.save_pages(&self.county.order(&self.who, TODAY), self.id, input).await
    }

    /// Plain answers to everything a section asks, of whoever is there.
    async fn plain(&self, section: &str) -> Vec<OnePageV1> {
        let own = self.seen().await.applicant;
        let screen = self.screen(section, 0).await;
        let mut all = Vec::new();
        for one in screen.pages.iter().filter(|one| one.state != StateV1::Done) {
            let mut page = OnePageV1 {
                page: one.page.place.page.clone(),
                element: one.page.place.element.clone(),
                ..OnePageV1::default()
            };
            if one.page.kind == "list" {
                page.list = Some(vec![]);
            }
            for question in one.page.questions.iter().filter(|q| q.state != StateV1::Hidden && !q.optional) {
                let plain = match question.input {
                    InputV1::YesNo => "false".to_owned(),
                    InputV1::Choice
                        if question.name == "relation" && page.element.as_deref() != Some(&own) =>
                    {
                        "child".to_owned()
                    }
                    InputV1::Choice => question.choices[0].value.clone(),
                    InputV1::Day => "2020-01-01".to_owned(),
                    _ => "0".to_owned(),
                };
                if question.state != StateV1::CannotStartYet {
                    page.values.insert(question.name.clone(), plain);
                }
            }
            all.push(page);
        }
        all
    }

    async fn rest(&self) {
        for round in 0.. {
            assert!(round < 60, "the form comes to no end");
            let seen = self.seen().await;
            let open = seen.sheet.sections.iter();
            let open =
                open.filter(|s| !matches!(s.state, StateV1::Done | StateV1::Hidden)).map(|s| s.name.clone());
            let Some(section) = open.into_iter().next() else { return };
            let pages = self.plain(&section).await;
            assert!(!pages.is_empty(), "{:?}", seen.sheet.sections);
            done(self.save(pages, false).await);
        }
    }
}

fn start(county: &County, name: &str, number: &str) -> StartApplicationV1 {
    StartApplicationV1 {
        service: county.service(),
        name: Some(name.into()),
        number: Some(number.into()),
        area: Some(VILLAGE.to_string()),
        ..StartApplicationV1::default()
    }
}

fn proxy(name: &str, number: &str) -> ProxyV1 {
    ProxyV1 { name: name.into(), number: number.into(), phone: String::new(), basis: ProxyBasisV1::Written }
}

fn number(county: &County, birth: Date) -> String {
    county.entry("某", birth).number
}

/// Somebody the register has, with their number.
async fn registered(county: &County, name: &str, birth: Date) -> (Id, String) {
    let entry = county.entry(name, birth);
    let number = entry.number.clone();
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry };
    let entered: EnteredV1 =
        read(&done(county.office.enter_person(&county.order(&staff(CLERK), TODAY), input).await));
    (Id::parse(&entered.person).unwrap(), number)
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A name with a rare character, a number read in full width, a proxy; three people and all about them in one go; sheets
/// scanned together; handed in.
async fn a_family_is_entered_a_section_at_a_time(county: &County) {
    let (own, other) = (number(county, Date::ymd(1950, 4, 4)), number(county, Date::ymd(1975, 5, 5)));
    let clerk = staff(CLERK);
    let wrong_check =
        StartApplicationV1 { number: Some("999999194609150021".into()), ..start(county, "𠮷田", "") };
    let told = refused(county.office.start_application(&county.order(&clerk, TODAY), wrong_check).await);
    assert_eq!(told.fields[0].at, "number");
    let nobody = StartApplicationV1 { proxy: Some(proxy(" ", "12")), ..start(county, "𠮷田", &own) };
    let told = refused(county.office.start_application(&county.order(&clerk, TODAY), nobody).await);
    let at: Vec<&str> = told.fields.iter().map(|field| field.at.as_str()).collect();
    assert_eq!(at, ["proxy.number", "proxy.name"]);
    let wide: String = own.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    let input =
        StartApplicationV1 { proxy: Some(proxy("周代办", &other)), ..start(county, "𠮷田", &wide) };
    let desk = Desk::begin(county, input).await;
    let seen = desk.seen().await;
    assert_eq!((seen.line.name.as_str(), seen.proxy.as_ref().unwrap().name.as_str()), ("𠮷田", "周代办"));
    let screen = desk.screen("people", 2).await;
    let key = seen.applicant.clone();
    let places: Vec<String> = screen
        .pages
        .iter()
        .filter(|one| one.page.kind == "who")
        .filter_map(|one| one.page.place.element.clone())
        .collect();
    assert_eq!((places.len(), places[0] == key, &places[1][..1]), (3, true, "+"));
    let own_who = PersonEnteredV1 { name: "𠮷田".into(), number: own, ..PersonEnteredV1::default() };
    let child = PersonEnteredV1 {
        name: "小明".into(),
        number: number(county, Date::ymd(2015, 1, 1)),
        ..PersonEnteredV1::default()
    };
    let list = vec![
        ListedV1 { key: key.clone(), name: "𠮷田".into() },
        ListedV1 { key: places[1].clone(), name: "小明".into() },
    ];
    let page = |page: &str, element: Option<&str>| OnePageV1 {
        page: page.into(),
        element: element.map(str::to_owned),
        ..OnePageV1::default()
    };
    let told = |relation: &str| {
        values(&[("relation", relation), ("hukou", "local"), ("membership", "living_together")])
    };
    let pages = |child_number: &str| {
        let child = PersonEnteredV1 { number: child_number.into(), ..child.clone() };
        vec![
            OnePageV1 { list: Some(list.clone()), ..page("members", None) },
            OnePageV1 { who: Some(own_who.clone()), ..page("member_who", Some(&key)) },
            OnePageV1 { values: told("head"), ..page("member_relation", Some(&key)) },
            OnePageV1 { who: Some(child), ..page("member_who", Some(&places[1])) },
            OnePageV1 { values: told("child"), ..page("member_relation", Some(&places[1])) },
        ]
    };
    // One thing wrong: nothing is kept, and it is said where. For whoever is interrupted the rest is.
    let wrong = refused(desk.save(pages("999999201501010000"), false).await);
    assert_eq!(wrong.fields[0].at, "pages[3].who.number");
    assert_eq!(desk.seen().await.version, seen.version);
    done(desk.save(pages("999999201501010000"), true).await);
    let seen = desk.seen().await;
    let people = &seen.sheet.sections[0];
    assert_eq!(people.state, StateV1::InProgress, "the child's number is still to come");
    let made = desk.screen("people", 0).await;
    let kept =
        made.pages.iter().find(|one| one.page.kind == "who" && one.page.place.element.as_ref() != Some(&key));
    let kept = kept.unwrap().page.place.element.clone().unwrap();
    let again = OnePageV1 { who: Some(child.clone()), ..page("member_who", Some(&kept)) };
    done(desk.save(vec![again], false).await);
    desk.rest().await;
    let seen = desk.seen().await;
    assert!(seen.sheet.whole, "{:?}", seen.sheet.next);
    let truthful = SignatureV1 { declaration: "truthful".into(), element: key.clone() };
    let check = SignatureV1 { declaration: "check_authority".into(), element: key.clone() };
    let of_child = SignatureV1 { declaration: "check_authority".into(), element: kept };
    let order = county.order(&desk.who, TODAY);
    let add = |paper: &str| {
        let place = PaperPlaceV1 { paper: paper.into(), element: None };
        let order = county.order(&desk.who, TODAY);
        let id = desk.id;
        async move {
            read::<PaperHandedV1>(&done(county.office.add_paper(&order, id, &place, SCAN.to_vec()).await))
        }
    };
    let scan = add("truthful").await;
    let sign = |signatures: Vec<SignatureV1>, version: i64| SignOnPaperV1 {
        version,
        paper: scan.file.clone(),
        signatures,
    };
    let told =
        refused(county.office.sign_on_paper(&order, desk.id, sign(vec![of_child], scan.version)).await);
    assert_eq!(told.fields[0].at, "element", "a child signs nothing");
    done(county.office.sign_on_paper(&order, desk.id, sign(vec![truthful, check], scan.version)).await);
    // Nobody came in their place after all, so no paper of a proxy is taken; then somebody did.
    let version = desk.seen().await.version;
    done(county.office.set_proxy(&order, desk.id, SetProxyV1 { version, proxy: None }).await);
    let place = PaperPlaceV1 { paper: PROXY_PAPER.into(), element: None };
    let told = refused(county.office.add_paper(&order, desk.id, &place, SCAN.to_vec()).await);
    assert_eq!(told.fields[0].at, "paper");
    let version = desk.seen().await.version;
    let came = SetProxyV1 { version, proxy: Some(proxy("周代办", "")) };
    done(county.office.set_proxy(&order, desk.id, came).await);
    add(PROXY_PAPER).await;
    let seen = desk.seen().await;
    let at_desk = done(county.office.counter_drafts(&order).await);
    assert_eq!(
        (at_desk[0].done, at_desk[0].unsigned, at_desk[0].by_proxy, at_desk[0].mine),
        (at_desk[0].of, 0, true, true)
    );
    let version = VersionV1 { version: seen.version };
    let bytes = done(county.office.submit_application(&order, desk.id, version).await);
    let submitted: SubmittedV1 = read(&bytes);
    assert_eq!((submitted.to_sign.len(), submitted.left_out.len()), (0, 0));
    assert_eq!(desk.seen().await.submitted.as_ref(), Some(&submitted));
    assert_eq!(done(county.office.counter_drafts(&order).await), []);
    let case = Id::parse(&submitted.case).unwrap();
    let shown = done(county.office.show_case(&county.order(&staff(EXAMINER), TODAY), case).await);
    let of = |kind: &str| shown.course.evidence.iter().filter(|evidence| evidence.kind.name == kind).count();
    assert_eq!(
        (of("check_authority"), of("application")),
        (1, 2),
        "the authority of the proxy is a paper of the application"
    );
    county.is_true(TODAY).await;
}

async fn the_same_person_is_not_begun_twice(county: &County) {
    let own = number(county, Date::ymd(1960, 6, 6));
    let desk = Desk::begin(county, start(county, "吴新", &own)).await;
    let clerk = staff(CLERK);
    let again = refused(
        county.office.start_application(&county.order(&clerk, TODAY), start(county, "吴新", &own)).await,
    );
    assert_eq!(again.code, "begun_already");
    assert_eq!(again.difference.unwrap()["application"], desk.id.to_string().as_str());
    // Another of the same name, and the register's own under another name.
    let other = number(county, Date::ymd(1961, 6, 6));
    done(county.office.start_application(&county.order(&clerk, TODAY), start(county, "吴新", &other)).await);
    let (_, known) = registered(county, "郑登记", Date::ymd(1962, 7, 7)).await;
    let told = refused(
        county.office.start_application(&county.order(&clerk, TODAY), start(county, "郑记错", &known)).await,
    );
    assert_eq!(told.fields[0].at, "name");
    let long = "长".repeat(51);
    let told = refused(
        county.office.start_application(&county.order(&clerk, TODAY), start(county, &long, "")).await,
    );
    assert_eq!(told.fields[0].at, "name");
    county.is_true(TODAY).await;
}

/// Their number is not typed again, and what the form may know is filled in and marked until it is changed.
async fn whom_the_register_has_is_known(county: &County) {
    let (head, known) = registered(county, "张三", Date::ymd(1964, 2, 2)).await;
    let desk = Desk::begin(county, start(county, "张三", &known)).await;
    let screen = desk.screen("people", 0).await;
    let own = screen.pages.iter().find(|one| one.page.kind == "who").unwrap();
    assert!(own.known && own.page.questions.len() == 1, "a name, and nothing else is asked");
    assert_eq!(desk.seen().await.line.name, "张三");
    let told =
        done(county.office.active_cases(&county.order(&desk.who, TODAY), head, &county.service()).await);
    assert_eq!(told, [], "a draft is no case yet");
    county.is_true(TODAY).await;
}

async fn only_a_counter_sees_its_drafts(county: &County) {
    let desk = Desk::begin(county, start(county, "孙七", "")).await;
    let far = staff(FAR_CLERK);
    assert_eq!(done(county.office.counter_drafts(&county.order(&far, TODAY)).await), []);
    let foreign = county.office.show_screen(&county.order(&far, TODAY), desk.id, "people", 0).await;
    assert_eq!(refused(foreign).kind, anmin_app::error::Kind::NotFound);
    let mine: Vec<String> = done(county.office.counter_areas(&county.order(&desk.who, TODAY)))
        .into_iter()
        .map(|area| area.area)
        .collect();
    assert!(mine.contains(&VILLAGE.to_string()) && !mine.contains(&FAR_VILLAGE.to_string()), "{mine:?}");
    let resident = resident(county.person("李四", Date::ymd(1966, 3, 3)).await);
    assert!(county.office.counter_drafts(&county.order(&resident, TODAY)).await.is_err());
}
