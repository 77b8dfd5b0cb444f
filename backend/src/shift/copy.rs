//! Copying a week: last week's shifts once more, at the same wall-clock times in Sweden, as drafts. Never doubles anybody, and
//! plans nobody who cannot work the lane any more or is away.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use chrono_tz::Europe::Stockholm;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::plan::Span;
use super::week::{Day, Week};
use super::{ShiftRefused, absence, breaks, can_work, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::shift::ShiftState;
use crate::store::entity::{absence as absence_table, person, shift};

const DAY_MS: i64 = 24 * 3_600_000;
/// Most shifts of one week: more than any desk plans.
const MOST: u64 = 2_000;

/// The same wall-clock times in Sweden seven days later, in milliseconds; none if nothing is left of it, as of a shift
/// that lay in the hour which does not exist then. It may be an hour longer or shorter when the clocks change.
#[must_use]
pub fn a_week_later((from, to): Span) -> Option<Span> {
    let (from, to) = (later(from)?, later(to)?);
    (from < to).then_some((from, to))
}

fn later(at: i64) -> Option<i64> {
    let local = clock::from_ms(at).with_timezone(&Stockholm).naive_local();
    let date: NaiveDate = local.date().checked_add_days(Days::new(7))?;
    Some(clock::ms(Day { date }.at(local.time())))
}

/// Copies the shifts that begin in the week before into a week. Left out is what lies in the past, would overlap a shift
/// of the same person, or has a person who cannot work the lane now; so copying twice plans nothing twice.
#[derive(Debug, Clone, Copy)]
pub struct CopyWeek {
    /// Into which week.
    pub into: Week,
    /// By whom.
    pub by: PersonId,
}

/// What copying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Shifts that were planned.
    pub planned: usize,
    /// Shifts that were left out.
    pub left_out: usize,
}

impl Step for CopyWeek {
    type Out = Copied;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Copied, Failure<ShiftRefused>> {
        let (from, to) = (self.into.previous().start(), self.into.end());
        let near = near(change, clock::ms(from), clock::ms(to)).await?;
        let mut taken: HashMap<PersonId, Vec<Span>> = HashMap::new();
        for row in &near {
            taken
                .entry(row.person_id)
                .or_default()
                .push((row.starts_at, row.ends_at));
        }
        let people = people(change).await?;
        let away = absence::of_time(change.read(), (clock::ms(self.into.start()), clock::ms(to) + DAY_MS)).await?;
        let source = clock::ms(from)..clock::ms(self.into.start());
        let mut planned = Vec::new();
        let mut left_out = 0;
        // What nobody planned was no plan to repeat.
        for row in near
            .iter()
            .filter(|row| source.contains(&row.starts_at) && row.planned_by.is_some())
        {
            let span = a_week_later((row.starts_at, row.ends_at))
                .filter(|(_, to)| *to > change.now_ms())
                .filter(|span| !is_away(&away, row.person_id, *span))
                .filter(|_| can_work(people.get(&row.person_id), row.lane).is_ok());
            let spans = taken.entry(row.person_id).or_default();
            match span {
                Some((from, to)) if spans.iter().all(|(start, end)| *start >= to || *end <= from) => {
                    spans.push((from, to));
                    planned.push(self.shift(change, row, (from, to)));
                }
                Some(_) | None => left_out += 1,
            }
        }
        if planned.is_empty() {
            return Err(Failure::Refused(ShiftRefused::NothingToCopy));
        }
        for row in &planned {
            let data = json!({ "what": "planned", "starts_at": row.starts_at, "ends_at": row.ends_at, "copied": true });
            tell(change, EventKind::ShiftPlanned, row, Actor::Person(self.by), data);
        }
        let count = planned.len();
        change.insert_many::<shift::Entity>(planned.into_iter().map(IntoActiveModel::into_active_model).collect());
        Ok(Copied {
            planned: count,
            left_out,
        })
    }
}

impl CopyWeek {
    fn shift(&self, change: &Change, of: &shift::Model, span: Span) -> shift::Model {
        let later = breaks::of(of).into_iter().filter_map(a_week_later).collect::<Vec<_>>();
        shift::Model {
            planned_by: Some(self.by),
            // A break in the hour that does not exist is left to whoever publishes the week.
            breaks: breaks::word(&breaks::in_order(span, &later).unwrap_or_default()),
            ..shift::Model::new(change.id(), of.person_id, of.lane, span)
        }
    }
}

/// The shifts that count and touch a time, by start.
async fn near(change: &Change, from: i64, to: i64) -> Result<Vec<shift::Model>, sea_orm::DbErr> {
    shift::Entity::find()
        .filter(shift::Column::StartsAt.gt(from - DAY_MS))
        .filter(shift::Column::StartsAt.lt(to + DAY_MS))
        .filter(shift::Column::State.ne(ShiftState::Cancelled))
        .order_by_asc(shift::Column::StartsAt)
        .order_by_asc(shift::Column::Id)
        .limit(2 * MOST)
        .all(change.read())
        .await
}

fn is_away(away: &[absence_table::Model], person: PersonId, (from, to): Span) -> bool {
    away.iter()
        .any(|away| away.person_id == person && away.from_at < to && away.to_at > from)
}

async fn people(change: &Change) -> Result<HashMap<PersonId, person::Model>, sea_orm::DbErr> {
    let rows = person::Entity::find().all(change.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

#[cfg(test)]
mod tests {
    use super::a_week_later;
    use crate::clock;

    fn copied(from: &str, to: &str) -> Option<(String, String)> {
        let ms = |text: &str| clock::ms(text.parse().expect("an instant"));
        let text = |at: i64| clock::from_ms(at).format("%dT%H:%M").to_string();
        a_week_later((ms(from), ms(to))).map(|(from, to)| (text(from), text(to)))
    }

    fn span(from: &str, to: &str) -> Option<(String, String)> {
        Some((from.to_owned(), to.to_owned()))
    }

    #[test]
    fn eight_in_the_morning_stays_eight_when_the_clocks_go_back() {
        assert_eq!(
            copied("2026-10-19T06:00:00Z", "2026-10-19T14:00:00Z"),
            span("26T07:00", "26T15:00")
        );
    }

    #[test]
    fn a_night_is_an_hour_longer_into_the_25_hour_day_and_shorter_into_the_23_hour_day() {
        assert_eq!(
            copied("2026-10-17T20:00:00Z", "2026-10-18T04:00:00Z"),
            span("24T20:00", "25T05:00")
        );
        assert_eq!(
            copied("2026-03-21T21:00:00Z", "2026-03-22T05:00:00Z"),
            span("28T21:00", "29T04:00")
        );
    }

    #[test]
    fn nothing_is_left_of_a_shift_in_the_hour_that_does_not_exist() {
        assert_eq!(copied("2026-03-22T01:00:00Z", "2026-03-22T02:00:00Z"), None);
    }
}
