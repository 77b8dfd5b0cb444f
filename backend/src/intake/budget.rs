//! A platform's budget of calls for a day: what is spent, what reading may still spend, and how often everything is read so
//! that new comments wait least.

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::app::App;
use crate::change::Change;
use crate::connector::reading::Daily;
use crate::connector::registry::Connected;
use crate::store::Error;
use crate::store::entity::spent;

/// One of several things that share a budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Want {
    /// Units each time.
    pub cost: f64,
    /// New comments an hour.
    pub activity: f64,
    /// Seconds between two readings at least.
    pub floor: f64,
}

/// Seldomer than this nothing is read while anything is left, in seconds.
const CEILING: f64 = 6.0 * 3_600.0;
/// What seems to have no comments has as many as this an hour: it may begin.
const QUIET: f64 = 0.02;
/// Hours over which the activity of late is taken.
const OF_LATE: f64 = 24.0;
/// Halvings of the search; each is one bit of the answer.
const HALVINGS: usize = 60;

/// How often each is read, in seconds, so that `left` units last `seconds` and comments wait as short as they can.
///
/// A comment waits half an interval on average. The sum of waiting, `Σ activity · interval / 2`, under
/// `Σ cost · seconds / interval ≤ left` is least where `interval ∝ √(cost / activity)` (Lagrange; the square-root rule known
/// from polling and crawling, e.g. Cho and Garcia-Molina, "Effective page refresh policies for web crawlers", 2003).
/// The factor is searched, as intervals have a floor and a ceiling. Nothing left: all at the ceiling.
#[must_use]
pub fn intervals(wants: &[Want], left: f64, seconds: f64) -> Vec<f64> {
    let at = |factor: f64| {
        wants.iter().map(move |want| {
            let interval = factor * (want.cost / want.activity.max(QUIET)).sqrt();
            interval.clamp(want.floor, CEILING.max(want.floor))
        })
    };
    let spends = |factor: f64| -> f64 {
        at(factor)
            .zip(wants)
            .map(|(interval, want)| want.cost * seconds / interval)
            .sum()
    };
    let (mut low, mut high) = (0.0, CEILING * 1_000.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if spends(middle) <= left {
            high = middle
        } else {
            low = middle
        }
    }
    at(high).collect()
}

/// Thousandths of a new comment an hour: what was, fading, and what came in now.
#[must_use]
pub fn of_late(activity: i64, new: usize, hours: f64) -> i64 {
    let hours = hours.clamp(1.0 / 60.0, OF_LATE * 4.0);
    let keep = (-hours / OF_LATE).exp();
    let rate = 1_000.0 * new as f64 / hours;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, and a rate of a billion is none"
    )]
    let faded = (activity as f64).mul_add(keep, rate * (1.0 - keep)).round() as i64;
    faded.max(0)
}

/// One day of a budget, in its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Its date there, as rows carry it.
    pub date: String,
    /// When the next one begins.
    pub ends: DateTime<Utc>,
}

impl Day {
    /// The day that holds an instant.
    #[must_use]
    pub fn of(daily: &Daily, now: DateTime<Utc>) -> Self {
        let here = now.with_timezone(&daily.zone).date_naive();
        let next = here.checked_add_days(Days::new(1)).unwrap_or(here);
        let midnight = daily
            .zone
            .from_local_datetime(&next.and_time(NaiveTime::MIN))
            .earliest();
        Self {
            date: here.to_string(),
            ends: midnight.map_or(now, |midnight| midnight.with_timezone(&Utc)),
        }
    }

    /// Seconds until it ends; at least one.
    #[must_use]
    pub fn seconds_left(&self, now: DateTime<Utc>) -> f64 {
        (self.ends - now).as_seconds_f64().max(1.0)
    }
}

/// What is left of a day's budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Units that nothing has spent.
    pub units: i64,
    /// Those of them that reading may spend.
    pub reading: i64,
    /// Actions already made.
    pub actions: i64,
}

/// What is left after `units`, of which `actions` were made. Units of actions still to come are kept.
#[must_use]
pub fn left(daily: &Daily, units: i64, actions: i64) -> Left {
    let left = (i64::from(daily.units) - units).max(0);
    let to_come = (i64::from(daily.reserved_actions) - actions).max(0);
    Left {
        units: left,
        reading: (left - to_come * i64::from(daily.per_action)).max(0),
        actions,
    }
}

