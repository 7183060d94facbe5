//! A letter as a page to read and print. Every character that somebody wrote is escaped; there is no other markup than
//! what stands here, no script and no style but the sheet beside it.

use anmin_base::document::{Block, Document, Run, Text};

/// The style sheet of letters.
pub(crate) const STYLE: &str = include_str!("letter.css");
/// Its address.
pub(crate) const STYLE_AT: &str = "/letter.css";

/// A letter within a page of ours.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub title: String,
    pub lang: &'static str,
    body: String,
}

impl Letter {
    /// The markup of a letter's blocks: every character that somebody wrote is escaped.
    pub fn of(document: &Document) -> Letter {
        let mut body = String::new();
        for block in &document.blocks {
            put(&mut body, block);
        }
        Letter { title: document.title.clone(), lang: crate::language::name(document.lang), body }
    }
}

impl std::fmt::Display for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.body)
    }
}

impl askama::filters::HtmlSafe for Letter {}

/// The page of a letter.
pub(crate) fn page(document: &Document, base: &str) -> String {
    let mut page = String::new();
    let (lang, title) = (crate::language::name(document.lang), escaped(&document.title));
    page.push_str(&format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{base}{STYLE_AT}\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    ));
    page.push_str(&body(document));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// What a letter says, below its title.
pub(crate) fn body(document: &Document) -> String {
    let mut body = String::new();
    for block in &document.blocks {
        put(&mut body, block);
    }
    body
}

fn put(page: &mut String, block: &Block) {
    match block {
        Block::Title(text) => page.push_str(&format!("<h2>{}</h2>\n", line(text))),
        Block::Para(text) => page.push_str(&format!("<p>{}</p>\n", line(text))),
        Block::Table { head, rows, widths } => table(page, head, rows, widths.as_deref()),
        Block::List(items) => {
            page.push_str("<ol>\n");
            for item in items {
                page.push_str(&format!("<li>{}</li>\n", line(item)));
            }
            page.push_str("</ol>\n");
        }
        Block::Sign { issuer, date, seal } => {
            let seal = if *seal { " class=\"seal\"" } else { "" };
            let (issuer, date) = (escaped(issuer), escaped(date));
            page.push_str(&format!("<footer><p{seal}>{issuer}</p>\n<p>{date}</p></footer>\n"));
        }
        Block::Rule => page.push_str("<hr>\n"),
        Block::Note(text) => page.push_str(&format!("<p class=\"note\">{}</p>\n", line(text))),
    }
}

/// Widths are shares of their sum: classes of twelfths, since no style stands in the page itself.
fn table(page: &mut String, head: &[Text], rows: &[Vec<Text>], widths: Option<&[u8]>) {
    page.push_str("<table>\n<thead>\n<tr>");
    let sum: u32 = widths.unwrap_or_default().iter().map(|width| u32::from(*width)).sum();
    for (n, cell) in head.iter().enumerate() {
        let width = widths.and_then(|widths| widths.get(n)).filter(|_| sum > 0);
        let class = width.map(|width| (u32::from(*width) * 12 / sum).clamp(1, 12));
        let class = class.map_or(String::new(), |twelfths| format!(" class=\"w{twelfths}\""));
        page.push_str(&format!("<th scope=\"col\"{class}>{}</th>", line(cell)));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", line(cell))).collect();
        page.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    page.push_str("</tbody>\n</table>\n");
}

fn line(text: &[Run]) -> String {
    let run = |run: &Run| match run.filled {
        true => format!("<span class=\"filled\">{}</span>", escaped(&run.text)),
        false => escaped(&run.text),
    };
    text.iter().map(run).collect()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push_str("<br>"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_base::document::Lang;

    #[test]
    fn what_somebody_wrote_never_becomes_markup() {
        const EVIL: &str = "</p><script>alert('\"&')</script>";
        let run = |filled| vec![Run { text: EVIL.into(), filled }];
        let blocks = vec![
            Block::Title(run(true)),
            Block::Para(run(false)),
            Block::Table { head: vec![run(true)], rows: vec![vec![run(true)]], widths: Some(vec![3]) },
            Block::List(vec![run(true)]),
            Block::Sign { issuer: EVIL.into(), date: EVIL.into(), seal: true },
            Block::Rule,
            Block::Note(run(true)),
        ];
        let page = page(&Document { lang: Lang::Zh, title: EVIL.into(), blocks }, "/api/v1");
        assert!(!page.contains("<script") && !page.contains("'\"&'"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;").count(), 10, "{page}");
        assert!(!page.contains("style="), "styles stand in the sheet only");
    }

    #[test]
    fn columns_are_as_wide_as_their_share() {
        let cell = |text: &str| vec![Run { text: text.into(), filled: false }];
        let block = Block::Table {
            head: vec![cell("a"), cell("b")],
            rows: vec![vec![cell("1"), cell("2")]],
            widths: Some(vec![1, 3]),
        };
        let page = page(&Document { lang: Lang::En, title: "T".into(), blocks: vec![block] }, "");
        assert!(
            page.contains("<th scope=\"col\" class=\"w3\">a</th><th scope=\"col\" class=\"w9\">b</th>"),
            "{page}"
        );
        assert!(page.contains("<tr><td>1</td><td>2</td></tr>"));
    }
}
