//! Small packs written to a temporary folder.
use anmin_app::decide::{Opened, Prepared, Refused};
use anmin_pack::library::Library;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder with one pack `sample` and optional regions; removed when dropped.
pub struct Folder {
    root: PathBuf,
}

const SERVICE: &str = "name: {zh: 样例, en: Sample}\nkind: grant\nabout: {zh: 测试用, en: For tests}\nlegal_basis: [act 第一条]\nrules_on: decision\n";
const PARAMETERS_HEAD: &str =
    "documents:\n  act: {zh: 样例法, en: Sample Act, published: 2020-01-01}\nparameters:\n";

/// The facts most tests use.
pub const FACTS: &str = "\
entities:
  household: {zh: 家庭, en: Household}
  members: {of: household, each: member, min: 1, max: 5, zh: 成员, en: Members}
  guests: {of: household, each: guest, max: 3, zh: 客人, en: Guests}
enums:
  area:
    urban: {code: 1, zh: 城市, en: Urban}
    rural: {code: 2, zh: 农村, en: Rural}
facts:
  area: {type: area, sensitivity: P1, source: [declared], zh: 地区, en: Area}
  rent: {type: money, per: month, range: [0, 10000], sensitivity: P2, source: [declared], zh: 房租, en: Rent}
  savings: {type: money, per: once, range: [0, 1000000], sensitivity: P3, source: [declared], zh: 存款, en: Savings}
  bonus: {type: money, per: year, range: [0, 1000000], sensitivity: P3, source: [declared], zh: 年终奖, en: Bonus}
  rooms: {type: count, range: [0, 20], sensitivity: P1, source: [declared], zh: 房间数, en: Rooms}
  owner: {type: bool, sensitivity: P1, source: [declared], zh: 有自有房, en: Owns the home}
  members.birth_date: {type: date, sensitivity: P2, source: [declared], zh: 出生日期, en: Birth date}
  members.wage: {type: money, per: month, range: [0, 100000], sensitivity: P3, source: [declared], zh: 工资, en: Wage}
  members.pupil: {type: bool, applies: age(member.birth_date) < school_end, when_not: false, sensitivity: P2, source: [declared], zh: 在学, en: At school}
  guests.gift: {type: money, per: once, range: [0, 1000], sensitivity: P2, source: [declared], zh: 礼金, en: Gift}
";

/// The figures most tests use, below the documents.
pub const PARAMETERS: &str = "  limit: {type: money, per: month, range: [1, 10000], zh: 限额, en: Limit, values: [{from: 2020-01-01, value: 1000, law: act 第二条, published: 2020-01-01, checked_on: 2026-11-01}]}
  share: {type: rate, range: [0%, 100%], zh: 比例, en: Share, values: [{from: 2020-01-01, value: 35%, law: act 第三条, published: 2020-01-01, checked_on: 2026-11-01}]}
  school_end: {type: age, range: [0, 150], zh: 学龄上限, en: End of school, values: [{from: 2020-01-01, value: 18, law: act 第四条, published: 2020-01-01, checked_on: 2026-11-01}]}
";

const ANSWER: &str = "  ok: {type: bool, zh: 好, en: Ok, law: act 第一条, value: owner}\ndecision: {eligible: ok}\noutputs: [x]\n";

/// A pack without any test is refused; this one holds whatever the rules are.
const TEST: &str =
    "- {name: 一无所知, law: act 第一条, on: 2026-09-01, household: {}, expect: {eligible: unknown}}\n";

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Folder {
    /// With these rules over the usual facts and figures.
    pub fn new(rules: &str) -> Self {
        Self::with(FACTS, PARAMETERS, rules)
    }

    /// With these files.
    pub fn with(facts: &str, parameters: &str, rules: &str) -> Self {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("anmin-app-{}-{n}", std::process::id()));
        let folder = Folder { root };
        folder.write("packs/sample/service.yaml", SERVICE);
        folder.write("packs/sample/facts.yaml", facts);
        folder.write("packs/sample/parameters.yaml", &format!("{PARAMETERS_HEAD}{parameters}"));
        // A pack must answer something; tests of the checker bring only the variable they are about.
        let answer = if rules.contains("decision:") { "" } else { ANSWER };
        folder.write("packs/sample/rules.yaml", &format!("{rules}{answer}"));
        folder.write("packs/sample/README.md", "sample\n");
        folder.write("packs/sample/tests/first.yaml", TEST);
        fs::create_dir_all(folder.root.join("regions")).expect("temporary folder");
        folder
    }

    /// Writes a file below the root.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("temporary folder");
        fs::write(path, text).expect("temporary file");
    }

    /// Opens the pack in a region.
    pub fn open(&self, region: Option<&str>) -> Result<Arc<Opened>, Refused> {
        let library = Library::open(&self.root).expect("the folder is there");
        Opened::new(&library, "sample", region).map(Arc::new)
    }

    /// Prepares it for a date.
    pub fn on(&self, date: &str) -> Result<Prepared, Refused> {
        self.open(None)?.on(date.parse().expect("a date"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Errors as `file:line:column: sentence`, without warnings; English.
pub fn sentences(refused: &Refused) -> Vec<String> {
    refused
        .findings
        .iter()
        .filter(|f| f.severity == anmin_app::record::SeverityV1::Error)
        .map(ToString::to_string)
        .collect()
}
