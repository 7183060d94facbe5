//! The forms of the services there are, answered by invented households.

use super::*;
use crate::decide::Prepared;
use anmin_pack::library::Library;
use std::collections::BTreeMap;
use std::path::Path;

const DAY: Date = Date::ymd(2026, 9, 1);
const REGION: &str = "110000";

fn library() -> Library {
    Library::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// The form of the service that has one.
fn asking() -> Asking {
    let library = library();
    let with_form = |pack: &&String| {
        Opened::new(&library, pack, Some(REGION)).is_ok_and(|opened| opened.loaded.form.is_some())
    };
    let pack = library.packs().iter().find(with_form).unwrap();
    Asking::new(Arc::new(Opened::new(&library, pack, Some(REGION)).unwrap()), DAY).unwrap()
}

fn prepared(asking: &Asking) -> Prepared {
    asking.opened.on(DAY).unwrap()
}

fn values(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn member(key: &str, of: &[(&str, &str)]) -> ElementV1 {
    ElementV1 { key: key.into(), values: values(of), ..ElementV1::default() }
}

fn answers(root: &[(&str, &str)], members: Option<Vec<ElementV1>>) -> AnswersV1 {
    let lists = members.map(|members| ("members".to_owned(), members)).into_iter().collect();
    AnswersV1 { root: values(root), lists, ..AnswersV1::default() }
}

fn open(estimate: &EstimateV1) -> Vec<String> {
    let name = |open: &OpenQuestionV1| match open.element {
        Some(n) => format!("{}[{n}].{}", open.list.clone().unwrap_or_default(), open.question.name),
        None => open.question.name.clone(),
    };
    estimate.open.iter().map(name).collect()
}

#[test]
fn the_check_asks_no_more_than_what_still_matters() {
    let asking = asking();
    let prepared = prepared(&asking);
    let estimate = |answers: &AnswersV1| asking.estimate(&prepared, answers).unwrap();
    let first = estimate(&AnswersV1::default());
    assert_eq!(first.outlook, "open");
    // Town and country have one standard here, so that nobody is asked which.
    assert_eq!(open(&first)[0], "members", "{:?}", open(&first));
    assert!(!open(&first).contains(&"area".to_owned()));
    assert!(!open(&first).iter().any(|name| name.starts_with("members[")), "nobody is there to ask about");
    // Somebody with a high wage: one number settles it, and nothing else is asked.
    let rich = answers(
        &[("area", "urban")],
        Some(vec![member("1", &[("employment", "employee"), ("wage", "30000"), ("business", "0")])]),
    );
    let settled = estimate(&rich);
    assert_eq!((settled.outlook, settled.amount_range_fen), ("unlikely", None));
    assert_eq!(open(&settled), Vec::<String>::new());
    for sentence in [&settled.text, &settled.always] {
        assert!(!sentence.zh.contains("拒绝") && !sentence.zh.contains("不予"), "{}", sentence.zh);
    }
    assert!(settled.always.zh.contains("都可以申请"));
    assert!(!settled.supposes.is_empty(), "what is taken for granted is said");
}

#[test]
fn the_range_narrows_and_never_widens() {
    let asking = asking();
    let prepared = prepared(&asking);
    let mut person = member("1", &[]);
    let steps = [
        ("employment", "none"),
        ("pension", "resident_pension"),
        ("pension_amount", "900"),
        ("transfer_income", "0"),
        ("savings", "2000"),
        ("birth_date", "78"),
        ("disability", "none"),
        ("serious_illness", "false"),
        ("student", "none"),
    ];
    let root = [("area", "rural"), ("vehicles", "0"), ("homes", "1"), ("non_dwelling", "false")];
    let (mut before, mut asked) = ((i64::MIN, i64::MAX), usize::MAX);
    for (name, value) in steps {
        person.values.insert(name.into(), value.into());
        let estimate = asking.estimate(&prepared, &answers(&root, Some(vec![person.clone()]))).unwrap();
        let now = estimate.amount_range_fen.unwrap_or(before);
        assert!(now.0 >= before.0 && now.1 <= before.1, "{name}: {now:?} after {before:?}");
        let names = open(&estimate);
        assert!(!names.contains(&format!("members[0].{name}")), "{name} is asked again");
        assert!(names.len() <= asked || name == "pension", "{names:?}");
        (before, asked) = (now, names.len());
    }
    let done = asking.estimate(&prepared, &answers(&root, Some(vec![person]))).unwrap();
    assert_eq!((done.outlook, open(&done)), ("likely", vec![]));
    let (low, high) = done.amount_range_fen.unwrap();
    assert!(low == high && low > 0, "{low} {high}");
}

#[test]
fn what_is_wrong_in_the_check_is_told_in_plain_words() {
    let asking = asking();
    let bad = answers(
        &[("area", "moon"), ("vehicles", "-1")],
        Some(vec![member("1", &[("employment", "none"), ("birth_date", "old"), ("savings", "1e9")])]),
    );
    let Err(crate::error::Error::Refusal(refusal)) = asking.estimate(&prepared(&asking), &bad) else {
        panic!("taken")
    };
    let places: Vec<&str> = refusal.fields.iter().map(|field| field.at.as_str()).collect();
    assert_eq!(
        places,
        [
            "answers.root.area",
            "answers.lists.members[0].values.savings",
            "answers.root.vehicles",
            "answers.lists.members[0].values.birth_date"
        ]
    );
    assert!(refusal.fields.iter().all(|field| !field.zh.contains("members") && !field.zh.contains("true")));
    let crowd = answers(&[], Some(vec![ElementV1::default(); 41]));
    assert!(asking.estimate(&prepared(&asking), &crowd).is_err());
}

fn save(asking: &Asking, answers: &AnswersV1, page: &str, input: PageAnswerV1) -> Result<AnswersV1> {
    let mut n = 0;
    asking.save(answers, page, &input, &mut || {
        n += 1;
        format!("k{n}")
    })
}

fn listed(names: &[(&str, &str)]) -> PageAnswerV1 {
    let one = |(key, name): &(&str, &str)| ListedV1 { key: (*key).into(), name: (*name).into() };
    PageAnswerV1 { list: Some(names.iter().map(one).collect()), ..PageAnswerV1::default() }
}

fn of(element: &str, given: &[(&str, &str)]) -> PageAnswerV1 {
    PageAnswerV1 { element: Some(element.into()), values: values(given), ..PageAnswerV1::default() }
}

fn told(result: Result<AnswersV1>) -> Vec<String> {
    match result {
        Err(crate::error::Error::Refusal(refusal)) => {
            refusal.fields.into_iter().map(|field| field.at).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_waits_for_the_answers_it_hangs_on() {
    let asking = asking();
    let empty = AnswersV1::default();
    let sheet = asking.sheet(&empty).unwrap();
    assert_eq!(sheet.next.clone().map(|place| place.page).as_deref(), Some("members"));
    let state = |sheet: &SheetV1, page: &str, element: Option<&str>| {
        let pages = sheet.sections.iter().flat_map(|section| &section.pages);
        let mut found =
            pages.filter(|line| line.place.page == page && line.place.element.as_deref() == element);
        found.next().map(|line| line.state)
    };
    assert_eq!(state(&sheet, "work", None), Some(StateV1::CannotStartYet));
    assert_eq!(told(save(&asking, &empty, "members", listed(&[]))), ["list"]);
    let two = save(&asking, &empty, "members", listed(&[("", "张三"), ("", "李四")])).unwrap();
    let sheet = asking.sheet(&two).unwrap();
    assert_eq!(state(&sheet, "members", None), Some(StateV1::Done));
    assert_eq!(state(&sheet, "work", Some("k1")), Some(StateV1::CannotStartYet), "who lives together?");
    let place = [("relation", "head"), ("hukou", "local"), ("membership", "living_together")];
    let placed = save(&asking, &two, "member_relation", of("k1", &place)).unwrap();
    let sheet = asking.sheet(&placed).unwrap();
    assert_eq!(state(&sheet, "work", Some("k1")), Some(StateV1::NotStarted));
    assert_eq!(state(&sheet, "local_marriage", Some("k1")), None, "hidden pages are not listed");
    // What is asked hangs on the same page: without work no wage is wanted.
    assert_eq!(told(save(&asking, &placed, "work", of("k1", &[]))), ["values.employment"]);
    let wanted = told(save(&asking, &placed, "work", of("k1", &[("employment", "informal"), ("wage", "x")])));
    assert_eq!(wanted, ["values.wage", "values.business", "values.work_cost"]);
    let idle = [("employment", "none"), ("wage", "nonsense")];
    let idle = save(&asking, &placed, "work", of("k1", &idle)).unwrap();
    assert_eq!(state(&asking.sheet(&idle).unwrap(), "work", Some("k1")), Some(StateV1::Done));
    // Two heads do not go together.
    let heads = told(save(&asking, &placed, "member_relation", of("k2", &place)));
    assert!(!heads.is_empty(), "two heads of one household");
    // Who is taken off the list takes the answers along.
    let one = save(&asking, &idle, "members", listed(&[("k2", "李四")])).unwrap();
    assert_eq!(one.lists["members"].len(), 1);
    assert!(one.sent.iter().all(|mark| !mark.ends_with("/k1")));
    let unknown = told(save(&asking, &one, "members", listed(&[("k1", "张三")])));
    assert_eq!(unknown, ["list[0].name"]);
}

#[test]
fn an_answer_that_is_not_asked_any_more_does_not_count() {
    let asking = asking();
    let mut all = save(&asking, &AnswersV1::default(), "members", listed(&[("", "张三")])).unwrap();
    let of_one = [("membership", "living_together"), ("employment", "informal"), ("wage", "800")];
    all.lists.get_mut("members").unwrap()[0].values = values(&of_one);
    let wage = asking.collection("members").and_then(|c| asking.fact(Some(c), "wage")).unwrap();
    let counts = |all: &AnswersV1| asking.looked(all).unwrap().1.counted.values.contains_key(&(wage, 0));
    assert!(counts(&all));
    all.lists.get_mut("members").unwrap()[0].values.insert("employment".into(), "none".into());
    assert!(!counts(&all), "without work there is no wage");
    all.lists.get_mut("members").unwrap()[0].values.insert("employment".into(), "?".into());
    assert!(!counts(&all), "and nobody knows");
}

#[test]
fn who_somebody_is_is_read_by_the_register() {
    let asking = asking();
    let all = save(&asking, &AnswersV1::default(), "members", listed(&[("", "张三"), ("", "李四")])).unwrap();
    let id = anmin_base::resident_id::ResidentId::from_parts(999_999, Date::ymd(1946, 9, 15), 2).unwrap();
    let who = |who: PersonEnteredV1| PageAnswerV1 {
        element: Some("k1".into()),
        who: Some(who),
        ..PageAnswerV1::default()
    };
    let right =
        PersonEnteredV1 { name: "张三".into(), number: id.reveal().to_owned(), ..Default::default() };
    let mut kept = save(&asking, &all, "member_who", who(right.clone())).unwrap();
    assert!(is_adult(&kept.lists["members"][0].who, DAY));
    for (field, wrong) in [
        ("who.number", PersonEnteredV1 { number: "12345".into(), ..right.clone() }),
        ("who.name", PersonEnteredV1 { name: "张<script>".into(), ..right.clone() }),
        ("who.name", PersonEnteredV1 { name: "😀".into(), ..right.clone() }),
        ("who.name", PersonEnteredV1 { name: "甲".repeat(500), ..right.clone() }),
        ("who.phone", PersonEnteredV1 { phone: "no".into(), ..right.clone() }),
    ] {
        assert_eq!(told(save(&asking, &all, "member_who", who(wrong))), [field]);
    }
    // A character few fonts have is a name like any other.
    assert!(
        save(&asking, &all, "member_who", who(PersonEnteredV1 { name: "𠮷三".into(), ..right.clone() }))
            .is_ok()
    );
    kept.lists.get_mut("members").unwrap()[1].key = "k2".into();
    let twin = PageAnswerV1 { element: Some("k2".into()), ..who(right) };
    assert_eq!(told(save(&asking, &kept, "member_who", twin)), ["who.number"]);
}
