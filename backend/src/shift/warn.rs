//! What planning warns of without refusing it.
//!
//! Rest and breaks are those of Swedish law: at least 11 hours of rest a day (arbetstidslagen 1982:673, 13 §) and at most five
//! hours of work without a break (15 §). Both are settings.

use super::alone::alone_at_night;
use super::breaks::{self, DIVIDES_MS};
use super::plan::Span;
use crate::config;
use crate::domain::lane::Lane;
use crate::store::entity::shift;

const HOUR_MS: i64 = 3_600_000;
/// A pause of up to so long divides a working day; it is no rest between two.
const PAUSE_MS: i64 = 4 * HOUR_MS;
/// Shifts of a person at most so far apart follow each other: a day of rest breaks the row.
const IN_A_ROW_MS: i64 = 24 * HOUR_MS;
/// How far from a shift others must be known to warn rightly, in milliseconds.
pub const NEAR_MS: i64 = 48 * HOUR_MS;

crate::words! {
    /// What planning warns of without refusing it.
    pub enum Warning {
        /// Too little rest before or after.
        Rest = "rest",
        /// Too long without a break.
        Unbroken = "unbroken",
        /// Nobody else in the lane for a part of the night.
        Alone = "alone",
        /// A second shift in a row in a lane that is heavy to read.
        Severe = "severe",
    }
}

/// What to warn of at a shift. `near` are shifts that count within [`NEAR_MS`] of it, of anybody; itself may be among them.
#[must_use]
pub fn warnings<'a>(
    config: &config::Shift,
    row: &shift::Model,
    near: impl IntoIterator<Item = &'a shift::Model>,
) -> Vec<Warning> {
    let (others, own): (Vec<_>, Vec<_>) = near
        .into_iter()
        .filter(|other| other.id != row.id)
        .partition(|other| other.person_id != row.person_id);
    let beside: Vec<Span> = others
        .iter()
        .filter(|other| other.lane == row.lane)
        .map(|other| span(other))
        .collect();
    [
        (Warning::Rest, is_short_of_rest(config, row, &own)),
        (Warning::Unbroken, is_unbroken(config, row, &own)),
        (Warning::Alone, alone_at_night(span(row), &beside)),
        (Warning::Severe, is_severe_again(&config.severe, row, &own)),
    ]
    .into_iter()
    .filter_map(|(warning, is)| is.then_some(warning))
    .collect()
}

const fn span(row: &shift::Model) -> Span {
    (row.starts_at, row.ends_at)
}

/// Spans that follow each other within `apart` as one.
fn stretches(mut spans: Vec<Span>, apart: i64) -> Vec<Span> {
    spans.sort_unstable();
    let mut stretches: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match stretches.last_mut() {
            Some((_, end)) if from - *end < apart => *end = Ord::max(*end, to),
            _ => stretches.push((from, to)),
        }
    }
    stretches
}

fn is_short_of_rest(config: &config::Shift, row: &shift::Model, own: &[&shift::Model]) -> bool {
    let days = stretches(
        own.iter().map(|other| span(other)).chain([span(row)]).collect(),
        PAUSE_MS,
    );
    let Some(mine) = days
        .iter()
        .position(|(from, to)| *from <= row.starts_at && row.ends_at <= *to)
    else {
        return false;
    };
    let least = i64::from(config.rest_h) * HOUR_MS;
    days.windows(2)
        .enumerate()
        .filter(|(before, _)| *before + 1 == mine || *before == mine)
        .any(|(_, pair)| pair[1].0 - pair[0].1 < least)
}

fn is_unbroken(config: &config::Shift, row: &shift::Model, own: &[&shift::Model]) -> bool {
    let parts = own
        .iter()
        .copied()
        .chain([row])
        .flat_map(|one| breaks::worked(span(one), &breaks::of(one)));
    let longest = i64::from(config.unbroken_h) * HOUR_MS;
    stretches(parts.collect(), DIVIDES_MS)
        .into_iter()
        .filter(|(from, to)| *from < row.ends_at && row.starts_at < *to)
        .any(|(from, to)| to - from > longest)
}

