//! Names of people, towns and villages. Nobody's: surnames in the order of how many bear them, given names put together
//! at random, places from two lists of characters.

use super::random::Random;

/// Surnames with their sound, and how many of a thousand bear them; roughly the country's.
const SURNAMES: [(&str, &str, u32); 60] = [
    ("王", "wang", 72),
    ("李", "li", 72),
    ("张", "zhang", 68),
    ("刘", "liu", 54),
    ("陈", "chen", 46),
    ("杨", "yang", 31),
    ("赵", "zhao", 21),
    ("黄", "huang", 24),
    ("周", "zhou", 19),
    ("吴", "wu", 20),
    ("徐", "xu", 15),
    ("孙", "sun", 15),
    ("胡", "hu", 12),
    ("朱", "zhu", 12),
    ("高", "gao", 11),
    ("林", "lin", 11),
    ("何", "he", 11),
    ("郭", "guo", 11),
    ("马", "ma", 10),
    ("罗", "luo", 9),
    ("梁", "liang", 8),
    ("宋", "song", 7),
    ("郑", "zheng", 7),
    ("谢", "xie", 7),
    ("韩", "han", 6),
    ("唐", "tang", 6),
    ("冯", "feng", 6),
    ("于", "yu", 6),
    ("董", "dong", 6),
    ("萧", "xiao", 6),
    ("程", "cheng", 5),
    ("曹", "cao", 5),
    ("袁", "yuan", 5),
    ("邓", "deng", 5),
    ("许", "xu", 5),
    ("傅", "fu", 5),
    ("沈", "shen", 5),
    ("曾", "zeng", 5),
    ("彭", "peng", 5),
    ("吕", "lü", 5),
    ("苏", "su", 4),
    ("卢", "lu", 4),
    ("蒋", "jiang", 4),
    ("蔡", "cai", 4),
    ("贾", "jia", 4),
    ("丁", "ding", 4),
    ("魏", "wei", 4),
    ("薛", "xue", 4),
    ("叶", "ye", 4),
    ("阎", "yan", 4),
    ("余", "yu", 4),
    ("潘", "pan", 4),
    ("杜", "du", 4),
    ("戴", "dai", 3),
    ("夏", "xia", 3),
    ("钟", "zhong", 3),
    ("汪", "wang", 3),
    ("田", "tian", 3),
    ("欧阳", "ouyang", 1),
    ("上官", "shangguan", 1),
];

/// Characters of given names with their sound: for women, for men, for both.
const WOMEN: [(&str, &str); 24] = [
    ("秀", "xiu"),
    ("英", "ying"),
    ("兰", "lan"),
    ("芳", "fang"),
    ("娟", "juan"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("艳", "yan"),
    ("桂", "gui"),
    ("玲", "ling"),
    ("霞", "xia"),
    ("红", "hong"),
    ("梅", "mei"),
    ("凤", "feng"),
    ("琴", "qin"),
    ("雪", "xue"),
    ("婷", "ting"),
    ("倩", "qian"),
    ("莉", "li"),
    ("珍", "zhen"),
    ("颖", "ying"),
    ("洁", "jie"),
    ("萍", "ping"),
];
const MEN: [(&str, &str); 24] = [
    ("伟", "wei"),
    ("强", "qiang"),
    ("军", "jun"),
    ("勇", "yong"),
    ("涛", "tao"),
    ("国", "guo"),
    ("建", "jian"),
    ("志", "zhi"),
    ("刚", "gang"),
    ("辉", "hui"),
    ("鹏", "peng"),
    ("飞", "fei"),
    ("波", "bo"),
    ("斌", "bin"),
    ("杰", "jie"),
    ("浩", "hao"),
    ("磊", "lei"),
    ("峰", "feng"),
    ("福", "fu"),
    ("贵", "gui"),
    ("德", "de"),
    ("龙", "long"),
    ("健", "jian"),
    ("宏", "hong"),
];
const BOTH: [(&str, &str); 20] = [
    ("明", "ming"),
    ("华", "hua"),
    ("文", "wen"),
    ("平", "ping"),
    ("春", "chun"),
    ("玉", "yu"),
    ("晓", "xiao"),
    ("永", "yong"),
    ("安", "an"),
    ("宁", "ning"),
    ("青", "qing"),
    ("云", "yun"),
    ("林", "lin"),
    ("海", "hai"),
    ("天", "tian"),
    ("新", "xin"),
    ("立", "li"),
    ("雨", "yu"),
    ("思", "si"),
    ("佳", "jia"),
];

/// A name with its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    pub name: String,
    /// `zhang san`.
    pub pinyin: String,
    /// `zs`.
    pub initials: String,
}

