//! Which numbers of a table may be told: none that is small, and none from which a small one could be worked out by taking
//! the others from a sum.

/// The table with its sums, by line and where there are several lines by column: a number, or none where it is not told.
/// Each line has its sum after it. Nothing is hidden where `least` is 0.
pub(super) fn suppress(lines: &[Vec<i64>], least: i64) -> Vec<Vec<Option<i64>>> {
    let mut all: Vec<Vec<i64>> = lines.to_vec();
    if lines.len() > 1 {
        let width = lines.first().map_or(0, Vec::len);
        all.push((0..width).map(|at| lines.iter().map(|line| line[at]).sum()).collect());
    }
    for line in &mut all {
        line.push(line.iter().sum());
    }
    let mut shown: Vec<Vec<bool>> =
        all.iter().map(|line| line.iter().map(|n| *n == 0 || *n >= least).collect()).collect();
    let (height, width) = (all.len(), all.first().map_or(0, Vec::len));
    loop {
        let mut hidden = None;
        for row in 0..height {
            let cells = (0..width).map(|at| (row, at)).collect::<Vec<_>>();
            hidden = hidden.or_else(|| next(&all, &shown, &cells));
        }
        for at in 0..if height > 1 { width } else { 0 } {
            let cells = (0..height).map(|row| (row, at)).collect::<Vec<_>>();
            hidden = hidden.or_else(|| next(&all, &shown, &cells));
        }
        match hidden {
            Some((row, at)) => shown[row][at] = false,
            None => break,
        }
    }
    let told = |(line, shown): (Vec<i64>, Vec<bool>)| {
        line.into_iter().zip(shown).map(|(number, shown)| shown.then_some(number)).collect()
    };
    all.into_iter().zip(shown).map(told).collect()
}

/// Of numbers one of which is the sum of the others, where just one is hidden: the next to hide, the smallest that is not
/// nought, so that as much as possible is told; a nought where there is nothing else.
fn next(all: &[Vec<i64>], shown: &[Vec<bool>], cells: &[(usize, usize)]) -> Option<(usize, usize)> {
    let hidden = cells.iter().filter(|(row, at)| !shown[*row][*at]).count();
    if hidden != 1 {
        return None;
    }
    let open = cells.iter().copied().filter(|(row, at)| shown[*row][*at]);
    open.min_by_key(|(row, at)| (all[*row][*at] == 0, all[*row][*at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&[i64]], least: i64) -> Vec<String> {
        let lines: Vec<Vec<i64>> = lines.iter().map(|line| line.to_vec()).collect();
        let word = |cell: &Option<i64>| cell.map_or("-".to_owned(), |n| n.to_string());
        suppress(&lines, least)
            .iter()
            .map(|line| line.iter().map(word).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn nothing_is_hidden_from_whoever_sees_each_case() {
        assert_eq!(told(&[&[1, 2], &[3, 4]], 0), ["1 2 3", "3 4 7", "4 6 10"]);
    }

    #[test]
    fn a_small_number_is_hidden_with_one_it_could_be_worked_out_from() {
        assert_eq!(told(&[&[2, 10, 20]], 5), ["- - 20 32"]);
        // A sum that is small itself is the second.
        assert_eq!(told(&[&[2, 0, 0]], 5), ["- 0 0 -"]);
        assert_eq!(told(&[&[0, 0]], 5), ["0 0 0"]);
    }

    #[test]
    fn no_line_and_no_column_of_a_table_has_one_hidden_number_alone() {
        for lines in [
            vec![vec![2, 10, 20], vec![30, 40, 50], vec![7, 8, 9]],
            vec![vec![1, 0, 0], vec![0, 0, 6], vec![100, 5, 1]],
            vec![vec![4, 4], vec![4, 400]],
            vec![vec![0, 1], vec![0, 0]],
        ] {
            let told = suppress(&lines, 5);
            let width = told[0].len();
            let one = |cells: Vec<Option<i64>>| cells.iter().filter(|cell| cell.is_none()).count() == 1;
            assert!(!told.iter().any(|line| one(line.clone())), "{told:?}");
            assert!(!(0..width).any(|at| one(told.iter().map(|line| line[at]).collect())), "{told:?}");
            assert!(told.iter().flatten().flatten().all(|n| *n == 0 || *n >= 5), "{told:?}");
        }
    }
}
