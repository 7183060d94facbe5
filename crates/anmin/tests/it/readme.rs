//! The READMEs show what the program really prints and what the example really says.
use crate::run::run_here;
use crate::tidy::source::root;

const COMMAND: [&str; 8] =
    ["decide", "--pack", "dibao", "--region", "110000", "--on", "2026-09-01", "examples/single-elder.yaml"];

/// The fenced blocks of a kind in a page.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).map(str::to_owned).collect()
}

#[test]
fn sample_output_in_the_readmes_is_the_programs_own() {
    for (readme, language) in [("README.zh-CN.md", "zh"), ("README.md", "en")] {
        let page = std::fs::read_to_string(root().join(readme)).expect("the README is there");
        let args: Vec<&str> = COMMAND.iter().copied().chain(["--lang", language]).collect();
        let printed = run_here(&args).out;
        let shown = blocks(&page, "text");
        assert!(!shown.is_empty(), "{readme} shows no output");
        for block in shown {
            assert!(printed.contains(&block), "{readme} shows what the program does not print:\n{block}");
        }
    }
}

#[test]
fn the_household_in_the_readmes_is_lines_of_the_example() {
    let example = std::fs::read_to_string(root().join("examples/single-elder.yaml")).expect("the example");
    for readme in ["README.zh-CN.md", "README.md"] {
        let page = std::fs::read_to_string(root().join(readme)).expect("the README is there");
        for line in blocks(&page, "yaml").iter().flat_map(|b| b.lines()) {
            assert!(example.lines().any(|l| l == line), "{readme}: not a line of the example: {line}");
        }
    }
}
