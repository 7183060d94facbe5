//! How a name sounds, for finding it by its first letters: small letters without tones or gaps.

use pinyin::ToPinyin;

/// The sound of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sound {
    /// The whole: `zhangsan`.
    pub whole: String,
    /// The first letter of each character: `zs`.
    pub initials: String,
}

/// Surnames that do not sound as the character usually does.
const SURNAMES: [(&str, &[&str]); 26] = [
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("长孙", &["zhang", "sun"]),
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("单", &["shan"]),
    ("仇", &["qiu"]),
    ("区", &["ou"]),
    ("解", &["xie"]),
    ("查", &["zha"]),
    ("曾", &["zeng"]),
    ("朴", &["piao"]),
    ("盖", &["ge"]),
    ("缪", &["miao"]),
    ("员", &["yun"]),
    ("乐", &["yue"]),
    ("任", &["ren"]),
    ("宁", &["ning"]),
    ("覃", &["qin"]),
    ("折", &["she"]),
    ("种", &["chong"]),
    ("冼", &["xian"]),
    ("纪", &["ji"]),
    ("葛", &["ge"]),
    ("翟", &["zhai"]),
    ("召", &["shao"]),
];

/// How a name sounds. A letter stands for itself; what has no sound is left out.
pub(crate) fn of(name: &str) -> Sound {
    let surname = SURNAMES.iter().find(|(surname, _)| name.starts_with(surname) && name != *surname);
    let (mut syllables, rest): (Vec<String>, &str) = match surname {
        Some((surname, sounds)) => {
            (sounds.iter().map(|sound| (*sound).to_owned()).collect(), &name[surname.len()..])
        }
        None => (Vec::new(), name),
    };
    for (character, sound) in rest.chars().zip(rest.to_pinyin()) {
        match sound {
            // The letter of 女 is typed as v.
            Some(sound) => syllables.push(sound.plain().replace('ü', "v")),
            None if character.is_ascii_alphabetic() => {
                syllables.push(character.to_ascii_lowercase().to_string());
            }
            None => {}
        }
    }
    let initials = syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
    Sound { whole: syllables.concat(), initials }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sound_as_they_are_said() {
        for (name, whole, initials) in [
            ("张三", "zhangsan", "zs"),
            ("单雄信", "shanxiongxin", "sxx"),
            ("曾国", "zengguo", "zg"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("欧阳小明", "ouyangxiaoming", "oyxm"),
            ("买买提·吐尔逊", "maimaititu'erxun", "mmttex"),
            ("吕布", "lvbu", "lb"),
            ("李Anna", "lianna", "lanna"),
            ("", "", ""),
        ] {
            let whole = whole.replace('\'', "");
            assert_eq!(of(name), Sound { whole, initials: initials.into() }, "{name}");
        }
    }
}
