//! Passwords: Argon2id with the parameters OWASP gives first (19 MiB, two rounds, one lane), and what is too easy to
//! guess. The common ones are not a list but what they are made of.

use super::gate::Gate;
use crate::error::{Fault, Result};
use crate::record::FieldError;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// The fewest characters.
const FEWEST: usize = 10;
/// The most, so that nobody makes us hash a book.
const MOST: usize = 128;
/// The fewest different characters.
const DIFFERENT: usize = 5;

/// Words that common passwords are built around, at the beginning of guessing lists in China and elsewhere.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "admin",
    "administrator",
    "root",
    "qwerty",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "minzheng",
    "anmin",
    "beijing",
    "shanghai",
    "hainan",
    "haikou",
    "zhongguo",
    "china",
    "test",
    "abc",
    "user",
    "guest",
    "dragon",
    "monkey",
    "login",
    "master",
    "hello",
    "huawei",
    "mima",
    "aini",
];

/// What lies side by side on a keyboard.
const ROWS: &[&str] = &[
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "abcdefghijklmnopqrstuvwxyz",
];

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("parameters within their limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash that is looked at where there is no account, so that an unknown login takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));

fn hash(password: &str) -> String {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).unwrap_or_default()
}

fn is_right(password: &str, known: &str) -> bool {
    PasswordHash::new(known).is_ok_and(|known| argon2().verify_password(password.as_bytes(), &known).is_ok())
}

impl Gate {
    /// What is kept of a password.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = Zeroizing::new(password.to_owned());
        let hash = self.slowly(move || hash(&password)).await?;
        if hash.is_empty() { Err(Fault::Broken("no random salt".into()).into()) } else { Ok(hash) }
    }

    /// Whether this is the password; none known: it is not, and that takes as long.
    pub async fn is_password(&self, password: &str, known: Option<&str>) -> Result<bool> {
        // Nobody's password has more characters, and a longer one would take longer.
        let password: String = password.chars().take(MOST).collect();
        let (password, known) = (Zeroizing::new(password), known.map(str::to_owned));
        let right = move || match known {
            Some(known) => is_right(&password, &known),
            None => {
                std::hint::black_box(is_right(&password, &NOBODY));
                false
            }
        };
        self.slowly(right).await
    }
}

/// What is wrong with a new password; nothing, if it may be taken.
pub(crate) fn flaws(password: &str, login: &str, name: &str) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut say = |zh: String, en: String| wrong.push(FieldError { at: "password".into(), zh, en });
    let characters: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    if characters.len() < FEWEST || characters.len() > MOST {
        say(
            format!("密码须为 {FEWEST} 至 {MOST} 个字符；几个不相干的词连在一起最好记。"),
            format!(
                "A password has {FEWEST} to {MOST} characters; a few unrelated words are easiest to remember."
            ),
        );
    }
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    let lower: String = characters.iter().collect();
    if different.len() < DIFFERENT || repeats(&characters) {
        say(
            "密码重复太多，请少用重复的字符和片段。".into(),
            "The password repeats itself; use fewer repeated characters and parts.".into(),
        );
    } else if steps(&characters) || common(&lower) {
        say(
            "密码过于常见（连号、键盘顺序或常用词加数字），请换一个。".into(),
            "The password is too common (a sequence, a row of the keyboard, or a common word with digits); choose \
             another."
                .into(),
        );
    }
    let about = [login, name].into_iter().filter(|word| word.chars().count() >= 2);
    if about.map(str::to_lowercase).any(|word| lower.contains(&word)) {
        say(
            "密码不能包含登录名或姓名。".into(),
            "The password must not contain the login or the name.".into(),
        );
    }
    wrong
}

/// The same part over and over: `abcabcabc`.
fn repeats(characters: &[char]) -> bool {
    let half = characters.len() / 2;
    (1..=half).any(|part| characters.iter().skip(part).zip(characters).all(|(a, b)| a == b))
}

/// Mostly made of steps along a row, forwards or backwards.
fn steps(characters: &[char]) -> bool {
    let neighbours = |pair: &[char]| {
        ROWS.iter().any(|row| {
            let at = |c: char| row.chars().position(|known| known == c);
            at(pair[0]).zip(at(pair[1])).is_some_and(|(a, b)| a.abs_diff(b) == 1)
        })
    };
    let along = characters.windows(2).filter(|pair| pair[0] == pair[1] || neighbours(pair)).count();
    along * 4 >= characters.len().saturating_sub(1) * 3
}

/// A common word, with digits and signs around it or for its letters.
fn common(lower: &str) -> bool {
    let as_letter = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    let bare = |letters: &mut dyn Iterator<Item = char>| -> String {
        letters.filter(char::is_ascii_alphabetic).collect()
    };
    let plain = bare(&mut lower.chars());
    let trimmed = lower.trim_matches(|c: char| !c.is_alphabetic());
    let meant = bare(&mut trimmed.chars().map(as_letter));
    // Two of them in a row are no better than one. Letters of another script are not in the lists.
    let built = |text: &str| {
        let rest = WORDS.iter().fold(text.to_owned(), |rest, word| rest.replace(word, ""));
        rest.len() <= 2
    };
    lower.is_ascii() && (built(&plain) || built(&meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_easy_to_guess() {
        for bad in [
            "short",
            "1234567890",
            "0987654321",
            "qwertyuiop12",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "Password123!",
            "P@ssw0rd2026",
            "admin123456",
            "1qaz2wsx3edc",
            "Woaini1314520",
            "clerk.wang.2026",
            "13800001234",
            "Anmin@2026!!",
            "minzheng2026",
        ] {
            assert!(!flaws(bad, "clerk.wang", "王办事").is_empty(), "{bad}");
        }
        for good in ["ripe plum under bridge", "Tz9-kettle-moss", "雨后竹林小路有三只鸟和风", "v8Lm2#qRt0Zp"]
        {
            assert_eq!(flaws(good, "clerk.wang", "王办事"), [], "{good}");
        }
        assert!(!flaws("王办事的密码就是这个啊", "clerk", "王办事").is_empty());
        assert!(!flaws(&"long word ".repeat(20), "clerk", "王办事").is_empty());
    }

    #[tokio::test]
    async fn knows_its_own_and_no_other() {
        let gate = Gate::default();
        let known = gate.hash("ripe plum under bridge").await.unwrap();
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert_ne!(known, gate.hash("ripe plum under bridge").await.unwrap());
        assert!(gate.is_password("ripe plum under bridge", Some(&known)).await.unwrap());
        assert!(!gate.is_password("ripe plum under bridges", Some(&known)).await.unwrap());
        assert!(!gate.is_password("nobody has this password", None).await.unwrap());
        assert!(!gate.is_password("x", Some("no hash")).await.unwrap());
    }
}
