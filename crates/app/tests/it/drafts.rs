//! Applications from beginning to handing in, by a resident and at the counter, on both databases.

use crate::county::*;
use crate::way::declared;
use anmin_app::applications::{
    ApplicationV1, AskCodeV1, DraftDoneV1, DropPaperV1, PaperHandedV1, PaperPlaceV1, SignV1,
    StartApplicationV1, SubmittedV1, VersionV1,
};
use anmin_app::asking::{InputV1, ListedV1, PageAnswerV1, PagePlaceV1, PersonEnteredV1, StateV1};
use anmin_app::error::Kind;
use anmin_app::facts::RecordFactsV1;
use anmin_app::office::Caller;
use anmin_app::people::{EnteredV1, NewPersonV1};
use anmin_base::date::Date;
use anmin_store::{FileSink, Id};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

on_both! {
    a_resident_applies_for_a_family,
    a_clerk_enters_an_application_from_paper,
    an_adult_signs_by_a_code,
    nobody_is_listed_by_who_knows_a_number,
    what_nobody_goes_on_with_lapses,
    nobody_else_sees_an_application,
    bad_input_is_told_and_changes_nothing,
}

/// An application being filled in by somebody.
struct Filling<'a> {
    county: &'a County,
    who: &'a Caller,
    id: Id,
}

/// A photograph of a paper, as small as can be.
fn photograph() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(8, 8).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

impl Filling<'_> {
    async fn begin<'a>(county: &'a County, who: &'a Caller, input: StartApplicationV1) -> Filling<'a> {
        let bytes = done(county.office.start_application(&county.order(who, TODAY), input).await);
        let id = Id::parse(&read::<DraftDoneV1>(&bytes).application).unwrap();
        Filling { county, who, id }
    }

    async fn seen(&self) -> ApplicationV1 {
        done(self.county.office.show_application(&self.county.order(self.who, TODAY), self.id).await)
    }

    async fn save(&self, page: &str, input: PageAnswerV1) -> anmin_app::error::Result<Vec<u8>> {
        let version = self.seen().await.version;
        let input = PageAnswerV1 { version, ..input };
        self.county.office.save_page(&self.county.order(self.who, TODAY), self.id, page, input).await
    }

    /// Answers every page there is, with these answers by name and plain ones for all else.
    async fn fill(&self, people: &[(&str, PersonEnteredV1)], answers: &[(&str, &str)]) {
        for round in 0.. {
            assert!(round < 300, "the form comes to no end");
            let Some(place) = self.seen().await.sheet.next else { return };
            let order = self.county.order(self.who, TODAY);
            let page = done(self.county.office.show_page(&order, self.id, &place).await);
            let mut input = PageAnswerV1 { element: place.element.clone(), ..PageAnswerV1::default() };
            match page.kind {
                "list" => input.list = Some(self.listed(&place.page, people).await),
                "who" => {
                    let name = page.questions[0].value.clone().unwrap_or_default();
                    let found = people.iter().find(|(_, who)| who.name == name).map(|(_, who)| who.clone());
                    input.who = Some(found.unwrap_or_default());
                }
                _ => {
                    for question in page.questions.iter().filter(|question| !question.optional) {
                        let given = answers.iter().rev().find(|(name, _)| *name == question.name);
                        let plain = match question.input {
                            InputV1::YesNo => "false".to_owned(),
                            InputV1::Choice => question.choices[0].value.clone(),
                            InputV1::Whole | InputV1::Money => "0".to_owned(),
                            InputV1::Day => "2020-01-01".to_owned(),
                            _ => "张三".to_owned(),
                        };
                        let value = given.map_or(plain, |(_, value)| (*value).to_owned());
                        input.values.insert(question.name.clone(), value);
                    }
                    if page.questions.iter().any(|q| q.name == "relation")
                        && place.element.as_deref() != Some(&*self.seen().await.applicant)
                    {
                        input.values.insert("relation".into(), "spouse".into());
                    }
                }
            }
            let saved = self.save(&place.page, input).await;
            done(saved.inspect_err(|_| eprintln!("at {place:?}")));
        }
    }

    async fn listed(&self, page: &str, people: &[(&str, PersonEnteredV1)]) -> Vec<ListedV1> {
        let place = PagePlaceV1 { page: page.into(), element: None };
        let order = self.county.order(self.who, TODAY);
        let seen = done(self.county.office.show_page(&order, self.id, &place).await);
        let mut all: Vec<ListedV1> =
            seen.listed.unwrap().into_iter().map(|one| ListedV1 { key: one.key, name: one.name }).collect();
        let new =
            people.iter().filter(|(list, who)| *list == page && all.iter().all(|one| one.name != who.name));
        let new: Vec<ListedV1> =
            new.map(|(_, who)| ListedV1 { key: String::new(), name: who.name.clone() }).collect();
        all.extend(new);
        all
    }

    async fn sign(
        &self,
        declaration: &str,
        element: &str,
        how: &str,
        with: SignV1,
    ) -> anmin_app::error::Result<Vec<u8>> {
        let version = self.seen().await.version;
        let input = SignV1 {
            version,
            declaration: declaration.into(),
            element: element.into(),
            how: how.into(),
            ..with
        };
        self.county.office.sign_application(&self.county.order(self.who, TODAY), self.id, input).await
    }

    async fn sign_own(&self) {
        let key = self.seen().await.applicant;
        for declaration in ["truthful", "check_authority"] {
            done(self.sign(declaration, &key, "own", blank()).await);
        }
    }

    async fn paper(&self, paper: &str, element: Option<&str>) -> PaperHandedV1 {
        let place = PaperPlaceV1 { paper: paper.into(), element: element.map(str::to_owned) };
        let order = self.county.order(self.who, TODAY);
        read(&done(self.county.office.add_paper(&order, self.id, &place, photograph()).await))
    }

    async fn submit(&self) -> anmin_app::error::Result<SubmittedV1> {
        let version = self.seen().await.version;
        let order = self.county.order(self.who, TODAY);
        let bytes = self.county.office.submit_application(&order, self.id, VersionV1 { version }).await?;
        Ok(read(&bytes))
    }
}

