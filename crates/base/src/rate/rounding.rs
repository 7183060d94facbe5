//! Rounding of an exact quotient to a whole number. The rounding rule is local law, so it is
//! always named by the caller and never has a default.

/// How a quotient that is not whole becomes whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// Down, towards minus infinity.
    Floor,
    /// Up, towards plus infinity (见分进角).
    Ceil,
    /// To the nearest; half goes away from zero (四舍五入).
    HalfUp,
    /// To the nearest; half goes to the even neighbour (四舍六入五成双).
    HalfEven,
}

/// The quotient rounded to a whole number, exact for every input.
///
/// # Panics
/// If the denominator is not above zero.
pub const fn divide(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    assert!(denominator > 0, "the denominator must be above zero");
    // With the Euclidean remainder the quotient is already the floor.
    let floor = numerator.div_euclid(denominator);
    let remainder = numerator.rem_euclid(denominator);
    if remainder == 0 {
        return floor;
    }
    // Compared without doubling the remainder, which might overflow.
    let to_next = denominator - remainder;
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::Ceil => true,
        Rounding::HalfUp => remainder > to_next || (remainder == to_next && numerator > 0),
        Rounding::HalfEven => remainder > to_next || (remainder == to_next && floor % 2 != 0),
    };
    floor + up as i128
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rounding::{Ceil, Floor, HalfEven, HalfUp};
    use proptest::prelude::*;

    #[test]
    fn quotients() {
        for (numerator, denominator, floor, ceil, half_up, half_even) in [
            (0, 3, 0, 0, 0, 0),
            (6, 3, 2, 2, 2, 2),
            (7, 3, 2, 3, 2, 2),
            (8, 3, 2, 3, 3, 3),
            (1, 2, 0, 1, 1, 0),
            (3, 2, 1, 2, 2, 2),
            (5, 2, 2, 3, 3, 2),
            (-1, 2, -1, 0, -1, 0),
            (-3, 2, -2, -1, -2, -2),
            (-5, 2, -3, -2, -3, -2),
            (-7, 3, -3, -2, -2, -2),
            (i128::MAX, i128::MAX, 1, 1, 1, 1),
            (i128::MAX - 1, i128::MAX, 0, 1, 1, 1),
            (i128::MIN, i128::MAX, -2, -1, -1, -1),
            (i128::MIN, 1, i128::MIN, i128::MIN, i128::MIN, i128::MIN),
        ] {
            let rounded =
                [Floor, Ceil, HalfUp, HalfEven].map(|rounding| divide(numerator, denominator, rounding));
            assert_eq!(rounded, [floor, ceil, half_up, half_even], "{numerator}/{denominator}");
        }
    }

    #[test]
    #[should_panic(expected = "above zero")]
    fn a_negative_denominator_is_a_programmer_error() {
        divide(1, -1, Floor);
    }

    proptest! {
        #[test]
        fn floor_and_ceil_by_definition(n in any::<i64>(), d in 1i64..) {
            let (n, d) = (i128::from(n), i128::from(d));
            let floor = divide(n, d, Floor);
            prop_assert!(floor * d <= n && n < (floor + 1) * d);
            prop_assert_eq!(divide(n, d, Ceil), -divide(-n, d, Floor));
        }

        #[test]
        fn halves_are_nearest_and_ties_go_where_named(n in -4000i128..4000, d in 1i128..50) {
            for rounding in [HalfUp, HalfEven] {
                let nearest = divide(n, d, rounding);
                let twice_off = 2 * (n - nearest * d);
                prop_assert!(twice_off.abs() <= d);
                if twice_off.abs() == d {
                    match rounding {
                        HalfUp => prop_assert!((nearest * d).abs() > n.abs()),
                        _ => prop_assert!(nearest % 2 == 0),
                    }
                }
            }
        }

        #[test]
        fn half_rounding_is_symmetric(n in any::<i64>(), d in 1i64..) {
            let (n, d) = (i128::from(n), i128::from(d));
            for rounding in [HalfUp, HalfEven] {
                prop_assert_eq!(divide(-n, d, rounding), -divide(n, d, rounding));
            }
        }
    }
}
