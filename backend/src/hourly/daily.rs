//! The counts by the hour summed by the day of the desk's time zone, so that a year is read in a moment. A day is summed
//! again, by the database, in the same change that replaces one of its hours.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Europe::Stockholm;
use sea_orm::DbBackend;

use super::HOUR_MS;
use crate::change::Change;

/// What counts are kept apart by.
pub(crate) const KEYS: &str = "lane, language, platform, narrative, campaign";
/// What is counted.
pub(crate) const COUNTED: [&str; 15] = [
    "arrived",
    "urgent",
    "answered",
    "hidden",
    "let_be",
    "withdrawn",
    "in_5",
    "in_15",
    "in_30",
    "in_60",
    "in_120",
    "in_240",
    "in_480",
    "in_1440",
    "in_more",
];

/// The local day, counted from 1970, of an hour counted from 1970.
#[must_use]
pub fn day_of(hour: i64) -> i64 {
    let at = DateTime::from_timestamp_millis(hour.saturating_mul(HOUR_MS)).unwrap_or_default();
    number(at.with_timezone(&Stockholm).date_naive())
}

/// A date as the number of its day, counted from 1970.
#[must_use]
pub fn number(date: NaiveDate) -> i64 {
    (date - NaiveDate::default()).num_days()
}

/// The date of a day counted from 1970.
#[must_use]
pub fn date(day: i64) -> NaiveDate {
    TimeDelta::try_days(day)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .unwrap_or(NaiveDate::MAX)
}

/// The hours, counted from 1970, of a local day: 23, 24 or 25.
#[must_use]
pub fn hours_of(day: i64) -> Range<i64> {
    let midnight = |day: i64| {
        let local = Stockholm
            .from_local_datetime(&date(day).and_time(NaiveTime::MIN))
            .earliest();
        local.map_or(i64::MAX, |at| at.timestamp().div_euclid(3_600))
    };
    midnight(day)..midnight(day + 1)
}

/// Sums a day again from its hours.
pub(super) fn sum(change: &mut Change, day: i64) {
    let hours = hours_of(day);
    let (one, of_three) = match change.backend() {
        DbBackend::Sqlite => ("?", ["?"; 3]),
        _ => ("$1", ["$1", "$2", "$3"]),
    };
    change.later_sql(&format!("DELETE FROM daily WHERE day = {one}"), [day]);
    let [day_, from, to] = of_three;
    let names = COUNTED.join(", ");
    let sums = COUNTED.map(|name| format!("SUM({name})")).join(", ");
    change.later_sql(
        &format!(
            "INSERT INTO daily (day, {KEYS}, {names}) SELECT CAST({day_} AS BIGINT), {KEYS}, {sums} FROM hourly \
             WHERE hour >= {from} AND hour < {to} GROUP BY {KEYS}"
        ),
        [day, hours.start, hours.end],
    );
}

#[cfg(test)]
mod tests {
    use super::{date, day_of, hours_of, number};

    #[test]
    fn a_day_has_its_hours_also_when_the_clock_is_moved() {
        let day = |at: &str| number(at.parse().expect("a date"));
        for (at, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)] {
            let day = day(at);
            let of = hours_of(day);
            assert_eq!(of.end - of.start, hours, "{at}");
            assert!(of.clone().all(|hour| day_of(hour) == day), "{at}");
            assert_eq!([day_of(of.start - 1), day_of(of.end)], [day - 1, day + 1]);
            assert_eq!(date(day).to_string(), at);
        }
    }
}
