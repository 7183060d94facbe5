//! A tree with guides.
use super::width::{COLUMNS, lines};

/// A line of a tree, what is said about it, and what hangs below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branch {
    /// The line.
    pub text: String,
    /// Further lines about it.
    pub notes: Vec<String>,
    /// Below it.
    pub branches: Vec<Branch>,
}

impl Branch {
    /// Draws the branch and everything below it.
    pub fn draw(&self, out: &mut String) {
        self.part("", "", out);
    }

    fn part(&self, first: &str, rest: &str, out: &mut String) {
        let room = |guide: &str| COLUMNS.saturating_sub(guide.chars().count()).max(40);
        let below = if self.branches.is_empty() { "   " } else { "│  " };
        for (n, line) in lines(&self.text, room(first)).iter().enumerate() {
            let guide = if n == 0 { first.to_owned() } else { format!("{rest}{below}") };
            push(out, &guide, line);
        }
        let guide = format!("{rest}{below}  ");
        for note in &self.notes {
            for (n, line) in lines(note, room(&guide) - 2).iter().enumerate() {
                push(out, &guide, &if n == 0 { line.clone() } else { format!("  {line}") });
            }
        }
        for (n, branch) in self.branches.iter().enumerate() {
            let last = n + 1 == self.branches.len();
            let (turn, on) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            branch.part(&format!("{rest}{turn}"), &format!("{rest}{on}"), out);
        }
    }
}

fn push(out: &mut String, guide: &str, line: &str) {
    out.push_str(format!("{guide}{line}").trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guides_join_what_hangs_together() {
        let leaf = |text: &str| Branch { text: text.into(), ..Branch::default() };
        let tree = Branch {
            text: "a".into(),
            notes: vec!["why".into()],
            branches: vec![
                Branch { branches: vec![leaf("c")], ..leaf("b") },
                Branch { notes: vec!["law".into()], ..leaf("d") },
            ],
        };
        let mut out = String::new();
        tree.draw(&mut out);
        assert_eq!(out, "a\n│    why\n├─ b\n│  └─ c\n└─ d\n        law\n");
    }
}
