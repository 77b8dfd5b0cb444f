//! Breaks planned in a shift, and which work they divide.

use super::plan::Span;
use crate::store::entity::shift;

/// A break or a time off of at least this long divides work, in milliseconds.
pub const DIVIDES_MS: i64 = 30 * 60_000;
/// Most breaks of one shift.
const MOST: usize = 6;

/// The planned breaks of a shift, by start, in milliseconds.
#[must_use]
pub fn of(row: &shift::Model) -> Vec<Span> {
    serde_json::from_str(&row.breaks).unwrap_or_default()
}

/// As they are stored.
#[must_use]
pub fn word(breaks: &[Span]) -> String {
    serde_json::json!(breaks).to_string()
}

/// The breaks in order, if each begins before it ends, lies within the shift, and none overlaps another.
#[must_use]
pub fn in_order((from, to): Span, breaks: &[Span]) -> Option<Vec<Span>> {
    let mut breaks = breaks.to_vec();
    breaks.sort_unstable();
    let each = breaks
        .iter()
        .all(|(start, end)| from <= *start && start < end && *end <= to);
    let apart = breaks.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    (each && apart && breaks.len() <= MOST).then_some(breaks)
}

/// The parts of a shift between its breaks; breaks that are too short to divide work are left out.
#[must_use]
pub fn worked((from, to): Span, breaks: &[Span]) -> Vec<Span> {
    let mut parts = Vec::with_capacity(breaks.len() + 1);
    let mut since = from;
    for (start, end) in breaks.iter().filter(|(start, end)| end - start >= DIVIDES_MS) {
        parts.push((since, *start));
        since = *end;
    }
    parts.push((since, to));
    parts.retain(|(start, end)| start < end);
    parts
}

/// Whether an instant is in a break.
#[must_use]
pub fn at(breaks: &[Span], instant: i64) -> bool {
    breaks.iter().any(|(start, end)| (*start..*end).contains(&instant))
}

#[cfg(test)]
mod tests {
    use super::{DIVIDES_MS, at, in_order, worked};

    #[test]
    fn breaks_lie_within_the_shift_and_apart() {
        assert_eq!(in_order((0, 10), &[(6, 8), (2, 4)]), Some(vec![(2, 4), (6, 8)]));
        assert_eq!(in_order((0, 10), &[(0, 2), (2, 10)]), Some(vec![(0, 2), (2, 10)]));
        for wrong in [
            vec![(-1, 2)],
            vec![(8, 11)],
            vec![(4, 4)],
            vec![(5, 4)],
            vec![(1, 4), (3, 6)],
        ] {
            assert_eq!(in_order((0, 10), &wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn half_an_hour_divides_work_and_less_does_not() {
        let (hour, half) = (2 * DIVIDES_MS, DIVIDES_MS);
        let shift = (0, 8 * hour);
        assert_eq!(
            worked(shift, &[(4 * hour, 4 * hour + half)]),
            [(0, 4 * hour), (4 * hour + half, 8 * hour)]
        );
        assert_eq!(worked(shift, &[(4 * hour, 4 * hour + half - 1)]), [shift]);
        assert!(at(&[(1, 3)], 1) && !at(&[(1, 3)], 3));
    }
}
