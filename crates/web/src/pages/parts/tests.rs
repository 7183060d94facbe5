//! What parts of pages say, and that nothing somebody wrote becomes markup.
use super::*;
use anmin_base::document::Lang;

const ZH: Words = Words { lang: Lang::Zh };
const EN: Words = Words { lang: Lang::En };
const EVIL: &str = "<script>alert('\"&')</script>";

fn on(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_clock_is_a_word_a_symbol_and_a_colour() {
    let today = on("2026-09-10");
    for (mark, due, class, text) in [
        ("green", Some("2026-09-20"), "tag-good", "剩 10 天"),
        ("amber", Some("2026-09-12"), "tag-soon", "剩 2 天"),
        ("red", Some("2026-09-10"), "tag-bad", "今天到期"),
        ("overdue", Some("2026-09-08"), "tag-bad", "超期 2 天"),
        // The morning's job has not marked it yet.
        ("amber", Some("2026-09-09"), "tag-bad", "超期 1 天"),
        ("green", None, "tag-plain", "无期限"),
        ("green", Some("soon"), "tag-plain", "无期限"),
    ] {
        let tag = clock(ZH, mark, due, today).to_string();
        assert!(tag.contains(class) && tag.contains(text) && tag.contains("<svg"), "{mark} {due:?}: {tag}");
    }
    assert!(clock(EN, "overdue", Some("2026-09-09"), today).to_string().contains("1 day late"));
}

#[test]
fn what_somebody_wrote_never_becomes_markup() {
    let text = || EVIL.to_owned();
    let branch = |below| Branch {
        t: ZH,
        tone: Tone::Good,
        word: text(),
        text: text(),
        value: text(),
        more: text(),
        open: true,
        below,
    };
    let happened = Happened { on: text(), what: text(), by: text(), more: text(), coming: false };
    for part in [
        ZH.tag(Tone::Bad, text()).to_string(),
        Crumbs::new(ZH).to("/a", text()).to_string(),
        Empty::new(ZH, text(), text()).to_string(),
        Pager::new(ZH, text(), Some(text()), Some(text())).to_string(),
        Timeline { t: ZH, lines: vec![happened] }.to_string(),
        Stages { t: ZH, stages: vec![Stage { text: text(), place: 0 }] }.to_string(),
        Bar { id: "bar", text: text(), done: 1, of: 2 }.to_string(),
        branch(vec![branch(Vec::new())]).to_string(),
        Panel { title: text(), label: text(), number: text() }.to_string(),
    ] {
        assert!(!part.contains("<script") && part.contains("&#60;script&#62;"), "{part}");
        assert!(!part.contains("style="), "{part}");
    }
}

#[test]
fn a_branch_with_something_below_it_opens() {
    let leaf = Branch {
        t: ZH,
        tone: Tone::Soon,
        word: "w".into(),
        text: "leaf".into(),
        value: "1".into(),
        more: String::new(),
        open: false,
        below: Vec::new(),
    };
    let tree =
        Branch { text: "root".into(), below: vec![leaf.clone()], open: true, ..leaf.clone() }.to_string();
    assert!(tree.contains("<details open>") && tree.contains("leaf"), "{tree}");
    assert!(!leaf.to_string().contains("<details"));
}
