//! How many are planned in a lane against how many it needs: `parts/coverage`. What is not known is never shown as enough.

use std::collections::HashMap;

use serde::Serialize;

use super::shift::Times;
use crate::domain::lane::Lane;
use crate::shift::roster::{DayCoverage, Slot, coverage, scarcest};
use crate::shift::week::Week;
use crate::store::entity::shift;

const HALF_HOUR_MS: i64 = 30 * 60_000;

/// `parts/coverage`: how many are planned in a lane on each day.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Coverage {
    pub week: String,
    pub lane: Lane,
    pub days: Vec<Covered>,
}

/// One day of it.
#[derive(Debug, Clone, Serialize)]
pub struct Covered {
    /// People planned: in the part of the day that lacks most, or on the day when the need is not known.
    pub planned: usize,
    /// People needed in that part; none until the desk can tell.
    pub needed: Option<usize>,
    /// How many are missing.
    pub short: usize,
    /// Which part, when people are missing.
    pub gap: Option<Times>,
    /// Every part of two hours.
    pub slots: Vec<Part>,
}

/// Two hours of a day; the last part is shorter or longer when the clocks change.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Part {
    pub from: i64,
    pub to: i64,
    pub planned: usize,
    pub needed: Option<usize>,
    pub short: usize,
}

/// People needed by lane in the half hours ahead, by their begin in milliseconds.
pub type Needs = HashMap<Lane, HashMap<i64, u32>>;

/// How many are planned and needed, for the lanes in which anybody is either.
#[must_use]
pub fn covered(shifts: &[shift::Model], week: Week, needs: &Needs, now: i64) -> Vec<Coverage> {
    Lane::ALL
        .iter()
        .map(|lane| Coverage {
            week: week.to_string(),
            lane: *lane,
            days: coverage(shifts, *lane, week)
                .iter()
                .map(|day| covered_day(day, now, |slot| needed(needs.get(lane)?, slot, now)))
                .collect(),
        })
        .filter(|row| row.days.iter().any(|day| day.short > 0) || shifts.iter().any(|shift| shift.lane == row.lane))
        .collect()
}

fn covered_day(day: &DayCoverage, now: i64, needed: impl Fn(&Slot) -> Option<usize>) -> Covered {
    let slots = day.slots.iter().map(|slot| part(slot, now, &needed)).collect();
    match scarcest(day, now, needed) {
        Some((slot, needed)) => {
            let short = needed.saturating_sub(slot.planned);
            Covered {
                planned: slot.planned,
                needed: Some(needed),
                short,
                gap: (short > 0).then_some(Times {
                    from: slot.from,
                    to: slot.to,
                }),
                slots,
            }
        }
        None => Covered {
            planned: day.people,
            needed: None,
            short: 0,
            gap: None,
            slots,
        },
    }
}

fn part(slot: &Slot, now: i64, needed: impl Fn(&Slot) -> Option<usize>) -> Part {
    // What is over needs nobody any more.
    let needed = needed(slot).filter(|_| slot.to > now);
    Part {
        from: slot.from,
        to: slot.to,
        planned: slot.planned,
        needed,
        short: needed.map_or(0, |needed| needed.saturating_sub(slot.planned)),
    }
}

/// The most people that any half hour of a part needs, from the present one on; none unless all are known.
fn needed(halves: &HashMap<i64, u32>, slot: &Slot, now: i64) -> Option<usize> {
    let first = slot.from.max(now - now.rem_euclid(HALF_HOUR_MS));
    let mut most = 0;
    let mut at = first;
    while at < slot.to {
        most = most.max(*halves.get(&at)?);
        at += HALF_HOUR_MS;
    }
    usize::try_from(most).ok()
}

#[cfg(test)]
mod tests {
    use super::{HALF_HOUR_MS, Needs, covered, needed};
    use crate::clock;
    use crate::domain::lane::Lane;
    use crate::shift::roster::Slot;
    use crate::shift::week::Week;

    #[test]
    fn a_part_needs_what_its_busiest_half_hour_needs_if_all_are_known() {
        let half = |number: i64| number * HALF_HOUR_MS;
        let slot = Slot {
            from: half(0),
            to: half(4),
            planned: 0,
        };
        let halves = [(half(0), 9), (half(1), 2), (half(2), 3), (half(3), 1)].into();
        assert_eq!(needed(&halves, &slot, half(0)), Some(9));
        assert_eq!(
            needed(&halves, &slot, half(1) + 1),
            Some(3),
            "a half hour that is over needs nobody"
        );
        let holed = [(half(0), 9), (half(1), 2), (half(3), 1)].into();
        assert_eq!(needed(&holed, &slot, half(0)), None);
    }

    #[test]
    fn a_lane_without_people_that_needs_some_is_on_the_roster() {
        let week: Week = "2026-W48".parse().expect("a week");
        let now = clock::ms(week.start());
        let halves = (0..48).map(|number| (now + number * HALF_HOUR_MS, 2)).collect();
        let rows = covered(&[], week, &Needs::from([(Lane::Ar, halves)]), now);
        let short: Vec<_> = rows.iter().map(|row| (row.lane, row.days[0].short)).collect();
        assert_eq!(short, [(Lane::Ar, 2)]);
        assert_eq!(rows[0].days[1].needed, None, "nobody knows yet");
        assert!(covered(&[], week, &Needs::new(), now).is_empty());
    }
}
