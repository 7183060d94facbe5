//! Where the program meets its surroundings: the folder it works in, the clock, standard output, exit codes.
use crate::tell::{Language, complain};
use anmin_app::decide::Refused;
use anmin_app::deployment::{Moment, Trouble};
use anmin_app::packs::{Library, MAX_BYTES};
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
        ExitCode::from(self.number())
    }

    fn number(self) -> u8 {
        match self {
            End::Done => 0,
            End::Failed => 1,
            End::Wrong => 2,
            End::Fault => 3,
        }
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

/// Now.
pub fn moment() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
    Moment(i64::try_from(since).unwrap_or(i64::MAX))
}

/// Does what a deployment is asked for, on all cores.
pub fn doing<T>(work: impl Future<Output = Result<T, Trouble>>, language: Language) -> Result<T, Stopped> {
    let told = |trouble: Trouble| Stopped::because(language, "", trouble.zh, trouble.en);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|e| told(Trouble::new(format!("无法启动：{e}"), format!("cannot start: {e}"))))?;
    runtime.block_on(work).map_err(told)
}

/// Reads a file, or standard input for `-`; of one that is too long, which may have no end, just enough to tell.
pub fn read(file: &Path) -> io::Result<Vec<u8>> {
    let most = MAX_BYTES as u64 + 1;
    let mut bytes = vec![];
    match is_stdin(file) {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
        false => std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// A file's name in messages.
pub fn name(file: &Path) -> String {
    if is_stdin(file) { "stdin".to_owned() } else { file.to_string_lossy().into_owned() }
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Writes to standard output; ends the program if that cannot be done.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Ends the program after a failed write to standard output: quietly if the reader has gone away (`| head`), and else
/// as a fault, since what was asked for has not been delivered.
pub fn written(result: io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    complain(&format!(
        "anmin: 无法写到标准输出，结果不完整：{error} / standard output cannot be written, the result is incomplete: {error}"
    ));
    std::process::exit(i32::from(End::Fault.number()));
}

/// A value as one line of JSON.
pub fn json(value: &impl serde::Serialize) -> String {
    let mut line =
        serde_json::to_string(value).unwrap_or_else(|e| format!("{{\"fault\":{:?}}}", e.to_string()));
    line.push('\n');
    line
}