/// Which surname, by its number.
pub(crate) fn surname(random: &mut Random) -> usize {
    let weights = SURNAMES.map(|(_, _, weight)| weight);
    random.weighed(&weights)
}

/// Somebody's name.
pub(crate) fn name(surname: usize, woman: bool, random: &mut Random) -> Called {
    let (family, sound, _) = SURNAMES[surname % SURNAMES.len()];
    let mut called = Called {
        name: family.to_owned(),
        pinyin: sound.to_owned(),
        initials: sound.chars().take(1).collect(),
    };
    let own: &[(&str, &str)] = if woman { &WOMEN } else { &MEN };
    let two = random.in_thousand(780);
    let mut before = "";
    for _ in 0..if two { 2 } else { 1 } {
        let (mut letter, mut sound) = *{
            let either = random.in_thousand(350);
            random.one(if either { &BOTH } else { own })
        };
        if letter == before {
            (letter, sound) = BOTH[0];
        }
        before = letter;
        called.name.push_str(letter);
        called.pinyin.push(' ');
        called.pinyin.push_str(sound);
        called.initials.extend(sound.chars().take(1));
    }
    called
}

const FIRST: [char; 20] = [
    '青', '白', '云', '柳', '松', '望', '南', '清', '石', '双', '长', '丰', '银', '翠', '枫', '渔', '鹤',
    '莲', '杏', '竹',
];
const SECOND: [char; 16] =
    ['禾', '溪', '湾', '岭', '河', '塘', '泉', '桥', '坪', '林', '浦', '洲', '山', '屯', '渡', '原'];

/// The name of the town of that number: the first three hundred and twenty are all different.
pub(crate) fn town(number: usize) -> String {
    // Steps without a common divisor with the lengths, so that neighbours do not look alike.
    let (first, second) = (number % FIRST.len(), (number / FIRST.len() + number * 3) % SECOND.len());
    let kind = match number % 5 {
        1 => "乡",
        3 => "街道",
        _ => "镇",
    };
    format!("{}{}{kind}", FIRST[first], SECOND[second])
}

/// The name of the village of that number in its town; in a street district a residents' community.
pub(crate) fn village(number: usize, urban: bool) -> String {
    const SIDES: [char; 8] = ['东', '西', '上', '下', '前', '后', '大', '小'];
    const THINGS: [&str; 10] =
        ["荷塘", "槐树", "井台", "桥头", "竹园", "柿林", "石坊", "渠口", "花圃", "粮屯"];
    let thing = THINGS[(number * 3) % THINGS.len()];
    let side = SIDES[number / THINGS.len() % SIDES.len()];
    format!("{side}{thing}{}", if urban { "社区" } else { "村" })
}

/// The lane of that number in a real place: words no street name needs, and never two for one place.
pub(crate) fn lane(number: u64) -> &'static str {
    const LANES: [&str; 16] = [
        "向阳", "春晖", "清泉", "松柏", "安康", "永顺", "丰收", "槐荫", "新民", "和平", "幸福", "团结",
        "前进", "光明", "福寿", "东升",
    ];
    let at = super::random::mixed(number) % 16;
    LANES[usize::try_from(at).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::random::Seed;
    use std::collections::BTreeSet;

    #[test]
    fn places_of_one_county_have_names_of_their_own() {
        let towns: BTreeSet<String> = (0..300).map(town).collect();
        assert_eq!(towns.len(), 300);
        let villages: BTreeSet<String> = (0..80).map(|n| village(n, false)).collect();
        assert_eq!(villages.len(), 80);
    }

    #[test]
    fn frequent_surnames_are_frequent() {
        let mut random = Seed::new("names").random("test", 0);
        let drawn: Vec<usize> = (0..10_000).map(|_| surname(&mut random)).collect();
        let share = |which: usize| drawn.iter().filter(|s| **s == which).count();
        assert!(share(0) > 700 && share(0) < 1100 && share(0) > 3 * share(20), "{} {}", share(0), share(20));
        let called = name(0, true, &mut random);
        assert!(
            called.name.starts_with('王') && called.pinyin.starts_with("wang ") && called.initials.len() >= 2
        );
    }
}
