//! Small packs in a temporary folder: what loads, and what is said of what does not.
mod benefit;
mod faults;
mod forms;
mod letters;
mod regions;
mod walks;
mod workflow;

use crate::cite::cite;
use crate::finding::{Files, Finding};
use crate::library::{Failure, Library, Loaded, stale_figures};
use crate::pack_test::Expected;
use anmin_base::date::Date;
use anmin_rules::model::{Body, CellTest, Figure, Hit, Type, VariableId};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

/// A library's files by path. [`sound`] gives one that loads; tests spoil it.
#[derive(Clone)]
struct Packs(BTreeMap<String, String>);

impl Packs {
    /// Replaces a part of a file, which must be there once.
    fn with(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.0.get_mut(path).expect("the file");
        assert_eq!(text.matches(from).count(), 1, "{from} in {path}");
        *text = text.replace(from, to);
        self
    }

    fn and(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.into(), text.into());
        self
    }

    fn without(mut self, path: &str) -> Self {
        self.0.remove(path).expect("the file");
        self
    }

    fn load(&self, region: Option<&str>) -> Result<Loaded, Failure> {
        self.load_pack("example", region)
    }

    fn load_pack(&self, pack: &str, region: Option<&str>) -> Result<Loaded, Failure> {
        self.library(|library| library.load(pack, region))
    }

    /// With pipes at these paths and a link to a device at another; the findings in English.
    fn piped(&self, pipes: &[&str], device: &str) -> Vec<String> {
        let root = self.written();
        for path in pipes {
            let made = process::Command::new("mkfifo").arg(root.0.join(path)).status();
            assert!(made.is_ok_and(|status| status.success()), "mkfifo");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/dev/zero", root.0.join(device)).expect("linked");
        let failure = Library::open(&root.0).expect("a library").load("example", None).unwrap_err();
        in_english(&failure.files, &failure.findings)
    }

    fn library<T>(&self, then: impl FnOnce(&Library) -> T) -> T {
        let root = self.written();
        then(&Library::open(&root.0).expect("a library"))
    }

    fn written(&self) -> Temporary {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("anmin-pack-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let root = Temporary(env::temp_dir().join(name));
        for (path, text) in &self.0 {
            let path = root.0.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        root
    }

    /// The findings in English, as `file:line:column: sentence`.
    fn findings(&self, region: Option<&str>) -> Vec<String> {
        match self.load(region) {
            Ok(_) => vec![],
            Err(failure) => in_english(&failure.files, &failure.findings),
        }
    }

    /// Checks the findings; each need only begin as expected.
    fn check(&self, region: Option<&str>, expected: &[&str]) {
        let found = self.findings(region);
        let same = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.starts_with(e));
        assert!(same, "found:\n{}\nexpected:\n{}", found.join("\n"), expected.join("\n"));
    }
}

struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn in_english(files: &Files, findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{}: {}", files.show(f.place), f.en)).collect()
}

const FACTS: &str = "packs/example/facts.yaml";
const PARAMETERS: &str = "packs/example/parameters.yaml";
const RULES: &str = "packs/example/rules.yaml";
const SERVICE: &str = "packs/example/service.yaml";
const TEST: &str = "packs/example/tests/first.yaml";

fn sound() -> Packs {
    let file = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
    let files = [
        ("packs/shared/README.md", "shared"),
        ("packs/shared/service.yaml", "shared: true\nname: {zh: 公共, en: Shared}\n"),
        (
            "packs/shared/facts.yaml",
            "\
entities:
  household: {zh: 家庭, en: Household}
  members: {of: household, each: member, min: 1, max: 40, zh: 成员, en: Members}
enums:
  area:
    rural: {code: 1, zh: 农村, en: Rural}
    urban: {code: 2, zh: 城市, en: Urban}
  sex:
    male: {code: 1, zh: 男, en: Male}
    female: {code: 2, zh: 女, en: Female}
facts:
  area: {type: area, sensitivity: P1, source: declared, zh: 城乡, en: Area}
  members.id: {type: resident_id, agrees: {birth_date: members.born, sex: members.sex}, sensitivity: P4, source: [police], zh: 身份号码, en: Identity number}
  members.born: {type: date, sensitivity: P2, source: [police, declared], zh: 出生日期, en: Born}
  members.sex: {type: sex, at_most_one: [male], sensitivity: P2, source: [police], zh: 性别, en: Sex}
",
        ),
        ("packs/shared/parameters.yaml", "documents:\n  law-1: {zh: 办法, en: Measures, number: 第1号, published: 2021-06-01}\n"),
        ("packs/example/README.md", "one page"),
        (
            "packs/example/service.yaml",
            "\
name: {zh: 示例, en: Example}
kind: grant
about: {zh: 示例服务, en: An example}
imports: [shared]
legal_basis: [law-1 第一条]
rules_on: application
in_force: {from: 2021-07-01}
statutory_days: 45
record: record
data:
  - {fact: members.wage, why: {zh: 算收入, en: For the income}}
",
        ),
        (
            "packs/example/facts.yaml",
            "\
facts:
  members.wage: {type: money, per: month, range: [0, 1000000], sensitivity: P3, source: [tax, declared], zh: 工资, en: Wage}
  members.share: {type: rate, range: [0, 100%], applies: member.wage > 0, when_not: 0, sensitivity: P3, source: [declared], zh: 份额, en: Share}
",
        ),
        (
            "packs/example/parameters.yaml",
            "\
parameters:
  standard:
    type: money
    per: month
    range: [1, 20000]
    zh: 标准
    en: Standard
    by: area
    values:
      - {from: 2024-07-01, value: 1450.50, law: law-1 第二条, checked_on: 2026-01-01}
      - {from: 2023-07-01, value: {rural: 1000, urban: 1200}, law: law-1 第二条, checked_on: 2023-07-01}
  share_kept:
    type: rate
    range: [0, 100%]
    zh: 比例
    en: Share kept
    values:
      - {from: 2023-07-01, value: 35%, law: law-1 第三条}
",
        ),
        (
            "packs/example/rules.yaml",
            "\
switches:
  limit:
    options: {strict: {zh: 小于, en: Below}, inclusive: {zh: 不大于, en: At most}}
    default: strict
    zh: 界限
    en: Limit
    law: law-1 第四条
variables:
  members.net: {type: money, per: month, zh: 净收入, en: Net, law: law-1 第五条, value: member.wage}
  income: {type: money, per: month, zh: 收入, en: Income, law: law-1 第五条, value: 'members.sum(m, m.net)'}
  allowance:
    type: money
    per: month
    zh: 津贴
    en: Allowance
    law: law-1 第六条
    open: true
    versions:
      - {from: 2024-01-01, law: law-1 第六条第二款, value: standard}
      - {from: 2020-01-01, value: standard}
  eligible:
    type: bool
    zh: 符合
    en: Eligible
    law: law-1 第七条
    cases:
      - {when: income < standard, then: true, because: {zh: 收入低于标准, en: Income is below the standard}}
      - {otherwise: false, law: law-1 第八条}
  rank:
    type: count
    zh: 档
    en: Rank
    law: law-1 第九条
    table:
      hit: unique
      on: [area, income]
      rows:
        - {when: [rural, < 1000.50], then: 1}
        - {when: ['-', 2000..3000], then: 2}
      otherwise: {then: 0, law: law-1 第九条}
decision: {eligible: eligible, amount: allowance, reason: eligible}
outputs: [rank, members.net]
untranslated:
  - {law: law-1 第十条, zh: 其他情形, en: Other cases, why: {zh: 由人判断, en: A person judges}}
claims:
  - {more: members.wage, never_more: allowance}
",
        ),
        (
            "packs/example/tests/first.yaml",
            "\
- name: 没有收入
  law: [law-1 第七条第一款, law-1 第五条]
  on: 2024-08-01
  household: {area: rural, members: [{born: 1990-01-01, wage: 0}]}
  expect: {eligible: true, amount: 1450.50, income: 0, members.net: [0], reason: 收入低于标准, missing: []}
- name: 什么也不知道
  law: law-1 第七条
  on: 2024-08-01
  household: {area: rural}
  expect: {eligible: unknown, missing: [members]}
",
        ),
        ("regions/990000/region.yaml", "name: {zh: 甲省, en: A}\nparent: none\n"),
        ("regions/999000/region.yaml", "name: {zh: 乙市, en: B}\nparent: 990000\nfrom: 2000-01-01\ndocuments:\n  b-1: {zh: 乙市通知, en: Notice of B}\n"),
        ("regions/999000/example/parameters.yaml", "parameters:\n  standard:\n    values:\n      - {from: 2024-01-01, value: 2000, law: b-1 一}\n"),
        (
            "regions/999000/example/rules.yaml",
            "\
switches:
  limit: {value: inclusive, law: b-1 二}
variables:
  allowance: {law: b-1 三, value: standard}
",
        ),
        (
            "regions/999000/example/tests/b.yaml",
            "\
- name: 乙市标准
  law: b-1 一
  on: 2024-08-01
  household: {area: urban, members: [{wage: 1999}]}
  expect: {eligible: true, amount: 2000}
",
        ),
    ];
    Packs(files.into_iter().map(file).collect())
}

#[test]
fn a_sound_pack_becomes_a_ruleset() {
    let loaded = sound().load(None).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)));
    let rules = &loaded.ruleset;
    assert_eq!(in_english(&loaded.files, &loaded.warnings), Vec::<String>::new());
    assert!(loaded.readme);
    assert_eq!(rules.schema.root_name, "household");
    assert_eq!((rules.schema.collections[0].min, rules.schema.collections[0].max), (1, 40));
    let names: Vec<&str> = rules.schema.facts.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["area", "id", "born", "sex", "wage", "share"]);
    assert_eq!(rules.schema.facts[0].range, (1, 2));
    assert_eq!(rules.schema.facts[4].range, (0, 100_000_000));
    assert_eq!(rules.schema.facts[5].range, (0, 10_000));
    assert_eq!(rules.schema.facts[5].applies.as_ref().and_then(|a| a.when_not), Some(0));
    assert_eq!(loaded.facts.len(), 6);
    assert_eq!(loaded.facts[3].at_most_one, ["male"]);
    assert!(loaded.facts[1].agrees.is_some_and(|a| a.birth_date.is_some() && a.sex.is_some()));

    let standard = &rules.parameters[0];
    assert_eq!(standard.values[0].value, Figure::By(vec![(1, 100_000), (2, 120_000)]));
    assert_eq!(standard.values[1].value, Figure::Same(145_050));
    assert_eq!(
        (rules.parameters[1].ty, &rules.parameters[1].values[0].value),
        (Type::Rate(10_000), &Figure::Same(3500))
    );
    assert_eq!(rules.switches[0].settings[0].option, 0);

    let allowance = &rules.variables[2];
    assert!(allowance.open);
    assert_eq!(
        allowance.versions.iter().map(|v| v.law[0].article.as_str()).collect::<Vec<_>>(),
        ["第六条", "第六条第二款"]
    );
    let Body::Table(table) = &rules.variables[4].versions[0].body else { panic!("a table") };
    assert_eq!((table.hit, &table.rows[1].cells[0].test), (Hit::Unique, &CellTest::Any));
    assert_eq!(rules.decision.amount, Some(VariableId(2)));
    assert_eq!(rules.outputs, [VariableId(4), VariableId(0)]);
    assert_eq!((rules.claims.len(), loaded.untranslated.len()), (1, 1));

    let expect: Vec<&Expected> = loaded.tests[0].expect.iter().map(|e| &e.value).collect();
    assert_eq!(expect[0], &Expected::Value(VariableId(3), Some(1)));
    assert_eq!(expect[1], &Expected::Value(VariableId(2), Some(145_050)));
    assert_eq!(expect[3], &Expected::Each(VariableId(0), vec![Some(0)]));
    assert_eq!(loaded.tests[1].expect[0].value, Expected::Value(VariableId(3), None));
}

