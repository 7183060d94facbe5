//! The program `anmin`: reads arguments, calls `app`, prints. It knows no rule of any service and computes nothing itself.
//!
//! Only this crate prints, and only here may a clock be read ([`edge::today`]); below the edge every date is an argument.
//! Start with [`commands`]: one command a file.
mod bench;
mod commands;
mod edge;
mod tell;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

const ABOUT: &str = "\
Anmin computes what civil affairs law gives a household, shows why, and keeps the cases.
安民：按民政法规计算一个家庭应得的待遇，说明理由，并办理案件。";

const MORE: &str = "\
Examples:
  anmin demo                       a county to walk through, in the browser; start here
  anmin decide --pack NAME --region 110000 --on 2026-09-01 household.yaml
  anmin decide --pack NAME --on 2026-09-01 --lang en --full household.yaml
  anmin pack check                 what is wrong in the packs, with file and line
  anmin pack show NAME             a whole pack in words, for those who know the law
  anmin pack test                  the packs' own tests
  anmin init --data DIR            a new database; then anmin serve --data DIR
  anmin journal verify --data DIR  whether anybody has touched it
  anmin synth --data DIR           a county of any size, for measurements and tests

Packs (packs/) and regions (regions/) are looked for in this folder and those above it, then in $ANMIN_ROOT, unless --root says.
先运行 anmin pack check 看看有哪些服务包；每条命令加 --help 有说明和例子。

Exit codes: 0 done (a decision may be \"no\" or \"not yet known\"), 1 some pack test or benchmark sum failed, or the journal is not sound,
2 the input is wrong and the message says where, 3 a fault of the program.";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "anmin", version, about = ABOUT, after_help = MORE, max_term_width = 110)]
struct Line {
    /// The folder that holds packs/ and regions/ (含 packs/ 和 regions/ 的目录)
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Decide(commands::decide::Decide),
    #[command(subcommand)]
    Pack(Pack),
    Bench(commands::bench::Bench),
    Init(commands::init::Init),
    Serve(commands::serve::Serve),
    Demo(commands::demo::Demo),
    Synth(commands::synth::Synth),
    Backup(commands::backup::Backup),
    Restore(commands::backup::Restore),
    #[command(subcommand)]
    Journal(Journal),
}

/// Prove that nobody has touched the database
///
/// 校验和导出日志，证明数据库没有被人改动。
#[derive(Debug, Subcommand)]
enum Journal {
    Verify(commands::journal::Verify),
    Export(commands::journal::Export),
}

/// Check, read, cite and test packs
///
/// A pack is a folder of YAML in packs/: the facts a service asks for, the figures of the law, the rules, and tests.
/// 检查、阅读、测试服务包。
#[derive(Debug, Subcommand)]
enum Pack {
    Check(commands::check::Check),
    Cite(commands::cite::Cite),
    Show(commands::show::Show),
    Test(commands::test::Test),
}

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(told) => return help(&told),
    };
    let root = line.root.as_deref();
    let run = std::panic::catch_unwind(|| match &line.command {
        Command::Decide(c) => c.run(root),
        Command::Pack(Pack::Check(c)) => c.run(root),
        Command::Pack(Pack::Cite(c)) => c.run(root),
        Command::Pack(Pack::Show(c)) => c.run(root),
        Command::Pack(Pack::Test(c)) => c.run(root),
        Command::Bench(c) => c.run(root),
        Command::Init(c) => c.run(),
        Command::Serve(c) => c.run(root),
        Command::Demo(c) => c.run(root),
        Command::Synth(c) => c.run(root),
        Command::Backup(c) => c.run(),
        Command::Restore(c) => c.run(),
        Command::Journal(Journal::Verify(c)) => c.run(),
        Command::Journal(Journal::Export(c)) => c.run(),
    });
    match run {
        Ok(Ok(end)) => end.code(),
        Ok(Err(stopped)) => {
            tell::findings(&stopped.findings, stopped.language);
            edge::End::Wrong.code()
        }
        Err(_) => {
            tell::complain(
                "anmin: 程序内部出错，请把以上内容报告给维护者 / a fault of the program; please report the lines above",
            );
            edge::End::Fault.code()
        }
    }
}

/// Prints the help or version that was asked for, or what is wrong in the arguments.
fn help(told: &clap::Error) -> ExitCode {
    let printed = told.print();
    if told.use_stderr() {
        return edge::End::Wrong.code();
    }
    edge::written(printed);
    edge::End::Done.code()
}
