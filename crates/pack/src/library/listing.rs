//! What stands in `packs/` and `regions/`: folders that are packs and regions, and everything else, which is reported
//! rather than skipped.
use crate::finding::{Files, Finding, excerpt};
use crate::yaml::MAX_BYTES;
use anmin_base::division::DivisionCode;
use anmin_rules::model::Place;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::Path;

/// What is neither a pack nor a region, in the order of the names.
#[derive(Clone, Debug, Default)]
pub struct Strays {
    /// The files the findings' places mean.
    pub files: Files,
    /// One error for each.
    pub findings: Vec<Finding>,
}

impl Strays {
    fn error(&mut self, path: &str, zh: impl Into<String>, en: impl Into<String>) {
        let place = Place { file: self.files.add(path), line: 1, column: 1 };
        self.findings.push(Finding::error(place, zh, en));
    }
}

/// The folders in `packs/` that are packs, sorted.
pub(super) fn packs(root: &Path, strays: &mut Strays) -> io::Result<Vec<String>> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    list(root, "packs", "service.yaml", strays, |name| {
        let wrong = || {
            let shown = excerpt(name);
            (
                format!("服务包的目录名 {shown} 只能用小写英文字母、数字和连字符"),
                format!(
                    "a pack's folder name holds lower-case letters, digits and hyphens only, not {shown}"
                ),
            )
        };
        if name.bytes().all(fits) { Ok(()) } else { Err(wrong()) }
    })
}

/// The folders in `regions/` that are regions, sorted.
pub(super) fn regions(root: &Path, strays: &mut Strays) -> io::Result<Vec<String>> {
    list(root, "regions", "region.yaml", strays, |name| {
        let code = name.parse::<DivisionCode>().map_err(|e| {
            (
                format!("地区的目录名是区划代码。{}", e.zh()),
                format!("a region's folder is a division code. {}", e.en()),
            )
        })?;
        // Codes have several writings; one region has one folder.
        let usual = code.to_string();
        if usual == name {
            return Ok(());
        }
        Err((
            format!("区划代码 {name} 请写成 {usual}，一个地区只有一个目录"),
            format!("write the division code {name} as {usual}; a region has one folder"),
        ))
    })
}

/// The folders in a folder whose names are right and that hold `file`; the rest is reported. What begins with a dot is
/// the editors' business, and a README.md is welcome.
fn list(
    root: &Path,
    folder: &str,
    file: &str,
    strays: &mut Strays,
    named: impl Fn(&str) -> Result<(), (String, String)>,
) -> io::Result<Vec<String>> {
    let mut entries: Vec<DirEntry> = fs::read_dir(root.join(folder))?.collect::<io::Result<_>>()?;
    entries.sort_by_key(DirEntry::file_name);
    let mut names = vec![];
    for entry in entries {
        let (name, path) = (entry.file_name(), entry.path());
        if name.as_encoded_bytes().starts_with(b".") || name == OsStr::new("README.md") {
            continue;
        }
        let shown = format!("{folder}/{}", name.to_string_lossy());
        if !path.is_dir() {
            strays.error(
                &shown,
                format!("{folder}/ 里只能有目录（和 README.md）：请移走这个文件"),
                format!("{folder}/ holds folders only (and README.md): move this file away"),
            );
        } else if let Err((zh, en)) = named(&name.to_string_lossy()) {
            strays.error(&shown, zh, en);
        } else if !path.join(file).is_file() {
            strays.error(
                &shown,
                format!("目录里没有 {file}，因此不被采用：请补上，或移走这个目录"),
                format!("there is no {file} in it, so it is not used: add it or move the folder away"),
            );
        } else {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// The bytes of a file of a pack or region: of a regular one, since opening a pipe or a device may never end, and no
/// more than tell that it is too long.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "不是普通文件 (not a regular file)"));
    }
    let mut bytes = vec![];
    fs::File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