fn blank() -> SignV1 {
    SignV1 {
        version: 0,
        declaration: String::new(),
        element: String::new(),
        how: String::new(),
        code: None,
        paper: None,
    }
}

fn start(county: &County) -> StartApplicationV1 {
    StartApplicationV1 { service: county.service(), ..StartApplicationV1::default() }
}

fn somebody(county: &County, name: &str, birth: Date) -> PersonEnteredV1 {
    PersonEnteredV1 {
        name: name.into(),
        number: county.number(birth),
        address: "东一村3组12号".into(),
        ..PersonEnteredV1::default()
    }
}

const POOR: &[(&str, &str)] = &[
    ("relation", "head"),
    ("hukou", "local"),
    ("membership", "living_together"),
    ("homes", "1"),
    ("savings", "1,200.50"),
    ("transfer_income", "３００元"),
];

/// Spouse and child are new to the register; a paper comes along; the spouse signs later.
async fn a_resident_applies_for_a_family(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    let again = refused(county.office.start_application(&county.order(&me, TODAY), start(county)).await);
    assert_eq!(again.code, "begun_already");
    assert_eq!(again.difference.unwrap()["application"], filling.id.to_string());
    let seen = filling.seen().await;
    assert_eq!((seen.line.name.as_str(), seen.ready), ("张三", false));
    let early = refused(filling.submit().await);
    assert_eq!(early.code, "application_unready");
    let spouse = somebody(county, "李四", Date::ymd(1965, 3, 3));
    let son = somebody(county, "张大", Date::ymd(1990, 5, 5));
    let people = [("members", spouse.clone()), ("obligors", son)];
    let answers =
        [POOR, &[("owes", "elder_support"), ("health", "grave"), ("supported_elder", "true")]].concat();
    filling.fill(&people, &answers).await;
    let seen = filling.seen().await;
    assert!(seen.sheet.whole && seen.sheet.clashes.is_empty(), "{:?}", seen.sheet);
    assert!(seen.papers.iter().any(|paper| paper.name == "illness" && paper.checked.is_none()));
    assert!(seen.papers.iter().any(|paper| paper.name == "identity" && paper.checked.is_some()));
    let handed = filling.paper("illness", Some(&seen.applicant)).await;
    assert_eq!(handed.kind, "image/jpeg", "whatever it came as");
    let unsigned = refused(filling.submit().await);
    assert_eq!(unsigned.code, "application_unready");
    filling.sign_own().await;
    let others: Vec<String> = filling.seen().await.declarations[1]
        .signers
        .iter()
        .filter(|signer| !signer.signed)
        .map(|signer| signer.element.clone())
        .collect();
    let foreign = refused(filling.sign("check_authority", &others[0], "own", blank()).await);
    assert_eq!(foreign.code, "not_own_signature", "nobody signs for another");
    assert!(filling.seen().await.ready);
    let version = filling.seen().await.version;
    let submitted = done(filling.submit().await);
    assert_eq!((submitted.state.as_str(), submitted.letters.as_slice()), ("received", &[1][..]));
    assert_eq!(submitted.to_sign, ["李四"]);
    // A form posted twice is one application.
    let order = county.order(&me, TODAY);
    let twice = county.office.submit_application(&order, filling.id, VersionV1 { version }).await;
    assert_eq!(read::<SubmittedV1>(&done(twice)), submitted);
    let own = done(county.office.own_cases(&county.order(&me, TODAY)).await);
    assert_eq!((own.cases.len(), own.cases[0].number.as_str()), (1, submitted.number.as_str()));
    let case = Id::parse(&submitted.case).unwrap();
    let letters = done(county.office.letters(&county.order(&me, TODAY), case).await);
    assert!(!letters[0].documents.is_empty(), "the receipt waits for {:?}", letters[0].waits_for);
    // What was declared is what the rules decide by, with where it comes from.
    let examiner = staff(EXAMINER);
    let facts = done(county.office.facts_of(&county.order(&examiner, TODAY), case, TODAY, None).await);
    let of = |person: Option<&str>, fact: &str| {
        let mut found = facts.facts.iter().filter(|seen| seen.fact == fact);
        found.find(|seen| person.is_none_or(|person| seen.person.as_deref() == Some(person))).cloned()
    };
    let income = of(Some(&head.to_string()), "transfer_income").unwrap();
    assert_eq!((income.value.as_deref(), income.source.as_str()), (Some("300"), "declared"));
    assert_eq!(of(None, "homes").unwrap().value.as_deref(), Some("1"));
    assert!(of(None, "wage").is_none(), "what was not asked is not recorded");
    let files = done(county.office.files(&county.order(&me, TODAY), case).await);
    assert_eq!((files.len(), files[0].file.as_str()), (1, handed.file.as_str()));
    let whole = done(county.office.handed_in(&county.order(&examiner, TODAY), case).await);
    assert!(whole.iter().any(|page| page.questions.iter().any(|q| q.value.as_deref() == Some("1200.50"))));
    // One who has signed, and one who has not.
    let missing = done(county.office.missing_signatures(&county.order(&examiner, TODAY), case).await);
    assert!(missing.iter().all(|missing| missing.person != head.to_string()), "{missing:?}");
    assert!(missing.iter().any(|missing| missing.part == "member"));
    let closed = refused(filling.save("residence", PageAnswerV1::default()).await);
    assert_eq!(closed.code, "application_closed");
    county.is_true(TODAY).await;
}

