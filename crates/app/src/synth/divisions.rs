//! Real divisions under a made-up county: the tree from the province down to the villages of one county, as the tables in
//! `data/divisions/` have it. Who stands above whom is said there; nothing here compares codes.

use crate::error::{Error, Kind, Refusal, Result};
use crate::office::Office;
use crate::record::FieldError;
use anmin_base::division::DivisionCode;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder with the tables, below the one that holds the packs.
const FOLDER: &str = "data/divisions";

/// A county with all that lies in it and above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divisions {
    /// Those above the county, the province first.
    pub above: Vec<Division>,
    /// The county.
    pub county: Division,
    /// Its towns with their villages: streets and towns in turn, so that a few of them are of both kinds.
    pub towns: Vec<DivisionTown>,
}

/// A division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// Its name.
    pub name: String,
    /// Whether it is a street's or a residents' community, not a town's or a village.
    pub urban: bool,
}

/// A town with its villages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionTown {
    /// The town.
    pub town: Division,
    /// What lies in it.
    pub villages: Vec<Division>,
}

/// Towns for each street in the order of towns: most of a county is country.
const TOWNS_A_STREET: usize = 3;

impl Divisions {
    /// Reads the county of a code. `root` is the folder that holds `data/`.
    ///
    /// # Errors
    /// There is no such county, or none of its villages; or a table cannot be read.
    pub fn read(root: &Path, county: &str) -> Result<Divisions> {
        let code: DivisionCode = county.parse().map_err(|_| nowhere(root, county))?;
        let upper = table(root, "counties.csv")?;
        let mut line = Vec::new();
        let mut next = Some(code);
        while let Some(at) = next {
            let row = upper.iter().find(|row| row.code == at).ok_or_else(|| nowhere(root, county))?;
            line.push(Division { code: row.code, name: row.name.clone(), urban: false });
            next = row.parent;
        }
        let Some(top) = line.last().filter(|_| line.len() > 1) else { return Err(nowhere(root, county)) };
        let below = table(root, &format!("villages/{}.csv", top.code)).map_err(|_| nowhere(root, county))?;
        let mut villages: BTreeMap<DivisionCode, Vec<Division>> = BTreeMap::new();
        for row in &below {
            if let (Some(parent), "community" | "village") = (row.parent, row.kind.as_str()) {
                villages.entry(parent).or_default().push(row.division());
            }
        }
        let towns = below.iter().filter(|row| row.parent == Some(code));
        let towns = towns.filter_map(|row| {
            Some(DivisionTown { villages: villages.remove(&row.code)?, town: row.division() })
        });
        let (streets, country): (Vec<_>, Vec<_>) = towns.partition(|town| town.town.urban);
        let towns = in_turn(streets, country);
        if towns.is_empty() {
            return Err(nowhere(root, county));
        }
        let county = line.remove(0);
        line.reverse();
        Ok(Divisions { above: line, county, towns })
    }

    /// Whether a region's code is one of those above the county, or its own.
    pub(crate) fn is_in(&self, region: &str) -> bool {
        let code = region.parse::<DivisionCode>();
        code.is_ok_and(|code| self.above.iter().chain([&self.county]).any(|division| division.code == code))
    }
}

impl Office {
    /// The province among the regions whose rules hold in a county.
    ///
    /// # Errors
    /// There are no rules of it.
    pub fn province_over(&self, divisions: &Divisions) -> Result<String> {
        let found = self.regions().iter().find(|region| region.ends_with("0000") && divisions.is_in(region));
        found.cloned().ok_or_else(|| {
            let at = FieldError {
                at: "division".into(),
                zh: format!("regions/ 中没有{}所在省的规则；请另选一个县。", divisions.county.name),
                en: format!(
                    "regions/ has no rules for the province of {}: choose another.",
                    divisions.county.name
                ),
            };
            vec![at].into()
        })
    }
}

/// A street, then some towns, then the next street.
fn in_turn(streets: Vec<DivisionTown>, country: Vec<DivisionTown>) -> Vec<DivisionTown> {
    let (mut streets, mut country) = (streets.into_iter(), country.into_iter());
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(streets.next());
        all.extend(country.by_ref().take(TOWNS_A_STREET));
        if all.len() == before {
            return all;
        }
    }
}

struct Row {
    code: DivisionCode,
    parent: Option<DivisionCode>,
    kind: String,
    name: String,
}

impl Row {
    fn division(&self) -> Division {
        let urban = matches!(self.kind.as_str(), "street" | "community");
        Division { code: self.code, name: self.name.clone(), urban }
    }
}

