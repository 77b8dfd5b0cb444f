//! The roster of a week: its shifts, how many are planned when, and who is on now.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::breaks;
use super::plan::{Span, near};
use super::warn::NEAR_MS;
use super::week::{Day, Week};
use crate::app::App;
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::person::people::People;
use crate::store::Error;
use crate::store::entity::shift;

/// Most shifts of one week: more than any desk plans.
const MOST: u64 = 2_000;
/// Longest shift there is, in milliseconds.
const LONGEST_MS: i64 = 24 * 3_600_000;
/// How finely coverage is told, in milliseconds.
const SLOT_MS: i64 = 2 * 3_600_000;

/// The shifts that touch a week, by start; cancelled ones are left out, and drafts for everybody who does not plan.
///
/// # Errors
/// Any [`Error`].
pub async fn of_week(app: &App, week: Week, drafts: bool) -> Result<Vec<shift::Model>, Error> {
    let (from, to) = (clock::ms(week.start()), clock::ms(week.end()));
    let mut found = shift::Entity::find()
        .filter(shift::Column::StartsAt.gt(from - LONGEST_MS))
        .filter(shift::Column::StartsAt.lt(to))
        .filter(shift::Column::EndsAt.gt(from))
        .filter(shift::Column::State.ne(ShiftState::Cancelled));
    if !drafts {
        found = found.filter(shift::Column::PublishedAt.is_not_null());
    }
    Ok(found
        .order_by_asc(shift::Column::StartsAt)
        .order_by_asc(shift::Column::Id)
        .limit(MOST)
        .all(app.db.reader())
        .await?)
}

/// The shifts that count within the time in which they bear on a week: for what the roster warns of.
///
/// # Errors
/// Any [`Error`].
pub async fn near_week(app: &App, week: Week) -> Result<Vec<shift::Model>, Error> {
    let span = (clock::ms(week.start()) - NEAR_MS, clock::ms(week.end()) + NEAR_MS);
    Ok(near(app.db.reader(), span).await?)
}

/// The shifts of a person that are known to them and begin between two instants (milliseconds), by start.
///
/// # Errors
/// Any [`Error`].
pub async fn of_person(app: &App, person: PersonId, (from, to): Span) -> Result<Vec<shift::Model>, Error> {
    Ok(shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::StartsAt.gte(from))
        .filter(shift::Column::StartsAt.lt(to))
        .filter(shift::Column::PublishedAt.is_not_null())
        .filter(shift::Column::State.ne(ShiftState::Cancelled))
        .order_by_asc(shift::Column::StartsAt)
        .limit(MOST)
        .all(app.db.reader())
        .await?)
}

/// One shift.
///
/// # Errors
/// Any [`Error`].
pub async fn find(app: &App, id: crate::domain::id::ShiftId) -> Result<Option<shift::Model>, Error> {
    Ok(shift::Entity::find_by_id(id).one(app.db.reader()).await?)
}

/// The shifts people are checked in to now.
///
/// # Errors
/// Any [`Error`].
pub async fn now(app: &App) -> Result<Vec<shift::Model>, Error> {
    Ok(shift::Entity::find()
        .filter(shift::Column::State.eq(ShiftState::Started))
        .order_by_asc(shift::Column::Lane)
        .order_by_asc(shift::Column::CheckedInAt)
        .limit(MOST)
        .all(app.db.reader())
        .await?)
}

/// The shift of a person that is on or next, today or tomorrow.
///
/// # Errors
/// Any [`Error`].
pub async fn mine(app: &App, person: PersonId) -> Result<Option<shift::Model>, Error> {
    let now = clock::ms(app.clock.now());
    let near = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::StartsAt.gt(now - 2 * LONGEST_MS))
        .filter(shift::Column::StartsAt.lt(now + LONGEST_MS))
        .order_by_asc(shift::Column::StartsAt)
        .limit(50)
        .all(app.db.reader())
        .await?;
    let on = near.iter().find(|row| row.state == ShiftState::Started);
    let next = near
        .iter()
        .find(|row| row.state == ShiftState::Planned && row.published_at.is_some() && row.ends_at > now);
    Ok(on.or(next).cloned())
}

/// How many people are planned in a lane from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// From, in milliseconds.
    pub from: i64,
    /// Until, in milliseconds.
    pub to: i64,
    /// Fewest people planned at any instant of it.
    pub planned: usize,
}

/// How many are planned on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCoverage {
    /// The day.
    pub day: Day,
    /// How many hours it has: 23 and 25 when the clocks change.
    pub hours: i64,
    /// Different people with a shift on it.
    pub people: usize,
    /// Its parts of two hours; the last is shorter or longer when the clocks change.
    pub slots: Vec<Slot>,
}