/// From paper, for somebody without a telephone: every adult has signed on it.
async fn a_clerk_enters_an_application_from_paper(county: &County) {
    let clerk = staff(CLERK);
    let nameless = StartApplicationV1 { area: Some(VILLAGE.to_string()), ..start(county) };
    let told = refused(county.office.start_application(&county.order(&clerk, TODAY), nameless.clone()).await);
    assert_eq!(told.fields[0].at, "name");
    let input = StartApplicationV1 { name: Some("王五".into()), ..nameless };
    let elsewhere = StartApplicationV1 { area: Some(FAR_VILLAGE.to_string()), ..input.clone() };
    let told = refused(county.office.start_application(&county.order(&clerk, TODAY), elsewhere).await);
    assert_eq!(told.fields[0].at, "area", "of another town");
    let filling = Filling::begin(county, &clerk, input).await;
    let people = [("members", somebody(county, "王五", Date::ymd(1946, 9, 15)))];
    filling.fill(&people, POOR).await;
    let key = filling.seen().await.applicant;
    let foreign = refused(filling.sign("truthful", &key, "own", blank()).await);
    assert_eq!(foreign.code, "not_own_signature", "a clerk signs for nobody");
    for declaration in ["truthful", "check_authority"] {
        let paper = filling.paper(declaration, Some(&key)).await.file;
        done(filling.sign(declaration, &key, "paper", SignV1 { paper: Some(paper), ..blank() }).await);
    }
    let mine = done(county.office.list_applications(&county.order(&clerk, TODAY), false).await);
    assert_eq!((mine.len(), mine[0].counter), (1, true));
    let far = done(county.office.list_applications(&county.order(&staff(FAR_CLERK), TODAY), true).await);
    assert_eq!(far, []);
    let submitted = done(filling.submit().await);
    assert_eq!((submitted.to_sign.len(), submitted.left_out.len()), (0, 0));
    let case = Id::parse(&submitted.case).unwrap();
    let examiner = staff(EXAMINER);
    let seen = done(county.office.show_case(&county.order(&examiner, TODAY), case).await);
    assert!(seen.course.evidence.iter().any(|evidence| evidence.kind.name == "check_authority"));
    let missing = done(county.office.missing_signatures(&county.order(&examiner, TODAY), case).await);
    assert_eq!(missing.iter().filter(|missing| missing.part == "member").count(), 0, "{missing:?}");
    county.is_true(TODAY).await;
}

