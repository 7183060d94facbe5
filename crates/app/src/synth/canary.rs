//! A word for each area that stands in everything made there and nowhere else: whoever finds it in a page, a file or
//! another tenant's answer knows from which area the row came.

use anmin_base::division::DivisionCode;

/// Thirty-two characters that stand in names of lanes, none twice.
const LETTERS: [char; 32] = [
    '兰', '竹', '梅', '菊', '荷', '枫', '桂', '杏', '桐', '榆', '槐', '柏', '鹤', '雁', '鹭', '莺', '琴',
    '棋', '书', '画', '墨', '砚', '笺', '笛', '云', '月', '星', '霞', '溪', '泉', '石', '舟',
];

/// The word of an area: four characters, different for any two areas of one county. Of a county itself and of what
/// lies above, the word of the whole.
///
/// ```
/// use anmin_app::synth::canary;
/// let (one, other) = ("110199101201".parse().unwrap(), "110199101202".parse().unwrap());
/// assert_ne!(canary(one), canary(other));
/// ```
pub fn canary(area: DivisionCode) -> String {
    // The six digits below the county, each of which fits in twenty bits; an odd factor and a mask keep them apart.
    let below = area.number() % 1_000_000;
    let mixed = (below.wrapping_mul(0x9_e375) ^ 0x5_a5a5) & 0xf_ffff;
    (0..4).map(|at| LETTERS[usize::try_from(mixed >> (5 * at) & 31).unwrap_or(0)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_areas_of_a_county_share_a_word() {
        let letters: BTreeSet<char> = LETTERS.into_iter().collect();
        assert_eq!(letters.len(), 32);
        let mut seen = BTreeSet::new();
        for below in 0..1_000_000u64 {
            let code: DivisionCode = format!("110199{below:06}").parse().unwrap();
            assert!(seen.insert(canary(code)), "{code}");
        }
    }
}
