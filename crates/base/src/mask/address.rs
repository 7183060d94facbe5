//! Masking of addresses: what stands before the village or community is kept.

use super::HIDDEN;

/// The endings of the units an address goes through, from above, and the words that only look like
/// one. At each step the first ending found is taken, and a step without one is left out.
struct Step {
    endings: &'static [&'static str],
    not_within: &'static [&'static str],
}

const STEPS: [Step; 5] = [
    Step { endings: &["省", "自治区", "特别行政区"], not_within: &[] },
    Step { endings: &["市", "自治州", "地区", "盟"], not_within: &["市场", "超市"] },
    Step {
        endings: &["县", "区", "旗", "市"],
        not_within: &["小区", "社区", "园区", "校区", "厂区", "库区", "矿区", "市场", "超市"],
    },
    Step { endings: &["街道", "镇", "乡", "苏木"], not_within: &["乡村"] },
    Step { endings: &["社区", "村", "嘎查"], not_within: &["新村", "村路", "村街", "中关村"] },
];

/// The address down to its village or community, if it says so, then stars. Nothing is kept from
/// the first digit on, and nothing at all of an address in which no unit is recognised.
pub fn address(address: &str) -> String {
    let address = address.trim();
    let digit = address.find(char::is_numeric).unwrap_or(address.len());
    let words = &address[..digit];
    let mut kept = 0;
    for step in &STEPS {
        if let Some(end) = first_ending(&words[kept..], step) {
            kept += end;
        }
    }
    format!("{}{HIDDEN}", &words[..kept])
}

/// Where the first unit ends that this step knows.
fn first_ending(text: &str, step: &Step) -> Option<usize> {
    text.char_indices()
        // A unit has a name, so no ending stands first.
        .skip(1)
        .filter_map(|(at, _)| {
            let ending = step.endings.iter().find(|ending| text[at..].starts_with(**ending))?;
            let only_looks = step.not_within.iter().any(|word| covers(text, word, at));
            (!only_looks).then_some(at + ending.len())
        })
        .next()
}

/// Whether the word stands in the text over the place `at`.
fn covers(text: &str, word: &str, at: usize) -> bool {
    text.match_indices(word).any(|(start, _)| (start..start + word.len()).contains(&at))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn keeps_down_to_the_village() {
        for (full, masked) in [
            ("甲省乙市丙县丁镇戊村3组12号", "甲省乙市丙县丁镇戊村****"),
            ("甲省乙市丙区丁街道戊社区5幢2单元301室", "甲省乙市丙区丁街道戊社区****"),
            ("甲自治区乙市丙区丁路8号", "甲自治区乙市丙区****"),
            ("甲自治区乙盟丙旗丁苏木戊嘎查", "甲自治区乙盟丙旗丁苏木戊嘎查****"),
            ("甲省乙自治州丙自治县丁乡戊村一组", "甲省乙自治州丙自治县丁乡戊村****"),
            // A city without districts, and a city at county level.
            ("甲省乙市丙街道丁社区9号", "甲省乙市丙街道丁社区****"),
            ("甲省乙市丙市丁镇戊村", "甲省乙市丙市丁镇戊村****"),
            // No estate, street or house.
            ("甲市乙区阳光小区3栋", "甲市乙区****"),
            ("甲市阳光小区3栋", "甲市****"),
            ("甲市乙区丙街道幸福新村12号", "甲市乙区丙街道****"),
            ("甲市乙区三里街道丙路", "甲市乙区三里街道****"),
            ("甲县市场路２号乙村", "甲县****"),
            ("丁路12号甲省乙市", "****"),
            ("某处", "****"),
            ("", "****"),
        ] {
            assert_eq!(address(full), masked, "{full}");
        }
    }
}