/// What is left today of a connector's budget.
///
/// # Errors
/// Any [`Error`].
pub async fn left_today(app: &App, connector: &str, daily: &Daily, day: &Day) -> Result<Left, Error> {
    let row = spent::Entity::find_by_id((connector.to_owned(), day.date.clone()))
        .one(app.db.reader())
        .await?;
    let (units, actions) = row.map_or((0, 0), |row| (row.units, row.actions));
    Ok(left(daily, units, actions))
}

/// Units to write down as spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spend {
    connector: String,
    date: String,
    units: i64,
    actions: i64,
}

impl Spend {
    /// For reading; none where the platform has no budget.
    #[must_use]
    pub fn reading(connected: &Connected, units: i64, now: DateTime<Utc>) -> Option<Self> {
        Self::of(connected, now, |_| (units, 0))
    }

    /// For one action; none where the platform has no budget.
    #[must_use]
    pub fn action(connected: &Connected, now: DateTime<Utc>) -> Option<Self> {
        Self::of(connected, now, |daily| (i64::from(daily.per_action), 1))
    }

    fn of(connected: &Connected, now: DateTime<Utc>, what: impl FnOnce(&Daily) -> (i64, i64)) -> Option<Self> {
        let daily = connected.protocol?.reader()?.daily(&connected.account)?;
        let (units, actions) = what(&daily);
        Some(Self {
            connector: connected.name.to_string(),
            date: Day::of(&daily, now).date,
            units,
            actions,
        })
    }

    /// Writes it down with the change that it belongs to.
    pub fn write(&self, change: &mut Change) {
        use sea_orm::sea_query::ExprTrait;
        let row = spent::Model {
            connector: self.connector.clone(),
            day: self.date.clone(),
            units: self.units,
            actions: self.actions,
        };
        let more = |column: spent::Column, by: i64| (column, Expr::col((spent::Entity, column)).add(by));
        let key = OnConflict::columns([spent::Column::Connector, spent::Column::Day])
            .values([
                more(spent::Column::Units, self.units),
                more(spent::Column::Actions, self.actions),
            ])
            .to_owned();
        change.later(&spent::Entity::insert(row.into_active_model()).on_conflict(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(activity: f64) -> Want {
        Want {
            cost: 1.0,
            activity,
            floor: 60.0,
        }
    }

    #[test]
    fn what_has_four_times_the_comments_is_read_twice_as_often() {
        let found = intervals(&[want(4.0), want(1.0)], 300.0, 86_400.0);
        assert!((found[1] / found[0] - 2.0).abs() < 1e-6, "{found:?}");
        let spent: f64 = found.iter().map(|interval| 86_400.0 / interval).sum();
        assert!((299.0..=300.001).contains(&spent), "{spent}");
    }

    #[test]
    fn a_rich_budget_reads_at_the_floor_and_an_empty_one_at_the_ceiling() {
        assert_eq!(intervals(&[want(1.0), want(9.0)], 1e9, 86_400.0), [60.0, 60.0]);
        assert_eq!(intervals(&[want(1.0), want(9.0)], 0.0, 86_400.0), [CEILING, CEILING]);
        assert_eq!(intervals(&[], 10.0, 86_400.0), [0.0; 0]);
    }

    #[test]
    fn reading_leaves_the_units_of_answers_to_come_and_an_answer_made_is_paid_from_them() {
        let daily = Daily {
            units: 10_000,
            per_action: 50,
            reserved_actions: 100,
            zone: chrono_tz::America::Los_Angeles,
        };
        assert_eq!(left(&daily, 0, 0).reading, 5_000);
        assert_eq!(left(&daily, 50, 1).reading, 5_000);
        assert_eq!(left(&daily, 5_000, 0).reading, 0);
        assert_eq!(left(&daily, 12_000, 200).units, 0);
        assert_eq!(left(&daily, 6_000, 120).reading, 4_000);
    }

    #[test]
    fn a_day_ends_at_midnight_on_the_pacific_coast_also_when_clocks_change() {
        let daily = Daily {
            units: 1,
            per_action: 1,
            reserved_actions: 0,
            zone: chrono_tz::America::Los_Angeles,
        };
        let day = Day::of(&daily, "2026-11-23T07:59:59Z".parse().unwrap());
        assert_eq!(
            (day.date.as_str(), day.ends),
            ("2026-11-22", "2026-11-23T08:00:00Z".parse().unwrap())
        );
        // 1 November 2026 has 25 hours there.
        let day = Day::of(&daily, "2026-11-01T07:30:00Z".parse().unwrap());
        assert_eq!(day.ends, "2026-11-02T08:00:00Z".parse::<DateTime<Utc>>().unwrap());
    }
}