/// Whether the shift before or after it is in the same heavy lane.
fn is_severe_again(severe: &[Lane], row: &shift::Model, own: &[&shift::Model]) -> bool {
    let before = own
        .iter()
        .filter(|other| other.ends_at <= row.starts_at)
        .max_by_key(|other| other.ends_at);
    let after = own
        .iter()
        .filter(|other| other.starts_at >= row.ends_at)
        .min_by_key(|other| other.starts_at);
    let in_a_row = |gap: i64| gap <= IN_A_ROW_MS;
    severe.contains(&row.lane)
        && (before.is_some_and(|other| other.lane == row.lane && in_a_row(row.starts_at - other.ends_at))
            || after.is_some_and(|other| other.lane == row.lane && in_a_row(other.starts_at - row.ends_at)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{HOUR_MS, Warning, warnings};
    use crate::config;
    use crate::domain::id::{PersonId, ShiftId};
    use crate::domain::lane::Lane;
    use crate::shift::breaks;
    use crate::shift::plan::Span;
    use crate::store::entity::shift;

    const HALF: i64 = HOUR_MS / 2;

    fn shift(number: u128, (from, to): Span) -> shift::Model {
        // Noon of 23 November 2026 UTC and so many hours; the day shifts here are no night.
        let from_hour = |hour: i64| 1_795_424_400_000 + hour * HOUR_MS;
        let person = PersonId(Uuid::from_u128(1));
        shift::Model::new(
            ShiftId(Uuid::from_u128(number)),
            person,
            Lane::Ar,
            (from_hour(from), from_hour(to)),
        )
    }

    /// Without the warning of nights, which has tests of its own.
    fn warned(new: Span, others: &[Span]) -> Vec<Warning> {
        let others: Vec<_> = (2..).zip(others).map(|(number, span)| shift(number, *span)).collect();
        let mut warned = warnings(&config::Shift::default(), &shift(1, new), &others);
        warned.retain(|warning| *warning != Warning::Alone);
        warned
    }

    #[test]
    fn eleven_hours_between_shifts_are_enough_and_ten_are_not() {
        assert_eq!(warned((24, 28), &[(8, 13)]), []);
        assert_eq!(warned((23, 27), &[(8, 13)]), [Warning::Rest]);
        assert_eq!(warned((8, 13), &[(23, 27)]), [Warning::Rest]);
        assert_eq!(warned((8, 12), &[]), []);
    }

    #[test]
    fn a_day_divided_by_a_pause_needs_its_rest_after_the_last_part() {
        assert_eq!(warned((8, 11), &[(14, 18)]), [], "a pause of three hours");
        assert_eq!(warned((8, 11), &[(14, 18), (27, 30)]), [Warning::Rest]);
    }

    #[test]
    fn more_than_five_hours_without_a_break_is_warned_of_also_across_two_shifts() {
        assert_eq!(warned((8, 13), &[]), []);
        assert_eq!(warned((8, 14), &[]), [Warning::Unbroken]);
        assert_eq!(warned((11, 14), &[(8, 11)]), [Warning::Unbroken]);
        assert_eq!(warned((12, 15), &[(8, 11)]), []);
    }

    #[test]
    fn a_planned_break_divides_the_shift_if_it_is_long_enough_and_in_the_middle() {
        let broken = |from: i64, long: i64| {
            let mut row = shift(1, (8, 17));
            let start = row.starts_at + from * HOUR_MS;
            row.breaks = breaks::word(&[(start, start + long)]);
            warnings(&config::Shift::default(), &row, &[]).contains(&Warning::Unbroken)
        };
        assert!(!broken(4, HALF), "four hours and four and a half");
        assert!(broken(4, HALF - 1), "a minute less is no break");
        assert!(broken(1, HALF), "seven and a half hours after it");
    }

    #[test]
    fn somebody_elses_trouble_is_not_warned_of_again() {
        assert_eq!(warned((80, 84), &[(8, 13), (20, 25)]), []);
    }

    #[test]
    fn two_shifts_in_a_row_in_a_heavy_lane_are_warned_of_on_both() {
        let config = config::Shift {
            severe: vec![Lane::Ar],
            ..config::Shift::default()
        };
        let (first, second) = (shift(1, (0, 4)), shift(2, (24, 28)));
        let mut other = shift(3, (12, 13));
        let severe =
            |row: &shift::Model, near: &[shift::Model]| warnings(&config, row, near).contains(&Warning::Severe);
        assert!(severe(&first, std::slice::from_ref(&second)) && severe(&second, std::slice::from_ref(&first)));
        assert!(!severe(&first, &[shift(2, (29, 33))]), "more than a day between");
        other.lane = Lane::En;
        assert!(!severe(&first, &[second, other]), "another lane between");
    }
}
