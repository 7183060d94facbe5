//! Exact rational numbers: i128 over i128, every step checked. A panic here is a test case that is too large.
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `numerator / denominator` in lowest terms, denominator positive.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

/// What a rounding call does with what is between two whole steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceil,
    /// To the nearest; an exact half away from zero.
    HalfUp,
    /// To the nearest; an exact half to the even neighbour.
    HalfEven,
}

pub const ZERO: Ratio = Ratio { numerator: 0, denominator: 1 };
pub const ONE: Ratio = Ratio { numerator: 1, denominator: 1 };

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { divisor(b, a % b) }
}

impl Ratio {
    pub fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator != 0, "division by zero in the reference");
        let common = divisor(numerator, denominator) * denominator.signum();
        Ratio { numerator: numerator / common, denominator: denominator / common }
    }

    pub fn whole(n: i64) -> Self {
        Ratio { numerator: i128::from(n), denominator: 1 }
    }

    /// Numerator and denominator, in lowest terms.
    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    pub fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub fn ceil(self) -> i128 {
        -(-self).floor()
    }

    /// The number itself, if it is whole.
    pub fn as_whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    pub fn abs(self) -> Self {
        if self < ZERO { -self } else { self }
    }

    /// The multiple of `step` that `how` names.
    pub fn round(self, how: Rounding, step: Ratio) -> Self {
        let steps = self / step;
        let half = Ratio::new(1, 2);
        let below = steps.floor();
        let whole = match how {
            Rounding::Floor => below,
            Rounding::Ceil => steps.ceil(),
            Rounding::HalfUp if steps < ZERO => -(-steps + half).floor(),
            Rounding::HalfUp => (steps + half).floor(),
            Rounding::HalfEven => match (steps - Ratio::new(below, 1)).cmp(&half) {
                Ordering::Less => below,
                Ordering::Greater => below + 1,
                Ordering::Equal => below + below.rem_euclid(2),
            },
        };
        Ratio::new(whole, 1) * step
    }
}

fn product(a: i128, b: i128) -> i128 {
    a.checked_mul(b).expect("the reference left 128 bits")
}

impl Add for Ratio {
    type Output = Ratio;
    fn add(self, other: Ratio) -> Ratio {
        let (left, right) =
            (product(self.numerator, other.denominator), product(other.numerator, self.denominator));
        let sum = left.checked_add(right).expect("the reference left 128 bits");
        Ratio::new(sum, product(self.denominator, other.denominator))
    }
}

impl Neg for Ratio {
    type Output = Ratio;
    fn neg(self) -> Ratio {
        Ratio { numerator: -self.numerator, denominator: self.denominator }
    }
}

impl Sub for Ratio {
    type Output = Ratio;
    fn sub(self, other: Ratio) -> Ratio {
        self + -other
    }
}

impl Mul for Ratio {
    type Output = Ratio;
    fn mul(self, other: Ratio) -> Ratio {
        Ratio::new(product(self.numerator, other.numerator), product(self.denominator, other.denominator))
    }
}

impl Div for Ratio {
    type Output = Ratio;
    fn div(self, other: Ratio) -> Ratio {
        Ratio::new(product(self.numerator, other.denominator), product(self.denominator, other.numerator))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        product(self.numerator, other.denominator).cmp(&product(other.numerator, self.denominator))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            d => write!(f, "{}/{d}", self.numerator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_negatives_and_halves_as_the_specification_says() {
        use Rounding::{Ceil, Floor, HalfEven, HalfUp};
        // value (in thirds or halves), step, then floor, ceil, half_up, half_even.
        type Fraction = (i128, i128);
        let table: [(Fraction, Fraction, [Fraction; 4]); 14] = [
            ((5, 2), (1, 1), [(2, 1), (3, 1), (3, 1), (2, 1)]),
            ((-5, 2), (1, 1), [(-3, 1), (-2, 1), (-3, 1), (-2, 1)]),
            ((7, 2), (1, 1), [(3, 1), (4, 1), (4, 1), (4, 1)]),
            ((-7, 2), (1, 1), [(-4, 1), (-3, 1), (-4, 1), (-4, 1)]),
            ((1, 2), (1, 1), [(0, 1), (1, 1), (1, 1), (0, 1)]),
            ((-1, 2), (1, 1), [(-1, 1), (0, 1), (-1, 1), (0, 1)]),
            ((1, 3), (1, 1), [(0, 1), (1, 1), (0, 1), (0, 1)]),
            ((-2, 3), (1, 1), [(-1, 1), (0, 1), (-1, 1), (-1, 1)]),
            ((4, 1), (1, 1), [(4, 1), (4, 1), (4, 1), (4, 1)]),
            ((-4, 1), (1, 1), [(-4, 1), (-4, 1), (-4, 1), (-4, 1)]),
            // 150 fen to a yuan, 250 fen, -250 fen: halves of a coarser step.
            ((150, 1), (100, 1), [(100, 1), (200, 1), (200, 1), (200, 1)]),
            ((250, 1), (100, 1), [(200, 1), (300, 1), (300, 1), (200, 1)]),
            ((-250, 1), (100, 1), [(-300, 1), (-200, 1), (-300, 1), (-200, 1)]),
            // A rate to 1/4: 3/8 is half between 1/4 and 2/4.
            ((3, 8), (1, 4), [(1, 4), (1, 2), (1, 2), (1, 2)]),
        ];
        for ((n, d), (s, t), results) in table {
            let (value, step) = (Ratio::new(n, d), Ratio::new(s, t));
            for (how, (p, q)) in [Floor, Ceil, HalfUp, HalfEven].into_iter().zip(results) {
                assert_eq!(value.round(how, step), Ratio::new(p, q), "{how:?} of {value:?} by {step:?}");
            }
        }
    }

    #[test]
    fn keeps_lowest_terms_and_order() {
        assert_eq!(Ratio::new(6, -4), Ratio::new(-3, 2));
        assert!(Ratio::new(-1, 3) > Ratio::new(-1, 2));
        assert_eq!(Ratio::new(1, 3) + Ratio::new(1, 6), Ratio::new(1, 2));
        assert_eq!(Ratio::new(1, 3) / Ratio::new(-2, 9), Ratio::new(-3, 2));
        assert_eq!((Ratio::new(-7, 2).floor(), Ratio::new(-7, 2).ceil()), (-4, -3));
    }
}
