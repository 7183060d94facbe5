//! Where the program meets its surroundings: the folder it works in, the clock, standard output, exit codes.
use crate::tell::Language;
use anmin_app::decide::Refused;
use anmin_app::packs::Library;
use anmin_app::record::FindingV1;
use anmin_base::date::Date;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Done.
    Done,
    /// Some test failed.
    Failed,
    /// The input is wrong.
    Wrong,
    /// The program is wrong.
    Fault,
}

impl End {
    /// The exit code.
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            End::Done => 0,
            End::Failed => 1,
            End::Wrong => 2,
            End::Fault => 3,
        })
    }
}

/// A command that cannot go on: what is wrong, and the language to say it in.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// What is wrong.
    pub findings: Vec<FindingV1>,
    /// In which language.
    pub language: Language,
}

impl Stopped {
    /// Stops with one sentence about a file or about nothing in particular.
    pub fn because(language: Language, file: &str, zh: impl Into<String>, en: impl Into<String>) -> Stopped {
        Stopped { findings: vec![FindingV1::general(file, zh, en)], language }
    }

    /// Stops with what a command of `app` found.
    pub fn refused(language: Language) -> impl Fn(Refused) -> Stopped {
        move |refused| Stopped { findings: refused.findings, language }
    }
}

/// Opens the library of packs and regions.
pub fn library(root: Option<&Path>, language: Language) -> Result<Library, Stopped> {
    let root = find_root(root, language)?;
    Library::open(&root).map_err(|e| {
        let shown = root.join("packs").display().to_string();
        Stopped::because(language, &shown, format!("无法读取：{e}"), format!("cannot be read: {e}"))
    })
}

/// The folder that holds packs/: the one asked for, this one or one above it, or that of the environment.
pub fn find_root(asked: Option<&Path>, language: Language) -> Result<PathBuf, Stopped> {
    let holds = |folder: &Path| folder.join("packs").is_dir();
    if let Some(folder) = asked {
        let shown = folder.display().to_string();
        return holds(folder).then(|| folder.to_owned()).ok_or_else(|| {
            Stopped::because(
                language,
                &shown,
                "--root 指定的目录里没有 packs/：请指定含有 packs/ 和 regions/ 的目录",
                "the folder of --root holds no packs/: name the folder that holds packs/ and regions/",
            )
        });
    }
    let here = std::env::current_dir().unwrap_or_default();
    let above = here.ancestors().find(|folder| holds(folder)).map(Path::to_owned);
    let named = || std::env::var_os("ANMIN_ROOT").map(PathBuf::from).filter(|folder| holds(folder));
    above.or_else(named).ok_or_else(|| {
        Stopped::because(
            language,
            "",
            "找不到 packs/ 目录：请进入项目目录再运行，或加 --root 目录，或设置环境变量 ANMIN_ROOT",
            "there is no packs/ here or above: run this inside the project's folder, add --root DIR, or set ANMIN_ROOT",
        )
    })
}

/// Today in China, for commands that look after packs. Decisions never ask it.
pub fn today() -> Date {
    const EIGHT_HOURS: u64 = 8 * 60 * 60;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    Date::from_days(((seconds + EIGHT_HOURS) / (24 * 60 * 60)) as i32)
}

/// Most bytes read of one file. What is allowed is less, but a file that is too long is told by its length.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a file, or standard input for `-`.
pub fn read(file: &str) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    match file {
        "-" => io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes)?,
        _ => std::fs::File::open(file)?.take(MOST_BYTES).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// Writes to standard output. A reader that has gone away (`| head`) is no error.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if written.is_err() {
        std::process::exit(0);
    }
}

/// A value as one line of JSON.
pub fn json(value: &impl serde::Serialize) -> String {
    let mut line =
        serde_json::to_string(value).unwrap_or_else(|e| format!("{{\"fault\":{:?}}}", e.to_string()));
    line.push('\n');
    line
}