#[test]
fn the_hash_covers_what_decides_and_nothing_else() {
    let hash = |packs: Packs, region| packs.load(region).expect("loads").hash;
    let first = hash(sound(), None);
    assert_eq!(first.as_str().len(), 64);
    let unmoved =
        sound().and("packs/example/README.md", "two pages").with(SERVICE, "An example", "One example");
    assert_eq!(hash(unmoved.with(TEST, "没有收入", "无收入"), None), first);
    assert_eq!(hash(sound().and("regions/980000/region.yaml", "other"), None), first);
    assert_ne!(hash(sound().with(PARAMETERS, "35%", "36%"), None), first);
    assert_ne!(hash(sound().with("packs/shared/facts.yaml", "max: 40", "max: 41"), None), first);
    let region = hash(sound(), Some("999000"));
    assert_ne!(region, first);
    assert_ne!(hash(sound(), Some("990000")), first);
    assert_ne!(
        hash(sound().with("regions/999000/example/rules.yaml", "inclusive", "strict"), Some("999000")),
        region
    );
    assert_ne!(hash(sound().with("regions/990000/region.yaml", "en: A", "en: AA"), Some("999000")), region);
}

#[test]
fn stale_figures_are_those_in_force_and_long_unchecked() {
    let loaded = sound().load(None).expect("loads");
    assert!(stale_figures(&loaded, Date::ymd(2027, 2, 5)).is_empty());
    assert!(stale_figures(&loaded, Date::ymd(2026, 1, 1)).is_empty());
    let early = in_english(&loaded.files, &stale_figures(&loaded, Date::ymd(2025, 12, 31)));
    assert!(
        early.len() == 1 && early[0].contains("checked on 2026-01-01, but today is 2025-12-31"),
        "{early:?}"
    );
    let found = in_english(&loaded.files, &stale_figures(&loaded, Date::ymd(2027, 2, 6)));
    assert_eq!(
        found,
        [
            "packs/example/parameters.yaml:10:9: the figure of standard was last checked on 2026-01-01, 401 days ago; check it again and update checked_on"
        ]
    );
}

#[test]
fn every_article_has_its_rules_and_tests() {
    let rows = cite(&sound().load(None).expect("loads"));
    let row = |article: &str| rows.iter().find(|r| r.article == article).expect("a row");
    let names = |cited: &[crate::cite::Cited]| cited.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&row("第五条").rules), ["members.net", "income"]);
    assert_eq!(names(&row("第五条").tests), ["没有收入"]);
    assert_eq!(names(&row("第七条").tests), ["没有收入", "什么也不知道"]);
    let untested: Vec<&str> = rows.iter().filter(|r| r.untested()).map(|r| r.article.as_str()).collect();
    assert_eq!(untested, ["第二条", "第三条", "第四条", "第六条", "第六条第二款", "第八条", "第九条"]);
}
