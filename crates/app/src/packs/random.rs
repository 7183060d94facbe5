//! Repeatable random numbers: splitmix64 from a seed that is printed with every use.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// From 0 to `n - 1`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }

    /// From `lo` to `hi`, both included.
    pub(super) fn between(&mut self, lo: i64, hi: i64) -> i64 {
        let width = i128::from(hi.max(lo)) - i128::from(lo) + 1;
        (i128::from(lo) + i128::from(self.next()) % width) as i64
    }

    /// One of a list; none of an empty one.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// True in `of` of a hundred cases.
    pub(super) fn percent(&mut self, of: usize) -> bool {
        self.below(100) < of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_within_the_bounds() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..50).map(|_| random.between(-3, 3)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert!(draw(1).iter().all(|x| (-3..=3).contains(x)));
        assert!((-3..=3).all(|x| draw(1).contains(&x)));
        assert_eq!(Random::new(1).between(i64::MIN, i64::MIN), i64::MIN);
    }
}
