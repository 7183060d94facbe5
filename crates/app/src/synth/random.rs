//! Numbers that look drawn and follow from a seed: whoever has the seed has the county, on every machine.
//!
//! `Seed` gives each thing its own numbers, by what it is and which, so that no thing depends on how many others were made
//! before it. xoshiro256** (Blackman and Vigna), filled by splitmix64. Not for keys, tokens or lots.

use anmin_store::{Id, Moment};
use sha2::{Digest, Sha256};

/// What a county is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seed([u8; 32]);

impl Seed {
    /// From everything that shapes the county, in words.
    pub fn new(words: &str) -> Seed {
        Seed(Sha256::digest(words.as_bytes()).into())
    }

    fn digest(&self, kind: &str, n: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(n.to_be_bytes());
        hash.finalize().into()
    }

    /// The numbers of one thing.
    pub fn random(&self, kind: &str, n: u64) -> Random {
        let digest = self.digest(kind, n);
        let mut state = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Random([(); 4].map(|()| splitmix(&mut state)))
    }

    /// The name of one thing: of the moment it was made, as all names are, and the rest from the seed.
    pub fn id(&self, kind: &str, n: u64, at: Moment) -> Id {
        let digest = self.digest(kind, n);
        let rest = digest.iter().skip(8).take(10).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
        let moment = u128::from(u64::try_from(at.0).unwrap_or(0)) << 80;
        Id(moment | rest)
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One thing's numbers, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Random([u64; 4]);

impl Random {
    pub fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let drawn = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        drawn
    }

    /// A number below `bound`, each as likely as the other but for less than one in 2³²; 0 where there is none.
    pub fn below(&mut self, bound: u32) -> u32 {
        let drawn = self.next() >> 32;
        u32::try_from((drawn * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = u32::try_from(i64::from(most) - i64::from(least) + 1).unwrap_or(1);
        least + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in so many of a thousand cases.
    pub fn in_thousand(&mut self, share: u32) -> bool {
        self.below(1000) < share
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(u32::try_from(of.len()).unwrap_or(u32::MAX));
        &of[usize::try_from(at).unwrap_or(0)]
    }

    /// Which of these, by their weights.
    pub fn weighed(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                None => return at,
                Some(rest) => left = rest,
            }
        }
        weights.len().saturating_sub(1)
    }
}

/// Mixes the bits of a number, one to one: neighbours come out far apart.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut state = number;
    splitmix(&mut state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_another_something_else() {
        let draw = |seed: &Seed, kind: &str, n: u64| {
            let mut random = seed.random(kind, n);
            [(); 4].map(|()| random.next())
        };
        let (one, two) = (Seed::new("1"), Seed::new("2"));
        assert_eq!(draw(&one, "person", 7), draw(&one, "person", 7));
        assert_ne!(draw(&one, "person", 7), draw(&two, "person", 7));
        assert_ne!(draw(&one, "person", 7), draw(&one, "person", 8));
        assert_ne!(draw(&one, "person", 7), draw(&one, "case", 7));
    }

    /// From the authors' reference: the state 1, 2, 3, 4.
    #[test]
    fn draws_as_xoshiro256_does() {
        let mut random = Random([1, 2, 3, 4]);
        assert_eq!([(); 4].map(|()| random.next()), [11520, 0, 1509978240, 1215971899390074240]);
    }

    #[test]
    fn a_name_keeps_its_moment() {
        let at = Moment(1_788_220_800_123);
        let seed = Seed::new("1");
        assert_eq!(seed.id("case", 3, at).moment(), at);
        assert_ne!(seed.id("case", 3, at), seed.id("case", 4, at));
    }

    #[test]
    fn draws_evenly_and_by_weight() {
        let mut random = Seed::new("even").random("test", 0);
        let mut seen = [0u32; 10];
        for _ in 0..10_000 {
            seen[random.below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|n| (850..1150).contains(n)), "{seen:?}");
        let mut seen = [0u32; 3];
        for _ in 0..10_000 {
            seen[random.weighed(&[1, 0, 3])] += 1;
        }
        assert!((2200..2800).contains(&seen[0]) && seen[1] == 0, "{seen:?}");
        let drawn: Vec<i32> = (0..1000).map(|_| random.between(-2, 2)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!((random.below(0), random.below(1)), (0, 0));
    }
}