/// Whether a shift can be worked as planned: who is no longer active, or no longer has the lane, works none.
#[must_use]
pub fn can_be_worked(row: &shift::Model, people: &People) -> bool {
    use crate::domain::person::PersonState;
    use crate::domain::role::Right;
    row.state != ShiftState::Planned
        || people.find(row.person_id).is_some_and(|person| {
            person.state == PersonState::Active
                && person.rights().has(Right::WorkLane)
                && person.lanes.contains(&row.lane)
        })
}

/// Time in which a person counts in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Which lane.
    pub lane: Lane,
    /// Who.
    pub person: PersonId,
    /// From when until when, in milliseconds.
    pub span: Span,
}

/// When each person counts, and where: nowhere during a planned break, and once where they are in two lanes at a time, in
/// the one they began first.
#[must_use]
pub fn pieces<'a>(shifts: impl IntoIterator<Item = &'a shift::Model>) -> Vec<Piece> {
    let mut counted: Vec<&shift::Model> = shifts
        .into_iter()
        .filter(|row| !matches!(row.state, ShiftState::Cancelled | ShiftState::Absent))
        .collect();
    counted.sort_by_key(|row| (row.person_id, row.starts_at, row.id));
    let mut pieces = Vec::with_capacity(counted.len());
    let mut until: Option<(PersonId, i64)> = None;
    for row in counted {
        let elsewhere = until
            .filter(|(person, _)| *person == row.person_id)
            .map_or(i64::MIN, |(_, end)| end);
        let mut from = row.starts_at.max(elsewhere);
        let gaps = breaks::of(row);
        for (start, end) in gaps.into_iter().chain([(row.ends_at, row.ends_at)]) {
            let span = (from, start);
            if span.0 < span.1 {
                pieces.push(Piece {
                    lane: row.lane,
                    person: row.person_id,
                    span,
                });
            }
            from = from.max(end);
        }
        until = Some((row.person_id, row.ends_at.max(elsewhere)));
    }
    pieces
}

/// How many are planned in a lane on each day of a week; `shifts` are those of all lanes.
#[must_use]
pub fn coverage(shifts: &[shift::Model], lane: Lane, week: Week) -> Vec<DayCoverage> {
    let mut pieces = pieces(shifts);
    pieces.retain(|piece| piece.lane == lane);
    week.days().into_iter().map(|day| covered_day(&pieces, day)).collect()
}

fn covered_day(pieces: &[Piece], day: Day) -> DayCoverage {
    let (start, end) = (clock::ms(day.start()), clock::ms(day.end()));
    let touching: Vec<Piece> = pieces
        .iter()
        .filter(|piece| piece.span.0 < end && piece.span.1 > start)
        .copied()
        .collect();
    let mut people: Vec<PersonId> = touching.iter().map(|piece| piece.person).collect();
    people.sort_unstable();
    people.dedup();
    let mut slots = Vec::with_capacity(13);
    let mut from = start;
    while from < end {
        let to = Ord::min(from + SLOT_MS, end);
        slots.push(Slot {
            from,
            to,
            planned: fewest(&touching, from, to),
        });
        from = to;
    }
    DayCoverage {
        day,
        hours: day.hours(),
        people: people.len(),
        slots,
    }
}

/// The part of a day that lacks most people, and how many it needs; of equals the first. Parts that are over do not count.
/// None when they all are, or when the need of any part ahead is not known: half an answer would pass for enough.
#[must_use]
pub fn scarcest(day: &DayCoverage, now: i64, needed: impl Fn(&Slot) -> Option<usize>) -> Option<(Slot, usize)> {
    let mut scarcest: Option<(Slot, usize)> = None;
    for slot in day.slots.iter().filter(|slot| slot.to > now) {
        let needed = needed(slot)?;
        let spare = |slot: &Slot, needed: usize| (needed.saturating_sub(slot.planned), needed);
        if scarcest.is_none_or(|(other, of)| spare(slot, needed) > spare(&other, of)) {
            scarcest = Some((*slot, needed));
        }
    }
    scarcest
}

