//! What pages say, in Chinese and English: messages by key from `locales/`, with the words of packs beside them, which
//! come in both languages already.

use anmin_app::record::TextV1;
use anmin_base::document::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// The files of messages, in both languages.
macro_rules! locales {
    ($($name:literal),+ $(,)?) => {
        pub(crate) const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../locales/zh/", $name, ".ftl")),
            include_str!(concat!("../locales/en/", $name, ".ftl")),
        )),+];
    };
}
locales!(
    "admin",
    "apply",
    "asking",
    "case",
    "check",
    "county",
    "demo",
    "form",
    "home",
    "intake",
    "kin",
    "layout",
    "money",
    "my",
    "parts",
    "queue",
    "session",
    "supervision",
    "waiting",
    "work",
);

type Bundle = FluentBundle<FluentResource>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Zh));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En));

fn bundle(lang: Lang) -> Bundle {
    let tag: LanguageIdentifier = crate::language::name(lang).parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // The marks of direction that would stand around every value break searching and copying.
    bundle.set_use_isolating(false);
    for (_, zh, en) in FILES {
        // What of a file cannot be read is left out: a test reads them all.
        let read = FluentResource::try_new(lang.of(*zh, *en).to_string());
        let resource = read.unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn bundle_of(lang: Lang) -> &'static Bundle {
    lang.of(&ZH, &EN)
}

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub lang: Lang,
}

/// A message on its way onto a page.
#[derive(Debug)]
pub(crate) struct Message {
    words: Words,
    key: String,
    args: Vec<(&'static str, FluentValue<'static>)>,
}

impl Words {
    /// The message of a key.
    pub fn text(&self, key: impl Into<String>) -> Message {
        Message { words: *self, key: key.into(), args: Vec::new() }
    }

    /// Whether there is a message of this key.
    pub fn has(&self, key: &str) -> bool {
        bundle_of(self.lang).has_message(key)
    }

    /// Of words in both languages, ours.
    pub fn of<'a>(&self, text: &'a TextV1) -> &'a str {
        self.lang.of(&text.zh, &text.en)
    }

    /// The value of the attribute `lang`.
    pub fn locale(&self) -> &'static str {
        crate::language::name(self.lang)
    }

    /// A day as people read it: 2026年9月1日, 1 September 2026. What is no date stays as it is.
    pub fn day(&self, text: &str) -> String {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str| part.parse::<u32>().ok();
        let (Some(year), Some(month), Some(day)) = (
            parts.first().and_then(|p| number(p)),
            parts.get(1).and_then(|p| number(p)).filter(|m| (1..=12).contains(m)),
            parts.get(2).and_then(|p| number(p)),
        ) else {
            return text.to_owned();
        };
        let month = self.text(format!("date-month-{month}"));
        self.text("date-day")
            .arg("year", i64::from(year))
            .arg("month", month.to_string())
            .arg("day", i64::from(day))
            .to_string()
    }
}

impl Message {
    /// The same with a value.
    pub fn arg(mut self, name: &'static str, value: impl Arg) -> Message {
        self.args.push((name, value.value()));
        self
    }
}

/// A value in a message.
pub(crate) trait Arg {
    fn value(&self) -> FluentValue<'static>;
}

macro_rules! numbers {
    ($($number:ty),+) => { $(
        impl Arg for $number {
            fn value(&self) -> FluentValue<'static> {
                // Whole numbers as they are written: years and counts alike.
                FluentValue::from(*self)
            }
        }
    )+ };
}
numbers!(i64, i32, u64, u32, usize);

impl Arg for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl Arg for String {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.clone())
    }
}

impl Arg for Message {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}

// Templates pass what they hold by reference.
impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle = bundle_of(self.words.lang);
        let pattern = bundle.get_message(&self.key).and_then(|message| message.value());
        let Some(pattern) = pattern else {
            debug_assert!(false, "no message {}", self.key);
            return f.write_str(&self.key);
        };
        let mut args = FluentArgs::new();
        for (name, value) in &self.args {
            args.set(*name, value.clone());
        }
        f.write_str(&bundle.format_pattern(pattern, Some(&args), &mut Vec::new()))
    }
}

/// What a label or a hint says: a message of ours by its key, or words that are there already.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    Key(&'static str),
    Both(TextV1),
    Text(String),
}

impl Say {
    pub fn text(&self, words: Words) -> String {
        match self {
            Say::Key(key) => words.text(*key).to_string(),
            Say::Both(text) => words.of(text).to_owned(),
            Say::Text(text) => text.clone(),
        }
    }
}

impl From<&'static str> for Say {
    fn from(key: &'static str) -> Say {
        Say::Key(key)
    }
}

impl From<&TextV1> for Say {
    fn from(text: &TextV1) -> Say {
        Say::Both(text.clone())
    }
}

impl From<TextV1> for Say {
    fn from(text: TextV1) -> Say {
        Say::Both(text)
    }
}

impl From<&String> for Say {
    fn from(text: &String) -> Say {
        Say::Text(text.clone())
    }
}

impl From<&Say> for Say {
    fn from(say: &Say) -> Say {
        say.clone()
    }
}

impl From<String> for Say {
    fn from(text: String) -> Say {
        Say::Text(text)
    }
}

impl From<Message> for Say {
    fn from(message: Message) -> Say {
        Say::Text(message.to_string())
    }
}

#[cfg(test)]
#[path = "words/tests.rs"]
mod tests;