/// A table of divisions: code, parent, perhaps a kind, name.
fn table(root: &Path, name: &str) -> Result<Vec<Row>> {
    let path = root.join(FOLDER).join(name);
    let wrong = |line: usize| -> Error {
        let at = format!("{FOLDER}/{name}:{line}");
        Refusal::new(
            Kind::Invalid,
            "divisions_unreadable",
            format!("{at}：读不出区划。"),
            format!("{at}: no division can be read here."),
        )
        .into()
    };
    let text = std::fs::read_to_string(path).map_err(|_| wrong(0))?;
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (code, parent, kind, name) = match fields[..] {
            [code, parent, name] => (code, parent, "", name),
            [code, parent, kind, name] => (code, parent, kind, name),
            _ => return Err(wrong(n + 1)),
        };
        let read = |text: &str| text.parse::<DivisionCode>().map_err(|_| wrong(n + 1));
        let parent = if parent.is_empty() { None } else { Some(read(parent)?) };
        rows.push(Row { code: read(code)?, parent, kind: kind.into(), name: name.into() });
    }
    Ok(rows)
}

/// There is no such county, or nothing below it; which there are.
fn nowhere(root: &Path, county: &str) -> Error {
    let offered = offered(root).into_iter().map(|county| format!("{} {}", county.code, county.name));
    let offered = offered.collect::<Vec<_>>().join("、");
    let at = FieldError {
        at: "division".into(),
        zh: format!("没有“{county}”的乡镇和村的数据；可选：{offered}。"),
        en: format!("There are no towns and villages of {county} here; there are of: {offered}."),
    };
    vec![at].into()
}

/// The counties whose towns and villages are there.
fn offered(root: &Path) -> Vec<Division> {
    let Ok(upper) = table(root, "counties.csv") else { return Vec::new() };
    let Ok(files) = std::fs::read_dir(root.join(FOLDER).join("villages")) else { return Vec::new() };
    let mut names: Vec<String> = files.filter_map(|file| file.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let rows = names.iter().filter_map(|name| table(root, &format!("villages/{name}")).ok()).flatten();
    let mut above: Vec<DivisionCode> = rows.filter_map(|row| row.parent).collect();
    above.dedup();
    upper.iter().filter(|row| above.contains(&row.code)).map(Row::division).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    #[test]
    fn a_county_has_its_line_above_and_its_villages_below() {
        let miyun = Divisions::read(&root(), "110118").unwrap();
        let above: Vec<&str> = miyun.above.iter().map(|division| division.name.as_str()).collect();
        assert_eq!((above, miyun.county.name.as_str()), (vec!["北京市"], "密云区"));
        assert_eq!(miyun.towns.len(), 20);
        assert!(miyun.towns[0].town.urban && !miyun.towns[1].town.urban && miyun.towns[4].town.urban);
        let villages: usize = miyun.towns.iter().map(|town| town.villages.len()).sum();
        assert_eq!(villages, 426);
        assert!(miyun.is_in("110000") && miyun.is_in("110118") && !miyun.is_in("330000"));
    }

    #[test]
    fn refuses_a_county_without_villages_and_names_those_there_are() {
        for county in ["330127", "110000", "999999", "密云"] {
            let Err(Error::Refusal(refusal)) = Divisions::read(&root(), county) else { panic!("{county}") };
            assert!(refusal.fields[0].zh.contains("110118 密云区"), "{county}: {:?}", refusal.fields);
        }
    }

    /// No unit stands only in statistics, every parent is there, no code twice, and whoever is in a table of villages hangs
    /// on a county.
    #[test]
    fn the_tables_are_sound() {
        let upper = table(&root(), "counties.csv").unwrap();
        assert_eq!(upper.iter().filter(|row| row.parent.is_none()).count(), 31);
        let mut codes = BTreeSet::new();
        for row in &upper {
            assert!(codes.insert(row.code), "{} twice", row.code);
            assert!(
                !["市辖区", "县"].contains(&row.name.as_str()) && !row.name.contains("直辖县级"),
                "{}",
                row.name
            );
        }
        assert!(upper.iter().filter_map(|row| row.parent).all(|parent| codes.contains(&parent)));
        let counties = codes.clone();
        for row in table(&root(), "villages/110000.csv").unwrap() {
            assert!(codes.insert(row.code), "{} twice", row.code);
            let parent = row.parent.unwrap();
            let town = ["street", "town", "township"].contains(&row.kind.as_str());
            assert!(town || ["community", "village"].contains(&row.kind.as_str()), "{}", row.kind);
            assert!(if town { counties.contains(&parent) } else { codes.contains(&parent) }, "{}", row.code);
        }
    }
}