/// The fewest people at any instant between two: it can only fall where a piece ends.
fn fewest(pieces: &[Piece], from: i64, to: i64) -> usize {
    let at = |instant: i64| {
        pieces
            .iter()
            .filter(|piece| (piece.span.0..piece.span.1).contains(&instant))
            .count()
    };
    pieces
        .iter()
        .map(|piece| piece.span.1)
        .filter(|end| (from..to).contains(end))
        .chain(std::iter::once(from))
        .map(at)
        .min()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{coverage, scarcest};
    use crate::clock;
    use crate::domain::id::{PersonId, ShiftId};
    use crate::domain::lane::Lane;
    use crate::domain::shift::ShiftState;
    use crate::shift::week::Week;
    use crate::store::entity::shift;

    fn shift(person: u128, from: &str, to: &str) -> shift::Model {
        let ms = |text: &str| clock::ms(text.parse().expect("an instant"));
        let id = ShiftId(Uuid::from_u128(person));
        shift::Model::new(id, PersonId(Uuid::from_u128(person)), Lane::Ar, (ms(from), ms(to)))
    }

    #[test]
    fn a_slot_counts_those_who_are_there_all_the_time() {
        let week: Week = "2026-W48".parse().expect("a week");
        let shifts = [
            shift(1, "2026-11-23T07:00:00Z", "2026-11-23T15:00:00Z"),
            shift(2, "2026-11-23T12:00:00Z", "2026-11-23T20:00:00Z"),
        ];
        let monday = &coverage(&shifts, Lane::Ar, week)[0];
        let planned: Vec<usize> = monday.slots.iter().map(|slot| slot.planned).collect();
        // 00, 02, … 22 in Sweden; the first shift is 8–16, the second 13–21.
        assert_eq!(planned, [0, 0, 0, 0, 1, 1, 1, 2, 1, 1, 0, 0]);
        assert_eq!(monday.people, 2);
        assert!(coverage(&shifts, Lane::Sv, week).iter().all(|day| day.people == 0));
    }

    #[test]
    fn a_person_in_two_lanes_counts_once_and_on_a_break_not_at_all() {
        let week: Week = "2026-W48".parse().expect("a week");
        let mut first = shift(1, "2026-11-23T07:00:00Z", "2026-11-23T15:00:00Z");
        let mut second = shift(1, "2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z");
        second.id = ShiftId(Uuid::from_u128(2));
        second.lane = Lane::En;
        let noon = first.starts_at + 4 * 3_600_000;
        first.breaks = crate::shift::breaks::word(&[(noon, noon + 1_800_000)]);
        let mut away = shift(3, "2026-11-23T07:00:00Z", "2026-11-23T15:00:00Z");
        away.state = ShiftState::Absent;
        let shifts = [second, first, away];
        let planned = |lane: Lane| -> Vec<usize> {
            coverage(&shifts, lane, week)[0]
                .slots
                .iter()
                .map(|slot| slot.planned)
                .collect()
        };
        // 00, 02, … in Sweden. Arabic 8–16 with a break from 12 to 12.30; English 10–18, there counted from 16 on.
        assert_eq!(planned(Lane::Ar), [0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0]);
        assert_eq!(planned(Lane::En), [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(
            coverage(&shifts, Lane::Ar, week)[0].people,
            1,
            "who is away is not there"
        );
    }

    #[test]
    fn the_part_that_lacks_most_is_told_and_no_part_that_is_over() {
        let week: Week = "2026-W48".parse().expect("a week");
        let ms = |text: &str| clock::ms(text.parse().expect("an instant"));
        let shifts = [shift(1, "2026-11-23T07:00:00Z", "2026-11-23T15:00:00Z")];
        let monday = &coverage(&shifts, Lane::Ar, week)[0];
        let night = ms("2026-11-22T23:00:00Z");
        // One person from 08 to 16 in Sweden; two are needed from 10, three from 20.
        let needed = |from: i64| match from {
            from if from >= ms("2026-11-23T19:00:00Z") => 3,
            from if from >= ms("2026-11-23T09:00:00Z") => 2,
            _ => 0,
        };
        let worst = scarcest(monday, night, |slot| Some(needed(slot.from))).expect("a part");
        assert_eq!(
            (worst.0.from, worst.0.planned, worst.1),
            (ms("2026-11-23T19:00:00Z"), 0, 3)
        );
        let until_six = |slot: &super::Slot| Some(if slot.from < ms("2026-11-23T05:00:00Z") { 9 } else { 1 });
        let morning = scarcest(monday, ms("2026-11-23T05:00:00Z"), until_six).expect("a part");
        assert_eq!((morning.0.from, morning.1), (ms("2026-11-23T05:00:00Z"), 1));
        let unknown = |slot: &super::Slot| (slot.from < ms("2026-11-23T19:00:00Z")).then_some(1);
        assert_eq!(scarcest(monday, night, unknown), None);
        assert_eq!(scarcest(monday, ms("2026-11-23T23:00:00Z"), |_| Some(1)), None);
    }

    #[test]
    fn a_night_shift_covers_both_its_days_when_the_clocks_go_back() {
        let week: Week = "2026-W43".parse().expect("a week");
        let shifts = [shift(1, "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z")];
        let days = coverage(&shifts, Lane::Ar, week);
        assert_eq!((days[5].people, days[5].hours, days[5].slots.len()), (1, 24, 12));
        assert_eq!((days[6].people, days[6].hours, days[6].slots.len()), (1, 25, 13));
        // 22–06 on the wall is nine hours: midnight is 22 UTC, 02 (first) 00 UTC, then 01 UTC, until 05 UTC.
        let planned: Vec<usize> = days[6].slots.iter().map(|slot| slot.planned).collect();
        assert_eq!(planned[..4], [1, 1, 1, 0]);
    }
}
