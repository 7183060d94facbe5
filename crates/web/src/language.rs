//! Which of our two languages somebody reads, as their browser or program says. Chinese where it does not say.

use anmin_base::document::Lang;
use axum::http::{HeaderMap, header};

/// The name of a language in headers.
pub(crate) fn name(lang: Lang) -> &'static str {
    lang.of("zh-CN", "en")
}

/// The language of a request.
pub(crate) fn of(headers: &HeaderMap) -> Lang {
    let said = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    said.map_or(Lang::Zh, preferred)
}

/// The better liked of the two: `en;q=0.8, zh;q=0.9` is Chinese. Weights have at most three decimals.
fn preferred(said: &str) -> Lang {
    let (mut zh, mut en) = (None, None);
    for range in said.split(',') {
        let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1000), thousandths);
        let Some(weight) = weight.filter(|weight| *weight > 0) else { continue };
        let tag = tag.trim().to_ascii_lowercase();
        let best = match tag.split('-').next() {
            Some("zh") => &mut zh,
            Some("en") => &mut en,
            _ => continue,
        };
        *best = (*best).max(Some(weight));
    }
    if en > zh { Lang::En } else { Lang::Zh }
}

fn thousandths(weight: &str) -> Option<u32> {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits = |text: &str| text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(part) || !matches!(whole, "0" | "1") {
        return None;
    }
    let part: u32 = format!("{part:0<3}").parse().ok()?;
    Some((whole.parse::<u32>().ok()? * 1000 + part).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_liked_language_is_spoken() {
        for (said, expected) in [
            ("", Lang::Zh),
            ("*", Lang::Zh),
            ("fr", Lang::Zh),
            ("en", Lang::En),
            ("en-GB", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-US,en;q=0.9,zh;q=0.8", Lang::En),
            ("en;q=0.8, zh;q=0.9", Lang::Zh),
            ("en;q=0", Lang::Zh),
            ("en;q=x", Lang::Zh),
            ("fr, en;q=0.1", Lang::En),
            ("en;q=0.501,zh;q=0.5", Lang::En),
        ] {
            assert_eq!(preferred(said), expected, "{said}");
        }
    }
}
