//! Random choices that are the same every time.

use std::cell::Cell;

pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    /// From 0, below `sides`.
    pub fn roll(&self, sides: usize) -> usize {
        let mut x = self.0.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0.set(x);
        usize::try_from((x >> 11) % sides as u64).unwrap()
    }

    pub fn pick<T: Clone>(&self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }

    pub fn once_in(&self, n: usize) -> bool {
        self.roll(n) == 0
    }
}