/// Enters somebody with a telephone.
async fn reached(county: &County, name: &str, birth: Date) -> (Id, PersonEnteredV1) {
    let mut entry = county.entry(name, birth);
    entry.phones = vec!["13800001234".into()];
    let who = PersonEnteredV1 { name: name.into(), number: entry.number.clone(), ..Default::default() };
    let clerk = staff(CLERK);
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry };
    let entered: EnteredV1 =
        read(&done(county.office.enter_person(&county.order(&clerk, TODAY), input).await));
    (Id::parse(&entered.person).unwrap(), who)
}

fn sink() -> (FileSink, PathBuf) {
    let folder = std::env::temp_dir().join(format!("anmin_notes_{}", Id::at(anmin_store::Moment(1))));
    (FileSink { folder: folder.clone() }, folder)
}

/// The digits of the one message in a folder.
fn code_in(folder: &PathBuf) -> Option<String> {
    let entry = std::fs::read_dir(folder).ok()?.next()?.ok()?;
    let text = std::fs::read_to_string(entry.path()).ok()?;
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    Some(digits)
}

async fn an_adult_signs_by_a_code(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let (spouse, who) = reached(county, "李四", Date::ymd(1965, 3, 3)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    filling.fill(&[("members", who)], POOR).await;
    filling.sign_own().await;
    // The register has the spouse: without a word of hers she is not brought in.
    let told = refused(filling.submit().await);
    assert!(told.fields[0].at.ends_with("who.number"), "{:?}", told.fields);
    let key = filling.seen().await.declarations[1].signers[1].element.clone();
    let version = filling.seen().await.version;
    let ask = AskCodeV1 { version, element: key.clone() };
    done(county.office.ask_code(&county.order(&me, TODAY), filling.id, ask).await);
    let (messenger, folder) = sink();
    done(county.office.run_due_jobs(county.now(TODAY), &messenger, 20).await);
    let code = code_in(&folder).expect("a message");
    let wrong = SignV1 { code: Some("000000".into()), ..blank() };
    assert_eq!(refused(filling.sign("check_authority", &key, "code", wrong).await).code, "code_wrong");
    let soon = SignV1 { code: Some(code.clone()), ..blank() };
    let early = filling.sign("check_authority", &key, "code", soon.clone()).await;
    if early.is_err() {
        // Whoever has guessed waits.
        assert_eq!(refused(early).kind, Kind::TooMany);
        for _ in 0..5 {
            county.now(TODAY);
        }
        done(filling.sign("check_authority", &key, "code", soon).await);
    }
    std::fs::remove_dir_all(folder).unwrap();
    let submitted = done(filling.submit().await);
    assert_eq!(submitted.to_sign, Vec::<String>::new());
    let named = done(county.office.own_cases(&county.order(&resident(spouse), TODAY)).await);
    assert_eq!(&named.named_in[..], std::slice::from_ref(&submitted.case), "she sees that she is in it");
    county.is_true(TODAY).await;
}

async fn nobody_is_listed_by_who_knows_a_number(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let (_, stranger) = reached(county, "赵六", Date::ymd(1970, 7, 7)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    let other_name = PersonEnteredV1 { name: "孙七".into(), ..stranger.clone() };
    filling.fill(&[("members", other_name)], POOR).await;
    filling.sign_own().await;
    let told = refused(filling.submit().await);
    assert!(told.fields[0].zh.contains("同意"), "the same words whether the name fits or not");
    let key = filling.seen().await.declarations[1].signers[1].element.clone();
    let ask = AskCodeV1 { version: filling.seen().await.version, element: key };
    done(county.office.ask_code(&county.order(&me, TODAY), filling.id, ask).await);
    let (messenger, folder) = sink();
    let done_jobs = done(county.office.run_due_jobs(county.now(TODAY), &messenger, 20).await);
    assert_eq!(
        (done_jobs.delivered, code_in(&folder)),
        (0, None),
        "nobody is sent a code under another's name"
    );
    // As somebody who owes support a known person is left to the staff, and nothing is told of them.
    let elder = resident(county.person("钱八", Date::ymd(1950, 1, 1)).await);
    let other = Filling::begin(county, &elder, start(county)).await;
    other.fill(&[("obligors", stranger)], &[POOR, &[("owes", "elder_support")]].concat()).await;
    other.sign_own().await;
    let submitted = done(other.submit().await);
    assert_eq!(submitted.left_out, ["赵六"]);
    let case = Id::parse(&submitted.case).unwrap();
    let seen = done(county.office.show_case(&county.order(&staff(EXAMINER), TODAY), case).await);
    assert_eq!(seen.people.len(), 1);
}

async fn what_nobody_goes_on_with_lapses(county: &County) {
    let (head, _) = reached(county, "张三", Date::ymd(1964, 2, 2)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    filling.fill(&[], POOR).await;
    let paper = filling.paper("other", None).await;
    let (messenger, folder) = sink();
    let run = async |on: Date| {
        let now = county.now(on);
        done(county.office.schedule(now).await);
        let jobs = done(county.office.run_due_jobs(now, &messenger, 50).await);
        assert!(jobs.failed.is_empty(), "{:?}", jobs.failed);
    };
    run(TODAY.add_days(52)).await;
    assert_eq!(code_in(&folder), None, "more than a week is left");
    run(TODAY.add_days(54)).await;
    assert!(code_in(&folder).is_some(), "a week before, whoever began it is told");
    assert_eq!(filling.seen().await.line.state, "open");
    run(TODAY.add_days(61)).await;
    let seen = filling.seen().await;
    assert_eq!((seen.line.state.as_str(), seen.line.name.as_str(), seen.handed_in.len()), ("lapsed", "", 0));
    let file = Id::parse(&paper.file).unwrap();
    let gone = county.office.read_paper(&county.order(&me, TODAY), filling.id, file).await;
    assert_eq!(gone.map(|_| ()).map_err(|_| ()), Err(()));
    std::fs::remove_dir_all(folder).unwrap();
    county.is_true(TODAY.add_days(61)).await;
}

async fn nobody_else_sees_an_application(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let neighbour = county.person("王五", Date::ymd(1970, 1, 1)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    for other in [resident(neighbour), staff(CLERK), staff(EXAMINER), staff(ADMIN)] {
        let seen = county.office.show_application(&county.order(&other, TODAY), filling.id).await;
        assert!([Kind::NotFound, Kind::Forbidden].contains(&refused(seen).kind));
        let version = VersionV1 { version: 1 };
        let taken =
            county.office.discard_application(&county.order(&other, TODAY), filling.id, version).await;
        assert!([Kind::NotFound, Kind::Forbidden].contains(&refused(taken).kind));
    }
    let for_another = StartApplicationV1 { person: Some(neighbour.to_string()), ..start(county) };
    let told = county.office.start_application(&county.order(&me, TODAY), for_another).await;
    assert!(
        [Kind::NotFound, Kind::Forbidden].contains(&refused(told).kind),
        "nobody applies for a neighbour"
    );
    let counter =
        StartApplicationV1 { name: Some("孙七".into()), area: Some(VILLAGE.to_string()), ..start(county) };
    let clerk = staff(CLERK);
    let entered = Filling::begin(county, &clerk, counter).await;
    let seen = county.office.show_application(&county.order(&me, TODAY), entered.id).await;
    assert_eq!(refused(seen).kind, Kind::NotFound);
}

async fn bad_input_is_told_and_changes_nothing(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let me = resident(head);
    let filling = Filling::begin(county, &me, start(county)).await;
    let before = filling.seen().await.version;
    let list = |name: &str| PageAnswerV1 {
        list: Some(vec![ListedV1 { key: String::new(), name: name.into() }]),
        ..PageAnswerV1::default()
    };
    for name in ["甲".repeat(100_000).as_str(), "a\u{7}b", ""] {
        assert_eq!(refused(filling.save("members", list(name)).await).kind, Kind::Invalid);
    }
    assert_eq!(
        refused(filling.save("members", list("李四")).await).fields[0].at,
        "list",
        "who applies stays"
    );
    assert_eq!(refused(filling.save("no_such_page", PageAnswerV1::default()).await).kind, Kind::NotFound);
    let values: BTreeMap<String, String> = serde_json::from_value(json!({
        "area": "<script>alert(1)</script>", "vehicles": "0", "unknown": "x",
    }))
    .unwrap();
    let told = refused(filling.save("residence", PageAnswerV1 { values, ..PageAnswerV1::default() }).await);
    let places: Vec<&str> = told.fields.iter().map(|field| field.at.as_str()).collect();
    assert_eq!(places, ["values.unknown", "values.vehicles", "values.area"]);
    let order = || county.order(&me, TODAY);
    for (bytes, kind) in [(&b"MZ\x90"[..], Kind::Invalid), (b"", Kind::TooLarge), (b"<svg/>", Kind::Invalid)]
    {
        let place = PaperPlaceV1 { paper: "other".into(), element: None };
        let order = order();
        let told = county.office.add_paper(&order, filling.id, &place, bytes.to_vec()).await;
        assert_eq!(refused(told).kind, kind);
    }
    let place = PaperPlaceV1 { paper: "photo_of_a_cat".into(), element: None };
    let told = county.office.add_paper(&order(), filling.id, &place, photograph()).await;
    assert_eq!(refused(told).fields[0].at, "paper");
    assert_eq!(filling.seen().await.version, before, "nothing was changed");
    let handed = filling.paper("other", None).await;
    let stale = county.office.save_page(&order(), filling.id, "residence", PageAnswerV1::default()).await;
    assert_eq!(refused(stale).code, "stale_version");
    let drop = DropPaperV1 { version: handed.version, file: handed.file };
    done(county.office.drop_paper(&order(), filling.id, drop).await);
    assert_eq!(filling.seen().await.handed_in, []);
    // A case opened otherwise takes facts the same way.
    let seen = filling.seen().await;
    assert!(seen.sheet.sections.iter().all(|section| section.state != StateV1::Done));
    let facts = RecordFactsV1 { service: None, recordings: vec![declared(None, json!({}))] };
    assert!(county.office.record_facts(&order(), filling.id, facts).await.is_err());
    county.is_true(TODAY).await;
}
